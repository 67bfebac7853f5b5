"""Which identities are alive at a date: people by their status, groups by their people.

A person is alive while active. A group (team, group, role, principal set, or anything that has
members) is alive while a living person is in it, through other groups too. What nobody has
recorded is unknown: a status, a type, the members of a group.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from graph.topology.arrays import Bytes, Flags, Indices, Smalls
from graph.topology.codes import KIND_NUMBER
from graph.topology.spells import ACTIVE, INACTIVE
from graph.topology.view import DatedView
from graph.vocabulary import Certainty, Kind

GROUP_TYPES: Final = frozenset({"team", "group", "role", "principal_set"})
MACHINE_TYPES: Final = frozenset({"service_account", "workload_identity", "oauth_app", "oidc_subject"})

DEAD: Final = 0
ALIVE: Final = 1
UNCLEAR: Final = -1

_LIVING: Final = 1  # a living person is in it for certain
_MAYBE: Final = 2  # somebody may be in it, but nothing recorded says so for certain
_LEAF: Final = 4  # somebody or something that is no group is in it


def liveness(view: DatedView, left_out: Flags | None, gone: Flags | None) -> Smalls:
    """Return for each node whether it is alive; only the entries of identities mean anything.

    `left_out` flags rows and `gone` nodes that a what-if question takes away. Cost: linear in
    nodes and memberships, times the depth to which groups are nested.
    """
    members, groups, sure = _memberships(view, left_out, gone)
    is_group = _of_types(view, GROUP_TYPES)
    is_group[groups] |= ~_of_types(view, frozenset({"person"}))[groups]
    own = _own(view, is_group)
    empty = is_group.copy()
    empty[groups] = False
    own[empty] = _MAYBE
    found = _spread(own, members, groups, sure, is_group)
    group_state = np.where(
        found & _LIVING, ALIVE, np.where((found & _MAYBE != 0) | (found & _LEAF == 0), UNCLEAR, DEAD)
    )
    single = np.where(view.status == ACTIVE, ALIVE, np.where(view.status == INACTIVE, DEAD, UNCLEAR))
    return np.where(is_group, group_state, single).astype(np.int8)


def _memberships(
    view: DatedView, left_out: Flags | None, gone: Flags | None
) -> tuple[Indices, Indices, Flags]:
    """All live memberships: the members, their groups, and whether each is certain."""
    topology = view.topology
    relation = np.array([code.relation == "MEMBER_OF" for code in topology.codes.codes], dtype=np.bool_)
    certain = np.array([code.certainty is Certainty.CERTAIN for code in topology.codes.codes], dtype=np.bool_)
    rows = np.flatnonzero(relation[topology.out.code]) if len(relation) else np.zeros(0, dtype=np.int64)
    if view.live is not None:
        rows = rows[view.live[rows]]
    if left_out is not None:
        rows = rows[~left_out[rows]]
    members = (np.searchsorted(topology.out.offsets, rows, side="right") - 1).astype(np.int32)
    groups = topology.out.far[rows]
    if gone is not None:
        stays = ~(gone[members] | gone[groups])
        rows, members, groups = rows[stays], members[stays], groups[stays]
    sure = certain[topology.out.code[rows]] if len(rows) else np.zeros(0, dtype=np.bool_)
    return members, groups, sure


def _of_types(view: DatedView, names: frozenset[str]) -> Flags:
    is_named = np.array([*(name in names for name in view.topology.types), False], dtype=np.bool_)
    named: Flags = is_named[view.type_number] & (view.topology.kinds == KIND_NUMBER[Kind.IDENTITY])
    return named


def _own(view: DatedView, is_group: Flags) -> Bytes:
    """What each node that is no group brings into the groups it is in."""
    machine = _of_types(view, MACHINE_TYPES)
    person = _of_types(view, frozenset({"person"}))
    maybe = ~machine & ((view.status != INACTIVE) & ~(person & (view.status == ACTIVE)))
    own = np.full(view.topology.node_count, _LEAF, dtype=np.uint8)
    own[maybe] |= _MAYBE
    own[person & (view.status == ACTIVE)] |= _LIVING
    own[is_group] = 0
    return own


def _spread(own: Bytes, members: Indices, groups: Indices, sure: Flags, is_group: Flags) -> Bytes:
    """Carry what members bring up into their groups until nothing changes; cycles do no harm."""
    found = own.copy()
    inside = is_group[groups]
    members, groups, sure = members[inside], groups[inside], sure[inside]
    while True:
        brought = found[members]
        unsure_living = ~sure & (brought & _LIVING != 0)
        brought = np.where(unsure_living, (brought & ~np.uint8(_LIVING)) | np.uint8(_MAYBE), brought)
        after = found.copy()
        np.bitwise_or.at(after, groups, brought)
        if np.array_equal(after, found):
            return found
        found = after
