"""Resource patterns and the resources in them: what a grant to a pattern of names reaches.

A grant of a cloud stands at a scope that lists the patterns it takes in and those it leaves out
again; resources bear names, in the cloud's own inventory or in what others call them: the
address of a dataset in S3, the reference of an image in Amazon's registry.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from graph.model import EdgeFacts
from graph.vocabulary import End, Kind
from ingest.arns import account_of, arn_of_image, arn_of_storage, resource_type_of
from ingest.derivers.conclusions import Conclusion, NodePremise, conclude
from ingest.derivers.globs import covers, literal_prefix, matches, overlap
from ingest.derivers.rule import Edges

_WORDS: Final = frozenset(
    {"resource_patterns", "tag_mutability", "arn", "uri", "openlineage", "container_image"}
)
_OBJECT: Final = "s3:object"
_KINDS = frozenset({Kind.ASSET, Kind.DATASET, Kind.IDENTITY, Kind.SECRET})
_BY_DIGEST: Final = "an image that a tag of its repository leads to takes its place"
_FIXED_TAG: Final = "its tag is deleted first, as tags of its repository cannot be moved"
_OTHER_ACCOUNT: Final = "the account that it is in lets the other one in"
_ANY_BUCKET: Final = "its bucket is one of the account's, or lets the account in"


@dataclass(frozen=True, slots=True)
class _Name:
    """One name that a resource goes by.

    ``folder`` if what lies below it is the resource, too; ``tag`` if it is what a tag leads to.
    """

    arn: str
    folder: bool = False
    tag: bool = False
    open_question: str | None = None


@dataclass
class ResourcePattern:
    """Resources that a grant's patterns take in stand within its typed sub-scope."""

    name: str = "resource-pattern"
    words: frozenset[str] = _WORDS
    reads: frozenset[tuple[str, End]] = frozenset()
    _scopes: list[NodePremise] = field(default_factory=list[NodePremise])
    _fixed: set[str] = field(default_factory=set[str])
    _resources: dict[str, list[tuple[str, _Name, NodePremise]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(self, node: NodePremise) -> bool:
        """Take note of a scope with patterns, or of a resource under each of its names."""
        if "IMMUTABLE" in node.texts("tag_mutability"):
            self._fixed.update(node.ids("arn"))
        if node.texts("resource_patterns"):
            self._scopes.append(node)
            return True
        names = tuple(_names(node)) if node.facts.kind in _KINDS else ()
        for name in names:
            sort = _OBJECT if name.folder else resource_type_of(name.arn)
            if sort is not None:
                self._resources[sort].append((name.arn, name, node))
        return bool(names or node.ids("arn"))

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:  # noqa: ARG002 - a rule's
        """Yield what stands within which scope. Cost: the resources below each pattern's fixed beginning."""
        for resources in self._resources.values():
            resources.sort(key=lambda found: found[0])
        for scope in self._scopes:
            for sort in scope.texts("resource_type"):
                yield from _in_scope(scope, self._resources.get(sort, []), self._fixed)


def _names(node: NodePremise) -> Iterator[_Name]:
    yield from map(_Name, node.ids("arn"))
    if node.facts.kind in (Kind.ASSET, Kind.DATASET):
        for uri in (*node.texts("uri"), *_addresses(node)):
            arn = arn_of_storage(uri)
            if arn is not None and arn not in node.ids("arn"):
                yield _Name(arn, folder=True)
                # Whoever rules over a bucket rules over what lies in it.
                yield _Name(arn.partition("/")[0])
    if node.facts.type == "container_image" and node.facts.name is not None:
        arn = arn_of_image(node.facts.name)
        if arn is not None:
            # What is pushed never changes the content of a digest, only what a tag leads to.
            by_digest = "digest" in node.facts.properties or "@" in node.facts.name
            yield _Name(arn, tag=not by_digest, open_question=_BY_DIGEST if by_digest else None)


def _addresses(node: NodePremise) -> Iterator[str]:
    """Yield the addresses that pipelines call a dataset by: a namespace such as s3://bucket, and a key."""
    for value in node.ids("openlineage"):
        namespace, _, name = value.partition("/")
        yield f"{unquote(namespace)}/{unquote(name).lstrip('/')}"


def _in_scope(
    scope: NodePremise, resources: list[tuple[str, _Name, NodePremise]], fixed: Collection[str]
) -> Iterator[Conclusion]:
    """Yield the resources of the scope's own type that its patterns take in."""
    patterns, excluded = scope.texts("resource_patterns"), scope.texts("excluded_patterns")
    for name, node in _candidates(patterns, resources):
        is_in, open_question = _decide(name, patterns, excluded)
        if is_in:
            marks = frozenset({"listed"})
            edge = EdgeFacts("WITHIN", node.uid, scope.uid, marks=marks)
            doubts = (open_question, name.open_question, _whose(name, scope, patterns), _moved(name, fixed))
            condition = " and ".join(doubt for doubt in doubts if doubt is not None)
            found = conclude(edge, (node.premise, scope.premise), condition or None)
            if found is not None:
                yield found


def _whose(name: _Name, scope: NodePremise, patterns: Sequence[str]) -> str | None:
    """Return what is open about whose a resource is: a grant of one account does not reach into another.

    Source: AWS, IAM User Guide, "Cross-account policy evaluation logic". Names of buckets have no
    account; whoever writes one into a policy means that one.
    """
    accounts, own = scope.texts("namespace"), account_of(name.arn)
    if own is not None:
        return _OTHER_ACCOUNT if accounts and own not in accounts else None
    bucket = name.arn.partition("/")[0]
    named = any(literal_prefix(p).startswith(f"{bucket}/") or literal_prefix(p) == bucket for p in patterns)
    return None if named else _ANY_BUCKET


def _moved(name: _Name, fixed: Collection[str]) -> str | None:
    return _FIXED_TAG if name.tag and name.arn in fixed else None


def _candidates(
    patterns: tuple[str, ...], resources: list[tuple[str, _Name, NodePremise]]
) -> Iterator[tuple[_Name, NodePremise]]:
    """Yield the resources that may be meant: those that begin as a pattern does, and folders above."""
    seen: set[int] = set()
    for pattern in patterns:
        prefix = literal_prefix(pattern)
        place = bisect_left(resources, prefix, key=lambda found: found[0])
        below = range(place, len(resources))
        for i in below:
            if not resources[i][0].startswith(prefix):
                break
            seen.add(i)
        # A folder that a pattern reaches into has a shorter name than the pattern's beginning.
        for end in (i for i, character in enumerate(prefix) if character == "/"):
            start = bisect_left(resources, prefix[:end], key=lambda found: found[0])
            for i in range(start, len(resources)):
                if resources[i][0] != prefix[:end]:
                    break
                seen.add(i)
    for i in sorted(seen):
        _, name, node = resources[i]
        yield name, node


def _decide(name: _Name, patterns: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[bool, str | None]:
    """Return whether a resource is taken in, and what is open about it."""
    if not name.folder:
        is_in = any(matches(p, name.arn) for p in patterns) and not any(
            matches(p, name.arn) for p in excluded
        )
        return is_in, None
    below = f"{name.arn}/*"
    touching = [p for p in patterns if matches(p, name.arn) or overlap(p, below)]
    if not touching or any(covers(p, name.arn) and covers(p, below) for p in excluded):
        return False, None
    whole = any(matches(p, name.arn) or covers(p, below) for p in touching)
    left_out = any(matches(p, name.arn) or overlap(p, below) for p in excluded)
    if whole and not left_out:
        return True, None
    return True, "part of what lies there is meant"
