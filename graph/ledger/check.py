"""Whether a claim may enter the ledger at all: its values, its relation, and the kinds at its ends.

Kinds are looked up for a whole batch at once, under the write lock, so that two
writers cannot describe one node as two kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from graph.errors import HoldfastError, InvalidValue, KindConflict, RelationNotAllowed
from graph.ledger.claims import discriminator_of
from graph.ledger.identity import identity_of
from graph.ledger.kinds import Description, speaking
from graph.ledger.port import EndKind, SameAsRow, Transaction
from graph.ledger.values import checked_identifier, checked_properties, checked_text
from graph.model import Claim, ClaimId, EdgeFacts, Instant, NodeFacts, Uid
from graph.vocabulary import VOCABULARY, End, Kind


def checked_claim(claim: Claim) -> Claim:
    """Return a claim in the form in which it is kept, if every store can and it speaks the vocabulary.

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
    facts = _checked_node(claim.about) if isinstance(claim.about, NodeFacts) else _checked_edge(claim.about)
    return replace(claim, about=facts)


def _checked_node(facts: NodeFacts) -> NodeFacts:
    checked_identifier(facts.uid, "uid")
    if facts.kind is Kind.UNKNOWN:
        known = ", ".join(term.name for term in VOCABULARY.kinds)
        raise InvalidValue("kind", "unknown", f"a described node to be one of {known}")
    if facts.type is not None:
        checked_identifier(facts.type, "type")
    if facts.name is not None:
        checked_text(facts.name, "name")
    for relation in facts.coverage:
        _check_coverage(facts.kind, relation)
    for external_id in facts.external_ids:
        checked_identifier(external_id.scheme, "external_ids.scheme")
        checked_identifier(external_id.value, f"external_ids.{external_id.scheme}")
    return replace(facts, properties=checked_properties(facts.properties, kind=facts.kind))


def _check_coverage(kind: Kind, relation: str) -> None:
    """Pass if a node of a kind can have edges of a relation at all; raises UnknownRelation, InvalidValue."""
    declared = VOCABULARY.relation(relation)
    if not any(kind in declared.kinds_at(end) for end in End):
        possible = [r.name for r in VOCABULARY.relations if any(kind in r.kinds_at(end) for end in End)]
        raise InvalidValue(
            "coverage", f"{relation}, which joins no {kind} to anything", f"one of {', '.join(possible)}"
        )


def _checked_edge(facts: EdgeFacts) -> EdgeFacts:
    checked_identifier(facts.subject, "subject")
    checked_identifier(facts.object, "object")
    allowed = VOCABULARY.relation(facts.relation).marks
    for mark in sorted(facts.marks):
        if mark not in allowed:
            expected = f"one of {', '.join(allowed)}" if allowed else "no mark"
            raise InvalidValue("marks", f"{mark!r} on {facts.relation}", expected)
    if facts.environment is not None:
        checked_text(facts.environment, "environment")
    discriminator_of(facts)
    return replace(facts, properties=checked_properties(facts.properties))


class KindBook:
    """The kinds that a batch's nodes already have, and those that it gives them.

    A description that is refuted, or over by ``now``, keeps no other out: its node may
    turn out to be of another kind. While nobody says anything else, one that is over
    still tells the kind.

    Cost: three reads of the store for a whole batch.
    """

    def __init__(
        self,
        transaction: Transaction,
        uids: Collection[Uid],
        decisions: Sequence[SameAsRow],
        now: Instant,
    ) -> None:
        self._now = now
        # What a person has declared one node has one kind, whichever uid a source uses.
        self._decided = identity_of(decisions, (), ())
        members = self._decided.expand(uids)
        self._described: dict[Uid, list[Description]] = defaultdict(list)
        for description in _unrefuted(transaction, members):
            self._described[self._class(description.uid)].append(description)
        self._mentioned: dict[Uid, list[tuple[Uid, EndKind]]] = defaultdict(list)
        for uid, ways in transaction.end_kinds(members).items():
            self._mentioned[self._class(uid)].extend((uid, way) for way in ways)

    def _class(self, uid: Uid) -> Uid:
        return self._decided.canonical(uid)

    def check_class(self, uid: Uid) -> None:
        """Pass if everything said of a node, under all uids declared one, leaves it a kind.

        Raises:
            KindConflict: naming two sources that contradict each other, each with the uid that it uses.
        """
        said = [(d.uid, frozenset({d.kind}), d.source) for d in self._lasting(uid)]
        ways = self._mentioned[self._class(uid)]
        said += [(about, kinds_allowed(way), f"{way.source} ({way.relation})") for about, way in ways]
        before, allowed, by = said[0] if said else (uid, frozenset[Kind](), "")
        for about, kinds, source in said:
            if not allowed & kinds:
                raise KindConflict(about, _either(kinds), source, _either(allowed), by, before)
            if allowed - kinds:
                before, allowed, by = about, allowed & kinds, source

    def admit_node(
        self, claim: Claim, facts: NodeFacts, claim_id: ClaimId, rows: Sequence[Description]
    ) -> None:
        """Pass if a description agrees with what is known, and remember it.

        ``rows`` are all that the claim's rows would say, with this description among them.

        Raises:
            KindConflict: for a description that another source's description, or an
                edge that mentions the node, contradicts.
        """
        for other in self._lasting(facts.uid, beside=claim_id):
            if other.kind is not facts.kind:
                raise _conflict(claim, facts, other.kind, other.source)
        for _, way in self._mentioned[self._class(facts.uid)]:
            if facts.kind not in kinds_allowed(way):
                raise _conflict(claim, facts, _either(kinds_allowed(way)), f"{way.source} ({way.relation})")
        others = [d for d in self._described[self._class(facts.uid)] if d.claim_id != claim_id]
        self._described[self._class(facts.uid)] = [*others, *rows]

    def _lasting(self, uid: Uid, beside: ClaimId | None = None) -> list[Description]:
        """Return the descriptions that speak for the kind and are not over, without those of a claim."""
        found = (d for d in self._described[self._class(uid)] if d.claim_id != beside)
        return [d for d in speaking(found) if d.valid.end > self._now]

    def admit_edge(self, claim: Claim, facts: EdgeFacts) -> None:
        """Pass if an edge agrees with the kinds of its ends, and remember what it says of them.

        Raises:
            KindConflict: for an edge that gives an end another kind than it has.
            RelationNotAllowed: for an edge between kinds that its relation does not join.
        """
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
            if (uid, way) not in ways:
                ways.append((uid, way))

    def _kind(self, uid: Uid, said: Kind | None) -> tuple[Kind, str]:
        """Return the kind a node is described as and by whom; else the one the edge gives it."""
        for description in speaking(self._described[self._class(uid)]):
            return description.kind, description.source
        return (said or Kind.UNKNOWN), ""


def _unrefuted(transaction: Transaction, uids: Collection[Uid]) -> list[Description]:
    """Return what the rows about these uids say of their kinds, but for what a person has refuted."""
    found = transaction.descriptions(uids)
    refutations = transaction.refutations({d.claim_id for d in found})
    refuted = {(row.claim_id, row.content_digest) for row in refutations}
    return [d for d in found if (d.claim_id, d.content_digest) not in refuted]


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
