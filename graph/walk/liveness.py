"""Which identities are alive at a date: people by their status, groups by their people.

A person is alive while active and dead while suspended or departed. Everything else is a group
as far as it has members: alive while a living person is certainly in it, through other groups
too, and never dead for certain, because the topology does not know whether all its members have
been reported. A machine is never alive by a status of its own, nor dead: who answers for it is
not looked at here. What nobody has recorded is unknown: a status, a type, the members of a group.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from graph.topology.arrays import Flags, Indices, Smalls
from graph.topology.codes import KIND_NUMBER
from graph.topology.spells import ACTIVE, INACTIVE
from graph.topology.view import DatedView
from graph.vocabulary import Certainty, Kind

DEAD: Final = 0
ALIVE: Final = 1
UNCLEAR: Final = -1

PERSON: Final = frozenset({"person"})


def liveness(view: DatedView, left_out: Flags | None, gone: Flags | None) -> Smalls:
    """Return for each node whether it is alive; only the entries of identities mean anything.

    `left_out` flags rows and `gone` nodes that a what-if question takes away. Cost: linear in
    nodes and memberships, times the depth to which groups are nested.
    """
    is_person = _people(view)
    is_alive = is_person & (view.status == ACTIVE)
    members, groups = _memberships(view, left_out, gone)
    is_joined = ~is_person[groups]
    found = _spread(is_alive, members[is_joined], groups[is_joined])
    is_dead = is_person & (view.status == INACTIVE)
    return np.where(found, ALIVE, np.where(is_dead, DEAD, UNCLEAR)).astype(np.int8)


def _memberships(view: DatedView, left_out: Flags | None, gone: Flags | None) -> tuple[Indices, Indices]:
    """All live memberships that are certain: the members, and their groups."""
    topology = view.topology
    wanted = np.array(
        [c.relation == "MEMBER_OF" and c.certainty is Certainty.CERTAIN for c in topology.codes.codes],
        dtype=np.bool_,
    )
    rows = np.flatnonzero(wanted[topology.out.code]) if len(wanted) else np.zeros(0, dtype=np.int64)
    if view.live is not None:
        rows = rows[view.live[rows]]
    if left_out is not None:
        rows = rows[~left_out[rows]]
    members = (np.searchsorted(topology.out.offsets, rows, side="right") - 1).astype(np.int32)
    groups = topology.out.far[rows]
    if gone is not None:
        stays = ~(gone[members] | gone[groups])
        members, groups = members[stays], groups[stays]
    return members, groups


def _people(view: DatedView) -> Flags:
    is_named = np.array([*(names == PERSON for names in view.topology.types), False], dtype=np.bool_)
    people: Flags = is_named[view.type_number] & (view.topology.kinds == KIND_NUMBER[Kind.IDENTITY])
    return people


def _spread(is_alive: Flags, members: Indices, groups: Indices) -> Flags:
    """Carry life up from members into their groups until nothing changes; cycles do no harm."""
    found = is_alive
    while True:
        after = found.copy()
        after[groups[found[members]]] = True
        if np.array_equal(after, found):
            return found
        found = after
