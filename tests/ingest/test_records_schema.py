"""The published schema of a records line, and the reader, draw the same line between valid and not."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ingest.sources.records.shape import KINDS, MARKS, RELATIONS
from tests.ingest.jobs import Desk, edge, node

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/records.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

VALID = [
    {"scope": {"name": "estate"}},
    {"scope": {"name": "estate", "source": "crm", "read_at": "2026-01-01T00:00:00Z"}},
    {"scope": {"name": "estate", "source": "kubernetes/eu-1", "read_at": 0, "covers": {"kinds": ["Asset"]}}},
    {"scope": {"name": "estate", "covers": {"kinds": [], "relations": ["READS"]}}},
    {"scope": {"name": "estate", "read_at": "2026-01-01"}},
    {"scope": {"name": "estate", "restates": True}},
    {"scope": {"name": "estate", "restates": None}},
    node("a"),
    node("a", type=None, name="A", properties={"n": 1, "list": ["x", "y"], "nothing": None}),
    node("a", "Identity", external_ids=[{"scheme": "email", "value": "ada@example.org"}]),
    node("a", external_ids=[["arn", "x"], ["arn", "y"]]),
    node("a", external_ids={"arn": "x", "hostname": ["y", "z"]}),
    node("a", valid_from="2026-01-01T00:00:00.123456789+02:00"),
    node("a", valid_from=1, valid_to=2),
    node("a", valid_from=1, valid_to=None),
    node("r", "Requirement", properties={"slots": [{"key": "x"}]}),
    node("a", coverage={"READS": "complete", "INVOKES": "incomplete", "WRITES": None}),
    node("a", coverage=None),
    edge("a", "READS", "d", marks=["optional"], origin="observed", certainty="possible", condition="if so"),
    edge("a", "SERVES", "v", environment="production", subject_kind="Asset", object_kind="Asset"),
    edge("p", "OWNS", "a", marks=["accountable"]),
    {"end": {"scope": "estate", "count": 0}},
]

INVALID = [
    [],
    "scope",
    {},
    {"vertex": {}},
    {"scope": {"name": "estate"}, "node": {}},
    {"scope": {}},
    {"scope": {"name": ""}},
    {"scope": {"name": 1}},
    {"scope": {"name": "estate", "colour": "red"}},
    {"scope": {"name": "estate", "source": "/x"}},
    {"scope": {"name": "estate", "source": "x/"}},
    {"scope": {"name": "estate", "read_at": "soon"}},
    {"scope": {"name": "estate", "read_at": 1.5}},
    {"scope": {"name": "estate", "covers": ["Asset"]}},
    {"scope": {"name": "estate", "covers": {"kinds": ["Server"]}}},
    {"scope": {"name": "estate", "covers": {"types": []}}},
    {"scope": {"name": "estate", "restates": "yes"}},
    {"scope": {"name": "estate", "restates": 1}},
    {"node": {"uid": "a"}},
    {"node": {"kind": "Asset"}},
    node("", "Asset"),
    node("a", "asset"),
    node("a", "unknown"),
    node("a", owner="x"),
    node("a", name=1),
    node("a", properties=[]),
    node("a", external_ids="x"),
    node("a", external_ids=[["arn"]]),
    node("a", external_ids=[{"scheme": "arn"}]),
    node("a", external_ids=[{"scheme": "arn", "value": "x", "since": 1}]),
    node("a", external_ids={"arn": 1}),
    node("a", coverage=["READS"]),
    node("a", coverage={"LIKES": "complete"}),
    node("a", coverage={"READS": "unknown"}),
    node("a", coverage={"READS": True}),
    node("a", valid_to=2),
    node("a", valid_from=None, valid_to=2),
    node("a", valid_from="2026-01-01T00:00"),
    node("a", valid_from=True),
    {"edge": {"relation": "READS", "subject": "a"}},
    edge("a", "LIKES", "b"),
    edge("a", "READS", "b", marks="optional"),
    edge("a", "READS", "b", marks=["nice"]),
    edge("a", "READS", "b", origin="guessed"),
    edge("a", "READS", "b", certainty="sure"),
    edge("a", "READS", "b", object_kind="unknown"),
    edge("a", "READS", "b", weight=1),
    {"end": {"scope": "estate"}},
    {"end": {"scope": "estate", "count": -1}},
    {"end": {"scope": "estate", "count": True}},
    {"end": {"scope": "estate", "count": 1, "sum": 2}},
]


def ids(lines: list[Any]) -> list[str]:
    return [json.dumps(line) for line in lines]


def reads(desk: Desk, line: Any) -> bool:
    """Whether the reader takes a line that stands where it belongs."""
    lines = [line]
    if not (isinstance(line, dict) and "scope" in line):
        lines.insert(0, {"scope": {"name": "estate", "read_at": 1}})
    return desk.run(desk.file(*lines)).rejected_count == 0


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("line", VALID, ids=ids(VALID))
def test_both_take_what_is_valid(desk: Desk, line: Any) -> None:
    assert list(VALIDATOR.iter_errors(line)) == []
    assert reads(desk, line)


@pytest.mark.parametrize("line", INVALID, ids=ids(INVALID))
def test_both_refuse_what_is_not(desk: Desk, line: Any) -> None:
    assert not VALIDATOR.is_valid(line)
    assert not reads(desk, line)


def test_the_schema_lists_the_words_of_the_vocabulary() -> None:
    defined = SCHEMA["$defs"]
    assert defined["kind"]["enum"] == list(KINDS)
    assert defined["relation"]["enum"] == list(RELATIONS)
    assert defined["mark"]["enum"] == list(MARKS)
