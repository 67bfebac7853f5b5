"""Which secrets are known to have leaked, and which of those that were found count no longer.

A leak is a secret that stands FOUND_IN some place at the date asked about. One that was
revoked, has expired, or was seen to open nothing any more harms nobody; one of which only
some source says that it may stand there is no known leak. Neither is dropped: each is
listed with the reason why it is left out. That no leak is known says nothing by itself: it
says as much as the scopes that report where secrets were found, and those are named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from graph.model import ClaimRow, Edge, EdgeFacts, Instant, Node, Scope, Uid
from graph.topology import Topology
from graph.topology.arrays import Longs
from graph.topology.codes import KIND_NUMBER
from graph.vocabulary import Certainty, End, Kind
from queries.basis import Basis, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.reach import numbers

RELATION: Final = "FOUND_IN"
LIVENESS: Final = "liveness"
INACTIVE: Final = "inactive"
FOUND_AT: Final = "found_at"
"""Properties of the edge: whether what was found opens anything, and since when it stands there."""


class LeftOut(StrEnum):
    """Why a secret that was found somewhere is not started from."""

    REVOKED = "revoked"
    """A source says that it no longer opens anything."""

    EXPIRED = "expired"
    """The time until which it held has passed."""

    INACTIVE = "inactive"
    """Everyone who found it says that it opens nothing any more."""

    POSSIBLE = "possible"
    """It is only possible that whoever reads the place has it, such as the id of a key without the key."""


@dataclass(frozen=True, slots=True)
class FoundAt:
    """One place in which a secret stands, as the edge tells it."""

    place: Node
    edge: Edge


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that was found, where, and why it is left out; None where it counts."""

    secret: Node
    places: tuple[FoundAt, ...]
    left_out: LeftOut | None = None

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return in words on what it depends that it has leaked, where that is only possible."""
        if self.left_out is not LeftOut.POSSIBLE:
            return ()
        return tuple(dict.fromkeys(words for found in self.places for words in found.edge.conditions))


@dataclass(frozen=True, slots=True)
class CoveringScope:
    """A scope that reports all secrets found in a place: since when, and when it was last read wholly."""

    scope: Scope
    since: Instant
    last: Instant


@dataclass(frozen=True, slots=True)
class KnownLeaks:
    """The secrets that are known to have leaked, those left out, and who would say of others; by uid.

    Without a scope in `covered_by` nobody has looked, and that no leak is known means nothing.
    """

    basis: Basis
    leaks: tuple[Leak, ...]
    left_out: tuple[Leak, ...]
    covered_by: tuple[CoveringScope, ...]

    @property
    def uids(self) -> tuple[Uid, ...]:
        """Return the nodes that a blast radius of all known leaks starts from."""
        return tuple(leak.secret.uid for leak in self.leaks)


@dataclass(frozen=True, slots=True)
class KnownLeaksQuestion:
    """Ask which secrets are known to have leaked."""

    standpoint: Standpoint = HERE_AND_NOW


def find_known_leaks(estate: Estate, question: KnownLeaksQuestion) -> KnownLeaks:
    """Return the secrets that stand where they were found, and which of them count.

    Cost: a look at the compiled picture, and reads of the store for what was found; where nothing
    was, for all secrets.
    """
    view = estate.view(question.standpoint)
    found = _found(view)
    looked_at = [leak.secret for leak in found] or view.nodes(_secrets(view.topology)).values()
    basis = basis_of(view, looked_at, relations={RELATION}, kinds={Kind.SECRET})
    return KnownLeaks(
        basis,
        tuple(leak for leak in found if leak.left_out is None),
        tuple(leak for leak in found if leak.left_out is not None),
        _covering(view),
    )


def _found(view: EstateView) -> list[Leak]:
    of_secret: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in view.edges(_subjects(view.topology), relations={RELATION}, end=End.SUBJECT):
        of_secret[edge.subject.uid].append(edge)
    ends = {
        uid for edges in of_secret.values() for edge in edges for uid in (edge.subject.uid, edge.object.uid)
    }
    nodes = view.nodes(ends)
    return [_leak(view, nodes[uid], of_secret[uid], nodes) for uid in sorted(of_secret)]


def _subjects(topology: Topology) -> list[Uid]:
    """Return the nodes that stand somewhere at any date."""
    codes = [number for number, code in enumerate(topology.codes.codes) if code.relation == RELATION]
    rows = np.flatnonzero(np.isin(topology.out.code, codes))
    return _uids(topology, np.searchsorted(topology.out.offsets, rows, side="right") - 1)


def _secrets(topology: Topology) -> list[Uid]:
    return _uids(topology, np.flatnonzero(topology.kinds == KIND_NUMBER[Kind.SECRET]))


def _uids(topology: Topology, found: Longs) -> list[Uid]:
    return [topology.uids[number] for number in numbers(np.unique(found))]


def _leak(view: EstateView, secret: Node, edges: Sequence[Edge], nodes: Mapping[Uid, Node]) -> Leak:
    places = tuple(FoundAt(nodes[edge.object.uid], edge) for edge in edges)
    return Leak(secret, places, _why_left_out(view, secret, edges))


def _why_left_out(view: EstateView, secret: Node, edges: Sequence[Edge]) -> LeftOut | None:
    """Return why a secret does not count; whatever sources contradict each other in leaves it in."""
    if set(secret.readings("revoked")) == {True}:
        return LeftOut.REVOKED
    if _is_over(secret, view.at.valid):
        return LeftOut.EXPIRED
    live = [edge for edge in edges if not _is_inactive(view, edge)]
    if not live:
        return LeftOut.INACTIVE
    return None if any(edge.certainty is Certainty.CERTAIN for edge in live) else LeftOut.POSSIBLE


def _is_over(secret: Node, at: Instant) -> bool:
    ends = secret.readings("expires")
    return all(isinstance(end, int) and end <= at for end in ends)


def _is_inactive(view: EstateView, edge: Edge) -> bool:
    """Return whether all who found a secret in a place say that it opens nothing.

    The edge has one value for all; where that says so, each claim is asked.
    """
    resolved = edge.properties.get(LIVENESS)
    if resolved is None or resolved.value != INACTIVE:
        return False
    return all(said == INACTIVE for said in _liveness(view.ledger.edge_claims(edge, view.at)))


def _liveness(rows: Iterable[ClaimRow]) -> list[object]:
    return [
        row.claim.about.properties.get(LIVENESS) for row in rows if isinstance(row.claim.about, EdgeFacts)
    ]


def _covering(view: EstateView) -> tuple[CoveringScope, ...]:
    coverage = view.coverage
    return tuple(
        CoveringScope(scope, said.since, max(coverage.reads.get(scope, ()), default=said.since))
        for scope, said in sorted(coverage.scopes.items())
        if RELATION in said.relations
    )
