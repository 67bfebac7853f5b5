"""The drift report: every way in which two accounts of the estate can differ, looked for at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from graph.model import Uid
from queries.basis import Basis, Truncation, basis_of
from queries.drift.grants import find_ungranted
from queries.drift.owners import find_other_owners
from queries.drift.registered import Watch, find_unregistered
from queries.drift.rows import Drift, Open, Row
from queries.drift.versions import find_other_versions
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.filters import EVERYTHING, Hidden, NodeFilter

DEFAULT_REGISTRIES: Final = frozenset({"backstage", "people", "records", "tables"})
"""Sources that say what should be there; all others say what was found."""

DEFAULT_TIMES: Final = 3
_WEEK: Final = 7 * 24 * 3_600_000
_RELATIONS: Final = (
    "ABOUT",
    "CAN_ADMIN",
    "CAN_ASSUME",
    "CAN_READ",
    "DEPLOYED_AS",
    "MEMBER_OF",
    "OWNS",
    "PART_OF",
    "RUNS_AS",
    "SERVES",
    "STORED_IN",
    "USES_SECRET",
    "VERSION_OF",
    "WITHIN",
)


def _no_cadences() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DriftQuestion:
    """Ask where registered and observed differ.

    ``registries`` are plug-ins, or instances as plug-in/instance. Something is missed after
    ``times`` cadences of the source that saw it last (``cadences``, milliseconds by
    plug-in/instance, else those of the estate), or after ``otherwise`` where that has none. `after` is the
    key of the last row of the page before.
    """

    sorts: frozenset[Drift] = frozenset()
    registries: frozenset[str] = DEFAULT_REGISTRIES
    cadences: Mapping[str, int] = field(default_factory=_no_cadences)
    times: int = DEFAULT_TIMES
    otherwise: int = _WEEK
    filter: NodeFilter = EVERYTHING
    after: tuple[str, ...] | None = None
    limit: int | None = None
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class DriftAnswer:
    """The differences by sort and uid; how many of each there are, listed or not.

    `open` are the nodes of which it cannot be told, by reason: no finding, and no all-clear.
    """

    basis: Basis
    rows: tuple[Row, ...]
    counts: Mapping[Drift, int]
    open: Mapping[Open, frozenset[Uid]]
    hidden: Hidden


def key_of(row: Row) -> tuple[str, ...]:
    """Return a row's place in the order of rows: its sort, its node, and what is on the other side.

    The words tell apart a version that runs in several environments.
    """
    return str(list(Drift).index(row.drift)), row.node.uid, row.other or "", row.observed.words


def find_drift(estate: Estate, question: DriftQuestion) -> DriftAnswer:
    """Return where what is registered and what is observed differ.

    Cost: one pass over all nodes, over their descriptions, and over the edges of some relations.
    """
    view = estate.view(question.standpoint)
    nodes = {node.uid: node for node in view.all_nodes()}
    edges = view.all_edges(_RELATIONS)
    watch = Watch(question.registries, _cadences(view, question), question.times, question.otherwise)
    parts = {edge.subject.uid for edge in edges if edge.relation == "PART_OF"}
    found = (
        find_unregistered(view, list(nodes.values()), parts, watch),
        find_other_versions(view, nodes, edges),
        find_other_owners(view, nodes, edges, question.registries),
        find_ungranted(view, nodes, edges),
    )
    rows = [r for one in found for r in one.rows if not question.sorts or r.drift in question.sorts]
    shown = [row for row in rows if question.filter.admits(row.node)]
    shown = [
        row for row in sorted(shown, key=key_of) if question.after is None or key_of(row) > question.after
    ]
    listed = shown if question.limit is None else shown[: question.limit]
    cut = None
    if len(listed) < len(shown):
        cut = Truncation("limit", question.limit, hidden=len(shown) - len(listed))
    bounds = {"limit": question.limit, "times": question.times}
    return DriftAnswer(
        basis=basis_of(view, nodes.values(), shown=_RELATIONS, bounds=bounds, truncated=cut),
        rows=tuple(listed),
        counts=MappingProxyType(dict(Counter(row.drift for row in rows))),
        open=MappingProxyType({why: frozenset(uids) for one in found for why, uids in one.open.items()}),
        hidden=question.filter.hidden(row.node for row in rows),
    )


def _cadences(view: EstateView, question: DriftQuestion) -> Mapping[str, int]:
    """Return the cadences in milliseconds; the question's word goes before the estate's."""
    start = view.at.valid
    of_estate = {str(source): each.after(start) - start for source, each in view.estate.cadences.items()}
    return {**of_estate, **question.cadences}
