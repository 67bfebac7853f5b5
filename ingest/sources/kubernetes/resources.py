"""The resource types of the Kubernetes API: their groups, plurals, and whether they stand in a namespace.

Only the built-in ones that people grant rights on; any other is taken as it is named.
Source: Kubernetes API reference, v1.34.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

RBAC: Final = "rbac.authorization.k8s.io"


@dataclass(frozen=True, slots=True, order=True)
class ResourceType:
    """A type of object: its API group, the plural that rules name, and the kind that objects bear.

    ``plural`` may hold a subresource (``pods/log``).
    """

    group: str
    plural: str
    kind: str
    namespaced: bool

    @property
    def name(self) -> str:
        """Return the type as people write it.

        >>> ResourceType("apps", "deployments", "Deployment", True).name
        'deployments.apps'
        """
        return f"{self.plural}.{self.group}" if self.group else self.plural


_IN_NAMESPACES: Final = {
    "": (
        "Pod Secret ConfigMap ServiceAccount Service Event PersistentVolumeClaim LimitRange ResourceQuota "
        "PodTemplate ReplicationController Endpoints:endpoints"
    ),
    "apps": "Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision",
    "batch": "Job CronJob",
    RBAC: "Role RoleBinding",
    "networking.k8s.io": "Ingress:ingresses NetworkPolicy:networkpolicies",
    "autoscaling": "HorizontalPodAutoscaler",
    "policy": "PodDisruptionBudget",
    "coordination.k8s.io": "Lease",
    "discovery.k8s.io": "EndpointSlice",
    "events.k8s.io": "Event",
}
_IN_CLUSTER: Final = {
    "": "Namespace Node PersistentVolume User Group",
    RBAC: "ClusterRole ClusterRoleBinding",
    "storage.k8s.io": "StorageClass:storageclasses VolumeAttachment CSIDriver CSINode",
    "networking.k8s.io": "IngressClass:ingressclasses",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "certificates.k8s.io": "CertificateSigningRequest",
    "scheduling.k8s.io": "PriorityClass:priorityclasses",
}


def _types() -> tuple[ResourceType, ...]:
    found: list[ResourceType] = []
    for table, namespaced in ((_IN_NAMESPACES, True), (_IN_CLUSTER, False)):
        for group, kinds in table.items():
            for entry in kinds.split():
                kind, _, plural = entry.partition(":")
                found.append(ResourceType(group, plural or f"{kind.lower()}s", kind, namespaced))
    return tuple(sorted(found))


TYPES: Final = _types()
BY_KIND: Final[Mapping[tuple[str, str], ResourceType]] = MappingProxyType(
    {(t.group, t.kind): t for t in TYPES}
)
GROUPS: Final = tuple(sorted({t.group for t in TYPES}))

PODS: Final = BY_KIND["", "Pod"]
SECRETS: Final = BY_KIND["", "Secret"]
JOBS: Final = BY_KIND["batch", "Job"]
SERVICE_ACCOUNTS: Final = BY_KIND["", "ServiceAccount"]
NAMESPACES: Final = BY_KIND["", "Namespace"]
NODES: Final = BY_KIND["", "Node"]
USERS: Final = BY_KIND["", "User"]
SUBJECT_GROUPS: Final = BY_KIND["", "Group"]
ROLES: Final = BY_KIND[RBAC, "Role"]
CLUSTER_ROLES: Final = BY_KIND[RBAC, "ClusterRole"]
ROLE_BINDINGS: Final = BY_KIND[RBAC, "RoleBinding"]
CLUSTER_ROLE_BINDINGS: Final = BY_KIND[RBAC, "ClusterRoleBinding"]

CONTROLLERS: Final = tuple(
    BY_KIND[key]
    for key in (
        ("", "ReplicationController"),
        ("apps", "DaemonSet"),
        ("apps", "Deployment"),
        ("apps", "ReplicaSet"),
        ("apps", "StatefulSet"),
        ("batch", "CronJob"),
        ("batch", "Job"),
    )
)
"""Types whose objects make pods."""

WORKLOADS: Final = (PODS, *CONTROLLERS)
MAPPED: Final = (
    NAMESPACES,
    NODES,
    SERVICE_ACCOUNTS,
    SECRETS,
    *WORKLOADS,
    ROLES,
    CLUSTER_ROLES,
    ROLE_BINDINGS,
    CLUSTER_ROLE_BINDINGS,
)
"""The types of which objects are read, in the order in which their scopes are."""


def subresource(parent: ResourceType, name: str) -> ResourceType:
    """Return the type of a part of objects that rules name apart, such as ``pods/log``."""
    return ResourceType(parent.group, f"{parent.plural}/{name}", parent.kind, parent.namespaced)
