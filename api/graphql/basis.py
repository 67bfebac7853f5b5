"""On what an answer stands, as GraphQL types."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import field

from api.graphql.at import time_of
from graph.model import Instant
from graph.vocabulary import Kind
from queries import basis as queries_basis


@strawberry.type(description="A commit of the ledger.")
class CommitStamp:
    """A commit by number, hash and time."""

    sequence: int = field(description="Its number; 0 is the empty ledger.")
    hash: str = field(description="The hash that chains it to all before it.")
    recorded_at: datetime | None = field(description="When it was recorded; null for the empty ledger.")


@strawberry.type(description="A bound that applied to an answer.")
class Bound:
    """A bound by name."""

    name: str = field(description="Its name, such as max_hops.")
    value: float | None = field(description="Its value; null where it was lifted.")


@strawberry.type(description="Why an answer stops before its end.")
class Truncation:
    """A cut."""

    reason: str = field(description="The bound that was met.")
    limit: float | None = field(description="The bound's value.")
    complete_to_hops: int | None = field(
        description="Up to so many hops nothing is missing; null where the cut is not one by hops."
    )
    hidden: int | None = field(description="How many more there are, where that is known.")


@strawberry.type(description="A relation that no source covers for some of the nodes looked at.")
class UncoveredRelation:
    """A relation with the number of nodes for which it is unknown."""

    relation: str = field(description="The relation.")
    nodes: int = field(description="For how many nodes nobody has looked.")


@strawberry.type(description="Where finding nothing means that nobody has looked.")
class Coverage:
    """What is not covered."""

    uncovered_relations: list[UncoveredRelation] = field(
        description="Relations that could have changed the answer and that no source reports completely."
    )
    uncovered_kinds: list[Kind] = field(description="Kinds of which no source reports all nodes.")


@strawberry.type(description="A source that had not reported within its cadence.")
class StaleSource:
    """An overdue source."""

    source: str = field(description="The source instance, such as kubernetes/eu-1.")
    cadence: str = field(description="How often it is to report: an ISO 8601 duration.")
    last_reported: datetime | None = field(
        description="When its newest input was read; null where it had not reported at all by then."
    )
    stale_since: datetime | None = field(
        description="When it became overdue; null where it had not reported at all by then."
    )


@strawberry.type(description="On what an answer stands, and where it ends.")
class Basis:
    """A basis as GraphQL has it."""

    commit: CommitStamp = field(description="The commit up to which the ledger was read.")
    known_at: CommitStamp = field(description="The commit that the asked knownAt came to.")
    as_of: datetime = field(description="The date in the world that the answer is for.")
    run_position: int = field(description="How many runs the run log held.")
    rules_version: int = field(description="The version of the harm rules.")
    bounds: list[Bound] = field(description="Every bound that applied.")
    truncated: Truncation | None = field(description="Why the answer was cut short; null if it is whole.")
    looked_at: int = field(description="How many nodes the answer looked at.")
    referenced_not_described: int = field(
        description="How many of these are only mentioned, and described by no source."
    )
    coverage: Coverage = field(description="Where finding nothing means that nobody has looked.")
    stale: list[StaleSource] = field(
        description="The sources it rests on that had not reported within their cadence at its date."
    )


def basis_of(basis: queries_basis.Basis) -> Basis:
    """Return a basis as GraphQL has it."""
    return Basis(
        commit=stamp_of(basis.commit),
        known_at=stamp_of(basis.known_at),
        as_of=_certain_time(basis.as_of),
        run_position=basis.run_position,
        rules_version=basis.rules_version,
        bounds=[Bound(name=name, value=value) for name, value in basis.bounds.items()],
        truncated=truncation_of(basis.truncated),
        looked_at=basis.looked_at,
        referenced_not_described=basis.referenced_not_described,
        coverage=Coverage(
            uncovered_relations=[
                UncoveredRelation(relation=name, nodes=count)
                for name, count in basis.coverage.relations.items()
            ],
            uncovered_kinds=list(basis.coverage.kinds),
        ),
        stale=[
            StaleSource(
                source=str(stale.source),
                cadence=stale.cadence.text,
                last_reported=time_of(stale.last_reported),
                stale_since=time_of(stale.stale_since),
            )
            for stale in basis.stale
        ],
    )


def stamp_of(stamp: queries_basis.CommitStamp) -> CommitStamp:
    """Return a commit's stamp as GraphQL has it."""
    return CommitStamp(sequence=stamp.sequence, hash=stamp.hash, recorded_at=time_of(stamp.recorded_at))


def truncation_of(cut: queries_basis.Truncation | None) -> Truncation | None:
    """Return why an answer was cut short; None where it was not."""
    if cut is None:
        return None
    return Truncation(
        reason=cut.reason, limit=cut.limit, complete_to_hops=cut.complete_to_hops, hidden=cut.hidden
    )


def _certain_time(moment: Instant) -> datetime:
    """Return a date that was asked for; those are always inside the calendar."""
    from graph.model import as_datetime

    return as_datetime(moment)
