"""How what a server holds is called: by the cluster's id, the namespace, and a path or an accessor."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.uids import external_id, native_uid

SCHEME: Final = "vault"
LISTED: Final = frozenset({"listed"})


@dataclass(frozen=True, slots=True)
class Server:
    """One namespace of one cluster; the root namespace has an empty name."""

    cluster: str
    namespace: str
    label: str | None
    fingerprints: Fingerprinter

    @property
    def uid(self) -> Uid:
        """Return the uid of the namespace, which for the root one is the cluster."""
        return native_uid(Kind.ASSET, SCHEME, self.cluster, *((self.namespace,) if self.namespace else ()))

    @property
    def scope(self) -> str:
        """Return what the names of scopes begin with."""
        return f"{self.cluster}/{self.namespace}" if self.namespace else self.cluster

    def facts(self) -> tuple[NodeFacts | EdgeFacts, ...]:
        """Return what there is to say of the namespace itself."""
        root = native_uid(Kind.ASSET, SCHEME, self.cluster)
        cluster = NodeFacts(
            root,
            Kind.ASSET,
            type="vault",
            name=self.label,
            properties={"scope_type": "cluster"},
            external_ids=(external_id(SCHEME, self.cluster),),
        )
        if not self.namespace:
            return (cluster,)
        inner = NodeFacts(
            self.uid, Kind.ASSET, type="vault", name=self.namespace, properties={"scope_type": "namespace"}
        )
        return (cluster, inner, within(self.uid, Kind.ASSET, root))

    def path_uid(self, kind: Kind, *path: str) -> Uid:
        """Return the uid of what stands at a path."""
        return native_uid(kind, SCHEME, self.cluster, self.namespace, *path)

    def path_id(self, *path: str) -> ExternalId:
        """Return the external id of what stands at a path."""
        return external_id(SCHEME, self.cluster, self.namespace, *path)

    def paths_uid(self, access: str, pattern: str, excluded: tuple[str, ...]) -> Uid:
        """Return the uid of the paths of a pattern, less those of others, for one sort of access."""
        canonical = json.dumps([pattern, *excluded], ensure_ascii=True).encode()
        return self.path_uid(Kind.ASSET, "paths", access, hashlib.sha256(canonical).hexdigest()[:32])


def within(uid: Uid, kind: Kind, place: Uid, marks: frozenset[str] = frozenset()) -> EdgeFacts:
    """Return that something stands within a place."""
    return EdgeFacts("WITHIN", uid, place, marks=marks, subject_kind=kind, object_kind=Kind.ASSET)
