"""Mappings with a fault: each is told with line, column, the way to it and what is expected there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.errors import Problem
from graph.model import Instant, SourceInstance
from ingest.record import ReadContext, Rejected
from ingest.sources.tables import SOURCE
from ingest.sources.tables.mapping import TableMapping
from ingest.sources.tables.reading import read_mapping
from tests.ingest.jobs import FINGERPRINTS

HEAD = "mapping: 1\nzone: UTC\ntables:\n  apps:\n    kind: Asset\n    id: number\n"
"""Six lines; what a test adds begins on line 7."""


def read(folder: Path, text: str) -> list[TableMapping] | list[Problem]:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def fault(folder: Path, text: str) -> tuple[str, str, str, str]:
    """The one fault of a mapping: position, field, reason, expected."""
    (found,) = read(folder, text)
    assert isinstance(found, Problem)
    assert found.file == "map.yaml"
    return found.position, found.field, found.reason, found.expected


def under(lines: str) -> str:
    """Lines of the one table."""
    return HEAD + "".join(f"    {line}\n" for line in lines.splitlines())


@pytest.mark.parametrize(
    ("text", "position", "field", "reason"),
    [
        ("mapping: 2\ntables: {a: {}}\n", "line 1, column 10", "mapping", "is a version of mappings"),
        ("mapping: 1\n", "line 1, column 1", "", "says no tables"),
        ("mapping: 1\ntabels: {}\n", "line 2, column 1", "tabels", "nearest to tables"),
        ("mapping: 1\ntables: [a]\n", "line 2, column 9", "tables", "a list stands here"),
        ("mapping: 1\nzone: Mars/Base\ntables: {a: {}}\n", "line 2, column 7", "zone", "is no time zone"),
        ("mapping: 1\ntables: {}\n", "line 2, column 9", "tables", "names no table"),
        (
            under("typ: service"),
            "line 7, column 5",
            "tables.apps.typ",
            "'typ' is no word here, nearest to type",
        ),
        (under("uid: '{uid}'"), "line 5, column 11", "tables.apps.kind", "not one of id and uid"),
        (under("scope: [a]"), "line 7, column 12", "tables.apps.scope", "a list stands here"),
        (
            under("csv: {delimiter: ';;'}"),
            "line 7, column 22",
            "tables.apps.csv.delimiter",
            "single character",
        ),
        (under("rows: {onyl: {a: b}}"), "line 7, column 12", "tables.apps.rows.onyl", "nearest to only"),
        (under("complete: maybe"), "line 7, column 15", "tables.apps.complete", "not one of them"),
        (under("read_at: soon"), "line 7, column 14", "tables.apps.read_at", "is no time"),
        (
            under("properties:\n  criticality: {constant: 7}"),
            "line 8, column 31",
            "tables.apps.properties.criticality.constant",
            "holds 7",
        ),
        (
            under("properties:\n  environment: {column: e, values: {Prod: productoin}}"),
            "line 8, column 47",
            "tables.apps.properties.environment.values.Prod",
            "not one of them, nearest to production",
        ),
        (
            under("properties:\n  criticality: {column: c, type: text}"),
            "line 8, column 38",
            "tables.apps.properties.criticality.type",
            "is not the type of criticality",
        ),
        (
            under("properties:\n  db_password: pw"),
            "line 8, column 7",
            "tables.apps.properties.db_password",
            "is named as the value of a secret",
        ),
        (
            under("properties:\n  until: {column: u, type: date, format: dd.mm.yyyy}"),
            "line 8, column 46",
            "tables.apps.properties.until.format",
            "reads back no date",
        ),
        (
            under("external_ids: {hostnam: fqdn}"),
            "line 7, column 29",
            "tables.apps.external_ids.hostnam",
            "nearest to hostname",
        ),
        (
            under("external_ids: {email: mail}"),
            "line 7, column 20",
            "tables.apps.external_ids.email",
            "is a scheme of Identity",
        ),
        (
            under("edges:\n  - {relation: OWN, from: {address: a}}"),
            "line 8, column 20",
            "tables.apps.edges[0].relation",
            "nearest to OWNS",
        ),
        (
            under("edges:\n  - {relation: OWNS, from: {address: a}}"),
            "line 8, column 9",
            "tables.apps.edges[0]",
            "says no role",
        ),
        (
            under("edges:\n  - {relation: READS, to: {table: dbs, id: d}}"),
            "line 8, column 39",
            "tables.apps.edges[0].to.table",
            "a text that is not one of them",
        ),
        (
            under("edges:\n  - {relation: READS, to: {table: apps, id: d}}"),
            "line 8, column 20",
            "tables.apps.edges[0].relation",
            "READS does not join these kinds",
        ),
        (
            under("edges:\n  - {relation: INVOKES, to: {table: apps, id: [a, b]}}"),
            "line 8, column 51",
            "tables.apps.edges[0].to.id",
            "names 2 columns",
        ),
        (
            under("edges:\n  - {relation: INVOKES, to: {uid: 'svc:x'}}"),
            "line 8, column 39",
            "tables.apps.edges[0].to.uid",
            "has no column in it",
        ),
        (
            under("edges:\n  - {relation: OWNS, marks: [contact], from: {uid: 'hf:identity:smtp:{mail}'}}"),
            "line 8, column 56",
            "tables.apps.edges[0].from.uid",
            "would show a person",
        ),
        (
            under("edges:\n  - {relation: INVOKES, to: {uid: '{u}'}, certainty: possible}"),
            "line 8, column 9",
            "tables.apps.edges[0]",
            "both or none of a condition",
        ),
        (
            under("edges:\n  - {relation: INVOKES, to: {uid: '{u}', address: a}}"),
            "line 8, column 33",
            "tables.apps.edges[0].to",
            "says uid and address",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, text: str, position: str, field: str, reason: str
) -> None:
    found = fault(tmp_path, text)
    assert found[:2] == (position, field)
    assert reason in found[2]
    assert found[3]


def test_dates_need_a_zone(tmp_path: Path) -> None:
    text = "mapping: 1\ntables:\n  keys:\n    kind: Secret\n    id: n\n    properties: {expires: until}\n"
    position, _, reason, expected = fault(tmp_path, text)
    assert (position, reason) == (
        "line 6, column 27",
        "does not say in which zone dates are meant",
    )
    assert "zone: Europe/Berlin" in expected
    zoned = text.replace("expires: until", "expires: {column: until, format: '%d.%m.%Y %H:%M %z'}")
    assert isinstance(read(tmp_path, zoned)[0], TableMapping)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = under(
        "properties:\n  lifecycle: {constant: gone}\n  token: t\n"
        "external_ids: {arm: a}\nedges:\n  - {relation: X, to: {uid: '{u}'}}\n  - {relation: READS}"
    )
    found = read(tmp_path, text)
    assert [(p.position, p.field.removeprefix("tables.apps.")) for p in found if isinstance(p, Problem)] == [
        ("line 12, column 20", "edges[0].relation"),
        ("line 13, column 9", "edges[1]"),
        ("line 8, column 29", "properties.lifecycle.constant"),
        ("line 9, column 7", "properties.token"),
        ("line 10, column 25", "external_ids.arm"),
    ]


def test_a_key_twice_is_refused_by_its_line(tmp_path: Path) -> None:
    position, _, reason, _ = fault(tmp_path, under("id: other"))
    assert (position, reason) == ("line 7", "the field 'id' stands there twice")


def test_several_tables_say_which_files_they_are(tmp_path: Path) -> None:
    text = "mapping: 1\ntables:\n  a: {kind: Asset, id: n, files: a.csv}\n  b: {kind: Asset, id: n}\n"
    position, field, reason, _ = fault(tmp_path, text)
    assert (position, field, reason) == (
        "line 4, column 6",
        "tables.b",
        "says no files, and is not the only table",
    )


def test_a_table_of_people_does_not_show_them_in_templates(tmp_path: Path) -> None:
    text = "mapping: 1\ntables:\n  staff: {kind: Identity, type: person, uid: 'staff:{mail}'}\n"
    assert fault(tmp_path, text)[2] == "would show a person in a uid"
    whole = text.replace("staff:{mail}", "{uid}")
    assert isinstance(read(tmp_path, whole)[0], TableMapping)


@pytest.mark.parametrize(
    ("more", "covered"),
    [
        ("", {"OWNS"}),
        (", names_all: false", set[str]()),
        (", only: {class: [app]}", set[str]()),
        (", only: {class: [app]}, names_all: true", {"OWNS"}),
    ],
)
def test_owners_are_covered_unless_some_rows_do_not_tell(
    tmp_path: Path, more: str, covered: set[str]
) -> None:
    owns = f"{{relation: OWNS, marks: [accountable], from: {{address: a}}{more}}}"
    reads = "{relation: INVOKES, to: {uid: '{u}'}}"
    (table,) = read(tmp_path, under(f"edges: [{owns}, {reads}]"))
    assert isinstance(table, TableMapping)
    assert table.covers == covered


ODD: tuple[object, ...] = (
    None,
    "",
    [],
    {},
    "x",
    "{x}",
    "%",
    "..",
    -1,
    "9" * 100,
    "Asset",
    ["a", ["b"]],
    {"a": {"b": 1}},
)


def test_whatever_stands_anywhere_it_is_told_and_nothing_is_raised(tmp_path: Path) -> None:
    page = Path(__file__).parents[4] / "docs" / "sources" / "tables.md"
    whole = yaml.safe_load(page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0])
    (tmp_path / "databases.csv").write_text("db_id;name;engine\nDB-1;scores;P\n", encoding="utf-8")
    context = ReadContext(SourceInstance("tables"), FINGERPRINTS, Instant(0), read_at=Instant(0))
    for place in places(whole):
        for odd in ODD:
            (tmp_path / "map.yaml").write_text(json.dumps(replaced(whole, place, odd)), encoding="utf-8")
            for record in SOURCE.read([tmp_path / "map.yaml", tmp_path / "databases.csv"], context):
                assert not isinstance(record, Rejected) or record.problem.expected


def places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to everything within a value."""
    yield place
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in below:
        yield from places(item, (*place, step))


def replaced(value: Any, place: tuple[str | int, ...], odd: object) -> Any:
    """A copy of a value with something else at one place."""
    if not place:
        return odd
    copied = value.copy()
    copied[place[0]] = replaced(value[place[0]], place[1:], odd)
    return copied


def test_a_fault_quotes_no_value(tmp_path: Path) -> None:
    for text in (
        under("complete: planted-value-hunter2"),
        under("read_at: planted-value-hunter2"),
        under("properties: {environment: {constant: planted-value-hunter2}}"),
        under("edges: planted-value-hunter2"),
    ):
        assert "planted-value" not in str(fault(tmp_path, text))
