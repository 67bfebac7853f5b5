"""Who may do what with repositories: people, teams, apps; and who is asked about changes."""

import base64
from typing import Any

import pytest

from graph.model import Extent
from ingest.record import Skipped
from tests.ingest.sources.exports import KEYS, Export, edges, ids, nodes
from tests.ingest.sources.github.api import repository

ADA = KEYS.opaque_id("github.com/user/11")
BOT = KEYS.opaque_id("github.com/user/12")


def user(login: str = "ada", number: int = 11, type_: str = "User", **permissions: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"id": number, "login": login, "type": type_}
    return {**item, "permissions": permissions} if permissions else item


def team(slug: str = "risk", number: int = 21, parent: Any = None, **permissions: bool) -> dict[str, Any]:
    item = {"id": number, "slug": slug, "name": slug.title(), "parent": parent}
    return {**item, "permissions": permissions} if permissions else item


def app(*, selection: str = "all", suspended: str | None = None, **permissions: str) -> dict[str, Any]:
    return {
        "id": 31,
        "app_id": 41,
        "app_slug": "deployer",
        "repository_selection": selection,
        "suspended_at": suspended,
        "permissions": permissions,
    }


def test_members_and_owners_of_an_organisation(export: Export) -> None:
    base = {"id": 1, "login": "o", "default_repository_permission": "read"}
    export.put("orgs/o.json", base)
    export.put("orgs/o/members.json", [[user(), user("deploy[bot]", 12, "Bot")]])
    export.put("orgs/o/owners.json", [user()])
    found = export.records()
    assert edges(found) == {
        f"{ADA} MEMBER_OF members/o",
        f"{BOT} MEMBER_OF members/o",
        f"{ADA} CAN_ADMIN organisation/o",
        "members/o CAN_READ organisation/o/repositories",
    }
    said = nodes(found)
    assert (said[ADA].type, said[ADA].name, said[BOT].type) == ("person", "ada", "service_account")
    schemes = {(given.scheme, given.value) for given in ids(found)}
    assert {("github-login", "ada"), ("github-id", f"github.com/user/{ADA}")} <= schemes


def test_a_whole_list_names_all_members_and_says_nothing_of_what_else_they_are_in(export: Export) -> None:
    export.put("orgs/o/teams/risk/members.json", [user()])
    assert nodes(export.records())["o/risk"].coverage == {"MEMBER_OF": Extent.COMPLETE}
    assert nodes(export.records(complete=False))["o/risk"].coverage == {}
    assert nodes(export.records())[ADA].coverage == {}


def test_teams_have_what_their_parents_were_given(export: Export) -> None:
    export.put("orgs/o/teams.json", [team(), team("pricing", 22, team())])
    export.put(
        "orgs/o/teams/risk/repos.json", [{**repository(), "permissions": {"pull": True, "push": True}}]
    )
    export.put("repos/o/r/teams.json", [team("pricing", 22, admin=True, push=True, pull=True)])
    found = export.records()
    assert edges(found) == {
        "o/pricing MEMBER_OF o/risk",
        "o/risk CAN_READ https://github.com/o/r",
        "o/risk CAN_WRITE https://github.com/o/r",
        "o/pricing CAN_ADMIN https://github.com/o/r",
    }
    assert nodes(found)["o/pricing"].name == "Pricing"


@pytest.mark.parametrize(
    ("permissions", "relations"),
    [
        ({"pull": True}, {"CAN_READ"}),
        ({"pull": True, "triage": True}, {"CAN_READ"}),
        ({"pull": True, "push": True}, {"CAN_READ", "CAN_WRITE"}),
        ({"maintain": True}, {"CAN_READ", "CAN_WRITE"}),
        ({"admin": True, "push": True, "pull": True}, {"CAN_ADMIN"}),
        ({"pull": False}, set()),
    ],
)
def test_collaborators(export: Export, permissions: Any, relations: set[str]) -> None:
    export.put("repos/o/r/collaborators.json", [user(**permissions)])
    assert {edge.split()[1] for edge in edges(export.records())} == relations


def test_nobody_changes_what_is_archived(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository(archived=True)])
    export.put("repos/o/r/collaborators.json", [user(push=True)])
    assert {
        f"{ADA} CAN_READ https://github.com/o/r",
        f"{ADA} CAN_WRITE https://github.com/o/r ? the repository is no longer archived",
    } <= edges(export.records())


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        (app(contents="write", metadata="read"), {"CAN_READ": "", "CAN_WRITE": ""}),
        (app(administration="write"), {"CAN_ADMIN": ""}),
        (app(selection="selected", contents="read"), {"CAN_READ": "the app is given the repository"}),
        (
            app(suspended="2026-01-01T00:00:00Z", contents="read"),
            {"CAN_READ": "the app is no longer suspended"},
        ),
        (app(issues="write"), {}),
    ],
)
def test_apps(export: Export, installed: Any, expected: dict[str, str]) -> None:
    export.put("orgs/o/installations.json", {"total_count": 1, "installations": [installed]})
    found = export.records()
    said = {edge.split()[1]: edge.partition(" ? ")[2] for edge in edges(found)}
    assert said == expected
    assert nodes(found)["installation/31"].type == "oauth_app"


def test_an_app_that_administers_the_organisation(export: Export) -> None:
    installed = app(organization_administration="write")
    export.put("orgs/o/installations.json", {"total_count": 1, "installations": [installed]})
    assert edges(export.records()) == {"installation/31 CAN_ADMIN organisation/o"}


def test_codeowners_as_the_api_hands_it_out(export: Export) -> None:
    text = "# who is asked\n*  @o/risk\n/docs/ ada@example.org\n/gone/\n"
    body = {"path": ".github/CODEOWNERS", "encoding": "base64", "content": _lines_of_base64(text)}
    export.put("repos/o/r/contents/CODEOWNERS.json", body)
    found = export.records()
    assert {edge.partition(" ")[2] for edge in edges(found)} == {"OWNS https://github.com/o/r [steward]"}
    assert "o/risk OWNS https://github.com/o/r [steward]" in edges(found)
    assert [r.what for r in found if isinstance(r, Skipped)] == ["a pattern that takes owners away"]


def test_of_variables_the_names_are_kept(export: Export) -> None:
    given = {"total_count": 1, "variables": [{"name": "REGION", "value": "eu-west-1"}]}
    export.put("orgs/o/actions/variables.json", given)
    export.put("repos/o/r/actions/variables.json", given)
    export.put("repos/o/r/environments/e/variables.json", given)
    said = nodes(export.records())
    assert said["organisation/o"].properties == {"variables_of_organisation": ("REGION",)}
    assert said["pipeline/o/r"].properties == {"variables_of_repository": ("REGION",)}
    assert said["pipeline/o/r/e"].properties == {"variables_of_environment": ("REGION",)}


def _lines_of_base64(text: str) -> str:
    packed = base64.b64encode(text.encode()).decode()
    return "\n".join(packed[i : i + 60] for i in range(0, len(packed), 60)) + "\n"
