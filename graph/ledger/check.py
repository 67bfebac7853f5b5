"""Whether a claim may enter the ledger at all: its values, its relation, and the kinds at its ends.

Kinds are looked up for a whole batch at once, under the write lock, so that two
writers cannot describe one node as two kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from graph.errors import HoldfastError, InvalidValue, KindConflict, RelationNotAllowed
from graph.ledger.claims import discriminator_of
from graph.ledger.identity import identity_of
from graph.ledger.port import EndKind, SameAsRow, Transaction
from graph.ledger.values import checked_identifier, checked_properties, checked_text
from graph.model import Claim, ClaimId, EdgeFacts, NodeFacts, Uid
from graph.vocabulary import VOCABULARY, End, Kind


def check_claim(claim: Claim) -> None:
    """Pass if a claim can be kept by every store and speaks the vocabulary.

    Raises:
        InvalidValue: for a value or a time that cannot be kept, or a mark that the
            relation does not have.
        UnknownRelation: for a relation that the vocabulary does not have.
    """
    checked_identifier(claim.scope.name, "scope")
    if claim.valid is not None and claim.valid.start >= claim.valid.end:
        raise InvalidValue("valid_to", "an end that is not after the start", "valid_from < valid_to")
    if claim.condition is not None:
        checked_text(claim.condition, "condition")
    if isinstance(claim.about, NodeFacts):
        _check_node(claim.about)
    else:
        _check_edge(claim.about)


def _check_node(facts: NodeFacts) -> None:
    checked_identifier(facts.uid, "uid")
    if facts.kind is Kind.UNKNOWN:
        known = ", ".join(term.name for term in VOCABULARY.kinds)
        raise InvalidValue("kind", "unknown", f"a described node to be one of {known}")
    if facts.type is not None:
        checked_identifier(facts.type, "type")
    if facts.name is not None:
        checked_text(facts.name, "name")
    checked_properties(facts.properties)
    for external_id in facts.external_ids:
        checked_identifier(external_id.scheme, "external_ids.scheme")
        checked_identifier(external_id.value, f"external_ids.{external_id.scheme}")


def _check_edge(facts: EdgeFacts) -> None:
    checked_identifier(facts.subject, "subject")
    checked_identifier(facts.object, "object")
    allowed = VOCABULARY.relation(facts.relation).marks
    for mark in sorted(facts.marks):
        if mark not in allowed:
            expected = f"one of {', '.join(allowed)}" if allowed else "no mark"
            raise InvalidValue("marks", f"{mark!r} on {facts.relation}", expected)
    if facts.environment is not None:
        checked_text(facts.environment, "environment")
    checked_properties(facts.properties)
    discriminator_of(facts)


class KindBook:
    """The kinds that a batch's nodes already have, and those that it gives them.

    Cost: two reads of the store for a whole batch.
    """

    def __init__(
        self, transaction: Transaction, uids: Collection[Uid], decisions: Sequence[SameAsRow]
    ) -> None:
        # What a person has declared one node has one kind, whichever uid a source uses.
        self._decided = identity_of(decisions, (), ())
        members = self._decided.expand(uids)
        self._described: dict[Uid, dict[ClaimId, tuple[Kind, str]]] = defaultdict(dict)
        for uid, kind, claim_id, source in transaction.described_kinds(members):
            self._described[self._class(uid)][claim_id] = (kind, source)
        self._mentioned: dict[Uid, list[EndKind]] = defaultdict(list)
        for uid, ways in transaction.end_kinds(members).items():
            self._mentioned[self._class(uid)].extend(ways)

    def _class(self, uid: Uid) -> Uid:
        return self._decided.canonical(uid)

    def check_class(self, uid: Uid) -> None:
        """Pass if everything said of a node, under all uids declared one, leaves it a kind.

        Raises:
            KindConflict: naming two sources that contradict each other.
        """
        described = self._described[self._class(uid)].values()
        said = [(frozenset({kind}), source) for kind, source in described]
        ways = self._mentioned[self._class(uid)]
        said += [(kinds_allowed(way), f"{way.source} ({way.relation})") for way in ways]
        allowed, by = said[0] if said else (frozenset[Kind](), "")
        for kinds, source in said:
            if not allowed & kinds:
                raise KindConflict(uid, _either(kinds), source, _either(allowed), by)
            allowed, by = allowed & kinds, source

    def admit(self, claim: Claim, claim_id: ClaimId) -> None:
        """Pass if the claim's kinds agree with what is known, and remember them.

        Raises:
            KindConflict: for a description that another source's description, or an
                edge that mentions the node, contradicts.
            RelationNotAllowed: for an edge between kinds that its relation does not join.
        """
        if isinstance(claim.about, NodeFacts):
            self._admit_node(claim, claim.about, claim_id)
        else:
            self._admit_edge(claim, claim.about)

    def _admit_node(self, claim: Claim, facts: NodeFacts, claim_id: ClaimId) -> None:
        for other, (kind, source) in self._described[self._class(facts.uid)].items():
            if other != claim_id and kind is not facts.kind:
                raise _conflict(claim, facts, kind, source)
        for way in self._mentioned[self._class(facts.uid)]:
            if facts.kind not in kinds_allowed(way):
                raise _conflict(claim, facts, _either(kinds_allowed(way)), f"{way.source} ({way.relation})")
        self._described[self._class(facts.uid)][claim_id] = (facts.kind, str(claim.scope.source))

    def _admit_edge(self, claim: Claim, facts: EdgeFacts) -> None:
        subject, subject_source = self._kind(facts.subject, facts.subject_kind)
        object_, object_source = self._kind(facts.object, facts.object_kind)
        for said, kind, uid in (
            (facts.subject_kind, subject, facts.subject),
            (facts.object_kind, object_, facts.object),
        ):
            if said is not None and said is not kind:
                source = subject_source if uid == facts.subject else object_source
                raise KindConflict(uid, said, str(claim.scope.source), kind, source)
        try:
            VOCABULARY.check_pair(facts.relation, subject, object_)
        except RelationNotAllowed as error:
            sources = sorted({source for source in (subject_source, object_source) if source})
            error.because = f"kinds described by {' and '.join(sources)}" if sources else ""
            raise
        source = str(claim.scope.source)
        ends = (
            (facts.subject, End.SUBJECT, facts.subject_kind),
            (facts.object, End.OBJECT, facts.object_kind),
        )
        for uid, end, said in ends:
            way = EndKind(facts.relation, end, said, source)
            ways = self._mentioned[self._class(uid)]
            if way not in ways:
                ways.append(way)

    def _kind(self, uid: Uid, said: Kind | None) -> tuple[Kind, str]:
        """Return the kind a node is described as and by whom; else the one the edge gives it."""
        for kind, source in self._described[self._class(uid)].values():
            return kind, source
        return (said or Kind.UNKNOWN), ""


def kinds_allowed(way: EndKind) -> frozenset[Kind]:
    """Return the kinds that a node mentioned this way may have."""
    if way.said is not None and way.said is not Kind.UNKNOWN:
        return frozenset({way.said})
    return VOCABULARY.relation(way.relation).kinds_at(way.end)


def uids_of(claim: Claim) -> tuple[Uid, ...]:
    """Return the uids that a claim speaks of."""
    facts = claim.about
    return (facts.uid,) if isinstance(facts, NodeFacts) else (facts.subject, facts.object)


def _conflict(claim: Claim, facts: NodeFacts, kind: str, source: str) -> HoldfastError:
    return KindConflict(facts.uid, facts.kind, str(claim.scope.source), kind, source)


def _either(kinds: Collection[Kind]) -> str:
    return " or ".join(sorted(kinds))
