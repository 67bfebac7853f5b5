"""The part of HCL that policies are written in: blocks with labels, and keys with values.

Small on purpose. A parser of the later HCL 2 reads it too, but quotes the text around a fault in
its messages, where a value may stand; here a fault has a line and a reason, and never the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Value: TypeAlias = "str | bool | int | float | list[Value] | Block"

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n\ufeff]+)
    | (?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)
    | (?P<text>"(?:[^"\\\n]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?(?![\w.-]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_.-]*)
    | (?P<mark>[{}\[\]=,])
    """,
    re.VERBOSE | re.DOTALL,
)
_DEPTH: Final = 50
_WORDS: Final[Mapping[str, bool]] = {"true": True, "false": False}


@dataclass
class BadHcl(Exception):
    """Text that is not of this form, with the line of the fault."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a block: its key, its labels if it is a block itself, and what stands there."""

    keys: tuple[str, ...]
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between braces, or in the whole text, in its order."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str
    line: int


def parse_hcl(text: str) -> Block:
    """Return the entries of a text.

    Raises:
        BadHcl: for text of another form.

    >>> block = parse_hcl('path "kv/*" { capabilities = ["read", "list"] } # all')
    >>> block.entries[0].keys, block.entries[0].value.entries[0].value
    (('path', 'kv/*'), ['read', 'list'])
    """
    return _Reader(_tokens(text)).block(until=None, depth=0)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place, line = 0, 1
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise BadHcl(line, "a character that has no meaning here")
        if match.lastgroup not in ("space", "comment"):
            found.append(_Token(match.lastgroup, match.group(), line))
        line += match.group().count("\n")
        place = match.end()
    found.append(_Token("end", "", line))
    return found


@dataclass
class _Reader:
    """Walks over the tokens of one text."""

    tokens: Sequence[_Token]
    place: int = 0

    def block(self, until: str | None, depth: int) -> Block:
        """Return the entries up to the mark that ends a block; up to the end without one."""
        if depth > _DEPTH:
            raise BadHcl(self._next().line, "blocks that nest too deeply")
        entries: list[Entry] = []
        while True:
            token = self._next()
            if token.sort == "end":
                if until is None:
                    return Block(tuple(entries))
                raise BadHcl(token.line, "the text ends within a block")
            self.place += 1
            if token.sort == "mark" and token.text == until:
                return Block(tuple(entries))
            if token.sort == "mark" and token.text == ",":
                continue
            entries.append(self._entry(token, depth))

    def _entry(self, first: _Token, depth: int) -> Entry:
        keys = [_key(first)]
        while self._next().sort in ("text", "word"):
            keys.append(_key(self._take()))
        mark = self._take()
        if mark.text == "{" and mark.sort == "mark":
            return Entry(tuple(keys), self.block("}", depth + 1), first.line)
        if mark.text != "=" or mark.sort != "mark" or len(keys) > 1:
            raise BadHcl(mark.line, "neither a value nor a block follows a key")
        return Entry(tuple(keys), self._value(depth), first.line)

    def _value(self, depth: int) -> Value:
        token = self._take()
        if token.sort == "text":
            return _unquoted(token)
        if token.sort == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.text in _WORDS and token.sort == "word":
            return _WORDS[token.text]
        if token.text == "{":
            return self.block("}", depth + 1)
        if token.text == "[":
            return self._list(depth + 1)
        raise BadHcl(token.line, "something that is no value")

    def _list(self, depth: int) -> list[Value]:
        if depth > _DEPTH:
            raise BadHcl(self._next().line, "lists that nest too deeply")
        found: list[Value] = []
        while self._next().text != "]" or self._next().sort != "mark":
            found.append(self._value(depth))
            after = self._next()
            if after.sort == "mark" and after.text == ",":
                self.place += 1
            elif after.text != "]":
                raise BadHcl(after.line, "a list whose values have no comma between them")
        self.place += 1
        return found

    def _next(self) -> _Token:
        return self.tokens[min(self.place, len(self.tokens) - 1)]

    def _take(self) -> _Token:
        token = self._next()
        self.place += 1
        return token


def _key(token: _Token) -> str:
    if token.sort == "word":
        return token.text
    if token.sort == "text":
        return _unquoted(token)
    raise BadHcl(token.line, "something that is no key")


def _unquoted(token: _Token) -> str:
    try:
        found = json.loads(token.text.replace("\t", "\\t"))
    except ValueError:
        raise BadHcl(token.line, "a text with an escape that there is not") from None
    return str(found)
