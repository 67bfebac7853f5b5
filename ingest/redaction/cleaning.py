"""Texts and JSON values without secrets, whichever holds the other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from ingest.redaction.arguments import hidden_among
from ingest.redaction.names import VALUE_NAMES, denotes_value, is_secret_name, words_of
from ingest.redaction.pairs import halves_among
from ingest.redaction.texts import clean_text
from ingest.redaction.values import MARK, stands_in
from ingest.redaction.wrapped import json_in

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

NAMING_WORDS: Final = frozenset(
    {"name", "key", "k", "header", "variable", "property", "parameter", "option", "setting"}
)
"""Last words of keys that name a value beside them: ``{"name": "DB_PASSWORD", "value": …}``."""

_VALUE_KEYS: Final = VALUE_NAMES | {"v", "val"}

COMMAND_KEYS: Final = frozenset({"command", "cmd", "entrypoint", "program", "executable"})
"""Keys that name the program for which the lists beside them are arguments."""

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""The private members of a key in JSON. Source: RFC 7518, section 6."""

_KEY_TYPE: Final = "kty"
_BEGINS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")
_ENDS: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_DEEPEST: Final = 3
"""How many codings inside of one another are unwrapped."""

_MOST_KNOWN: Final = 20_000
_LONGEST_KNOWN: Final = 300
_known_clean: Final[set[tuple[str, bool]]] = set()
"""Texts in which nothing was found: in an input, uids and names come again and again."""


def secret_in(text: str, *, identifier: bool = False) -> str | None:
    """Return what sort of secret a text holds, in words; None where none is known to occur.

    With ``identifier`` public ids of credentials (``AKIA…``) are let pass, and what a
    colon joins are parts of a uid.

    >>> secret_in("see ghp_0123456789abcdefghij")
    'a GitHub token'
    >>> secret_in("postgres://db.example:5432/shop") is None
    True
    """
    return _clean(text, identifier=identifier, depth=0)[1]


def redact_text(text: str, *, identifier: bool = False) -> str:
    """Return a text with every secret value taken out; the same text where there is none.

    Redacting twice changes nothing more.

    >>> redact_text("postgres://app:hunter2@db.example/shop?sslmode=require")
    'postgres://app:[redacted]@db.example/shop?sslmode=require'
    >>> redact_text("Server=db;User=sa;Password=hunter2;")
    'Server=db;User=sa;Password=[redacted];'
    >>> redact_text('{"db": {"password": "hunter2"}}')
    '{"db": {"password": "[redacted]"}}'
    """
    return _clean(text, identifier=identifier, depth=0)[0]


@dataclass(frozen=True, slots=True)
class RedactedJson:
    """A JSON value without secrets, and RFC 6901 pointers to what was taken out, in order."""

    value: Json
    pointers: tuple[str, ...]


def redact_json(value: Json) -> RedactedJson:
    """Return a payload with secret values taken out, wherever they stand.

    What stands under a secret's name goes whole (each text and number in it), as does
    the value beside such a name (``{"name": "DB_PASSWORD", "value": …}``), and what stands
    behind such a flag in a list; every other text loses what is known in it. Keys and
    structure stay, so that pointers mean the same in both. Works on any depth without
    recursion.

    >>> redact_json({"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "x"}]})
    RedactedJson(value={'env': [{'name': 'DB_PASSWORD', 'value': '[redacted]'},
                                {'name': 'MODE', 'value': 'x'}]}, pointers=('/env/0/value',))
    """
    return _redact(value, depth=0)


def redact_items(items: Sequence[Json], *, program: str = "", identifier: bool = False) -> list[Json]:
    """Return the items of a list of scalars without secrets: texts, arguments, the lines of a key.

    >>> redact_items(["deploy", "--password", "hunter2", "--port", "80"])
    ['deploy', '--password', '[redacted]', '--port', '80']
    """
    return [_clean_item(item, hide, identifier=identifier) for item, hide in _with_hidden(items, program)]


_Hide: TypeAlias = "bool | tuple[int, int]"
"""Whether an item is a secret by where it stands, or which part of it is."""

_Put: TypeAlias = Callable[[Json], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A value that is still to be looked at: its place, and how to put the outcome there.

    ``program`` is what it is the argument list of.
    """

    value: Json
    place: str
    put: _Put
    hide: _Hide = False
    program: str = ""


def _redact(value: Json, *, depth: int) -> RedactedJson:
    pointers: list[str] = []
    result: list[Json] = []
    waiting = [_Waiting(value, "", result.append)]
    while waiting:
        current = waiting.pop()
        if isinstance(current.value, dict):
            filled: dict[str, Json] = {}
            current.put(filled)
            waiting.extend(reversed(list(_members(current.value, current, filled))))
        elif isinstance(current.value, list):
            items: list[Json] = [None] * len(current.value)
            current.put(items)
            waiting.extend(reversed(list(_items(current.value, current, items))))
        else:
            clean = _clean_item(current.value, current.hide, depth=depth)
            if clean != current.value:
                pointers.append(current.place)
            current.put(clean)
    return RedactedJson(result[0], tuple(pointers))


def _members(mapping: Mapping[str, Json], at: _Waiting, filled: dict[str, Json]) -> Iterator[_Waiting]:
    named = any(is_secret_name(label) for label in _labels(mapping))
    is_key = _KEY_TYPE in mapping
    program = _program(mapping)
    for key, item in mapping.items():
        shown = redact_text(key)
        filled[shown] = None
        hide = at.hide is True or _hides(key, item) or (named and _is_value(key))
        hide = hide or (is_key and key in PRIVATE_MEMBERS)
        yield _Waiting(
            item, f"{at.place}/{_pointer_part(shown)}", partial(filled.__setitem__, shown), hide, program
        )


def _items(values: list[Json], at: _Waiting, filled: list[Json]) -> Iterator[_Waiting]:
    paired = len(values) > 0 and all(_is_pair(item) for item in values)
    for i, (item, hide) in enumerate(_with_hidden(values, at.program)):
        place, put = f"{at.place}/{i}", partial(filled.__setitem__, i)
        if paired and isinstance(item, list) and is_secret_name(str(item[0])) and at.hide is not True:
            pair: list[Json] = [item[0], None]
            put(pair)
            yield _Waiting(item[1], f"{place}/1", partial(pair.__setitem__, 1), hide=True)
        else:
            yield _Waiting(item, place, put, at.hide is True or hide)


def _labels(mapping: Mapping[str, Json]) -> Iterator[str]:
    """Yield the texts in an object that name something beside them."""
    for key, label in mapping.items():
        if isinstance(label, str) and words_of(key)[-1:] and words_of(key)[-1] in NAMING_WORDS:
            yield label


def _is_value(key: str) -> bool:
    return key.lower() in _VALUE_KEYS or words_of(key)[-1:] == ("value",)


def _is_pair(item: Json) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str)


def _program(mapping: Mapping[str, Json]) -> str:
    """Return the program that an object's lists are arguments of, as far as a member of it says."""
    for key, item in mapping.items():
        if key.lower() in COMMAND_KEYS:
            words = item if isinstance(item, list) else [item]
            return next((word for word in reversed(words) if isinstance(word, str) and word[:1] != "-"), "")
    return ""


def _hides(key: str, item: Json) -> bool:
    if not is_secret_name(key):
        return False
    if isinstance(item, list):
        return any(isinstance(one, dict | list) or _hides(key, one) for one in item)
    if isinstance(item, dict):
        return True
    return denotes_value(key, item) and not (isinstance(item, str) and stands_in(item))


def _with_hidden(items: Sequence[Json], program: str) -> Iterator[tuple[Json, _Hide]]:
    """Yield the items of a list, each with whether or which part of it is secret by where it stands."""
    hidden: dict[int, _Hide] = {h.word: (h.start, h.end) for h in hidden_among(items, program)}
    hidden.update(dict.fromkeys(halves_among(items), True))
    in_key = False
    for i, item in enumerate(items):
        ends = isinstance(item, str) and _ENDS.search(item) is not None
        yield item, in_key or hidden.get(i, False)
        begins = isinstance(item, str) and _BEGINS.search(item) is not None
        in_key = (in_key or begins) and not ends


def _clean_item(item: Json, hide: _Hide, *, identifier: bool = False, depth: int = 0) -> Json:
    if item is None or isinstance(item, bool):
        return item
    if hide is True:
        return MARK
    if not isinstance(item, str):
        return item
    if isinstance(hide, tuple):
        item = item[: hide[0]] + MARK + item[hide[1] :]
    return _clean(item, identifier=identifier, depth=depth)[0]


def _clean(text: str, *, identifier: bool, depth: int) -> tuple[str, str | None]:
    known = (text, identifier)
    if known in _known_clean:
        return text, None
    cleaned, what = _searched(text, identifier=identifier, depth=depth)
    if what is None and depth == 0 and len(text) <= _LONGEST_KNOWN:
        if len(_known_clean) >= _MOST_KNOWN:
            _known_clean.clear()
        _known_clean.add(known)
    return cleaned, what


def _searched(text: str, *, identifier: bool, depth: int) -> tuple[str, str | None]:
    inner = json_in(text) if depth < _DEEPEST else None
    if inner is not None:
        redacted = _redact(inner, depth=depth + 1)
        if not redacted.pointers:
            return text, None
        return json.dumps(redacted.value, ensure_ascii=False), "an assigned secret"
    unwrapped = partial(_clean, identifier=False, depth=depth + 1) if depth < _DEEPEST else None
    return clean_text(text, identifier=identifier, unwrapped=unwrapped)


def _pointer_part(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
