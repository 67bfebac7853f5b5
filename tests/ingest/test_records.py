"""The interchange format: who speaks, when it was read, and what the documentation shows."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from graph.model import Uid
from ingest.folders import HIDDEN, OTHER_SORT
from ingest.registry import PluginSource
from ingest.report import RunState
from tests.ingest.jobs import Desk, d, edge, node, section
from tests.support.saying import day

DOCUMENT = (Path(__file__).parents[2] / "docs/records.md").read_text(encoding="utf-8")


def sources(desk: Desk) -> list[str]:
    return sorted({str(row.scope.source) for row in desk.store.all_node_rows(desk.store.head().sequence)})


def test_the_documented_example_goes_in_whole(desk: Desk) -> None:
    example = re.search(r"```jsonl\n(.*?)```", DOCUMENT, re.DOTALL)
    assert example is not None
    report = desk.run(desk.file(*example.group(1).splitlines()))
    assert (report.state, report.scopes[0].complete) == (RunState.COMPLETED, True)
    assert (report.nodes.created, report.edges.created, report.nodes.pending) == (2, 2, 1)
    assert report.warnings == []


def test_the_documented_plug_in_goes_in_whole(desk: Desk) -> None:
    example = re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example.group(1), names)
    report = desk.run(source=PluginSource("registry", "", (), (), names["read"]))
    assert (report.state, report.scopes[0].complete) == (RunState.COMPLETED, True)
    assert sources(desk) == ["registry/default"]


@pytest.mark.parametrize(
    ("written", "instance", "speaks"),
    [
        (None, None, "records/default"),
        ("crm", None, "records/crm"),
        ("kubernetes/eu-1", None, "kubernetes/eu-1"),
        ("a/b/c", None, "a/b/c"),
        (None, "test", "records/test"),
        ("crm", "test", "records/test"),
        ("kubernetes/eu-1", "test", "kubernetes/test"),
    ],
)
def test_who_speaks(desk: Desk, written: str | None, instance: str | None, speaks: str) -> None:
    desk.run(desk.file(*section(node("a"), source=written)), instance=instance)
    assert sources(desk) == [speaks]


def test_when_it_was_read_flag_before_line_before_file(desk: Desk) -> None:
    def read(line_says: str | None, flag: int | None) -> tuple[list[tuple[int, int | None]], list[str]]:
        there = Desk(desk.folder)
        path = there.file({"scope": {"name": "estate", "read_at": line_says}}, node("a"))
        os.utime(path, ns=(day(3) * 1_000_000, day(3) * 1_000_000))
        report = there.run(path, read_at=None if flag is None else day(flag))
        return there.when("a"), report.warnings

    assert read(d(5), 7) == ([(7, None)], [])
    assert read(d(5), None) == ([(5, None)], [])
    spans, (warning,) = read(None, None)
    assert spans == [(3, None)]
    assert "no read_at is given" in warning


def test_a_time_without_a_zone_is_utc_with_one_warning(desk: Desk) -> None:
    lines = [node(uid, valid_from="2026-01-02T00:00:00") for uid in ("a", "b")]
    report = desk.read(*lines)
    assert desk.when("a") == [(2, None)]
    assert [w for w in report.warnings if "zone" in w] == [
        "input-1.jsonl: a time without a zone is taken as UTC."
    ]


def test_a_plug_in_must_say_when_it_read(desk: Desk) -> None:
    records = [{"scope": {"name": "s"}}, node("a")]
    report = desk.run(source=PluginSource("theirs", "", (), (), lambda paths: records))
    assert [(p.file, p.position, p.field) for p in report.rejected] == [
        ("theirs", "record 1", "scope.read_at"),
        ("theirs", "record 2", "node"),
    ]


def test_what_is_no_record_is_rejected_and_the_rest_of_a_plug_in_goes_in(desk: Desk) -> None:
    records = [*section(node("a")), None, 7, object(), {1: 2}]
    report = desk.run(source=PluginSource("theirs", "", (), (), lambda paths: records))
    assert [p.position for p in report.rejected] == ["record 4", "record 5", "record 6", "record 7"]
    assert desk.when("a") == [(1, None)]


def test_several_scopes_in_one_file_stand_for_themselves(desk: Desk) -> None:
    both = desk.file(*section(node("a"), name="one"), *section(node("b"), name="two", end=False))
    report = desk.run(both)
    assert [(s.scope.name, s.complete) for s in report.scopes] == [("one", True), ("two", False)]


def test_a_compressed_file_says_the_same(desk: Desk) -> None:
    plain = desk.file(*section(node("a"), edge("a", "INVOKES", "b")))
    packed = plain.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    desk.run(plain)
    there = Desk(desk.folder)
    there.run(packed)
    assert there.told() == desk.told()


def test_a_folder_stands_for_its_files(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for name in ("a", "b", ".hidden"):
        text = "\n".join(map(json.dumps, section(node(name.strip(".")), name=name)))
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("What the files are.")
    report = desk.run(folder)
    assert {uid for uid, *_ in desk.told()} == {"a", "b"}
    assert (report.rejected_count, report.skipped) == (0, {OTHER_SORT: 1, HIDDEN: 1})


def test_scope_renames_the_one_scope_of_a_file(desk: Desk) -> None:
    report = desk.run(desk.file(*section(node("a"))), scope="renamed")
    assert [(s.scope.name, s.complete) for s in report.scopes] == [("renamed", True)]
    report = desk.run(desk.file(*section(name="one"), *section(node("b"), name="two")), scope="renamed")
    assert [p.field for p in report.rejected] == ["scope.name", "node", "end"]


def test_lines_after_a_scope_line_that_cannot_be_read_belong_to_no_scope(desk: Desk) -> None:
    lines: list[Any] = [*section(node("a"), end=False), '{"scope": {"name": "two", ', json.dumps(node("b"))]
    report = desk.run(desk.file(*lines))
    assert [p.position for p in report.rejected] == ["line 3, column 27", "line 4"]
    assert {uid for uid, *_ in desk.told()} == {"a"}


def test_every_field_of_a_line_arrives(desk: Desk) -> None:
    desk.read(
        node("m", type="model", name="M", properties={"criticality": 4, "tags": ["x", "y"]}),
        node("d", "Dataset", external_ids={"openlineage": "ns name"}),
        edge(
            "m",
            "READS",
            "d",
            marks=["coarse", "optional"],
            origin="observed",
            certainty="possible",
            condition="when asked",
            environment="production",
            properties={"rows": 5},
        ),
    )
    at = desk.ledger.at(day(2))
    found = desk.ledger.nodes([Uid("m"), Uid("d")], at)
    assert (found[Uid("m")].type, found[Uid("m")].name) == ("model", "M")
    assert (found[Uid("m")].get("criticality"), found[Uid("m")].get("tags")) == (4, ("x", "y"))
    assert [str(i) for i in found[Uid("d")].external_ids] == ["openlineage=ns name"]
    (read,) = desk.ledger.all_edges(at)
    assert read.marks == {"coarse", "optional"}
    assert (read.certainty.value, read.conditions, read.environment) == (
        "possible",
        ("when asked",),
        "production",
    )
    assert [origin.value for origin in read.origins] == ["observed"]
    (claim,) = desk.ledger.edge_claims(read, at)
    assert claim.claim.locator == "input-1.jsonl: line 4"


@pytest.mark.parametrize(
    ("kind", "properties", "kept"),
    [
        ("Secret", {"created": d(2)}, {"created": day(2)}),
        ("Secret", {"expires": day(3), "revoked": True}, {"expires": day(3), "revoked": True}),
        ("Asset", {"created": "long ago"}, {"created": "long ago"}),
        ("Requirement", {"weight": 1}, {"weight": 1}),
    ],
)
def test_declared_properties_are_kept_as_declared(
    desk: Desk, kind: str, properties: dict[str, Any], kept: dict[str, Any]
) -> None:
    desk.read(node("a", kind, properties=properties))
    assert desk.spans("a")[0][2]["properties"] == kept


@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        ("Secret", "created", "long ago", "a time such as 2026-01-31T12:00:00Z"),
        ("Asset", "criticality", "high", "a whole number"),
        ("Asset", "criticality", True, "a whole number"),
        ("Asset", "criticality", 5, "0 to 4"),
        ("Asset", "environment", "prod", "one of production, staging, development, unknown"),
        ("Identity", "status", "gone", "one of active, suspended, departed, unknown"),
        ("Secret", "revoked", "no", "true or false"),
        ("Evidence", "subject_digests", "sha256:0", "a list of texts"),
    ],
)
def test_declared_properties_that_hold_something_else_are_refused(
    desk: Desk, kind: str, name: str, value: Any, expected: str
) -> None:
    (problem,) = desk.read(node("a", kind, properties={name: value})).rejected
    assert problem.field == f"node.properties.{name}"
    assert problem.expected.startswith(expected)
