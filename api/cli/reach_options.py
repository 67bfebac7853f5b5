"""What `blast-radius` and `exposure` may be told, and the question terms that it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.cli.asked import Asking
    from graph.model import Interval
    from graph.walk import Bounds, EdgeBetween, Without
    from queries.filters import NodeFilter
    from queries.reach import ReachFilter, WalkTerms

UidsArgument = Annotated[
    list[str], typer.Argument(metavar="UID...", help="Uids, or names or external ids that one node has.")
]
HarmOption = Annotated[str, typer.Option("--harm", metavar="HARM", help="The harm, such as DISCLOSED.")]
UidsOrLeaksArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="UID...", help="Uids, or names or external ids that one node has."),
]
HarmOfLeaksOption = Annotated[
    str | None,
    typer.Option("--harm", metavar="HARM", help="The harm; DISCLOSED with --known-leaks, if not given."),
]
KnownLeaksOption = Annotated[
    bool,
    typer.Option(
        "--known-leaks",
        help="Start from every secret that stands where it was found, unless it is known to be dead.",
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
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, metavar="N", help="Print so many rows of each list; 0 is all.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Print all rows.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkOptions:
    """How a walk goes: its bounds, what it leaves out, and the window that it counts."""

    max_hops: Annotated[
        int | None,
        typer.Option("--max-hops", min=0, metavar="N", help="Walk so many hops; 0 is without bound."),
    ] = None
    max_nodes: Annotated[
        int | None,
        typer.Option(
            "--max-nodes", min=0, metavar="N", help="Keep so many (node, harm) states; 0 is without bound."
        ),
    ] = None
    max_seconds: Annotated[
        float | None,
        typer.Option("--max-seconds", min=0, metavar="S", help="Walk so long; 0 is without bound."),
    ] = None
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="UID", help="As if this node were not there; may be repeated."),
    ] = None
    without_edge: Annotated[
        list[str] | None,
        typer.Option(
            "--without-edge",
            metavar="EDGE",
            help="As if this edge were not there: its id, or 'SUBJECT RELATION OBJECT'; may be repeated.",
        ),
    ] = None
    during: DuringOption = None

    def terms(self, asking: Asking) -> WalkTerms:
        """Return what the options come to on an opened ledger.

        Raises:
            NodeNotFound: for a node to be left out that is not there.
            InvalidQuestion: for an edge or a window that cannot be read.
        """
        from queries.reach import WalkTerms

        window = window_of(self.during)
        return WalkTerms(
            bounds=self._bounds(asking),
            without=without_of(asking, self.without or (), self.without_edge or (), window),
            during=window,
            since=None if window is None else window.start,
        )

    def _bounds(self, asking: Asking) -> Bounds:
        """Return the bounds: the flags, else the settings; 0 is without bound."""
        from graph.walk import Bounds

        settings = asking.session.settings
        hops = settings.max_hops if self.max_hops is None else self.max_hops
        states = settings.max_nodes if self.max_nodes is None else self.max_nodes
        seconds = settings.max_seconds if self.max_seconds is None else self.max_seconds
        return Bounds(hops or None, states or None, seconds or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFilterOptions:
    """Which nodes are listed."""

    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="List this kind only; repeatable.")
    ] = None
    environment: Annotated[
        list[str] | None,
        typer.Option("--environment", metavar="NAME", help="List this environment only ('unknown' too)."),
    ] = None
    min_criticality: Annotated[
        int | None,
        typer.Option("--min-criticality", min=0, max=4, metavar="N", help="List this criticality and above."),
    ] = None

    def nodes(self) -> NodeFilter:
        """Return the filter.

        Raises:
            InvalidQuestion: for a kind or an environment that there is not.
        """
        from api import words
        from queries.filters import NodeFilter

        return NodeFilter(words.kinds(self.kind), words.environments(self.environment), self.min_criticality)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFilterOptions(NodeFilterOptions):
    """Which states are listed."""

    only_harm: Annotated[
        list[str] | None,
        typer.Option("--only-harm", metavar="HARM", help="List this harm only; repeatable."),
    ] = None
    certain: Annotated[bool, typer.Option("--certain", help="List what is certain only.")] = False

    def states(self) -> ReachFilter:
        """Return the filter.

        Raises:
            InvalidQuestion: for a harm, a kind or an environment that there is not.
        """
        from api import words
        from graph.vocabulary import Certainty, Harm
        from queries.reach import ReachFilter

        certainty = Certainty.CERTAIN if self.certain else None
        return ReachFilter(self.nodes(), words.words(Harm, self.only_harm, "harm"), certainty)


def without_of(
    asking: Asking, nodes: Iterable[str], edges: Iterable[str], during: Interval | None
) -> Without:
    """Return what a what-if question takes away; with `during` also what is there only in that window.

    Raises:
        NodeNotFound: for a node that is not there.
        InvalidQuestion: for an edge that cannot be read.
    """
    from graph.model import EdgeId
    from graph.walk import EdgeBetween, Without

    between: set[EdgeBetween] = set()
    ids: set[EdgeId] = set()
    for text in edges:
        stated = edge_stated(text)
        if stated is None:
            ids.add(EdgeId(text))
        else:
            subject, object_ = asking.meant([stated.subject, stated.object], during)
            between.add(EdgeBetween(stated.relation, subject.uid, object_.uid))
    uids = frozenset(meant.uid for meant in asking.meant(tuple(nodes), during))
    return Without(uids, frozenset(ids), frozenset(between))


def edge_stated(text: str) -> EdgeBetween | None:
    """Return an edge from ``SUBJECT RELATION OBJECT``, in the words given; None where it is no such sentence.

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
