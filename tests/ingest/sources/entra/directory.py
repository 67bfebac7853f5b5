"""A short way to write answers of Microsoft Graph, to read them, and to read the graph that they make.

Shapes are those of the v1.0 reference (users, groups, applications, service principals, federated
identity credentials, unified role assignments, application role assignments). In expectations an
object goes by its display name, all objects of a type by ``#type``, the tenant by ``tenant``.
"""

import json
from pathlib import Path
from typing import Any

from graph.model import Instant, Node
from ingest.report import RunReport
from ingest.sources.entra import SOURCE
from ingest.sources.entra.names import Tenant
from ingest.uids import address_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

Json = dict[str, Any]
TENANT = "7f3b2c64-9d1e-4a58-8c07-5e6f10a2b3c4"
GRAPH = "https://graph.microsoft.com/v1.0"
NAMES = Tenant(TENANT, FINGERPRINTS)
GITHUB = "https://token.actions.githubusercontent.com"


def oid(number: int) -> str:
    """An object id that is told apart by its number."""
    return f"{number:08x}-1111-4222-8333-444444444444"


def answer(context: str, *values: Json, **more: Any) -> Json:
    return {"@odata.context": f"{GRAPH}/$metadata#{context}", **more, "value": list(values)}


def user(number: int, name: str, **fields: Any) -> Json:
    address = f"{name.lower()}@fairbank.example"
    made = {
        "id": oid(number),
        "displayName": name,
        "userPrincipalName": address,
        "mail": address,
        "accountEnabled": True,
    }
    return {**made, **fields}


def group(number: int, name: str, **fields: Any) -> Json:
    return {"id": oid(number), "displayName": name, "securityEnabled": True, "mailEnabled": False, **fields}


def application(number: int, name: str, client: int, **fields: Any) -> Json:
    made = {"id": oid(number), "appId": oid(client), "displayName": name, "signInAudience": "AzureADMyOrg"}
    return {**made, "passwordCredentials": [], "keyCredentials": [], **fields}


def principal(number: int, name: str, client: int, **fields: Any) -> Json:
    made = {
        "id": oid(number),
        "appId": oid(client),
        "displayName": name,
        "servicePrincipalType": "Application",
    }
    return {**made, "accountEnabled": True, **fields}


def directory_object(number: int, sort: str) -> Json:
    return {"@odata.type": f"#microsoft.graph.{sort}", "id": oid(number)}


def address(path: str) -> str:
    """A command of the Azure CLI that asks an address."""
    return f"az rest --method get --url '{GRAPH}/{path}'"


class Directory:
    """A ledger and a folder of answers."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.folder = folder
        self.labels: dict[str, str] = {NAMES.uid: "tenant"}

    def write(self, name: str, body: Any, command: str | None = None, on: int = 2) -> Path:
        """Write an answer; with a command, a sidecar that names it beside."""
        path = self.folder / name
        path.write_text(json.dumps(body), encoding="utf-8")
        if command is not None:
            sidecar = {
                "command": command,
                "filters": [],
                "scope": TENANT,
                "read_at": f"2026-01-{on:02}T00:00:00Z",
            }
            (self.folder / f"{name}.read.json").write_text(json.dumps(sidecar), encoding="utf-8")
        return path

    def read(self, *bodies: Any, on: int = 2, **options: Any) -> RunReport:
        """Read answers as whole lists of the tenant."""
        paths = [self.write(f"{number}.json", body) for number, body in enumerate(bodies)]
        options = {"scope": TENANT, "complete": True, "read_at": day(on), **options}
        return self.desk.run(*paths, source=SOURCE, **options)

    def run(self, *paths: Path, **options: Any) -> RunReport:
        return self.desk.run(*paths, source=SOURCE, **options)

    def nodes(self, on: int = 20) -> dict[str, Node]:
        """The nodes by their names; those without one by their uids."""
        at = self.desk.ledger.at(day(on))
        return {self.short(node): node for node in self.desk.ledger.all_nodes(at)}

    def edges(self, on: int = 20) -> set[str]:
        """The edges at a day, as sentences; a role in brackets, ``?`` after one that is only possible."""
        at = self.desk.ledger.at(day(on))
        named = {uid: self.short(node) for node in self.desk.ledger.all_nodes(at) for uid in node.members}
        found: set[str] = set()
        for edge in self.desk.ledger.all_edges(at):
            ends = [named.get(end.uid, end.uid) for end in (edge.subject, edge.object)]
            marks = f" [{','.join(sorted(edge.marks))}]" if edge.marks else ""
            doubt = " ?" if edge.certainty.value == "possible" else ""
            found.add(f"{ends[0]} {edge.relation} {ends[1]}{marks}{doubt}")
        return found

    def without_places(self, on: int = 20) -> set[str]:
        return {edge for edge in self.edges(on) if " WITHIN " not in edge}

    def short(self, node: Node) -> str:
        if node.uid == NAMES.uid:
            return "tenant"
        name = node.name or node.uid
        return name.replace("tenant#", "#")


def mailbox(name: str) -> str:
    return address_uid(f"{name.lower()}@fairbank.example", FINGERPRINTS)


__all__ = ["Instant"]
