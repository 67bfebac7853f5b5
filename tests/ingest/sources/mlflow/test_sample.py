"""The sample lender's tracking server, as the real one answered: its graph, and what its nodes say."""

from ingest.times import parse_time
from tests.ingest.sources.mlflow.lender import ANSWERS, EXPECTED, SETTINGS, graph
from tests.ingest.sources.mlflow.server import edges, ingest, node

APPLICATIONS = "example.fairbank%2Fapplications"


def read(ledger, *paths):
    return ingest(ledger, list(paths) or [ANSWERS], read_at=None, scope=None)


def test_the_sample_server_goes_in_whole(ledger):
    report = read(ledger)
    assert (report.state.value, report.rejected_count) == ("completed", 0)
    assert all(scope.complete for scope in report.scopes)
    assert {scope.read_at for scope in report.scopes} == {parse_time("2026-11-19T06:00:00Z").moment}
    assert report.skipped == {
        "user name that is no e-mail address": 3,
        "alias that deploys nothing, as mlflow.toml says": 1,
    }
    assert read(ledger).commits == 0


def test_its_graph_is_what_it_was_filled_with(ledger):
    read(ledger)
    assert graph(ledger) == EXPECTED


def test_the_model_in_production_leads_back_to_where_its_features_lie(ledger):
    read(ledger)
    features = node(ledger, "dataset/loan-features/9f3c21aa")
    assert features.text("uri") == "s3://fairbank-features/loans/2026-11.parquet"
    assert (features.type, features.text("source_type"), features.text("digest")) == (
        None,
        "s3",
        "mlflow:9f3c21aa",
    )


def test_without_a_mapping_it_is_unknown_where_an_alias_is_deployed(ledger):
    read(ledger, *(path for path in sorted(ANSWERS.glob("*.json")) if path.name != SETTINGS.name))
    assert edges(ledger, "DEPLOYED_AS") == {
        "registered-model/loan-default DEPLOYED_AS model-version/loan-default/3 (unknown) ?",
        "registered-model/loan-default DEPLOYED_AS model-version/loan-default/2 (unknown) ?",
        "prompt/explain-decision DEPLOYED_AS prompt-version/explain-decision/1 (unknown) ?",
        f"mcp-server/{APPLICATIONS} DEPLOYED_AS mcp-server-version/{APPLICATIONS}/1.2.0 (unknown) ?",
    }


def test_the_key_of_the_gateway_has_a_name_and_an_age_and_no_letter_of_its_value(ledger):
    read(ledger)
    (key,) = [n for n in ledger.all_nodes(ledger.at()) if n.kind == "Secret"]
    assert (key.type, key.name, key.text("provider")) == ("api_key", "openai-explain", "openai")
    assert key.integer("created") == parse_time("2026-11-12T03:10:00Z").moment
    assert set(key.properties) == {"created", "last_updated", "provider"}
