"""A text without secrets: every way of knowing one, in order, until nothing more is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

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
            if found := search(text, identifier):
                text, first = without(text, found)
                what = what or first
        for unwrapping in (escaped, entities, encoded):
            if unwrapped is not None and (found := unwrapping(text, unwrapped)):
                text, first = without(text, found)
                what = what or first
        if text is before or text == before:
            break
    return text, what


def _keys(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return _shaped((PRIVATE_KEY,), text) if "-----" in text else ()


def _addresses(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return _shaped(ADDRESSES, text) if "@" in text or "%40" in text else ()


def _pairs(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return _shaped(PAIRS, text) if _ANY_PAIR.search(text.lower()) else ()


def _statements(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return _shaped(STATEMENTS, text) if _ANY_STATEMENT.search(text.lower()) else ()


def _assigned(text: str, identifier: bool) -> Iterable[Found]:  # noqa: FBT001 - the shape of a search
    return assigned(text, identifier=identifier) if ":" in text or "=" in text else ()


def _spelled(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return spelled(text) if _SPELLS.search(text) else ()


def _arguments(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return behind_flags(text) if "-" in text and " " in text else ()


def _tokens(text: str, identifier: bool) -> Iterable[Found]:  # noqa: FBT001 - the shape of a search
    if _ANY_TOKEN.search(text.lower()) is None:
        return ()
    return _shaped([shape for shape in TOKENS if not (identifier and shape.id_only)], text)


def _logins(text: str, identifier: bool) -> Iterable[Found]:  # noqa: ARG001, FBT001 - the shape of a search
    return _host_logins(text) if "@" in text and ":" in text else ()


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
