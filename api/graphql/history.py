"""What was ever said about a node."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import field

from api.graphql.at import standpoint_of, time_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, Contested, ExternalId, UidArgument, contested_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import First, page_size
from api.said import said, texts_of
from graph.model import OPEN_RECORD, ClaimRow, CommitNumber, PropertyValue, Uid
from graph.model import Basis as ValidFrom
from graph.vocabulary import Certainty, Origin
from queries.history import Event, HistoryQuestion, What, find_history

_FIRST = 50


@strawberry.type(description="A value that a claim gives differently than before.")
class ValueChange:
    """A change."""

    name: str = field(description="The value's name.")
    before: list[str] = field(description="As it was; empty where there was none.")
    after: list[str] = field(description="As it is; empty where there is none.")


@strawberry.type(description="One version of a claim.")
class ClaimVersion:
    """A claim as it stood between two commits."""

    claim: strawberry.ID = field(description="The claim's id, the same for all its versions.")
    row: strawberry.ID = field(description="The key of this version; a refutation can name it.")
    content_digest: str = field(description="The digest of what it says, which a refutation is of.")
    source: str = field(description="The source instance that says it.")
    scope: str = field(description="In which scope.")
    says: str = field(description="What it says, in words.")
    valid_from: datetime | None = field(description="From when on it holds; null for always.")
    valid_from_is: ValidFrom = field(description="Where that comes from.")
    valid_to: datetime | None = field(description="Until when; null for an open end.")
    origin: Origin = field(description="Where the claim comes from.")
    certainty: Certainty = field(description="Whether the source is certain.")
    condition: str | None = field(description="On what it depends, in words, where it is possible only.")
    supports: list[strawberry.ID] = field(description="The claims that a derived one rests on.")
    locator: str | None = field(description="Where it stands in the source.")
    run: str | None = field(description="The run that first said it.")
    read_at: datetime | None = field(description="When the source was read that first said it.")
    said_in: int = field(description="The commit that first said it.")
    recorded_from: int = field(
        description="The commit that recorded this version; later than saidIn where it was split or ended."
    )
    recorded_to: int | None = field(description="The commit that ended it; null while it stands.")
    erased: list[str] = field(description="Personal properties whose values have been erased.")


@strawberry.type(description="One thing that one commit did.")
class HistoryEvent:
    """An event."""

    what: What = field(description="What it did.")
    commit: int = field(description="The commit's number.")
    recorded_at: datetime | None = field(description="When it was recorded.")
    actor: str = field(description="By whom.")
    run: str | None = field(description="In which run.")
    reason: str | None = field(description="The reason that the person gave.")
    claim: strawberry.ID | None = field(description="The claim it is about.")
    recorded: list[ClaimVersion] = field(description="What stands since.")
    ended: list[ClaimVersion] = field(description="What no longer stands since.")
    changes: list[ValueChange] = field(description="What is said differently.")
    refuted: bool = field(description="Whether what was recorded is refuted.")
    said: list[ClaimVersion] = field(
        description="For a refutation and its lifting: what is wrong, or is not after all."
    )
    uids: list[strawberry.ID] = field(description="For a merge, both uids.")


@strawberry.type(description="A join that external ids suggest and that is not made.")
class JoinConflict:
    """A conflict."""

    uids: list[strawberry.ID] = field(description="The uids that would be one thing.")
    external_ids: list[ExternalId] = field(description="The ids that suggest it.")
    reason: str = field(description="Why they are not joined.")


@strawberry.type(
    description="What was ever said about a node: the newest events in the order of commits. Within a "
    "commit claims come before decisions: claims by the time from which they hold, then what describes a "
    "node before its edges, these by relation, subject and object, then by source and scope."
)
class History:
    """A history."""

    basis: Basis = field(description="On what the answer stands.")
    uid: strawberry.ID = field(description="The canonical uid.")
    members: list[strawberry.ID] = field(description="All uids that are the same thing.")
    conflicts: list[JoinConflict] = field(
        description="Joins that external ids suggest and that are not made."
    )
    contested: list[Contested] = field(description="Where sources contradict each other at these times.")
    events: list[HistoryEvent] = field(description="The events, oldest first.")
    next_before: int | None = field(description="What to pass as before for older ones; null at the end.")


HistoryResult = Annotated[
    History | NotFound | InvalidQuestion,
    strawberry.union("HistoryResult", description="A history, or why there is none."),
]


def resolve_history(
    info: Info,
    uid: UidArgument,
    edges: Annotated[bool, strawberry.argument(description="Claims about its edges too.")] = True,  # noqa: FBT002 - an argument of the API
    first: First = _FIRST,
    before: Annotated[
        int | None, strawberry.argument(description="Only commits with smaller numbers.")
    ] = None,
    at: AtArgument = None,
) -> HistoryResult:
    """Answer `history`."""

    def answer() -> History:
        question = HistoryQuestion(
            uid=Uid(uid),
            edges=edges,
            before=None if before is None else CommitNumber(before),
            limit=page_size(first),
            standpoint=standpoint_of(at),
        )
        found = find_history(info.context.session.estate, question)
        return History(
            basis=basis_of(found.basis),
            uid=strawberry.ID(found.uid),
            members=[strawberry.ID(member) for member in found.members],
            conflicts=[
                JoinConflict(
                    uids=[strawberry.ID(one) for one in c.uids],
                    external_ids=[ExternalId(scheme=i.scheme, value=i.value) for i in c.external_ids],
                    reason=c.reason,
                )
                for c in found.conflicts
            ],
            contested=contested_of(found.contested),
            events=[_event_of(event) for event in found.events],
            next_before=found.next_before,
        )

    return asked(answer)


def _event_of(event: Event) -> HistoryEvent:
    return HistoryEvent(
        what=event.what,
        commit=event.commit.sequence,
        recorded_at=time_of(event.commit.recorded_at),
        actor=event.commit.actor,
        run=event.commit.run,
        reason=event.reason,
        claim=None if event.claim_id is None else strawberry.ID(event.claim_id),
        recorded=[_version_of(row) for row in event.recorded],
        ended=[_version_of(row) for row in event.ended],
        changes=[
            ValueChange(name=c.name, before=_texts(c.before), after=_texts(c.after)) for c in event.changes
        ],
        refuted=event.refuted,
        said=[_version_of(row) for row in event.said],
        uids=[strawberry.ID(uid) for uid in event.uids],
    )


def _version_of(row: ClaimRow) -> ClaimVersion:
    claim = row.claim
    return ClaimVersion(
        claim=strawberry.ID(row.claim_id),
        row=strawberry.ID(row.key),
        content_digest=row.content_digest,
        source=str(claim.scope.source),
        scope=claim.scope.name,
        says=said(row),
        valid_from=time_of(row.valid.start),
        valid_from_is=row.basis,
        valid_to=time_of(row.valid.end),
        origin=claim.origin,
        certainty=claim.certainty,
        condition=claim.condition,
        supports=[strawberry.ID(support) for support in claim.supports],
        locator=claim.locator,
        run=row.run,
        read_at=time_of(row.read_at),
        said_in=row.said_in,
        recorded_from=row.recorded_from,
        recorded_to=None if row.recorded_to >= OPEN_RECORD else row.recorded_to,
        erased=list(row.erased),
    )


def _texts(value: PropertyValue | None) -> list[str]:
    return [] if value is None else texts_of(value)


@strawberry.type
class HistoryQuery:
    """History."""

    history: HistoryResult = field(
        resolver=resolve_history, description="Who said what about a node, and when it was learned."
    )
