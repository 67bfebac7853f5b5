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
    both = all(any(i.scheme == "email" for i in node.external_ids) for node in (first, second))
    return "each has another address" if both and not _shared(first, second, "email") else None


def _shared(first: Node, second: Node, scheme: str) -> bool:
    one, other = ({i.value for i in node.external_ids if i.scheme == scheme} for node in (first, second))
    return not one.isdisjoint(other)


_OBJECTIONS: Final[tuple[Callable[[Node, Node], str | None], ...]] = (
    _kinds,
    _types,
    _environments,
    _sources,
    _single_ids,
    _mail,
)
