"""A short way to read answers of a tracking server, and to read the graph that they make.

In expectations a thing of the server is called by its type and id (``run/r1``), a dataset by its
name and digest, an edge is a line; possible ones end with ``?``, an environment stands in brackets.
"""

import json
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.model import Edge, Instant, Node
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunReport
from ingest.sources.mlflow import SOURCE
from ingest.times import parse_time

Json = dict[str, Any]
SERVER = "https://mlflow.example"
KEYS = Fingerprinter(b"k" * 32)
READ_AT = parse_time("2026-03-01T00:00:00Z").moment
LATER = Instant(READ_AT + 86_400_000)
MADE = 1_767_225_600_000


def new_ledger(folder: Path) -> Ledger:
    return Ledger(open_store(str(folder / "ledger.db")))


def tags(**said: str) -> list[Json]:
    return [{"key": key.replace("__", "."), "value": value} for key, value in said.items()]


def run(run_id: str, *datasets: Json, takes: str = "", puts: str = "", **said: str) -> Json:
    """A run as ``runs/get`` gives it; ``takes`` and ``puts`` name models, separated by blanks."""
    info = {"run_id": run_id, "run_name": f"the {run_id}", "experiment_id": "1", "status": "FINISHED"}
    return {
        "info": {**info, "lifecycle_stage": "active", "start_time": MADE},
        "data": {"tags": tags(**said)},
        "inputs": {
            "dataset_inputs": list(datasets),
            "model_inputs": [{"model_id": m} for m in takes.split()],
        },
        "outputs": {"model_outputs": [{"model_id": m, "step": 0} for m in puts.split()]},
    }


def logged(name: str, digest: str, context: str | None = "training", uri: str | None = None) -> Json:
    """A dataset as a run logs it."""
    said = tags(mlflow__data__context=context) if context else []
    source = json.dumps({"uri": uri or f"s3://lake/{name}"})
    dataset = {"name": name, "digest": digest, "source_type": "s3", "source": source}
    return {"tags": said, "dataset": dataset}


def model(model_id: str, **body: Any) -> Json:
    info = {"model_id": model_id, "experiment_id": "1", "name": f"the {model_id}", **body.pop("info", {})}
    return {"info": info, "data": body}


def version(name: str, number: str, source: str = "", **body: Any) -> Json:
    return {"name": name, "version": number, "source": source, "status": "READY", **body}


def registered(name: str, *aliases: tuple[str, str], **body: Any) -> Json:
    return {"name": name, "aliases": [{"alias": a, "version": v} for a, v in aliases], **body}


def read(
    ledger: Ledger,
    folder: Path,
    answers: dict[str, Any],
    *,
    complete: bool = False,
    read_at: Instant | None = READ_AT,
    settings: str | None = None,
    scope: str | None = SERVER,
) -> RunReport:
    """Ingest answers as files of one run, each called by its key."""
    for found in folder.glob("*.json"):
        found.unlink()
    paths = []
    for name, answer in answers.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(answer), encoding="utf-8")
        paths.append(path)
    if settings is not None:
        (folder / "mlflow.toml").write_text(settings, encoding="utf-8")
        paths.append(folder / "mlflow.toml")
    return ingest(ledger, paths, complete=complete, read_at=read_at, scope=scope)


def ingest(
    ledger: Ledger,
    paths: list[Path],
    *,
    complete: bool = False,
    read_at: Instant | None = READ_AT,
    scope: str | None = SERVER,
    addresses: tuple[str, ...] = (),
) -> RunReport:
    options = JobOptions(
        actor="test",
        fingerprints=KEYS,
        instance="fairbank",
        scope=scope,
        complete=complete,
        read_at=read_at,
        allow_closing=True,
        addresses=addresses,
    )
    return run_job(ledger, SOURCE, paths, options)


def edges(ledger: Ledger, *relations: str) -> set[str]:
    """The edges now, each as a line."""
    return {_shown(e) for e in ledger.all_edges(ledger.at()) if not relations or e.relation in relations}


def nodes(ledger: Ledger) -> set[str]:
    return {short(node.uid) for node in ledger.all_nodes(ledger.at())}


def node(ledger: Ledger, name: str) -> Node:
    return next(n for n in ledger.all_nodes(ledger.at()) if short(n.uid) == name)


def between(ledger: Ledger, relation: str) -> Edge:
    (found,) = [e for e in ledger.all_edges(ledger.at()) if e.relation == relation]
    return found


def short(uid: str) -> str:
    parts = uid.split(":", 3)
    return parts[3].partition("/")[2] if parts[2] == "mlflow" else uid.split(":", 2)[2]


def _shown(edge: Edge) -> str:
    marks = f" [{' '.join(sorted(edge.marks))}]" if edge.marks else ""
    where = f" ({edge.environment})" if edge.environment else ""
    doubt = " ?" if edge.certainty.value == "possible" else ""
    return f"{short(edge.subject.uid)} {edge.relation} {short(edge.object.uid)}{where}{marks}{doubt}"
