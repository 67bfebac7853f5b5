"""Blast radius and exposure as documents."""

from __future__ import annotations

from typing import Final

from api.documents.common import Document, basis_of, brief_of, counts_of
from api.documents.stated import hidden_of, only_states_of, terms_of
from api.uids import Meant
from graph.model import Hop, Path
from graph.vocabulary import Certainty
from queries.basis import Basis
from queries.reach import Reach, ReachedRow, ReachQuestion
from queries.totals import Totals
from queries.totals import totals_of as counted

COLUMNS: Final = ("uid", "kind", "harm", "hops", "certainty")
"""The arrays of an answer in columns; see `Reach.columns`."""


def reach_of(reach: Reach, meant: tuple[Meant, ...], *, columns: bool = False) -> Document:
    """Return an answer of the walk: its basis, what was asked, totals, and every listed state.

    With `columns` the states are arrays of equal length and have no paths.
    """
    document: Document = {
        **basis_of(reach.basis),
        "seeds": [{**brief_of(node), "asked": _asked(node.uid, meant)} for node in reach.seeds],
        "harm": reach.harm.value,
        **terms_of(reach.terms),
        "only": only_states_of(reach.only),
        "totals": totals_of(reach.totals),
        "walked_states": reach.walked_states,
        **hidden_of(reach.hidden),
    }
    if columns:
        return {**document, "columns": {name: list(values) for name, values in reach.columns().items()}}
    return {**document, "reached": [row_of(reach, row) for row in reach]}


def nothing_reached(question: ReachQuestion, basis: Basis, *, columns: bool = False) -> Document:
    """Return an answer of the walk in the same shape where there is nothing to start from."""
    only, nobody = question.only, counted(nodes=(), states=(), ownerships={}, seeds=(), complete=True)
    document: Document = {
        **basis_of(basis),
        "seeds": [],
        "harm": question.harm.value,
        **terms_of(question.terms),
        "only": only_states_of(only),
        "totals": totals_of(nobody),
        "walked_states": 0,
        **hidden_of(only.nodes.hidden(())),
    }
    if columns:
        return {**document, "columns": {name: [] for name in COLUMNS}}
    return {**document, "reached": []}


def row_of(reach: Reach, row: ReachedRow) -> Document:
    """Return one reached state with the path that explains it; empty for a seed."""
    path = reach.path(row.node.uid, row.harm)
    return {
        "uid": row.node.uid,
        "kind": row.node.kind.value,
        "harm": row.harm.value,
        "hops": row.hops,
        "certainty": row.certainty.value,
        "path": [] if path is None else path_of(path),
    }


def path_of(path: Path) -> list[Document]:
    """Return a path's steps; an implication on one node has neither relation nor edge."""
    return [hop_of(hop) for hop in path.hops]


def hop_of(hop: Hop) -> Document:
    """Return one step; `harm` is the one that it brings to `to`."""
    return {
        "from": hop.start.node.uid,
        "relation": hop.relation,
        "to": hop.end.node.uid,
        "harm": hop.end.harm.value,
        "edge": hop.edge,
    }


def totals_of(totals: Totals) -> Document:
    """Return counts of what is listed; what no source says is counted apart."""
    harms: Document = {}
    for (harm, certainty), count in totals.harms.items():
        harms.setdefault(harm.value, {c.value: 0 for c in Certainty})[certainty.value] = count
    return {
        "complete": totals.complete,
        "nodes": totals.nodes,
        "seeds": totals.seeds,
        "states": totals.states,
        "harms": harms,
        "kinds": counts_of(totals.kinds),
        "environments": counts_of(totals.environments),
        "criticalities": counts_of(totals.criticalities),
        "unknown_criticality": totals.unknown_criticality,
        "owners": counts_of(totals.owners.owners),
        "unowned": totals.owners.unowned,
        "unknown_owner": totals.owners.unknown,
        "not_ownable": totals.owners.not_ownable,
        "kind_unknown": totals.owners.kind_unknown,
    }


def _asked(uid: str, meant: tuple[Meant, ...]) -> list[str]:
    """Return the words by which a node was asked for."""
    return [found.asked for found in meant if found.uid == uid]
