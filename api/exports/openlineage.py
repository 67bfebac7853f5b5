"""The way of the data as OpenLineage events: jobs with what they read and write, datasets with their makings.

Static events (JobEvent and DatasetEvent of OpenLineage 2-0-2), as the estate at one date is no run.
What has an ``openlineage`` id goes by it; all else is in the namespace ``holdfast`` by its uid.
What is only possible is left out, as an event cannot say "perhaps", and so are all edges along which
no data moves; the last event counts both.
Source: OpenLineage.json 2-0-2; LineageJobFacet and LineageDatasetFacet 1-0-0 (2026).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from api.documents.common import time_or_none
from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty, Kind
from queries.export_filtered import FilteredExport

Event = dict[str, Any]

PRODUCER: Final = "https://holdfast.invalid/export"
NAMESPACE: Final = "holdfast"
_SCHEMA: Final = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
_LINEAGE: Final = "https://openlineage.io/spec/facets/1-0-0/LineageDatasetFacet.json"
_RUN: Final = "https://holdfast.invalid/facets/1-0-0/export.json"
_NO_RUN: Final = UUID(int=0)


def openlineage_events(export: FilteredExport) -> Iterator[Event]:
    """Yield an event for each job and each derived dataset, by uid, and last one that counts them."""
    nodes = {node.uid: node for node in export.nodes}
    moved = [edge for edge in export.edges if edge.relation in ("READS", "WRITES", "DERIVED_FROM")]
    sure = [edge for edge in moved if edge.certainty is Certainty.CERTAIN]
    time = time_or_none(export.basis.as_of)
    count = 0
    for event in (*_jobs(nodes, sure), *_datasets(nodes, sure)):
        count += 1
        yield {"eventTime": time, "producer": PRODUCER, **event}
    left_out = {
        "leftOutAsPossible": len(moved) - len(sure),
        "leftOutAsNoWayOfData": len(export.edges) - len(moved),
    }
    yield _last(export, time, count, left_out)


def _jobs(nodes: dict[Uid, Node], edges: list[Edge]) -> Iterator[Event]:
    sides: dict[Uid, dict[str, list[Uid]]] = defaultdict(lambda: {"READS": [], "WRITES": []})
    for edge in edges:
        if edge.relation in ("READS", "WRITES"):
            sides[edge.subject.uid][edge.relation].append(edge.object.uid)
    for uid in sorted(sides):
        yield {
            "schemaURL": f"{_SCHEMA}JobEvent",
            "job": {**_name(nodes[uid]), "facets": {}},
            "inputs": [_name(nodes[read]) for read in sorted(sides[uid]["READS"])],
            "outputs": [_name(nodes[written]) for written in sorted(sides[uid]["WRITES"])],
        }


def _datasets(nodes: dict[Uid, Node], edges: list[Edge]) -> Iterator[Event]:
    made: dict[Uid, list[Uid]] = defaultdict(list)
    for edge in edges:
        if edge.relation == "DERIVED_FROM" and nodes[edge.subject.uid].kind is Kind.DATASET:
            made[edge.subject.uid].append(edge.object.uid)
    for uid in sorted(made):
        inputs = [{**_name(nodes[source]), "type": "DATASET"} for source in sorted(made[uid])]
        lineage = {"_producer": PRODUCER, "_schemaURL": _LINEAGE, "inputs": inputs}
        yield {
            "schemaURL": f"{_SCHEMA}DatasetEvent",
            "dataset": {**_name(nodes[uid]), "facets": {"lineage": lineage}},
        }


def _name(node: Node) -> dict[str, str]:
    """Return what producers call a node: the first of its names, which are in order."""
    for external_id in node.external_ids:
        if external_id.scheme == "openlineage":
            namespace, slash, name = external_id.value.partition("/")
            if slash:
                return {"namespace": unquote(namespace), "name": unquote(name)}
    return {"namespace": NAMESPACE, "name": node.uid}


def _last(export: FilteredExport, time: str | None, count: int, left_out: dict[str, int]) -> Event:
    facet = {
        "_producer": PRODUCER,
        "_schemaURL": _RUN,
        "events": count,
        **left_out,
        "commit": export.basis.commit.sequence,
    }
    return {
        "eventTime": time,
        "producer": PRODUCER,
        "schemaURL": f"{_SCHEMA}RunEvent",
        "eventType": "COMPLETE",
        "run": {"runId": str(_NO_RUN), "facets": {"holdfast_export": facet}},
        "job": {"namespace": NAMESPACE, "name": "export"},
        "inputs": [],
        "outputs": [],
    }
