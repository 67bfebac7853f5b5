"""The one place that keeps secret values out: every source, and the job's door, ask here.

Two signs give a value away: the name that it stands under (``password``) and its shape
(``ghp_…``, a PEM block, ``user:password@`` in an address). What is taken out is
reported by field and sort; the value itself goes nowhere, no part of it, not its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from ingest.redaction_tables import (
    LAST_ENDINGS,
    LAST_PAIRS,
    LAST_WORDS,
    LOGIN_FLAGS,
    NAMING_NAMES,
    SHAPES,
    VALUE_NAMES,
    WHOLE_NAMES,
    Shape,
)

MARK: Final = "[redacted]"
"""What stands where a value stood."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ANY_HINT: Final = re.compile("|".join(sorted({re.escape(hint) for shape in SHAPES for hint in shape.hints})))
_BREAKS: Final = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Return whether what stands under this name is a secret value, going by the name alone.

    >>> [is_secret_name(n) for n in ("DB_PASSWORD", "apiKey", "X-Auth-Token", "client.secret")]
    [True, True, True, True]
    >>> [is_secret_name(n) for n in ("secret_name", "token_count", "key_id", "passwordPolicy", "fingerprint")]
    [False, False, False, False, False]
    """
    words = _words(name)
    if not words:
        return False
    if len(words) == 1 and words[0] in WHOLE_NAMES:
        return True
    unnumbered = _without_number(words)
    return _ends_as_secret(unnumbered) or _ends_as_secret(_singular(unnumbered))


def denotes_value(name: str, value: object, *, on_secret: bool = False) -> bool:
    """Return whether a property holds a secret value, going by its name and the type it holds.

    ``on_secret`` is for properties of a Secret and of where one was found: there
    ``value``, ``data`` and the like are the value itself; elsewhere only a text under
    ``value`` is. Truth values are never secret: they say whether, not what.

    >>> denotes_value("max_tokens", 512), denotes_value("tokens", "a b"), denotes_value("needs_token", True)
    (False, True, False)
    >>> denotes_value("value", 0.93), denotes_value("value", 0.93, on_secret=True)
    (False, True)
    """
    if value is None or isinstance(value, bool):
        return False
    if is_secret_name(name):
        return not (isinstance(value, int | float) and _counts(name))
    if on_secret and name.lower() in VALUE_NAMES:
        return True
    return _words(name) == ("value",) and not isinstance(value, int | float)


def after_flag(flag: object, item: object) -> bool:
    """Return whether an argument is a secret value, going by the one before it.

    >>> after_flag("--db-password", "x"), after_flag("-u", "ada:x"), after_flag("--token", "--verbose")
    (True, True, False)
    >>> after_flag("-u", "1000:1000"), after_flag("password", "x"), after_flag("--token-file", "x")
    (False, False, False)
    """
    if not isinstance(flag, str) or not isinstance(item, str) or not flag.startswith("-"):
        return False
    if flag in LOGIN_FLAGS:
        name, colon, password = item.partition(":")
        return bool(name and colon and password) and not password.isdigit()
    return is_secret_name(flag) and not item.startswith("-") and "=" not in flag


def secret_in(text: str, *, identifier: bool = False) -> str | None:
    """Return what sort of secret a text holds, in words; None where no known shape occurs.

    With ``identifier`` public ids of credentials (``AKIA…``) are let pass.

    >>> secret_in("see ghp_0123456789abcdefghij")
    'a GitHub token'
    >>> secret_in("postgres://db.example:5432/shop") is None
    True
    """
    for shape in _candidates(text, identifier=identifier):
        if shape.pattern.search(text):
            return shape.what
    return None


def redact_text(text: str, *, identifier: bool = False) -> str:
    """Return a text with every value of a known shape taken out; the same text where there is none.

    Redacting twice changes nothing more.

    >>> redact_text("postgres://app:hunter2@db.example/shop?sslmode=require")
    'postgres://app:[redacted]@db.example/shop?sslmode=require'
    >>> redact_text("Server=db;User=sa;Password=hunter2;")
    'Server=db;User=sa;Password=[redacted];'
    """
    for shape in _candidates(text, identifier=identifier):
        text = shape.pattern.sub(_without_value, text)
    return text


@dataclass(frozen=True, slots=True)
class RedactedJson:
    """A JSON value without secrets, and RFC 6901 pointers to what was taken out, in order."""

    value: Json
    pointers: tuple[str, ...]


def redact_json(value: Json) -> RedactedJson:
    """Return a payload with secret values taken out, wherever they stand.

    What stands under a secret's name goes whole (each text and number in it), as does
    the value beside such a name (``{"name": "DB_PASSWORD", "value": …}``); every other
    text loses what has a known shape. Keys and structure stay, so that pointers mean
    the same in both. Works on any depth without recursion.

    >>> redact_json({"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "x"}]})
    RedactedJson(value={'env': [{'name': 'DB_PASSWORD', 'value': '[redacted]'},
                                {'name': 'MODE', 'value': 'x'}]}, pointers=('/env/0/value',))
    """
    pointers: list[str] = []
    result: list[Json] = []
    # Each entry is a value, its place, how to put the outcome there, and whether it is secret by name.
    waiting: list[tuple[Json, str, Callable[[Json], None], bool]] = [(value, "", result.append, False)]
    while waiting:
        current, place, put, secret = waiting.pop()
        if isinstance(current, dict):
            filled: dict[str, Json] = {}
            put(filled)
            waiting.extend(reversed(_members(current, place, filled, secret=secret)))
        elif isinstance(current, list):
            items: list[Json] = [None] * len(current)
            put(items)
            entries = [
                (
                    item,
                    f"{place}/{i}",
                    _setter(items, i),
                    secret or (i > 0 and after_flag(current[i - 1], item)),
                )
                for i, item in enumerate(current)
            ]
            waiting.extend(reversed(entries))
        else:
            clean = _clean_leaf(current, secret=secret)
            if clean != current:
                pointers.append(place)
            put(clean)
    return RedactedJson(result[0], tuple(pointers))


def _members(
    mapping: Mapping[str, Json], place: str, filled: dict[str, Json], *, secret: bool
) -> list[tuple[Json, str, Callable[[Json], None], bool]]:
    named = any(is_secret_name(label) for name in NAMING_NAMES if isinstance(label := mapping.get(name), str))
    entries: list[tuple[Json, str, Callable[[Json], None], bool]] = []
    for key, item in mapping.items():
        shown = redact_text(key)
        filled[shown] = None
        beside = named and key.lower() in VALUE_NAMES
        hidden = secret or beside or _hides(key, item)
        entries.append((item, f"{place}/{_pointer_part(shown)}", _setter(filled, shown), hidden))
    return entries


def _hides(key: str, item: Json) -> bool:
    if isinstance(item, dict | list):
        return is_secret_name(key)
    return is_secret_name(key) and denotes_value(key, item)


def _setter(container: list[Json] | dict[str, Json], key: int | str) -> Callable[[Json], None]:
    def put(item: Json) -> None:
        container[key] = item  # type: ignore[index]  # the key is the container's own

    return put


def _clean_leaf(leaf: Json, *, secret: bool) -> Json:
    if leaf is None or isinstance(leaf, bool):
        return leaf
    if secret:
        return MARK
    return redact_text(leaf) if isinstance(leaf, str) else leaf


def _pointer_part(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _words(name: str) -> tuple[str, ...]:
    """Return a name's words in lower case: ``dbPassword``, ``DB_PASSWORD`` and ``db-password`` are one."""
    return tuple(word.lower() for word in _BREAKS.split(_CAMEL.sub("_", name)) if word)


def _without_number(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name's words without the number that tells several of one sort apart."""
    while words and words[-1].isdigit():
        words = words[:-1]
    return (*words[:-1], words[-1].rstrip("0123456789")) if words else ()


def _singular(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words[:-1], words[-1].removesuffix("s")) if words else ()


def _ends_as_secret(words: tuple[str, ...]) -> bool:
    if not words:
        return False
    return words[-1] in LAST_WORDS or words[-1].endswith(LAST_ENDINGS) or words[-2:] in LAST_PAIRS


def _counts(name: str) -> bool:
    """Return whether a number under a secret's name counts such secrets: ``max_tokens``, ``passwords``."""
    words = _without_number(_words(name))
    return _singular(words) != words and _ends_as_secret(_singular(words))


def _candidates(text: str, *, identifier: bool) -> list[Shape]:
    """Return the shapes that may occur in a text; for almost every text none, found in one pass."""
    lowered = text.lower()
    if _ANY_HINT.search(lowered) is None:
        return []
    return [
        shape
        for shape in SHAPES
        if not (identifier and shape.id_only) and any(hint in lowered for hint in shape.hints)
    ]


def _without_value(match: re.Match[str]) -> str:
    if "value" not in match.re.groupindex:
        return MARK
    start, end = match.span("value")
    whole = match.group()
    return whole[: start - match.start()] + MARK + whole[end - match.start() :]
