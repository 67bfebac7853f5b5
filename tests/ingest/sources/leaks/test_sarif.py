"""SARIF: results of rules about secrets are leaks, and no others."""

from typing import Any

import pytest

from ingest.record import Rejected, Said, Skipped
from tests.ingest.sources.exports import KEYS, Export, edges, partial

PLACE = "https://github.com/o/r"
VALUE = "planted0value1planted2value3"


def document(*results: Any, tool: str = "gitleaks", rules: Any = (), version: str = "2.1.0") -> Any:
    run = {
        "tool": {"driver": {"name": tool, "semanticVersion": "v8.0.0", "rules": list(rules)}},
        "versionControlProvenance": [{"repositoryUri": PLACE}],
        "results": list(results),
    }
    return {"$schema": "sarif-2.1.0.json", "version": version, "runs": [run]}


def result(rule: str = "private-key", text: str = VALUE, **fields: Any) -> Any:
    region = {"startLine": 3, "snippet": {"text": text}}
    location = {"physicalLocation": {"artifactLocation": {"uri": "run.sh"}, "region": region}}
    return {
        "ruleId": rule,
        "message": {"text": f"{rule} has detected secret for file run.sh."},
        "locations": [location],
        "partialFingerprints": {"commitSha": "c0ffee", "email": "ada@example.org", "author": "Ada"},
        **fields,
    }


def skipped(records: list[Any]) -> list[str]:
    return [r.what for r in records if isinstance(r, Skipped)]


def test_a_result_of_a_scanner_for_secrets(export: Export) -> None:
    export.put("scan.sarif", document(result()))
    records = export.records()
    assert edges(records) == {f"{KEYS.of_secret(VALUE.encode())} FOUND_IN {PLACE}"}
    (edge,) = [r.claim.about for r in records if isinstance(r, Said) and hasattr(r.claim.about, "relation")]
    assert dict(edge.properties) == {
        "tool": "gitleaks",
        "rule": "private-key",
        "liveness": "unknown",
        "file": "run.sh",
        "line": 3,
        "commit": "c0ffee",
    }
    assert partial(records) == {f"{PLACE} gitleaks": None}


def test_cross_site_scripting_is_no_leak(export: Export) -> None:
    export.put("scan.sarif", document(result("js/xss"), tool="CodeQL"))
    records = export.records()
    assert edges(records) == set()
    assert skipped(records) == ["result of a rule that is not about secrets"]
    assert partial(records) == {}


@pytest.mark.parametrize(
    ("rule", "rules"),
    [
        ("a", [{"id": "a", "properties": {"tags": ["security", "Secret"]}}]),
        ("a", [{"id": "a", "properties": {"tags": ["secret-scanning"]}}]),
        ("generic.secrets.security.detected-key", []),
    ],
)
def test_rules_about_secrets_of_other_tools(export: Export, rule: str, rules: Any) -> None:
    export.put("scan.sarif", document(result(rule), tool="Trivy", rules=rules))
    assert len(edges(export.records())) == 1


def test_a_rule_may_be_named_by_its_place(export: Export) -> None:
    rules = [{"id": "x"}, {"id": "a", "properties": {"tags": ["secret"]}}]
    by_index = {key: value for key, value in result(ruleIndex=1).items() if key != "ruleId"}
    export.put("scan.sarif", document(by_index, tool="Trivy", rules=rules))
    assert len(edges(export.records())) == 1


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"suppressions": [{"kind": "inSource"}]}, "result that somebody suppressed"),
        ({"baselineState": "absent"}, "result that is no longer there"),
    ],
)
def test_what_somebody_answered_is_counted(export: Export, fields: Any, what: str) -> None:
    export.put("scan.sarif", document(result(**fields)))
    records = export.records()
    assert (edges(records), skipped(records)) == (set(), [what])


@pytest.mark.parametrize(
    ("properties", "liveness"),
    [
        ({"validity": "active"}, "active"),
        ({"validity": "Inactive"}, "inactive"),
        ({"verified": True}, "active"),
        ({"verified": False}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_liveness(export: Export, properties: Any, liveness: str) -> None:
    export.put("scan.sarif", document(result(properties=properties)))
    said = [r.claim.about for r in export.records() if isinstance(r, Said)]
    assert [e.properties["liveness"] for e in said if hasattr(e, "relation")] == [liveness]


def test_another_version_is_refused_by_name(export: Export) -> None:
    export.put("scan.sarif", document(result(), version="2.0.0"))
    (rejected,) = [r.problem for r in export.records() if isinstance(r, Rejected)]
    assert (rejected.field, rejected.expected) == ("/version", "2.1.0")
