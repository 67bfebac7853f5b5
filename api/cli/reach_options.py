"""What `blast-radius` and `exposure` may be told, and the question terms that it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.settings import Settings
    from graph.model import Interval
    from graph.walk import Bounds, EdgeBetween, Without
    from queries.estate import EstateView, Standpoint
    from queries.reach import ReachFilter

UidsArgument = Annotated[
    list[str], typer.Argument(metavar="UID...", help="Uids, or names that only one node has.")
]
HarmOption = Annotated[str, typer.Option("--harm", metavar="HARM", help="The harm, such as DISCLOSED.")]
MaxHopsOption = Annotated[
    int | None, typer.Option("--max-hops", min=0, metavar="N", help="Walk so many hops; 0 is without bound.")
]
MaxNodesOption = Annotated[
    int | None,
    typer.Option(
        "--max-nodes", min=0, metavar="N", help="Keep so many (node, harm) states; 0 is without bound."
    ),
]
MaxSecondsOption = Annotated[
    float | None,
    typer.Option("--max-seconds", min=0, metavar="S", help="Walk so long; 0 is without bound."),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="UID", help="As if this node were not there; may be repeated."),
]
WithoutEdgeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without-edge",
        metavar="EDGE",
        help="As if this edge were not there: its id, or 'SUBJECT RELATION OBJECT'; may be repeated.",
    ),
]
DuringOption = Annotated[
    str | None,
    typer.Option(
        "--during",
        metavar="FROM..TO",
        help="Count every edge that holds at any time in this window; its start is when the harm began.",
    ),
]
OnlyHarmOption = Annotated[
    list[str] | None, typer.Option("--only-harm", metavar="HARM", help="List this harm only; repeatable.")
]
KindOption = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="List this kind only; repeatable.")
]
EnvironmentOption = Annotated[
    list[str] | None,
    typer.Option("--environment", metavar="NAME", help="List this environment only ('unknown' too)."),
]
CriticalityOption = Annotated[
    int | None,
    typer.Option("--min-criticality", min=0, max=4, metavar="N", help="List this criticality and above."),
]
CertainOption = Annotated[bool, typer.Option("--certain", help="List what is certain only.")]
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, metavar="N", help="Print so many rows of each list; 0 is all.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Print all rows.")]


def bounds_of(settings: Settings, hops: int | None, states: int | None, seconds: float | None) -> Bounds:
    """Return the bounds of a walk: the flags, else the settings; 0 is without bound."""
    from graph.walk import Bounds

    hops = settings.max_hops if hops is None else hops
    states = settings.max_nodes if states is None else states
    seconds = settings.max_seconds if seconds is None else seconds
    return Bounds(hops or None, states or None, seconds or None)


def without_of(view: EstateView, nodes: Iterable[str] | None, edges: Iterable[str] | None) -> Without:
    """Return what a what-if question takes away.

    Raises:
        NodeNotFound: for a node that is not there.
        InvalidQuestion: for an edge that cannot be read.
    """
    from api.uids import meant_by
    from graph.model import EdgeId
    from graph.walk import Without

    between: set[EdgeBetween] = set()
    ids: set[EdgeId] = set()
    for text in edges or ():
        stated = edge_stated(text)
        if stated is None:
            ids.add(EdgeId(text))
        else:
            between.add(stated)
    uids = frozenset(meant.uid for meant in meant_by(view, tuple(nodes or ())))
    return Without(uids, frozenset(ids), frozenset(between))


def edge_stated(text: str) -> EdgeBetween | None:
    """Return an edge from ``SUBJECT RELATION OBJECT``; None where the text is no such sentence.

    Raises:
        InvalidQuestion: where the text can be read in several ways.

    >>> edge_stated("the key AUTHENTICATES the account").object
    'the account'
    """
    from graph.errors import InvalidQuestion
    from graph.model import Uid
    from graph.vocabulary import VOCABULARY
    from graph.walk import EdgeBetween

    found = [
        EdgeBetween(term.name, Uid(text[:place]), Uid(text[place + len(term.name) + 2 :]))
        for term in VOCABULARY.relations
        for place in _places(text, f" {term.name} ")
    ]
    if len(found) > 1:
        raise InvalidQuestion("without_edge", f"{text!r} can be read in several ways", "an edge's id")
    return found[0] if found else None


def _places(text: str, word: str) -> list[int]:
    return [place for place in range(len(text)) if text.startswith(word, place)]


def filter_of(
    harms: list[str] | None,
    kinds: list[str] | None,
    environments: list[str] | None,
    min_criticality: int | None,
    *,
    is_certain: bool,
) -> ReachFilter:
    """Return which states are listed."""
    from api import words
    from graph.vocabulary import Certainty, Harm
    from queries.filters import NodeFilter
    from queries.reach import ReachFilter

    return ReachFilter(
        NodeFilter(words.kinds(kinds), words.environments(environments), min_criticality),
        words.words(Harm, harms, "harm"),
        Certainty.CERTAIN if is_certain else None,
    )


def window_of(text: str | None) -> Interval | None:
    """Return the window ``FROM..TO``, half-open; without an end it is open.

    Raises:
        InvalidQuestion: for a text that is no window.

    >>> window_of("2026-01-01..2026-01-02")
    Interval(start=1767225600000, end=1767312000000)
    """
    from api.times import moment
    from graph.errors import InvalidQuestion
    from graph.model import OPEN_END, Interval

    if text is None:
        return None
    start, separator, end = text.partition("..")
    expected = "FROM..TO or FROM.., with FROM before TO"
    if not separator or not start:
        raise InvalidQuestion("during", f"{text!r} is no window", expected)
    window = Interval(moment(start, "during"), moment(end, "during") if end else OPEN_END)
    if window.start >= window.end:
        raise InvalidQuestion("during", f"{text!r} holds no moment", expected)
    return window


def pinned(view: EstateView, rules: int | None) -> Standpoint:
    """Return the standpoint that a view came to, so that a second look sees the same."""
    from queries.estate import Standpoint

    return Standpoint(as_of=view.at.valid, known=view.at.known, rules_version=rules)
