"""Where objects stand: the cluster, its namespaces, and in each all objects of one type together.

A grant to read pods is a grant on ``namespace/prod#pods``. Pods stand in it, marked as
listed; it stands in the same type of the whole cluster, marked too, and without the
mark in its namespace: who reads the pods of a namespace has not read its secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, NodeFacts, Uid
from graph.vocabulary import Kind
from ingest.sources.kubernetes.names import Cluster
from ingest.sources.kubernetes.resources import ResourceType

LISTED: Final = frozenset({"listed"})


@dataclass
class Places:
    """The places that one scope's claims speak of; each is said once."""

    cluster: Cluster
    _subscopes: dict[tuple[str, str], ResourceType] = field(
        default_factory=dict[tuple[str, str], ResourceType]
    )
    _namespaces: set[str] = field(default_factory=set[str])

    def subscope(self, sort: ResourceType, namespace: str | None) -> Uid:
        """Return the uid of all objects of a type in a namespace, or (None) in the cluster; note it."""
        self._subscopes[sort.name, ""] = sort
        if namespace:
            self._subscopes[sort.name, namespace] = sort
            self._namespaces.add(namespace)
        return self.cluster.subscope_uid(sort, namespace or None)

    def namespace(self, name: str) -> Uid:
        """Return a namespace's uid, and note it."""
        self._namespaces.add(name)
        return self.cluster.namespace_uid(name)

    def holding(self, uid: Uid, kind: Kind, sort: ResourceType, namespace: str) -> EdgeFacts:
        """Return that an object stands among those of its type."""
        return _within(uid, kind, self.subscope(sort, namespace), marks=LISTED)

    def facts(self) -> Iterator[NodeFacts | EdgeFacts]:
        """Yield what there is to say of the places noted so far, in order."""
        cluster = self.cluster
        yield NodeFacts(
            cluster.uid,
            Kind.ASSET,
            type="scope",
            name=cluster.label,
            properties={"scope_type": "cluster"},
            external_ids=(cluster.external_id,),
        )
        for namespace in sorted(self._namespaces):
            yield _within(cluster.namespace_uid(namespace), Kind.ASSET, cluster.uid)
        for (_, namespace), sort in sorted(self._subscopes.items()):
            yield from self._subscope_facts(sort, namespace)

    def _subscope_facts(self, sort: ResourceType, namespace: str) -> Iterator[NodeFacts | EdgeFacts]:
        cluster = self.cluster
        whole = cluster.subscope_uid(sort, None)
        uid = cluster.subscope_uid(sort, namespace or None)
        yield NodeFacts(
            uid,
            Kind.ASSET,
            type="scope",
            name=f"namespace/{namespace}#{sort.name}" if namespace else f"cluster#{sort.name}",
            properties={"scope_type": "namespace" if namespace else "cluster", "resource_type": sort.name},
        )
        if namespace:
            yield _within(uid, Kind.ASSET, cluster.namespace_uid(namespace))
            yield _within(uid, Kind.ASSET, whole, marks=LISTED)
        else:
            yield _within(uid, Kind.ASSET, cluster.uid)


def _within(uid: Uid, kind: Kind, place: Uid, marks: frozenset[str] = frozenset()) -> EdgeFacts:
    return EdgeFacts("WITHIN", uid, place, marks=marks, subject_kind=kind, object_kind=Kind.ASSET)
