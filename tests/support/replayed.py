"""An export said to an empty ledger, as whoever reads the lines would say it."""

from __future__ import annotations

from collections.abc import Iterable

from graph.ledger.change import Assert, Change, Cover, Effect
from graph.ledger.ledger import Ledger
from graph.model import AsOf, Edge, Node
from graph.store import open_store
from queries.export_sections import Section


def replayed(sections: Iterable[Section]) -> Ledger:
    """A new ledger that was told every section, each in a commit of its own."""
    ledger = Ledger(open_store(":memory:"))
    for section in sections:
        steps: list[Assert | Cover] = [Assert(claim) for claim in section.claims]
        if section.is_complete:
            kinds, relations = frozenset(section.kinds), frozenset(section.relations)
            steps.append(Cover(section.scope, kinds, relations, section.read_at, restates=section.restates))
        outcome = ledger.commit(Change("test", "read in", tuple(steps), read_at=section.read_at))
        assert [str(s.error) for s in outcome.steps if s.effect is Effect.REJECTED] == []
    return ledger


def node_as_said(node: Node) -> tuple[object, ...]:
    """A node without what names the claims behind it."""
    properties = {name: value.value for name, value in node.properties.items()}
    contested = {name: frozenset(map(repr, values)) for name, values in node.contested.items()}
    return (
        node.uid,
        node.kind,
        node.described,
        node.type,
        node.name,
        properties,
        contested,
        node.external_ids,
    )


def edge_as_said(edge: Edge) -> tuple[object, ...]:
    """An edge without what names the claims behind it."""
    properties = {name: value.value for name, value in edge.properties.items()}
    return (
        edge.eid,
        edge.subject,
        edge.object,
        edge.marks,
        edge.possible_marks,
        edge.certainty,
        edge.conditions,
        edge.environment,
        properties,
        edge.valid,
    )


def graph_at(ledger: Ledger, at: AsOf) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Everything that exists at a pair of times."""
    return (
        [node_as_said(node) for node in ledger.all_nodes(at)],
        [edge_as_said(edge) for edge in ledger.all_edges(at)],
    )
