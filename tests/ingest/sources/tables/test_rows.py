"""Rows as CSV and JSON lines bring them: what a bad one costs, what a filter means, what is counted."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import ExternalId, Instant, SourceInstance
from graph.vocabulary import Certainty
from ingest.people import listed_person_uid, opaque
from ingest.record import ReadContext
from ingest.sources.tables import SOURCE
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

APPS = """\
mapping: 1
zone: UTC
tables:
  apps:
    kind: Asset
    type: service
    id: id
    name: name
"""
UID = "hf:asset:table:default/apps/"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def run(desk: Desk, mapping: str, table: str, name: str = "apps.csv", **options: Any) -> dict[str, Any]:
    (desk.folder / "map.yaml").write_text(mapping, encoding="utf-8")
    (desk.folder / name).write_text(table, encoding="utf-8")
    options = {"read_at": day(2), **options}
    return desk.run(desk.folder / "map.yaml", desk.folder / name, source=SOURCE, **options).to_json()


def told(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["position"], one["reason"], one["expected"]) for one in report["rejected"]]


def nodes(desk: Desk) -> dict[str, Any]:
    return {node.uid: node for node in desk.ledger.all_nodes(desk.ledger.at(day(20)))}


def test_a_bad_cell_costs_its_row_only(desk: Desk) -> None:
    mapping = APPS + (
        "    properties:\n      criticality: tier\n      until: {column: until, type: date}\n"
        "      seats: {column: seats, type: integer}\n      share: {column: share, type: number}\n"
        "      external: {column: external, type: boolean}\n"
    )
    table = (
        "id,name,tier,until,seats,share,external\n"
        "a,A,3,2026-01-31,12,0.5,yes\n"
        "b,B,9,,,,\n"
        "c,C,high,,,,\n"
        "d,D,,31.01.2026,,,\n"
        "e,E,,,1.5,,\n"
        "f,F,,,,nan,\n"
        "g,G,,,,,perhaps\n"
        ",H,,,,,\n"
        "i,I,,,,,N\n"
    )
    report = run(desk, mapping, table, complete=True)
    assert told(report) == [
        ("line 3, column tier", "holds 9", "0 to 4"),
        ("line 4, column tier", "holds no integer", "a whole number such as 12"),
        (
            "line 5, column until",
            "holds no such date",
            "a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z",
        ),
        ("line 6, column seats", "holds no integer", "a whole number such as 12"),
        ("line 7, column share", "holds no number", "a number such as 12.5"),
        ("line 8, column external", "holds no boolean", "true or false, yes or no, 1 or 0"),
        ("line 9, column id", "is empty", "an id"),
    ]
    found = nodes(desk)
    assert set(found) == {UID + "a", UID + "i"}
    assert {name: value.value for name, value in found[UID + "a"].properties.items()} == {
        "criticality": 3,
        "until": 1_769_817_600_000,
        "seats": 12,
        "share": 0.5,
        "external": True,
    }
    assert report["scopes"][0]["complete"] is False


def test_a_column_that_the_file_lacks_is_named_and_others_are_counted(desk: Desk) -> None:
    report = run(desk, APPS, "id,nam,colour\na,A,red\n")
    assert told(report) == [
        (
            "line 1",
            "has no column 'name', nearest to nam",
            "every column that the mapping names",
        )
    ]
    report = run(desk, APPS, "id,name,colour,\na,A,red,\n")
    assert report["skipped"] == {"column 'colour'": 1, "column without a name": 1}


def test_names_of_columns_count_as_they_are_written(desk: Desk) -> None:
    assert told(run(desk, APPS, "ID,name\na,A\n"))[0][1] == "has no column 'id', nearest to ID"


def test_a_table_without_a_header_is_given_one(desk: Desk) -> None:
    mapping = APPS + "    csv: {delimiter: '|', header: [id, name]}\n"
    report = run(desk, mapping, "a|A\nb|B, the second\n")
    assert report["state"] == "completed"
    assert {uid: node.name for uid, node in nodes(desk).items()} == {
        UID + "a": "A",
        UID + "b": "B, the second",
    }


def test_json_lines(desk: Desk) -> None:
    mapping = APPS + (
        "    properties: {seats: {column: seats, type: integer}, labels: {column: labels, type: list}}\n"
        "    edges:\n      - {relation: INVOKES, to: {table: apps, id: calls, separator: ';'}}\n"
    )
    rows = [
        {"id": 7, "name": "A", "seats": 12, "labels": ["x", "y"], "calls": ["8", "9"], "more": {"deep": 1}},
        {"id": "8", "name": None, "labels": "x; z", "calls": "7;9"},
        {"id": {"no": 1}, "name": "C"},
        {"id": ["1", "2"], "name": "D"},
    ]
    lines = [json.dumps(row) for row in rows] + ["[1]", '{"id": 1, "id": 2}', "{"]
    report = run(desk, mapping, "\n".join(lines), "apps.jsonl", complete=True)
    assert told(report) == [
        (
            "line 3, column id",
            "holds an object",
            "a text, a number, true or false, or a list of these",
        ),
        ("line 4, column id", "holds several values", "one value"),
        ("line 5", "is no object", "a JSON object in each line"),
        ("line 6", "the key 'id' stands twice in one object", "each key once"),
        ("line 7", "JSON that ends early", "one JSON value"),
    ]
    assert report["skipped"] == {"column 'more'": 1, "column 'more.deep'": 1, "column 'id.no'": 1}
    found = nodes(desk)
    assert found[UID + "7"].properties["labels"].value == ("x", "y")
    assert found[UID + "8"].properties["labels"].value == ("x", "z")
    edges = {(e.subject.uid[-1], e.object.uid[-1]) for e in desk.ledger.all_edges(desk.ledger.at(day(20)))}
    assert edges == {("7", "8"), ("7", "9"), ("8", "7"), ("8", "9")}


def test_objects_in_json_lines_are_reached_by_their_path(desk: Desk) -> None:
    mapping = APPS + (
        "    edges:\n      - {relation: OWNS, marks: [accountable], from: {address: owner.mail.work}}\n"
    )
    rows = [
        {"id": "a", "name": "A", "owner": {"mail": {"work": "ada@x.example"}, "since": 2020}},
        {"id": "b", "name": "B", "owner": None},
        {"id": "c", "name": "C", "owner": {"mail": {"work": "a@x"}}, "owner.mail.work": "b@x"},
        {"id": "d", "name": "D", "owner": {"mail": {"work": {"no": "text"}}}},
    ]
    report = run(desk, mapping, "\n".join(map(json.dumps, rows)), "apps.jsonl")
    assert [(position, reason) for position, reason, _ in told(report)] == [
        ("line 3", "says 'owner.mail.work' in two ways"),
        ("line 4, column owner.mail.work", "holds an object"),
    ]
    (edge,) = desk.ledger.all_edges(desk.ledger.at(day(20)))
    assert edge.object.uid == UID + "a"


def test_a_field_that_no_line_has_keeps_json_lines_from_being_whole(desk: Desk) -> None:
    report = run(desk, APPS, '{"id": "a", "nme": "A"}\n', "apps.jsonl", complete=True)
    assert told(report)[0][1] == "has no column 'name', nearest to nme"
    assert (report["scopes"][0]["complete"], set(nodes(desk))) == (False, {UID + "a"})


@pytest.mark.parametrize(
    ("rows", "whole"),
    [("only: {state: [live]}", False), ("only: {state: [live]}, defines_scope: true", True)],
)
def test_a_filter_makes_a_reading_partial_unless_it_defines_the_scope(
    desk: Desk, rows: str, whole: bool
) -> None:
    mapping = APPS + f"    rows: {{{rows}}}\n    complete: true\n"
    report = run(desk, mapping, "id,name,state\na,A,live\nb,B,gone\n")
    assert (report["scopes"][0]["complete"], set(nodes(desk))) == (whole, {UID + "a"})
    run(desk, mapping, "id,name,state\na,A,gone\nb,B,gone\n", read_at=day(3))
    assert set(nodes(desk)) == (set() if whole else {UID + "a"})


def test_empty_cells_can_be_filtered_by(desk: Desk) -> None:
    mapping = APPS + "    rows: {except: {state: ['', gone]}}\n"
    report = run(desk, mapping, "id,name,state\na,A,live\nb,B,gone\nc,C,\n")
    assert set(nodes(desk)) == {UID + "a"}
    assert report["skipped"] == {"row that the mapping's filter leaves out": 2}


def test_a_sidecar_with_filters_goes_before_the_mapping(desk: Desk) -> None:
    said = {"command": "sql", "filters": ["region=eu"], "scope": "eu", "read_at": "2026-01-02T00:00:00Z"}
    (desk.folder / "apps.csv.read.json").write_text(json.dumps(said), encoding="utf-8")
    report = run(desk, APPS + "    complete: true\n", "id,name\na,A\n", read_at=None)
    (scope,) = report["scopes"]
    assert (scope["name"], scope["complete"]) == ("eu/apps", False)
    assert "region=eu" in scope["why"]


def test_a_value_outside_its_table_is_a_fault_unless_otherwise_is_said(desk: Desk) -> None:
    line = "    properties: {{lifecycle: {{column: state, values: {{Live: approved, Pilot: null}}{}}}}}\n"
    table = "id,name,state\na,A,Live\nb,B,Pilot\nc,C,Plan\n"
    report = run(desk, APPS + line.format(""), table)
    assert told(report) == [
        ("line 4, column state", "holds what its table of values lacks", "one of Live, Pilot")
    ]
    assert {uid[-1]: n.text("lifecycle") for uid, n in nodes(desk).items()} == {"a": "approved", "b": None}
    assert run(desk, APPS + line.format(", otherwise: null"), table)["rejected"] == []
    assert run(desk, APPS + line.format(", otherwise: blocked"), table)["rejected"] == []
    assert nodes(desk)[UID + "c"].text("lifecycle") == "blocked"


def test_kinds_and_relations_from_columns(desk: Desk) -> None:
    things = (
        "mapping: 1\ntables:\n  things:\n    files: things.csv\n    id: id\n"
        "    kind: {column: class, values: {app: Asset, db: Dataset}}\n"
        "    type: {column: class, values: {app: application, db: table}}\n"
        "  links:\n    files: links.csv\n    edges:\n"
        "      - relation: READS\n        only: {type: [reads]}\n"
        "        from: {table: things, kind: Asset, id: from}\n"
        "        to: {table: things, kind: Dataset, id: to}\n"
        "        marks: [optional]\n        properties: {since: since}\n"
        "      - relation: INVOKES\n        only: {type: [calls]}\n"
        "        from: {table: things, kind: Asset, id: from}\n"
        "        to: {table: things, kind: Asset, id: to}\n"
    )
    (desk.folder / "things.csv").write_text("id,class\na,app\nb,app\nd,db\n", encoding="utf-8")
    (desk.folder / "links.csv").write_text(
        "from,to,type,since\na,d,reads,May\na,b,calls,\nb,d,near,\nb,,reads,\n", encoding="utf-8"
    )
    (desk.folder / "map.yaml").write_text(things, encoding="utf-8")
    report = desk.run(desk.folder, source=SOURCE, read_at=day(2)).to_json()
    assert (report["rejected"], report["skipped"]) == ([], {"row of which no edge is made": 2})
    edges = [
        (e.subject.uid, e.relation, e.object.uid, set(e.marks), e.certainty)
        for e in desk.ledger.all_edges(desk.ledger.at(day(20)))
    ]
    a, b = (f"hf:asset:table:default/things/{name}" for name in "ab")
    assert sorted(edges, key=str) == sorted(
        [
            (a, "READS", "hf:dataset:table:default/things/d", {"optional"}, Certainty.CERTAIN),
            (a, "INVOKES", b, set[str](), Certainty.CERTAIN),
        ],
        key=str,
    )


def test_people_are_opaque_and_their_names_are_erasable(desk: Desk) -> None:
    mapping = (
        "mapping: 1\ntables:\n  staff:\n    kind: Identity\n    type: person\n    id: number\n"
        "    name: name\n"
        "    external_ids: {email: mail, display-name: name}\n"
        "    edges:\n      - {relation: MEMBER_OF, to: {team: unit}}\n"
        "      - {relation: MEMBER_OF, from: {person: deputy}}\n"
    )
    report = run(desk, mapping, "number,name,mail,unit,deputy\n4711,Ada Morris,Ada@x.example,risk,p-9\n")
    uid = f"hf:identity:table:{opaque(FINGERPRINTS, 'default', 'staff', '4711')}"
    deputy = listed_person_uid("default", "p-9", FINGERPRINTS)
    node = nodes(desk)[uid]
    assert node.name == "Ada Morris"
    assert ExternalId("email", "ada@x.example") in node.external_ids
    assert {(e.subject.uid, e.object.uid) for e in desk.ledger.all_edges(desk.ledger.at(day(20)))} == {
        (uid, "hf:identity:team:default/risk"),
        (deputy, uid),
    }
    log = str([desk.store.operations(commit.sequence) for commit in desk.ledger.commits()])
    assert not any(personal in log for personal in ("Morris", "ada@", "4711", "p-9"))
    # An address joins where people, scim or a directory say it; what a table says is for a person to decide.
    assert any("join nothing" in warning for warning in report["warnings"])


def test_ids_that_join_elsewhere_do_not_join_from_a_table(desk: Desk) -> None:
    mapping = APPS + "    external_ids: {arn: arn, openlineage: [space, job]}\n"
    arn = "arn:aws:lambda:eu-west-1:214365870912:function:f"
    run(desk, mapping, f"id,name,arn,space,job\na,A,{arn},s3://x,f\nb,B,{arn},s3://x,\n")
    found = nodes(desk)
    assert set(found) == {UID + "a", UID + "b"}
    assert set(found[UID + "a"].external_ids) == {
        ExternalId("arn", arn),
        ExternalId("openlineage", "s3:%2F%2Fx/f"),
    }
    assert set(found[UID + "b"].external_ids) == {ExternalId("arn", arn)}


def test_uids_from_templates_are_escaped_like_those_of_built_in_sources(desk: Desk) -> None:
    mapping = (
        "mapping: 1\ntables:\n  known:\n    kind: Asset\n    uid: '{uid}'\n    properties: {criticality: t}\n"
        "    edges:\n      - {relation: RUNS_AS, to: {uid: 'hf:identity:arn:{arn}'}}\n"
    )
    run(desk, mapping, "uid,t,arn\nhf:asset:k8s:u/x,4,arn:aws:iam::1:role/r\n")
    assert nodes(desk)["hf:asset:k8s:u/x"].integer("criticality") == 4
    (edge,) = desk.ledger.all_edges(desk.ledger.at(day(20)))
    assert edge.object.uid == "hf:identity:arn:arn:aws:iam::1:role%2Fr"


def test_two_different_rows_with_one_id_and_a_secret_in_an_id(desk: Desk) -> None:
    table = "id,name\na,A\na,B\nb,B\nb,B\nghp_012345678901234567890123456789abcdef,C\n"
    report = run(desk, APPS, table)
    assert {position for position, _, _ in told(report)} == {"line 3", "line 6, column id"}
    assert "ghp_" not in json.dumps(report)
    assert set(nodes(desk)) == {UID + "a", UID + "b"}


def test_files_and_mappings_meet_by_name(desk: Desk) -> None:
    one = APPS.replace("    kind", "    files: app*.csv\n    kind")
    report = run(desk, one, "id,name\na,A\n", "other.csv")
    assert [(r["file"], r["reason"]) for r in report["rejected"]] == [
        ("other.csv", "is in no mapping that is named")
    ]
    assert any("no file is named" in warning for warning in report["warnings"])
    second = one.replace("apps:", "more:\n    scope: others")
    (desk.folder / "second.yaml").write_text(second, encoding="utf-8")
    paths = [desk.folder / name for name in ("map.yaml", "second.yaml", "apps.csv")]
    paths[2].write_text("id,name\na,A\n", encoding="utf-8")
    twice = desk.run(*paths, source=SOURCE, read_at=day(2)).to_json()
    assert twice["rejected"][0]["reason"] == "is in the mapping of apps and more"


def test_a_property_that_nearly_has_a_known_name_is_told(desk: Desk) -> None:
    mapping = APPS + "    properties: {critcality: tier, cost_centre: cost}\n"
    report = run(desk, mapping, "id,name,tier,cost\na,A,3,4711\n")
    (warning,) = report["warnings"]
    assert warning.startswith("map.yaml: the vocabulary does not know the property 'critcality'")
    assert warning.endswith("Is criticality meant?")


def test_a_table_without_a_mapping_is_told(desk: Desk) -> None:
    path = desk.folder / "apps.csv"
    path.write_text("id\na\n", encoding="utf-8")
    report = desk.run(path, source=SOURCE, read_at=day(2)).to_json()
    assert report["rejected"][0]["reason"] == "is in no mapping that is named"


def parts_of_a_table(desk: Desk, **texts: str) -> list[Path]:
    paths = [desk.folder / "map.yaml", *(desk.folder / f"{name}.csv" for name in texts)]
    for path, text in zip(paths, (APPS, *texts.values()), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_files_of_one_table_are_one_reading_and_close_nothing_of_each_other(desk: Desk) -> None:
    paths = parts_of_a_table(desk, eu="id,name\na,A\n", us="id,name\nb,B\n")
    os.utime(paths[1], (1_767_000_000, 1_767_000_000))
    os.utime(paths[2], (1_767_100_000, 1_767_100_000))
    report = desk.run(*paths, source=SOURCE, complete=True).to_json()
    assert [(s["complete"], s["read_at"]) for s in report["scopes"]] == [(True, "2025-12-30T13:06:40.000Z")]
    assert set(nodes(desk)) == {UID + "a", UID + "b"}


@pytest.mark.parametrize("broken", ["id,nam\nb,B\n", None])
def test_a_file_that_cannot_be_read_keeps_the_others_from_being_the_whole_table(
    desk: Desk, broken: str | None
) -> None:
    paths = parts_of_a_table(desk, eu="id,name\na,A\n", us="id,name\nb,B\n")
    desk.run(*paths, source=SOURCE, read_at=day(2), complete=True)
    if broken is None:
        paths[2].unlink()
    else:
        paths[2].write_text(broken, encoding="utf-8")
    report = desk.run(*paths, source=SOURCE, read_at=day(3), complete=True).to_json()
    assert [s["complete"] for s in report["scopes"]] == [False]
    assert set(nodes(desk)) == {UID + "a", UID + "b"}


def test_one_part_that_was_filtered_keeps_the_table_from_being_whole(desk: Desk) -> None:
    paths = parts_of_a_table(desk, eu="id,name\na,A\n", us="id,name\nb,B\n")
    for path, filters in ((paths[1], []), (paths[2], ["live only"])):
        said = {"command": "sql", "filters": filters, "scope": "x", "read_at": "2026-01-02T00:00:00Z"}
        path.with_name(path.name + ".read.json").write_text(json.dumps(said), encoding="utf-8")
    report = desk.run(*paths, source=SOURCE).to_json()
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [("x/apps", False)]


def test_a_scope_that_is_named_for_several_tables_does_not_make_them_one(desk: Desk) -> None:
    mapping = (
        "mapping: 1\ntables:\n  apps: {kind: Asset, id: id, files: apps.csv}\n"
        "  hosts: {kind: Asset, id: id, files: hosts.csv}\n"
    )
    (desk.folder / "hosts.csv").write_text("id\nh\n", encoding="utf-8")
    (desk.folder / "apps.csv").write_text("id\na\n", encoding="utf-8")
    (desk.folder / "map.yaml").write_text(mapping, encoding="utf-8")
    options: dict[str, Any] = {"source": SOURCE, "complete": True, "scope": "cmdb"}
    desk.run(desk.folder, read_at=day(2), **options)
    desk.run(desk.folder / "map.yaml", desk.folder / "apps.csv", read_at=day(3), **options)
    assert set(nodes(desk)) == {UID + "a", "hf:asset:table:default/hosts/h"}


def test_two_mappings_may_not_call_two_tables_the_same(desk: Desk) -> None:
    (desk.folder / "other.yaml").write_text(APPS, encoding="utf-8")
    (desk.folder / "map.yaml").write_text(APPS, encoding="utf-8")
    report = desk.run(desk.folder, source=SOURCE, read_at=day(2)).to_json()
    assert [(r["file"], r["reason"]) for r in report["rejected"]] == [
        ("other.yaml", "has the name of a table of map.yaml"),
        ("other.yaml", "has the scope of a table of map.yaml"),
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, ending: str) -> None:
    (tmp_path / "map.yaml").write_text(APPS, encoding="utf-8")
    row = (
        "{n},x{n},{more}\n" if ending == "csv" else '{{"id": {n}, "name": "x{n}", "more": "{more}"}}\n'
    ).format
    path = tmp_path / f"apps.{ending}"
    head = "id,name,more\n" if ending == "csv" else ""
    path.write_text(head + "".join(row(n=n, more="x" * 5_000) for n in range(3_000)), encoding="utf-8")
    context = ReadContext(SourceInstance("tables"), FINGERPRINTS, Instant(0), read_at=Instant(0))
    tracemalloc.start()
    read = sum(1 for _ in SOURCE.read([tmp_path / "map.yaml", path], context))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 3_000 + 3  # the scope's two ends, and the column that is not mapped
    assert peak < path.stat().st_size / 3


OWNED = APPS + (
    "    edges:\n      - relation: OWNS\n        from: {address: owner}\n        marks: [accountable]\n"
)


@pytest.mark.parametrize("second", ["A,Two,eve@x.example", "A,One,eve@x.example"])
def test_of_two_different_rows_with_one_id_nothing_of_the_second_goes_in(desk: Desk, second: str) -> None:
    table = f"id,name,owner,note\nA,One,ada@x.example,a\n{second},b\nB,Bee,ada@x.example,\n"
    report = run(desk, OWNED, table, complete=True)
    reason = "says something else than apps.csv: line 2 says of the same thing, so that it is left out"
    assert told(report) == [("line 3", reason, "one row for each thing")]
    assert (report["state"], report["scopes"][0]["complete"]) == ("partial", False)
    owners = [edge.object.uid for edge in desk.ledger.all_edges(desk.ledger.at(day(20)))]
    assert sorted(owners) == [f"{UID}A", f"{UID}B"]


def test_a_row_that_is_repeated_says_nothing_more_and_is_no_fault(desk: Desk) -> None:
    table = "id,name,owner,note\nA,One,ada@x.example,a\nA,One,ada@x.example,b\n"
    report = run(desk, OWNED, table, complete=True)
    assert (report["state"], told(report)) == ("completed", [])
