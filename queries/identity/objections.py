"""What speaks against two nodes being one thing, whatever they have in common.

Each objection is enough: a suggestion that a careful person must refuse at once only teaches
people to accept without looking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from graph.model import Node, Uid
from graph.vocabulary import VOCABULARY
from queries.filters import UNKNOWN, environment_of
from queries.identity.names import one_address, spellings
from queries.identity.people import called

_ALIKE: Final = (
    frozenset({"application", "service", "workload"}),
    frozenset({"team", "group"}),
    frozenset({"service_account", "oauth_app", "workload_identity", "role"}),
    frozenset({"table", "view", "collection", "feature_set", "evaluation_set"}),
    frozenset({"file", "model_artifact", "evaluation_set", "feature_set", "table"}),
    frozenset({"api_key", "token", "password", "client_secret"}),
    frozenset({"private_key", "signing_key", "certificate"}),
    frozenset({"mcp_server", "service", "tool"}),
)
"""Types that different sources give one thing."""


_INSTALLED: Final = frozenset({"agents", "aws", "dbt", "entra", "github", "kubernetes", "mlflow", "vault"})
"""Sources whose instances are installations of one system, each of which names things for itself."""


def objection(first: Node, second: Node, different: Collection[frozenset[Uid]]) -> str | None:
    """Return why two nodes are not one thing, None where nothing speaks against it.

    `different` are pairs of uids that a person has declared two things.
    """
    for read in _OBJECTIONS:
        found = read(first, second)
        if found is not None:
            return found
    if any(frozenset({a, b}) in different for a in first.members for b in second.members):
        return "a person has declared them two things"
    return None


def are_two_installations(first: Node, second: Node) -> bool:
    """Return whether two installations of one system show the two nodes, and nothing else does.

    One name in production and staging, or in the settings of two laptops, is the rule.
    """
    one, other = ({source.plugin for source in node.sources} for node in (first, second))
    return one == other and len(one) == 1 and one <= _INSTALLED


def _kinds(first: Node, second: Node) -> str | None:
    return None if first.kind is second.kind else f"one is {first.kind}, the other {second.kind}"


def _types(first: Node, second: Node) -> str | None:
    one, other = first.type, second.type
    if one is None or other is None or one == other or any({one, other} <= alike for alike in _ALIKE):
        return None
    return f"one is {one}, the other {other}"


def _environments(first: Node, second: Node) -> str | None:
    places = {environment_of(first), environment_of(second)} - {UNKNOWN}
    return f"they run in {' and '.join(sorted(places))}" if len(places) == 2 else None


def _sources(first: Node, second: Node) -> str | None:
    """Return that one source tells them apart: it sees both, and calls them by two names."""
    shared = sorted(set(first.sources) & set(second.sources))
    return f"{shared[0]} tells them apart" if shared else None


def _single_ids(first: Node, second: Node) -> str | None:
    for scheme in sorted({i.scheme for i in first.external_ids} & {i.scheme for i in second.external_ids}):
        known = VOCABULARY.scheme(scheme)
        if known is not None and known.one_per_node and not _shared(first, second, scheme):
            return f"each has a {scheme} of its own"
    return None


def _mail(first: Node, second: Node) -> str | None:
    """Return that two people have addresses, and none in common."""
    one, other = (_addresses(node) for node in (first, second))
    return "each has another address" if one and other and one.isdisjoint(other) else None


def _addresses(node: Node) -> frozenset[str]:
    return frozenset(one_address(i.value) for i in node.external_ids if i.scheme == "email")


def _people(first: Node, second: Node) -> str | None:
    """Return that two people have no word of their names in common, in whatever spelling."""
    one, other = (_words(node) for node in (first, second))
    return "they go by two names" if one and other and one.isdisjoint(other) else None


def _words(node: Node) -> set[str]:
    return {form for name in called(node) for word in name for form in spellings(word)}


def _contents(first: Node, second: Node) -> str | None:
    """Return that both contents are known, and differ."""
    for algorithm in ("sha256:", "sha512:"):
        one, other = (_digests(node, algorithm) for node in (first, second))
        if one and other and one.isdisjoint(other):
            return "their contents differ"
    return None


def _digests(node: Node, algorithm: str) -> set[str]:
    return {text for name in ("digest", "digests") for text in node.texts(name) if text.startswith(algorithm)}


def _values(first: Node, second: Node) -> str | None:
    """Return that a property which one thing has one of differs."""
    for name, words in _ONE_EACH.items():
        one, other = first.texts(name), second.texts(name)
        if one and other and set(one).isdisjoint(other):
            return words
    return None


def _shared(first: Node, second: Node, scheme: str) -> bool:
    one, other = ({i.value for i in node.external_ids if i.scheme == scheme} for node in (first, second))
    return not one.isdisjoint(other)


_ONE_EACH: Final = {
    "version": "they are of two versions",
    "fingerprint": "their values differ",
    "employee_number": "each has a number of its own",
}
"""Properties of which one thing has one value, and what is said where two nodes' differ."""

_OBJECTIONS: Final[tuple[Callable[[Node, Node], str | None], ...]] = (
    _kinds,
    _types,
    _environments,
    _sources,
    _single_ids,
    _mail,
    _people,
    _contents,
    _values,
)
