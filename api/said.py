"""What a claim says, in words, for people."""

from __future__ import annotations

from contextlib import suppress

from graph.model import ClaimRow, EdgeFacts, Instant, PropertyValue, as_text
from graph.vocabulary import VOCABULARY


def said(row: ClaimRow) -> str:
    """Return what a claim says about a node or an edge, in the uids of its source.

    A node's reads ``key is a Secret of type api_key, called gateway key (criticality 3)``,
    an edge's ``ada OWNS key [accountable]``.
    """
    facts = row.claim.about
    if isinstance(facts, EdgeFacts):
        marks = f" [{', '.join(sorted(facts.marks))}]" if facts.marks else ""
        return f"{facts.subject} {facts.relation} {facts.object}{marks}"
    of_type = f" of type {facts.type}" if facts.type else ""
    called = f", called {facts.name}" if facts.name else ""
    properties = [f"{name} {shown_value(name, value)}" for name, value in sorted(facts.properties.items())]
    detail = f" ({', '.join(properties)})" if properties else ""
    article = "an" if facts.kind.value[0] in "AEIOUaeiou" else "a"
    return f"{facts.uid} is {article} {facts.kind.value}{of_type}{called}{detail}"


def told(row: ClaimRow) -> str:
    """Return who says what, as one line."""
    return f"{row.claim.scope.source} says {said(row)}"


def shown_value(name: str, value: PropertyValue) -> str:
    """Return a property's value for people; a time, which sources give in milliseconds, as a date and time.

    >>> shown_value("last_rotated", 1767225600000), shown_value("size", 1767225600000)
    ('2026-01-01T00:00:00.000Z', '1767225600000')
    """
    declared = VOCABULARY.property(name)
    if declared is not None and declared.value == "instant" and isinstance(value, int):
        with suppress(OverflowError, ValueError):
            return as_text(Instant(value))
    return ", ".join(texts_of(value))


def texts_of(value: PropertyValue) -> list[str]:
    """Return a property's value as texts; true and false as such, numbers in digits.

    >>> texts_of(True), texts_of(("a", "b")), texts_of(1.5)
    (['true'], ['a', 'b'], ['1.5'])
    """
    items = value if isinstance(value, tuple) else (value,)
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]
