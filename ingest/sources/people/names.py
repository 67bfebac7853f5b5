"""Uids of people, teams and of whoever is named as an owner, by the instance that is read."""

from __future__ import annotations

from typing import Final

from graph.model import Uid
from ingest.people import NO_ADDRESS, is_address, listed_person_uid, listed_team_uid, opaque
from ingest.record import ReadContext
from ingest.uids import address_uid

OWNERS_EXPECTED: Final = (
    "an address, team:, person: or uid: with an id, or a person's id; several with ; between them"
)


def person_digest(person_id: str, context: ReadContext) -> str:
    """Return the keyed digest of the instance and of an id in its list of people."""
    return opaque(context.fingerprints, context.source.instance, person_id)


def person_uid(person_id: str, context: ReadContext) -> Uid:
    """Return the uid of a person of this instance; ids that differ in case are different ids."""
    return listed_person_uid(context.source.instance, person_id, context.fingerprints)


def team_uid(team_id: str, context: ReadContext) -> Uid:
    """Return the uid of a team of this instance.

    >>> from ingest.fingerprint import Fingerprinter
    >>> from graph.model import Instant, SourceInstance
    >>> context = ReadContext(SourceInstance("people"), Fingerprinter(b"k"), Instant(0))
    >>> team_uid("credit risk", context)
    'hf:identity:team:default/credit%20risk'
    """
    return listed_team_uid(context.source.instance, team_id)


def owner_uid(owner: str, context: ReadContext) -> Uid:
    """Return the uid of an owner as a register writes it.

    ``team:<id>`` is a team, ``uid:<uid>`` any node, what has an ``@`` in it an e-mail
    address, and everything else an id or a name of a person, with or without
    ``person:`` before it. An owner that no list of people knows stays mentioned only.

    Raises:
        ValueError: for what can be nobody, as its text says without quoting it.
    """
    prefix, separator, rest = owner.partition(":")
    is_named = bool(separator) and prefix in ("team", "uid", "person")
    named = rest.strip() if is_named else owner
    if not named:
        raise ValueError("names nobody")
    if is_named and prefix == "team":
        return team_uid(named, context)
    if is_named and prefix == "uid":
        return Uid(named)
    if "@" not in named:
        return person_uid(named, context)
    if not is_address(named):
        raise ValueError(NO_ADDRESS)
    return address_uid(named, context.fingerprints)
