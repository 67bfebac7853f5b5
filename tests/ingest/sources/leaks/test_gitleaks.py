"""Reports of gitleaks: what is known of a match, and where one secret stands in several places."""

import hashlib
from typing import Any

import pytest

from graph.model import ExternalId
from ingest.record import Noted, Said
from ingest.times import parse_time
from tests.ingest import keys
from tests.ingest.sources.exports import KEYS, Export, edges, ids, nodes, partial

LINK = "https://github.com/o/r/blob/c0ffee/{file}#L{line}"
RULE = "generic-api-key"
PLACE = "https://github.com/o/r"
KEY_ID = "AKIA2TESTTESTTEST7QA"
HALF = "planted0value1planted2value3planted4valu"


def finding(
    secret: str, rule: str = "generic-api-key", file: str = "a.py", line: int = 1, **fields: Any
) -> Any:
    return {
        "RuleID": rule,
        "Description": "found",
        "StartLine": line,
        "EndLine": line,
        "StartColumn": 1,
        "EndColumn": 9,
        "Match": f"key = {secret}",
        "Secret": secret,
        "File": file,
        "SymlinkFile": "",
        "Commit": "c0ffee",
        "Link": LINK.format(file=file, line=line),
        "Entropy": 4.2,
        "Author": "Ada",
        "Email": "ada@example.org",
        "Date": "2026-01-02T03:04:05Z",
        "Message": "wip",
        "Tags": [],
        "Fingerprint": f"c0ffee:{file}:{rule}:{line}",
        **fields,
    }


def found_in(records: list[Any]) -> list[Any]:
    said = [r.claim.about for r in records if isinstance(r, Said)]
    return [about for about in said if getattr(about, "relation", "") == "FOUND_IN"]


def test_a_key_is_told_by_its_fingerprint_and_meets_its_public_half(export: Export) -> None:
    export.put("report.json", [finding(keys.PLAIN, "private-key", "run.sh", 12)])
    records = export.records()
    fingerprint = KEYS.of_secret(keys.PLAIN.strip().encode())
    assert edges(records) == {f"{fingerprint} FOUND_IN {PLACE}"}
    assert ids(records) == [ExternalId("ssh-key-sha256", keys.PLAIN_DIGEST)]
    secret = nodes(records)[str(fingerprint)]
    assert (secret.type, secret.name) == ("private_key", "private-key in run.sh")
    assert dict(found_in(records)[0].properties) == {
        "tool": "gitleaks",
        "rule": "private-key",
        "liveness": "unknown",
        "found_at": parse_time("2026-01-02T03:04:05Z").moment,
        "file": "run.sh",
        "line": 12,
        "commit": "c0ffee",
    }
    assert partial(records) == {f"{PLACE} gitleaks": None}


def test_a_key_behind_a_passphrase_is_possible_only(export: Export) -> None:
    export.put("report.json", [finding(keys.GUARDED, "private-key")])
    records = export.records()
    assert {e.partition(" ? ")[2] for e in edges(records)} == {"the passphrase of the key is known as well"}
    assert ids(records) == [ExternalId("ssh-key-sha256", keys.GUARDED_DIGEST)]


def test_a_key_that_calls_itself_encrypted_is_possible_only(export: Export) -> None:
    lines = [
        "-----BEGIN RSA PRIVATE KEY-----",
        "Proc-Type: 4,ENCRYPTED",
        "DEK-Info: AES-128-CBC,0A",
        "",
        "QUJD",
    ]
    export.put("report.json", [finding("\n".join([*lines, "-----END RSA PRIVATE KEY-----"]), "private-key")])
    assert {e.partition(" ? ")[2] for e in edges(export.records())} == {
        "the passphrase of the key is known as well"
    }


CERTIFICATE = "-----BEGIN CERTIFICATE-----\nQUJDREVGR0hJSktMTU5PUA==\n-----END CERTIFICATE-----\n"


def test_a_certificate_is_public_without_its_key(export: Export) -> None:
    digest = hashlib.sha256(b"ABCDEFGHIJKLMNOP").hexdigest()
    export.put("report.json", [finding(CERTIFICATE, "certificate")])
    records = export.records()
    assert {e.partition(" ? ")[2] for e in edges(records)} == {
        "the private key of the certificate is known as well"
    }
    assert ids(records) == [ExternalId("x509-sha256", digest)]
    export.put("report.json", [finding(keys.PLAIN + CERTIFICATE, "private-key")])
    assert not any(" ? " in edge for edge in edges(export.records()))


def test_one_secret_in_two_files_is_one_secret(export: Export) -> None:
    later = finding(HALF, file="b.py", line=3, Date="2026-02-01T00:00:00Z")
    export.put("report.json", [later, finding(HALF)])
    (edge,) = found_in(export.records())
    assert edge.properties["places"] == ("a.py:1", "b.py:3")
    assert (edge.properties["file"], edge.properties["line"]) == ("a.py", 1)
    assert edge.properties["found_at"] == parse_time("2026-01-02T03:04:05Z").moment


def test_the_id_of_a_key_alone_opens_nothing(export: Export) -> None:
    export.put("report.json", [finding(KEY_ID, "aws-access-token")])
    records = export.records()
    assert edges(records) == {f"{KEY_ID} FOUND_IN {PLACE} ? the secret half of the key is known as well"}
    assert ids(records) == [ExternalId("aws-access-key-id", KEY_ID)]


def test_an_id_and_a_secret_half_nearby_are_a_pair(export: Export) -> None:
    export.put("report.json", [finding(KEY_ID, "aws-access-token", line=7), finding(HALF, line=8)])
    records = export.records()
    fingerprint = KEYS.of_secret(HALF.encode())
    assert edges(records) == {f"{KEY_ID} FOUND_IN {PLACE}", f"{fingerprint} FOUND_IN {PLACE}"}
    assert nodes(records)[str(fingerprint)].properties["key_ids"] == (f"aws-access-key-id={KEY_ID}",)


@pytest.mark.parametrize(
    "others",
    [
        [finding(HALF, line=20)],
        [finding(HALF, file="b.py", line=8)],
        [finding(HALF, line=8, Commit="beef")],
        [finding(HALF, line=8), finding(HALF[::-1], line=9)],
        [finding(HALF, line=8), finding(KEY_ID.replace("7", "2"), "aws-access-token", line=9)],
    ],
    ids=["far away", "another file", "another commit", "two halves", "two ids"],
)
def test_what_is_no_clear_pair_stays_open(export: Export, others: list[Any]) -> None:
    export.put("report.json", [finding(KEY_ID, "aws-access-token", line=7), *others])
    records = export.records()
    assert f"{KEY_ID} FOUND_IN {PLACE} ? the secret half of the key is known as well" in edges(records)
    assert not [node for node in nodes(records).values() if "key_ids" in node.properties]


@pytest.mark.parametrize("text", ["REDACTED", "plant...", "***********"])
def test_without_the_text_a_secret_is_known_by_its_place(export: Export, text: str) -> None:
    export.put("report.json", [finding(text, Match=f"key = {text}")])
    records = export.records()
    assert edges(records) == {f"default/https://github.com/o/r/a.py/1/generic-api-key FOUND_IN {PLACE}"}
    assert found_in(records)[0].properties["redacted"] is True
    assert [r.message.partition(": ")[2][:31] for r in records if isinstance(r, Noted)] == [
        "1 findings are without their te"
    ]


def test_a_short_value_gets_no_fingerprint(export: Export) -> None:
    export.put("report.json", [finding("hunter2")])
    (secret,) = [node for node in nodes(export.records()).values() if node.kind == "Secret"]
    assert "fingerprint" not in secret.properties


def test_without_a_link_somebody_must_say_the_repository(export: Export) -> None:
    path = export.put("report.json", [finding(HALF, Link="")])
    report = export.read(path).to_json()
    assert [problem["field"] for problem in report["rejected"]] == ["scope"]
    assert edges(export.records(path, scope="git@github.com:o/r.git")) == {
        f"{KEYS.of_secret(HALF.encode())} FOUND_IN {PLACE}"
    }


def test_a_report_without_findings_says_so_of_its_repository(export: Export) -> None:
    export.put("report.json", [finding(HALF)], {"scope": PLACE, "command": "gitleaks git"})
    export.read()
    later = {"scope": PLACE, "command": "gitleaks git", "read_at": "2026-11-20T06:00:00Z"}
    export.put("report.json", [], later)
    report = export.read(read_at=None, complete=False).to_json()
    assert [(s["complete"], s["closed"]) for s in report["scopes"]] == [(True, 2)]


@pytest.mark.parametrize("option", ["--baseline-path old.json", "--log-opts HEAD~3..HEAD"])
def test_options_that_leave_findings_out_close_nothing(export: Export, option: str) -> None:
    export.put("report.json", [], {"scope": PLACE, "command": f"gitleaks git {option}"})
    why = f"its command has {option.split(maxsplit=1)[0]}"
    assert partial(export.records()) == {f"{PLACE} gitleaks": why}


def test_reading_twice_commits_nothing(export: Export) -> None:
    export.put("report.json", [finding(HALF), finding(KEY_ID, line=2), finding(keys.RSA, line=9)])
    assert export.read().to_json()["state"] == "completed"
    assert export.read().commits == 0
