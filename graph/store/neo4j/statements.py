"""The Cypher of this store by name, read once from the files in ``cypher/``.

A file holds several statements, each after a line ``// name``. A line ``// part name``
begins a fragment, which other statements include as ``<<name>>``. The mark ``<<TYPE>>``
stays until a statement is used: it is where the type of a relationship goes. Only names
of the vocabulary ever take that place; everything else reaches the server as a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from graph.vocabulary import VOCABULARY

FORMERLY: Final = "FORMERLY"
"""The type of relationships whose claim no longer stands, was over when it was learned, or is refuted."""

RELATIONS: Final = frozenset(term.name for term in VOCABULARY.relations)

_NAME: Final = re.compile(r"^// (part )?(\w+)$")
_INCLUDE: Final = re.compile(r"<<([a-z_]+)>>")
_UNWIND: Final = re.compile(r"UNWIND \$(\w+) AS ")
_TYPE_MARK: Final = "<<TYPE>>"


def statement(name: str, relationship: str | None = None) -> str:
    """Return a statement's text, with the type of relationship put in where it asks for one.

    Raises:
        KeyError: for a name that no file has.
        ValueError: for a type that is neither a relation of the vocabulary nor FORMERLY.
    """
    text = _statements()[name]
    if (_TYPE_MARK in text) is (relationship is None):
        raise ValueError(f"statement {name} and a type of relationship do not go together")
    if relationship is None:
        return text
    if relationship != FORMERLY and relationship not in RELATIONS:
        raise ValueError(f"{relationship!r} is not a relation of the vocabulary")
    return text.replace(_TYPE_MARK, f"`{relationship}`")


def unwinds(name: str) -> str | None:
    """Return the parameter whose items a statement goes through first; without items it does nothing."""
    found = _UNWIND.match(_statements()[name])
    return found[1] if found else None


def names() -> tuple[str, ...]:
    """Return the names of all statements, in order."""
    return tuple(sorted(_statements()))


def takes_relationship(name: str) -> bool:
    """Return whether a statement needs the type of a relationship."""
    return _TYPE_MARK in _statements()[name]


@cache
def _statements() -> Mapping[str, str]:
    """Return all statements by name, with their fragments in place.

    Raises:
        ValueError: for a name that stands twice, or a fragment that stands nowhere.
    """
    texts: dict[str, str] = {}
    fragments: dict[str, str] = {}
    for file in sorted(files("graph.store.neo4j").joinpath("cypher").iterdir(), key=lambda f: f.name):
        for is_fragment, name, text in _sections(file.read_text(encoding="utf-8")):
            if name in texts or name in fragments:
                raise ValueError(f"two statements are named {name}")
            (fragments if is_fragment else texts)[name] = text
    return MappingProxyType({name: _complete(text, fragments) for name, text in texts.items()})


def _sections(text: str) -> list[tuple[bool, str, str]]:
    sections: list[tuple[bool, str, list[str]]] = []
    for line in text.splitlines():
        found = _NAME.match(line)
        if found:
            sections.append((bool(found[1]), found[2], []))
        elif sections and not line.startswith("//"):
            sections[-1][2].append(line)
    return [(is_fragment, name, "\n".join(lines).strip()) for is_fragment, name, lines in sections]


def _complete(text: str, fragments: Mapping[str, str]) -> str:
    def fragment(found: re.Match[str]) -> str:
        if found[1] not in fragments:
            raise ValueError(f"no fragment is named {found[1]}")
        return fragments[found[1]]

    return _INCLUDE.sub(fragment, text)
