"""What a pod's specification says it is given: an account, secrets, images, and power over its host.

The same for a pod and for the template of whatever makes pods. Values of environment
variables are never looked at, only where they come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ingest.redaction import Json
from ingest.shapes import JsonObject

_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_HOST_CAPABILITIES: Final = frozenset(
    {"ALL", "BPF", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE"}
)
_HOST_PATHS: Final = ("/etc", "/proc", "/root", "/run", "/sys", "/var/lib/kubelet", "/var/run")
"""Parts of the host that let whoever mounts them become its administrator."""

_DRIVER_SECRETS: Final = frozenset({"nodePublishSecretRef", "secretName", "secretRef"})
"""What volumes name the secrets by with which a node mounts them."""


@dataclass(frozen=True, slots=True)
class SecretUse:
    """That a secret's value is handed in; ``optional`` where the pod starts without it."""

    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Container:
    """A container's name and image."""

    name: str
    image: str


@dataclass(frozen=True, slots=True)
class PodSpec:
    """What a pod is given. ``token_mounted`` is None where the specification leaves it open.

    ``host_access`` lists, in words, what lets it break out to its host; ``of_its_node``
    what its node is given for it, and it is not.
    """

    service_account: str
    token_mounted: bool | None
    node: str | None
    secrets: tuple[SecretUse, ...]
    containers: tuple[Container, ...]
    host_access: tuple[str, ...]
    of_its_node: tuple[str, ...]


def pod_spec(spec: JsonObject) -> PodSpec:
    """Return what a specification says; what has another shape than the API gives it counts as absent."""
    containers = [c for key in _CONTAINERS for c in _objects(spec.get(key))]
    uses: dict[str, bool] = {}
    for use in (*_from_containers(containers), *_from_volumes(spec)):
        uses[use.name] = uses.get(use.name, True) and use.optional
    mounted = spec.get("automountServiceAccountToken")
    return PodSpec(
        service_account=_text(spec, "serviceAccountName") or _text(spec, "serviceAccount") or "default",
        token_mounted=True if _has_token_volume(spec) else mounted if isinstance(mounted, bool) else None,
        node=_text(spec, "nodeName"),
        secrets=tuple(SecretUse(name, uses[name]) for name in sorted(uses)),
        containers=tuple(_images(containers)),
        host_access=tuple(sorted(_host_access(spec, containers))),
        of_its_node=tuple(_of_its_node(spec)),
    )


def _from_containers(containers: list[JsonObject]) -> Iterator[SecretUse]:
    for container in containers:
        for source in _objects(container.get("envFrom")):
            yield from _use(source.get("secretRef"), "name")
        for variable in _objects(container.get("env")):
            value_from = variable.get("valueFrom")
            if isinstance(value_from, dict):
                yield from _use(value_from.get("secretKeyRef"), "name")


def _from_volumes(spec: JsonObject) -> Iterator[SecretUse]:
    for volume in _objects(spec.get("volumes")):
        yield from _use(volume.get("secret"), "secretName")
        projected = volume.get("projected")
        for source in _objects(projected.get("sources")) if isinstance(projected, dict) else ():
            yield from _use(source.get("secret"), "name")


def _use(reference: Json, key: str) -> Iterator[SecretUse]:
    if isinstance(reference, dict) and (name := _text(reference, key)):
        yield SecretUse(name, reference.get("optional") is True)


def _of_its_node(spec: JsonObject) -> Iterator[str]:
    yield from ("image pull secret" for _ in _objects(spec.get("imagePullSecrets")))
    for volume in _objects(spec.get("volumes")):
        for key, driver in volume.items():
            if key != "secret" and isinstance(driver, dict) and not _DRIVER_SECRETS.isdisjoint(driver):
                yield "secret of a volume driver"


def _has_token_volume(spec: JsonObject) -> bool:
    """Return whether a token of the account is projected into the pod by name."""
    for volume in _objects(spec.get("volumes")):
        projected = volume.get("projected")
        sources = _objects(projected.get("sources")) if isinstance(projected, dict) else []
        if any("serviceAccountToken" in source for source in sources):
            return True
    return False


def _images(containers: list[JsonObject]) -> Iterator[Container]:
    for container in containers:
        if image := _text(container, "image"):
            yield Container(_text(container, "name") or "", image)


def _host_access(spec: JsonObject, containers: list[JsonObject]) -> Iterator[str]:
    if spec.get("hostPID") is True:
        yield "hostPID"
    if spec.get("hostIPC") is True:
        yield "hostIPC"
    for container in containers:
        security = container.get("securityContext")
        if isinstance(security, dict):
            yield from _from_security_context(security)
    for volume in _objects(spec.get("volumes")):
        host_path = volume.get("hostPath")
        if isinstance(host_path, dict) and _is_powerful(_text(host_path, "path") or ""):
            yield "hostPath"


def _from_security_context(security: JsonObject) -> Iterator[str]:
    if security.get("privileged") is True:
        yield "privileged"
    capabilities = security.get("capabilities")
    added = capabilities.get("add") if isinstance(capabilities, dict) else None
    for name in added if isinstance(added, list) else ():
        if isinstance(name, str) and name.upper().removeprefix("CAP_") in _HOST_CAPABILITIES:
            yield f"capability {name.upper().removeprefix('CAP_')}"


def _is_powerful(path: str) -> bool:
    whole = path.rstrip("/")
    return not whole or any(whole == p or whole.startswith(f"{p}/") for p in _HOST_PATHS)


def _objects(value: Json) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(item: JsonObject, key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) and value else None
