"""Whatever a source yields, no secret value gets past the job: into no store, log, error or report."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InvalidValue, Problem
from graph.model import Claim, EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Kind
from ingest.record import Noted, Observed, Rejected, Said, ScopeClosed, ScopeOpened, Skipped
from ingest.registry import load_source
from tests.broken.test_broken import PLANTED, stored_bytes
from tests.ingest.jobs import Desk, Scripted, node, section
from tests.ingest.secret_texts import IN_TEXT, NOUN_AND_COLON, VALUE
from tests.support.saying import RECORDS, day

TOKEN = f"sk-proj-{PLANTED}-0123456789"
ADDRESS = f"postgres://app:{PLANTED}@db.example/shop"

NODE = NodeFacts(
    Uid("svc"),
    Kind.ASSET,
    type=TOKEN,
    name=f"runs with {TOKEN}",
    properties={
        "url": ADDRESS,
        "password": PLANTED,
        "args": ("--verbose", f"--token={PLANTED}"),
        "value": PLANTED,
        TOKEN: "x",
        "facts": json.dumps({"apiKey": PLANTED}),
        "kept": "plain",
    },
    external_ids=(ExternalId("git-url", f"https://x:{PLANTED}@git.example/r"), ExternalId("hostname", "h")),
)
SECRET = NodeFacts(
    Uid("sec"), Kind.SECRET, "token", properties={"data": PLANTED, "match": PLANTED, "last_used": ADDRESS}
)
EDGE = EdgeFacts(
    "FOUND_IN",
    Uid("sec"),
    Uid("svc"),
    environment=f"token={PLANTED}",
    properties={"secret": PLANTED, "context": ADDRESS, "line": 12},
)
FILE = {"_producer": "p", "_schemaURL": "s", "datasetType": "FILE"}
REFUSED: list[NodeFacts | EdgeFacts] = [
    NodeFacts(Uid(TOKEN), Kind.SECRET),
    EdgeFacts("READS", Uid("svc"), Uid(ADDRESS)),
    EdgeFacts("READS", Uid(TOKEN), Uid("ds")),
    EdgeFacts("READS", Uid("svc"), Uid("ds"), marks=frozenset({TOKEN})),
    EdgeFacts(TOKEN, Uid("svc"), Uid("ds")),
]


def test_planted_values_are_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    claims = [
        Claim(RECORDS, NODE, locator=ADDRESS),
        Claim(RECORDS, SECRET, locator=ADDRESS),
        Claim(RECORDS, EDGE, condition=f"while Bearer {PLANTED}-0123456789 works", locator=TOKEN),
        *(Claim(RECORDS, facts) for facts in REFUSED),
    ]
    source = Scripted(
        [
            ScopeOpened(RECORDS, day(1)),
            *(Said(claim, f"file {TOKEN}", ADDRESS) for claim in claims),
            Rejected(Problem(ADDRESS, TOKEN, TOKEN, ADDRESS, ADDRESS)),
            Skipped(ADDRESS),
            Noted(f"look at {TOKEN}"),
            Observed(Uid("sec"), "last_used", TOKEN),
            Observed(Uid("sec"), "password", PLANTED),
            Observed(Uid(TOKEN), "last_used", "1"),
            ScopeClosed(RECORDS, complete=False, reason=f"stopped by {TOKEN}"),
            RuntimeError(PLANTED),
        ]
    )
    store_file = tmp_path / "store.db"
    desk = Desk(tmp_path, str(store_file))
    report = desk.run(source=source)

    assert report.nodes.created == 2
    assert report.edges.created == 1
    # Five refused claims, one problem of the source, and that the source stopped.
    assert report.rejected_count == 7
    found = desk.ledger.nodes([Uid("svc")], desk.ledger.at(day(2)))[Uid("svc")]
    assert found.get("url") == "postgres://app:[redacted]@db.example/shop"
    assert (found.get("password"), found.get("value"), found.get("kept")) == (None, None, "plain")
    assert found.get("args") == ("--verbose", "--token=[redacted]")
    assert [str(i) for i in found.external_ids] == ["hostname=h"]
    desk.store.close()

    assert PLANTED not in json.dumps(report.to_json())
    assert PLANTED not in caplog.text
    assert PLANTED.encode() not in stored_bytes(store_file)


def test_what_was_taken_out_is_told_by_field_and_place(desk: Desk) -> None:
    said = Said(Claim(RECORDS, NODE), "f", "line 1")
    report = desk.run(source=Scripted([ScopeOpened(RECORDS, day(1)), said]))
    assert "f: line 1: properties.password was left out or shortened: a secret value, going by the name" in (
        report.warnings
    )
    assert "f: line 1: properties.url was left out or shortened: a password in an address" in report.warnings
    # Nothing was rejected for it: the rest of the claim is sound.
    assert report.rejected_count == 0


@pytest.mark.parametrize("kind", ["Decision", "Evidence"])
def test_no_source_can_say_that_somebody_was_authenticated(desk: Desk, kind: str) -> None:
    path = desk.file(
        *section(
            node("yes", kind, type="approval", properties={"actor_basis": "authenticated", "reason": "good"}),
            node("well", "Decision", type="approval", properties={"actor_basis": "asserted"}),
        )
    )
    report = desk.run(path)
    found = desk.ledger.nodes([Uid("yes"), Uid("well")], desk.ledger.at(day(2)))
    assert [found[Uid(uid)].get("actor_basis") for uid in ("yes", "well")] == ["asserted", "asserted"]
    assert found[Uid("yes")].get("reason") == "good"
    said = "line 2: properties.actor_basis was set to asserted: no source can vouch for who decided"
    assert [w for w in report.warnings if "actor_basis" in w] == [f"{path.name}: {said}"]
    assert report.rejected_count == 0


def test_what_had_a_value_taken_out_of_its_name_goes_in(desk: Desk) -> None:
    """A source that cleaned a name has done all there is to do: what the name stands for is not lost."""
    texts = [text.replace("@@", VALUE) for text in IN_TEXT if text != NOUN_AND_COLON]
    uses: list[dict[str, Any]] = [{"namespace": text, "name": "raw/orders.parquet"} for text in texts]
    uses += [{"namespace": "lake", "name": text, "facets": {"datasetType": FILE}} for text in texts]
    event = {
        "eventType": "COMPLETE",
        "eventTime": "2026-01-01T00:00:00Z",
        "producer": "https://example.org/p",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
        "run": {"runId": "c2281e6b-87c4-56b3-8905-1f8408d59adc"},
        "job": {"namespace": "n", "name": "j"},
        "inputs": uses,
    }
    path = desk.folder / "events.jsonl"
    path.write_text(json.dumps(event) + "\n", encoding="utf-8")
    report = desk.run(path, source=load_source("openlineage"))
    assert report.to_json()["rejected"] == []
    # Some texts are the same ones once the value is gone.
    assert report.edges.created > len(texts)
    assert report.warnings == []
    described = [
        n for n in desk.ledger.all_nodes(desk.ledger.at(day(2))) if n.kind is Kind.DATASET and n.described
    ]
    assert described
    assert all({i.scheme for i in n.external_ids} == {"openlineage"} for n in described)


@pytest.mark.parametrize(
    "uid",
    [
        f"hf:dataset:openlineage:ada:{VALUE}@db.example/x",
        f"hf:dataset:openlineage:mysql%20-p{VALUE}%20shop/x",
        f"hf:dataset:openlineage:x/mysql%20-p{VALUE}%20shop",
        f"hf:dataset:openlineage:%5Bredacted%5D/password={VALUE}",
        f"password=[redacted]{VALUE}",
        f"password=[redacted]/password={VALUE}",
        f"postgres://[redacted]:pa/{VALUE}@db.example/shop",
    ],
)
def test_a_value_anywhere_in_a_uid_is_refused(desk: Desk, uid: str) -> None:
    report = desk.run(desk.file(*section(node(uid)))).to_json()
    (problem,) = report["rejected"]
    assert problem["field"] == "uid"
    assert VALUE not in json.dumps(report)


@pytest.mark.parametrize("option", ["actor", "instance", "scope"])
def test_a_run_is_not_begun_under_a_name_with_a_secret_in_it(desk: Desk, option: str) -> None:
    named: dict[str, Any] = {option: f"eu password={VALUE}"}
    with pytest.raises(InvalidValue) as caught:
        desk.run(desk.file(*section(node("a"))), **named)
    assert caught.value.field == option
    assert VALUE not in str(caught.value)
    assert desk.store.runs(before=None, limit=10) == []


def test_a_file_with_a_secret_in_its_name_is_told_once_and_not_by_it(desk: Desk) -> None:
    path = desk.folder / f"people token={VALUE}.csv"
    path.write_text("kind,id\nteam,a\n", encoding="utf-8")
    report = desk.run(path, source=load_source("people"), read_at=day(1), complete=True).to_json()
    (problem,), (scope,) = report["rejected"], report["scopes"]
    assert (problem["position"], problem["field"]) == ("line 2", "scope")
    assert (scope["complete"], scope["why"]) == (False, "1 of its records was rejected")
    assert VALUE not in json.dumps(report)
