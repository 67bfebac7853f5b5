"""What a problem says: where and why, and never the value that was refused."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.redaction import looks_made
from ingest.registry import load_source
from tests.ingest.jobs import Desk, edge, node, section

made = st.text(string.ascii_letters + string.digits, min_size=16, max_size=40).filter(looks_made)


def wrongly_placed(value: str) -> list[dict[str, Any]]:
    """Lines that hold a value where something else belongs, one place each."""
    return [
        {value: {}},
        {"node": value},
        {"node": {"uid": "a", "kind": value}},
        {"node": {"uid": "a", "kind": "Asset", value: 1}},
        {"node": {"uid": [value], "kind": "Asset"}},
        node("a", type={"x": value}),
        node("a", name=[value]),
        node("a", properties=value),
        node("a", properties={"x": {"y": value}}),
        node("a", properties={"x": [value, 1]}),
        node("a", properties={"criticality": value}),
        node("p", "Identity", type="person", properties={"status": value}),
        node("s", "Secret", properties={"created": value}),
        node("a", external_ids=value),
        node("a", external_ids=[[value]]),
        node("a", external_ids={"email": {"x": value}}),
        node("a", valid_from=value),
        node("a", valid_from="2026-01-01T00:00:00Z", valid_to=value),
        edge("a", value, "b"),
        edge("a", "READS", "b", marks=[value]),
        edge("a", "READS", "b", marks=value),
        edge("a", "READS", "b", origin=value),
        edge("a", "READS", "b", certainty=value),
        edge("a", "READS", "b", subject_kind=value),
        edge("a", "READS", "b", environment=[value]),
        edge("a", "READS", "b", condition={"x": value}),
        {"end": {"scope": "estate", "count": value}},
        {"scope": {"name": "estate", "read_at": value}},
        {"scope": {"name": "estate", "read_at": 0, value: 1}},
        {"scope": {"name": "estate", "read_at": 0, "covers": {"kinds": [value]}}},
    ]


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        (node("a", "dataset"), "Dataset"),
        (node("p", "Identity", type="person", properties={"status": "activ"}), "active"),
        (edge("a", "READ", "b"), "READS"),
        (edge("a", "READS", "b", marks=["refine"]), "refined"),
        (edge("a", "READS", "b", object_kind="Asset "), "Asset"),
    ],
)
def test_of_a_text_that_is_none_of_those_allowed_the_nearest_is_told(
    desk: Desk, line: dict[str, Any], nearest: str
) -> None:
    (problem,) = desk.run(desk.file(*section(line))).rejected
    assert problem.reason.endswith(f", nearest to {nearest}")


@settings(max_examples=10, deadline=None)
@given(made)
def test_no_problem_quotes_what_was_refused(value: str) -> None:
    lines = wrongly_placed(value)
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for line in lines:
            report = desk.run(desk.file(*section(line)))
            assert report.rejected_count > 0, line
            assert value not in str(report.to_json()), line
        desk.store.close()


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("people", "people.csv", "kind,id,@@,@@\nperson,a,,\n"),
        ("people", "people.csv", "kind,id,status\n@@,a,active\nperson,b,@@\n"),
        ("people", "owners.csv", "uid,kind,owner,role\na,@@,x,\nb,Asset,x,@@\n"),
        ("people", "CODEOWNERS", "* @@\n"),
        ("kubernetes", "a.json", '{"apiVersion": "v1", "kind": "List", "items": ["@@", {"kind": "@@"}]}'),
        ("kubernetes", "a.json", '{"@@": 1, "@@": 2}'),
        ("openlineage", "a.jsonl", '{"eventTime": "@@", "producer": "p", "schemaURL": "s"}\n"@@"\n'),
        ("catalog", "a.yaml", "catalog: @@\n"),
    ],
)
def test_no_problem_of_a_source_quotes_what_was_refused(
    desk: Desk, tmp_path: Path, source: str, name: str, text: str
) -> None:
    value = "bPxRfiCY3EXAMPLE9KEY"
    path = tmp_path / name
    path.write_text(text.replace("@@", value), encoding="utf-8")
    report = desk.run(path, source=load_source(source), read_at=0, scope="https://git.example/x")
    assert report.rejected_count > 0
    assert value not in str(report.to_json()["rejected"])
