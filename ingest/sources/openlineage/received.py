"""Events that came one by one over the network: a line of a spool for each, and the lines read back.

A line holds the event as it is kept, cleaned already, so that a spool has no secrets and
no names of people in it; and the digest of the event as it was sent, so that the
same event is the same whichever way it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant
from ingest.files import Unreadable, file_name, lines
from ingest.record import ReadContext, Record, Rejected
from ingest.redaction import Json
from ingest.shapes import Misshapen
from ingest.sources.openlineage.arriving import Arrivals, Prepared, checked, taken
from ingest.sources.openlineage.source import SOURCE, OpenLineageSource
from ingest.sources.openlineage.splitting import LARGEST_EVENT
from ingest.wrapping import WrappedSource

_LONGEST_LINE: Final = 2 * LARGEST_EVENT
_EXPECTED: Final = "a line that the receiver wrote"


def spool_line(arrived: Prepared, arrived_at: Instant) -> bytes:
    """Return the line that keeps an event until it is worked out."""
    kept = {
        "digest": arrived.digest,
        "arrived_at": arrived_at,
        "redacted": list(arrived.redacted),
        "event": dict(arrived.event.body),
    }
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


@dataclass(frozen=True)
class ReceivedEvents(WrappedSource):
    """The OpenLineage source, reading spools in place of files of events."""

    source: OpenLineageSource = SOURCE

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the events in these spools, with all that are retained, come to."""
        arrivals = Arrivals()
        for path in paths:
            try:
                for line in lines(path, limit=_LONGEST_LINE):
                    yield from _line(line.text, file_name(path), line.number, arrivals, context)
            except Unreadable as error:
                yield Rejected(error.problem)
        yield from self.source.worked_out(arrivals, context)


def _line(text: str, file: str, number: int, arrivals: Arrivals, context: ReadContext) -> Iterator[Record]:
    try:
        arrived, at = _read_back(json.loads(text))
    except (ValueError, Misshapen):
        yield Rejected(Problem(file, f"line {number}", "", "a line that is broken", _EXPECTED))
        return
    yield from taken(arrived, file, number, arrivals, replace(context, now=at))


def _read_back(said: Json) -> tuple[Prepared, Instant]:
    match said:
        case {"digest": str(digest), "arrived_at": int(at), "redacted": [*redacted], "event": dict(event)}:
            return checked(event, digest, tuple(map(str, redacted))), Instant(at)
        case _:
            raise ValueError("not a line of a spool")
