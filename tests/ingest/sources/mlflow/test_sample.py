"""The sample lender's tracking server, as the real one answered: the graph of it, derived by hand."""

from pathlib import Path

from ingest.times import parse_time
from tests.ingest.sources.mlflow.server import edges, ingest, node

SAMPLE = Path(__file__).parents[4] / "samples" / "mlflow" / "answers"


def by_name(ledger):
    """The sample's ids mean nothing, so that its things go by their names here."""
    return {n.uid: n.name for n in ledger.all_nodes(ledger.at())}


def named_edges(ledger, *relations):
    names = by_name(ledger)
    return {
        f"{names[e.subject.uid]} {e.relation} {names[e.object.uid]} ({e.environment})"
        for e in ledger.all_edges(ledger.at())
        if e.relation in relations
    }


def test_the_sample_server_goes_in_whole(ledger):
    report = ingest(ledger, [SAMPLE], read_at=None, scope=None)
    assert (report.state.value, report.rejected_count) == ("completed", 0)
    assert all(scope.complete for scope in report.scopes)
    assert {scope.read_at for scope in report.scopes} == {parse_time("2026-11-19T06:00:00Z").moment}
    assert ingest(ledger, [SAMPLE], read_at=None, scope=None).commits == 0


def test_the_model_in_production_leads_back_to_the_features(ledger):
    ingest(ledger, [SAMPLE], read_at=None, scope=None)
    assert named_edges(ledger, "DEPLOYED_AS") == {
        "loan-default DEPLOYED_AS loan-default 3 (production)",
        "explain-decision DEPLOYED_AS explain-decision 1 (production)",
        "example.fairbank/applications DEPLOYED_AS example.fairbank/applications 1.2.0 (production)",
    }
    assert edges(ledger, "VERSION_OF") >= {
        f"model-version/loan-default/{n} VERSION_OF registered-model/loan-default" for n in (1, 2, 3)
    }
    (origin,) = [
        e.object.uid
        for e in ledger.all_edges(ledger.at())
        if e.relation == "DERIVED_FROM" and e.subject.uid.endswith("/loan-default/3")
    ]
    trained = {
        e.object.uid
        for e in ledger.all_edges(ledger.at())
        if e.relation == "TRAINED_ON" and e.subject.uid == origin
    }
    assert trained == {node(ledger, "dataset/loan-features/9f3c21aa").uid}
    assert (
        node(ledger, "dataset/loan-features/9f3c21aa").text("uri")
        == "s3://fairbank-features/loans/2026-11.parquet"
    )
