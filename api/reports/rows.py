"""One row of the report: a node, what follows if harm comes to it, the worst of that, and whose it is."""

from __future__ import annotations

from collections import Counter
from typing import Final

from api.cli.reach_output import beside_seeds, counted, sentence
from api.documents.common import Document, brief_of, truncation_of
from graph.model import Node, Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadius, BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, EstateView, Standpoint
from queries.filters import criticality_of
from queries.reach import ReachedRow, WalkTerms

OWNERS_NAMED: Final = 5


def row_of(
    estate: Estate, view: EstateView, node: Node, harm: Harm, terms: WalkTerms, worst: int
) -> Document:
    """Return the row of one node. Cost: that of its blast radius."""
    pinned = Standpoint(view.at.valid, known=view.at.known, rules_version=view.rules.rules_version)
    answer = find_blast_radius(estate, BlastRadiusQuestion((node.uid,), harm, terms=terms, standpoint=pinned))
    counts = counted(answer)
    others = beside_seeds(answer)
    return {
        **brief_of(node),
        "harm": harm.value,
        **{name: counts[name] for name in ("nodes", "certain", "possible", "unknown_criticality")},
        "highest_criticality": _highest(others),
        "harms": _harms(others),
        **_owners(view, answer),
        "truncated": truncation_of(answer.basis.truncated),
        "uncovered_relations": len(answer.basis.coverage.relations),
        "worst": [_worst(view, answer, row) for row in sorted(others, key=_rank)[:worst]],
    }


def _highest(rows: list[ReachedRow]) -> int | None:
    known = (criticality_of(row.node) for row in rows)
    return max((value for value in known if value is not None), default=None)


def _harms(rows: list[ReachedRow]) -> Document:
    states = Counter((row.harm, row.certainty) for row in rows)
    return {
        harm.value: {certainty.value: states[harm, certainty] for certainty in Certainty}
        for harm in Harm
        if any(states[harm, certainty] for certainty in Certainty)
    }


def _owners(view: EstateView, answer: BlastRadius) -> Document:
    owners = answer.totals.owners
    most: list[Uid] = sorted(owners.owners, key=lambda uid: (-owners.owners[uid], uid))
    nodes = view.nodes(most[:OWNERS_NAMED])
    named = [
        {"uid": uid, "name": nodes[uid].name if uid in nodes else None, "nodes": owners.owners[uid]}
        for uid in most[:OWNERS_NAMED]
    ]
    return {
        "owners": named,
        "more_owners": len(most) - len(named),
        "unowned": owners.unowned,
        "unknown_owners": owners.unknown + owners.kind_unknown,
    }


def _worst(view: EstateView, answer: BlastRadius, row: ReachedRow) -> Document:
    return {
        "uid": row.node.uid,
        "name": row.node.name,
        "type": row.node.type,
        "harm": row.harm.value,
        "certainty": row.certainty.value,
        "hops": row.hops,
        "criticality": criticality_of(row.node),
        "path": sentence(view, answer, row),
    }


def _rank(row: ReachedRow) -> tuple[int, bool, int, str, str]:
    """Return what puts the worst first: the most critical (unknown last), the surest, the nearest."""
    known = criticality_of(row.node)
    is_possible = row.certainty is Certainty.POSSIBLE
    return (-1 if known is None else known) * -1, is_possible, row.hops, row.node.uid, row.harm.value
