"""One scope for each cluster and type of object: what is said in it, and what a whole list covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.shapes import Misshapen
from ingest.sources.kubernetes.grants import FaultyObject, Grants
from ingest.sources.kubernetes.names import Cluster
from ingest.sources.kubernetes.objects import KubeObject
from ingest.sources.kubernetes.places import Places
from ingest.sources.kubernetes.resources import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    CONTROLLERS,
    NAMESPACES,
    NODES,
    PODS,
    ROLE_BINDINGS,
    ROLES,
    SECRETS,
    SERVICE_ACCOUNTS,
    ResourceType,
)
from ingest.sources.kubernetes.workloads import Objects, Workloads

BINDINGS: Final = (ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS)
ACCESS: Final = frozenset({*BINDINGS, ROLES, CLUSTER_ROLES})
"""The lists that together say who may do what; without one of them nobody's rights are all known."""

GRANTS: Final = frozenset({"CAN_ADMIN", "CAN_READ", "CAN_WRITE"})
_NO_RELATIONS: Final[frozenset[str]] = frozenset()
_MAKER: Final = frozenset({"BUILT_FROM", "RUNS_AS", "USES_SECRET", "WITHIN"})

COVERED: Final[Mapping[ResourceType, tuple[frozenset[str], frozenset[str]]]] = {
    NAMESPACES: (_NO_RELATIONS, frozenset({"WITHIN"})),
    NODES: (_NO_RELATIONS, frozenset({"WITHIN"})),
    SERVICE_ACCOUNTS: (frozenset({Kind.IDENTITY.value}), frozenset({"WITHIN"})),
    SECRETS: (frozenset({Kind.SECRET.value}), frozenset({"WITHIN"})),
    PODS: (frozenset({Kind.ASSET.value}), _MAKER | {"PART_OF", "RUNS_ON"}),
    **dict.fromkeys(CONTROLLERS, (frozenset({Kind.ASSET.value}), _MAKER)),
}
"""The kinds and relations that a whole list of a type reports; of bindings see ``ACCESS``."""

_SECRET_TYPES: Final[Mapping[str, str]] = {
    "bootstrap.kubernetes.io/token": "token",
    "kubernetes.io/basic-auth": "password",
    "kubernetes.io/dockercfg": "password",
    "kubernetes.io/dockerconfigjson": "password",
    "kubernetes.io/service-account-token": "token",
    "kubernetes.io/ssh-auth": "private_key",
    "kubernetes.io/tls": "private_key",
}
_REGION: Final = "topology.kubernetes.io/region"


@dataclass
class ScopeFacts:
    """What is said of one type's objects; ``skipped`` and ``problems`` are what is not.

    ``roles_missing`` counts bindings of which the role was not read.
    """

    facts: list[Fact]
    skipped: list[str]
    problems: list[tuple[KubeObject, Misshapen]]
    roles_missing: int = 0


def facts_of(
    sort: ResourceType, items: Sequence[KubeObject], cluster: Cluster, objects: Objects
) -> ScopeFacts:
    """Return what the objects of one type come to, knowing all that were read."""
    places = Places(cluster)
    found = ScopeFacts([], [], [])
    if sort in BINDINGS:
        _bindings(items, Grants(cluster, objects, places), found)
    else:
        workloads = Workloads(cluster, objects)
        for item in items:
            _object(item, workloads, places, cluster, found)
    if items:
        found.facts.extend(Fact(about, "") for about in places.facts())
    return found


def _object(
    item: KubeObject, workloads: Workloads, places: Places, cluster: Cluster, found: ScopeFacts
) -> None:
    if item.type in (PODS, *CONTROLLERS):
        skipped = workloads.why_skipped(item)
        if skipped is not None:
            found.skipped.append(skipped)
            return
        found.facts.extend(workloads.facts(item, places, found.skipped))
    elif item.type == NAMESPACES:
        places.namespace(item.name)
        found.facts.append(Fact(_namespace(item, cluster), item.position))
    elif item.type == NODES:
        found.facts.extend(_node(item, cluster, places))
    elif item.type == SERVICE_ACCOUNTS:
        found.facts.append(Fact(account_facts(item, cluster), item.position))
        uid = cluster.object_uid(item.type, item.namespace, item.name)
        found.facts.append(Fact(places.holding(uid, Kind.IDENTITY, item.type, item.namespace), item.position))
    elif item.type == SECRETS:
        found.facts.extend(_secret(item, cluster, places))


def _bindings(items: Sequence[KubeObject], grants: Grants, found: ScopeFacts) -> None:
    for item in items:
        try:
            grants.add(item)
        except FaultyObject as faulty:
            found.problems.append((faulty.item, faulty.fault))
    # Accounts without any binding are said here too: that they may do nothing is known as well.
    accounts = [item for item in grants.objects.values() if item.type == SERVICE_ACCOUNTS]
    found.facts.extend(Fact(account_facts(item, grants.cluster), item.position) for item in accounts)
    found.facts.extend(grants.facts())
    found.skipped.extend(grants.skipped)
    found.roles_missing = grants.missing_roles


def account_facts(item: KubeObject, cluster: Cluster) -> NodeFacts:
    """Return what there is to say of a service account."""
    return NodeFacts(
        cluster.object_uid(item.type, item.namespace, item.name),
        Kind.IDENTITY,
        type="service_account",
        name=item.name,
        properties={"namespace": item.namespace},
        external_ids=(
            cluster.object_id(item.type, item.namespace, item.name),
            *cluster.token_subjects(item.namespace, item.name),
        ),
    )


def _namespace(item: KubeObject, cluster: Cluster) -> NodeFacts:
    return NodeFacts(
        cluster.namespace_uid(item.name),
        Kind.ASSET,
        type="scope",
        name=item.name,
        properties={"scope_type": "namespace"},
        external_ids=(cluster.object_id(item.type, "", item.name),),
    )


def _node(item: KubeObject, cluster: Cluster, places: Places) -> Iterator[Fact]:
    uid = cluster.object_uid(item.type, "", item.name)
    region = item.labels.get(_REGION)
    facts = NodeFacts(
        uid,
        Kind.ASSET,
        type="compute",
        name=item.name,
        properties={"region": region} if region else {},
        external_ids=(cluster.object_id(item.type, "", item.name),),
    )
    yield Fact(facts, item.position)
    yield Fact(places.holding(uid, Kind.ASSET, item.type, ""), item.position)


def _secret(item: KubeObject, cluster: Cluster, places: Places) -> Iterator[Fact]:
    uid = cluster.object_uid(item.type, item.namespace, item.name)
    known = item.secret
    if known is None:
        return
    properties: dict[str, PropertyValue] = {"namespace": item.namespace}
    if known.type is not None:
        properties["secret_type"] = known.type
    if known.keys:
        properties["keys"] = known.keys
    if item.created is not None:
        properties["created"] = item.created
    if known.fingerprints:
        properties["fingerprints"] = known.fingerprints
    if len(known.fingerprints) == 1:
        properties["fingerprint"] = known.fingerprints[0]
    if known.key_ids:
        properties["key_ids"] = known.key_ids
    ids = [cluster.object_id(item.type, item.namespace, item.name)]
    if known.certificate is not None:
        ids.append(ExternalId("x509-sha256", known.certificate))
    facts = NodeFacts(
        uid,
        Kind.SECRET,
        type=_SECRET_TYPES.get(known.type or ""),
        name=item.name,
        properties=properties,
        external_ids=tuple(ids),
    )
    yield Fact(facts, item.position)
    yield Fact(places.holding(uid, Kind.SECRET, item.type, item.namespace), item.position)
    if known.account is not None and known.type == "kubernetes.io/service-account-token":
        account = cluster.object_uid(SERVICE_ACCOUNTS, item.namespace, known.account)
        yield Fact(EdgeFacts("AUTHENTICATES", uid, account), item.position)
