"""The sample lender's graph, derived by hand from what `make_answers.py` makes, by names instead of ids."""

import importlib.util
from pathlib import Path
from types import ModuleType

from graph.ledger.ledger import Ledger

SAMPLE = Path(__file__).parents[4] / "samples" / "mlflow"
ANSWERS = SAMPLE / "answers"
SETTINGS = ANSWERS / "mlflow.toml"
SERVER = "https://mlflow.fairbank.example"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_answers", SAMPLE / "make_answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TRAINING = {"2026-09-10": "1b77d0e4", "2026-10-08": "52c9ae31", "2026-11-12": "9f3c21aa"}
EXPECTED = {
    line
    for number, (day, digest) in enumerate(TRAINING.items(), start=1)
    for line in (
        f"run train {day} WITHIN experiment loan-default",
        f"run train {day} READS loan-features {digest}",
        f"run train {day} PRODUCES model of train {day}",
        f"run train {day} BUILT_FROM https://github.com/fairbank/score-training ?",
        f"model of train {day} WITHIN experiment loan-default",
        f"model of train {day} TRAINED_ON loan-features {digest}",
        f"loan-default {number} DERIVED_FROM model of train {day}",
        f"loan-default {number} VERSION_OF loan-default",
    )
} | {
    "run evaluate 2026-11-12 WITHIN experiment loan-default",
    "run evaluate 2026-11-12 READS loan-holdout 77aa10b2",
    "model of train 2026-11-12 EVALUATED_ON loan-holdout 77aa10b2",
    "loan-default DEPLOYED_AS loan-default 3 (production)",
    "run try prompt 2026-11-10 WITHIN experiment loan-default",
    "run try prompt 2026-11-10 PROMPTED_BY explain-decision 1",
    "explain-decision 1 VERSION_OF explain-decision",
    "explain-decision DEPLOYED_AS explain-decision 1 (production)",
    "explain SERVES explain-gpt-4o (unknown)",
    "explain SERVES explain-gpt-4o-mini (unknown) [optional]",
    "explain-gpt-4o USES_SECRET openai-explain",
    "explain-gpt-4o-mini USES_SECRET openai-explain",
    "example.fairbank/applications 1.2.0 VERSION_OF example.fairbank/applications",
    "example.fairbank/applications DEPLOYED_AS example.fairbank/applications 1.2.0 (production)",
    "https://applications.fairbank.example/mcp SERVES example.fairbank/applications 1.2.0 (production)",
    "get_application PART_OF example.fairbank/applications 1.2.0",
    "list_applications PART_OF example.fairbank/applications 1.2.0",
}


def graph(ledger: Ledger) -> set[str]:
    """All edges, each as a line."""
    at = ledger.at()
    edges = list(ledger.all_edges(at))
    names = {node.uid: _label(node) for node in ledger.all_nodes(at)}
    made = {e.object.uid: names[e.subject.uid] for e in edges if e.relation == "PRODUCES"}
    names |= {uid: f"model of {run.removeprefix('run ')}" for uid, run in made.items()}
    return {
        f"{names[e.subject.uid]} {e.relation} {names[e.object.uid]}"
        + (f" ({e.environment})" if e.environment else "")
        + (f" [{' '.join(sorted(e.marks))}]" if e.marks else "")
        + (" ?" if e.certainty.value == "possible" else "")
        for e in edges
    }


def facts(ledger: Ledger) -> dict[str, object]:
    """All that is said of all nodes."""
    return {
        node.uid: (
            node.kind,
            node.type,
            node.name,
            {name: resolved.value for name, resolved in node.properties.items()},
            node.external_ids,
        )
        for node in ledger.all_nodes(ledger.at())
    }


def _label(node) -> str:
    if node.uid.startswith("hf:asset:git-url:"):
        return "https://github.com/fairbank/score-training"
    if "/dataset/" in node.uid:
        return f"{node.name} {node.uid.rpartition('/')[2]}"
    return {"scope": "experiment ", "run": "run "}.get(node.type, "") + str(node.name)
