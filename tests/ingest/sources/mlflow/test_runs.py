"""Experiments, runs, datasets and logged models, on answers written by hand."""

import json

import pytest

from tests.ingest.sources.mlflow.server import (
    MADE,
    between,
    edges,
    logged,
    model,
    node,
    nodes,
    read,
    run,
    tags,
)


def read_runs(ledger, folder, *runs, **more):
    return read(ledger, folder, {"runs": {"runs": list(runs)}}, **more)


@pytest.mark.parametrize("context", ["training", "train", "Training", "fit", "fine-tuning"])
def test_what_a_run_puts_out_was_trained_on_what_it_read_for_training(ledger, tmp_path, context):
    read_runs(ledger, tmp_path, run("r1", logged("loans", "d1", context), puts="m-1 m-2"))
    assert edges(ledger) == {
        "run/r1 WITHIN experiment/1",
        "run/r1 READS dataset/loans/d1",
        "run/r1 PRODUCES logged-model/m-1",
        "run/r1 PRODUCES logged-model/m-2",
        "logged-model/m-1 TRAINED_ON dataset/loans/d1",
        "logged-model/m-2 TRAINED_ON dataset/loans/d1",
    }


@pytest.mark.parametrize("context", ["evaluation", "eval", "validation", "test"])
def test_what_a_run_took_in_or_put_out_was_evaluated_on_what_it_read_for_that(ledger, tmp_path, context):
    read_runs(ledger, tmp_path, run("r1", logged("kept", "d1", context), takes="m-1"))
    assert edges(ledger, "TRAINED_ON", "EVALUATED_ON", "DERIVED_FROM") == {
        "logged-model/m-1 EVALUATED_ON dataset/kept/d1"
    }


@pytest.mark.parametrize(
    ("context", "condition"),
    [
        (None, "the run does not say that it read the dataset for training"),
        ("features", "the run names another context than training or evaluation for the dataset"),
    ],
)
def test_a_dataset_of_another_use_may_have_been_trained_on(ledger, tmp_path, context, condition):
    read_runs(ledger, tmp_path, run("r1", logged("loans", "d1", context), puts="m-1"))
    assert edges(ledger, "TRAINED_ON") == {"logged-model/m-1 TRAINED_ON dataset/loans/d1 ?"}
    assert between(ledger, "TRAINED_ON").conditions == (condition,)


def test_a_certain_word_of_one_run_outweighs_a_possible_one_of_another(ledger, tmp_path):
    runs = [run("r1", logged("loans", "d1", None), puts="m-1"), run("r2", logged("loans", "d1"), puts="m-1")]
    for order in (runs, runs[::-1]):
        report = read_runs(ledger, tmp_path, *order)
        assert report.rejected == []
        assert edges(ledger, "TRAINED_ON") == {"logged-model/m-1 TRAINED_ON dataset/loans/d1"}
    assert report.commits == 0


def test_a_model_that_a_run_made_of_another_is_possibly_derived_from_it(ledger, tmp_path):
    read_runs(ledger, tmp_path, run("r1", takes="m-1", puts="m-1 m-2"))
    assert edges(ledger, "DERIVED_FROM") == {"logged-model/m-2 DERIVED_FROM logged-model/m-1 ?"}


def test_a_run_names_its_parent_its_repository_and_its_prompts(ledger, tmp_path):
    prompts = json.dumps([{"name": "explain", "version": "2"}, {"name": "greet", "version": 1}])
    said = {
        "mlflow__parentRunId": "r0",
        "mlflow__source__git__repoURL": "git@github.com:fairbank/score.git",
        "mlflow__source__git__commit": "5e1f",
        "mlflow__linkedPrompts": prompts,
    }
    read_runs(ledger, tmp_path, run("r1", **said))
    assert edges(ledger) == {
        "run/r1 WITHIN experiment/1",
        "run/r1 PART_OF run/r0",
        "run/r1 BUILT_FROM git-url:https:%2F%2Fgithub.com%2Ffairbank%2Fscore ?",
        "run/r1 PROMPTED_BY prompt-version/explain/2",
        "run/r1 PROMPTED_BY prompt-version/greet/1",
    }
    found = node(ledger, "run/r1")
    assert (found.type, found.name, found.text("commit")) == ("run", "the r1", "5e1f")
    assert (found.integer("started_at"), found.text("run_state")) == (MADE, "finished")
    assert found.external_ids[0].value == "https:%2F%2Fmlflow.example/run/r1"


def test_a_deleted_run_stays_and_is_retired(ledger, tmp_path):
    gone = run("r1", logged("loans", "d1"), puts="m-1")
    gone["info"]["lifecycle_stage"] = "deleted"
    read_runs(ledger, tmp_path, gone)
    assert node(ledger, "run/r1").text("lifecycle") == "retired"
    assert "logged-model/m-1 TRAINED_ON dataset/loans/d1" in edges(ledger)


def test_links_to_prompts_that_cannot_be_read_are_counted(ledger, tmp_path):
    report = read_runs(ledger, tmp_path, run("r1", mlflow__linkedPrompts="explain/2"))
    assert report.skipped == {"link to prompts that cannot be read": 1}


def test_a_login_name_is_counted_and_an_address_makes_a_contact(ledger, tmp_path):
    one, two, three = run("r1"), run("r2"), run("r3")
    one["info"]["user_id"], two["info"]["user_id"], three["info"]["user_id"] = (
        "ada",
        "ada@x.example",
        "unknown",
    )
    report = read_runs(ledger, tmp_path, one, two, three)
    assert report.skipped == {"user name that is no e-mail address": 1}
    owner = between(ledger, "OWNS")
    assert owner.marks == {"contact"}
    assert owner.object.uid == node(ledger, "run/r2").uid
    assert not any("ada" in n.uid or "ada" in (n.name or "") for n in ledger.all_nodes(ledger.at()))


def test_one_name_and_digest_are_one_dataset_whichever_run_logged_it(ledger, tmp_path):
    read_runs(ledger, tmp_path, run("r1", logged("loans", "d1")), run("r2", logged("loans", "d1")))
    assert {name for name in nodes(ledger) if name.startswith("dataset/")} == {"dataset/loans/d1"}
    found = node(ledger, "dataset/loans/d1")
    assert (found.name, found.text("uri"), found.text("digest")) == ("loans", "s3://lake/loans", "mlflow:d1")


def test_a_dataset_from_several_places_is_possibly_derived_from_each(ledger, tmp_path):
    runs = (
        run("r1", logged("loans", "d1", uri="s3://lake/a")),
        run("r2", logged("loans", "d1", uri="s3://lake/b")),
    )
    read_runs(ledger, tmp_path, *runs)
    assert edges(ledger, "DERIVED_FROM") == {
        "dataset/loans/d1 DERIVED_FROM place/s3:%2F%2Flake%2Fa ?",
        "dataset/loans/d1 DERIVED_FROM place/s3:%2F%2Flake%2Fb ?",
    }
    assert node(ledger, "dataset/loans/d1").text("uri") is None
    assert node(ledger, "place/s3:%2F%2Flake%2Fa").text("uri") == "s3://lake/a"


@pytest.mark.parametrize(
    ("sort", "source", "said"),
    [
        ("local", {"uri": "/data/loans.csv"}, {"type": "file", "path": "/data/loans.csv"}),
        (
            "http",
            {"url": "https://u:p@d.example/a.csv?token=x"},
            {"type": "file", "uri": "https://d.example/a.csv"},
        ),
        ("gs", {"uri": "gs://lake/loans"}, {"uri": "gs://lake/loans"}),
        (
            "delta_table",
            {"delta_table_name": "main.credit.loans"},
            {"type": "table", "table": "main.credit.loans"},
        ),
        ("hugging_face", {"path": "org/loans", "revision": None}, {"repository": "org/loans"}),
        ("spark", {"path": "dbfs:/lake/loans"}, {"uri": "dbfs:/lake/loans"}),
        ("code", {"tags": {"mlflow.user": "ada"}}, {}),
    ],
)
def test_where_a_dataset_lies_depends_on_its_source(ledger, tmp_path, sort, source, said):
    given = logged("loans", "d1")
    given["dataset"] |= {"source_type": sort, "source": json.dumps(source)}
    read_runs(ledger, tmp_path, run("r1", given))
    found = node(ledger, "dataset/loans/d1")
    names = ("uri", "path", "table", "repository")
    told = {name: found.text(name) for name in names if found.text(name) is not None}
    assert told | ({"type": found.type} if found.type else {}) == said
    assert found.text("source_type") == sort


def test_a_source_that_is_no_json_has_no_place(ledger, tmp_path):
    given = logged("loans", "d1")
    given["dataset"]["source"] = "the loans of last year"
    report = read_runs(ledger, tmp_path, run("r1", given))
    assert report.rejected == []
    assert node(ledger, "dataset/loans/d1").text("uri") is None


def test_a_logged_model_has_a_run_a_place_and_what_its_metrics_were_taken_on(ledger, tmp_path):
    metrics = [
        {"key": "auc", "value": 0.8, "dataset_name": "kept", "dataset_digest": "d2"},
        {"key": "f1", "value": 0.7, "dataset_name": "kept", "dataset_digest": "d2"},
        {"key": "loss", "value": 0.1},
    ]
    info = {
        "source_run_id": "r1",
        "artifact_uri": "s3://models/m-1",
        "model_type": "agent",
        "creation_timestamp_ms": str(MADE),
        "tags": tags(mlflow__linkedPrompts='[{"name": "explain", "version": "1"}]'),
    }
    read(ledger, tmp_path, {"logged-models": {"models": [model("m-1", info=info, metrics=metrics)]}})
    assert edges(ledger) == {
        "logged-model/m-1 WITHIN experiment/1",
        "run/r1 PRODUCES logged-model/m-1",
        "logged-model/m-1 EVALUATED_ON dataset/kept/d2",
        "logged-model/m-1 PROMPTED_BY prompt-version/explain/1",
    }
    found = node(ledger, "logged-model/m-1")
    assert (found.type, found.text("uri"), found.text("model_type")) == (
        "model_version",
        "s3://models/m-1",
        "agent",
    )
    assert (found.name, found.integer("created_at")) == ("the m-1 m-1", MADE)


def test_an_experiment_is_the_place_that_its_runs_stand_in(ledger, tmp_path):
    experiment = {
        "experiment_id": "1",
        "name": "loans",
        "lifecycle_stage": "active",
        "artifact_location": "s3://a/1",
    }
    read(ledger, tmp_path, {"experiments": {"experiments": [experiment]}})
    found = node(ledger, "experiment/1")
    assert (found.type, found.name, found.text("scope_type"), found.text("uri")) == (
        "scope",
        "loans",
        "experiment",
        "s3://a/1",
    )
