"""One scope while it is read: what is known of it, and what waits to be committed."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.ledger.claims import about_of, claim_id_of, content_digest_of, content_json
from graph.model import OPEN_END, Claim, ClaimId, CommitNumber, Interval, NodeFacts, Scope
from ingest.closing import Reading
from ingest.record import Said, ScopeOpened
from ingest.seen import Statement


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that is to be committed, where it stood, and its id."""

    claim: Claim
    file: str
    position: str
    claim_id: ClaimId


@dataclass
class Section:
    """A scope that is open. ``unread`` counts records of it that could not be read at all.

    ``refused`` counts claims that were read and that the ledger did not take.
    """

    opened: ScopeOpened
    number: int
    began_at: CommitNumber
    waiting: list[Waiting] = field(default_factory=list[Waiting])
    unread: int = 0
    refused: int = 0
    said: int = 0
    kinds: set[str] = field(default_factory=set[str])
    relations: set[str] = field(default_factory=set[str])

    @property
    def scope(self) -> Scope:
        """Return the scope that is open."""
        return self.opened.scope

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
        self.said += 1
        if isinstance(claim.about, NodeFacts):
            self.kinds.add(claim.about.kind)
        else:
            self.relations.add(claim.about.relation)

    def covered(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the kinds and relations that a complete read covers: declared, else those that occurred."""
        kinds, relations = self.opened.kinds, self.opened.relations
        return (
            frozenset(self.kinds) if kinds is None else kinds,
            frozenset(self.relations) if relations is None else relations,
        )

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
