"""Uids of people and teams, the same for every source that describes or names them.

A person's uid is opaque: a keyed digest of the instance and the id in its list. Who is
named by an address has the uid of the address, which a list of people joins to the
person who has it.
"""

from __future__ import annotations

import re
from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.uids import escaped, native_uid

NO_ADDRESS: Final = "is no single address"
ADDRESS_EXPECTED: Final = "one address such as ada@example.org"

_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def opaque(fingerprints: Fingerprinter, *native: str) -> str:
    """Return the keyed digest of a native id of several parts, by which it is recognised and not read."""
    return fingerprints.opaque_id("/".join(map(escaped, native)))


def listed_person_uid(instance: str, person_id: str, fingerprints: Fingerprinter) -> Uid:
    """Return the uid of a person of an instance's list; ids that differ in case are different ids."""
    return native_uid(Kind.IDENTITY, "person", opaque(fingerprints, instance, person_id))


def listed_team_uid(instance: str, team_id: str) -> Uid:
    """Return the uid of a team of an instance's list.

    >>> listed_team_uid("default", "credit risk")
    'hf:identity:team:default/credit%20risk'
    """
    return native_uid(Kind.IDENTITY, "team", instance, team_id)


def is_address(text: str) -> bool:
    """Return whether a text is one e-mail address, without a name beside it.

    >>> is_address("ada@example.org"), is_address("Ada <ada@example.org>"), is_address("a@b.c, d@e.f")
    (True, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None
