"""People, registers and CODEOWNERS: what each file says, worked out by hand."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.model import ExternalId, Instant, Node, SourceInstance, Uid, instant
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.sources.people import SOURCE
from ingest.sources.people.names import person_uid
from ingest.uids import address_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

PEOPLE = """\
kind,id,name,email,status,suspended_at,departed_at,teams
team,risk,Credit risk,,,,,
team,model-risk,Model risk committee,,,,,risk
person,p-1,Ada Morris,Ada.Morris@bank.example,active,,,risk; model-risk
person,p-2,Ben Okafor,,departed,,2026-09-30,risk
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def write(desk: Desk, name: str, text: str) -> Path:
    path = desk.folder / name
    path.write_text(text, encoding="utf-8")
    return path


def person(person_id: str) -> Uid:
    return person_uid(person_id, ReadContext(SourceInstance("people"), FINGERPRINTS, Instant(0)))


def address(text: str) -> Uid:
    return address_uid(text, FINGERPRINTS)


def nodes(desk: Desk) -> dict[str, Node]:
    return {node.uid: node for node in desk.ledger.all_nodes(desk.ledger.at(day(20)))}


def edges(desk: Desk) -> set[tuple[str, str, str]]:
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    return {(e.subject.uid, f"{e.relation} {e.discriminator}".strip(), e.object.uid) for e in found}


def test_people_and_teams(desk: Desk) -> None:
    report = desk.run(write(desk, "people.csv", PEOPLE), source=SOURCE, read_at=day(2), complete=True)
    assert report.to_json()["state"] == "completed"
    found = nodes(desk)
    ada, ben = found[person("p-1")], found[person("p-2")]
    assert (ada.kind, ada.type, ada.name, ada.text("status")) == (
        Kind.IDENTITY,
        "person",
        "Ada Morris",
        "active",
    )
    assert {i.scheme for i in ada.external_ids} == {"email", "email-digest", "people-id"}
    assert ExternalId("email", "ada.morris@bank.example") in ada.external_ids
    assert ada.members == (person("p-1"), address("ada.morris@bank.example"))
    assert ben.integer("departed_at") == instant(datetime(2026, 9, 30, tzinfo=UTC))
    risk, committee = "hf:identity:team:default/risk", "hf:identity:team:default/model-risk"
    assert (found[risk].name, found[risk].type) == ("Credit risk", "team")
    assert edges(desk) == {
        (committee, "MEMBER_OF", risk),
        (ada.uid, "MEMBER_OF", risk),
        (ada.uid, "MEMBER_OF", committee),
        (ben.uid, "MEMBER_OF", risk),
    }


def test_no_address_or_name_is_in_a_uid_or_in_the_chain(desk: Desk) -> None:
    desk.run(write(desk, "people.csv", PEOPLE), source=SOURCE, read_at=day(2), complete=True)
    log = str([desk.store.operations(commit.sequence) for commit in desk.ledger.commits()])
    for personal in ("Morris", "morris", "Okafor", "p-1", "p-2"):
        assert personal not in log


def test_a_second_reading_changes_nothing_and_one_who_is_gone_from_the_list_ends(desk: Desk) -> None:
    path = write(desk, "people.csv", PEOPLE)
    desk.run(path, source=SOURCE, read_at=day(2), complete=True)
    head = desk.ledger.head().sequence
    desk.run(path, source=SOURCE, read_at=day(3), complete=True)
    assert desk.ledger.head().sequence == head
    without_ben = "".join(line for line in PEOPLE.splitlines(keepends=True) if "p-2" not in line)
    path.write_text(without_ben, encoding="utf-8")
    desk.run(path, source=SOURCE, read_at=day(4), complete=True)
    assert person("p-2") not in nodes(desk)
    then = desk.ledger.at(Instant(day(4) - 1))
    assert person("p-2") in desk.ledger.nodes([person("p-2")], then)


def test_without_a_word_on_completeness_nobody_is_ended(desk: Desk) -> None:
    path = write(desk, "people.csv", PEOPLE)
    desk.run(path, source=SOURCE, read_at=day(2), complete=True)
    path.write_text(PEOPLE.splitlines()[0] + "\n", encoding="utf-8")
    desk.run(path, source=SOURCE, read_at=day(3))
    assert person("p-2") in nodes(desk)


def test_a_sidecar_says_when_and_that_it_is_whole(desk: Desk) -> None:
    path = write(desk, "people.csv", PEOPLE)
    said = '{"command": "hr export", "filters": [], "scope": "hr", "read_at": "2026-01-02T00:00:00Z"}'
    write(desk, "people.csv.read.json", said)
    report = desk.run(path, source=SOURCE).to_json()
    (scope,) = report["scopes"]
    assert (scope["name"], scope["complete"], scope["read_at"]) == (
        "hr/people",
        True,
        "2026-01-02T00:00:00.000Z",
    )


def test_a_list_of_people_and_a_register_under_one_name_do_not_close_each_other(desk: Desk) -> None:
    people = write(desk, "people.csv", PEOPLE)
    desk.run(people, source=SOURCE, read_at=day(2), complete=True, scope="hr")
    owners = write(desk, "owners.csv", "uid,kind,owner\nsvc:a,Asset,team:risk\n")
    report = desk.run(owners, source=SOURCE, read_at=day(3), complete=True, scope="hr")
    assert report.nodes.closed == 0
    assert person("p-2") in nodes(desk)


def test_a_register_names_owners_and_makes_an_empty_cell_mean_nobody(desk: Desk) -> None:
    # Semicolons separate the columns here, so a cell that lists several owners is quoted.
    register = (
        "uid;kind;type;owner;criticality\n"
        'svc:a;asset;service;"ada.morris@bank.example; team:risk";3\n'
        "svc:b;Asset;;uid:svc-account;\n"
        "data:x;Dataset;;;\n"
    )
    report = desk.run(write(desk, "owners.csv", register), source=SOURCE, read_at=day(2), complete=True)
    assert report.to_json()["state"] == "completed"
    assert edges(desk) == {
        (address("ada.morris@bank.example"), "OWNS accountable", "svc:a"),
        ("hf:identity:team:default/risk", "OWNS accountable", "svc:a"),
        ("svc-account", "OWNS accountable", "svc:b"),
    }
    found = nodes(desk)
    assert found["svc:a"].integer("criticality") == 3
    assert not found[address("ada.morris@bank.example")].described
    coverage = desk.ledger.coverage(desk.ledger.at(day(20)))
    assert coverage.is_covered(found["data:x"], "OWNS")


REGISTER = "uid,kind,type,name,owner,role,environment,criticality\n"


def test_rows_of_one_asset_add_up_and_an_empty_cell_says_nothing(desk: Desk) -> None:
    rows = (
        "svc:a,asset,,,team:risk,accountable,,3\n"
        "svc:a,Asset,service,,ada@bank.example,steward,Production,\n"
        "svc:a,Asset,,Scores,team:ops,contact,production,3\n"
    )
    path = write(desk, "owners.csv", REGISTER + rows)
    report = desk.run(path, source=SOURCE, read_at=day(2), complete=True)
    assert report.to_json()["state"] == "completed"
    found = nodes(desk)["svc:a"]
    assert (found.type, found.name) == ("service", "Scores")
    assert (found.text("environment"), found.integer("criticality")) == ("production", 3)
    assert edges(desk) == {
        ("hf:identity:team:default/risk", "OWNS accountable", "svc:a"),
        (address("ada@bank.example"), "OWNS steward", "svc:a"),
        ("hf:identity:team:default/ops", "OWNS contact", "svc:a"),
    }


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("criticality", ("svc:a,Asset,,,team:risk,,,2", "svc:a,Asset,,,team:ops,steward,,4")),
        (
            "environment",
            ("svc:a,Asset,,,team:risk,,production,", "svc:a,Asset,,,team:ops,steward,staging,"),
        ),
        ("type", ("svc:a,Asset,service,,team:risk,,,", "svc:a,Asset,model,,team:ops,steward,,")),
        ("name", ("svc:a,Asset,,One,team:risk,,,", "svc:a,Asset,,Two,team:ops,steward,,")),
    ],
)
def test_two_rows_that_say_different_things_of_an_asset_are_told_with_both_lines(
    desk: Desk, column: str, cells: tuple[str, str], first: int
) -> None:
    lines = [cells[first], "svc:b,Asset,,,team:risk,,,1", cells[1 - first]]
    path = write(desk, "owners.csv", REGISTER + "\n".join(lines) + "\n")
    report = desk.run(path, source=SOURCE, read_at=day(2), complete=True).to_json()
    (problem,) = report["rejected"]
    assert (problem["field"], problem["position"]) == (column, f"line 4, column {column}")
    assert "line 2" in problem["reason"]
    # Neither is taken, as nothing tells which is right; whose it is does not depend on it.
    found = nodes(desk)["svc:a"]
    values = (found.type, found.name, *(found.properties.get(n) for n in ("environment", "criticality")))
    assert values == (None, None, None, None)
    assert {owner for owner, _, owned in edges(desk) if owned == "svc:a"} == {
        "hf:identity:team:default/risk",
        "hf:identity:team:default/ops",
    }
    assert nodes(desk)["svc:b"].integer("criticality") == 1


def test_an_asset_that_is_of_two_kinds_is_told_and_the_second_row_left_out(desk: Desk) -> None:
    rows = "x,Asset,,,team:risk,,,\nx,Dataset,,,team:ops,steward,,2\n"
    report = desk.run(write(desk, "owners.csv", REGISTER + rows), source=SOURCE, read_at=day(2))
    (problem,) = report.to_json()["rejected"]
    assert (problem["field"], problem["position"]) == ("kind", "line 3, column kind")
    assert nodes(desk)["x"].kind is Kind.ASSET
    assert edges(desk) == {("hf:identity:team:default/risk", "OWNS accountable", "x")}


@pytest.mark.parametrize(
    ("header", "reason", "expected"),
    [
        ("uid,kind,owners", "has no column owner", "the columns uid, kind, owner"),
        ("kind,id,owner", "has no column uid", "the columns uid, kind, owner"),
        ("uid,kind,name", "has no column owner", "the columns uid, kind, owner"),
        ("kind,name,uid,email", "has no column owner", "the columns uid, kind, owner"),
        ("kind,name,email", "has no column id", "the columns kind, id"),
    ],
)
def test_a_column_that_is_missing_is_told_of_the_table_that_it_seems_to_be(
    desk: Desk, header: str, reason: str, expected: str
) -> None:
    (problem,) = desk.run(write(desk, "t.csv", f"{header}\n"), source=SOURCE, read_at=day(2)).rejected
    assert (problem.reason, problem.expected) == (reason, expected)


def test_an_owner_whom_no_list_knows_is_named_by_cell(desk: Desk) -> None:
    path = write(
        desk, "owners.csv", "uid,kind,owner\nsvc:a,Asset,Ada Morris\nsvc:b,Asset,nobody@bank.example\n"
    )
    report = desk.run(path, source=SOURCE, read_at=day(2))
    assert {(node.uid, node.place) for node in report.pending} == {
        (person("Ada Morris"), "owners.csv: line 2, column owner"),
        (address("nobody@bank.example"), "owners.csv: line 3, column owner"),
    }


def test_codeowners_names_stewards_and_covers_no_ownership(desk: Desk) -> None:
    text = """\
# the last line for a pattern counts
*            @bank/platform
/models/     @someone
/models/     ada.morris@bank.example @bank/platform  # not @nobody
/vendored/
docs\\ old/  @bank/docs
"""
    path = write(desk, "CODEOWNERS", text)
    repository_address = "git@git.bank.example:risk/models.git"
    report = desk.run(path, source=SOURCE, read_at=day(2), complete=True, scope=repository_address)
    assert report.to_json()["state"] == "completed"
    repository = "hf:asset:git-url:https:%2F%2Fgit.bank.example%2Frisk%2Fmodels"
    assert edges(desk) == {
        ("hf:identity:github-team:bank%2Fplatform", "OWNS steward", repository),
        (address("ada.morris@bank.example"), "OWNS steward", repository),
        ("hf:identity:github-team:bank%2Fdocs", "OWNS steward", repository),
    }
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    patterns = {str(e.subject.uid): e.properties["patterns"].value for e in found}
    assert patterns["hf:identity:github-team:bank%2Fplatform"] == ("*", "/models/")
    assert patterns["hf:identity:github-team:bank%2Fdocs"] == ("docs old/",)
    coverage = desk.ledger.coverage(desk.ledger.at(day(20)))
    assert not coverage.is_covered(nodes(desk)[repository], "OWNS")


def test_codeowners_without_its_repository_is_refused(desk: Desk) -> None:
    report = desk.run(write(desk, "CODEOWNERS", "* @a\n"), source=SOURCE, read_at=day(2)).to_json()
    (problem,) = report["rejected"]
    assert problem["field"] == "scope"
    assert "--scope" in problem["expected"]
    assert nodes(desk) == {}


def test_a_changed_address_keeps_the_person_and_what_is_owned_under_either(desk: Desk) -> None:
    people = write(desk, "people.csv", PEOPLE)
    owners = write(desk, "owners.csv", "uid,kind,owner\nsvc:a,Asset,ada.morris@bank.example\n")
    desk.run(people, source=SOURCE, read_at=day(2), complete=True)
    desk.run(owners, source=SOURCE, read_at=day(2), complete=True)
    people.write_text(PEOPLE.replace("Ada.Morris@", "ada.o@"), encoding="utf-8")
    desk.run(people, source=SOURCE, read_at=day(5), complete=True)
    assert owner_of(desk, "svc:a", on=9) == person("p-1")
    owners.write_text("uid,kind,owner\nsvc:a,Asset,\nsvc:b,Asset,Ada.O@bank.example\n", encoding="utf-8")
    desk.run(owners, source=SOURCE, read_at=day(8), complete=True)
    assert owner_of(desk, "svc:a", on=7) == owner_of(desk, "svc:b", on=9) == person("p-1")
    ada = desk.ledger.nodes([person("p-1")], desk.ledger.at(day(9)))[person("p-1")]
    assert ExternalId("email", "ada.o@bank.example") in ada.external_ids
    assert ExternalId("email", "ada.morris@bank.example") not in ada.external_ids


@pytest.mark.parametrize(
    ("then", "now"),
    [
        pytest.param(
            "person,p-1,Ada,a@x.example,active", "person,p-2,Bob,a@x.example,active", id="passed on"
        ),
        pytest.param(
            "person,p-1,Ada,a@x.example,active",
            "person,p-1,Ada,a@x.example,departed\nperson,p-2,Bob,a@x.example,active",
            id="passed on while the one who left is still listed with it",
        ),
        pytest.param(
            "person,p-1,Ada,a@x.example,active\nperson,p-2,Bob,a@x.example,active",
            "person,p-1,Ada,a@x.example,active\nperson,p-2,Bob,a@x.example,active",
            id="two persons with one mailbox",
        ),
    ],
)
def test_one_address_never_makes_two_persons_one(desk: Desk, then: str, now: str) -> None:
    owners = write(desk, "owners.csv", "uid,kind,owner\nsvc:a,Asset,a@x.example\n")
    desk.run(owners, source=SOURCE, read_at=day(2), complete=True)
    for moment, rows in ((2, then), (5, now)):
        people = write(desk, "people.csv", f"kind,id,name,email,status\n{rows}\n")
        report = desk.run(people, source=SOURCE, read_at=day(moment), complete=True)
        assert report.to_json()["state"] == "completed"
    identity = desk.ledger.identity(desk.ledger.head().sequence)
    for uid in (person("p-1"), person("p-2"), address("a@x.example")):
        assert identity.members(uid) == (uid,)
    # Whose address it is cannot be said, and that is shown.
    assert owner_of(desk, "svc:a", on=9) == address("a@x.example")
    assert {uid for conflict in identity.conflicts for uid in conflict.uids} == {
        person("p-1"),
        person("p-2"),
        address("a@x.example"),
    }


def test_the_same_id_in_two_lists_is_two_persons(desk: Desk) -> None:
    for instance in ("bank", "insurer"):
        people = write(desk, "people.csv", f"kind,id,name\nperson,1,{instance}\n")
        desk.run(people, source=SOURCE, read_at=day(2), complete=True, instance=instance)
    assert {node.name for node in nodes(desk).values()} == {"bank", "insurer"}


def test_what_somebody_owns_stays_theirs_when_their_personal_data_are_erased(desk: Desk) -> None:
    desk.run(write(desk, "people.csv", PEOPLE), source=SOURCE, read_at=day(2), complete=True)
    owners = write(desk, "owners.csv", "uid,kind,owner\nsvc:a,Asset,ada.morris@bank.example\n")
    desk.run(owners, source=SOURCE, read_at=day(2), complete=True)
    assert desk.ledger.erase_personal(person("p-1"), actor="test", reason="as was asked for").count == 2
    assert owner_of(desk, "svc:a", on=9) == person("p-1")
    ada = desk.ledger.nodes([person("p-1")], desk.ledger.at(day(9)))[person("p-1")]
    assert (ada.name, ada.text("status")) == (None, "active")


def owner_of(desk: Desk, uid: str, on: int) -> Uid:
    (edge,) = desk.ledger.edges([Uid(uid)], desk.ledger.at(day(on)), relations=["OWNS"])
    return edge.subject.uid


def test_a_list_has_one_name_packed_or_not(desk: Desk) -> None:
    desk.run(write(desk, "people.csv", PEOPLE), source=SOURCE, read_at=day(2), complete=True)
    packed = desk.folder / "people.csv.gz"
    packed.write_bytes(gzip.compress(b"kind,id,name\nteam,risk,Credit risk\n"))
    report = desk.run(packed, source=SOURCE, read_at=day(3), complete=True)
    assert [scope.scope.name for scope in report.scopes] == ["people"]
    assert report.nodes.closed == 3 + 1
