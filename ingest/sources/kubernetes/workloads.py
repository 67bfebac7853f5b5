"""Workloads as facts: pods and what makes them, folded to the top, with what they run as and are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject
from ingest.sources.kubernetes.names import Cluster, digest_uid, image_uid
from ingest.sources.kubernetes.objects import KubeObject, Owner
from ingest.sources.kubernetes.places import Places
from ingest.sources.kubernetes.podspecs import Container, PodSpec, pod_spec
from ingest.sources.kubernetes.resources import (
    BY_KIND,
    CONTROLLERS,
    JOBS,
    NODES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
)

NO_TOKEN: Final = "no token of the account is mounted"  # noqa: S105 - words, not a token
"""The condition under which a workload does not act as its account after all."""

_FINISHED: Final = frozenset({"Succeeded", "Failed"})
_OVER: Final = frozenset({"Complete", "Failed"})
_LONGEST_CHAIN: Final = 8  # real ones have two links; a circle must end
_HASH_LABEL: Final = "pod-template-hash"

Objects = Mapping[tuple[str, str, str, str], KubeObject]
"""All objects that were read, by group, kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Workloads:
    """Makes facts of workloads, knowing all objects that were read."""

    cluster: Cluster
    objects: Objects

    def facts(self, item: KubeObject, places: Places, skipped: list[str]) -> Iterator[Fact]:
        """Yield what there is to say of a workload; what is left out goes to ``skipped``."""
        spec = pod_spec(_template(item))
        skipped.extend(spec.of_its_node)
        uid = self.cluster.object_uid(item.type, item.namespace, item.name)
        yield Fact(self._description(item, uid), item.position)
        for about in (
            places.holding(uid, Kind.ASSET, item.type, item.namespace),
            *self._secrets(uid, item, spec),
            *self._images(uid, item, spec),
        ):
            yield Fact(about, item.position)
        yield self._runs_as(uid, item, spec)
        if item.type == PODS:
            yield from self._of_a_pod(uid, item, spec)

    def why_skipped(self, item: KubeObject) -> str | None:
        """Return why a workload is left out, in words; None where it is not."""
        if _has_finished(item):
            return "finished pod" if item.type == PODS else f"finished {item.type.kind}"
        if item.type != PODS and _controller(item) is not None:
            return f"{item.type.kind} folded into its controller"
        return None

    def _description(self, item: KubeObject, uid: Uid) -> NodeFacts:
        properties: dict[str, PropertyValue] = {
            "namespace": item.namespace,
            "workload_type": item.type.kind,
        }
        if item.type == PODS:
            properties["ephemeral"] = True
        return NodeFacts(
            uid,
            Kind.ASSET,
            type="workload",
            name=item.name,
            properties=properties,
            external_ids=(self.cluster.object_id(item.type, item.namespace, item.name),),
        )

    def _secrets(self, uid: Uid, item: KubeObject, spec: PodSpec) -> Iterator[EdgeFacts]:
        for use in spec.secrets:
            secret = self.cluster.object_uid(SECRETS, item.namespace, use.name)
            yield EdgeFacts("USES_SECRET", uid, secret, frozenset({"optional"} if use.optional else ()))

    def _runs_as(self, uid: Uid, item: KubeObject, spec: PodSpec) -> Fact:
        account = self.cluster.object_uid(SERVICE_ACCOUNTS, item.namespace, spec.service_account)
        about = EdgeFacts("RUNS_AS", uid, account)
        if self._has_token(item, spec):
            return Fact(about, item.position)
        return Fact(about, item.position, Certainty.POSSIBLE, NO_TOKEN)

    def _has_token(self, item: KubeObject, spec: PodSpec) -> bool:
        """Return whether a token is in the pod, as it is unless the pod or the account says otherwise."""
        if spec.token_mounted is not None:
            return spec.token_mounted
        account = self.objects.get(("", "ServiceAccount", item.namespace, spec.service_account))
        return account is None or account.body.get("automountServiceAccountToken") is not False

    def _images(self, uid: Uid, item: KubeObject, spec: PodSpec) -> Iterator[NodeFacts | EdgeFacts]:
        digests = _digests(item)
        seen: set[Uid] = set()
        for container in spec.containers:
            digest = _digest_in(container.image) or digests.get(container.name)
            image, facts = _image_facts(container, digest)
            if image not in seen:
                seen.add(image)
                yield from facts
                yield EdgeFacts("BUILT_FROM", uid, image)

    def _of_a_pod(self, uid: Uid, item: KubeObject, spec: PodSpec) -> Iterator[Fact]:
        if spec.node is not None:
            node = self.cluster.object_uid(NODES, "", spec.node)
            properties: dict[str, PropertyValue] = (
                {"privileged_by": spec.host_access} if spec.host_access else {}
            )
            marks = frozenset({"privileged"} if spec.host_access else ())
            yield Fact(EdgeFacts("RUNS_ON", uid, node, marks, properties=properties), item.position)
        controller = self.controller_of(item)
        if controller is not None:
            edge = EdgeFacts("PART_OF", uid, controller, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)
            yield Fact(edge, item.position)

    def controller_of(self, item: KubeObject) -> Uid | None:
        """Return the controller at the top of an object's owners; None for one that stands alone."""
        owner, current, steps = _controller(item), item, 0
        while owner is not None:
            above = self.objects.get((owner.group, owner.kind, item.namespace, owner.name))
            next_owner = None if above is None else _controller(above)
            steps += 1
            if above is None or next_owner is None or steps > _LONGEST_CHAIN:
                return self._owner_uid(owner, current, above)
            owner, current = next_owner, above
        return None

    def _owner_uid(self, owner: Owner, owned: KubeObject, found: KubeObject | None) -> Uid:
        """Return an owner's uid; a ReplicaSet that was not read stands for the Deployment that names it."""
        sort = BY_KIND[owner.group, owner.kind]
        suffix = f"-{owned.labels.get(_HASH_LABEL, '')}"
        if found is None and owner.kind == "ReplicaSet" and len(suffix) > 1 and owner.name.endswith(suffix):
            name = owner.name.removesuffix(suffix)
            return self.cluster.object_uid(BY_KIND["apps", "Deployment"], owned.namespace, name)
        return self.cluster.object_uid(sort, owned.namespace, owner.name)


def _has_finished(item: KubeObject) -> bool:
    """Return whether a pod or a Job is over; nothing else ever is."""
    status = item.body.get("status")
    if not isinstance(status, dict):
        return False
    if item.type == PODS:
        return status.get("phase") in _FINISHED
    conditions = status.get("conditions")
    return item.type == JOBS and any(
        isinstance(condition, dict) and condition.get("type") in _OVER and condition.get("status") == "True"
        for condition in (conditions if isinstance(conditions, list) else ())
    )


def _controller(item: KubeObject) -> Owner | None:
    """Return the owner that makes pods; whatever else owns an object is not what runs."""
    owner = item.owner
    if owner is None or BY_KIND.get((owner.group, owner.kind)) not in CONTROLLERS:
        return None
    return owner


def _template(item: KubeObject) -> JsonObject:
    """Return the pod specification in an object; empty where there is none."""
    path = (
        ("jobTemplate", "spec", "template", "spec") if item.type.kind == "CronJob" else ("template", "spec")
    )
    current = item.body.get("spec")
    for key in () if item.type == PODS else path:
        current = current.get(key) if isinstance(current, dict) else None
    return current if isinstance(current, dict) else {}


def _digests(item: KubeObject) -> dict[str, str]:
    """Return the digest of the image that each container of a pod really runs."""
    status = item.body.get("status")
    if item.type != PODS or not isinstance(status, dict):
        return {}
    found: dict[str, str] = {}
    for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        entries = status.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                name, image = entry.get("name"), entry.get("imageID")
                digest = _digest_in(image) if isinstance(image, str) else None
                if isinstance(name, str) and digest is not None:
                    found[name] = digest
    return found


def _digest_in(reference: str) -> str | None:
    """Return the digest behind an ``@``; one that stands alone is of a configuration, not of an image."""
    _, at, digest = reference.rpartition("@")
    return digest if at and digest.startswith("sha256:") else None


def _image_facts(container: Container, digest: str | None) -> tuple[Uid, Sequence[NodeFacts | EdgeFacts]]:
    """Return the image that a container is built from, and what there is to say of it."""
    named = image_uid(container.image)
    by_name = NodeFacts(named, Kind.ASSET, type="container_image", name=container.image)
    if digest is None:
        return named, (by_name,)
    uid = digest_uid(digest)
    repository = container.image.partition("@")[0]
    by_digest = NodeFacts(
        uid,
        Kind.ASSET,
        type="container_image",
        name=repository,
        properties={"digest": digest},
        external_ids=(ExternalId("oci-digest", digest),),
    )
    if "@" in container.image:
        return uid, (by_digest,)
    version = EdgeFacts("VERSION_OF", uid, named, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)
    return uid, (by_digest, by_name, version)
