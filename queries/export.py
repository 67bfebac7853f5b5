"""The estate as `records`: what anybody can read into an empty store to have the same graph again.

One section for each scope, with what it covers and since when, and in it every claim that
stands and is not refuted, over all of valid time, with its interval stated. Uids are
canonical, since the format has no word for a merge. Personal values are written as they
are in the estate; those that were erased are gone. Recorded times, runs and history are
not part of a graph and are not written; `export_losses` counts what that means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.ledger.canonical import JsonValue
from graph.ledger.personal import is_personal_property, may_be_personal
from graph.model import (
    ALWAYS,
    OPEN_END,
    Claim,
    Edge,
    EdgeFacts,
    ExternalId,
    Node,
    NodeFacts,
    Properties,
    Uid,
    as_text,
)
from graph.vocabulary import Certainty, Origin
from queries.basis import Basis, basis_of, every_relation
from queries.estate import HERE_AND_NOW, Estate, Standpoint
from queries.export_losses import LedgerOnly, losses_in_words, losses_of
from queries.export_sections import Section, exported_sections


@dataclass(frozen=True, slots=True)
class ExportQuestion:
    """Ask for everything that is known at a commit; the date does not narrow it."""

    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """Ask for the folded graph at one date, as known at one commit."""

    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class GraphExport:
    """Every node and edge that exists, folded, in order of uids and of relation, subject, object."""

    basis: Basis
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class RecordsExport:
    """The sections of an export, and how much only the ledger knows.

    `apart` holds the external ids that had to be left out, by node. `holds_personal_values`
    says that some of the lines name or describe people.
    """

    basis: Basis
    sections: tuple[Section, ...]
    losses: Mapping[LedgerOnly, int]
    apart: Mapping[Uid, tuple[ExternalId, ...]]
    holds_personal_values: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """Return in words what a copy will not know, each a sentence without its end."""
        listed = (
            f"{uid}: without {', '.join(map(str, ids))}, by which it would be taken for another node"
            for uid, ids in self.apart.items()
        )
        return (*losses_in_words(self.losses), *listed)

    def lines(self) -> Iterator[str]:
        """Yield the export as JSON lines, without line ends, always in the same order."""
        for section in self.sections:
            yield from section_lines(section)


def export_records(estate: Estate, question: ExportQuestion) -> RecordsExport:
    """Return the estate as known at a commit, ready to be read in elsewhere.

    Cost: one pass over the ledger; all of its claims are held in memory.
    """
    view = estate.view(question.standpoint)
    exported = exported_sections(view)
    claims = [claim for section in exported.sections for claim in section.claims]
    return RecordsExport(
        basis=basis_of(view, view.all_nodes()),
        sections=exported.sections,
        losses=losses_of(view, exported),
        apart=exported.apart,
        holds_personal_values=any(_names_a_person(claim) for claim in claims),
    )


def export_graph(estate: Estate, question: GraphQuestion) -> GraphExport:
    """Return the whole graph as other libraries take it: one date, all sources folded.

    Cost: one pass over the ledger; all of the graph is held in memory.
    """
    view = estate.view(question.standpoint)
    nodes = tuple(view.all_nodes())
    every = [relation.name for relation in view.rules.relations]
    basis = basis_of(view, nodes, relations=every_relation(view.rules))
    return GraphExport(basis, nodes, tuple(view.all_edges(every)))


def section_lines(section: Section) -> Iterator[str]:
    """Yield a section's lines: its scope, its nodes and edges, and its end if it was read completely."""
    yield _text({"scope": _header(section)})
    for claim in section.claims:
        facts = claim.about
        if isinstance(facts, NodeFacts):
            yield _text({"node": _node(facts, claim)})
        else:
            yield _text({"edge": _edge(facts, claim)})
    if section.is_complete:
        yield _text({"end": {"scope": section.scope.name, "count": len(section.claims)}})


def _header(section: Section) -> dict[str, JsonValue]:
    header: dict[str, JsonValue] = {
        "name": section.scope.name,
        "source": str(section.scope.source),
        "read_at": as_text(section.read_at),
    }
    if section.is_complete:
        header["covers"] = {"kinds": list(section.kinds), "relations": list(section.relations)}
    if section.restates:
        header["restates"] = True
    return header


def _node(facts: NodeFacts, claim: Claim) -> dict[str, JsonValue]:
    return _without_nothing(
        {
            "uid": facts.uid,
            "kind": facts.kind.value,
            "type": facts.type,
            "name": facts.name,
            "properties": _properties(facts.properties),
            "external_ids": [{"scheme": i.scheme, "value": i.value} for i in facts.external_ids],
            "coverage": {name: facts.coverage[name].value for name in sorted(facts.coverage)},
            **_valid(claim),
        }
    )


def _edge(facts: EdgeFacts, claim: Claim) -> dict[str, JsonValue]:
    return _without_nothing(
        {
            "relation": facts.relation,
            "subject": facts.subject,
            "object": facts.object,
            "marks": sorted(facts.marks),
            "environment": facts.environment,
            "properties": _properties(facts.properties),
            "subject_kind": None if facts.subject_kind is None else facts.subject_kind.value,
            "object_kind": None if facts.object_kind is None else facts.object_kind.value,
            **_said_how(claim),
            **_valid(claim),
        }
    )


def _said_how(claim: Claim) -> dict[str, JsonValue]:
    """Return how an edge came to be known; what is default is left out."""
    return {
        "origin": None if claim.origin is Origin.DECLARED else claim.origin.value,
        "certainty": None if claim.certainty is Certainty.CERTAIN else claim.certainty.value,
        "condition": claim.condition,
    }


def _valid(claim: Claim) -> dict[str, JsonValue]:
    valid = claim.valid or ALWAYS  # an exported claim always has one
    return {
        "valid_from": as_text(valid.start),
        "valid_to": None if valid.end >= OPEN_END else as_text(valid.end),
    }


def _properties(properties: Properties) -> dict[str, JsonValue]:
    return dict(sorted(properties.items()))


def _without_nothing(line: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in line.items() if value is not None and value not in ([], {})}


def _text(line: Mapping[str, JsonValue]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _names_a_person(claim: Claim) -> bool:
    """Return whether a claim names somebody who is, or for all that is known may be, a person."""
    facts = claim.about
    if not isinstance(facts, NodeFacts) or not may_be_personal(facts.kind):
        return False
    return is_personal_property("name", facts.type) and bool(facts.name or facts.external_ids)
