"""Values inside another coding: percent escapes, entities of XML, base64, JSON in a text.

What is wrapped is unwrapped, searched, and wrapped again without the value where that is
possible; base64 is taken out whole, as nobody reads what is left of it.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from ingest.redaction.found import Found

Clean: TypeAlias = Callable[[str], tuple[str, str | None]]
"""Takes the secrets out of a text; gives it back with what the first one was."""

_PLAIN: Final = r"A-Za-z0-9._~!*:@$&+,;=?/\-"
_PERCENT: Final = re.compile(rf"(?<![{_PLAIN}])[{_PLAIN}]*+%[0-9A-Fa-f]{{2}}[{_PLAIN}%]*+")
_MARKED: Final = "[]"
_ENTITIES: Final = ("&lt;", "&quot;", "&#34;", "&apos;", "&#39;")
_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+(?:\r?\n[ \t]{0,40}[A-Za-z0-9+/_-]{4,}+)*+={0,2}"
)
"""Base64 of the usual alphabet or that of addresses, also broken into lines."""

_SHORTEST: Final = 12
"""Characters of the shortest text that may hold a value in base64: ``Basic``, a space, ``a:b``."""

_PART: Final = re.compile(r"[A-Za-z0-9+_=-]{16,}")
_BASIC: Final = re.compile(
    r"(?i)(?<![a-z0-9])basic[ \t]+(?P<value>[A-Za-z0-9+/_-]{6,}={0,2})(?![A-Za-z0-9+/=_-])"
)
_LOGIN: Final = re.compile(r"[^\s:]{1,256}:\S+(?: \S+){0,4}")
_LOGIN_AT: Final = re.compile(r"[^\s:/]{1,128}:[^\s/@]{1,256}@[A-Za-z0-9.-]+(?:[:/].*)?")


def escaped(text: str, clean: Clean) -> Iterable[Found]:
    """Return stretches with percent escapes that hold a secret once unescaped."""
    return _escaped(text, clean) if "%" in text else ()


def encoded(text: str, clean: Clean) -> Iterable[Found]:
    """Return stretches in base64 that hold a secret once decoded."""
    return _encoded(text, clean) if len(text) >= _SHORTEST else ()


def entities(text: str, clean: Clean) -> Iterable[Found]:
    """Return the whole of a text in which entities hide a secret, with them resolved."""
    if not any(entity in text for entity in _ENTITIES):
        return ()
    cleaned, what = clean(unescape(text))
    return () if what is None else (Found(0, len(text), what, escape(cleaned, quote=False)),)


def _escaped(text: str, clean: Clean) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        plain = _text(unquote_to_bytes(match.group()))
        if plain is None or plain == match.group():
            continue
        cleaned, what = clean(plain)
        if what is not None:
            # What stood there plainly stays plain.
            yield Found(*match.span(), what, quote(cleaned, safe=_MARKED + match.group().replace("%", "")))


def _encoded(text: str, clean: Clean) -> Iterator[Found]:
    for match in _BASE64.finditer(text):
        for start, word in _words(match):
            # Text in base64 has capitals among every few letters.
            plain = None if word.islower() else _decoded(word)
            what = None if plain is None else _what_in(plain, clean)
            if what is not None:
                yield Found(start, start + len(word), what)
                break
    if "basic" in text.lower():
        yield from _basic(text)


def _words(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Yield what of a stretch may be base64: all of it; else its lines, and what stands between slashes."""
    yield match.start(), match.group()
    for part in _PART.finditer(match.group()):
        if len(part.group()) < len(match.group()):
            yield match.start() + part.start(), part.group()


def _what_in(plain: str, clean: Clean) -> str | None:
    what = clean(plain)[1]
    return what or ("a password in an address" if _LOGIN_AT.fullmatch(plain) else None)


def _basic(text: str) -> Iterator[Found]:
    for match in _BASIC.finditer(text):
        plain = _decoded(match["value"])
        if plain is not None and _LOGIN.fullmatch(plain):
            yield Found(*match.span("value"), "a password in a header")


def json_in(text: str) -> Any:  # noqa: ANN401 - a JSON value, whatever it is
    """Return the object or list that a text is the JSON of; None where it is none, or not one thing only."""
    stripped = text.strip()
    if stripped[:1] + stripped[-1:] not in ("{}", "[]"):
        return None
    try:
        return json.loads(stripped, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key twice")
    return made


def _no_constant(name: str) -> Any:  # noqa: ANN401 - the shape of a callback
    raise ValueError(name)


def _decoded(word: str) -> str | None:
    """Return what a word in base64 (the usual alphabet or that of addresses) says, if it is text."""
    body = "".join(word.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:  # cut off
        body = body[:-1]
    try:
        return _text(binascii.a2b_base64(body + "=" * (-len(body) % 4)))
    except binascii.Error:
        return None


def _text(decoded: bytes) -> str | None:
    """Return decoded bytes as text, if they are text that a person might have written."""
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\r\n\t" for c in text) else None
