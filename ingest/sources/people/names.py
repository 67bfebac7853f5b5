"""Uids of people, teams and of whoever is named as an owner.

A person's uid is opaque: a keyed digest of the e-mail address, else of the id. The
same address gives the same uid whichever file names it.
"""

from __future__ import annotations

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.uids import native_uid


def person_uid(email_or_id: str, context: ReadContext) -> Uid:
    """Return the uid of a person; case is folded, as addresses are written either way."""
    return native_uid(Kind.IDENTITY, "person", context.fingerprints.opaque_id(email_or_id.strip().lower()))


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

    ``team:<id>`` is a team, ``uid:<uid>`` any node, and everything else an e-mail
    address, an id or a name of a person, with or without ``person:`` before it. An
    owner that no list of people describes stays mentioned only.
    """
    prefix, separator, rest = owner.partition(":")
    if separator and prefix == "team":
        return team_uid(rest.strip(), context)
    if separator and prefix == "uid":
        return Uid(rest.strip())
    return person_uid(rest if separator and prefix == "person" else owner, context)
