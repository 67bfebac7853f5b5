"""Repositories and environments have a pipeline each; what protects an environment makes it possible only."""

import pytest

from graph.model import ExternalId
from tests.ingest.sources.exports import Export, edges, nodes, partial
from tests.ingest.sources.github.api import (
    AS_BEFORE,
    environment,
    environments,
    repository,
    reviewed,
    secrets,
)

ADMITTED = "the branch is one that the environment admits"
APPROVED = "somebody approves the deployment"


def test_a_repository_and_its_open_environment(export: Export) -> None:
    export.put("orgs/o/repos.json", [[repository()]])
    export.put("repos/o/r/environments.json", [environments(environment("training"))])
    export.put("repos/o/r/actions/secrets.json", secrets("TOKEN"))
    export.put("repos/o/r/environments/training/secrets.json", secrets("PASSWORD"))
    export.put("repos/o/r/actions/oidc/customization/sub.json", AS_BEFORE)

    found = export.records()

    assert edges(found) == {
        "https://github.com/o/r WITHIN organisation/o/repositories [listed]",
        "organisation/o/repositories WITHIN organisation/o",
        "pipeline/o/r BUILT_FROM https://github.com/o/r",
        "pipeline/o/r/training BUILT_FROM https://github.com/o/r",
        "pipeline/o/r USES_SECRET actions-secret/2/o/r/TOKEN",
        "pipeline/o/r/training USES_SECRET actions-secret/2/o/r/TOKEN",
        "pipeline/o/r/training USES_SECRET actions-secret/3/o/r/training/PASSWORD",
        "pipeline/o/r RUNS_AS subjects/o/r",
        "pipeline/o/r/training RUNS_AS repo:o/r:environment:training",
    }
    said = nodes(found)
    assert said["https://github.com/o/r"].external_ids == (
        ExternalId("github-id", "github.com/repository/2"),
        ExternalId("git-url", "https://github.com/o/r"),
    )
    assert said["subjects/o/r"].properties == {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject_patterns": ("repo:o/r:ref:*", "repo:o/r:pull_request"),
    }
    assert said["subjects/o/r"].external_ids == ()
    assert set(partial(found).values()) == {None}


def test_protection_makes_all_of_it_possible_and_says_on_what_it_depends(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository()])
    protected = environment("prod", reviewed(), policy={"protected_branches": True})
    export.put("repos/o/r/environments.json", environments(protected))
    export.put("repos/o/r/actions/secrets.json", secrets("TOKEN"))
    export.put("repos/o/r/actions/oidc/customization/sub.json", AS_BEFORE)

    condition = f"{APPROVED}, and the branch is protected"
    assert {edge for edge in edges(export.records()) if edge.startswith("pipeline/o/r/prod")} == {
        f"pipeline/o/r/prod BUILT_FROM https://github.com/o/r ? {condition}",
        f"pipeline/o/r/prod USES_SECRET actions-secret/2/o/r/TOKEN ? {condition}",
        f"pipeline/o/r/prod RUNS_AS repo:o/r:environment:prod ? {condition}",
    }


@pytest.mark.parametrize(
    ("rules", "policy", "conditions"),
    [
        ([{"type": "wait_timer", "wait_timer": 30}], None, ()),
        (
            [{"type": "branch_policy"}],
            {"protected_branches": False},
            ("the branch is one that the environment admits",),
        ),
        ([{"type": "custom"}], None, ("a protection rule of the environment lets the job in",)),
    ],
)
def test_what_protects_an_environment(
    export: Export, rules: list[dict], policy: dict | None, conditions: tuple[str, ...]
) -> None:
    export.put("repos/o/r/environments.json", environments(environment("e", *rules, policy=policy)))
    assert nodes(export.records())["pipeline/o/r/e"].properties.get("protection", ()) == conditions


def test_in_an_archived_repository_nothing_runs(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository(archived=True)])
    export.put("repos/o/r/environments.json", environments(environment("e")))
    export.put("repos/o/r/actions/secrets.json", secrets("TOKEN"))
    assert not [name for name in nodes(export.records()) if name.startswith("pipeline")]


def test_secrets_of_an_organisation_reach_the_repositories_that_get_them(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository(), repository("open", 7, visibility="public")])
    for name in ("r", "open"):
        export.put(f"repos/o/{name}/environments.json", environments())
    given = [
        *secrets("EVERYWHERE", visibility="all")["secrets"],
        *secrets("INSIDE", visibility="private")["secrets"],
        *secrets("CHOSEN", visibility="selected")["secrets"],
        *secrets("UNTOLD", visibility="selected")["secrets"],
    ]
    export.put("orgs/o/actions/secrets.json", {"total_count": 4, "secrets": given})
    chosen = {"total_count": 1, "repositories": [{"full_name": "o/open"}]}
    export.put("orgs/o/actions/secrets/CHOSEN/repositories.json", chosen)

    found = {edge for edge in edges(export.records()) if "USES_SECRET" in edge}

    given_to = "? the organisation gives the secret to the repository"
    assert found == {
        "pipeline/o/r USES_SECRET actions-secret/1/o/EVERYWHERE",
        "pipeline/o/open USES_SECRET actions-secret/1/o/EVERYWHERE",
        "pipeline/o/r USES_SECRET actions-secret/1/o/INSIDE",
        "pipeline/o/open USES_SECRET actions-secret/1/o/CHOSEN",
        f"pipeline/o/r USES_SECRET actions-secret/1/o/UNTOLD {given_to}",
        f"pipeline/o/open USES_SECRET actions-secret/1/o/UNTOLD {given_to}",
    }


def test_secrets_of_an_environment_of_which_nothing_was_read_are_possible(export: Export) -> None:
    export.put("repos/o/r/environments/e/secrets.json", secrets("TOKEN"))
    condition = "the environment lets the job in, of which nothing was read"
    used = f"pipeline/o/r/e USES_SECRET actions-secret/3/o/r/e/TOKEN ? {condition}"
    assert edges(export.records()) == {used}


def test_secrets_without_the_environments_are_not_all_that_uses_them(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository()])
    export.put("repos/o/r/actions/secrets.json", secrets("TOKEN"))
    why = "the list of the repository's environments is not in the input"
    assert partial(export.records())["github.com o/r secrets"] == why
