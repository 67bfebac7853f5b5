"""How the objects of a tenant are called: by the tenant and the object id, both GUIDs.

Whoever may be given a right has one form of uid, a keyed digest: an assignment of a role names
its holder by object id and does not tell whether that is a person, whose uid must be opaque.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.uids import escaped, external_id, native_uid

SCHEME: Final = "entra-id"
LISTED: Final = frozenset({"listed"})

_GUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_guid(text: str) -> bool:
    """Return whether a text is a GUID in its usual form.

    >>> is_guid("72F988BF-86F1-41AF-91AB-2D7CD011DB47"), is_guid("fairbank")
    (True, False)
    """
    return _GUID.fullmatch(text) is not None


def folded(text: str) -> str:
    """Return an id as it is compared: of GUIDs the case says nothing, of anything else it does.

    >>> folded("72F988BF-86F1-41AF-91AB-2D7CD011DB47"), folded("Fairbank")
    ('72f988bf-86f1-41af-91ab-2d7cd011db47', 'Fairbank')
    """
    return text.lower() if is_guid(text) else text


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant, which makes the uids of what is in it."""

    id: str
    fingerprints: Fingerprinter

    @property
    def uid(self) -> Uid:
        """Return the uid of the tenant itself."""
        return native_uid(Kind.ASSET, SCHEME, self.id)

    def object_id(self, object_id: str) -> ExternalId:
        """Return the external id of an object."""
        return external_id(SCHEME, self.id, folded(object_id))

    def principal_uid(self, object_id: str) -> Uid:
        """Return the uid of a user, a group or a service principal by its object id."""
        parts = ("entra", self.id, folded(object_id))
        digest = self.fingerprints.opaque_id("/".join(map(escaped, parts)))
        return native_uid(Kind.IDENTITY, "entra-principal", digest)

    def client_uid(self, app_id: str) -> Uid:
        """Return the uid of a service principal by its client id, all that an application tells of it.

        A list of service principals joins it to the principal, whose uid sorts before it.
        """
        return native_uid(Kind.IDENTITY, "entra-service-principal", self.id, folded(app_id))

    def application_uid(self, object_id: str) -> Uid:
        """Return the uid of an application that is registered in the tenant."""
        return native_uid(Kind.ASSET, SCHEME, self.id, folded(object_id))

    def resource_uid(self, object_id: str) -> Uid:
        """Return the uid of what stands behind a service principal that others are given permissions of."""
        return native_uid(Kind.ASSET, SCHEME, self.id, "resource", folded(object_id))

    def credential_uid(self, owner: str, key_id: str) -> Uid:
        """Return the uid of a credential of an application or a service principal."""
        return native_uid(Kind.SECRET, SCHEME, self.id, folded(owner), folded(key_id))

    def trust_uid(self, application: str, credential: str) -> Uid:
        """Return the uid of the set of subjects that a federated credential takes in."""
        return native_uid(
            Kind.IDENTITY, SCHEME, self.id, folded(application), "federated", folded(credential)
        )

    def place_uid(self, type_: str) -> Uid:
        """Return the uid of all objects of a type; of the tenant itself where none is named."""
        return native_uid(Kind.ASSET, SCHEME, self.id, "all", type_) if type_ else self.uid

    def place_facts(self, type_: str) -> tuple[NodeFacts, NodeFacts, EdgeFacts]:
        """Return what there is to say of the tenant and of all its objects of a type."""
        uid = self.place_uid(type_)
        return (
            self.facts(),
            NodeFacts(
                uid,
                Kind.ASSET,
                type="scope",
                name=f"tenant#{type_}",
                properties={"scope_type": "tenant", "resource_type": type_},
            ),
            EdgeFacts("WITHIN", uid, self.uid, subject_kind=Kind.ASSET, object_kind=Kind.ASSET),
        )

    def facts(self, name: str | None = None) -> NodeFacts:
        """Return what there is to say of the tenant itself."""
        return NodeFacts(
            self.uid,
            Kind.ASSET,
            type="tenant",
            name=name,
            properties={"scope_type": "tenant"},
            external_ids=(self.object_id(self.id),),
        )

    def holding(self, uid: Uid, kind: Kind, type_: str) -> EdgeFacts:
        """Return that an object stands among those of its type."""
        place = self.place_uid(type_)
        return EdgeFacts("WITHIN", uid, place, marks=LISTED, subject_kind=kind, object_kind=Kind.ASSET)
