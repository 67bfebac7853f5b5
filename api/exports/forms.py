"""The forms in which the estate is exported for other tools: what files each has, and their lines.

The last line of each file says how many things the file holds, so that one that was cut off is
seen as such.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from api.documents.common import time_or_none
from api.exports.cells import row, table
from api.exports.openlineage import openlineage_events
from graph.interop.attributes import edge_attributes, node_attributes
from graph.interop.graphml import graphml_lines
from graph.model import Edge, Node
from queries.export_filtered import FilteredExport
from queries.filters import criticality_of, environment_of

END: Final = "end"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file of an export: its name, how many things it holds, and its lines."""

    name: str
    count: int
    lines: Iterable[str]


def json_lines(export: FilteredExport) -> Iterator[ExportFile]:
    """Yield nodes and edges as JSON lines; the last is ``{"end": {"count": n}}``."""
    nodes = ({"uid": node.uid, **node_attributes(node)} for node in export.nodes)
    yield ExportFile("nodes.jsonl", len(export.nodes), _with_end(nodes, len(export.nodes)))
    edges = ({**_ends(edge), **edge_attributes(edge)} for edge in export.edges)
    yield ExportFile("edges.jsonl", len(export.edges), _with_end(edges, len(export.edges)))


def csv_tables(export: FilteredExport) -> Iterator[ExportFile]:
    """Yield nodes and edges as tables; the last row is ``#end`` and the count of rows."""
    nodes, edges = map(_node_row, export.nodes), map(_edge_row, export.edges)
    yield _table("nodes.csv", _NODE_COLUMNS, nodes, len(export.nodes))
    yield _table("edges.csv", _EDGE_COLUMNS, edges, len(export.edges))


def graphml(export: FilteredExport) -> Iterator[ExportFile]:
    """Yield one GraphML document; the last line is a comment with the count of nodes and edges."""
    count = len(export.nodes) + len(export.edges)
    last = f"<!-- end: {len(export.nodes)} nodes, {len(export.edges)} edges -->"
    yield ExportFile("graph.graphml", count, chain(graphml_lines(export.nodes, export.edges), [last]))


def openlineage(export: FilteredExport) -> Iterator[ExportFile]:
    """Yield the data's way as OpenLineage events; the last one completes the export and has their count."""
    events = list(openlineage_events(export))
    yield ExportFile(
        "events.jsonl", len(events) - 1, (json.dumps(event, allow_nan=False) for event in events)
    )


FORMS: Final[Mapping[str, Callable[[FilteredExport], Iterator[ExportFile]]]] = {
    "jsonl": json_lines,
    "csv": csv_tables,
    "graphml": graphml,
    "openlineage": openlineage,
}
"""The forms by name."""


def _with_end(documents: Iterable[Mapping[str, Any]], count: int) -> Iterator[str]:
    yield from (json.dumps(document, allow_nan=False) for document in documents)
    yield json.dumps({END: {"count": count}})


def _ends(edge: Edge) -> dict[str, str]:
    return {"edge_id": edge.eid, "subject": edge.subject.uid, "object": edge.object.uid}


_NODE_COLUMNS: Final = (
    "uid",
    "kind",
    "type",
    "name",
    "described",
    "environment",
    "criticality",
    "external_ids",
    "sources",
    "properties",
)
_EDGE_COLUMNS: Final = (
    "edge_id",
    "relation",
    "subject",
    "object",
    "marks",
    "environment",
    "certainty",
    "conditions",
    "origins",
    "valid_from",
    "valid_to",
    "sources",
    "properties",
)


def _table(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], count: int) -> ExportFile:
    return ExportFile(name, count, chain(table(columns, rows), [row([f"#{END}", count])]))


def _node_row(node: Node) -> Sequence[object]:
    said = node_attributes(node)
    return (
        node.uid,
        node.kind.value,
        node.type,
        node.name,
        node.described,
        environment_of(node),
        criticality_of(node),
        " ".join(map(str, node.external_ids)),
        " ".join(said["sources"]),
        json.dumps(said["properties"], sort_keys=True, allow_nan=False),
    )


def _edge_row(edge: Edge) -> Sequence[object]:
    said = edge_attributes(edge)
    return (
        edge.eid,
        edge.relation,
        edge.subject.uid,
        edge.object.uid,
        " ".join(said["marks"]),
        edge.environment,
        edge.certainty.value,
        "; ".join(edge.conditions),
        " ".join(said["origins"]),
        time_or_none(edge.valid.start),
        time_or_none(edge.valid.end),
        " ".join(said["sources"]),
        json.dumps(said["properties"], sort_keys=True, allow_nan=False),
    )
