"""Trust patterns and the subjects that match them: who a cloud role really trusts.

A role trusts a set of token subjects by a pattern (a ``principal_set``); a repository's
workflow or a cluster's service account is one subject of one issuer (an ``oidc_subject``, or
whatever bears its id), or, where its tokens differ from run to run, may have any of several.
Neither side knows the other; together they say who is in the set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from graph.model import EdgeFacts
from graph.vocabulary import End, Kind
from ingest.derivers.conclusions import Conclusion, NodePremise, conclude
from ingest.derivers.globs import covers, matches, overlap
from ingest.derivers.rule import Edges
from ingest.subjects import SCHEME, SET_TYPE, is_local

_ANOTHER_CLUSTERS: Final = "the issuer that is trusted is this one, of all that go by a local name"


@dataclass
class TrustPattern:
    """Subjects that match a trusted pattern of their issuer are members of the set."""

    name: str = "trust-pattern"
    words: frozenset[str] = frozenset({SCHEME, "subject_patterns"})
    reads: frozenset[tuple[str, End]] = frozenset()
    _sets: dict[str, list[NodePremise]] = field(default_factory=lambda: defaultdict(list))
    _subjects: dict[str, list[tuple[str, NodePremise]]] = field(default_factory=lambda: defaultdict(list))
    _families: dict[str, list[NodePremise]] = field(default_factory=lambda: defaultdict(list))

    def take(self, node: NodePremise) -> bool:
        """Take note of a set with a pattern, of a subject, or of what may have several subjects."""
        if node.facts.kind is not Kind.IDENTITY:
            return False
        for value in node.ids(SCHEME):
            issuer, slash, subject = value.partition("/")
            if slash:
                self._subjects[unquote(issuer)].append((unquote(subject), node))
        if node.texts("subject_patterns"):
            by_issuer = self._sets if node.facts.type == SET_TYPE else self._families
            for issuer in node.texts("issuer"):
                by_issuer[issuer].append(node)
        return bool(node.ids(SCHEME) or node.texts("subject_patterns"))

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:  # noqa: ARG002 - a rule's
        """Yield the memberships."""
        for issuer, sets in self._sets.items():
            for trusted in sets:
                doubt = _ANOTHER_CLUSTERS if is_local(issuer) else None
                for subject, node in self._subjects.get(issuer, ()):
                    yield from _of_subject(trusted, subject, node, doubt)
                for family in self._families.get(issuer, ()):
                    yield from _of_family(trusted, family, doubt)


def _of_subject(
    trusted: NodePremise, subject: str, node: NodePremise, doubt: str | None
) -> Iterator[Conclusion]:
    if any(matches(pattern, subject) for pattern in trusted.texts("subject_patterns")):
        yield from _member(node, trusted, doubt)


def _of_family(trusted: NodePremise, family: NodePremise, doubt: str | None) -> Iterator[Conclusion]:
    """Yield that what may have several subjects is a member: for certain if any of them is trusted."""
    patterns, subjects = trusted.texts("subject_patterns"), family.texts("subject_patterns")
    if all(any(covers(pattern, subject) for pattern in patterns) for subject in subjects):
        yield from _member(family, trusted, doubt)
        return
    shared = sorted({p for p in patterns for s in subjects if overlap(p, s)})
    if shared:
        one_of_several = f"its token has a subject that matches {', '.join(shared)}"
        yield from _member(family, trusted, f"{one_of_several} and {doubt}" if doubt else one_of_several)


def _member(node: NodePremise, trusted: NodePremise, open_question: str | None) -> Iterator[Conclusion]:
    edge = EdgeFacts("MEMBER_OF", node.uid, trusted.uid)
    conclusion = conclude(edge, (node.premise, trusted.premise), open_question)
    if conclusion is not None:
        yield conclusion
