"""A short way to write events and to read the graph that they make.

Times are days of January 2026 (``3`` is the 3rd, ``3.5`` noon of it). Datasets and jobs
are single names in the namespaces ``db`` and ``jobs``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.model import OPEN_END, AsOf, EdgeFacts, Instant, Interval, Node, instant
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunReport
from ingest.sources.openlineage import OpenLineageSource
from ingest.sources.openlineage.names import Name, dataset_uid, job_uid

PRODUCER = "https://example.org/producer"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
_START = datetime(2026, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


def time_of(day: float) -> str:
    return (_START + timedelta(days=day - 1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(day: float) -> Instant:
    return instant(_START + timedelta(days=day - 1))


def dataset(name: str, **facets: Json) -> Json:
    found = {key: {"_producer": PRODUCER, "_schemaURL": SCHEMA, **facet} for key, facet in facets.items()}
    return {"namespace": "db", "name": name, "facets": found} if found else {"namespace": "db", "name": name}


def _datasets(names: Iterable[str | Json]) -> list[Json]:
    return [dataset(name) if isinstance(name, str) else name for name in names]


def run(
    state: str,
    day: float,
    run_id: str = "r1",
    reads: Sequence[str | Json] = (),
    writes: Sequence[str | Json] = (),
    job: str = "j",
    job_facets: Mapping[str, Any] | None = None,
    run_facets: Mapping[str, Any] | None = None,
) -> Json:
    return {
        "eventType": state,
        "eventTime": time_of(day),
        "run": {"runId": run_id, "facets": dict(run_facets or {})},
        "job": {"namespace": "jobs", "name": job, "facets": dict(job_facets or {})},
        "inputs": _datasets(reads),
        "outputs": _datasets(writes),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
    }


def complete(day: float, reads=(), writes=(), run_id: str | None = None, **more: Any) -> Json:
    """A run of which only the COMPLETE event came."""
    return run("COMPLETE", day, run_id or f"run-{day}", reads, writes, **more)


def job_event(day: float, reads=(), writes=(), job: str = "j", **job_facets: Any) -> Json:
    event = run("", day, "", reads, writes, job, job_facets)
    del event["run"], event["eventType"]
    return event


def dataset_event(day: float, name: str, **facets: Json) -> Json:
    return {
        "eventTime": time_of(day),
        "dataset": dataset(name, **facets),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
    }


def columns(**derived: str) -> Json:
    """A columnLineage facet: own column = "table.column"."""
    fields = {}
    for own, source in derived.items():
        table, column = source.split(".")
        fields[own] = {"inputFields": [{"namespace": "db", "name": table, "field": column}]}
    return {"fields": fields}


def entity(name: str, kind: str = "DATASET") -> Json:
    return {"namespace": "db" if kind == "DATASET" else "jobs", "name": name, "type": kind}


def lineage(**entries: Sequence[Json]) -> Json:
    """A lineage job facet: target table = its inputs."""
    return {"lineage": {"entries": [{**entity(t), "inputs": list(i)} for t, i in entries.items()]}}


def new_ledger(folder: Path) -> Ledger:
    return Ledger(open_store(str(folder / "ledger.db")))


def read(ledger: Ledger, folder: Path, *batches: Sequence[Json], absent_runs: int = 3) -> RunReport:
    """Ingest each batch of events as a file and a run of its own; return the last report."""
    report = None
    for number, batch in enumerate(batches):
        path = folder / f"{number}.jsonl"
        path.write_text("\n".join(json.dumps(event) for event in batch), encoding="utf-8")
        report = ingest(ledger, path, absent_runs=absent_runs)
    assert report is not None
    return report


def ingest(ledger: Ledger, *paths: Path, absent_runs: int = 3) -> RunReport:
    options = JobOptions(actor="test", fingerprints=Fingerprinter(b"k" * 32))
    return run_job(ledger, OpenLineageSource(absent_runs), list(paths), options)


def standing(ledger: Ledger) -> list[object]:
    """Everything that stands, without what may differ: when and in which run it was recorded."""
    head = ledger.head().sequence
    rows = [*ledger.store.all_node_rows(head), *ledger.store.all_edge_rows(head)]
    claims: list[object] = [
        (r.claim_id, str(r.about), r.scope.name, r.valid, r.basis.value, r.content, r.locator) for r in rows
    ]
    covered = [(r.scope.name, relation) for r in ledger.store.coverage(head) for relation in r.relations]
    return sorted(claims, key=str) + sorted(set(covered), key=str)


def resolved(ledger: Ledger, days: Iterable[float]) -> list[object]:
    """The nodes and edges at these days, without what depends on commits."""
    found: list[object] = []
    for day in days:
        at = AsOf(moment(day), ledger.head().sequence)
        coverage = ledger.coverage(at)
        for node in ledger.all_nodes(at):
            values = {name: value.value for name, value in node.properties.items()}
            covered = [r for r in ("READS", "WRITES") if coverage.is_covered(node, r)]
            found.append((day, node.ref, node.described, node.type, node.name, values, node.members, covered))
        found.extend(
            (day, edge.eid, edge.marks, edge.certainty, edge.conditions, edge.valid)
            for edge in ledger.all_edges(at)
        )
    return found


def edges(ledger: Ledger, *relations: str) -> set[str]:
    """The edge claims that stand, each as a line: ``j READS a [refined] 1..open``.

    Possible ones end with ``?``. Properties are left out.
    """
    found = set()
    for row in ledger.store.all_edge_rows(ledger.head().sequence):
        assert isinstance(row.about, EdgeKey)
        version = (row.key, row.recorded_from)  # of which earlier ones may have said something else
        versions = ledger.history(row.about.subject)
        claim = next(r.claim for r in versions if (r.key, r.recorded_from) == version)
        facts = claim.about
        assert isinstance(facts, EdgeFacts)
        if relations and facts.relation not in relations:
            continue
        marks = f" [{' '.join(sorted(facts.marks))}]" if facts.marks else ""
        doubt = "?" if claim.certainty.value == "possible" else ""
        found.add(
            f"{_short(facts.subject)} {facts.relation} {_short(facts.object)}{marks} "
            f"{_days(row.valid)}{doubt}"
        )
    return found


def _short(uid: str) -> str:
    return uid.rsplit("/", 1)[-1]


def _days(valid: Interval) -> str:
    return f"{_day(valid.start)}..{'open' if valid.end == OPEN_END else _day(valid.end)}"


def _day(at: Instant) -> str:
    return f"{(at - moment(1)) / 86_400_000 + 1:g}"


def at_day(ledger: Ledger, day: float) -> AsOf:
    return AsOf(moment(day), ledger.head().sequence)


def dataset_node(ledger: Ledger, name: str, day: float) -> Node:
    uid = dataset_uid(Name("db", name))
    return ledger.nodes([uid], at_day(ledger, day))[uid]


def dataset_exists(ledger: Ledger, name: str, day: float) -> bool:
    uid = dataset_uid(Name("db", name))
    return uid in ledger.nodes([uid], at_day(ledger, day))


def job_node(ledger: Ledger, name: str, day: float) -> Node:
    uid = job_uid(Name("jobs", name))
    return ledger.nodes([uid], at_day(ledger, day))[uid]
