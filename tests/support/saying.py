"""Short ways to say things to a ledger and to a store, so that a test shows what it is about.

``record`` goes through the ledger; ``append`` writes operations straight into a store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph.ledger.chain import commit_after
from graph.ledger.change import Assert, Change, Effect, Outcome, Step
from graph.ledger.claims import claim_id_of, content_json, discriminator_of, row_key_of
from graph.ledger.ledger import Ledger
from graph.ledger.operations import ClaimEnded, ClaimRecorded, EdgeKey, Operation, Subject
from graph.ledger.personal import PersonalValue
from graph.ledger.port import Store, StoredRow, Transaction
from graph.model import (
    Basis,
    Claim,
    ClaimId,
    Commit,
    CommitNumber,
    EdgeFacts,
    ExternalId,
    Instant,
    Interval,
    NodeFacts,
    PropertyValue,
    RowKey,
    RunId,
    Scope,
    SourceInstance,
    Uid,
)
from graph.vocabulary import Kind

RECORDS = Scope(SourceInstance("records"), "estate")
DAY = 86_400_000
JANUARY = Instant(1_767_225_600_000)
"""2026-01-01T00:00:00Z."""


def day(number: int) -> Instant:
    """The start of the n-th day of January 2026, from 1."""
    return Instant(JANUARY + (number - 1) * DAY)


def days(first: int, end: int | None = None) -> Interval:
    """From the start of one day to the start of another; open without one."""
    return Interval(day(first)) if end is None else Interval(day(first), day(end))


SINCE_JANUARY = days(1)


def node(
    uid: str,
    kind: Kind = Kind.ASSET,
    *,
    type_: str | None = None,
    name: str | None = None,
    ids: Sequence[tuple[str, str]] = (),
    **properties: PropertyValue,
) -> NodeFacts:
    external_ids = tuple(ExternalId(*pair) for pair in ids)
    return NodeFacts(Uid(uid), kind, type_, name, properties, external_ids)


def edge(
    subject: str,
    relation: str,
    object_: str,
    *marks: str,
    environment: str | None = None,
    **properties: PropertyValue,
) -> EdgeFacts:
    return EdgeFacts(relation, Uid(subject), Uid(object_), frozenset(marks), environment, properties)


@dataclass
class Clock:
    """A clock that moves on a second whenever it is read, from the first of February 2026."""

    moment: Instant = field(default=day(32))

    def __call__(self) -> Instant:
        self.moment = Instant(self.moment + 1000)
        return self.moment


# Through the ledger


def record(
    ledger: Ledger,
    *facts: NodeFacts | EdgeFacts | Step,
    scope: Scope = RECORDS,
    valid: Interval | None = None,
    read_at: Instant | None = JANUARY,
    run: str | None = None,
) -> Outcome:
    """Commit facts as claims of one scope (and steps as they are); nothing may be rejected."""
    outcome = attempt(ledger, *facts, scope=scope, valid=valid, read_at=read_at, run=run)
    rejected = [step.error for step in outcome.steps if step.effect is Effect.REJECTED]
    assert not rejected, [str(error) for error in rejected]
    return outcome


def attempt(
    ledger: Ledger,
    *facts: NodeFacts | EdgeFacts | Step,
    scope: Scope = RECORDS,
    valid: Interval | None = None,
    read_at: Instant | None = JANUARY,
    run: str | None = None,
) -> Outcome:
    """Commit as ``record`` does, whatever is rejected."""
    steps = tuple(
        Assert(Claim(scope, fact, valid)) if isinstance(fact, NodeFacts | EdgeFacts) else fact
        for fact in facts
    )
    named = None if run is None else RunId(run)
    return ledger.commit(Change("test", "something was said", steps, str(scope.source), named, read_at))


# Straight into a store


def claim_about(facts: NodeFacts | EdgeFacts) -> Subject:
    if isinstance(facts, NodeFacts):
        return facts.uid
    return EdgeKey(facts.relation, facts.subject, facts.object, discriminator_of(facts))


def recorded(
    facts: NodeFacts | EdgeFacts,
    *,
    scope: Scope = RECORDS,
    valid: Interval = SINCE_JANUARY,
    locator: str | None = None,
    seal: Callable[[dict], dict] = lambda content: content,
) -> ClaimRecorded:
    """The operation that records facts; ``seal`` may put commitments into the content."""
    about = claim_about(facts)
    claim_id = claim_id_of(scope, about)
    return ClaimRecorded(
        claim_id=claim_id,
        key=row_key_of(claim_id, valid.start),
        scope=scope,
        about=about,
        valid=valid,
        basis=Basis.STATED,
        content=seal(content_json(Claim(scope, facts))),
        locator=locator,
    )


def ended(operation: ClaimRecorded, sequence: int) -> ClaimEnded:
    """The operation that ends what this one recorded in that commit."""
    return ClaimEnded(operation.key, CommitNumber(sequence), operation.about)


def append(
    store: Store,
    *operations: Operation,
    personal: Sequence[PersonalValue] = (),
    at: Instant = day(32),
    run: str | None = None,
) -> Commit:
    """Commit operations as they are, on top of the head."""
    change = Change("test", "operations", (), run=None if run is None else RunId(run))

    def work(transaction: Transaction) -> Commit:
        commit = commit_after(transaction.head, change, operations, at)
        transaction.append(commit, operations, personal)
        return commit

    return store.write(work)


def keys(rows: Sequence[StoredRow]) -> list[RowKey]:
    return sorted(row.key for row in rows)


def standing(store: Store, *claim_ids: ClaimId) -> list[StoredRow]:
    """The rows of these claims as a writer sees them."""
    return store.write(lambda transaction: list(transaction.rows(claim_ids)))
