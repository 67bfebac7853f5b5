"""Files and events as they occur: forms, times, broken parts, and secrets in places where none belong."""

import gzip
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from ingest.sources.openlineage.names import Name, dataset_group
from tests.ingest.sources.openlineage.world import (
    columns,
    complete,
    dataset,
    dataset_node,
    edges,
    ingest,
    job_event,
    read,
    run,
    standing,
)

SAMPLE = Path(__file__).parents[4] / "samples" / "openlineage"
ONE, TWO = complete(1, ["a"]), complete(2, ["b"])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps([ONE, TWO], indent=0),
        f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n",
        f"{json.dumps(ONE, indent=4)}\n{json.dumps(TWO)}",
        f"[{json.dumps(ONE)}]\n[{json.dumps(TWO)}]",
        f"\ufeff{json.dumps(ONE)}\r\n{json.dumps(TWO)}\r\n",
    ],
    ids=["array", "pretty array", "array without indent", "lines", "mixed", "batches", "byte order mark"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_events_are_found_in_every_form(ledger, tmp_path, text, packed):
    path = tmp_path / "events"
    content = text.encode("utf-8")
    path.write_bytes(gzip.compress(content) if packed else content)
    report = ingest(ledger, path)
    assert (report.rejected_count, report.retained) == (0, 4)
    assert edges(ledger) == {"j READS a 1..open", "j READS b 2..open"}


def test_one_broken_event_in_a_pretty_array_does_not_take_the_others_with_it(ledger, tmp_path):
    good = [json.dumps(e, indent=2).replace("\n", "\n  ") for e in (ONE, TWO)]
    path = tmp_path / "events.json"
    path.write_text(f'[\n  {good[0]},\n  {{"eventTime": "x", "run": {{,\n  {good[1]}\n]\n', encoding="utf-8")
    report = ingest(ledger, path)
    assert [p.reason for p in report.rejected] == ["an event that does not end before the next one begins"]
    assert edges(ledger) == {"j READS a 1..open", "j READS b 2..open"}


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("2026-01-01T00:00:00", "1", "UTC was assumed"),
        ("2026-01-01T00:00:00.000000001Z", "1", "finer than milliseconds"),
        ("2026-01-02T01:00:00+01:00", "2", None),
    ],
)
def test_times_without_a_zone_and_with_nanoseconds_are_read_and_told(ledger, tmp_path, text, day, said):
    report = read(ledger, tmp_path, [{**ONE, "eventTime": text}])
    assert edges(ledger) == {f"j READS a {day}..open"}
    assert [said in warning for warning in report.warnings] == ([True] if said else [])


def test_run_ids_need_be_no_uuids_and_states_may_be_missing(ledger, tmp_path):
    event = run("START", 1, "not a uuid", ["a"])
    del event["eventType"]
    assert read(ledger, tmp_path, [event]).rejected_count == 0
    assert edges(ledger) == {"j READS a 1..open"}


def test_an_event_is_told_by_its_keys_whatever_its_schema_says(ledger, tmp_path):
    event = job_event(1, ["a"]) | {"schemaURL": "https://example.org/RunEvent"}
    read(ledger, tmp_path, [event])
    (edge,) = ledger.all_edges(ledger.at())
    assert edge.origins[0].value == "declared"


def without(event, *path):
    copy = json.loads(json.dumps(event))
    place = copy
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return copy


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (without(ONE, "eventTime"), "/eventTime"),
        ({**ONE, "eventTime": "yesterday"}, "/eventTime"),
        (without(ONE, "producer"), "/producer"),
        (without(ONE, "schemaURL"), "/schemaURL"),
        (without(ONE, "run", "runId"), "/run/runId"),
        (without(ONE, "job", "name"), "/job/name"),
        ({**ONE, "job": "j"}, "/job"),
        (without(without(ONE, "run"), "job"), ""),
    ],
)
def test_only_a_broken_core_makes_an_event_useless(ledger, tmp_path, event, field):
    report = read(ledger, tmp_path, [event, TWO])
    assert [p.field for p in report.rejected] == [field]
    assert edges(ledger) == {"j READS b 2..open"}


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (complete(1, ["a"], job_facets={"ownership": {"owners": "me"}}), "/job/facets/ownership/owners"),
        (complete(1, ["a"], job_facets={"ownership": 7}), "/job/facets/ownership"),
        (
            complete(1, ["a"], run_facets={"parent": {"job": {"name": "p"}}}),
            "/run/facets/parent/job/namespace",
        ),
        (
            complete(1, [dataset("a", schema={"fields": [{"type": "INT"}]})]),
            "/inputs/0/facets/schema/fields/0/name",
        ),
        (complete(1, ["a", {"namespace": "db"}]), "/inputs/1/name"),
        ({**complete(1, ["a"]), "outputs": "b"}, "/outputs"),
        ({**complete(1, ["a"]), "eventType": "DONE"}, "/eventType"),
    ],
)
def test_what_else_is_wrong_is_reported_and_the_event_goes_in(ledger, tmp_path, event, field):
    report = read(ledger, tmp_path, [event])
    assert [p.field for p in report.rejected] == [field]
    assert report.retained > 0
    assert edges(ledger) == {"j READS a 1..open"}


SECRET = "planted-value-0123456789"


def test_a_value_in_the_place_of_what_made_a_column_is_no_column(ledger, tmp_path):
    facet = columns(password="a.password")
    facet["fields"] |= {"sessionid": [SECRET], "api_key": SECRET}
    report = read(ledger, tmp_path, [complete(1, [dataset("a")], [dataset("x", columnLineage=facet)])])
    assert SECRET not in report.to_text()
    records = list(ledger.store.raw("openlineage/default", "job:jobs/j"))
    assert all(SECRET not in record.payload for record in records)
    assert "a" in records[0].payload
    assert records[0].redacted == (
        "/outputs/0/facets/columnLineage/fields/api_key",
        "/outputs/0/facets/columnLineage/fields/sessionid/0",
    )


def test_no_secret_value_reaches_the_store_or_the_report(ledger, tmp_path):
    variables = [{"name": "MODE", "value": SECRET}, {"name": "DB_PASSWORD", "value": SECRET}]
    source = dataset("a", dataSource={"name": "db", "uri": f"postgres://app:{SECRET}@db.example/shop"})
    hidden = {"namespace": f"postgres://app:{SECRET}@db.example", "name": "t"}
    event = complete(
        1,
        [source, hidden],
        [dataset("x", columnLineage=columns(password="a.password"))],
        job_facets={
            "sourceCodeLocation": {
                "type": "git",
                "url": "u",
                "repoUrl": f"https://ci:{SECRET}@git.example/o/r.git",
            },
            "ownership": {"owners": [{"name": f"https://o:{SECRET}@host"}]},
        },
        run_facets={
            "environmentVariables": {"environmentVariables": variables},
            "errorMessage": {"message": f"cannot connect with password={SECRET}"},
            "custom": {"apiToken": SECRET},
        },
    )
    report = read(ledger, tmp_path, [event])
    assert report.rejected_count == 0
    assert SECRET not in report.to_text()
    records = list(ledger.store.raw("openlineage/default", "job:jobs/j"))
    assert "/run/facets/environmentVariables/environmentVariables/0/value" in records[0].redacted
    assert "/run/facets/custom/apiToken" in records[0].redacted
    about_a = list(ledger.store.raw("openlineage/default", dataset_group(Name("db", "a"))))
    assert [r.redacted for r in about_a if "dataSource" in r.payload] == [("/facets/dataSource/uri",)]
    assert all(SECRET not in record.payload for record in [*records, *about_a])
    assert SECRET not in str(standing(ledger))
    assert SECRET.encode() not in (tmp_path / "ledger.db").read_bytes()
    assert "x DERIVED_FROM a 1..open" in edges(ledger)
    assert dataset_node(ledger, "a", 2).text("source_uri") == "postgres://app:[redacted]@db.example/shop"


def test_an_escape_does_not_hide_where_values_stand(ledger, tmp_path):
    facet = {"environmentVariables": {"environmentVariables": [{"name": "MODE", "value": SECRET}]}}
    path = tmp_path / "events.jsonl"
    text = json.dumps(complete(1, ["a"], run_facets=facet))
    path.write_text(text.replace("environmentVariables", "environment\\u0056ariables"), encoding="utf-8")
    ingest(ledger, path)
    (record,) = ledger.store.raw("openlineage/default", "job:jobs/j")
    assert SECRET not in record.payload


def test_facets_that_are_not_mapped_are_counted_and_kept(ledger, tmp_path):
    facets = {"sql": {"query": "select 1"}, "mine": {"x": 1}}
    report = read(ledger, tmp_path, [complete(1, job_facets=facets)])
    assert report.skipped == {"job facet sql": 1, "custom job facet": 1}
    (record,) = ledger.store.raw("openlineage/default", "job:jobs/j")
    assert json.loads(record.payload)["job"]["facets"]["mine"] == {"x": 1}


def test_the_sample_is_what_the_client_writes(tmp_path):
    said = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert f"openlineage-python=={version('openlineage-python')}" in said, (
        "write the sample anew with the pinned client"
    )
    made = tmp_path / "events.jsonl"
    subprocess.run([sys.executable, str(SAMPLE / "make_events.py"), str(made)], check=True, cwd=tmp_path)
    assert made.read_bytes() == (SAMPLE / "events.jsonl").read_bytes()


def test_the_sample_goes_in_whole(ledger):
    report = ingest(ledger, SAMPLE / "events.jsonl")
    assert (report.state.value, report.warnings) == ("completed", [])
