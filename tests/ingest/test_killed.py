"""A job killed at any statement leaves a ledger that the next run on the same input completes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.model import Uid
from graph.store import open_store
from tests.ingest.jobs import Desk, d, edge, node, section, told

BEFORE = section(
    *(node(f"n{i}", name="old") for i in range(6)),
    node("p", "Identity", type="person", name="Ada"),
    edge("n0", "INVOKES", "n1"),
    edge("n1", "INVOKES", "n2", valid_from=d(1)),
    on=2,
)
AFTER = [
    *section(
        *(node(f"n{i}", name="new") for i in range(1, 6)),
        node("p", "Identity", type="person", name="Ada Lovelace"),
        edge("n1", "INVOKES", "n2", valid_from=d(1), valid_to=d(4)),
        edge("n2", "INVOKES", "unknown"),
        on=5,
    ),
    *section(node("other"), edge("other", "INVOKES", "n1"), name="second", on=5),
]
"""A read that closes a node and an edge, shortens an interval, changes, adds, and covers anew."""


def test_killed_at_any_statement_and_run_again_equals_a_single_run(tmp_path: Path) -> None:
    begun = tmp_path / "begun.db"
    desk = Desk(tmp_path, str(begun))
    desk.run(desk.file(*BEFORE))
    source = desk.file(*AFTER)
    desk.store.close()

    whole = tmp_path / "whole.db"
    shutil.copy(begun, whole)
    expected = run_and_see(whole, source)
    assert "n0" not in {about for about, _, end, _ in expected["rows"] if end == "open"}

    answer = subprocess.run(
        [sys.executable, "-m", "tests.ingest.killed_job", str(begun), str(source), "7"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    copies = json.loads(answer.stdout)
    # A single run sends some hundred statements, of which every seventh was the last of one child.
    assert len(copies) > 10
    for copy in copies:
        assert run_and_see(Path(copy), source) == expected


def run_and_see(store_file: Path, source: Path) -> dict[str, Any]:
    """Run the job, and return what a reader could tell two stores apart by, but for salts and numbers."""
    desk = Desk(store_file.parent, str(store_file))
    desk.run(source, batch_size=4)
    again = desk.run(source, batch_size=4)
    assert again.commits == 0
    assert desk.ledger.verify().intact
    seen = {"rows": opened(desk.ledger), "coverage": covered(desk), "reads": reads(desk)}
    desk.store.close()
    return seen


def opened(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """The rows with the person's values put back, as their salts differ from run to run."""
    said = str(ledger.history(Uid("p"))[-1].claim.about)
    return [(a, s, e, said if a == "p" else content) for a, s, e, content in told(ledger.store)]


def covered(desk: Desk) -> list[str]:
    coverage = desk.ledger.coverage(desk.ledger.at())
    return sorted(f"{scope} {sorted(c.kinds)} {sorted(c.relations)}" for scope, c in coverage.scopes.items())


def reads(desk: Desk) -> dict[str, list[int]]:
    return {str(scope): sorted(set(at)) for scope, at in desk.store.complete_reads().items()}


def test_a_killed_job_leaves_no_file_behind(tmp_path: Path) -> None:
    """What a run notes on the side has no name, so nothing needs cleaning."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    begun = tmp_path / "begun.db"
    open_store(str(begun)).close()
    source = Desk(tmp_path).file(*BEFORE)
    subprocess.run(
        [sys.executable, "-m", "tests.ingest.killed_job", str(begun), str(source), "40"],
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env={"TMPDIR": str(folder), "SQLITE_TMPDIR": str(folder), "PATH": ""},
        check=True,
    )
    assert list(folder.iterdir()) == []
