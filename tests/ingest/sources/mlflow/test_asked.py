"""Servers that are asked: older ones, broken ones, ones that never end; what is not whole closes nothing."""

import itertools

import pytest

from tests.ingest.sources.mlflow.lender import EXPECTED, SERVER, SETTINGS, graph
from tests.ingest.sources.mlflow.pretended import INFO, V2, V3, answer, saved, server
from tests.ingest.sources.mlflow.server import LATER, ingest

PLANTED = "planted-value"
pytestmark = pytest.mark.xdist_group("mlflow")


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    """The client asks a broken server again for minutes, which is right but in a test."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


def read(ledger, rules=None, **options):
    with server(rules) as address:
        return ingest(ledger, [SETTINGS], addresses=(address,), scope=SERVER, **options)


def scopes(report):
    return {s.scope.name.rpartition("/")[2]: s.complete for s in report.scopes}


def refused(status):
    return lambda _: answer({"error_code": "INTERNAL_ERROR", "message": f"password={PLANTED}"}, status)


def page(text, status=200):
    return lambda _: (status, text)


def test_a_server_gives_what_its_saved_answers_give(ledger):
    report = read(ledger)
    assert (report.state.value, report.rejected) == ("completed", [])
    assert graph(ledger) == EXPECTED
    assert all(scopes(report).values())
    assert read(ledger).commits == 0


def test_its_own_address_is_its_identity_where_nobody_says_another(ledger, tmp_path):
    with server() as address:
        ingest(ledger, [], addresses=(address,), scope=None)
        assert any(address.replace("//", "%2F%2F") in node.uid for node in ledger.all_nodes(ledger.at()))


def test_an_older_server_without_the_newer_lists_is_read_as_far_as_it_goes(ledger):
    absent = page("<html>404</html>", 404)
    paths = ["server-info", "mcp-servers", "mcp-servers/endpoints", "gateway/secrets/list"]
    paths += ["gateway/model-definitions/list", "gateway/endpoints/list", "gateway/endpoints/bindings/list"]
    paths += ["gateway/guardrails/list"]
    report = read(ledger, {f"{V3}/{path}": absent for path in paths})
    assert (report.state.value, report.rejected) == ("completed", [])
    assert {name: n for name, n in report.skipped.items() if "offered" in name} == {
        f"{name}: not offered by the server": 1
        for name in (
            "gateway-secrets",
            "gateway-models",
            "gateway-endpoints",
            "gateway-bindings",
            "gateway-guardrails",
            "mcp-servers",
            "mcp-server-versions",
            "mcp-endpoints",
        )
    }
    assert "loan-default DEPLOYED_AS loan-default 3 (production)" in graph(ledger)


def test_what_has_none_of_the_lists_is_no_tracking_server(ledger):
    paths = [f"{V2}/{name}/search" for name in ("experiments", "registered-models", "model-versions")]
    absent = page("<html>404</html>", 404)
    report = read(ledger, dict.fromkeys([*paths, f"{V3}/server-info"], absent))
    assert {p.reason for p in report.rejected} == {"what answers is no tracking server of MLflow"}
    assert not any(scopes(report).values())


def test_an_experiment_that_is_gone_meanwhile_does_not_mean_that_there_is_no_such_list(ledger):
    gone = page('{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "planted-value"}', 404)
    report = read(ledger, {f"{V2}/logged-models/search": gone})
    assert [(p.position, p.expected) for p in report.rejected] == [("/models", "the whole list")]
    assert scopes(report)["logged-models"] is False


def test_a_server_that_says_it_has_no_gateway_is_not_asked_for_it(ledger):
    info = {**INFO, "features_enabled": {"gateway": False}}
    broken = refused(500)
    rules = {f"{V3}/server-info": lambda _: answer(info), f"{V3}/gateway/secrets/list": broken}
    report = read(ledger, rules)
    assert report.rejected == []
    assert report.skipped["gateway-secrets: the server has no gateway"] == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_list_that_fails_is_told_and_closes_nothing(ledger, status):
    read(ledger)
    report = read(ledger, {f"{V2}/model-versions/search": refused(status)}, read_at=LATER)
    (first, *_) = report.rejected
    assert (first.position, first.expected) == ("/model_versions", "the whole list")
    assert scopes(report)["model-versions"] is False
    assert scopes(report)["registered-models"] is True
    assert graph(ledger) == EXPECTED
    assert PLANTED not in report.to_text()


@pytest.mark.parametrize("status", [404, 500])
def test_where_mcp_servers_are_not_given_their_versions_are_not_gone(ledger, status):
    read(ledger)
    versions = {line for line in graph(ledger) if "1.2.0" in line}
    report = read(ledger, {f"{V3}/mcp-servers": page("<html></html>", status)}, read_at=LATER)
    assert not scopes(report).get("mcp-server-versions")
    assert {line for line in graph(ledger) if "1.2.0" in line} == versions


def test_where_experiments_are_not_given_runs_and_models_are_not_gone(ledger):
    read(ledger)
    report = read(ledger, {f"{V2}/experiments/search": refused(500)}, read_at=LATER)
    found = scopes(report)
    assert [found[n] for n in ("experiments", "runs", "logged-models", "datasets")] == [False] * 4
    assert found["model-versions"] is True
    assert graph(ledger) == EXPECTED


def test_pages_of_two_parts_of_a_list_may_bear_the_same_token(ledger, monkeypatch):
    """Tokens are often only how far one has come; each part begins anew."""
    monkeypatch.setattr("ingest.sources.mlflow.client.AT_ONCE", 1)
    runs = {run["info"]["run_id"]: run for run in saved("runs")["runs"]}

    def some(asked):
        of = [run for run in runs.values() if run["info"]["experiment_id"] in asked["experiment_ids"]]
        if not asked.get("page_token"):
            return answer({"runs": of[:1], "next_page_token": "1"})
        return answer({"runs": of[1:]})

    report = read(ledger, {f"{V2}/runs/search": some})
    assert report.rejected == []
    assert graph(ledger) == EXPECTED


def test_a_page_of_runs_that_fails_leaves_those_before_and_closes_neither_runs_nor_datasets(ledger):
    read(ledger)
    first = {"runs": saved("runs")["runs"][:1], "next_page_token": "2"}

    def runs(asked):
        return answer(first) if not asked.get("page_token") else refused(500)(asked)

    report = read(ledger, {f"{V2}/runs/search": runs}, read_at=LATER)
    assert scopes(report)["runs"] is False
    assert scopes(report)["datasets"] is False
    assert graph(ledger) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "<html><form>sign in, planted-value</form></html>",
        "",
        '{"planted-value": 1}',
        "[1]",
        '"planted-value"',
    ],
    ids=["a page to sign in", "nothing", "another object", "a list", "a text"],
)
def test_what_is_no_tracking_server_is_told_by_its_first_answer(ledger, text):
    report = read(ledger, {f"{V3}/server-info": page(text)})
    (problem,) = report.rejected
    assert problem.reason == "what answers is no tracking server of MLflow"
    assert (report.scopes, report.commits) == ([], 0)
    assert PLANTED not in report.to_text()


@pytest.mark.parametrize("text", ["<html>planted-value</html>", '{"models": "planted-value"}', "[]"])
def test_a_list_of_another_shape_is_told_without_being_quoted(ledger, text):
    report = read(ledger, {f"{V2}/logged-models/search": page(text)})
    assert [p.position for p in report.rejected] == ["/models"]
    assert scopes(report)["logged-models"] is False
    assert PLANTED not in report.to_text()


def test_pages_that_lead_back_into_themselves_end(ledger):
    again = {**saved("model-versions"), "next_page_token": "again"}
    report = read(ledger, {f"{V2}/model-versions/search": lambda _: answer(again)})
    assert {p.reason for p in report.rejected if "pages" in p.reason} == {"its pages do not end"}
    assert scopes(report)["model-versions"] is False


def test_pages_without_end_end(ledger, monkeypatch):
    monkeypatch.setattr("ingest.sources.mlflow.client.MOST_PAGES", 5)
    numbers = itertools.count()
    rules = {f"{V2}/model-versions/search": lambda _: answer({"next_page_token": str(next(numbers))})}
    report = read(ledger, rules)
    assert {p.reason for p in report.rejected} == {"its pages do not end"}
    assert scopes(report)["model-versions"] is False


def test_a_server_that_shows_no_experiment_is_not_taken_for_an_empty_one(ledger):
    read(ledger)
    empty = {
        f"{V2}/{path}/search": page("{}") for path in ("experiments", "registered-models", "model-versions")
    }
    report = read(ledger, empty, read_at=LATER)
    assert not any(scopes(report).values())
    assert graph(ledger) == EXPECTED


def test_nobody_answers(ledger):
    with server() as address:
        pass
    report = ingest(ledger, [], addresses=(address,))
    assert [p.expected for p in report.rejected] == ["a tracking server of MLflow that can be read"]


def test_a_divided_server_is_told_of(ledger):
    rules = {f"{V3}/server-info": lambda _: answer({**INFO, "workspaces_enabled": True})}
    assert any("workspaces" in warning for warning in read(ledger, rules).warnings)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"planted-value, and no database at all", "no SQLite file that can be read"),
        (b"", "a database without the tables of MLflow"),
    ],
)
def test_a_file_that_is_no_store_is_told(ledger, tmp_path, content, reason):
    path = tmp_path / "store.db"
    if content is not None:
        path.write_bytes(content)
    report = ingest(ledger, [], addresses=(f"sqlite:///{path}",))
    assert [(p.file, p.reason) for p in report.rejected] == [("sqlite", reason)]
    assert (report.commits, report.scopes) == (0, [])


def test_without_the_client_the_extra_is_named(ledger, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("ingest.sources.mlflow.modules.import_module", missing)
    report = ingest(ledger, [], addresses=("https://mlflow.example",))
    (problem,) = report.rejected
    assert (problem.reason, problem.expected) == (
        "MLflow's client is not installed",
        "pip install 'holdfast[mlflow]'",
    )
