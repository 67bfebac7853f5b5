"""Questions to the graph about credentials: who answers for them, how old they are, whether they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from graph.ledger.standing import (
    SECRET_PROPERTIES,
    STATUS_PROPERTIES,
    UNKNOWN_STATUS,
    SecretStanding,
    secret_standing_of,
    status_of,
)
from graph.model import Instant, Uid
from graph.vocabulary import Certainty, Kind
from queries.evidence.answer import FactUsed
from queries.evidence.dated import DatedFacts, LiveEdge
from queries.evidence.graph_answers import Asked, GraphAnswer, NotSeen, Open, Seen, not_covered
from queries.evidence.words import day
from queries.ownership_rules import NodeOwnership, Reason, Standing

NAME_OWNER = "Name an accountable owner (holdfast assign-owner)."
READ_OWNERS = "Read a source that reports owners of it, completely."
REPORT_ROTATION = "Have a source report `last_rotated` or `created` of the secret."
STATED = frozenset({"active", "suspended", "departed"})
"""What a source can say of an identity that tells something."""

UNDATED = "no source says when it was rotated or made"
UNCOVERED = "not covered: no source of it reports secrets completely"


def living_owner(asked: Asked) -> GraphAnswer:
    """Return whether somebody living answers for the subject, as the question of ownership has it."""
    owned = asked.owners.of(asked.subject.uid)
    if owned is None:
        return NotSeen("it is not something that has an owner", "Leave it out of the requirement's level.")
    if owned.standing is Standing.NOT_ASSESSED or Reason.NOT_ASSESSED in owned.reasons:
        return NotSeen(f"not covered: {owned.because}", READ_OWNERS, is_covered=False)
    if Reason.NO_OWNER in owned.reasons:
        return NotSeen(owned.because, NAME_OWNER)
    return Seen(_verdict(owned), _owned_at(asked, owned), owned.because, _owner_facts(owned))


def _verdict(owned: NodeOwnership) -> str:
    if owned.standing is Standing.GAP:
        return "fail"
    is_sure = owned.standing is not Standing.UNKNOWN and owned.certainty is Certainty.CERTAIN
    return "pass" if is_sure else "none"


def _owner_facts(owned: NodeOwnership) -> tuple[FactUsed, ...]:
    return tuple(FactUsed(owner.uid, "life", owner.sign.life.value, None) for owner in owned.owners)


def _owned_at(asked: Asked, owned: NodeOwnership) -> Instant:
    """Return the oldest date at which a claim of ownership was last known to stand."""
    facts, moment = asked.dated.facts, asked.dated.moment
    keys = (
        (edge.relation, edge.subject.uid, edge.object.uid, edge.discriminator)
        for holding in owned.holdings
        for edge in (*holding.owners, *holding.via)
    )
    rows = chain.from_iterable(facts.edge_rows.get(key, ()) for key in keys)
    return min((facts.read_at(row, moment) for row in rows if row.valid.holds_at(moment)), default=moment)


def secret_rotation(asked: Asked) -> GraphAnswer:
    """Return when a secret's value last changed: its rotation, its newest version, else its making.

    Of an identity, that of its oldest secret. What opens it only possibly may be older, and
    what is only possibly a version may be newer.
    """
    dated, uid = asked.dated, asked.subject.uid
    if dated.node(uid).kind is Kind.SECRET:
        return _either(asked, [uid], [])
    opening = sorted(_secrets(asked), key=lambda edge: edge.subject)
    sure = [edge.subject for edge in opening if edge.is_certain]
    perhaps = [edge.subject for edge in opening if not edge.is_certain]
    if sure:
        return _either(asked, sure, perhaps)
    if perhaps:
        names = ", ".join(dated.node(secret).label for secret in perhaps)
        return Seen("none", dated.moment, f"{names} only possibly opens {dated.node(uid).label}")
    missing = not_covered(asked, {uid: ("AUTHENTICATES",)})
    return missing or NotSeen("no secret is known that opens it", "Have a source report its secrets.")


def _either(asked: Asked, sure: Sequence[Uid], perhaps: Sequence[Uid]) -> GraphAnswer:
    """Return the age of the oldest of some secrets, between the newest and the oldest that it may be."""
    ages = {secret: sorted(_ages(asked, secret), key=_oldest_first) for secret in (*sure, *perhaps)}
    best = min((ages[secret][-1] for secret in sure), key=_oldest_first)
    worst = min((found[0] for found in ages.values()), key=_oldest_first)
    if best == worst:
        return best
    names = ", ".join(asked.dated.node(secret).label for secret in ages)
    return Open(worst, best, f"how old {names} is depends on what is only possible: {worst.because}")


def _oldest_first(found: Seen | NotSeen) -> tuple[int, Instant]:
    """Return what puts secrets of unknown age first, then those in dispute, then the older ones."""
    if isinstance(found, NotSeen):
        return 0, Instant(0)
    return (2 if found.verdict == "pass" else 1), found.at


def _ages(asked: Asked, secret: Uid) -> list[Seen | NotSeen]:
    """Return how old a secret is: by what is certain, and with each that is only possibly a version of it."""
    versions = list(asked.dated.into("VERSION_OF", secret))
    sure = [edge.subject for edge in versions if edge.is_certain]
    perhaps = [edge.subject for edge in versions if not edge.is_certain]
    return [_age(asked, secret, sure), *(_age(asked, secret, [*sure, version]) for version in perhaps)]


def _age(asked: Asked, secret: Uid, versions: Sequence[Uid]) -> Seen | NotSeen:
    """Return when a value last changed; when the secret itself was made counts only where nothing else tells.

    It may have been made anew, in another place, with the value that it had.
    """
    dated, label = asked.dated, asked.dated.node(secret).label
    made = [used for version in versions for used in _date(asked, version, "created")]
    for used in ([*_date(asked, secret, "last_rotated"), *made], [*_date(asked, secret, "created")]):
        stated = [(Instant(fact.value), fact) for fact in used if isinstance(fact.value, int)]
        dated.horizon.note(moment for moment, _ in stated)
        if len(stated) < len(used):
            return Seen("none", dated.moment, f"sources contradict each other on when {label} was rotated")
        past = [(moment, fact) for moment, fact in stated if moment <= dated.moment]
        if past:
            at, fact = max(past, key=lambda pair: pair[0])
            return Seen("pass", at, f"{label}: {fact.name} {day(at)}", (fact,))
    scopes = dated.coverage.scopes_of(dated.node(secret))
    is_covered = any(Kind.SECRET.value in dated.coverage.scopes[scope].kinds for scope in scopes)
    because = f"{label}: {UNDATED if is_covered else UNCOVERED}"
    return NotSeen(because, REPORT_ROTATION, is_covered=is_covered)


def _date(asked: Asked, uid: Uid, name: str) -> Iterator[FactUsed]:
    fact = asked.dated.fact(uid, name)
    if fact.contested or isinstance(fact.value, int):
        yield fact.used


def credentials_ended(asked: Asked) -> GraphAnswer:
    """Return whether no credential of an identity outlives it."""
    dated, uid = asked.dated, asked.subject.uid
    node, status = dated.node(uid), dated.fact(uid, "status")
    label, standing = node.label, status_of(node, dated.moment)
    dates = (date for name in ("departed_at", "suspended_at") for date in node.readings(name))
    dated.horizon.note(Instant(date) for date in dates if isinstance(date, int))
    if standing == UNKNOWN_STATUS and any(name in node.contested for name in STATUS_PROPERTIES):
        return Seen("none", dated.moment, f"sources contradict each other on the status of {label}")
    if standing == UNKNOWN_STATUS and status.value in STATED:
        said = f"the status of {label} is {status.value}, and its dates contradict that"
        return Seen("none", dated.moment, said, (status.used,))
    if standing == UNKNOWN_STATUS:
        said = f"no source says whether {label} is still in use"
        return NotSeen(said, "Have a source report `status` of the identity.")
    rows = dated.facts.described(uid, dated.moment)
    at = min((dated.facts.read_at(row, dated.moment) for row in rows), default=dated.moment)
    if standing != "departed":
        return Seen("pass", at, f"{label} is {standing}: it has not been retired", (status.used,))
    return _after_retirement(asked, label, at, status.used)


def _after_retirement(asked: Asked, label: str, at: Instant, status: FactUsed) -> GraphAnswer:
    """Return whether the secrets of an identity that is no longer used open nothing any more."""
    living, unclear, used = list[str](), list[str](), [status]
    for edge in _secrets(asked):
        end, fact = secret_end(asked.dated, edge.subject)
        used.append(fact)
        if end is not SecretStanding.ENDED:
            is_open = end is SecretStanding.UNKNOWN or not edge.is_certain
            (unclear if is_open else living).append(asked.dated.node(edge.subject).label)
    said = f"{label} has been retired"
    if living:
        return Seen("fail", at, f"{said}, but {', '.join(living)} still opens it", tuple(used))
    if unclear:
        return Seen("none", at, f"{said}; it is open whether {', '.join(unclear)} opens it", tuple(used))
    missing = not_covered(asked, {asked.subject.uid: ("AUTHENTICATES",)})
    return missing or Seen("pass", at, f"{said}, and no secret opens it any more", tuple(used))


def secret_end(dated: DatedFacts, secret: Uid) -> tuple[SecretStanding, FactUsed]:
    """Return whether a secret opens nothing any more, and the fact that decides it."""
    revoked, revoked_at, expires = (dated.fact(secret, name) for name in SECRET_PROPERTIES)
    dates = [Instant(fact.value) for fact in (revoked_at, expires) if isinstance(fact.value, int)]
    dated.horizon.note(dates)
    standing = secret_standing_of(dated.node(secret), dated.moment)
    if isinstance(expires.value, int) and expires.value <= dated.moment:
        return standing, expires.used
    return standing, (revoked_at if isinstance(revoked_at.value, int) else revoked).used


def _secrets(asked: Asked) -> Iterator[LiveEdge]:
    return asked.dated.into("AUTHENTICATES", asked.subject.uid)
