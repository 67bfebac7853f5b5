"""Which identities are alive at a date: people by their status, groups by their people.

`lives` is the one rule, for walks and for the question of ownership. A person is alive while
active and dead while suspended or departed. Everything else is a group as far as it has
members: alive while a living person is certainly in it, through other groups too; dead while
nobody is in it, even possibly, who may be alive, and nobody can be missing; else unclear. What
nobody has recorded is unknown: a status, a type, the members of a group.

A walk does not know whether all members of a group have been reported, nor does it look at
who answers for a machine, so `liveness` never calls a group or a machine dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.topology.arrays import Flags, Indices, Smalls
from graph.topology.codes import KIND_NUMBER
from graph.topology.spells import ACTIVE, UNKNOWN
from graph.topology.view import DatedView
from graph.vocabulary import Certainty, Kind

DEAD: Final = 0
ALIVE: Final = 1
UNCLEAR: Final = -1

PERSON: Final = frozenset({"person"})


@dataclass(frozen=True, slots=True)
class Memberships:
    """Who is in which group: two nodes by number, one entry a membership, and whether it is certain."""

    members: Indices
    groups: Indices
    certain: Flags

    def kept(self, which: Flags) -> Memberships:
        """Return the memberships flagged."""
        return Memberships(self.members[which], self.groups[which], self.certain[which])


def lives(*, is_person: Flags, status: Smalls, is_open: Flags, memberships: Memberships) -> Smalls:
    """Return for each identity, given by number, whether it is alive: `ALIVE`, `DEAD` or `UNCLEAR`.

    `status` is as in `graph.topology.spells`, and counts for people. `is_open` flags others that
    may be people or may have members that nobody has reported. Nobody is in a person.
    """
    inside = memberships.kept(~is_person[memberships.groups])
    alive = _spread(is_person & (status == ACTIVE), inside.kept(inside.certain))
    may_be_alive = alive | (is_person & (status == UNKNOWN)) | (~is_person & is_open)
    perhaps = _spread(may_be_alive, inside)
    return np.where(alive, ALIVE, np.where(perhaps, UNCLEAR, DEAD)).astype(np.int8)


def liveness(view: DatedView, left_out: Flags | None, gone: Flags | None) -> Smalls:
    """Return for each node whether it is alive; only the entries of identities mean anything.

    `left_out` flags rows and `gone` nodes that a what-if question takes away. Cost: linear in
    nodes and memberships, times the depth to which groups are nested.
    """
    return lives(
        is_person=_people(view),
        status=view.status,
        is_open=np.ones(view.topology.node_count, dtype=np.bool_),
        memberships=_memberships(view, left_out, gone),
    )


def _memberships(view: DatedView, left_out: Flags | None, gone: Flags | None) -> Memberships:
    """All live memberships that are certain; the others decide nothing where every group is open."""
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
    return Memberships(members, groups, np.ones(len(members), dtype=np.bool_))


def _people(view: DatedView) -> Flags:
    is_named = np.array([*(names == PERSON for names in view.topology.types), False], dtype=np.bool_)
    people: Flags = is_named[view.type_number] & (view.topology.kinds == KIND_NUMBER[Kind.IDENTITY])
    return people


def _spread(found: Flags, memberships: Memberships) -> Flags:
    """Carry what is true of members up into their groups until nothing changes; cycles do no harm."""
    while True:
        after = found.copy()
        after[memberships.groups[found[memberships.members]]] = True
        if np.array_equal(after, found):
            return found
        found = after
