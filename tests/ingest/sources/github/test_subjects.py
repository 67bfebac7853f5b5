"""Whom a pipeline's tokens speak for, in every form in which GitHub writes it."""

from typing import Any

import pytest

from tests.ingest.sources.exports import Export, edges, nodes, partial
from tests.ingest.sources.github.api import LONG_AGO, environment, environments, repository

OWNED = "repository_owner:o:repository_visibility:private"
SINCE = "2026-08-01T00:00:00Z"
DEFAULT = {"use_default": True, "use_immutable_subject": False}
WITH_NUMBERS = {"use_default": True, "use_immutable_subject": True}


def told(export: Export, template: Any, created: str = LONG_AGO, **fields: Any) -> dict[str, Any]:
    """The subjects of the pipelines without and with an environment: one, or patterns."""
    export.put("orgs/o/repos.json", [repository(created_at=created, **fields)])
    export.put("repos/o/r/environments.json", environments(environment("e")))
    if template is not None:
        export.put("repos/o/r/actions/oidc/customization/sub.json", template)
    found = export.records()
    said = nodes(found)
    subjects: dict[str, Any] = {}
    for edge in edges(found):
        pipeline, runs_as, subject = edge.partition(" ? ")[0].partition(" RUNS_AS ")
        if runs_as:
            name = pipeline.removeprefix("pipeline/o/r").strip("/")
            subjects[name] = said[subject].properties.get("subject_patterns", subject)
    return subjects


@pytest.mark.parametrize(
    ("template", "created", "prefix"),
    [
        ({**DEFAULT, "sub_claim_prefix": "repo:o/r"}, LONG_AGO, "repo:o/r"),
        # What GitHub says that it writes counts, whatever else the answer says.
        ({**DEFAULT, "sub_claim_prefix": "repo:o@1/r@2"}, SINCE, "repo:o@1/r@2"),
        (WITH_NUMBERS, LONG_AGO, "repo:o@1/r@2"),
        ({"use_default": True}, SINCE, "repo:o@1/r@2"),
    ],
)
def test_names_or_numbers(export: Export, template: Any, created: str, prefix: str) -> None:
    assert told(export, template, created) == {
        "": (f"{prefix}:ref:*", f"{prefix}:pull_request"),
        "e": f"{prefix}:environment:e",
    }


@pytest.mark.parametrize("created", [LONG_AGO, "2026-07-15T12:00:00Z"])
def test_both_forms_where_only_a_change_of_name_would_tell(export: Export, created: str) -> None:
    found = told(export, DEFAULT, created)
    assert found["e"] == ("repo:o/r:environment:e", "repo:o@1/r@2:environment:e")


def test_without_the_template_it_is_possible_only(export: Export) -> None:
    told(export, None)
    condition = "the subjects of the repository's tokens are not customised"
    assert f"pipeline/o/r/e RUNS_AS subjects/o/r/e ? {condition}" in edges(export.records())


def test_a_server_of_ones_own_writes_names_and_issues_tokens_itself(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository(created_at=SINCE, html_url="https://git.bank.example/o/r")])
    export.put("repos/o/r/actions/oidc/customization/sub.json", {"use_default": True})
    (subjects,) = (node for name, node in nodes(export.records()).items() if "/subjects/" in name)
    assert subjects.properties["issuer"] == "https://git.bank.example/_services/token"
    assert subjects.properties["subject_patterns"] == ("repo:o/r:ref:*", "repo:o/r:pull_request")


@pytest.mark.parametrize(
    ("keys", "without", "within"),
    [
        (["repo"], "repo:o/r", "repo:o/r"),
        (
            ["repository_owner", "repository_visibility"],
            *["repository_owner:o:repository_visibility:private"] * 2,
        ),
        (["repository_id"], "repository_id:2", "repository_id:2"),
        (["repo", "environment"], None, "repo:o/r:environment:e"),
        (["job_workflow_ref"], ("job_workflow_ref:*",), ("job_workflow_ref:*",)),
        (
            ["repo", "context", "job_workflow_ref"],
            ("repo:o/r:ref:*:job_workflow_ref:*", "repo:o/r:pull_request:job_workflow_ref:*"),
            ("repo:o/r:environment:e:job_workflow_ref:*",),
        ),
    ],
)
def test_customised_templates(export: Export, keys: list[str], without: Any, within: Any) -> None:
    template = {**DEFAULT, "use_default": False, "include_claim_keys": keys, "sub_claim_prefix": "repo:o/r"}
    expected = {"": without, "e": within}
    assert told(export, template) == {key: value for key, value in expected.items() if value is not None}


def test_colons_in_names_of_environments_are_escaped(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository()])
    export.put("repos/o/r/environments.json", environments(environment("a:b")))
    export.put("repos/o/r/actions/oidc/customization/sub.json", {**DEFAULT, "sub_claim_prefix": "repo:o/r"})
    subjects = [node.name for node in nodes(export.records()).values() if node.type == "oidc_subject"]
    assert "repo:o/r:environment:a%3Ab" in subjects


def test_the_organisations_template_counts_where_the_repository_takes_it(export: Export) -> None:
    export.put("orgs/o/actions/oidc/customization/sub.json", {"include_claim_keys": ["repository_owner"]})
    taken = {"use_default": False, "use_immutable_subject": False, "sub_claim_prefix": "repo:o/r"}
    assert told(export, taken) == {"": "repository_owner:o", "e": "repository_owner:o"}


def test_the_organisations_template_that_was_not_read_leaves_subjects_unknown(export: Export) -> None:
    assert told(export, {"use_default": False}) == {}
    why = "it follows the template of the organisation, which is not in the input"
    assert partial(export.records())["github.com o/r subjects"] == why
