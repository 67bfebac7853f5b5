"""Of which list and tenant a file is, when it is whole, and what a whole one ends and covers."""

import pytest

from ingest.shapes import Misshapen
from ingest.sources.entra.addresses import asked_by_address, asked_by_command, asked_by_context
from tests.ingest.sources.entra.directory import (
    GRAPH,
    NAMES,
    TENANT,
    Directory,
    address,
    answer,
    directory_object,
    group,
    oid,
    user,
)
from tests.support.saying import day

ADA, BEN = user(1, "Ada"), user(2, "Ben")
MEMBER = {"@odata.type": "#microsoft.graph.user", **ADA}
SECOND = f"{GRAPH}/users?$top=1&$skiptoken=m~Ab"


def people(directory: Directory) -> set[str]:
    return {name for name, node in directory.nodes().items() if node.type == "person"}


@pytest.mark.parametrize(
    ("command", "resource", "owner", "partial"),
    [
        (address("users?$select=id&$top=999"), "users", None, None),
        (address("users?$filter=accountEnabled eq true"), "users", None, "its address selects objects"),
        (address("groups/A1/members"), "groups/members", "A1", None),
        (
            address("applications/A1/federatedIdentityCredentials"),
            "applications/federatedIdentityCredentials",
            "A1",
            None,
        ),
        (address("directory/deletedItems/microsoft.graph.user"), "deleted users", None, None),
        (address("users") + " --query value[0]", "users", None, "its command selects objects"),
        (address("users") + " | jq .", "users", None, "its command hands the list to another one"),
        ("az rest --url=https://graph.microsoft.com/v1.0/groups", "groups", None, None),
        ("az ad user list", "users", None, None),
        ("az ad user list --upn a@b.example", "users", None, "its command selects objects"),
        ("az ad sp list", "servicePrincipals", None, "its command prints the first hundred only (--all)"),
        ("az ad sp list --all", "servicePrincipals", None, None),
        (f"az ad group member list --group {oid(10)}", "groups/members", oid(10), None),
    ],
)
def test_commands(command: str, resource: str, owner: str | None, partial: str | None) -> None:
    asked = asked_by_command(command)
    assert asked is not None
    assert (asked.resource, asked.owner, asked.partial) == (resource, owner, partial)


@pytest.mark.parametrize(
    "command", ["cat users.json", "az ad group member list --group risk", "az vm list", "a 'b"]
)
def test_commands_that_tell_nothing(command: str) -> None:
    assert asked_by_command(command) is None


def test_addresses_and_contexts_of_what_is_not_read() -> None:
    assert asked_by_address(f"{GRAPH}/devices") is None
    assert asked_by_context(f"{GRAPH}/$metadata#devices") is None
    assert asked_by_context("no address") is None


def test_another_version_of_the_api_is_refused() -> None:
    with pytest.raises(Misshapen):
        asked_by_context("https://graph.microsoft.com/v2.0/$metadata#users")


def test_reading_twice_commits_nothing(directory: Directory) -> None:
    bodies = (
        answer("users", ADA),
        answer("groups", group(10, "risk", members=[directory_object(1, "user")])),
    )
    assert directory.read(*bodies).commits > 0
    assert directory.read(*bodies).commits == 0


def test_a_whole_list_ends_what_it_no_longer_shows(directory: Directory) -> None:
    directory.read(answer("users", ADA, BEN))
    directory.read(answer("users", BEN), on=6)
    assert people(directory) == {"Ben"}


def test_one_list_never_closes_another(directory: Directory) -> None:
    directory.read(answer("users", ADA), answer("groups", group(10, "risk")))
    directory.read(answer("groups", group(10, "risk")), on=6)
    assert people(directory) == {"Ada"}


@pytest.mark.parametrize(
    "body",
    [
        answer("users", BEN, **{"@odata.nextLink": SECOND}),
        answer("users/$entity") | {"value": None},
    ],
)
def test_a_part_of_a_list_ends_nothing(directory: Directory, body: dict[str, object]) -> None:
    if body["value"] is None:
        body = {"@odata.context": f"{GRAPH}/$metadata#users/$entity", **BEN}
    directory.read(answer("users", ADA, BEN))
    directory.read(body, on=6)
    assert people(directory) == {"Ada", "Ben"}


def test_all_pages_together_are_a_whole_list(directory: Directory) -> None:
    directory.read(answer("users", ADA, BEN, user(3, "Cy")))
    first = directory.write(
        "p1.json", answer("users", ADA, **{"@odata.nextLink": SECOND}), address("users?$top=1"), on=6
    )
    second = directory.write("p2.json", answer("users", BEN), f"az rest --method get --url '{SECOND}'", on=6)
    directory.run(second, first)
    assert people(directory) == {"Ada", "Ben"}


def test_a_later_page_alone_ends_nothing(directory: Directory) -> None:
    directory.read(answer("users", ADA, BEN))
    directory.run(directory.write("p2.json", answer("users", BEN), f"az rest --url '{SECOND}'", on=6))
    assert people(directory) == {"Ada", "Ben"}


def test_a_missing_page_ends_nothing(directory: Directory) -> None:
    third = f"{GRAPH}/users?$skiptoken=third"
    directory.read(answer("users", ADA, BEN))
    first = directory.write(
        "p1.json", answer("users", ADA, **{"@odata.nextLink": SECOND}), address("users"), on=6
    )
    last = directory.write("p3.json", answer("users"), f"az rest --url '{third}'", on=6)
    directory.run(first, last)
    assert people(directory) == {"Ada", "Ben"}


def test_twenty_expanded_members_may_not_be_all(directory: Directory) -> None:
    users = [user(number, f"User{number}") for number in range(1, 26)]
    members = [directory_object(number, "user") for number in range(1, 26)]
    directory.read(answer("users", *users), answer("groups", group(10, "risk", members=members)))
    directory.read(answer("groups", group(10, "risk", members=members[:20])), on=6)
    assert len([edge for edge in directory.edges() if "MEMBER_OF" in edge]) == 25


def test_fewer_expanded_members_end_the_others(directory: Directory) -> None:
    members = [directory_object(number, "user") for number in (1, 2)]
    directory.read(answer("users", ADA, BEN), answer("groups", group(10, "risk", members=members)))
    directory.read(answer("groups", group(10, "risk", members=members[:1])), on=6)
    assert directory.without_places() == {"Ada MEMBER_OF risk"}


def test_a_list_of_the_azure_cli_needs_no_context(directory: Directory) -> None:
    assert directory.read([ADA, BEN]).to_json()["state"] == "completed"
    assert people(directory) == {"Ada", "Ben"}


@pytest.mark.parametrize("body", [answer("directoryObjects", MEMBER), [MEMBER]])
def test_members_of_what_is_not_told_are_no_list_of_users(directory: Directory, body: object) -> None:
    directory.read(answer("users", ADA, BEN))
    report = directory.read(body, on=6).to_json()
    assert [r["reason"] for r in report["rejected"]] == ["nothing tells what this is a list of"]
    assert people(directory) == {"Ada", "Ben"}


def test_members_are_those_of_the_group_that_the_address_names(directory: Directory) -> None:
    directory.read(answer("users", ADA), answer("groups", group(10, "risk")))
    members = directory.write(
        "m.json", answer("directoryObjects", MEMBER), address(f"groups/{oid(10)}/members")
    )
    directory.run(members)
    assert directory.without_places() == {"Ada MEMBER_OF risk"}


def test_the_organization_document_names_the_tenant(directory: Directory) -> None:
    organization = answer("organization", {"id": TENANT.upper(), "displayName": "Fairbank"})
    directory.read(answer("users", ADA), organization, scope=None)
    assert directory.nodes()["tenant"].name == "Fairbank"
    assert directory.nodes()["Ada"].members[0] == NAMES.principal_uid(oid(1))


def test_without_a_tenant_nothing_is_read(directory: Directory) -> None:
    report = directory.read(answer("users", ADA), scope=None).to_json()
    assert [(r["field"], r["reason"]) for r in report["rejected"]] == [
        ("scope", "nothing says of which tenant this is")
    ]
    assert directory.nodes() == {}


def test_a_name_is_no_tenant(directory: Directory) -> None:
    assert directory.read(answer("users", ADA), scope="fairbank").to_json()["rejected"]


def test_a_file_of_another_tenant_than_the_run_is_left_out(directory: Directory) -> None:
    other = "11111111-9d1e-4a58-8c07-5e6f10a2b3c4"
    users = directory.write("users.json", answer("users", ADA), address("users"))
    organization = directory.write(
        "organization.json", answer("organization", {"id": other, "displayName": "O"})
    )
    report = directory.run(users, organization, complete=True, read_at=None).to_json()
    assert [r["reason"] for r in report["rejected"]] == ["its sidecar names another tenant"]


def test_what_a_whole_list_covers(directory: Directory) -> None:
    directory.read(answer("users", ADA), answer("groups", group(10, "risk", members=[])))
    ledger = directory.desk.ledger
    at = ledger.at(day(20))
    covered = ledger.coverage(at)
    found = {node.name: node for node in ledger.all_nodes(at)}
    assert covered.is_covered(found["Ada"], "WITHIN")
    assert not covered.is_covered(found["Ada"], "CAN_ADMIN")
    assert covered.is_covered(found["risk"], "MEMBER_OF")
    assert not covered.is_covered(found["risk"], "OWNS")
    assert not covered.is_covered(found["Ada"], "AUTHENTICATES")
