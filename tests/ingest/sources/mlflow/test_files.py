"""Files of answers: which list each is of, when it is whole, and which server it came from."""

import json

import pytest

from tests.ingest.sources.mlflow.server import (
    LATER,
    READ_AT,
    SERVER,
    Json,
    edges,
    ingest,
    logged,
    node,
    nodes,
    read,
    registered,
    run,
    version,
)

TWO = {"model_versions": [version("loans", "1"), version("loans", "2")]}
ONE = {"model_versions": [version("loans", "2")]}


def versions(ledger):
    return {name for name in nodes(ledger) if name.startswith("model-version/")}


def why(report, name):
    (found,) = [s for s in report.scopes if s.scope.name.endswith(f"/{name}")]
    return found.why


def test_a_whole_list_ends_what_it_no_longer_holds(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    assert read(ledger, tmp_path, {"model-versions": TWO}, complete=True).commits == 0
    read(ledger, tmp_path, {"model-versions": ONE}, complete=True, read_at=LATER)
    assert versions(ledger) == {"model-version/loans/2"}


def test_a_list_closes_nothing_of_another_list(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    read(ledger, tmp_path, {"registered-models": {"registered_models": []}}, complete=True, read_at=LATER)
    read(ledger, tmp_path, {"prompt-versions": {}}, complete=True, read_at=LATER)
    assert versions(ledger) == {"model-version/loans/1", "model-version/loans/2"}


def test_an_empty_answer_is_of_the_list_that_its_file_is_called_after(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    read(ledger, tmp_path, {"model-versions": {}}, complete=True, read_at=LATER)
    assert versions(ledger) == set()


def test_an_empty_answer_of_another_name_says_nothing(ledger, tmp_path):
    report = read(ledger, tmp_path, {"answer": {}}, complete=True)
    assert [p.reason for p in report.rejected] == ["nothing tells of what this is an empty list"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({**ONE, "next_page_token": "x"}, "goes on"),
        ([{**ONE, "next_page_token": "x"}], "goes on"),
        ([ONE, {"model_versions": []}], "behind the last"),
        ({"model_version": version("loans", "2")}, "one record"),
        ({"model_versions": [version("loans", "2"), {"name": "loans"}]}, "was rejected"),
        ({"model_versions": [version("loans", "2"), "loans"]}, "was rejected"),
    ],
    ids=["a page", "a page in a list", "a page too many", "one record", "a broken record", "no record"],
)
def test_what_may_not_be_whole_closes_nothing(ledger, tmp_path, answer, reason):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    report = read(ledger, tmp_path, {"model-versions": answer}, complete=True, read_at=LATER)
    assert versions(ledger) == {"model-version/loans/1", "model-version/loans/2"}
    assert reason in why(report, "model-versions")


def test_pages_that_follow_each_other_in_one_file_are_a_whole_list(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    pages = [{"next_page_token": "x"}, ONE]
    report = read(ledger, tmp_path, {"model-versions": pages}, complete=True, read_at=LATER)
    assert report.rejected == []
    assert versions(ledger) == {"model-version/loans/2"}


def test_a_page_of_another_sort_among_others_is_told_and_closes_nothing(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    pages = [{**ONE, "next_page_token": "x"}, {"detail": "planted-value"}]
    report = read(ledger, tmp_path, {"model-versions": pages}, complete=True, read_at=LATER)
    assert [(p.field, p.reason) for p in report.rejected] == [("/1", "no list of MLflow's stands here")]
    assert versions(ledger) == {"model-version/loans/1", "model-version/loans/2"}
    assert "planted-value" not in report.to_text()


def test_models_and_prompts_in_turn_are_two_lists(ledger, tmp_path):
    """As servers gave them before prompts were kept apart."""
    said = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    mixed = [registered("a"), registered("p", tags=said), registered("b"), registered("q", tags=said)]
    for records, read_at in ((mixed, READ_AT), (mixed[:1], LATER)):
        answers = {"registered-models": {"registered_models": records}}
        report = read(ledger, tmp_path, answers, complete=True, read_at=read_at)
        assert report.rejected == []
    assert nodes(ledger) == {"registered-model/a", "prompt/p", "prompt/q"}


def test_a_file_that_breaks_off_gives_what_stands_before_and_closes_nothing(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    path = tmp_path / "model-versions.json"
    path.write_text('{"model_versions": [{"name": "loans", "version": "3"}, {"na', encoding="utf-8")
    report = ingest(ledger, [path], complete=True, read_at=LATER)
    assert [p.reason for p in report.rejected] == ["JSON that ends early"]
    assert not any(scope.complete for scope in report.scopes)
    assert versions(ledger) == {f"model-version/loans/{n}" for n in (1, 2, 3)}


def test_without_a_word_that_it_is_whole_a_file_closes_nothing(ledger, tmp_path):
    read(ledger, tmp_path, {"model-versions": TWO}, complete=True)
    read(ledger, tmp_path, {"model-versions": ONE}, read_at=LATER)
    assert versions(ledger) == {"model-version/loans/1", "model-version/loans/2"}


def test_datasets_end_with_the_runs_that_named_them_and_only_with_a_whole_list(ledger, tmp_path):
    read(ledger, tmp_path, {"runs": {"runs": [run("r1", logged("a", "1"))]}}, complete=True)
    read(ledger, tmp_path, {"runs": {"runs": []}}, read_at=LATER)
    assert "dataset/a/1" in nodes(ledger)
    broken: Json = {"runs": [{"info": {}}]}
    read(ledger, tmp_path, {"runs": broken}, complete=True, read_at=LATER)
    assert "dataset/a/1" in nodes(ledger)
    read(ledger, tmp_path, {"model-versions": ONE}, complete=True, read_at=LATER)
    assert "dataset/a/1" in nodes(ledger)
    read(ledger, tmp_path, {"runs": {"runs": []}}, complete=True, read_at=LATER)
    assert "dataset/a/1" not in nodes(ledger)


def test_what_runs_logged_and_what_they_did_not_is_never_covered(ledger, tmp_path):
    """No dataset beside a run means that nobody wrote one down."""
    answers = {"runs": {"runs": [run("r1", puts="m-1")]}, "logged-models": {"models": []}}
    read(ledger, tmp_path, answers, complete=True)
    at = ledger.at()
    coverage = ledger.coverage(at)
    found = node(ledger, "run/r1")
    assert coverage.is_covered(found, "WITHIN")
    for relation in ("READS", "PRODUCES", "TRAINED_ON", "EVALUATED_ON", "PROMPTED_BY", "BUILT_FROM"):
        assert not coverage.is_covered(found, relation)


def test_the_refusal_of_a_server_is_told(ledger, tmp_path):
    refusal = {"error_code": "PERMISSION_DENIED", "message": "password=planted-value"}
    report = read(ledger, tmp_path, {"runs": refusal}, complete=True)
    assert [(p.field, p.reason) for p in report.rejected] == [
        ("/error_code", "the server's refusal stands here")
    ]
    assert report.scopes == []


def test_what_a_server_says_of_itself_is_passed_over(ledger, tmp_path):
    report = read(ledger, tmp_path, {"server-info": {"store_type": "SqlStore", "workspaces_enabled": False}})
    assert (report.rejected, report.scopes) == ([], [])


SIDECAR = {
    "command": "GET",
    "filters": [],
    "scope": "https://MLflow.example:443/",
    "read_at": "2026-03-01T00:00:00Z",
}


def test_a_sidecar_names_the_server_in_any_form_of_its_address(ledger, tmp_path):
    path = tmp_path / "registered-models.json"
    path.write_text(json.dumps({"registered_models": [registered("loans")]}), encoding="utf-8")
    (tmp_path / "registered-models.json.read.json").write_text(json.dumps(SIDECAR), encoding="utf-8")
    report = ingest(ledger, [path], read_at=None, scope=None)
    assert [(s.scope.name, s.complete) for s in report.scopes] == [(f"{SERVER}/registered-models", True)]
    assert report.warnings == []


def test_the_server_is_who_the_settings_say_over_the_sidecar_and_the_flag_over_both(ledger, tmp_path):
    answers = {"registered-models": {"registered_models": [registered("loans")]}}
    first = read(ledger, tmp_path, answers, settings='server = "https://other.example/"', scope=None)
    assert [s.scope.name for s in first.scopes] == ["https://other.example/registered-models"]
    second = read(ledger, tmp_path, answers, settings='server = "https://other.example/"', scope="mine")
    assert [s.scope.name for s in second.scopes] == ["mine/registered-models"]


def test_a_server_that_nobody_names_is_the_instance_with_a_warning(ledger, tmp_path):
    report = read(
        ledger, tmp_path, {"registered-models": {"registered_models": [registered("l")]}}, scope=None
    )
    assert [s.scope.name for s in report.scopes] == ["fairbank/registered-models"]
    assert "'fairbank' was taken" in report.warnings[0]


@pytest.mark.parametrize(
    ("settings", "field", "reason"),
    [
        ("[aliases", "", "text that is not TOML"),
        ('[aliases]\nlive = "prod"', "aliases.'live'", "what is no environment"),
        ("[aliases]\nlive = 1", "aliases.'live'", "what is no environment"),
        ("aliases = 1", "aliases", "what is no table"),
        ("server = 1", "server", "what is no text"),
        ('colour = "red"', "", "the key 'colour'"),
        ('[models.m.aliases]\nlive = "x"', "models.'m'.aliases.'live'", "what is no environment"),
    ],
)
def test_settings_that_are_wrong_are_told_and_count_for_nothing(ledger, tmp_path, settings, field, reason):
    answers = {"registered-models": {"registered_models": [registered("loans", ("live", "1"))]}}
    report = read(ledger, tmp_path, answers, settings=settings)
    assert [(p.file, p.field, p.reason) for p in report.rejected] == [("mlflow.toml", field, reason)]
    assert edges(ledger, "DEPLOYED_AS") == {
        "registered-model/loans DEPLOYED_AS model-version/loans/1 (unknown) ?"
    }
