"""What speaks for two nodes being one thing: the clues of each node, as keys that two may share.

A table of small functions, each of which reads one sort of clue from a node. Two nodes that
have a key in common share that clue; what it weighs is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from graph.model import Node
from graph.vocabulary import VOCABULARY, Kind
from queries.identity.names import (
    folded,
    image_reference,
    is_telling,
    location,
    mailbox,
    repository_address,
    table_name,
)


class Strength(StrEnum):
    """How much a clue, or all clues together, say; the strongest first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


WEIGHTS: Final = {Strength.STRONG: 3, Strength.MEDIUM: 2, Strength.WEAK: 1}


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that two nodes may have in common.

    ``sort`` is what it is, ``key`` the text in which both must agree, ``words`` how it is said
    of two nodes that do. ``root`` is the text behind it: clues of one root count once, as a name
    that is also the host's name says nothing twice.
    """

    sort: str
    key: str
    strength: Strength
    words: str
    root: str


def clues_of(node: Node) -> list[Clue]:
    """Return every clue of a node, each key once."""
    found = {(clue.sort, clue.key): clue for read in _READERS for clue in read(node)}
    return list(found.values())


def _addresses(node: Node) -> Iterator[Clue]:
    """Yield the addresses of a repository; of what only lies in one, its address says nothing."""
    if node.kind is not Kind.ASSET or node.type not in ("repository", None):
        return
    for text in (*_ids(node, "git-url"), *node.texts("url"), *([node.name] if node.name else [])):
        address = repository_address(text)
        if address is not None:
            yield Clue(
                "address", address, Strength.STRONG, f"both are the repository {address}", folded(address)
            )


def _locations(node: Node) -> Iterator[Clue]:
    if node.kind is not Kind.DATASET:
        return
    named = (
        f"{unquote(n)}/{unquote(k)}" for n, _, k in (v.partition("/") for v in _ids(node, "openlineage"))
    )
    for text in (*node.texts("uri"), *named, *([node.name] if node.name else [])):
        place = location(text)
        if place is not None:
            yield Clue("location", place, Strength.STRONG, f"both lie at {place}", folded(place))


def _tables(node: Node) -> Iterator[Clue]:
    """Yield the dotted names of tables; of datasets that lie at an address, names say nothing more."""
    if node.kind is not Kind.DATASET:
        return
    keys = (unquote(value.partition("/")[2]) for value in _ids(node, "openlineage"))
    for text in (*keys, *([node.name] if node.name else [])):
        name = table_name(text) if "/" not in text else None
        if name is not None:
            strength = Strength.MEDIUM if name.count(".") == 2 else Strength.WEAK
            yield Clue("table", name, strength, f"both are called {name}", folded(name.rpartition(".")[2]))


def _images(node: Node) -> Iterator[Clue]:
    if node.type == "container_image" and node.name is not None:
        reference = image_reference(node.name)
        if reference is not None:
            words = f"both are the image {reference}"
            yield Clue("image", reference, Strength.MEDIUM, words, folded(reference))


def _other_ids(node: Node) -> Iterator[Clue]:
    """Yield external ids that do not join by themselves, or not from every source that gives them."""
    for external_id in node.external_ids:
        strength = _ID_STRENGTH.get(external_id.scheme)
        if strength is None:
            scheme = VOCABULARY.scheme(external_id.scheme)
            strength = Strength.STRONG if scheme is not None and scheme.joins else None
        if strength is not None:
            words = f"both have the {external_id.scheme} {external_id.value}"
            yield Clue("id", str(external_id), strength, words, folded(external_id.value))


def _people(node: Node) -> Iterator[Clue]:
    """Yield what people are called by: the local part of an address, a login, a name, in one form."""
    if node.type != "person":
        return
    mailboxes = (mailbox(address) for address in _ids(node, "email"))
    for called in {*filter(None, mailboxes), *map(folded, _ids(node, "github-login"))}:
        yield Clue("login", called, Strength.WEAK, f"both go by {called}", called)
    for name in {*_ids(node, "display-name"), *([node.name] if node.name else [])}:
        if " " in name.strip():
            yield Clue(
                "person", folded(name), Strength.WEAK, f"both are called {name}", f"name {folded(name)}"
            )
            yield Clue("login", folded(name), Strength.WEAK, f"both go by {folded(name)}", folded(name))


def _names(node: Node) -> Iterator[Clue]:
    """Yield the name: it says something where it is not one that everybody uses."""
    if node.name is None or node.type == "person":
        return
    key = folded(node.name)
    if key:
        strength = Strength.MEDIUM if is_telling(node.name) else Strength.WEAK
        yield Clue("name", f"{node.kind} {key}", strength, f"both are called {node.name}", key)


def _ids(node: Node, scheme: str) -> list[str]:
    return [external_id.value for external_id in node.external_ids if external_id.scheme == scheme]


_ID_STRENGTH: Final = {
    "github-login": Strength.MEDIUM,
    "display-name": None,
    "hostname": Strength.WEAK,
    "git-url": None,
    "spiffe-id": Strength.STRONG,
    "email": None,
    "email-digest": None,
}
"""What equal ids of a scheme say; None where another reader looks at them."""

_READERS: Final[tuple[Callable[[Node], Iterator[Clue]], ...]] = (
    _addresses,
    _locations,
    _tables,
    _images,
    _other_ids,
    _people,
    _names,
)
