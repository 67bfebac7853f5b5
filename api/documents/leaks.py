"""Known leaks as documents: what a blast radius starts from, what it leaves out, and who would tell."""

from __future__ import annotations

from api.documents.common import Document, brief_of, time_or_none
from graph.model import Instant, PropertyValue
from queries.known_leaks import FOUND_AT, FoundAt, KnownLeaks, Leak


def leaks_of(known: KnownLeaks) -> Document:
    """Return the known leaks: `covered_by` empty means that nobody has looked."""
    return {
        "started_from": [leak_of(leak) for leak in known.leaks],
        "left_out": [
            {**leak_of(leak), "why": None if leak.left_out is None else leak.left_out.value}
            for leak in known.left_out
        ],
        "covered_by": [
            {
                "scope": str(covering.scope),
                "since": time_or_none(covering.since),
                "last_read": time_or_none(covering.last),
            }
            for covering in known.covered_by
        ],
    }


def leak_of(leak: Leak) -> Document:
    """Return a secret and the places where it stands."""
    return {
        **brief_of(leak.secret),
        "conditions": list(leak.conditions),
        "found_in": [place_of(found) for found in leak.places],
    }


def place_of(found: FoundAt) -> Document:
    """Return one place with all that the edge says of it; since when it stands there is a time."""
    return {
        "uid": found.place.uid,
        "name": found.place.name,
        "edge": found.edge.eid,
        "certainty": found.edge.certainty.value,
        "properties": {
            name: _value(name, resolved.value) for name, resolved in sorted(found.edge.properties.items())
        },
    }


def _value(name: str, value: PropertyValue) -> object:
    if name == FOUND_AT and isinstance(value, int):
        return time_or_none(Instant(value))
    return list(value) if isinstance(value, tuple) else value
