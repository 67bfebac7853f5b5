"""What a question to the walk may say: bounds, what to leave out, what to list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, TypeAlias, TypeVar

import strawberry
from strawberry import field

from api.times import instant_of
from graph import errors
from graph.model import OPEN_END, EdgeId, Interval, Uid
from graph.vocabulary import Certainty, Harm, Kind
from graph.walk import Bounds, EdgeBetween, Without
from queries.filters import NodeFilter
from queries.reach import DEFAULT_BOUNDS, ReachFilter, WalkTerms

MOST_STATES: Final = 100_000
MOST_SECONDS: Final = 30.0

Number = TypeVar("Number", int, float)


@strawberry.input(
    name="WalkBounds",
    description="How far a walk goes. 0 is without a bound of the question's own; the server's then holds.",
)
class WalkBounds:
    """Bounds as GraphQL has them."""

    max_hops: int | None = field(default=None, description="Hops; 50 if absent, 0 is without bound.")
    max_nodes: int | None = field(
        default=None, description="(node, harm) states; 10000 if absent, 0 and at most 100000."
    )
    max_seconds: float | None = field(default=None, description="Seconds; 10 if absent, 0 and at most 30.")


@strawberry.input(name="WithoutEdge", description="An edge, by what it says.")
class WithoutEdge:
    """An edge to be left out."""

    relation: str = field(description="Its relation.")
    subject: strawberry.ID = field(description="Any uid of its subject.")
    object: strawberry.ID = field(description="Any uid of its object.")


@strawberry.input(name="WithoutInput", description="What a what-if question takes away.")
class WithoutInput:
    """What is to be left out."""

    nodes: list[strawberry.ID] | None = field(default=None, description="Nodes, by any of their uids.")
    edges: list[strawberry.ID] | None = field(default=None, description="Edges, by id.")
    between: list[WithoutEdge] | None = field(default=None, description="Edges, by what they say.")


@strawberry.input(name="During", description="A window of time, from its start up to but without its end.")
class During:
    """A window."""

    start: datetime = field(description="Its start, with a zone; it is also when the harm began.")
    end: datetime | None = field(default=None, description="Its end, with a zone; open if absent.")


@strawberry.input(name="ReachFilter", description="What is listed of what was reached; all if absent.")
class ReachFilterInput:
    """Which states are listed."""

    kinds: list[Kind] | None = field(default=None, description="Only nodes of these kinds.")
    environments: list[str] | None = field(
        default=None,
        description="Only nodes in these environments; unknown for those without one, which are "
        "counted apart where it is not asked for.",
    )
    min_criticality: int | None = field(
        default=None, description="Only nodes of this criticality and above; unknown ones are counted apart."
    )
    harms: list[Harm] | None = field(default=None, description="Only these harms.")
    certainty: Certainty | None = field(default=None, description="Only states of this certainty.")


BoundsArgument: TypeAlias = Annotated[
    WalkBounds | None, strawberry.argument(description="How far to walk; see WalkBounds.")
]
WithoutArgument: TypeAlias = Annotated[
    WithoutInput | None, strawberry.argument(description="As if these nodes and edges were not there.")
]
DuringArgument: TypeAlias = Annotated[
    During | None, strawberry.argument(description="Count every edge that holds at any time in a window.")
]
FilterArgument: TypeAlias = Annotated[
    ReachFilterInput | None, strawberry.argument(description="What to list; walks the same.")
]


def terms_of(bounds: WalkBounds | None, without: WithoutInput | None, during: During | None) -> WalkTerms:
    """Return what a question says beside its seeds.

    Raises:
        InvalidQuestion: for bounds beyond what a server walks, or a window without time.
    """
    window = window_of(during)
    return WalkTerms(
        bounds=_bounds_of(bounds or WalkBounds()),
        without=_without_of(without or WithoutInput()),
        during=window,
        since=None if window is None else window.start,
    )


def filter_of(given: ReachFilterInput | None) -> ReachFilter:
    """Return which states are listed.

    Raises:
        InvalidQuestion: for a criticality that nothing can have.
    """
    given = given or ReachFilterInput()
    nodes = NodeFilter(
        frozenset(given.kinds or ()), frozenset(given.environments or ()), given.min_criticality
    )
    return ReachFilter(nodes, frozenset(given.harms or ()), given.certainty)


def window_of(during: During | None) -> Interval | None:
    """Return a window of time.

    Raises:
        InvalidQuestion: for a time without a zone or outside the calendar, or an end that is not
            after the start.
    """
    if during is None:
        return None
    end = OPEN_END if during.end is None else instant_of(during.end, "during")
    window = Interval(instant_of(during.start, "during"), end)
    if window.start >= window.end:
        raise errors.InvalidQuestion("during", "the window holds no moment", "a start before the end")
    return window


def _bounds_of(given: WalkBounds) -> Bounds:
    default = DEFAULT_BOUNDS
    return Bounds(
        bound_of("max_hops", given.max_hops, default.max_hops, None),
        bound_of("max_nodes", given.max_nodes, default.max_states, MOST_STATES),
        bound_of("max_seconds", given.max_seconds, default.max_seconds, MOST_SECONDS),
    )


def bound_of(name: str, given: Number | None, default: Number | None, most: Number | None) -> Number | None:
    """Return a bound as it is asked for: 0 is without one, but for the most that the server gives.

    Raises:
        InvalidQuestion: for less than 0, or more than the server gives.

    >>> bound_of("max_nodes", None, 10, 100), bound_of("max_nodes", 0, 10, 100)
    (10, 100)
    """
    if given is None:
        return default
    if given < 0 or (most is not None and given > most):
        up_to = "or more" if most is None else f"to {most:g}"
        raise errors.InvalidQuestion(name, f"{given:g}", f"0 {up_to}; 0 is without bound")
    return given or most


def _without_of(given: WithoutInput) -> Without:
    return Without(
        nodes=frozenset(Uid(uid) for uid in given.nodes or ()),
        edges=frozenset(EdgeId(eid) for eid in given.edges or ()),
        between=frozenset(
            EdgeBetween(edge.relation, Uid(edge.subject), Uid(edge.object)) for edge in given.between or ()
        ),
    )
