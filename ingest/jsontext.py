"""JSON as strictly as a ledger needs it: no key twice, no NaN, no nesting without bound.

Python's own reader keeps the last of two equal keys and accepts NaN, and what it says
about broken text differs from release to release; here the answer is always the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.redaction import MARK, Json, looks_made, redact_text

MAXIMUM_DEPTH: Final = 100
"""Real input nests ten or twenty deep; more is an attack or an accident."""

_STRUCTURE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_LONGEST_INTEGER: Final = 40
_SHOWN: Final = 80


@dataclass
class NotJson(Exception):
    """Text that is no JSON, or JSON that says two things at once.

    ``line`` and ``column`` count from 1 and say where reading stopped; both are 0
    where the fault has no one place. ``reason`` never quotes a value.
    """

    reason: str
    expected: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.reason}; expected {self.expected}"


def parse_json(text: str, *, maximum_depth: int = MAXIMUM_DEPTH) -> Json:
    """Return the value of a JSON text.

    An integer too long for any store comes back shortened, still too long, so that
    whoever checks values refuses it under its own name.

    Raises:
        NotJson: for anything else than one JSON value, a key given twice in one
            object, NaN or an infinity, or nesting deeper than the maximum.

    >>> parse_json('{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    >>> parse_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ingest.jsontext.NotJson: the key 'a' stands twice in one object; expected each key once
    """
    check_depth(text, maximum_depth, maximum_depth)
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(_fault(text, error), "one JSON value", error.lineno, error.colno) from None
    except RecursionError:
        raise NotJson("nesting deeper than can be read", f"at most {maximum_depth} levels") from None
    return value


def strict_decoder() -> json.JSONDecoder:
    """Return a decoder that refuses keys given twice, NaN and infinities, with ``NotJson``."""
    return json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer)


def check_depth(text: str, maximum: int, told: int) -> None:
    """Check how deep the value of a JSON text nests; ``told`` is the maximum of its whole document.

    Raises:
        NotJson: where it is deeper.
    """
    # Counting is cheap and settles nearly every line; the scan is for what is left.
    if text.count("{") + text.count("[") <= maximum:
        return
    depth = 0
    for found in _STRUCTURE.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        if depth > maximum:
            raise NotJson(f"nesting deeper than {told} levels", f"at most {told} levels")


def _once(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise NotJson(f"the key {shown(key)} stands twice in one object", "each key once")
            seen.add(key)
    return made


def _no_constant(name: str) -> Json:
    raise NotJson(f"{name}, which is no JSON number", "a finite number, or null")


def _integer(digits: str) -> int:
    return int(digits[:_LONGEST_INTEGER])


_DECODER: Final = strict_decoder()


def _fault(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "nothing"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "JSON that ends early"
    if error.msg.startswith("Extra data"):
        return "more after the end of the value"
    return "text that is not JSON"


def shown(text: str) -> str:
    r"""Return a name from the input quoted for a message: without secrets, shortened, printable.

    What looks made by a machine may be a value in the place of a name, and is not shown.

    >>> print(shown("na\x1bme"), shown("x" * 100)[-6:], shown("bPxRfiCYEXAMPLEKEY"))
    'na\x1bme' xxxx…' '[redacted]'
    """
    clean = MARK if looks_made(text) else redact_text(text)
    if len(clean) > _SHOWN:
        clean = clean[: _SHOWN - 1] + "…"
    return ascii_safe(repr(clean))


def ascii_safe(text: str) -> str:
    """Return a text with what UTF-8 cannot hold, or a terminal would obey, escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
