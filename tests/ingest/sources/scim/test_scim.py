"""Users and groups of a SCIM server: what they come to, and when a list is whole; worked out by hand."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import ExternalId, Instant, SourceInstance, Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.sources.people import SOURCE as PEOPLE
from ingest.sources.scim import SOURCE
from ingest.sources.scim.resources import scim_uid
from ingest.uids import address_digest, address_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.ingest.sources.scim.answers import group, page, user, write
from tests.support.saying import day

CONTEXT = ReadContext(SourceInstance("scim"), FINGERPRINTS, Instant(0))

ADA = user(
    "2819c223",
    externalId="00u-ada",
    name={"givenName": "Ada", "familyName": "Morris", "formatted": "Ms. Ada Morris"},
    displayName="Ada Morris",
    title="Head of credit risk",
    active=True,
    emails=[
        {"value": "Ada@fairbank.example", "type": "work", "primary": True},
        {"value": "ada@home.example", "type": "home"},
    ],
    enterprise={
        "employeeNumber": "701984",
        "department": "Risk",
        "costCenter": "4130",
        "manager": {"value": "26118915", "displayName": "Ben Okafor"},
    },
)
BEN = user("26118915", name={"givenName": "Ben", "familyName": "Okafor"}, active=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def uid(native_id: str) -> Uid:
    return scim_uid(native_id, CONTEXT)


def run(desk: Desk, *answers: object, **options: Any) -> dict[str, Any]:
    paths = [write(desk.folder / f"page-{number}.json", answer) for number, answer in enumerate(answers)]
    options = {"read_at": day(2), "complete": True, **options}
    return desk.run(*paths, source=SOURCE, **options).to_json()


def nodes(desk: Desk) -> dict[str, Any]:
    return {node.uid: node for node in desk.ledger.all_nodes(desk.ledger.at(day(20)))}


def members(desk: Desk) -> set[tuple[str, str]]:
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    return {(edge.subject.uid, edge.object.uid) for edge in found if edge.relation == "MEMBER_OF"}


def wholes(report: dict[str, Any]) -> dict[str, bool | str]:
    """Each scope with whether it was whole, else why it may not be."""
    return {scope["name"]: scope["complete"] or scope["why"] for scope in report["scopes"]}


def test_users(desk: Desk) -> None:
    report = run(desk, page(ADA, BEN))
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == {"user's 'costCenter'": 1}
    assert wholes(report) == {"default/Users": True}
    found = nodes(desk)
    ada, ben = found[uid("2819c223")], found[uid("26118915")]
    assert (ada.kind, ada.type, ada.name) == (Kind.IDENTITY, "person", "Ada Morris")
    assert {name: value.value for name, value in ada.properties.items()} == {
        "user_name": "2819c223",
        "external_id": "00u-ada",
        "title": "Head of credit risk",
        "status": "active",
        "employee_number": "701984",
        "department": "Risk",
        "manager": ben.uid,
    }
    assert {i for i in ada.external_ids if i.scheme == "email"} == {
        ExternalId("email", "ada@fairbank.example"),
        ExternalId("email", "ada@home.example"),
    }
    # Whoever is named by one of the addresses is her.
    addresses = {address_uid(one, FINGERPRINTS) for one in ("ada@fairbank.example", "ada@home.example")}
    assert set(ada.members) == {ada.uid, *addresses}
    # An account that is not active may be made active again.
    assert (ben.name, ben.text("status"), ben.integer("departed_at")) == ("Ben Okafor", "suspended", None)


def test_groups_with_users_and_groups(desk: Desk) -> None:
    risk = group("e9e30dba", ("User", "2819c223"), ("Group", "fc348aa8"), displayName="Risk")
    committee = group("fc348aa8", ("User", "26118915"), displayName="Model risk committee")
    report = run(desk, page(risk, committee))
    assert wholes(report) == {"default/Groups": True}
    found = nodes(desk)
    assert (found[uid("e9e30dba")].type, found[uid("e9e30dba")].name) == ("group", "Risk")
    assert found[uid("e9e30dba")].described
    assert not found[uid("2819c223")].described
    assert members(desk) == {
        (uid("2819c223"), uid("e9e30dba")),
        (uid("fc348aa8"), uid("e9e30dba")),
        (uid("26118915"), uid("fc348aa8")),
    }


def test_groups_that_a_user_names(desk: Desk) -> None:
    run(desk, page(user("a", groups=[{"value": "g", "type": "direct"}, {"value": "h", "type": "indirect"}])))
    assert members(desk) == {(uid("a"), uid("g")), (uid("a"), uid("h"))}


def test_an_address_joins_with_a_list_of_people(desk: Desk) -> None:
    table = desk.folder / "people.csv"
    table.write_text("kind,id,email,status\nperson,p-1,ada@fairbank.example,departed\n", encoding="utf-8")
    desk.run(table, source=PEOPLE, read_at=day(2), complete=True)
    run(desk, page(ADA))
    found = nodes(desk)
    (ada,) = [node for node in found.values() if uid("2819c223") in node.members]
    digest = address_digest("ada@fairbank.example", FINGERPRINTS)
    assert ExternalId("email-digest", digest) in ada.external_ids
    assert len({node.uid for node in found.values()}) == 1
    # The list of personnel knows better whether somebody is still there.
    assert ada.text("status") == "departed"


def test_nothing_personal_is_in_a_uid_or_in_the_chain(desk: Desk) -> None:
    run(desk, page(ADA, BEN), page(group("g", ("User", "2819c223"))))
    log = str([desk.store.operations(commit.sequence) for commit in desk.ledger.commits()])
    for personal in ("Morris", "Okafor", "ada@", "2819c223", "701984", "00u-ada", "Head of"):
        assert personal not in log


def test_a_password_is_dropped(desk: Desk) -> None:
    report = run(desk, page(user("a", password="planted-value-hunter2", apiToken="planted-value-2")))
    assert report["skipped"] == {"user's secret value": 2}
    assert "planted-value" not in str(desk.told()) + json.dumps(report)


def test_pages_in_any_order_are_whole_only_together(desk: Desk) -> None:
    pages = [
        page(user("e"), start=5, total=5),
        page(user("a"), user("b"), start=1, total=5),
        page(user("c"), user("d"), start=3, total=5),
    ]
    assert wholes(run(desk, *pages)) == {"default/Users": True}
    assert run(desk, *pages)["commits"]["count"] == 0
    assert set(nodes(desk)) == {uid(name) for name in "abcde"}
    assert wholes(run(desk, pages[0], pages[1], read_at=day(3))) == {
        "default/Users": "the page from 3 on is missing"
    }
    assert set(nodes(desk)) == {uid(name) for name in "abcde"}
    fewer = [page(user("a"), user("b"), start=1, total=3), page(user("c"), start=3, total=3)]
    assert wholes(run(desk, *fewer, read_at=day(4))) == {"default/Users": True}
    assert set(nodes(desk)) == {uid(name) for name in "abc"}


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([page(ADA, total=2)], "1 of 2 were read"),
        ([page(ADA, start=None, total=2)], "1 of 2 were read"),
        ([page(ADA, start=1, total=2), page(BEN, start=1, total=2)], "two pages hold number 1"),
        (
            [page(ADA, start=1, total=2), page(BEN, start=2, total=3)],
            "its pages say different totals, so that it changed while it was read",
        ),
        ([ADA], "single resources were read, and no list"),
        ([{**page(ADA), "totalResults": None}], "one of its files does not say which page it is"),
        (
            [page(ADA, {"schemas": ["urn:other"], "id": 7}, BEN, {"schemas": []})],
            "1 of its records was rejected",
        ),
    ],
)
def test_what_speaks_against_a_whole_list(desk: Desk, answers: list[object], why: str) -> None:
    run(desk, page(ADA, BEN, user("gone")))
    (said,) = wholes(run(desk, *answers, read_at=day(3))).values()
    assert isinstance(said, str)
    assert why in said
    assert uid("gone") in nodes(desk)


def test_users_and_groups_of_one_query(desk: Desk) -> None:
    report = run(desk, page(ADA, group("g", ("User", "2819c223")), BEN))
    assert wholes(report) == {"default/Users": True, "default/Groups": True}
    partly = run(desk, page(ADA, group("g"), total=3), read_at=day(3))
    assert all("users and groups" in str(why) for why in wholes(partly).values())


def test_users_do_not_close_groups(desk: Desk) -> None:
    run(desk, page(group("g", ("User", "2819c223"))))
    run(desk, page(ADA), read_at=day(3))
    assert (uid("2819c223"), uid("g")) in members(desk)


def test_a_sidecar_says_of_what_an_empty_list_is_and_that_it_was_filtered(desk: Desk) -> None:
    run(desk, page(group("g")), scope="idm")
    sidecar = {
        "command": "curl https://idm.fairbank.example/v2/Groups?startIndex=1",
        "filters": [],
        "scope": "idm",
        "read_at": "2026-01-03T00:00:00Z",
    }
    path = write(desk.folder / "groups.json", {**page(), "Resources": None})
    beside = write(desk.folder / "groups.json.read.json", sidecar)
    untold = run(desk, page(), read_at=day(3))
    assert untold["skipped"] == {"list without resources, of which nothing tells what it is a list of": 1}
    filtered = {**sidecar, "command": sidecar["command"] + '&filter=displayName eq "Risk"'}  # type: ignore[operator]
    write(beside, filtered)
    assert wholes(desk.run(path, source=SOURCE).to_json()) == {"idm/Groups": "its command filters"}
    write(beside, sidecar)
    assert wholes(desk.run(path, source=SOURCE).to_json()) == {"idm/Groups": True}
    assert uid("g") not in nodes(desk)


def test_without_a_word_on_completeness_nobody_is_ended(desk: Desk) -> None:
    run(desk, page(ADA, BEN))
    report = run(desk, page(ADA), read_at=day(3), complete=False)
    assert "nobody says" in str(wholes(report)["default/Users"])
    assert uid("26118915") in nodes(desk)


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    users = [user(f"u{n}", nickName="x" * 5_000) for n in range(2_000)]
    path = write(tmp_path / "users.json", page(*users))
    size = path.stat().st_size
    del users
    tracemalloc.start()
    context = ReadContext(SourceInstance("scim"), FINGERPRINTS, Instant(0), read_at=Instant(0))
    read = sum(1 for _ in SOURCE.read([path], context))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 2_000 * 2 + 4
    assert peak < size / 3
