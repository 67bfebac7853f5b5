"""Which answer a file is, what of it is whole, and what a second reading ends."""

from typing import Any

import pytest

from ingest.record import Rejected
from ingest.times import parse_time
from tests.ingest.sources.exports import Export, nodes, partial
from tests.ingest.sources.github.api import (
    AS_BEFORE,
    deploy_key,
    environment,
    environments,
    repository,
    secrets,
)

LATER_READ = parse_time("2026-11-20T06:00:00Z").moment


def scopes(export: Export, **options: Any) -> list[str]:
    return list(partial(export.records(**options)))


def test_a_file_is_called_by_the_address_it_was_read_from(export: Export) -> None:
    export.put("repos/o/r/environments/pre%2Fprod/secrets.json", secrets("A"))
    assert scopes(export) == ["github.com o/r environment pre/prod secrets"]


def test_a_sidecar_says_it_of_a_file_that_is_called_otherwise(export: Export) -> None:
    export.put("a.json", secrets("A"), {"scope": "repos/o/r/actions/secrets"})
    assert scopes(export) == ["github.com o/r secrets"]


def test_the_one_who_runs_the_job_says_it(export: Export) -> None:
    path = export.put("a.json", secrets("A"))
    assert list(partial(export.records(path, scope="/orgs/o/actions/secrets?per_page=100"))) == [
        "github.com o secrets"
    ]


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        ([repository()], "github.com o repositories"),
        (repository(), "github.com o/r repository"),
        ([[deploy_key()]], "github.com o/r deploy keys"),
        (environments(environment("e")), "github.com o/r environments"),
    ],
)
def test_some_answers_say_it_themselves(export: Export, body: Any, scope: str) -> None:
    export.put("a.json", body)
    assert scopes(export) == [scope]


def test_folders_that_only_read_like_an_address_say_nothing(export: Export) -> None:
    export.put("repos/fairbank/export.json", environments(environment("e")))
    assert scopes(export) == ["github.com o/r environments"]


@pytest.mark.parametrize("body", [environments(), secrets("A"), [], [{"id": 1, "login": "ada"}]])
def test_others_are_refused_where_nobody_says_it(export: Export, body: Any) -> None:
    export.put("a.json", body)
    (rejected,) = [r for r in export.records() if isinstance(r, Rejected)]
    assert rejected.problem.field == "scope"


def test_pages_are_put_together(export: Export) -> None:
    pages = [{**secrets("A"), "total_count": 2}, {**secrets("B"), "total_count": 2}]
    export.put("repos/o/r/environments/e/secrets.json", pages)
    found = export.records()
    assert {node.name for node in nodes(found).values()} == {"A", "B"}
    assert set(partial(found).values()) == {None}


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        (
            "environments.json",
            {**environments(environment("e")), "total_count": 40},
            "it has 1 of 40 entries",
        ),
        (
            "keys.json",
            [deploy_key(number) for number in range(30)],
            "it has 30 entries, as many as one page, so that there may be more",
        ),
        ("keys.json", [[deploy_key(number) for number in range(30)]], None),
        ("keys.json", [deploy_key(number) for number in range(31)], None),
    ],
)
def test_a_page_is_not_the_whole_list(export: Export, name: str, body: Any, why: str | None) -> None:
    export.put(f"repos/o/r/{name}", body)
    assert list(partial(export.records()).values()) == [why]


def test_of_a_full_page_the_command_may_say_that_it_is_all(export: Export) -> None:
    keys = [deploy_key(number) for number in range(30)]
    said = {"scope": "repos/o/r/keys", "command": "gh api --paginate repos/o/r/keys"}
    export.put("repos/o/r/keys.json", keys, said)
    assert list(partial(export.records(complete=False)).values()) == [None]


def test_a_list_that_nobody_calls_whole_is_not(export: Export) -> None:
    export.put("repos/o/r/keys.json", [deploy_key()])
    assert None not in partial(export.records(complete=False)).values()


def test_addresses_heed_no_case(export: Export) -> None:
    export.put("orgs/O/repos.json", [repository()])
    export.put("repos/O/R/keys.json", [deploy_key()])
    assert "github.com o/r deploy keys" in scopes(export)


def test_two_servers_in_one_run_are_refused(export: Export) -> None:
    there = repository("s", 9, html_url="https://git.bank.example/o/s")
    export.put("orgs/o/repos.json", [repository(), there])
    assert [type(record) for record in export.records()] == [Rejected]
    export.put("orgs/o/repos.json", [there])
    export.put("repos/o/r/keys.json", [deploy_key()])
    (rejected,) = export.records()
    assert isinstance(rejected, Rejected)
    assert "git.bank.example, github.com" in rejected.problem.reason


def test_keys_alone_name_their_server(export: Export) -> None:
    there = deploy_key(url="https://git.bank.example/api/v3/repos/o/r/keys/5")
    export.put("repos/o/r/keys.json", [there])
    assert scopes(export) == ["git.bank.example o/r deploy keys"]


def _export_all(export: Export, *names: str, **keys: Any) -> None:
    export.put("orgs/o/repos.json", [repository()])
    export.put("repos/o/r/environments.json", environments(*map(environment, names)))
    export.put("repos/o/r/actions/secrets.json", secrets("TOKEN"))
    export.put("repos/o/r/actions/oidc/customization/sub.json", AS_BEFORE)
    export.put("repos/o/r/keys.json", [deploy_key(**keys)])


def test_reading_twice_commits_nothing(export: Export) -> None:
    _export_all(export, "training")
    first = export.read().to_json()
    assert (first["state"], first["rejected"], first["warnings"]) == ("completed", [], [])
    assert export.read().commits == 0


def test_what_is_gone_ends_and_nothing_else(export: Export) -> None:
    _export_all(export, "training", "production")
    export.read()
    _export_all(export, "training", read_only=True)
    report = export.read(read_at=None, complete=True).to_json()
    closed = {s["name"].removeprefix("github.com "): s["closed"] for s in report["scopes"]}
    assert closed == {
        "o repositories": 0,
        "o/r environments": 2,  # the pipeline, and what it is built from
        "o/r secrets": 1,  # what it may use
        "o/r subjects": 3,  # the pipeline, its subject, and that it runs as that
        "o/r deploy keys": 1,  # that it may write
    }


def test_one_file_closes_no_other(export: Export) -> None:
    _export_all(export, "training")
    export.read()
    alone = export.put("repos/o/r/keys.json", [])
    report = export.read(alone, read_at=None).to_json()
    assert [(s["name"], s["closed"]) for s in report["scopes"]] == [("github.com o/r deploy keys", 5)]


def test_the_template_takes_the_place_of_what_was_assumed_without_it(export: Export) -> None:
    _export_all(export, "training")
    template = export.folder / "repos/o/r/actions/oidc/customization/sub.json"
    template.unlink()
    export.read()
    _export_all(export, "training")
    export.read(read_at=LATER_READ)
    subjects = [
        row.uid for row in export.ledger.all_nodes(export.ledger.at(LATER_READ)) if row.kind == "Identity"
    ]
    assert "hf:identity:github:github.com/subjects/o/r/training" not in subjects
    assert any(uid.endswith("repo:o%2Fr:environment:training") for uid in subjects)


def test_without_the_template_nothing_that_was_certain_is_taken_back(export: Export) -> None:
    _export_all(export, "training")
    export.read()
    listed = export.folder / "repos/o/r/environments.json"
    (export.folder / "orgs/o/repos.json").unlink()
    assert {s["closed"] for s in export.read(listed, read_at=None).to_json()["scopes"]} == {0}
