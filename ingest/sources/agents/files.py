"""A file as a value: JSON as editors take it, with comments and commas before the end, YAML, or TOML."""

from __future__ import annotations

import re
import tomllib
from typing import Final, cast

from graph.errors import Problem
from ingest.files import Unreadable, document
from ingest.jsontext import NotJson, parse_json
from ingest.redaction import Json
from ingest.sidecar import InputFile
from ingest.yamltext import Malformed, read_document

ENDINGS: Final = (".json", ".yaml", ".yml", ".toml")
LIMIT: Final = 16 * 1024 * 1024
"""Bytes of the largest file; configurations and cards are far smaller."""

_YAML: Final = (".yaml", ".yml", ".yaml.gz", ".yml.gz")
_TOML: Final = (".toml", ".toml.gz")
_TOML_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_PIECE: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|(?P<comment>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))|'
    r"(?P<comma>,)|(?P<end>[\]}])|(?P<space>\s++)|[^\"/,\]}\s]++|.",
    re.DOTALL,
)
"""A text, a comment, a comma, an end, or something else; every letter belongs to one of them."""

_NOT_A_LINE: Final = re.compile(r"[^\n]")


def read_body(file: InputFile) -> Json:
    """Return the value of a file.

    Raises:
        Unreadable: for what cannot be read, with the place.
    """
    text = document(file.path, limit=LIMIT)
    if file.path.name.endswith(_YAML):
        try:
            return read_document(text).value
        except Malformed as fault:
            problem = Problem(file.name, f"line {fault.line}", "", fault.reason, fault.expected)
            raise Unreadable(problem) from None
    if file.path.name.endswith(_TOML):
        return _toml(text, file.name)
    try:
        return _parsed(text)
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        raise Unreadable(Problem(file.name, place, "", error.reason, error.expected)) from None


def without_comments(text: str) -> str:
    r"""Return JSON without comments and commas before an end; what is left stays in its line. Linear.

    >>> without_comments('{"a": "//x", // why\n "b": [1, /* no more */],}')
    '{"a": "//x",       \n "b": [1               ] }'
    """
    pieces: list[str] = []
    waiting: int | None = None
    for found in _PIECE.finditer(text):
        sort = found.lastgroup
        if sort == "end" and waiting is not None:
            pieces[waiting] = " "
        if sort == "comma":
            waiting = len(pieces)
        elif sort not in ("comment", "space"):
            waiting = None
        pieces.append(_NOT_A_LINE.sub(" ", found[0]) if sort == "comment" else found[0])
    return "".join(pieces)


def _toml(text: str, name: str) -> Json:
    try:
        return _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        place = f"line {found[1]}" if found else ""
        raise Unreadable(Problem(name, place, "", "text that is no TOML", "TOML")) from None
    except RecursionError:
        raise Unreadable(Problem(name, "", "", "nested too deeply", "fewer levels")) from None


def _plain(value: object) -> Json:
    """Return a value as JSON has it: dates and times are texts."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in cast("dict[object, object]", value).items()}
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[object]", value)]
    return value if isinstance(value, bool | int | float | str) else str(value)


def _parsed(text: str) -> Json:
    try:
        return parse_json(text)
    except NotJson:
        plain = without_comments(text)
        if plain == text:
            raise
        return parse_json(plain)
