"""What `holdfast init` sees, what it writes of it, and what it never writes."""

import json
import os
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.initialising.detectors import DETECTORS, detected
from api.initialising.page import page_of
from api.initialising.suggestion import Suggestion
from api.initialising.surroundings import Surroundings
from api.settings import load
from api.syncing.configured import configured_in
from ingest.registry import source_names

PLANTED = "planted-value-of-a-variable"
EVERY = frozenset(
    {
        *("aws", "backstage", "cyclonedx", "dbt", "entra", "github", "kubernetes"),
        *("agents", "leaks", "mlflow", "openlineage", "people", "vault"),
    }
)
ORIGIN = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://ci:planted-value@git.example/a/b.git\n'


def surroundings(
    folder: Path, *variables: str, programs: str = "", packages: str = "", sources: frozenset[str] = EVERY
) -> Surroundings:
    home = folder / "home"
    return Surroundings(
        folder,
        home,
        frozenset(variables),
        sources,
        lambda name: name in programs.split(),
        lambda name: name in packages.split(),
    )


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def repository(folder: Path) -> None:
    touch(folder, ".git/HEAD")
    (folder / ".git/config").write_text(ORIGIN)


def only(here: Surroundings) -> Suggestion:
    [found] = detected(here)
    return found


def written(here: Surroundings) -> object:
    return tomllib.loads(page_of(list(detected(here)))).get("source")


def test_from_an_empty_folder_nothing_is_seen_and_the_file_says_how_a_source_looks(tmp_path: Path):
    here = surroundings(tmp_path)
    assert list(detected(here)) == []
    page = page_of([])
    assert tomllib.loads(page) == {}
    assert '# name = "kubernetes"' in page


def test_a_cluster_runs_with_a_kubeconfig_and_kubectl_and_not_with_one_of_them(tmp_path: Path):
    assert list(detected(surroundings(tmp_path, programs="kubectl"))) == []
    touch(tmp_path, "home/.kube/config")
    assert only(surroundings(tmp_path)).lacks == ("kubectl on the path",)
    here = surroundings(tmp_path, programs="kubectl")
    assert only(here).lacks == ()
    [source] = configured_in(written(here))
    [export] = source.export
    assert (source.name, source.complete, source.paths) == ("kubernetes", True, (str(export.output),))
    assert "secrets" not in export.command[2]


@pytest.mark.parametrize(
    ("files", "variables", "programs", "expected"),
    [
        (["home/.aws/credentials"], [], "aws", ("aws", ())),
        ([], ["AWS_PROFILE"], "", ("aws", ("aws (the AWS CLI, version 2) on the path",))),
        (
            [],
            ["GITHUB_TOKEN"],
            "gh export-github.sh",
            ("github", ("the organisation: write its name for YOURS",)),
        ),
        (
            [],
            ["VAULT_ADDR"],
            "vault",
            ("vault", ("the policies and roles: export them by the script on the page",)),
        ),
        (
            ["home/.azure/azureProfile.json"],
            [],
            "az",
            ("entra", ("the lists: take the commands from the page",)),
        ),
        (["openlineage.yml"], [], "", ("openlineage", ())),
        ([], ["OPENLINEAGE_URL"], "", ("openlineage", ())),
        (
            ["gitleaks-report.json"],
            [],
            "",
            ("leaks", ("scope: the address of the repository (no remote origin was seen)",)),
        ),
        (
            ["CODEOWNERS"],
            [],
            "",
            ("people", ("scope: the address of the repository (no remote origin was seen)",)),
        ),
        (["shop/catalog-info.yaml"], [], "", ("backstage", ())),
        (["app.cdx.json"], [], "", ("cyclonedx", ())),
        (["bom.json"], [], "", ("cyclonedx", ())),
        (["target/manifest.json", "target/run_results.json"], [], "", ("dbt", ())),
        ([".mcp.json"], [], "", ("agents", ())),
        (["home/.cursor/mcp.json"], [], "", ("agents", ())),
    ],
)
def test_each_sort_of_source_is_seen_by_its_traces(
    tmp_path: Path,
    files: list[str],
    variables: list[str],
    programs: str,
    expected: tuple[str, tuple[str, ...]],
):
    touch(tmp_path, *files)
    here = surroundings(tmp_path, *variables, programs=programs)
    found = only(here)
    assert (found.source, found.lacks) == expected
    assert len(configured_in(written(here))) == (1 if found.is_active else 0)


def test_a_tracking_server_is_seen_and_its_address_is_for_a_person_to_write(tmp_path: Path):
    here = surroundings(tmp_path, "MLFLOW_TRACKING_URI", packages="mlflow")
    [lack] = only(here).lacks
    assert lack.startswith("the server's address in `paths`")
    touch(tmp_path, "mlflow.db")
    assert only(surroundings(tmp_path, packages="mlflow")).paths == ("sqlite:///mlflow.db",)
    assert only(surroundings(tmp_path)).lacks == ("MLflow's client: pip install 'holdfast[mlflow]'",)


def test_a_repository_is_named_by_its_origin_without_user_and_password(tmp_path: Path):
    repository(tmp_path)
    touch(tmp_path, "CODEOWNERS", ".github/CODEOWNERS")
    here = surroundings(tmp_path, programs="gitleaks")
    leaks, people = detected(here)
    assert (leaks.lacks, people.lacks) == ((), ())
    assert leaks.scope == people.scope == "https://git.example/a/b"
    assert people.paths == (".github/CODEOWNERS",), "GitHub heeds the first of its places only"
    assert "planted" not in page_of([leaks, people])
    assert {source.name for source in configured_in(written(here))} == {"leaks", "people"}


def test_what_no_installed_source_reads_is_commented_out(tmp_path: Path):
    touch(tmp_path, "bom.json")
    here = surroundings(tmp_path, sources=frozenset({"records"}))
    assert only(here).lacks == ("a source cyclonedx: none is installed",)
    assert written(here) is None


def test_what_is_commented_out_is_right_once_the_marks_are_taken_away(tmp_path: Path):
    variables = ("GITHUB_TOKEN", "VAULT_ADDR", "MLFLOW_TRACKING_URI", "AWS_PROFILE", "KUBECONFIG")
    touch(tmp_path, "CODEOWNERS", "gitleaks.json", "home/.azure/azureProfile.json")
    page = page_of(list(detected(surroundings(tmp_path, *variables))))
    assert tomllib.loads(page) == {}
    lines = [line.removeprefix("# ") for line in page.splitlines()]
    begins = ("[[", "name =", "instance =", "paths =", "scope =", "complete =", "live =", "cadence =")
    rest = (*begins, "command =", "output =", "delete_afterwards =")
    said = tomllib.loads("\n".join(line for line in lines if line.startswith(rest)))
    assert len(configured_in(said["source"])) == 8


def test_names_that_would_end_a_line_or_a_text_do_not(tmp_path: Path):
    touch(tmp_path, 'a"b.cdx.json', "c\nd.cdx.json", "e'é.cdx.json")
    [source] = configured_in(written(surroundings(tmp_path)))
    assert source.paths == ('a"b.cdx.json', "e'é.cdx.json")


def test_every_detector_is_described_and_names_a_source_with_a_page(tmp_path: Path):
    assert all(detect.__doc__ for detect in DETECTORS)
    everything = (
        "GITHUB_TOKEN",
        "VAULT_ADDR",
        "MLFLOW_TRACKING_URI",
        "AWS_PROFILE",
        "KUBECONFIG",
        "AZURE_TENANT_ID",
    )
    touch(tmp_path, "CODEOWNERS", "gitleaks.json", "openlineage.yml", "catalog-info.yaml", "bom.json")
    touch(tmp_path, "target/manifest.json", ".mcp.json")
    found = list(detected(surroundings(tmp_path, *everything)))
    assert len(found) == len(DETECTORS)
    root = Path(__file__).parents[3]
    assert [
        one.page for one in found if one.source in source_names() and not (root / one.page).is_file()
    ] == []


# The command


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test puts there, each variable with a value that must not be written."""
    for name in list(os.environ):
        if name.split("_")[0] in {
            "AWS",
            "GITHUB",
            "GH",
            "VAULT",
            "BAO",
            "MLFLOW",
            "OPENLINEAGE",
            "KUBECONFIG",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("GITHUB_TOKEN", "VAULT_ADDR", "MLFLOW_TRACKING_URI", "AWS_ACCESS_KEY_ID", "OPENLINEAGE_URL"):
        monkeypatch.setenv(name, PLANTED)


@pytest.mark.usefixtures("environment")
def test_no_value_of_a_variable_is_written_or_printed(tmp_path: Path):
    result = CliRunner().invoke(app, ["init"])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "holdfast.toml").read_text()
    assert "MLFLOW_TRACKING_URI" in page
    assert PLANTED not in page + result.output
    assert "holdfast sync" in result.output
    document = json.loads(CliRunner().invoke(app, ["init", "--force", "--json"]).stdout)
    assert PLANTED not in json.dumps(document)
    assert {"github", "vault", "mlflow", "aws", "openlineage"} <= {s["name"] for s in document["sources"]}
    assert [one.name for one in load().sources] == [s["name"] for s in document["sources"] if s["active"]]


@pytest.mark.usefixtures("environment")
def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path: Path):
    (tmp_path / "holdfast.toml").write_text('actor = "ada"\n')
    refused = CliRunner().invoke(app, ["init"])
    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert (tmp_path / "holdfast.toml").read_text() == 'actor = "ada"\n'
    assert CliRunner().invoke(app, ["init", "--force"]).exit_code == 0
    assert "actor" not in tomllib.loads((tmp_path / "holdfast.toml").read_text())
