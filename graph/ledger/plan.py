"""From what is said to what is recorded: the operations that a change comes to.

Planning happens under the write lock, against the rows that stand. Saying again what
already stands comes to nothing, so that reading the same input twice makes no commit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from graph.errors import HoldfastError, InvalidValue
from graph.ledger.change import (
    Assert,
    Change,
    Close,
    Cover,
    Effect,
    LiftRefutation,
    Merge,
    Refute,
    Step,
    StepOutcome,
    Unmerge,
    Withdraw,
)
from graph.ledger.check import KindBook, checked_claim, uids_of
from graph.ledger.claims import (
    about_of,
    claim_id_of,
    content_digest_of,
    content_json,
    facts_from_json,
    row_key_of,
)
from graph.ledger.coverage import restates_at
from graph.ledger.kinds import Description
from graph.ledger.lasting import is_lasting, is_lasting_row
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    NodesMerged,
    NodesUnmerged,
    Operation,
    RefutationLifted,
    ScopeCovered,
    Subject,
)
from graph.ledger.personal import PersonalValue, Sealer, commitments_in
from graph.ledger.port import Mention, SameAsRow, StoredRow, Transaction
from graph.ledger.spans import NEWEST, Later, Said, Span, close, see, state_interval, withdraw
from graph.ledger.supports import Supports
from graph.model import OPEN_END, Claim, ClaimId, Instant, Interval, NodeFacts, RowKey, Scope, Uid
from graph.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """The operations of a change (none if it says nothing new), and what each step came to."""

    operations: tuple[Operation, ...]
    personal: tuple[PersonalValue, ...]
    outcomes: tuple[StepOutcome, ...]


def plan(change: Change, transaction: Transaction, now: Instant) -> Plan:
    """Return what a change comes to against the rows that stand.

    A step that cannot be recorded is rejected with its error; the others go on.
    Cost: a handful of reads of the store for the whole change, whatever its size.
    """
    return _Planner(change, transaction, now).run()


class _Readings:
    """What is known of a scope's readings after a time, for the claims of one change."""

    def __init__(
        self, transaction: Transaction, scope: Scope, claim_ids: Collection[ClaimId], after: Instant
    ) -> None:
        reads = transaction.complete_reads(scope)
        self._complete = min((at for at in reads if at > after), default=OPEN_END)
        self._mentions: dict[ClaimId, list[Mention]] = defaultdict(list)
        for mention in transaction.mentions(scope, claim_ids, after):
            self._mentions[mention.claim_id].append(mention)

    def later(self, claim_id: ClaimId, *, lasting: bool) -> Later:
        """Return what they said of a claim; that one lacked it means nothing for what is lasting."""
        mentions = self._mentions.get(claim_id, ())
        return Later(
            complete=OPEN_END if lasting else self._complete,
            seen=min((m.read_at for m in mentions if m.start is None), default=OPEN_END),
            stated=frozenset((m.start, m.said) for m in mentions if m.start is not None),
        )


class _Planner:
    """The working state of one plan: the spans of every claim touched, before and after."""

    def __init__(self, change: Change, transaction: Transaction, now: Instant) -> None:
        self._change = change
        self._transaction = transaction
        self._now = now
        self._claims = _checked(change)
        sound = {i: claim for i, (claim, error) in self._claims.items() if error is None}
        self._ids = {i: claim_id_of(claim.scope, about_of(claim)) for i, claim in sound.items()}
        self._ended_rows = {row.key: row for row in transaction.rows_by_key(_keys_to_end(change))}
        claim_ids = {*self._ids.values(), *(row.claim_id for row in self._ended_rows.values())}
        self._rows: dict[ClaimId, list[StoredRow]] = {claim_id: [] for claim_id in claim_ids}
        for row in transaction.rows(claim_ids):
            self._rows[row.claim_id].append(row)
        # A scope is asked for its own claims only: a change may hold many scopes of a few claims each.
        self._of_scope: dict[Scope, set[ClaimId]] = defaultdict(set)
        for i, claim in sound.items():
            self._of_scope[claim.scope].add(self._ids[i])
        for row in self._ended_rows.values():
            self._of_scope[row.scope].add(row.claim_id)
        self._spans = {claim_id: _spans_of(rows) for claim_id, rows in self._rows.items()}
        self._places: dict[ClaimId, tuple[Scope, Subject]] = {
            row.claim_id: (row.scope, row.about) for rows in self._rows.values() for row in rows
        }
        self._supports = Supports.of(sound.values(), transaction)
        self._sealer = Sealer(transaction.personal_values(claim_ids))
        self._decisions = list(transaction.same_as())
        said = {uid for claim in sound.values() for uid in uids_of(claim)}
        self._kinds = KindBook(transaction, said, self._decisions, now)
        judged = claim_ids | {s.claim_id for s in change.steps if isinstance(s, Refute | LiftRefutation)}
        self._refuted = {(r.claim_id, r.content_digest) for r in transaction.refutations(judged)}
        self._readings: dict[Scope, _Readings] = {}
        self._other_operations: list[Operation] = []

    def run(self) -> Plan:
        outcomes: dict[int, StepOutcome] = {}
        # Descriptions before edges: an edge is checked against the kinds that its own batch gives.
        for index in sorted(range(len(self._change.steps)), key=self._turn):
            outcomes[index] = self._take(index, self._change.steps[index])
        operations = (*self._row_operations(), *self._other_operations)
        return Plan(operations, self._personal(operations), tuple(outcomes[i] for i in range(len(outcomes))))

    def _personal(self, operations: Sequence[Operation]) -> tuple[PersonalValue, ...]:
        """Return the new values that the operations commit to; what was said and not recorded is not kept."""
        if not self._sealer.added:
            return ()
        recorded = (o for o in operations if isinstance(o, ClaimRecorded))
        committed = {commitment for o in recorded for commitment in commitments_in(o.content)}
        return tuple(value for value in self._sealer.added if value.commitment in committed)

    def _turn(self, index: int) -> tuple[bool, int]:
        claim = self._claims.get(index)
        return (claim is not None and not isinstance(claim[0].about, NodeFacts), index)

    def _take(self, index: int, step: Step) -> StepOutcome:
        try:
            match step:
                case Assert():
                    return self._assert(index)
                case Close(keys, at):
                    return self._close(keys, at)
                case Withdraw(keys):
                    return self._withdraw(keys)
                case Cover():
                    return self._cover(step)
                case Merge() | Unmerge():
                    return self._decide_identity(step)
                case Refute(claim_id, reason, said):
                    return self._refute(claim_id, reason, said)
                case LiftRefutation(claim_id, reason):
                    return self._lift(claim_id, reason)
        except HoldfastError as error:
            return StepOutcome(Effect.REJECTED, error=error)

    def _assert(self, index: int) -> StepOutcome:
        claim, error = self._claims[index]
        if error is not None:
            raise error
        self._supports.check(claim, self._change.read_at)
        claim_id = self._ids[index]
        content = content_json(claim)
        if isinstance(claim.about, NodeFacts):
            content = self._sealer.seal(claim_id, claim.about, content)
        said = Said(content, content_digest_of(content), claim.locator, self._change.read_at)
        before = self._spans[claim_id]
        after = self._with(claim, claim_id, said, before)
        self._admit(claim, claim_id, said, after)
        self._spans[claim_id] = after
        self._places[claim_id] = (claim.scope, about_of(claim))
        effect = Effect.CHANGED if before else Effect.CREATED
        effect = Effect.UNCHANGED if _rows_of(after) == _rows_of(before) else effect
        return StepOutcome(effect, keys=self._keys_saying(claim, claim_id, said), said=said.digest)

    def _admit(self, claim: Claim, claim_id: ClaimId, said: Said, spans: Sequence[Span]) -> None:
        """Pass if the kinds that a claim gives agree with what is known; what is refuted gives none."""
        if (claim_id, said.digest) in self._refuted:
            return
        if isinstance(claim.about, NodeFacts):
            self._kinds.admit_node(claim, claim.about, claim_id, self._described(claim, claim_id, spans))
        else:
            self._kinds.admit_edge(claim, claim.about)

    def _described(self, claim: Claim, claim_id: ClaimId, spans: Sequence[Span]) -> list[Description]:
        uid, source = uids_of(claim)[0], str(claim.scope.source)
        return [
            Description(uid, Kind(s.said.content["kind"]), claim_id, s.said.digest, source, s.valid)
            for s in spans
            if (claim_id, s.said.digest) not in self._refuted
        ]

    def _with(self, claim: Claim, claim_id: ClaimId, said: Said, spans: list[Span]) -> list[Span]:
        read_at = self._change.read_at
        lasting = is_lasting(about_of(claim), said.content.get("kind"))
        if claim.valid is None:
            if read_at is None:
                raise InvalidValue("valid_from", "nothing", "a stated time, or a read with a time")
            return see(spans, said, read_at, self._later(claim_id, claim.scope, lasting=lasting))
        if read_at is None or self._change.states_history:
            return state_interval(spans, said, claim.valid, None)
        return state_interval(spans, said, claim.valid, self._later(claim_id, claim.scope, lasting=lasting))

    def _later(self, claim_id: ClaimId, scope: Scope, *, lasting: bool) -> Later:
        """Return what readings newer than this one are known to have said of a claim."""
        read_at = self._change.read_at
        if read_at is None:
            return NEWEST
        if scope not in self._readings:
            self._readings[scope] = _Readings(self._transaction, scope, self._of_scope[scope], read_at)
        return self._readings[scope].later(claim_id, lasting=lasting)

    def _keys_saying(self, claim: Claim, claim_id: ClaimId, said: Said) -> tuple[RowKey, ...]:
        saying = [span for span in self._spans[claim_id] if span.said.digest == said.digest]
        valid, read_at = claim.valid, self._change.read_at
        return tuple(
            row_key_of(claim_id, span.valid.start)
            for span in saying
            if (valid and span.valid.overlaps(valid))
            or (valid is None and read_at is not None and span.valid.holds_at(read_at))
        )

    def _close(self, keys: Sequence[RowKey], at: Instant) -> StepOutcome:
        closable = [
            key for key in keys if key in self._ended_rows and not is_lasting_row(self._ended_rows[key])
        ]
        return self._end_rows(
            closable, lambda row, spans: close(spans, row.valid.start, at, self._later_than(row))
        )

    def _withdraw(self, keys: Sequence[RowKey]) -> StepOutcome:
        read_at = self._change.read_at
        history = self._change.states_history
        return self._end_rows(
            keys,
            lambda row, spans: withdraw(
                spans, row.valid.start, read_at, None if history else self._later_than(row)
            ),
        )

    def _later_than(self, row: StoredRow) -> Later:
        return self._later(row.claim_id, row.scope, lasting=is_lasting_row(row))

    def _end_rows(
        self, keys: Sequence[RowKey], ended: Callable[[StoredRow, list[Span]], list[Span]]
    ) -> StepOutcome:
        count = 0
        for row in (self._ended_rows[key] for key in keys if key in self._ended_rows):
            before = self._spans[row.claim_id]
            after = ended(row, before)
            count += after != before
            self._spans[row.claim_id] = after
        return StepOutcome(Effect.CLOSED if count else Effect.UNCHANGED, count=count)

    def _cover(self, step: Cover) -> StepOutcome:
        known = self._transaction.coverage_of(step.scope)
        kinds = {k for row in known for k in row.kinds if row.read_at <= step.read_at}
        relations = {r for row in known for r in row.relations if row.read_at <= step.read_at}
        goes_on = step.restates is restates_at(known, step.read_at)
        if known and step.kinds <= kinds and step.relations <= relations and goes_on:
            return StepOutcome(Effect.UNCHANGED)
        self._other_operations.append(
            ScopeCovered(
                step.scope,
                tuple(sorted(step.kinds - kinds)),
                tuple(sorted(step.relations - relations)),
                step.read_at,
                step.restates,
            )
        )
        return StepOutcome(Effect.CHANGED if known else Effect.CREATED)

    def _decide_identity(self, step: Merge | Unmerge) -> StepOutcome:
        first, second = sorted(step.uids)
        if first == second:
            raise InvalidValue("uids", "one uid twice", "two different uids")
        same = isinstance(step, Merge)
        pair = (Uid(first), Uid(second))
        standing = [row.same for row in self._decisions if row.uids == pair]
        if standing and standing[-1] is same:
            return StepOutcome(Effect.UNCHANGED)
        decided = [*self._decisions, SameAsRow(pair, same, self._transaction.head.sequence, step.reason)]
        if same:
            KindBook(self._transaction, pair, decided, self._now).check_class(pair[0])
        self._decisions = decided
        made = NodesMerged if same else NodesUnmerged
        self._other_operations.append(made(pair, step.reason))
        return StepOutcome(Effect.CHANGED if standing else Effect.CREATED)

    def _refute(self, claim_id: ClaimId, reason: str, said: str | None) -> StepOutcome:
        rows = self._transaction.rows([claim_id])
        if not rows:
            raise InvalidValue(
                "claim", f"{claim_id!r}, which does not stand", "a claim id from `holdfast history`"
            )
        digest = self._meant(rows) if said is None else _named(rows, said)
        if (claim_id, digest) in self._refuted:
            return StepOutcome(Effect.UNCHANGED)
        self._refuted.add((claim_id, digest))
        self._other_operations.append(ClaimRefuted(claim_id, digest, reason))
        return StepOutcome(Effect.CREATED)

    def _meant(self, rows: Sequence[StoredRow]) -> str:
        """Return the content that a claim has now, else that of its latest row."""
        live = [row for row in rows if row.valid.holds_at(self._now)]
        return max(live or rows, key=lambda row: row.valid).content_digest

    def _lift(self, claim_id: ClaimId, reason: str) -> StepOutcome:
        standing = sorted(digest for refuted, digest in self._refuted if refuted == claim_id)
        if standing:
            self._check_kinds_again(claim_id)
        self._refuted -= {(claim_id, digest) for digest in standing}
        self._other_operations.extend(RefutationLifted(claim_id, digest, reason) for digest in standing)
        return StepOutcome(Effect.CHANGED if standing else Effect.UNCHANGED)

    def _check_kinds_again(self, claim_id: ClaimId) -> None:
        """Pass if what a claim says still agrees with what was admitted while it was refuted."""
        rows = sorted(self._transaction.rows([claim_id]), key=lambda row: row.valid)
        for row in rows[-1:]:
            claim = Claim(row.scope, facts_from_json(row.about, json.loads(row.content)), row.valid)
            book = KindBook(self._transaction, uids_of(claim), self._decisions, self._now)
            if isinstance(claim.about, NodeFacts):
                book.admit_node(claim, claim.about, claim_id, ())
            else:
                book.admit_edge(claim, claim.about)

    def _row_operations(self) -> list[Operation]:
        """Return what turns the rows that stand into the spans that should: ends, then begins."""
        ended: list[Operation] = []
        recorded: list[Operation] = []
        for claim_id, spans in self._spans.items():
            wanted = {(span.valid, span.said.digest): span for span in spans}
            standing = {(row.valid, row.content_digest): row for row in self._rows[claim_id]}
            gone = [row for said, row in standing.items() if said not in wanted]
            new = [span for said, span in wanted.items() if said not in standing]
            ended.extend(ClaimEnded(row.key, row.recorded_from, row.about) for row in gone)
            recorded.extend(self._recorded(claim_id, span) for span in new)
        return ended + recorded

    def _recorded(self, claim_id: ClaimId, span: Span) -> ClaimRecorded:
        scope, about = self._places[claim_id]
        return ClaimRecorded(
            claim_id=claim_id,
            key=row_key_of(claim_id, span.valid.start),
            scope=scope,
            about=about,
            valid=span.valid,
            basis=span.basis,
            content=span.said.content,
            locator=span.said.locator,
            read_at=span.said.read_at,
            said_in=span.said.said_in,
            run=span.said.run,
        )


def _checked(change: Change) -> dict[int, tuple[Claim, HoldfastError | None]]:
    """Return the change's claims by step, each with the error that keeps it out."""
    checked: dict[int, tuple[Claim, HoldfastError | None]] = {}
    for index, step in enumerate(change.steps):
        if isinstance(step, Assert):
            try:
                checked[index] = (checked_claim(step.claim), None)
            except HoldfastError as error:
                checked[index] = (step.claim, error)
    return checked


def _keys_to_end(change: Change) -> list[RowKey]:
    return [key for step in change.steps if isinstance(step, Close | Withdraw) for key in step.keys]


def _named(rows: Sequence[StoredRow], said: str) -> str:
    """Return the content that a row's key or a digest names among a claim's rows."""
    for row in rows:
        if said in (row.key, row.content_digest):
            return row.content_digest
    raise InvalidValue(
        "said", f"{said!r}, which this claim does not say", "the key of one of its rows, or a content digest"
    )


def _rows_of(spans: Sequence[Span]) -> list[tuple[Interval, str]]:
    """Return what tells the rows of spans apart: who said it first does not."""
    return [(span.valid, span.said.digest) for span in spans]


def _spans_of(rows: Sequence[StoredRow]) -> list[Span]:
    return sorted((Span(row.valid, row.basis, _said_in(row)) for row in rows), key=lambda span: span.valid)


def _said_in(row: StoredRow) -> Said:
    content = json.loads(row.content)
    return Said(content, row.content_digest, row.locator, row.read_at, row.run, row.said_in)
