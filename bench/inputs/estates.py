"""What runs and what it is given: a cluster's objects, a vault's secrets, roles and policies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.inputs.writing import TEAMS, Json, guid, hexadecimal, pages, write_json, write_text

_MADE: Final = "2026-03-02T09:00:00Z"
_RBAC: Final = "rbac.authorization.k8s.io/v1"
_CLUSTER: Final = "5c2e8a11-7b0d-4f3a-9e64-0d1f2a3b4c5d"


def write_kubernetes(folder: Path, count: int) -> None:
    """Write a cluster as one list: of six objects one each of the sorts of a workload and its rights."""
    items = [_namespace("kube-system"), *(_namespace(f"team-{n}") for n in range(TEAMS))]
    items += [_SORTS[n % len(_SORTS)](n // len(_SORTS)) for n in range(count)]
    listed = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": items}
    write_json(folder / "cluster.json", listed)


def write_vault(folder: Path, count: int) -> None:
    """Write a server's answers: secrets in folders of fifty, and for every ten a role with its policy."""
    write_json(folder / "status.json", {"version": "1.21.0", "sealed": False, "cluster_id": _CLUSTER})
    write_json(folder / "sys/mounts.json", {"kv/": _mount("kv", "2")})
    write_json(
        folder / "sys/auth.json", {m: _mount(m.strip("/"), None, "auth_") for m in ("token/", "kubernetes/")}
    )
    names = [{"name": f"secret-{n}"} for n in range(count)]
    folders = pages(names, 50)
    write_json(folder / "kv/metadata.json", [f"app-{n}/" for n in range(len(folders))])
    for n, page in enumerate(folders):
        write_json(folder / f"kv/metadata/app-{n}.json", [each["name"] for each in page])
        for each in page:
            write_json(folder / f"kv/metadata/app-{n}/{each['name']}.json", _answer(_METADATA))
    _write_roles(folder, max(1, count // 10), len(folders))


def _write_roles(folder: Path, count: int, folders: int) -> None:
    write_json(folder / "auth/kubernetes/role.json", [f"role-{n}" for n in range(count)])
    for n in range(count):
        role = {
            "bound_service_account_names": [f"service-{n}"],
            "bound_service_account_namespaces": [f"team-{n % TEAMS}"],
            "token_policies": [f"read-{n}"],
            "token_no_default_policy": True,
        }
        write_json(folder / f"auth/kubernetes/role/role-{n}.json", _answer(role))
        rule = f'path "kv/data/app-{n % folders}/*" {{ capabilities = ["read"] }}\n'
        write_text(folder / f"sys/policies/acl/read-{n}.hcl", rule)


_METADATA: Final[Json] = {
    "created_time": "2026-01-05T10:00:00Z",
    "updated_time": "2026-06-05T10:00:00Z",
    "current_version": 2,
    "versions": {
        "1": {"created_time": "2026-01-05T10:00:00Z", "deletion_time": "", "destroyed": False},
        "2": {"created_time": "2026-06-05T10:00:00Z", "deletion_time": "", "destroyed": False},
    },
    "custom_metadata": None,
}


def _mount(sort: str, version: str | None, prefix: str = "") -> Json:
    options = {"version": version} if version else None
    accessor = f"{prefix}{sort}_1"
    return {"type": sort, "accessor": accessor, "options": options, "config": {}, "description": ""}


def _answer(data: Json) -> Json:
    return {
        "request_id": guid("request"),
        "lease_id": "",
        "lease_duration": 0,
        "data": data,
        "warnings": None,
    }


def _object(api: str, kind: str, name: str, namespace: str | None = None, **body: object) -> Json:
    metadata: Json = {
        "name": name,
        "uid": guid(f"{kind} {name}"),
        "creationTimestamp": _MADE,
        "resourceVersion": hexadecimal(name, 6),
        "labels": {"app.kubernetes.io/name": name},
    }
    if namespace is not None:
        metadata["namespace"] = namespace
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **body}


def _namespace(name: str) -> Json:
    return _object("v1", "Namespace", name, status={"phase": "Active"})


def _team(number: int) -> str:
    return f"team-{number % TEAMS}"


def _account(number: int) -> Json:
    return _object("v1", "ServiceAccount", f"service-{number}", _team(number))


def _deployment(number: int) -> Json:
    return _object(
        "apps/v1",
        "Deployment",
        f"service-{number}",
        _team(number),
        spec={"replicas": 1, "template": {"spec": _pod_spec(number)}},
    )


def _pod(number: int) -> Json:
    digest = hexadecimal(f"image {number}", 64)
    status = {
        "name": "main",
        "image": f"registry.fairbank.example/service-{number}:1",
        "imageID": f"registry.fairbank.example/service-{number}@sha256:{digest}",
    }
    made = _object(
        "v1",
        "Pod",
        f"service-{number}-0",
        _team(number),
        spec={**_pod_spec(number), "nodeName": f"node-{number % 10}"},
        status={"phase": "Running", "containerStatuses": [status]},
    )
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": f"service-{number}",
        "uid": guid(f"Deployment service-{number}"),
        "controller": True,
    }
    made["metadata"]["ownerReferences"] = [owner]
    return made


def _pod_spec(number: int) -> Json:
    reference = {"secretKeyRef": {"name": f"database-{number}", "key": "password"}}
    container = {
        "name": "main",
        "image": f"registry.fairbank.example/service-{number}:1",
        "env": [{"name": "LOG_LEVEL", "value": "INFO"}, {"name": "DB_PASSWORD", "valueFrom": reference}],
    }
    return {"serviceAccountName": f"service-{number}", "containers": [container]}


def _secret(number: int) -> Json:
    # Base64 of a text that says what it is.
    data = {"password": "bm90IGEgcmVhbCBwYXNzd29yZA=="}
    return _object("v1", "Secret", f"database-{number}", _team(number), type="Opaque", data=data)


def _role(number: int) -> Json:
    rule = {
        "apiGroups": [""],
        "resources": ["secrets"],
        "verbs": ["get"],
        "resourceNames": [f"database-{number}"],
    }
    return _object(_RBAC, "Role", f"read-{number}", _team(number), rules=[rule])


def _binding(number: int) -> Json:
    subject = {"kind": "ServiceAccount", "name": f"service-{number}", "namespace": _team(number)}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": f"read-{number}"}
    return _object(
        _RBAC, "RoleBinding", f"read-{number}", _team(number), roleRef=reference, subjects=[subject]
    )


_SORTS: Final = (_account, _deployment, _pod, _secret, _role, _binding)
