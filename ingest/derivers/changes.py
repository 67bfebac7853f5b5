"""Whether anything that a rule could take note of has changed since the last derivation.

Most commits of a large estate concern nothing that anything is derived from. Instead of working all
out anew to find that nothing follows but what followed before, what the commits since then touched
is held against what it was: the descriptions that rules take note of, the edges that they ask for,
which uids are one thing, and what is derived itself. In doubt it has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.ledger.ledger import Ledger
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    Operation,
    PersonalErased,
    RefutationLifted,
    Subject,
)
from graph.ledger.port import Store
from graph.ledger.reading import Picture
from graph.model import CommitNumber, NodeFacts, Uid
from graph.vocabulary import End
from ingest.derivers.conclusions import NodePremise, Premise
from ingest.derivers.rule import SOURCE, Rule, is_derived

MAXIMUM_OPERATIONS: Final = 10_000
"""Beyond so many operations since then, deriving anew is cheaper than looking at each of them."""

_PAGE: Final = 100


@dataclass
class _Touched:
    """What operations are about."""

    uids: set[Uid] = field(default_factory=set[Uid])
    edges: set[EdgeKey] = field(default_factory=set[EdgeKey])

    def add(self, about: Subject) -> None:
        if isinstance(about, EdgeKey):
            self.edges.add(about)
        else:
            self.uids.add(about)


def has_changed(ledger: Ledger, rules: Sequence[Rule], since: CommitNumber, until: CommitNumber) -> bool:
    """Return whether other things may follow at ``until`` than at ``since``.

    Cost: the operations of the commits between, and two reads of what they touched.
    """
    touched = _touched(ledger.store, since, until)
    if touched is None:
        return True
    before, after = ledger.picture(since), ledger.picture(until)
    moved = after.identity.differences(before.identity)
    if len(moved) > MAXIMUM_OPERATIONS:
        return True
    noted = _noted(rules, after, touched.uids | moved)
    if noted != _noted(rules, before, touched.uids | moved):
        return True
    if moved.intersection(node.uid for node in noted):
        return True
    return _derived(ledger.store, touched.edges, since) != _derived(
        ledger.store, touched.edges, until
    ) or _is_asked_for(rules, after, touched.edges)


def _touched(store: Store, since: CommitNumber, until: CommitNumber) -> _Touched | None:
    """Return what the commits after ``since`` touched; None where that is too much or cannot be told."""
    touched, count, after = _Touched(), 0, since
    while after < until and (page := store.commits(after, _PAGE)):
        for commit in page:
            after = commit.sequence
            count += len(commit.operation_digests)
            if count > MAXIMUM_OPERATIONS:
                return None
            for operation in store.operations(after):
                if not _touch(operation, touched, store):
                    return None
    return touched


def _touch(operation: Operation, touched: _Touched, store: Store) -> bool:
    """Take note of what an operation is about; return whether that can be told."""
    match operation:
        case ClaimRecorded() | ClaimEnded():
            touched.add(operation.about)
        case ClaimRefuted() | RefutationLifted():
            for row in store.claim_history(operation.claim_id):
                touched.add(row.about)
        case PersonalErased():
            return False
        case _:
            # Merges show in the identity of uids; what a scope covers, no rule reads.
            pass
    return True


def _noted(rules: Sequence[Rule], picture: Picture, uids: Collection[Uid]) -> list[NodePremise]:
    """Return the descriptions of nodes that any rule takes note of, in a fixed order."""
    found = (node for node in _descriptions(picture, uids) if _is_noted(rules, node))
    return sorted(found, key=lambda node: (node.premise.claim_id, node.premise.valid.start))


def _is_noted(rules: Iterable[Rule], node: NodePremise) -> bool:
    return any(rule.take(node) for rule in rules)


def _descriptions(picture: Picture, uids: Collection[Uid]) -> Iterable[NodePremise]:
    for row in picture.node_rows(uids) if uids else ():
        if isinstance(row.claim.about, NodeFacts) and not is_derived(row):
            yield NodePremise(Premise.of(row), row.claim.about)


def _derived(store: Store, edges: Collection[EdgeKey], known: CommitNumber) -> set[tuple[str, CommitNumber]]:
    """Return which derived rows about edges stood; whoever ends one, it has to be said again."""
    rows = store.edge_rows_between(edges, known) if edges else ()
    return {(row.key, row.recorded_from) for row in rows if row.scope.source == SOURCE}


def _is_asked_for(rules: Sequence[Rule], picture: Picture, edges: Collection[EdgeKey]) -> bool:
    """Return whether a rule asks for any of these edges, because of what stands at its end."""
    for rule in rules:
        ends = {
            edge.subject if end is End.SUBJECT else edge.object
            for relation, end in rule.reads
            for edge in edges
            if edge.relation == relation
        }
        if any(rule.take(node) for node in _descriptions(picture, ends)):
            return True
    return False
