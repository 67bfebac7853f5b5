"""Nobody but `queries/governance` writes what people decide."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
WRITER = ROOT / "queries/governance"
CHANGE = "graph.ledger.change"
DECISIONS = {"Merge", "Unmerge", "Refute", "LiftRefutation"}
"""The steps that are a person's decision; those of reading a source are everything else."""

CONSOLE = "console"
"""The source of what people assign."""


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if WRITER not in path.parents:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> Iterator[tuple[str, str]]:
    """What a module imports, wherever in it: of which module, which name."""
    for part in ast.walk(module):
        if isinstance(part, ast.ImportFrom):
            yield from ((part.module or "", alias.name) for alias in part.names)
        elif isinstance(part, ast.Import):
            yield from ((alias.name, "*") for alias in part.names)


def test_questions_and_commands_record_nothing_themselves():
    found = [
        (path, name)
        for path, module in modules("queries", "api")
        for source, name in imported(module)
        if source == CHANGE or (source, name) == ("graph.ledger", "change")
    ]
    assert found == []


def test_sources_record_what_they_read_and_decide_nothing():
    found = [
        (path, name)
        for path, module in modules("ingest")
        for source, name in imported(module)
        if (source == CHANGE and name in {*DECISIONS, "*"}) or (source, name) == ("graph.ledger", "change")
    ]
    assert found == []


def test_nobody_else_speaks_as_the_console():
    found = [
        path
        for path, module in modules("queries", "ingest", "api")
        for part in ast.walk(module)
        if isinstance(part, ast.Call)
        and getattr(part.func, "id", "") == "SourceInstance"
        and any(isinstance(a, ast.Constant) and a.value == CONSOLE for a in part.args)
    ]
    assert found == []


def test_the_rule_sees_what_it_is_about():
    planted = ast.parse("def f():\n    from graph.ledger.change import Assert, Merge\n")
    assert list(imported(planted)) == [(CHANGE, "Assert"), (CHANGE, "Merge")]
    [deciding] = [path for path in WRITER.glob("*.py") if path.name == "identity.py"]
    assert (CHANGE, "Merge") in set(imported(ast.parse(deciding.read_text(encoding="utf-8"))))
