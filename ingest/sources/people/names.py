"""Uids of people, teams and of whoever is named as an owner.

A person's uid is opaque: a keyed digest of the instance and the id in its list. Who is
named by an address has the uid of the address, which a list of people joins to the
person who has it.
"""

from __future__ import annotations

import re
from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.uids import address_uid, escaped, native_uid

OWNERS_EXPECTED: Final = (
    "an address, team:, person: or uid: with an id, or a person's id; several with ; between them"
)
NO_ADDRESS: Final = "is no single address"

_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def person_digest(person_id: str, context: ReadContext) -> str:
    """Return the keyed digest of the instance and of an id in its list of people."""
    parts = (context.source.instance, person_id)
    return context.fingerprints.opaque_id("/".join(map(escaped, parts)))


def person_uid(person_id: str, context: ReadContext) -> Uid:
    """Return the uid of a person of this instance; ids that differ in case are different ids."""
    return native_uid(Kind.IDENTITY, "person", person_digest(person_id, context))


def team_uid(team_id: str, context: ReadContext) -> Uid:
    """Return the uid of a team of this instance.

    >>> from ingest.fingerprint import Fingerprinter
    >>> from graph.model import Instant, SourceInstance
    >>> context = ReadContext(SourceInstance("people"), Fingerprinter(b"k"), Instant(0))
    >>> team_uid("credit risk", context)
    'hf:identity:team:default/credit%20risk'
    """
    return native_uid(Kind.IDENTITY, "team", context.source.instance, team_id)


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


def is_address(text: str) -> bool:
    """Return whether a text is one e-mail address, without a name beside it.

    >>> is_address("ada@example.org"), is_address("Ada <ada@example.org>"), is_address("a@b.c, d@e.f")
    (True, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None
