"""Node spells as columns: what the walk looks at in a node, over all of valid time.

Absent and unreadable values keep a number of their own in every column, so that
"nobody said" never turns into a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
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

    `type` numbers into the topology's list of types, `UNKNOWN` for none; times are
    milliseconds in UTC, `NO_TIME` for none.
    """

    node: Indices
    valid_from: Longs
    valid_to: Longs
    type: Indices
    criticality: Smalls
    status: Smalls
    revoked: Smalls
    revoked_at: Longs
    verified_at: Longs

    def __len__(self) -> int:
        return len(self.node)

    def taken(self, which: Indices | Longs | Flags) -> SpellColumns:
        """Return the spells at these positions, in the order given."""
        return SpellColumns(*(getattr(self, column.name)[which] for column in fields(self)))

    def renumbered(self, new_numbers: Indices) -> SpellColumns:
        """Return the same spells with their nodes renumbered; `new_numbers` is by old number."""
        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        return SpellColumns(**(columns | {"node": new_numbers[self.node]}))

    def merged(self, other: SpellColumns) -> SpellColumns:
        """Return the spells of both, in order; no node may have spells in both."""
        both = SpellColumns(
            *(np.concatenate((getattr(self, c.name), getattr(other, c.name))) for c in fields(self))
        )
        return both.taken(np.argsort(both.node, kind="stable"))


def spell_columns(spells: Iterable[tuple[int, NodeSpell]], types: Mapping[str, int]) -> SpellColumns:
    """Return the columns of (node number, spell) pairs, which may come in any order.

    `types` numbers every type that occurs.
    """
    rows = [_row(node, spell, types) for node, spell in spells]
    rows.sort(key=lambda row: (row[0], row[1]))
    columns: Sequence[Sequence[int]] = list(zip(*rows, strict=True)) or [()] * 9
    dtypes = (np.int32, np.int64, np.int64, np.int32, np.int8, np.int8, np.int8, np.int64, np.int64)
    return SpellColumns(
        *(np.array(column, dtype=dtype) for column, dtype in zip(columns, dtypes, strict=True))
    )


def _row(node: int, spell: NodeSpell, types: Mapping[str, int]) -> tuple[int, ...]:
    said = spell.properties
    return (
        node,
        spell.valid.start,
        spell.valid.end,
        UNKNOWN if spell.type is None else types[spell.type],
        _level(said.get("criticality")),
        STATUS_NUMBER.get(str(said.get("status")), UNKNOWN),
        _truth(said.get("revoked")),
        _time(said.get("revoked_at")),
        _time(said.get("verified_at")),
    )


def _level(value: PropertyValue | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return UNKNOWN
    return value if 0 <= value <= 4 else UNKNOWN


def _truth(value: PropertyValue | None) -> int:
    return int(value) if isinstance(value, bool) else UNKNOWN


def _time(value: PropertyValue | None) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else NO_TIME
