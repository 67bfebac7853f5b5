"""A text without secrets: every way of knowing one, in order, until nothing more is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ingest.redaction.arguments import behind_flags
from ingest.redaction.assignments import assigned
from ingest.redaction.found import Found, without
from ingest.redaction.pairs import PAIRS
from ingest.redaction.spelled import spelled
from ingest.redaction.surroundings import ADDRESSES, HOST_LOGIN, STATEMENTS
from ingest.redaction.tokens import PRIVATE_KEY, TOKENS, Shape
from ingest.redaction.values import looks_made
from ingest.redaction.wrapped import Clean, encoded, entities, escaped

_MOST_ROUNDS: Final = 8


def clean_text(text: str, *, identifier: bool, unwrapped: Clean | None) -> tuple[str, str | None]:
    """Return a text without secrets, and what the first of them was; None where there is none.

    With ``identifier`` public ids of credentials are let pass, and a colon joins the
    parts of a uid. ``unwrapped`` searches what stood inside another coding; with None
    nothing is unwrapped. Cleaning twice changes nothing more.
    """
    what: str | None = None
    for _ in range(_MOST_ROUNDS):
        before = text
        # What is wide comes before what it may hold, so that no tail is left standing.
        for search in _SEARCHES:
            if found := search(Searched(text, identifier)):
                text, first = without(text, found)
                what = what or first
        for unwrapping in (escaped, entities, encoded):
            if unwrapped is not None and (found := unwrapping(text, unwrapped)):
                text, first = without(text, found)
                what = what or first
        if text is before or text == before:
            break
    return text, what


class Searched(NamedTuple):
    """A text that is searched, and whether it is one by which something is known."""

    text: str
    is_identifier: bool


def _keys(searched: Searched) -> Iterable[Found]:
    return _shaped((PRIVATE_KEY,), searched.text) if "-----" in searched.text else ()


def _addresses(searched: Searched) -> Iterable[Found]:
    return _shaped(ADDRESSES, searched.text) if "@" in searched.text or "%40" in searched.text else ()


def _pairs(searched: Searched) -> Iterable[Found]:
    return _shaped(PAIRS, searched.text) if _ANY_PAIR.search(searched.text.lower()) else ()


def _statements(searched: Searched) -> Iterable[Found]:
    return _shaped(STATEMENTS, searched.text) if _ANY_STATEMENT.search(searched.text.lower()) else ()


def _assigned(searched: Searched) -> Iterable[Found]:
    return (
        assigned(searched.text, identifier=searched.is_identifier)
        if ":" in searched.text or "=" in searched.text
        else ()
    )


def _spelled(searched: Searched) -> Iterable[Found]:
    return spelled(searched.text) if _SPELLS.search(searched.text) else ()


def _arguments(searched: Searched) -> Iterable[Found]:
    return behind_flags(searched.text) if "-" in searched.text and " " in searched.text else ()


def _tokens(searched: Searched) -> Iterable[Found]:
    if _ANY_TOKEN.search(searched.text.lower()) is None:
        return ()
    return _shaped(
        [shape for shape in TOKENS if not (searched.is_identifier and shape.id_only)], searched.text
    )


def _logins(searched: Searched) -> Iterable[Found]:
    return _host_logins(searched.text) if "@" in searched.text and ":" in searched.text else ()


def _host_logins(text: str) -> Iterator[Found]:
    for match in HOST_LOGIN.finditer(text):
        if looks_made(match["value"]):
            yield Found(*match.span("value"), "a password of a login")


_SPELLS: Final = re.compile(r"[<( \n]")
"""Without one of these no name and value stand one after the other."""

_SEARCHES: Final = (_keys, _addresses, _pairs, _statements, _assigned, _spelled, _arguments, _tokens, _logins)


def _shaped(shapes: Iterable[Shape], text: str) -> Iterator[Found]:
    lowered = text.lower()
    for shape in shapes:
        if any(hint in lowered for hint in shape.hints):
            group = "value" if "value" in shape.pattern.groupindex else 0
            yield from (Found(*m.span(group), shape.what) for m in shape.pattern.finditer(text))


def _any_of(shapes: Iterable[Shape]) -> re.Pattern[str]:
    """Return one pattern for the hints of several shapes: found in one pass, and in few texts."""
    hints = sorted({hint for shape in shapes for hint in shape.hints})
    return re.compile("|".join(map(re.escape, hints)))


_ANY_PAIR: Final = _any_of(PAIRS)
_ANY_STATEMENT: Final = _any_of(STATEMENTS)
_ANY_TOKEN: Final = re.compile(
    rf"(?<![a-z0-9])(?:{_any_of(s for s in TOKENS if s.begins).pattern})|"
    rf"{_any_of(s for s in TOKENS if not s.begins).pattern}"
)
