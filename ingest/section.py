"""One scope while it is read, and what is known of its reading."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.ledger.claims import about_of, claim_id_of, content_digest_of, content_json
from graph.ledger.lasting import is_lasting
from graph.ledger.port import Mention
from graph.model import OPEN_END, Claim, ClaimId, CommitNumber, EdgeFacts, Instant, Interval, NodeFacts, Scope
from ingest.closing import Reading
from ingest.record import Said, ScopeClosed, ScopeOpened
from ingest.seen import Statement
from ingest.writer import Frame


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that is to be committed, where it stood, its id and the digest of what it says."""

    claim: Claim
    file: str
    position: str
    claim_id: ClaimId
    digest: str

    @property
    def lasting(self) -> bool:
        """Return whether no reading ends it."""
        facts = self.claim.about
        return is_lasting(about_of(self.claim), facts.kind.value if isinstance(facts, NodeFacts) else None)

    def mention(self, read_at: Instant, said: str) -> Mention:
        """Return what is to be remembered where it changed nothing; ``said`` is its content digest."""
        valid = self.claim.valid
        return (
            Mention(self.claim_id, None, "", read_at)
            if valid is None
            else Mention(self.claim_id, valid.start, said, read_at)
        )


def reports_absence(facts: EdgeFacts) -> bool:
    """Return whether an edge shows that its source would report all edges of the relation.

    A source that names stewards or contacts does not say by it that nobody is accountable.
    """
    return facts.relation != "OWNS" or "accountable" in facts.marks


@dataclass
class Section:
    """One reading of a scope, in as many parts as the source gives it; all have one time.

    ``unread`` counts records of it that could not be read at all, ``refused`` claims
    that were read and that the ledger did not take. ``whole`` is set once a part says
    that the scope was read completely; ``why_not`` is what the last other one said.
    """

    opened: ScopeOpened
    number: int
    began_at: CommitNumber
    unread: int = 0
    refused: int = 0
    whole: bool = False
    why_not: str | None = None
    kinds: set[str] = field(default_factory=set[str])
    relations: set[str] = field(default_factory=set[str])
    _declared: list[ScopeOpened] = field(default_factory=list[ScopeOpened])

    @property
    def scope(self) -> Scope:
        """Return the scope that is open."""
        return self.opened.scope

    @property
    def frame(self) -> Frame:
        """Return what another scope must have in common with this one to share its commits."""
        return Frame(self.scope.source, self.opened.read_at, self.opened.states_history)

    def reading(self) -> Reading:
        """Return what closing needs to know of it."""
        return Reading(
            scope=self.opened.scope,
            read_at=self.opened.read_at,
            section=self.number,
            states_history=self.opened.states_history,
            began_at=self.began_at,
        )

    def note(self, claim: Claim) -> None:
        """Take note of what a claim is about, for what the scope covers."""
        if isinstance(claim.about, NodeFacts):
            self.kinds.add(claim.about.kind)
        elif reports_absence(claim.about):
            self.relations.add(claim.about.relation)

    def begin_part(self, opened: ScopeOpened) -> None:
        """Take note of what a part declares that it covers."""
        self._declared.append(opened)

    def end_part(self, closed: ScopeClosed) -> None:
        """Take note of whether a part says that the scope was read completely."""
        self.whole |= closed.complete
        if not closed.complete:
            self.why_not = closed.reason or "the source does not say that it was read completely"

    def covered(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the kinds and relations that a complete read covers: declared, else those that occurred."""
        kinds: set[str] = set()
        relations: set[str] = set()
        for part in self._declared:
            kinds |= self.kinds if part.kinds is None else part.kinds
            relations |= self.relations if part.relations is None else part.relations
        return frozenset(kinds), frozenset(relations)

    def restates(self) -> bool:
        """Return whether all parts tell the whole history of what they show."""
        return all(part.states_history or part.restates for part in self._declared)

    def statement(self, said: Said, claim: Claim) -> tuple[ClaimId, Statement]:
        """Return a claim's id, and what this line says of it.

        Raises:
            InvalidValue, UnknownRelation: for what names no claim.
        """
        claim_id = claim_id_of(claim.scope, about_of(claim))
        valid = claim.valid or Interval(self.opened.read_at, OPEN_END)
        digest = content_digest_of(content_json(claim))
        stated = claim.valid is not None
        return claim_id, Statement(valid, stated, digest, f"{said.file}: {said.position}")
