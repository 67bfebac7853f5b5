"""Registered models, versions, aliases and prompts, on answers written by hand."""

import pytest

from tests.ingest.sources.mlflow.server import between, edges, node, read, registered, tags, version


def read_versions(ledger, folder, *versions, **more):
    return read(ledger, folder, {"model-versions": {"model_versions": list(versions)}}, **more)


def read_models(ledger, folder, *models, **more):
    return read(ledger, folder, {"registered-models": {"registered_models": list(models)}}, **more)


@pytest.mark.parametrize(
    ("source", "run_id", "origin"),
    [
        ("models:/m-1a2b", "r1", "model-version/loans/3 DERIVED_FROM logged-model/m-1a2b"),
        ("models:/base/7", "", "model-version/loans/3 DERIVED_FROM model-version/base/7"),
        ("s3://models/loans", "r1", "run/r1 PRODUCES model-version/loans/3"),
        ("runs:/abc123/model", "", "run/abc123 PRODUCES model-version/loans/3"),
        ("s3://models/loans", "", None),
    ],
)
def test_what_a_version_was_made_of_stands_in_its_source(ledger, tmp_path, source, run_id, origin):
    read_versions(ledger, tmp_path, version("loans", "3", source, run_id=run_id))
    expected = {"model-version/loans/3 VERSION_OF registered-model/loans"} | ({origin} if origin else set())
    assert edges(ledger) == expected


def test_a_source_that_leads_to_no_version_is_counted(ledger, tmp_path):
    report = read_versions(ledger, tmp_path, version("loans", "3", "models:/base@champion"))
    assert report.skipped == {"source of a version that leads to no version": 1}


def test_a_version_has_a_place_and_a_number_may_be_one(ledger, tmp_path):
    read_versions(ledger, tmp_path, {**version("loans", "", "s3://u:p@models/loans?sig=x"), "version": 3})
    found = node(ledger, "model-version/loans/3")
    assert (found.type, found.name, found.text("uri")) == ("model_version", "loans 3", "s3://models/loans")


def test_an_alias_deploys_where_the_settings_say(ledger, tmp_path):
    model = registered("loans", ("champion", "3"), ("blue", "3"), ("shadow", "2"), ("old", "1"))
    settings = """
        [aliases]
        champion = "staging"
        old = "none"
        [models.loans.aliases]
        champion = "production"
        blue = "production"
    """
    report = read_models(ledger, tmp_path, model, settings=settings)
    assert edges(ledger) == {
        "registered-model/loans DEPLOYED_AS model-version/loans/3 (production)",
        "registered-model/loans DEPLOYED_AS model-version/loans/2 (unknown) ?",
    }
    assert report.skipped == {"alias that deploys nothing, as mlflow.toml says": 1}
    (deployed,) = [e for e in ledger.all_edges(ledger.at()) if e.environment == "production"]
    assert deployed.properties["aliases"].value == ("blue", "champion")


def test_an_alias_that_nobody_mapped_leaves_open_where_and_whether(ledger, tmp_path):
    read_models(ledger, tmp_path, registered("loans", ("production", "3")))
    deployed = between(ledger, "DEPLOYED_AS")
    assert (deployed.environment, deployed.certainty.value) == ("unknown", "possible")
    assert deployed.conditions == ("nobody says in mlflow.toml which environment the alias stands for",)


@pytest.mark.parametrize(("stage", "environment"), [("Production", "production"), ("Staging", "staging")])
def test_stages_of_older_registries_are_environments(ledger, tmp_path, stage, environment):
    read_versions(ledger, tmp_path, version("loans", "3", current_stage=stage))
    assert edges(ledger, "DEPLOYED_AS") == {
        f"registered-model/loans DEPLOYED_AS model-version/loans/3 ({environment})"
    }


def test_an_archived_version_is_retired_and_none_is_no_stage(ledger, tmp_path):
    read_versions(
        ledger,
        tmp_path,
        version("loans", "1", current_stage="Archived"),
        version("loans", "2", current_stage="None"),
    )
    assert node(ledger, "model-version/loans/1").text("lifecycle") == "retired"
    assert edges(ledger, "DEPLOYED_AS") == set()


def test_prompts_are_told_from_models_by_their_tag(ledger, tmp_path):
    said = tags(mlflow__prompt__is_prompt="true", mlflow__prompt__text="Hello {{name}}")
    read(
        ledger,
        tmp_path,
        {
            "registered-models": {
                "registered_models": [registered("greet", ("live", "2"), tags=said), registered("loans")]
            },
            "model-versions": {"model_versions": [version("greet", "2", "dummy-source", tags=said)]},
        },
        complete=True,
    )
    assert edges(ledger) == {
        "prompt/greet DEPLOYED_AS prompt-version/greet/2 (unknown) ?",
        "prompt-version/greet/2 VERSION_OF prompt/greet",
    }
    found = node(ledger, "prompt-version/greet/2")
    assert (found.type, found.text("uri")) == ("prompt_version", None)
    assert (found.text("digest") or "").startswith("sha256:")
    assert "Hello" not in repr(found)
    assert node(ledger, "registered-model/loans").type == "model"
