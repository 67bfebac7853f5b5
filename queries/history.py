"""What was ever said about a node: by whom, from when it held, when it was learned, what changed.

Nothing is left out because it was corrected later: a claim that was changed, ended, taken
back or refuted is shown with the commit that did so, and so is every decision on which
other uids are the same thing.

Events are in the order of their commits. Within a commit claims come before decisions:
claims by the time from which they hold, then what describes a node before its edges, these
by relation, subject and object, then by source and scope; decisions by what they are about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.identity import JoinConflict
from graph.ledger.port import RefutationRow, SameAsRow
from graph.model import (
    ALWAYS,
    ClaimId,
    ClaimRow,
    Commit,
    CommitNumber,
    EdgeFacts,
    Instant,
    NodeFacts,
    PropertyValue,
    Uid,
)
from queries.basis import Basis, Truncation, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint


class What(StrEnum):
    """What a commit did to a claim, or to who a node is."""

    SAID = "said"
    SAID_AGAIN = "said_again"
    CHANGED = "changed"
    CLOSED = "closed"
    RETIMED = "retimed"
    TAKEN_BACK = "taken_back"
    REFUTED = "refuted"
    LIFTED = "lifted"
    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class HistoryQuestion:
    """Ask what was ever said about a node, given by any of its uids; the newest `limit` events.

    `before` is an earlier answer's `next_before`. Without `edges` only what describes the
    node itself is listed.
    """

    uid: Uid
    edges: bool = True
    before: CommitNumber | None = None
    limit: int = 100
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that a claim gives differently than before; None where it gives or gave none."""

    name: str
    before: PropertyValue | None
    after: PropertyValue | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that one commit did.

    `ended` are the rows of the claim that no longer stand since, `recorded` those that it
    wrote; `changes` is what the newest of each say differently. For a merge `uids` names
    both, for a refutation and its lifting `claim_id` the claim and `said` those of its rows, as
    they stood then, with the content that is wrong or is not after all. `refuted` says that what
    was recorded is refuted as of the commit asked about. `reason` is what the person gave.
    """

    what: What
    commit: Commit
    claim_id: ClaimId | None = None
    ended: tuple[ClaimRow, ...] = ()
    recorded: tuple[ClaimRow, ...] = ()
    changes: tuple[ValueChange, ...] = ()
    refuted: bool = False
    said: tuple[ClaimRow, ...] = ()
    uids: tuple[Uid, ...] = ()
    reason: str | None = None

    @property
    def row(self) -> ClaimRow | None:
        """Return the row that the event is mostly about."""
        rows = self.recorded or self.ended
        return rows[-1] if rows else None


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """Events in the order that this module states; `next_before` asks for older ones, None at the beginning.

    `members` are all uids that are the same as the one asked for, the canonical first;
    `conflicts` are joins of it that external ids suggest and that are not made. `contested`
    holds the values of each property (or `type`) of the node, at the times asked about,
    between which nothing decides: sources of equal precedence contradict each other.
    """

    basis: Basis
    uid: Uid
    members: tuple[Uid, ...]
    conflicts: tuple[JoinConflict, ...]
    contested: Mapping[str, tuple[PropertyValue, ...]]
    events: tuple[Event, ...]
    next_before: CommitNumber | None


def find_history(estate: Estate, question: HistoryQuestion) -> HistoryAnswer:
    """Return the newest events about a node up to the commit asked about, in order.

    Events of one commit are never parted, so a page may be longer than the limit.

    Raises:
        NodeNotFound: where nothing was ever said about the uid.
        InvalidQuestion: for a limit below 1, or a `before` that no commit is.

    Cost: every row ever recorded about the node, and the commits that are shown.
    """
    if question.limit < 1:
        raise InvalidQuestion("limit", f"{question.limit} shows nothing", "1 or more")
    if question.before is not None and question.before < 1:
        raise InvalidQuestion("before", f"there is no commit {question.before}", "1 or more")
    view = estate.view(question.standpoint)
    identity = view.ledger.identity(view.at.known)
    members = identity.members(question.uid)
    rows = _rows(view, members)
    if not rows:
        raise NodeNotFound(question.uid)
    drafts = _drafts(view, rows if question.edges else _about_node(rows), members)
    page, hidden, next_before = _newest(drafts, question)
    commits = view.commits({draft.number for draft in page})
    cut = Truncation("limit", question.limit, hidden=hidden) if hidden else None
    node = view.nodes([question.uid]).get(question.uid)
    nodes = () if node is None else (node,)
    return HistoryAnswer(
        basis=basis_of(
            view,
            nodes,
            shown=[relation.name for relation in view.rules.relations] if question.edges else (),
            bounds={"limit": question.limit},
            truncated=cut,
        ),
        uid=identity.canonical(question.uid),
        members=members,
        conflicts=tuple(c for c in identity.conflicts if set(c.uids) & set(members)),
        contested={} if node is None else dict(sorted(node.contested.items())),
        events=tuple(draft.event(commits[draft.number]) for draft in page),
        next_before=next_before,
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """An event before its commit has been read."""

    number: CommitNumber
    what: What
    claim_id: ClaimId | None = None
    ended: tuple[ClaimRow, ...] = ()
    recorded: tuple[ClaimRow, ...] = ()
    refuted: bool = False
    said: tuple[ClaimRow, ...] = ()
    uids: tuple[Uid, ...] = ()
    reason: str | None = None

    @property
    def place(self) -> tuple[CommitNumber, bool, Instant, tuple[str, ...], int]:
        """Return where it stands among all others; see the module."""
        rows = self.recorded or self.ended
        what = list(What).index(self.what)
        if not rows:
            said = (row.key for row in self.said)
            return self.number, True, ALWAYS.start, (*self.uids, self.claim_id or "", *said), what
        first = min(rows, key=lambda row: row.valid.start)
        return self.number, False, first.valid.start, _about(first), what

    def event(self, commit: Commit) -> Event:
        changes = changes_between(self.ended[-1], self.recorded[-1]) if self.ended and self.recorded else ()
        return Event(
            what=self.what,
            commit=commit,
            claim_id=self.claim_id,
            ended=self.ended,
            recorded=self.recorded,
            changes=changes,
            refuted=self.refuted,
            said=self.said,
            uids=self.uids,
            reason=self.reason,
        )


def _about(row: ClaimRow) -> tuple[str, ...]:
    """Return what a claim is about and who says it, as the texts that it is ordered by."""
    facts, scope = row.claim.about, row.claim.scope
    says = (str(scope.source), scope.name, row.claim_id)
    if isinstance(facts, NodeFacts):
        return ("", facts.uid, *says)
    return (facts.relation, facts.subject, facts.object, *says)


def changes_between(before: ClaimRow, after: ClaimRow) -> tuple[ValueChange, ...]:
    """Return what one row of a claim says differently than another, by name."""
    old, new = _values(before), _values(after)
    return tuple(
        ValueChange(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if (type(old.get(name)), old.get(name)) != (type(new.get(name)), new.get(name))
    )


def _values(row: ClaimRow) -> dict[str, PropertyValue]:
    """Return everything that a row says, by name; what it does not say is absent."""
    facts = row.claim.about
    said: dict[str, PropertyValue | None] = {
        **facts.properties,
        "origin": row.claim.origin.value,
        "certainty": row.claim.certainty.value,
        "condition": row.claim.condition,
    }
    if isinstance(facts, NodeFacts):
        said |= {"kind": facts.kind.value, "type": facts.type, "name": facts.name}
        said["external_ids"] = tuple(str(external_id) for external_id in sorted(facts.external_ids))
    else:
        said |= {"marks": tuple(sorted(facts.marks)), "environment": facts.environment}
    return {name: value for name, value in said.items() if value not in (None, ())}


def _rows(view: EstateView, members: Sequence[Uid]) -> list[ClaimRow]:
    """Return every row about a node that had been recorded by the commit asked about."""
    found = {(r.key, r.recorded_from): r for uid in members for r in view.ledger.history(uid)}
    return sorted(
        (row for row in found.values() if row.recorded_from <= view.at.known),
        key=lambda row: (row.recorded_from, row.claim_id, row.valid.start),
    )


def _about_node(rows: Sequence[ClaimRow]) -> list[ClaimRow]:
    return [row for row in rows if not isinstance(row.claim.about, EdgeFacts)]


def _drafts(view: EstateView, rows: Sequence[ClaimRow], members: Sequence[Uid]) -> list[_Draft]:
    """Return all events in order."""
    known = view.at.known
    refutations = [row for row in view.ledger.refutations(None) if row.recorded_from <= known]
    refuted = {(row.claim_id, row.content_digest) for row in refutations if row.recorded_to > known}
    drafts = list(_claim_drafts(view, rows, refuted))
    drafts += _refutation_drafts(refutations, rows, known)
    drafts += _identity_drafts(view.ledger.store.same_as(known), members)
    return sorted(drafts, key=lambda draft: draft.place)


def _claim_drafts(
    view: EstateView, rows: Sequence[ClaimRow], refuted: set[tuple[ClaimId, str]]
) -> Iterator[_Draft]:
    began: dict[tuple[CommitNumber, ClaimId], list[ClaimRow]] = defaultdict(list)
    ended: dict[tuple[CommitNumber, ClaimId], list[ClaimRow]] = defaultdict(list)
    first: dict[ClaimId, CommitNumber] = {}
    for row in rows:
        began[row.recorded_from, row.claim_id].append(row)
        first.setdefault(row.claim_id, row.recorded_from)
        if row.recorded_to <= view.at.known:
            ended[row.recorded_to, row.claim_id].append(row)
    for key in sorted(began.keys() | ended.keys()):
        number, claim_id = key
        old, new = tuple(ended[key]), tuple(began[key])
        yield _Draft(
            number,
            _what(old, new, is_first=first[claim_id] == number),
            claim_id,
            old,
            new,
            refuted=any((row.claim_id, row.content_digest) in refuted for row in new),
        )


def _what(old: Sequence[ClaimRow], new: Sequence[ClaimRow], *, is_first: bool) -> What:
    if not new:
        return What.TAKEN_BACK
    if not old:
        return What.SAID if is_first else What.SAID_AGAIN
    if {row.content_digest for row in old} != {row.content_digest for row in new}:
        return What.CHANGED
    is_shorter = max(row.valid.end for row in new) < max(row.valid.end for row in old)
    return What.CLOSED if is_shorter else What.RETIMED


def _refutation_drafts(
    refutations: Sequence[RefutationRow], rows: Sequence[ClaimRow], known: CommitNumber
) -> Iterator[_Draft]:
    """Yield every refutation of a claim and its lifting, once for each content that it is of."""
    by_claim: dict[ClaimId, list[ClaimRow]] = defaultdict(list)
    for row in rows:
        by_claim[row.claim_id].append(row)
    for refutation in refutations:
        of_claim = by_claim.get(refutation.claim_id)
        if of_claim is None:
            continue
        begun = (What.REFUTED, refutation.recorded_from, refutation.reason)
        ended = (What.LIFTED, refutation.recorded_to, refutation.lift_reason)
        for what, number, reason in (begun, ended):
            if number > known:
                continue
            said = tuple(
                row
                for row in of_claim
                if row.content_digest == refutation.content_digest
                and row.recorded_from <= number < row.recorded_to
            )
            yield _Draft(number, what, refutation.claim_id, said=said, reason=reason)


def _identity_drafts(decisions: Sequence[SameAsRow], members: Sequence[Uid]) -> Iterator[_Draft]:
    for row in decisions:
        if set(row.uids) & set(members):
            what = What.MERGED if row.same else What.UNMERGED
            yield _Draft(row.recorded_from, what, uids=row.uids, reason=row.reason)


def _newest(
    drafts: Sequence[_Draft], question: HistoryQuestion
) -> tuple[list[_Draft], int, CommitNumber | None]:
    """Return a page of events, how many older ones there are, and where they begin."""
    within = [d for d in drafts if question.before is None or d.number < question.before]
    page = within[-question.limit :]
    if not page:
        return [], 0, None
    oldest = page[0].number
    page = [draft for draft in within if draft.number >= oldest]
    hidden = len(within) - len(page)
    return page, hidden, oldest if hidden else None
