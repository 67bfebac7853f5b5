"""Who made something, as far as that names anybody: an e-mail address does, a login name does not.

MLflow keeps the name of whoever was logged in on some machine (``ada``, ``root``, ``unknown``). Two
people on two machines may share one, so it leads to nobody; and it is personal, so it is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.people import is_address
from ingest.record import Skipped
from ingest.uids import address_uid

NO_ADDRESS: Final = "user name that is no e-mail address"
_NOBODY: Final = frozenset({"", "unknown"})


def contact(name: object, of: Uid, kind: Kind, fingerprints: Fingerprinter) -> Iterator[Fact | Skipped]:
    """Yield that whoever has this address may be asked about something; who answers for it is not said."""
    if not isinstance(name, str) or name in _NOBODY:
        return
    if not is_address(name):
        yield Skipped(NO_ADDRESS)
        return
    person = address_uid(name, fingerprints)
    yield Fact(
        EdgeFacts(
            "OWNS",
            person,
            of,
            marks=frozenset({"contact"}),
            subject_kind=Kind.IDENTITY,
            object_kind=kind,
        ),
        "",
    )
