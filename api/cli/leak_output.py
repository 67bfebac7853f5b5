"""Known leaks for people: what an answer starts from, what it leaves out and why, and who would tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.cli.output import plural
from api.documents.common import time_or_none
from api.uids import Meant
from queries.known_leaks import LIVENESS, FoundAt, KnownLeaks, Leak, LeftOut

NOBODY_LOOKS: Final = "no source reports where secrets were found"

_WHY: Final = {
    LeftOut.REVOKED: "it was revoked",
    LeftOut.EXPIRED: "it has expired",
    LeftOut.INACTIVE: "it was seen to open nothing any more",
    LeftOut.POSSIBLE: "it is only possible that it has leaked",
}


def meant_by_leaks(known: KnownLeaks) -> tuple[Meant, ...]:
    """Return the leaks as nodes asked for, each by its uid."""
    return tuple(Meant(leak.secret.uid, leak.secret) for leak in known.leaks)


def leak_lines(known: KnownLeaks, *, limit: int) -> list[str]:
    """Return what the answer starts from and what not; so many of each, 0 is all."""
    return [
        *_started(known.leaks, limit),
        *_listed("Left out", known.left_out, limit),
        *_covering(known, limit),
    ]


def _started(leaks: Sequence[Leak], limit: int) -> list[str]:
    if not leaks:
        return ["No leak is known that counts."]
    return _listed("Known leaks", leaks, limit)


def _listed(title: str, leaks: Sequence[Leak], limit: int) -> list[str]:
    if not leaks:
        return []
    shown = leaks[: limit or None]
    more = [f"  {len(leaks) - len(shown)} more: --all shows them."] if len(leaks) > len(shown) else []
    return [f"{title}: {plural(len(leaks), 'secret')}.", *(f"  {_leak(leak)}" for leak in shown), *more]


def _leak(leak: Leak) -> str:
    places = "; ".join(_place(found) for found in leak.places)
    text = f"{leak.secret.label} ({leak.secret.uid}), found in {places}"
    if leak.left_out is None:
        return text
    conditions = f": if {' or '.join(leak.conditions)}" if leak.conditions else ""
    return f"{text}: {_WHY[leak.left_out]}{conditions}"


def _place(found: FoundAt) -> str:
    said = {name: value.value for name, value in found.edge.properties.items()}
    file, line = said.get("file"), said.get("line")
    where = f" at {file}:{line}" if file else ""
    words = [str(said[name]) for name in ("tool", LIVENESS) if name in said]
    return f"{found.place.label}{where}" + (f" ({', '.join(words)})" if words else "")


def _covering(known: KnownLeaks, limit: int) -> list[str]:
    if not known.covered_by:
        return [f"UNKNOWN: {NOBODY_LOOKS}, so there may be others. Read reports of a scanner: `leaks`."]
    shown = known.covered_by[: limit or None]
    scopes = ", ".join(f"{c.scope} (read {time_or_none(c.last)})" for c in shown)
    others = len(known.covered_by) - len(shown)
    more = f", and {others} more" if others else ""
    return [f"Where secrets were found is reported by {scopes}{more}; elsewhere nobody has looked."]
