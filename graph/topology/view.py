"""A topology at a date: which rows are live, and which spell of each node holds."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from graph.model import Instant, Interval
from graph.topology.arrays import Flags, Indices, Longs, Smalls, slots_of
from graph.topology.spells import UNKNOWN

if TYPE_CHECKING:
    from graph.topology.topology import Topology

_EARLIEST: Final = np.iinfo(np.int64).min
_LATEST: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class DatedView:
    """What of a topology holds at a date.

    `live` flags the rows that count, None if all do. With a `window`, rows count that are valid
    at any time in it; what nodes are is still read at the date. `node_spell` is each node's spell
    at the date, `UNKNOWN` for none. One view serves every date in `same_for`.
    """

    topology: Topology
    window: Interval | None
    live: Flags | None
    node_spell: Indices
    same_for: Interval

    @cached_property
    def criticality(self) -> Smalls:
        """Return each node's criticality, `UNKNOWN` where no source says."""
        return self._at_date(self.topology.spells.criticality)

    @cached_property
    def status(self) -> Smalls:
        """Return each node's status as a number of `graph.topology.spells`."""
        return self._at_date(self.topology.spells.status)

    @cached_property
    def type_number(self) -> Indices:
        """Return the number of each node's set of types, `UNKNOWN` where no source says."""
        spells = self.topology.spells
        types = np.append(spells.type, np.int32(UNKNOWN))
        return types[self.node_spell]

    def _at_date(self, column: Smalls) -> Smalls:
        # Position -1, the last, stands for "no spell".
        return np.append(column, np.int8(UNKNOWN))[self.node_spell]

    def exists(self, node: int) -> bool:
        """Return whether anything describes or mentions the node at this date."""
        return bool(self.node_spell[node] >= 0) or any(
            self._any_live(side.rows(slots_of(side.offsets, np.array([node], dtype=np.int32))[0]))
            for side in (self.topology.out, self.topology.into)
        )

    def _any_live(self, rows: Longs | Indices) -> bool:
        return len(rows) > 0 if self.live is None else bool(self.live[rows].any())


class ViewCache:
    """The few views of one topology that were asked for last."""

    _KEPT: Final = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._views: list[DatedView] = []

    def get(self, topology: Topology, as_of: Instant, window: Interval | None) -> DatedView:
        """Return a kept view that holds for this date, else a new one."""
        with self._lock:
            for view in self._views:
                if view.same_for.holds_at(as_of) and view.window == window:
                    self._views.remove(view)
                    self._views.insert(0, view)
                    return view
        view = _view(topology, as_of, window)
        with self._lock:
            self._views.insert(0, view)
            del self._views[self._KEPT :]
        return view


def _view(topology: Topology, as_of: Instant, window: Interval | None) -> DatedView:
    rows, spells = topology.rows, topology.spells
    if window is None:
        live = (rows.valid_from <= as_of) & (as_of < rows.valid_to)
        times = [rows.valid_from, rows.valid_to, spells.valid_from, spells.valid_to]
    else:
        live = (rows.valid_from < window.end) & (window.start < rows.valid_to)
        times = [spells.valid_from, spells.valid_to]
    node_spell = np.full(topology.node_count, UNKNOWN, dtype=np.int32)
    holding = np.flatnonzero((spells.valid_from <= as_of) & (as_of < spells.valid_to))
    node_spell[spells.node[holding]] = holding
    return DatedView(
        topology=topology,
        window=window,
        live=None if live.all() else live,
        node_spell=node_spell,
        same_for=_unchanging(times, as_of),
    )


def _unchanging(times: list[Longs], moment: int) -> Interval:
    """Return the stretch around a moment in which none of these times lies, but at its start."""
    start = max((int(t[t <= moment].max(initial=_EARLIEST)) for t in times), default=_EARLIEST)
    end = min((int(t[t > moment].min(initial=_LATEST)) for t in times), default=_LATEST)
    return Interval(Instant(start), Instant(end))
