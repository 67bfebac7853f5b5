"""Where what is registered and what is observed differ."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import field

from api.cursors import Place, resumed
from api.graphql.at import standpoint_of, time_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, brief_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_size
from graph.vocabulary import Certainty, Kind
from queries.drift import (
    DEFAULT_REGISTRIES,
    DriftAnswer,
    DriftQuestion,
    Open,
    Row,
    Side,
    find_drift,
    key_of,
)
from queries.drift import Drift as Sort
from queries.filters import NodeFilter

_FIRST = 100


@strawberry.type(description="A claim behind one account.")
class DriftClaim:
    """A claim."""

    claim_id: strawberry.ID = field(description="The claim's id.")
    source: str = field(description="Who says it.")
    about: str = field(description="The uid or the edge that it is about.")
    valid_from: datetime | None = field(description="From when it holds.")
    valid_to: datetime | None = field(description="Until when; null if nobody has ended it.")


@strawberry.type(description="One account of a node.")
class DriftSide:
    """A side."""

    words: str = field(description="What it says.")
    claims: list[DriftClaim] = field(description="The claims that say it; none where nobody says anything.")


@strawberry.type(description="One difference between what is registered and what is observed.")
class DriftRow:
    """A row."""

    drift: Sort = field(description="How the accounts differ.")
    node: NodeBrief = field(description="The node.")
    other: strawberry.ID | None = field(description="The node on the other side, where there is one.")
    certainty: Certainty = field(description="Whether it is certain.")
    registered: DriftSide = field(description="What should be, and who says so.")
    observed: DriftSide = field(description="What is, and who says so.")


@strawberry.type(description="How many differences of a sort there are.")
class DriftCount:
    """A count."""

    drift: Sort = field(description="The sort.")
    count: int = field(description="How many, listed or not.")


@strawberry.type(description="Nodes of which it cannot be told whether they drift.")
class DriftUnknown:
    """An open question."""

    why: Open = field(description="Why not.")
    uids: list[strawberry.ID] = field(description="Which nodes.")


@strawberry.type(description="The drift report.")
class DriftReport:
    """A report."""

    basis: Basis = field(description="On what the answer stands.")
    rows: list[DriftRow] = field(description="The differences, by sort and uid.")
    page_info: PageInfo = field(description="Where the page ends.")
    counts: list[DriftCount] = field(description="How many there are of each sort.")
    unknown: list[DriftUnknown] = field(description="What cannot be told: no finding, and no all-clear.")
    left_out: int = field(description="How many the filter leaves out only for what is not known of them.")


DriftResult = Annotated[
    DriftReport | NotFound | InvalidQuestion,
    strawberry.union("DriftResult", description="A drift report, or why there is none."),
]


def resolve_drift(
    info: Info,
    sorts: Annotated[
        list[Sort] | None, strawberry.argument(description="Only these sorts; all if absent.")
    ] = None,
    registries: Annotated[
        list[str] | None,
        strawberry.argument(
            description="Sources that say what should be there, as plug-in or plug-in/instance; "
            "backstage, people, records and tables if absent."
        ),
    ] = None,
    kinds: Annotated[
        list[Kind] | None, strawberry.argument(description="Only nodes of these kinds; all if absent.")
    ] = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> DriftResult:
    """Answer `drift`."""
    return asked(
        lambda: _drift(
            info, sorts or [], registries or [], kinds or [], first, resumed(after, standpoint_of(at))
        )
    )


def _drift(
    info: Info, sorts: list[Sort], registries: list[str], kinds: list[Kind], first: int, place: Place
) -> DriftReport:
    question = DriftQuestion(
        sorts=frozenset(sorts),
        registries=frozenset(registries) or DEFAULT_REGISTRIES,
        filter=NodeFilter(frozenset(kinds)),
        after=place.key,
        limit=page_size(first),
        standpoint=place.standpoint,
    )
    return _report_of(find_drift(info.context.session.estate, question), place)


def _report_of(answer: DriftAnswer, place: Place) -> DriftReport:
    end = None if answer.basis.truncated is None else place.after(answer.basis, key_of(answer.rows[-1]))
    return DriftReport(
        basis=basis_of(answer.basis),
        page_info=PageInfo(has_next_page=end is not None, end_cursor=end),
        rows=[_row_of(row) for row in answer.rows],
        counts=[DriftCount(drift=sort, count=count) for sort, count in answer.counts.items()],
        unknown=[
            DriftUnknown(why=why, uids=[strawberry.ID(uid) for uid in sorted(uids)])
            for why, uids in sorted(answer.open.items())
        ],
        left_out=answer.hidden.total,
    )


def _row_of(row: Row) -> DriftRow:
    return DriftRow(
        drift=row.drift,
        node=brief_of(row.node),
        other=None if row.other is None else strawberry.ID(row.other),
        certainty=row.certainty,
        registered=_side_of(row.registered),
        observed=_side_of(row.observed),
    )


def _side_of(side: Side) -> DriftSide:
    claims = [
        DriftClaim(
            claim_id=strawberry.ID(said.claim_id),
            source=str(said.source),
            about=said.about,
            valid_from=time_of(said.valid.start),
            valid_to=time_of(said.valid.end),
        )
        for said in side.claims
    ]
    return DriftSide(words=side.words, claims=claims)


@strawberry.type
class DriftQuery:
    """The drift report."""

    drift: DriftResult = field(
        resolver=resolve_drift,
        description="Where what is registered and what is observed differ, with both accounts.",
    )
