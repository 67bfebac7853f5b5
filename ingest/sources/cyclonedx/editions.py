"""Which versions of a BOM have been read: only a higher one ends what a former one said.

What is remembered of a reading is its version, its time and a keyed digest of its content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import Problem
from graph.ledger.port import RawRecord
from graph.model import Instant, as_text
from ingest.record import ReadContext, Retained
from ingest.sources.cyclonedx.names import Bom

_FIELD: Final = "/version"


class Content:
    """A running digest of a text that is too long to be held."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, text: str) -> None:
        """Add what comes next."""
        self._hash.update(text.encode())

    def digest(self) -> bytes:
        """Return the digest of all that was added."""
        return self._hash.digest()


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a BOM as it was read: its number, its time, and a digest of its content."""

    version: int
    read_at: Instant
    digest: str

    def retained(self, bom: Bom, context: ReadContext) -> Retained:
        """Return what is remembered of it."""
        payload = json.dumps({"version": self.version, "read_at": self.read_at, "content": self.digest})
        return Retained(
            RawRecord(
                source=str(context.source),
                group=_group(bom, context),
                digest=context.fingerprints.of_payload(f"{bom.id} {payload}".encode()),
                occurred_at=self.read_at,
                arrived_at=context.now,
                payload=payload,
                redacted=(),
            )
        )


def former_editions(bom: Bom, context: ReadContext) -> Iterator[Edition]:
    """Yield the versions of a BOM that have been read to their end, in order of time."""
    for record in context.retained(_group(bom, context)):
        held = json.loads(record.payload)
        yield Edition(held["version"], Instant(held["read_at"]), held["content"])


def out_of_order(edition: Edition, former: list[Edition], file: str) -> Problem | None:
    """Return why a version cannot be said: by the times of the others it is another than its number says."""
    for other in former:
        if other.version > edition.version and other.read_at <= edition.read_at:
            reason = f"version {edition.version}, dated after version {other.version}, which was read before"
        elif other.version < edition.version and other.read_at > edition.read_at:
            reason = (
                f"version {edition.version}, dated before version {other.version} of {as_text(other.read_at)}"
            )
        else:
            continue
        return Problem(file, "", _FIELD, reason, "a time (metadata.timestamp, --read-at) that grows with it")
    return None


def why_not_newer(edition: Edition, former: list[Edition]) -> str | None:
    """Return why a version ends nothing; None where it does, also where it is read once more as it was."""
    for other in former:
        if other.version == edition.version and other.digest != edition.digest:
            same = f"version {edition.version} was read before with other content"
            return f"{same}; only a higher one ends what it said"
    return None


def _group(bom: Bom, context: ReadContext) -> str:
    # Keyed: what names a BOM may be a text of the input, with a secret in it.
    return f"bom {context.fingerprints.opaque_id(bom.id)}"
