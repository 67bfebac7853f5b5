"""Secrets that something uses although no policy lets its identity read them.

Only where a manager of secrets hands them out by policy (a cloud's, a vault): what a cluster
mounts into a pod needs no right of the pod's account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty
from queries.drift.rows import Drift, Found, Open, Row, Side, claims_behind
from queries.estate import EstateView

GRANTS: Final = frozenset({"CAN_READ", "CAN_ADMIN"})
_ACTING: Final = frozenset({"MEMBER_OF", "CAN_ASSUME"})
_CLOUDS: Final = "arn"
_HANDED_OUT: Final = frozenset({_CLOUDS, "vault"})
"""Schemes of the ids of secrets that a manager hands out by policy."""


def find_ungranted(view: EstateView, nodes: Mapping[Uid, Node], edges: Iterable[Edge]) -> Found:
    """Return the uses of secrets that no grant explains, where all grants of the identity are known."""
    found = Found()
    book = _Book(edges)
    for use in book.uses:
        secret, asset = nodes.get(use.object.uid), nodes.get(use.subject.uid)
        if secret is None or asset is None or not _is_handed_out(secret):
            continue
        identities = [edge.object.uid for edge in book.running[asset.uid]]
        if not identities:
            found.leave_open(Open.NO_IDENTITY, asset.uid)
        elif not any(book.may_read(uid, secret.uid) for uid in identities):
            _ungranted(found, view, nodes, use, identities, book.acting(identities))
    return found


def _ungranted(
    found: Found,
    view: EstateView,
    nodes: Mapping[Uid, Node],
    use: Edge,
    identities: list[Uid],
    acting: set[Uid],
) -> None:
    if not all(uid in nodes and _is_known(view, nodes[uid]) for uid in acting):
        found.leave_open(Open.NO_GRANTS, use.subject.uid)
        return
    labels = " or ".join(nodes[uid].label for uid in identities)
    itself = "" if _is_decided_by_identities(nodes[use.object.uid]) else "; its own policy is not known"
    sure = not itself and use.certainty is Certainty.CERTAIN
    found.rows.append(
        Row(
            Drift.UNGRANTED,
            nodes[use.subject.uid],
            Side(f"no policy lets {labels} read {nodes[use.object.uid].label}{itself}"),
            Side(f"it uses {nodes[use.object.uid].label}", claims_behind(view, [use])),
            Certainty.CERTAIN if sure else Certainty.POSSIBLE,
            use.object.uid,
        )
    )


def _is_handed_out(secret: Node) -> bool:
    return any(external_id.scheme in _HANDED_OUT for external_id in secret.external_ids)


def _is_decided_by_identities(secret: Node) -> bool:
    """Return whether only policies of identities let anybody read it; a cloud's secret may have its own."""
    return all(external_id.scheme != _CLOUDS for external_id in secret.external_ids)


def _is_known(view: EstateView, identity: Node) -> bool:
    return all(view.coverage.is_covered(identity, relation) for relation in GRANTS)


class _Book:
    """The edges of access, by the end that is looked up."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.uses: list[Edge] = []
        self.running: dict[Uid, list[Edge]] = defaultdict(list)
        self._acting: dict[Uid, set[Uid]] = defaultdict(set)
        self._granted: dict[Uid, set[Uid]] = defaultdict(set)
        self._within: dict[Uid, set[Uid]] = defaultdict(set)
        for edge in edges:
            subject, object_ = edge.subject.uid, edge.object.uid
            if edge.relation == "USES_SECRET":
                self.uses.append(edge)
            elif edge.relation == "RUNS_AS":
                self.running[subject].append(edge)
            elif edge.relation in _ACTING:
                self._acting[subject].add(object_)
            elif edge.relation in GRANTS:
                self._granted[subject].add(object_)
            elif edge.relation in ("WITHIN", "STORED_IN"):
                self._within[subject].add(object_)

    def acting(self, identities: Iterable[Uid]) -> set[Uid]:
        """Return identities with all that they act as, perhaps over several steps."""
        return _closure(set(identities), self._acting)

    def may_read(self, identity: Uid, secret: Uid) -> bool:
        """Return whether any grant, also a possible one, of the identity or of what it acts as reaches it."""
        reached = {place for uid in self.acting([identity]) for place in self._granted.get(uid, ())}
        return not reached.isdisjoint(_closure({secret}, self._within))


def _closure(start: set[Uid], leads: Mapping[Uid, set[Uid]]) -> set[Uid]:
    seen, frontier = set(start), set(start)
    while frontier:
        frontier = {following for uid in frontier for following in leads.get(uid, ())} - seen
        seen |= frontier
    return seen
