"""The worked examples of the documentation, run as they stand there, against what was worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.model import Edge, Node, instant
from graph.vocabulary import Certainty, Kind
from ingest.sources.tables import SOURCE
from ingest.uids import address_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

PAGE = Path(__file__).parents[4] / "docs" / "sources" / "tables.md"
BLOCK = re.compile(r"`([a-z]+\.(?:csv|yaml))`:\n\n```(?:csv|yaml)\n(.*?)```", re.DOTALL)
EXAMPLES = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))

APP_1, APP_2, APP_3 = (f"hf:asset:table:default/applications/APP-{n}" for n in (1, 2, 3))
DB_1, DB_2 = (f"hf:dataset:table:default/databases/DB-{n}" for n in (1, 2))
ADA = address_uid("ada@fairbank.example", FINGERPRINTS)
RISK = "hf:identity:team:default/risk"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def written(desk: Desk, *names: str) -> list[Path]:
    paths = [desk.folder / name for name in names]
    for path in paths:
        path.write_text(EXAMPLES[path.name], encoding="utf-8")
    return paths


def nodes(desk: Desk) -> dict[str, Node]:
    return {node.uid: node for node in desk.ledger.all_nodes(desk.ledger.at(day(20)))}


def edges(desk: Desk) -> list[Edge]:
    return list(desk.ledger.all_edges(desk.ledger.at(day(20))))


def test_the_page_has_both_examples() -> None:
    assert set(EXAMPLES) == {"applications.csv", "databases.csv", "cmdb.yaml", "keys.csv", "keys.yaml"}


def test_applications_with_owners_and_databases(desk: Desk) -> None:
    paths = written(desk, "cmdb.yaml", "applications.csv", "databases.csv")
    report = desk.run(*paths, source=SOURCE, read_at=day(2), complete=True).to_json()
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == {"row that the mapping's filter leaves out": 1}
    found = nodes(desk)
    assert {uid for uid, node in found.items() if node.described} == {APP_1, APP_2, DB_1, DB_2}
    scoring, letters = found[APP_1], found[APP_2]
    assert (scoring.kind, scoring.type, scoring.name) == (Kind.ASSET, "application", "Credit scoring")
    assert (scoring.integer("criticality"), scoring.text("environment")) == (4, "production")
    # The first of February begins at 23:00 UTC of the day before in Berlin.
    assert scoring.integer("go_live") == instant(datetime(2025, 1, 31, 23, tzinfo=UTC))
    assert (letters.type, letters.integer("criticality"), letters.text("environment")) == (
        "service",
        2,
        "staging",
    )
    assert letters.integer("go_live") is None
    assert (found[DB_1].kind, found[DB_1].text("engine")) == (Kind.DATASET, "PostgreSQL 16")
    said = {(e.subject.uid, e.relation, e.discriminator, e.object.uid, e.certainty) for e in edges(desk)}
    assert said == {
        (ADA, "OWNS", "accountable", APP_1, Certainty.CERTAIN),
        (RISK, "OWNS", "contact", APP_1, Certainty.CERTAIN),
        (APP_1, "READS", "", DB_1, Certainty.POSSIBLE),
        (APP_1, "READS", "", DB_2, Certainty.POSSIBLE),
        (APP_2, "READS", "", DB_2, Certainty.POSSIBLE),
    }


def test_keys_with_their_expiry(desk: Desk) -> None:
    report = desk.run(*written(desk, "keys.yaml", "keys.csv"), source=SOURCE, read_at=day(2)).to_json()
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [("keys of the AI platform", True)]
    found = nodes(desk)
    scoring = found["hf:secret:table:default/keys/Example%20LLM/scoring-llm"]
    mail = found["hf:secret:table:default/keys/Example%20Mail/letters-mail"]
    assert (scoring.kind, scoring.type, scoring.name) == (Kind.SECRET, "api_key", "scoring-llm")
    assert scoring.integer("expires") == instant(datetime(2027, 1, 1, tzinfo=UTC))
    assert scoring.integer("last_rotated") == instant(datetime(2026, 6, 30, 14, tzinfo=UTC))
    assert (scoring.properties["revoked"].value, mail.properties["revoked"].value) == (False, True)
    assert scoring.text("fingerprint") == FINGERPRINTS.of_secret(b"planted-value-1234567890")
    assert mail.text("fingerprint") is None
    assert "planted-value" not in str(desk.told())
    assert {(e.subject.uid, e.relation, e.object.uid) for e in edges(desk)} == {
        (scoring.uid, "AUTHENTICATES", "hf:identity:table:default/accounts/scoring-bot"),
        (mail.uid, "AUTHENTICATES", "hf:identity:table:default/accounts/letter-bot"),
    }


def test_reading_twice_changes_nothing_and_what_retires_ends(desk: Desk) -> None:
    paths = written(desk, "cmdb.yaml", "applications.csv", "databases.csv")
    desk.run(*paths, source=SOURCE, read_at=day(2), complete=True)
    head = desk.ledger.head().sequence
    assert desk.run(*paths, source=SOURCE, read_at=day(3), complete=True).commits == 0
    assert desk.ledger.head().sequence == head
    changed = EXAMPLES["applications.csv"].replace("DB-2,,Live", "DB-2,,Retired")
    paths[1].write_text(changed, encoding="utf-8")
    desk.run(*paths, source=SOURCE, read_at=day(4), complete=True)
    assert APP_2 not in nodes(desk)
    assert APP_1 in nodes(desk)
