"""What speaks for two nodes being one thing: the clues of each node, as keys that two may share.

A table of small functions, each of which reads one sort of clue from a node. Two nodes that
have a key in common share that clue; what it weighs is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

from graph.model import ExternalId, Node
from graph.vocabulary import VOCABULARY, Kind
from queries.identity.clue import Clue, Strength
from queries.identity.names import (
    folded,
    image_reference,
    is_telling,
    is_variable,
    location,
    repository_address,
    spellings,
    table_name,
    without_sort,
)
from queries.identity.people import people_clues
from queries.identity.usual import COMMON

EMPTY: Final = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The digest of nothing, which all empty files have in common."""


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
    if node.kind is not Kind.DATASET and node.type != "storage":
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
        strength = _strength_of(external_id)
        if strength is not None:
            words = f"both have the {external_id.scheme} {external_id.value}"
            yield Clue("id", str(external_id), strength, words, folded(external_id.value))


def _strength_of(external_id: ExternalId) -> Strength | None:
    scheme, value = external_id.scheme, external_id.value
    if scheme == "hostname" and value.count(".") >= 2 and value.partition(".")[0].casefold() not in COMMON:
        return Strength.MEDIUM
    if scheme in _ID_STRENGTH:
        return _ID_STRENGTH[scheme]
    known = VOCABULARY.scheme(scheme)
    return Strength.STRONG if known is not None and known.joins else None


def _contents(node: Node) -> Iterator[Clue]:
    """Yield digests of the whole content; not those that a system makes of samples, in a way of its own."""
    for digest in {*node.texts("digest"), *node.texts("digests")}:
        if digest.startswith(("sha256:", "sha512:")) and digest != EMPTY:
            yield Clue("content", digest, Strength.STRONG, f"both have the content {digest}", digest)


def _names(node: Node) -> Iterator[Clue]:
    """Yield the name: it says something where it is not one that everybody uses."""
    if node.name is None or node.kind not in _NAMED or node.type == "person" or _is_named_for_another(node):
        return
    says = is_telling(node.name) and not is_variable(node.name) and node.type not in _NAMED_WITHIN
    strength = Strength.MEDIUM if says else Strength.WEAK
    root = folded(node.name)
    for form in (node.name, without_sort(node.name)):
        for key in spellings(form or ""):
            if key:
                words = f"both are called {form}"
                yield Clue("name", f"{node.kind} {key}", strength, words, root, local=True)
    yield from _bare_names(node)


def _bare_names(node: Node) -> Iterator[Clue]:
    """Yield the name without the account before it, as others call what lies in one."""
    is_owned = node.kind is Kind.DATASET or node.type in _OWNED_BY_ACCOUNTS
    if not is_owned or _ids(node, "openlineage"):
        return
    account, _, name = (node.name or "").partition("/")
    if account and "/" not in name and is_telling(name):
        words = f"both are called {name}"
        for key in spellings(name):
            root = folded(node.name or "")
            yield Clue("name", f"{node.kind} {key}", Strength.MEDIUM, words, root, guess=True, local=True)


def _is_named_for_another(node: Node) -> bool:
    """Return whether all that a node is called by is the rule that found it."""
    return bool(node.sources) and all(source.plugin == "leaks" for source in node.sources)


def _ids(node: Node, scheme: str) -> list[str]:
    return [external_id.value for external_id in node.external_ids if external_id.scheme == scheme]


_ID_STRENGTH: Final = {
    "github-login": None,
    "display-name": None,
    "git-url": None,
    "email": None,
    "email-digest": Strength.MEDIUM,
    "hostname": Strength.WEAK,
    "spiffe-id": Strength.STRONG,
}
"""What equal ids of a scheme say; None where another reader looks at them."""

_NAMED: Final = frozenset({Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET})
"""Kinds of what is known by its name; records and rules are many of one name, by design."""

_NAMED_WITHIN: Final = frozenset({"role", "principal_set", "oidc_subject", "tool", "run"})
"""Types of what one system defines for itself: the same name in another one is another thing."""

_OWNED_BY_ACCOUNTS: Final = frozenset({"repository", "model", "model_version"})
"""Types of assets that lie in an account and are called by its name and theirs."""

_READERS: Final[tuple[Callable[[Node], Iterator[Clue]], ...]] = (
    _addresses,
    _locations,
    _tables,
    _images,
    _contents,
    _other_ids,
    people_clues,
    _names,
)
