"""Values behind a name and a sign in a text: ``DB_PASSWORD=x``, ``password: x``, headers, queries.

The name decides by the same table as a key of a JSON object does. Then what stands there
must be a value: not what stands in for one, and, where a colon may mean something else
(a uid, prose), not what names and sentences look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.redaction.found import Found
from ingest.redaction.names import LAST_PHRASES, denotes_value, is_secret_name, words_of
from ingest.redaction.values import STAND_IN, looks_made, stands_in

WHAT_ASSIGNED: Final = "an assigned secret"
_WHAT_NAMED: Final = "a named secret"

_TYPE: Final = r"(?:str|bytes|[Ss]tring|SecretStr|Optional\[str\]|str \| None)"
_NAMED: Final = re.compile(
    r"(?<![A-Za-z0-9_.$-])(?P<name>[A-Za-z0-9_.$-]++)(?:\\{0,4}+[\"'`])?+\]?"
    rf"[ \t]{{0,20}}+(?P<by>=>|:=|={{1,3}}|:[ \t]?{_TYPE} ?=(?!=)|:)(?P<gap>[ \t]{{0,20}}+)"
)
"""A name, quoted or not, and what joins it to its value (also with its type). Takes each character once."""

_NOUNS: Final = frozenset(
    {
        *("secret", "token", "credential", "cred", "cookie", "authorization", "authorisation", "bearer"),
        *("auth", "seed", "salt", "key"),
    }
)
"""Words that also name things and sentences; ``secret:prod/db`` is more likely a uid than a value."""

_QUERY_NAMES: Final = frozenset({"sig", "signature"})
"""Names of values in queries (and what is signed there) that are public anywhere else."""

_AUTHORIZATION: Final = frozenset({"authorization", "authorisation"})
_HEADERS: Final = frozenset({"cookie", *_AUTHORIZATION})
_SCHEME_WORD: Final = re.compile(
    r"(?i)(?:api-?key|aws4-hmac-sha256|basic|bearer|bot|digest|hmac|negotiate|ntlm|oauth|sso-key|token)[ \t]+"
)

_QUOTE: Final = re.compile(r"(?:[bBfFnNrRuUxX]{1,2}(?=[\"']))?(?P<mark>\\{0,4}[\"'`])")
"""A quotation mark, also with the letters before it by which languages tell sorts of texts apart."""

_JOINED: Final = r"[;,&|#][ \t]{0,2}[A-Za-z_$][A-Za-z0-9_.$-]{0,60}\]?[ \t]{0,3}[=:]"
_WORD: Final = re.compile(rf"(?:(?![;,&|#)}}]{{1,3}}(?:\s|$)|{_JOINED}|</)[^\s\"'`])+")
"""A value without quotes: to the next space, unless another name begins before."""

_BRACKETED: Final = re.compile(r"[A-Za-z_.]{0,60}[(\[{]")
_IN_BRACKETS: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[()\[\]{}]")
_DEPTH: Final = dict.fromkeys("([{", 1) | dict.fromkeys(")]}", -1)
_LONGEST_BRACKETS: Final = 600
"""Characters within which a bracket has to be closed, or the value goes on to the end of its line."""

_BLOCK: Final = re.compile(r"[|>][+-]?[ \t]*\n(?P<body>(?:[ \t]++[^\n]*+(?:\n|$))+)")
_PROSE: Final = re.compile(r"[A-Za-z]{1,14}[,.]? +[A-Za-z(]")


def assigned(text: str, *, identifier: bool) -> Iterator[Found]:
    """Yield the values in a text that stand behind a secret's name and a sign.

    Cost: linear in the text; what lies inside a value is not searched again.
    """
    done = 0
    word = (0, 0)
    for match in _NAMED.finditer(text):
        if not _may_be_secret(match["name"][-_LONGEST_NAME:]) or match.start() < done:
            continue
        place = _Place(text, match)
        if not place.is_secret or (span := place.value(word)) is None:
            continue
        word = span
        if place.holds(span, identifier=identifier):
            done = span[1]
            yield Found(*span, WHAT_ASSIGNED if "=" in match["by"] else _WHAT_NAMED)


@dataclass(frozen=True, slots=True)
class _Place:
    """A name in a text, with what joins it to what follows."""

    text: str
    match: re.Match[str]

    @property
    def name(self) -> str:
        """Return the name; with the word before it where only both together are one."""
        name = _DEFINING.sub("", self.match["name"][-_LONGEST_NAME:]).strip("-.")
        last = words_of(name)[-1:]
        if len(words_of(name)) == 1 and last and last[0] in _SECOND_WORDS:
            before = _WORD_BEFORE.search(self.text[max(0, self.match.start() - 40) : self.match.start()])
            return f"{before.group(1)} {name}" if before else name
        return name

    @property
    def is_secret(self) -> bool:
        name = self.name
        return is_secret_name(name) or (
            "=" in self.match["by"] and words_of(name)[-1:] != () and words_of(name)[-1] in _QUERY_NAMES
        )

    @property
    def tight(self) -> bool:
        """Return whether a single colon with no space behind it joins name and value."""
        return self.match["by"] == ":" and not self.match["gap"] and not self._quoted

    @property
    def _quoted(self) -> bool:
        return self.text[self.match.end("name")] in "\\\"'`]"

    @property
    def _is_noun(self) -> bool:
        """Return whether the name is a plain noun, alone or at the end of a name with hyphens and dots."""
        name, last = self.match["name"].strip("-."), words_of(self.name)[-1].removesuffix("s")
        return (
            last in _NOUNS
            and name.lower().endswith((last, f"{last}s"))
            and "_" not in name
            and (name.islower() or name.istitle() or name.isupper())
        )

    @property
    def _inside(self) -> bool:
        """Return whether the name stands in the middle of something joined by colons or slashes."""
        start = self.match.start()
        return start > 0 and self.text[start - 1] in ":/@"

    def value(self, known: tuple[int, int]) -> tuple[int, int] | None:
        """Return from where to where what follows the name is its value; None where nothing does.

        ``known`` is a word found before: what begins inside of it ends where it ends.
        """
        start, limit = self.match.end(), self._limit()
        if start >= limit:
            return None
        if (quote := _QUOTE.match(self.text, start, limit)) is not None:
            return _quoted_value(self.text, quote, limit)
        if (other := STAND_IN.match(self.text, start, limit)) is not None and self._ends(other.end()):
            return other.span()
        if (block := _BLOCK.match(self.text, start)) is not None:
            return block.span("body")
        if words_of(self.name)[-1] in _HEADERS and (header := self._header(start, limit)) is not None:
            return header
        if known[0] <= start < known[1] <= limit:
            return start, known[1]
        word = _WORD.match(self.text, start, limit)
        return None if word is None else (start, self._closed(start, word.end()))

    def _closed(self, start: int, end: int) -> int:
        """Return where a value ends that opened a bracket: behind what closes it, be it lines on."""
        if self.tight or not _BRACKETED.match(self.text, start, end):
            return end
        depth = 0
        for token in _IN_BRACKETS.finditer(self.text, start, start + _LONGEST_BRACKETS):
            depth += _DEPTH.get(token.group(), 0)
            if not depth and token.group() in _DEPTH:
                return max(end, token.end())
        return max(end, self._limit())

    def _ends(self, at: int) -> bool:
        """Return whether a value may end there."""
        return at == len(self.text) or self.text[at] in " \t\r\n;,&|#)}\"'`<"

    def _limit(self) -> int:
        """Return where the value ends at the latest: at the quote around it, else with the line."""
        start, end = self.match.start(), self.match.end()
        line = self.text.find("\n", end)
        line = len(self.text) if line < 0 else line
        around = self.text[start - 1] if start > 0 else ""
        if around in ('"', "'", "`") and not self._quoted:
            closing = self.text.find(around, end)
            return line if closing < 0 else min(line, closing)
        return line

    def _header(self, start: int, limit: int) -> tuple[int, int] | None:
        """Return the value of a header, which may have spaces in it; None where this is none."""
        scheme = _SCHEME_WORD.match(self.text, start, limit)
        if scheme is not None:
            start = scheme.end()
            other = STAND_IN.match(self.text, start, limit)
            if other is not None and self._ends(other.end()):
                return other.span()
            return None if _PROSE.match(self.text, start, limit) else _stripped(self.text, start, limit)
        first = _WORD.match(self.text, start, limit)
        whole = first is not None and "=" in first.group()
        return _stripped(self.text, start, limit) if whole else None

    def holds(self, span: tuple[int, int], *, identifier: bool) -> bool:
        """Return whether what was found is a value and neither a name, nor prose, nor a stand-in."""
        value = self.text[span[0] : min(span[1], span[0] + _LOOKED_AT)]
        if stands_in(value) or self._is_column(value) or not self._denotes(value):
            return False
        if self.match["gap"] and span[0] == self.match.end() and self._is_next(span):
            return False
        if self.tight:
            if value.startswith((":", "//")):
                return False
            doubtful = identifier or self._inside
            if self._is_noun:
                return not doubtful and looks_made(value)
            return not doubtful or looks_made(value)
        if self._is_noun and self.match["by"] == ":" and not self._quoted:
            return _PROSE.match(self.text, span[0]) is None or looks_made(value)
        return True

    def _is_next(self, span: tuple[int, int]) -> bool:
        """Return whether what was found is a secret's name by itself, so that this one has no value."""
        following = _NAMED.match(self.text, span[0])
        return following is not None and _may_be_secret(following["name"][-_LONGEST_NAME:])

    def _is_column(self, value: str) -> bool:
        """Return whether the value is a column that bears the name (``a.token = b.token``)."""
        table, dot, column = value.rpartition(".")
        return bool(dot) and table.isidentifier() and words_of(column) == words_of(self.name)[-1:]

    def _denotes(self, value: str) -> bool:
        return denotes_value(self.name, value) or words_of(self.name)[-1] in _QUERY_NAMES


_LOOKED_AT: Final = 256
"""Characters of a value that are looked at to tell whether it is one."""

_DEFINING: Final = re.compile(r"^-[DPX](?=[a-z])")
"""What Java, Gradle and Maven put before a property's name."""

_LONGEST_NAME: Final = 80
"""Characters of a name that are looked at, from its end."""

_SECOND_WORDS: Final = frozenset(phrase[-1] for phrase in LAST_PHRASES)
_WORD_BEFORE: Final = re.compile(r"([A-Za-z]{1,30}) $")


@lru_cache(maxsize=4096)
def _may_be_secret(name: str) -> bool:
    """Return whether a name may denote a value; most do not, and need no second look."""
    plain = _DEFINING.sub("", name).strip("-.")
    last = words_of(plain)[-1:]
    return is_secret_name(plain) or (last != () and (last[0] in _SECOND_WORDS or last[0] in _QUERY_NAMES))


def _quoted_value(text: str, quote: re.Match[str], limit: int) -> tuple[int, int] | None:
    """Return what stands between quotes; without a closing one, all to the end of the line."""
    mark, start = quote["mark"], quote.end()
    at = start
    while at < limit:
        if text.startswith(mark, at):
            if not text.startswith(mark * 2, at) or at == start:
                break
            at += 2 * len(mark)
        elif text[at] == "\\" and len(mark) == 1:
            at += 2
        else:
            at += 1
    at = min(at, limit)
    return (start, at) if at > start else None


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
