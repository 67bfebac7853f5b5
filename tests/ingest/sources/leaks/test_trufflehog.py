"""Findings of trufflehog, a line each: where it looked, whom a key opens, and whether it still does."""

import json
from typing import Any

import pytest

from graph.model import ExternalId
from ingest.record import Said
from ingest.times import parse_time
from tests.ingest.sources.exports import KEYS, Export, edges, ids, nodes, partial

PLACE = "https://github.com/o/r"
KEY_ID = "AKIA2TESTTESTTEST7QA"
HALF = "planted0value1planted2value3planted4valu"
GIT = {
    "commit": "c0ffee",
    "file": "keys.env",
    "email": "Ada <ada@example.org>",
    "repository": "https://github.com/o/r.git",
    "timestamp": "2026-01-02 03:04:05 -0700",
    "line": 4,
}


def finding(where: Any = None, sort: str = "Git", **fields: Any) -> str:
    return json.dumps(
        {
            "SourceMetadata": {"Data": {sort: GIT if where is None else where}},
            "SourceID": 1,
            "SourceType": 16,
            "SourceName": "trufflehog - git",
            "DetectorType": 2,
            "DetectorName": "AWS",
            "DecoderName": "PLAIN",
            "Verified": True,
            "Raw": KEY_ID,
            "RawV2": f"{KEY_ID}:{HALF}",
            "Redacted": KEY_ID,
            "ExtraData": {"account": "214365870912", "arn": "arn:aws:iam::214365870912:user/robot"},
            "StructuredData": None,
            **fields,
        }
    )


def found_in(records: list[Any]) -> dict[str, Any]:
    (edge,) = [r.claim.about for r in records if isinstance(r, Said) and hasattr(r.claim.about, "relation")]
    return dict(edge.properties)


def test_a_pair_of_an_aws_key(export: Export) -> None:
    export.put("report.jsonl", finding() + "\n")
    records = export.records()
    fingerprint = str(KEYS.of_secret(HALF.encode()))
    assert edges(records) == {f"{fingerprint} FOUND_IN {PLACE}"}
    assert ids(records) == [ExternalId("aws-access-key-id", KEY_ID)]
    properties = nodes(records)[fingerprint].properties
    assert properties["key_ids"] == ("arn=arn:aws:iam::214365870912:user/robot",)
    said = found_in(records)
    assert said["liveness"] == "active"
    assert said["found_at"] == parse_time("2026-01-02T03:04:05-07:00").moment
    assert partial(records) == {f"{PLACE} trufflehog": None}


def test_both_scanners_speak_of_one_secret(export: Export) -> None:
    export.put("report.jsonl", finding(RawV2="", Raw=HALF) + "\n")
    gitleaks = {"RuleID": "generic", "StartLine": 9, "Secret": HALF, "File": "a", "Link": f"{PLACE}/blob/c/a"}
    export.put("report.json", [gitleaks])
    assert edges(export.records()) == {f"{KEYS.of_secret(HALF.encode())} FOUND_IN {PLACE}"}


def test_what_was_not_verified_is_unknown(export: Export) -> None:
    export.put("report.jsonl", finding(Verified=False) + "\n")
    assert found_in(export.records())["liveness"] == "unknown"


@pytest.mark.parametrize(
    ("sort", "where", "place"),
    [
        ("Github", {"repository": "git@github.com:o/r.git", "link": "x"}, PLACE),
        ("S3", {"bucket": "lake", "file": "a.env"}, "default/s3 lake"),
        ("Docker", {"image": "shop:1", "file": "/a"}, "default/docker shop:1"),
        ("Slack", {"channel_id": "C1"}, "default/Slack trufflehog - git"),
    ],
)
def test_places(export: Export, sort: str, where: Any, place: str) -> None:
    export.put("report.jsonl", finding(where, sort) + "\n")
    (edge,) = edges(export.records())
    assert edge.partition(" FOUND_IN ")[2] == place


def test_of_files_somebody_must_say_where_they_belong(export: Export) -> None:
    path = export.put("report.jsonl", finding({"file": "a.env"}, "Filesystem") + "\n")
    assert [p["field"] for p in export.read(path).to_json()["rejected"]] == ["scope"]
    assert edges(export.records(path, scope=PLACE)) == {f"{KEYS.of_secret(HALF.encode())} FOUND_IN {PLACE}"}


def test_no_findings_at_all_are_a_report_where_the_command_says_so(export: Export) -> None:
    export.put("report.jsonl", "", {"scope": PLACE, "command": "trufflehog git --json"})
    assert partial(export.records()) == {f"{PLACE} trufflehog": None}
    export.put("report.jsonl", "", {"scope": PLACE, "command": "trufflehog git --json --only-verified"})
    assert partial(export.records()) == {f"{PLACE} trufflehog": "its command has --only-verified"}


def test_a_report_of_an_organisation_makes_no_repository_of_it(export: Export) -> None:
    said = {"scope": "https://github.com/o", "command": "trufflehog github --json"}
    export.put("report.jsonl", finding() + "\n", said)
    assert set(partial(export.records())) == {f"{PLACE} trufflehog"}


def test_repositories_of_one_report_are_scopes_of_their_own(export: Export) -> None:
    other = finding({**GIT, "repository": "https://github.com/o/s"})
    export.put("report.jsonl", f"{finding()}\n\n{other}\n")
    assert set(partial(export.records())) == {f"{PLACE} trufflehog", "https://github.com/o/s trufflehog"}
