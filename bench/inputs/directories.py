"""People: a register, a SCIM server's pages, the answers of Microsoft Graph, a graph of BloodHound."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from bench.inputs.writing import TEAMS, Json, guid, pages, write_json

TENANT: Final = "7f3b2c64-9d1e-4a58-8c07-5e6f10a2b3c4"

_GRAPH: Final = "https://graph.microsoft.com/v1.0"
_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0"
_LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_EXPANDED: Final = 18
"""How many members a group shows; from 20 on there may be more, and the list is not whole."""


def write_people(folder: Path, count: int) -> None:
    """Write a register of people in teams."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("kind", "id", "name", "email", "status", "suspended_at", "departed_at", "teams"))
        rows.writerows(("team", f"team-{n}", f"Team {n}", "", "", "", "", "") for n in range(TEAMS))
        for n in range(count):
            departed = "2026-09-30" if n % 11 == 0 else ""
            status = "departed" if departed else "active"
            teams = f"team-{n % TEAMS}; team-{n * 7 % TEAMS}"
            rows.writerow(("person", f"p-{n}", f"Person {n}", _address(n), status, "", departed, teams))


def write_scim(folder: Path, count: int) -> None:
    """Write the pages of users, and one of groups."""
    users = [_scim_user(n) for n in range(count)]
    for number, page in enumerate(pages(users, 500)):
        write_json(folder / f"users-{number:05}.json", _scim_page(page, 1 + 500 * number, count))
    groups = [_scim_group(n, count) for n in range(TEAMS)]
    write_json(folder / "groups.json", _scim_page(groups, 1, len(groups)))


def write_entra(folder: Path, count: int) -> None:
    """Write lists of a tenant: of eight records six are users, one an application, one its principal."""
    applications = max(1, count // 8)
    users = max(1, count - 2 * applications)
    _graph_list(folder, "organization", [{"id": TENANT, "displayName": "Fairbank"}])
    _graph_list(folder, "users", [_entra_user(n) for n in range(users)])
    _graph_list(folder, "groups", [_entra_group(n, users) for n in range(max(1, users // 20))])
    _graph_list(folder, "applications", [_application(n, users) for n in range(applications)])
    _graph_list(folder, "servicePrincipals", [_principal(n) for n in range(applications)])


def write_opengraph(folder: Path, count: int) -> None:
    """Write a payload of BloodHound OpenGraph: users in groups."""
    groups = [_vertex(f"S-1-5-21-1-{n}", "Group", f"GROUP-{n}") for n in range(TEAMS)]
    users = [_vertex(f"S-1-5-21-2-{n}", "User", f"PERSON-{n}") for n in range(count)]
    edges = [
        {
            "kind": "MemberOf",
            "start": {"match_by": "id", "value": f"S-1-5-21-2-{n}"},
            "end": {"match_by": "id", "value": f"S-1-5-21-1-{n % TEAMS}"},
        }
        for n in range(count)
    ]
    body = {"metadata": {"source_kind": "Base"}, "graph": {"nodes": [*groups, *users], "edges": edges}}
    write_json(folder / "payload.json", body)


def _vertex(identifier: str, kind: str, name: str) -> Json:
    properties = {"name": f"{name}@FAIRBANK.EXAMPLE", "enabled": True}
    return {"id": identifier, "kinds": [kind, "Base"], "properties": properties}


def _address(number: int) -> str:
    return f"person.{number}@fairbank.example"


def _scim_user(number: int) -> Json:
    return {
        "schemas": [f"{_CORE}:User", _ENTERPRISE],
        "id": guid(f"user {number}"),
        "userName": f"person.{number}",
        "name": {"formatted": f"Person {number}", "familyName": f"{number}", "givenName": "Person"},
        "displayName": f"Person {number}",
        "title": "Analyst",
        "active": number % 11 != 0,
        "emails": [{"value": _address(number), "type": "work", "primary": True}],
        _ENTERPRISE: {"employeeNumber": f"{70_000 + number}", "department": f"Department {number % TEAMS}"},
        "meta": {"resourceType": "User", "created": "2024-03-01T08:00:00Z"},
    }


def _scim_group(number: int, users: int) -> Json:
    members = [{"value": guid(f"user {n}"), "type": "User"} for n in range(number, users, TEAMS)]
    return {
        "schemas": [f"{_CORE}:Group"],
        "id": guid(f"group {number}"),
        "displayName": f"Team {number}",
        "members": members,
        "meta": {"resourceType": "Group"},
    }


def _scim_page(resources: list[Json], start: int, total: int) -> Json:
    return {
        "schemas": [_LIST],
        "totalResults": total,
        "itemsPerPage": len(resources),
        "startIndex": start,
        "Resources": resources,
    }


def _graph_list(folder: Path, name: str, values: list[Json]) -> None:
    write_json(folder / f"{name}.json", {"@odata.context": f"{_GRAPH}/$metadata#{name}", "value": values})


def _entra_user(number: int) -> Json:
    return {
        "id": guid(f"user {number}"),
        "displayName": f"Person {number}",
        "userPrincipalName": _address(number),
        "mail": _address(number),
        "accountEnabled": number % 11 != 0,
        "userType": "Member",
        "jobTitle": "Analyst",
    }


def _entra_group(number: int, users: int) -> Json:
    members = {(number * _EXPANDED + n) % users for n in range(_EXPANDED)}
    return {
        "id": guid(f"group {number}"),
        "displayName": f"Group {number}",
        "securityEnabled": True,
        "mailEnabled": False,
        "members": [_reference(f"user {n}", "user") for n in sorted(members)],
    }


def _reference(of: str, sort: str) -> Json:
    return {"@odata.type": f"#microsoft.graph.{sort}", "id": guid(of)}


def _application(number: int, users: int) -> Json:
    key = {
        "keyId": guid(f"key {number}"),
        "displayName": "deployment",
        "hint": "abc",
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2027-01-01T00:00:00Z",
    }
    return {
        "id": guid(f"application {number}"),
        "appId": guid(f"client {number}"),
        "displayName": f"Application {number}",
        "signInAudience": "AzureADMyOrg",
        "passwordCredentials": [key],
        "keyCredentials": [],
        "owners": [_reference(f"user {number % users}", "user")],
    }


def _principal(number: int) -> Json:
    return {
        "id": guid(f"principal {number}"),
        "appId": guid(f"client {number}"),
        "displayName": f"Application {number}",
        "servicePrincipalType": "Application",
        "accountEnabled": True,
    }
