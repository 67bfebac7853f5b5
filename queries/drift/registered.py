"""Shadow and unseen: what is observed and not registered, and what is registered and not observed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model import ClaimRow, Instant, Node, NodeFacts, SourceInstance, Uid, as_text
from graph.vocabulary import Certainty, Kind
from queries.drift.rows import Drift, Found, Open, Row, Said, Side, is_registry
from queries.estate import EstateView

REGISTRABLE: Final = frozenset(
    {
        "agent",
        "application",
        "endpoint",
        "mcp_server",
        "model",
        "pipeline",
        "service",
        "tool",
        "vector_store",
        "workload",
    }
)
"""Types of assets that an organisation keeps a register of; parts, versions and packages come with these."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What counts as a registry, and after how long without being seen something is missed.

    ``cadences`` are milliseconds by source instance as ``plug-in/instance``, ``times`` how often
    that may pass; ``otherwise`` holds for sources without a cadence.
    """

    registries: frozenset[str]
    cadences: Mapping[str, int]
    times: int
    otherwise: int

    def patience(self, source: SourceInstance) -> int:
        """Return how many milliseconds a source may not see something before it is missed."""
        cadence = self.cadences.get(str(source))
        return self.otherwise if cadence is None else cadence * self.times


def find_unregistered(
    view: EstateView, nodes: Collection[Node], parts: Collection[Uid], watch: Watch
) -> Found:
    """Return what differs between the registries and all other sources.

    What is part of something else (a pod of its deployment) needs no entry of its own.

    Cost: one pass over the descriptions of all nodes.
    """
    found = Found()
    told = _descriptions(view, {node.uid for node in nodes if _is_registrable(node)})
    listing = _Listing(_kinds_listed(view, watch))
    for node in nodes:
        if _is_registrable(node):
            listing.add(node, told.get(node.uid, []), watch, view)
    for node in nodes:
        if not _is_registrable(node):
            continue
        rows = told.get(node.uid, [])
        registered = [r for r in rows if is_registry(r.claim.scope.source, watch.registries)]
        observed = [r for r in rows if not is_registry(r.claim.scope.source, watch.registries)]
        living = [row for row in observed if row.holds(view.at)]
        if living and node.uid not in parts and not any(row.holds(view.at) for row in registered):
            _shadow(found, node, living, registered, listing)
        elif any(row.holds(view.at) for row in registered) and not living:
            _unseen(found, view, node, [row for row in registered if row.holds(view.at)], observed, watch)
    return found


@dataclass
class _Listing:
    """What registries hold: kinds that were read whole, types that occur, and names that nobody observed."""

    kinds: frozenset[str]
    types: set[str | None] = field(default_factory=set[str | None])
    _unmet: dict[str, Uid] = field(default_factory=dict[str, Uid])

    def add(self, node: Node, rows: Collection[ClaimRow], watch: Watch, view: EstateView) -> None:
        """Take note of a node, if a registry has it."""
        by_registry = [is_registry(row.claim.scope.source, watch.registries) for row in rows]
        if any(found and row.holds(view.at) for found, row in zip(by_registry, rows, strict=True)):
            self.types.add(node.type)
            if all(by_registry) and node.name:
                self._unmet.setdefault(node.name.casefold(), node.uid)

    def doubt(self, node: Node) -> str | None:
        """Return why what is in no registry may be in one all the same; None where nothing says so."""
        namesake = self._unmet.get((node.name or "").casefold())
        if namesake is not None:
            return f"unless it is {namesake}, which has its name and was never observed"
        return None if node.type in self.types else "nor anything of its type"


def _is_registrable(node: Node) -> bool:
    return node.described and (
        node.kind is Kind.DATASET or (node.kind is Kind.ASSET and node.type in REGISTRABLE)
    )


def _descriptions(view: EstateView, uids: Collection[Uid]) -> Mapping[Uid, list[ClaimRow]]:
    """Return all rows that ever described these nodes and still stand, whatever their time."""
    told: dict[Uid, list[ClaimRow]] = defaultdict(list)
    picture = view.ledger.picture(view.at.known)
    for row in picture.node_rows(uids) if uids else ():
        if isinstance(row.claim.about, NodeFacts) and row.valid.start <= view.at.valid:
            told[picture.identity.canonical(row.claim.about.uid)].append(row)
    return told


def _kinds_listed(view: EstateView, watch: Watch) -> frozenset[str]:
    """Return the kinds of which some registry has been read whole."""
    return frozenset(
        kind
        for scope, covered in view.coverage.scopes.items()
        if is_registry(scope.source, watch.registries)
        for kind in covered.kinds
    )


def _shadow(
    found: Found,
    node: Node,
    living: list[ClaimRow],
    registered: list[ClaimRow],
    listing: _Listing,
) -> None:
    if node.kind not in listing.kinds:
        found.leave_open(Open.NO_REGISTRY, node.uid)
        return
    former = tuple(map(Said.of, registered))
    doubt = None if former else listing.doubt(node)
    words = "it was registered once, and no longer is" if former else "no registry has it"
    side = Side(words if doubt is None else f"{words}, {doubt}", former)
    seen = Side("it is observed", tuple(map(Said.of, living)))
    certainty = Certainty.CERTAIN if doubt is None else Certainty.POSSIBLE
    found.rows.append(Row(Drift.SHADOW, node, side, seen, certainty))


def _unseen(
    found: Found,
    view: EstateView,
    node: Node,
    registered: list[ClaimRow],
    observed: list[ClaimRow],
    watch: Watch,
) -> None:
    if not observed:
        found.leave_open(Open.NEVER_OBSERVED, node.uid)
        return
    last = max(observed, key=lambda row: row.valid.end)
    gone = Instant(last.valid.end)
    if view.at.valid - gone < watch.patience(last.claim.scope.source):
        return
    words = f"no source has observed it since {as_text(gone)}"
    said = Side("it is registered", tuple(map(Said.of, registered)))
    found.rows.append(Row(Drift.UNSEEN, node, said, Side(words, (Said.of(last),))))
