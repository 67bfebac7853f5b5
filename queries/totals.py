"""How many nodes and states there are, by kind, harm, owner, environment and criticality.

What no source says is never put under some value: it is counted apart. A count of what was
walked is a total only where the walk was not cut, and says which of the two it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from graph.model import Node, Uid
from graph.vocabulary import Certainty, Harm, Kind
from queries.filters import criticality_of, environment_of
from queries.ownership_rules import NodeOwnership, Reason

Value = TypeVar("Value", bound=str | int)


@dataclass(frozen=True, slots=True)
class OwnerCounts:
    """Nodes by those who are accountable for them for certain; a node with two owners counts for both.

    `unowned` have none; of `unknown` no source would say so, or their owner is only possible;
    `not_ownable` need none. Whether one of unknown kind does is unknown, too: `kind_unknown`.
    """

    owners: Mapping[Uid, int]
    unowned: int
    unknown: int
    not_ownable: int
    kind_unknown: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of what an answer lists. Every mapping is in order of its keys.

    `complete` is False where a bound cut the walk: the counts are then of what was walked,
    and the true numbers may be greater. Of the `nodes`, `seeds` are those asked about. `kinds`,
    `environments`, `criticalities` and `owners` count nodes, `harms` counts states by harm and
    certainty. The environment ``unknown`` and `unknown_criticality` count nodes of which no
    source says it.
    """

    complete: bool
    nodes: int
    seeds: int
    states: int
    harms: Mapping[tuple[Harm, Certainty], int]
    kinds: Mapping[Kind, int]
    environments: Mapping[str, int]
    criticalities: Mapping[int, int]
    unknown_criticality: int
    owners: OwnerCounts


def totals_of(
    nodes: Collection[Node],
    states: Iterable[tuple[Harm, Certainty]],
    ownerships: Mapping[Uid, NodeOwnership],
    *,
    seeds: Collection[Uid],
    complete: bool,
) -> Totals:
    """Return the counts of some nodes, each given once, and of the states at them."""
    counted = Counter(states)
    criticalities = [criticality_of(node) for node in nodes]
    return Totals(
        complete=complete,
        nodes=len(nodes),
        seeds=sum(node.uid in seeds for node in nodes),
        states=sum(counted.values()),
        harms=MappingProxyType({pair: counted[pair] for pair in sorted(counted)}),
        kinds=counted_by(node.kind for node in nodes),
        environments=counted_by(environment_of(node) for node in nodes),
        criticalities=counted_by(value for value in criticalities if value is not None),
        unknown_criticality=criticalities.count(None),
        owners=_owner_counts(nodes, ownerships),
    )


def counted_by(values: Iterable[Value]) -> Mapping[Value, int]:
    """Return how often each value occurs, in order of the values."""
    return MappingProxyType(dict(sorted(Counter(values).items())))


def _owner_counts(nodes: Iterable[Node], ownerships: Mapping[Uid, NodeOwnership]) -> OwnerCounts:
    owners: Counter[Uid] = Counter()
    unowned = unknown = not_ownable = kind_unknown = 0
    for node in nodes:
        found = ownerships.get(node.uid)
        if node.kind is Kind.UNKNOWN:
            kind_unknown += 1
        elif found is None:
            not_ownable += 1
        elif sure := [owner.uid for owner in found.owners if owner.is_certain]:
            owners.update(sure)
        elif found.owners or Reason.NOT_ASSESSED in found.reasons:
            unknown += 1
        else:
            unowned += 1
    by_uid = MappingProxyType(dict(sorted(owners.items())))
    return OwnerCounts(by_uid, unowned, unknown, not_ownable, kind_unknown)
