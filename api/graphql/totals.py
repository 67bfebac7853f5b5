"""Counts of an answer, as GraphQL types."""

from __future__ import annotations

import strawberry
from strawberry import field

from api.graphql.search import KindCount
from graph.vocabulary import Certainty, Harm
from queries import totals as queries_totals


@strawberry.type(description="How many states there are of a harm.")
class HarmCount:
    """A harm with numbers."""

    harm: Harm = field(description="The harm.")
    certain: int = field(description="How many states of it are certain.")
    possible: int = field(description="How many are possible only.")


@strawberry.type(description="How many nodes have a value.")
class ValueCount:
    """A value with a number."""

    value: str = field(description="The value.")
    count: int = field(description="How many nodes have it.")


@strawberry.type(description="Counts of what an answer lists; what no source says is counted apart.")
class Totals:
    """Totals as GraphQL has them."""

    complete: bool = field(description="False where a bound cut the walk: the true numbers may be greater.")
    nodes: int = field(description="How many nodes.")
    seeds: int = field(description="How many of them are those asked about.")
    states: int = field(description="How many (node, harm) states.")
    harms: list[HarmCount] = field(description="States by harm.")
    kinds: list[KindCount] = field(description="Nodes by kind.")
    environments: list[ValueCount] = field(description="Nodes by environment, the unknown ones included.")
    criticalities: list[ValueCount] = field(description="Nodes by criticality, where it is known.")
    unknown_criticality: int = field(description="Nodes of unknown criticality.")
    owners: list[ValueCount] = field(
        description="Nodes by the uid of whoever is named as accountable for them, also of those who have "
        "left; ownership says who is still there."
    )
    unowned: int = field(description="Nodes for which nobody is named.")
    unknown_owner: int = field(
        description="Nodes whose owner is only possible, or was not found where no source would tell."
    )
    not_ownable: int = field(description="Nodes that need no owner.")
    kind_unknown: int = field(description="Nodes of unknown kind: whether they need an owner is unknown.")


def totals_of(totals: queries_totals.Totals) -> Totals:
    """Return counts as GraphQL has them."""
    owners = totals.owners
    return Totals(
        complete=totals.complete,
        nodes=totals.nodes,
        seeds=totals.seeds,
        states=totals.states,
        harms=[
            HarmCount(
                harm=harm,
                certain=totals.harms.get((harm, Certainty.CERTAIN), 0),
                possible=totals.harms.get((harm, Certainty.POSSIBLE), 0),
            )
            for harm in dict.fromkeys(harm for harm, _ in totals.harms)
        ],
        kinds=[KindCount(kind=kind, count=count) for kind, count in totals.kinds.items()],
        environments=[ValueCount(value=v, count=n) for v, n in totals.environments.items()],
        criticalities=[ValueCount(value=str(v), count=n) for v, n in totals.criticalities.items()],
        unknown_criticality=totals.unknown_criticality,
        owners=[ValueCount(value=uid, count=n) for uid, n in owners.owners.items()],
        unowned=owners.unowned,
        unknown_owner=owners.unknown,
        not_ownable=owners.not_ownable,
        kind_unknown=owners.kind_unknown,
    )
