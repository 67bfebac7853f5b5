"""Uids with properties of a node in them, and with parts of addresses that properties hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.uids import escaped

_PLACEHOLDER: Final = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
_PATH: Final = re.compile(r"path([1-9])")
_BUILT_IN: Final = re.compile(r"hf:([a-z]+):([^:{}]+):")
HOST: Final = "host"


@dataclass(frozen=True, slots=True)
class Template:
    """A uid in which ``{arn}`` stands for a property, ``{url|host}`` and ``{url|path2}`` for parts of it."""

    text: str

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the properties that stand in it."""
        return tuple(dict.fromkeys(found[1] for found in _PLACEHOLDER.finditer(self.text)))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the words behind properties that say which part of an address is meant."""
        return tuple(found[2] for found in _PLACEHOLDER.finditer(self.text) if found[2] is not None)

    @property
    def is_one_property(self) -> bool:
        """Return whether one property holds the whole uid."""
        return self.text == f"{{{self.properties[0]}}}" if self.properties else False

    @property
    def kind(self) -> Kind | None:
        """Return the kind that a uid of a built-in source says, if it can be told."""
        found = _BUILT_IN.match(self.text)
        return next((kind for kind in Kind if found and kind.value.lower() == found[1]), None)

    @property
    def scheme(self) -> str | None:
        """Return the scheme that a uid of a built-in source says, if it can be told."""
        found = _BUILT_IN.match(self.text)
        return found[2] if found else None

    def filled(self, texts: Mapping[str, str]) -> Uid | None:
        """Return the uid with the properties in it; None where one holds no such part.

        >>> Template("hf:identity:github-team:{id|path2}%2F{id|path4}").filled(
        ...     {"id": "https://github.com/orgs/fairbank/teams/ml"})
        'hf:identity:github-team:fairbank%2Fml'
        """
        if self.is_one_property:
            return Uid(texts[self.properties[0]])
        lacking = False

        def part(found: re.Match[str]) -> str:
            nonlocal lacking
            text = texts[found[1]] if found[2] is None else part_of(texts[found[1]], found[2])
            lacking = lacking or not text
            return escaped(text or "")

        made = _PLACEHOLDER.sub(part, self.text)
        return None if lacking else Uid(made)


def is_part(word: str) -> bool:
    """Return whether a word says which part of an address is meant."""
    return word == HOST or _PATH.fullmatch(word) is not None


def part_of(address: str, word: str) -> str | None:
    """Return a part of an address; None where it has none.

    >>> part_of("https://GitHub.com/fairbank/loan-forms", "path2"), part_of("loan-forms", "host")
    ('loan-forms', None)
    """
    try:
        split = urlsplit(address)
    except ValueError:
        return None
    if word == HOST:
        return split.hostname
    steps = [unquote(step) for step in split.path.split("/") if step]
    place = _PATH.fullmatch(word)
    number = int(place[1]) if place else 0
    return steps[number - 1] if split.hostname and 0 < number <= len(steps) else None
