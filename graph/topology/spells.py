"""Node spells as columns: what the walk looks at in a node, over all of valid time.

Absent and unreadable values keep a number of their own in every column, so that
"nobody said" never turns into a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from graph.ledger.timeline import NodeSpell
from graph.model import PropertyValue
from graph.topology.arrays import Flags, Indices, Longs, Smalls

UNKNOWN: Final = -1
"""In the columns criticality, status and revoked: no source says."""

NO_TIME: Final = np.iinfo(np.int64).min
"""In the columns of times: no source says."""

ACTIVE: Final = 1
INACTIVE: Final = 0

STATUS_NUMBER: Final = {"active": ACTIVE, "suspended": INACTIVE, "departed": INACTIVE}
"""A status that is not listed says nothing about whether the identity is active."""


@dataclass(frozen=True, slots=True)
class SpellColumns:
    """One entry a spell, ordered by (node, valid_from).

    `type` numbers into the topology's list of types, `UNKNOWN` for none; an entry of that
    list holds several where sources contradict each other. Times are milliseconds in UTC,
    `NO_TIME` for none.
    """

    node: Indices
    valid_from: Longs
    valid_to: Longs
    type: Indices
    criticality: Smalls
    status: Smalls
    revoked: Smalls
    revoked_at: Longs
    expires: Longs
    verified_at: Longs

    def __len__(self) -> int:
        return len(self.node)

    def taken(self, which: Indices | Longs | Flags) -> SpellColumns:
        """Return the spells at these positions, in the order given."""
        return SpellColumns(
            node=self.node[which],
            valid_from=self.valid_from[which],
            valid_to=self.valid_to[which],
            type=self.type[which],
            criticality=self.criticality[which],
            status=self.status[which],
            revoked=self.revoked[which],
            revoked_at=self.revoked_at[which],
            expires=self.expires[which],
            verified_at=self.verified_at[which],
        )

    def renumbered(self, new_numbers: Indices) -> SpellColumns:
        """Return the same spells with their nodes renumbered; `new_numbers` is by old number."""
        return replace(self, node=new_numbers[self.node])

    def merged(self, other: SpellColumns) -> SpellColumns:
        """Return the spells of both, in order; no node may have spells in both."""
        both = SpellColumns(
            node=np.concatenate((self.node, other.node)),
            valid_from=np.concatenate((self.valid_from, other.valid_from)),
            valid_to=np.concatenate((self.valid_to, other.valid_to)),
            type=np.concatenate((self.type, other.type)),
            criticality=np.concatenate((self.criticality, other.criticality)),
            status=np.concatenate((self.status, other.status)),
            revoked=np.concatenate((self.revoked, other.revoked)),
            revoked_at=np.concatenate((self.revoked_at, other.revoked_at)),
            expires=np.concatenate((self.expires, other.expires)),
            verified_at=np.concatenate((self.verified_at, other.verified_at)),
        )
        return both.taken(np.argsort(both.node, kind="stable"))


def spell_columns(
    spells: Iterable[tuple[int, NodeSpell]], types: Mapping[frozenset[str], int]
) -> SpellColumns:
    """Return the columns of (node number, spell) pairs, which may come in any order.

    `types` numbers every set of types that occurs.
    """
    rows = sorted(spells, key=lambda row: (row[0], row[1].valid.start))
    held = [spell.valid for _, spell in rows]
    said = [spell.properties for _, spell in rows]
    named = (types[spell.types] if spell.types else UNKNOWN for _, spell in rows)
    return SpellColumns(
        node=np.array([node for node, _ in rows], dtype=np.int32),
        valid_from=np.array([valid.start for valid in held], dtype=np.int64),
        valid_to=np.array([valid.end for valid in held], dtype=np.int64),
        type=np.array(list(named), dtype=np.int32),
        criticality=np.array([_level(each.get("criticality")) for each in said], dtype=np.int8),
        status=np.array([_status(each.get("status")) for each in said], dtype=np.int8),
        revoked=np.array([_truth(each.get("revoked")) for each in said], dtype=np.int8),
        revoked_at=np.array([_time(each.get("revoked_at")) for each in said], dtype=np.int64),
        expires=np.array([_time(each.get("expires")) for each in said], dtype=np.int64),
        verified_at=np.array([_time(each.get("verified_at")) for each in said], dtype=np.int64),
    )


def _status(value: PropertyValue | None) -> int:
    return STATUS_NUMBER.get(value, UNKNOWN) if isinstance(value, str) else UNKNOWN


def _level(value: PropertyValue | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return UNKNOWN
    return value if 0 <= value <= 4 else UNKNOWN


def _truth(value: PropertyValue | None) -> int:
    return int(value) if isinstance(value, bool) else UNKNOWN


def _time(value: PropertyValue | None) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else NO_TIME
