"""A ledger in which sources speak by name, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.ledger.change import Assert, Change, Close, Effect, Withdraw
from graph.ledger.claims import about_of, claim_id_of
from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.model import Claim, ClaimId, EdgeFacts, ExternalId, Interval, NodeFacts, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Certainty, Kind
from ingest.derivers import SOURCE, derive
from ingest.report import RunReport
from ingest.uids import external_id
from tests.ingest.jobs import job_options
from tests.support.saying import JANUARY, Clock, days

ISSUER = "https://token.actions.githubusercontent.com"
ALWAYS = days(1)


def scope_of(source: str) -> Scope:
    return Scope(SourceInstance(source, "test"), "all")


def identity(uid: str, type_: str | None = None, *ids: ExternalId, **properties) -> NodeFacts:
    return NodeFacts(Uid(uid), Kind.IDENTITY, type_, None, properties, ids)


def secret(uid: str, *ids: ExternalId, **properties) -> NodeFacts:
    return NodeFacts(Uid(uid), Kind.SECRET, "api_key", None, properties, ids)


def asset(uid: str, type_: str, name: str | None = None, *ids: ExternalId, **properties) -> NodeFacts:
    return NodeFacts(Uid(uid), Kind.ASSET, type_, name, properties, ids)


def dataset(uid: str, *ids: ExternalId, **properties) -> NodeFacts:
    return NodeFacts(Uid(uid), Kind.DATASET, "file", None, properties, ids)


def subject(uid: str, subject_: str, issuer: str = ISSUER) -> NodeFacts:
    return identity(uid, "oidc_subject", external_id("oidc-subject", issuer, subject_))


def trusted(uid: str, *patterns: str, issuer: str = ISSUER) -> NodeFacts:
    return identity(uid, "principal_set", issuer=issuer, subject_patterns=patterns)


def scope(uid: str, sort: str, *patterns: str, excluded: tuple[str, ...] = (), **more: str) -> NodeFacts:
    left_out = {"excluded_patterns": excluded} if excluded else {}
    return asset(uid, "scope", None, resource_type=sort, resource_patterns=patterns, **left_out, **more)


def arn(value: str) -> ExternalId:
    return ExternalId("arn", value)


@dataclass
class World:
    """What sources said, and what was derived from it."""

    ledger: Ledger = field(default_factory=lambda: Ledger(open_store(":memory:"), Clock()))

    def say(
        self,
        source: str,
        *facts: NodeFacts | EdgeFacts,
        valid: Interval = ALWAYS,
        certainty: Certainty = Certainty.CERTAIN,
    ) -> list[ClaimId]:
        claims = [Claim(scope_of(source), fact, valid, certainty=certainty) for fact in facts]
        steps = tuple(map(Assert, claims))
        outcome = self.ledger.commit(Change("test", "said", steps, f"{source}/test", read_at=JANUARY))
        assert not [step.error for step in outcome.steps if step.effect is Effect.REJECTED]
        return [claim_id_of(claim.scope, about_of(claim)) for claim in claims]

    def end(self, claim_id: ClaimId, at: int) -> None:
        keys = tuple(row.key for row in self.ledger.store.claim_history(claim_id))
        self.ledger.commit(Change("test", "gone", (Close(keys, ALWAYS.start + (at - 1) * 86_400_000),)))  # type: ignore[arg-type]

    def take_back(self, claim_id: ClaimId) -> None:
        keys = tuple(row.key for row in self.ledger.store.claim_history(claim_id))
        self.ledger.commit(Change("test", "never so", (Withdraw(keys),)))

    def derive(self) -> RunReport | None:
        return derive(self.ledger, job_options())

    def derived(self) -> list[str]:
        """What follows, a line each: the edge with its marks, ? if possible, and its days of January."""
        self.derive()
        known = self.ledger.head().sequence
        lines: list[str] = []
        for row in self.ledger.picture(known).all_edge_rows():
            about = row.claim.about
            if row.claim.scope.source == SOURCE and isinstance(about, EdgeFacts):
                marks = "".join(f" {mark}" for mark in sorted(about.marks))
                doubt = "" if row.claim.certainty is Certainty.CERTAIN else " ?"
                lines.append(
                    f"{about.subject} {about.relation} {about.object}{marks}{doubt}{_days(row.valid)}"
                )
        return sorted(lines)

    def conditions(self) -> set[str]:
        known = self.ledger.head().sequence
        rows = self.ledger.picture(known).all_edge_rows()
        return {row.claim.condition for row in rows if row.claim.condition}


def _days(valid: Interval) -> str:
    if valid == ALWAYS:
        return ""
    first = (valid.start - ALWAYS.start) // 86_400_000 + 1
    last = "" if valid.end == ALWAYS.end else (valid.end - ALWAYS.start) // 86_400_000 + 1
    return f" [{first},{last})"


__all__ = ["EdgeKey", "World"]
