"""A short way to write answers of a server under their paths, to read them, and to read the graph they make.

Shapes are those of the API documentation of Vault 1.21 and OpenBao 2.4 (system backend, identity, Kubernetes,
JWT and AppRole methods, key/value engine 2, tokens), in the envelope of ``-format=json``. In expectations a
node goes by its name, the server by ``vault``, the paths of a rule by ``vault#path``.
"""

import json
from pathlib import Path
from typing import Any

from graph.model import Node
from ingest.report import RunReport
from ingest.sources.vault import SOURCE
from tests.ingest.jobs import Desk
from tests.support.saying import day

Json = dict[str, Any]
CLUSTER = "5c2e8a11-7b0d-4f3a-9e64-0d1f2a3b4c5d"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/5B2E9C0D7A41F3B86D90E1C2A7F45D38"

STATUS: Json = {
    "type": "shamir",
    "initialized": True,
    "sealed": False,
    "version": "1.21.0",
    "cluster_name": "fairbank",
    "cluster_id": CLUSTER,
}


def mount(type_: str, accessor: str, version: str | None = None) -> Json:
    options = {"version": version} if version else None
    return {
        "uuid": "u",
        "type": type_,
        "accessor": accessor,
        "options": options,
        "description": "",
        "config": {},
    }


MOUNTS: Json = {
    "kv/": mount("kv", "kv_1", "2"),
    "old/": mount("kv", "kv_2", "1"),
    "database/": mount("database", "database_1"),
    "sys/": mount("system", "system_1"),
}
LOGINS: Json = {
    "token/": mount("token", "auth_token_1"),
    "kubernetes/": mount("kubernetes", "auth_kubernetes_1"),
    "jwt/": mount("jwt", "auth_jwt_1"),
    "approle/": mount("approle", "auth_approle_1"),
}


def answer(data: Json) -> Json:
    """The envelope around what is read."""
    return {
        "request_id": "r",
        "lease_id": "",
        "lease_duration": 0,
        "renewable": False,
        "data": data,
        "warnings": None,
    }


def role(*policies: str, **fields: Any) -> Json:
    return answer(
        {"token_policies": list(policies), "token_no_default_policy": True, "token_bound_cidrs": [], **fields}
    )


def trainer(*policies: str, **fields: Any) -> Json:
    """A role for the service account ``trainer`` of the namespace ``training``."""
    names = {"bound_service_account_names": ["trainer"], "bound_service_account_namespaces": ["training"]}
    return role(*policies, **{**names, **fields})


def policy(path: str, *capabilities: str) -> str:
    return f'path "{path}" {{ capabilities = {json.dumps(list(capabilities))} }}\n'


class Vault:
    """A ledger and a folder of answers, each under its path."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.folder = folder / "export"
        self.folder.mkdir()
        self.put("status", STATUS)
        self.put("sys/mounts", MOUNTS)
        self.put("sys/auth", LOGINS)

    def put(self, path: str, body: Any, command: str | None = None) -> None:
        """Write an answer under its path; a policy as HCL. With a command, a sidecar beside it."""
        is_policy = isinstance(body, str)
        file = self.folder / f"{path}.{'hcl' if is_policy else 'json'}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body if is_policy else json.dumps(body), encoding="utf-8")
        if command is not None:
            sidecar = {
                "command": command,
                "filters": [],
                "scope": "fairbank",
                "read_at": "2026-01-02T00:00:00Z",
            }
            Path(f"{file}.read.json").write_text(json.dumps(sidecar), encoding="utf-8")

    def policy(self, name: str, text: str) -> None:
        self.put(f"sys/policies/acl/{name}", text)

    def secrets(self, *names: str) -> None:
        """Put secrets into the mount kv/, with the list that shows them."""
        self.put("kv/metadata", list(names))

    def read(self, on: int = 2, **options: Any) -> RunReport:
        options = {"complete": True, "read_at": day(on), **options}
        return self.desk.run(self.folder, source=SOURCE, **options)

    def nodes(self, on: int = 20) -> dict[str, Node]:
        at = self.desk.ledger.at(day(on))
        return {self.short(node): node for node in self.desk.ledger.all_nodes(at)}

    def edges(self, on: int = 20) -> set[str]:
        """The edges at a day, as sentences; ``?`` after one that is only possible."""
        at = self.desk.ledger.at(day(on))
        named = {node.uid: self.short(node) for node in self.desk.ledger.all_nodes(at)}
        found: set[str] = set()
        for edge in self.desk.ledger.all_edges(at):
            ends = [named.get(end.uid, end.uid) for end in (edge.subject, edge.object)]
            marks = f" [{','.join(sorted(edge.marks))}]" if edge.marks else ""
            doubt = " ?" if edge.certainty.value == "possible" else ""
            found.add(f"{ends[0]} {edge.relation} {ends[1]}{marks}{doubt}")
        return found

    def rights(self, on: int = 20) -> set[str]:
        return {
            edge
            for edge in self.edges(on)
            if " CAN_READ " in edge or " CAN_WRITE " in edge or " CAN_ADMIN " in edge
        }

    def listed(self, on: int = 20) -> set[str]:
        return {edge for edge in self.edges(on) if "[listed]" in edge}

    def short(self, node: Node) -> str:
        if node.name == "fairbank":
            return "vault"
        access = str(node.properties["resource_type"].value) if "resource_type" in node.properties else ""
        sort = f" ({access.rpartition(' ')[2]})" if access else ""
        return f"{node.name or node.uid}{sort}"
