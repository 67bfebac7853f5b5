"""Deploy keys open accounts of their own, and meet the same key wherever it is found."""

from graph.model import ExternalId
from tests.ingest.sources.exports import Export, edges, ids, nodes
from tests.ingest.sources.github.api import KEY_DIGEST, deploy_key, repository


def test_a_key_that_may_write(export: Export) -> None:
    export.put("repos/o/r/keys.json", [deploy_key()])
    found = export.records()
    assert edges(found) == {
        "deploy-key/5 AUTHENTICATES deploy-key/5",
        "deploy-key/5 CAN_READ https://github.com/o/r",
        "deploy-key/5 CAN_WRITE https://github.com/o/r",
    }
    assert set(ids(found)) == {
        ExternalId("ssh-key-sha256", KEY_DIGEST),
        ExternalId("github-id", "github.com/deploy-key/5"),
    }


def test_a_key_that_may_only_read(export: Export) -> None:
    export.put("repos/o/r/keys.json", [deploy_key(read_only=True)])
    assert edges(export.records()) == {
        "deploy-key/5 AUTHENTICATES deploy-key/5",
        "deploy-key/5 CAN_READ https://github.com/o/r",
    }


def test_what_would_have_to_change_first_is_possible_only(export: Export) -> None:
    export.put("orgs/o/repos.json", [repository(archived=True)])
    export.put("repos/o/r/keys.json", [deploy_key(enabled=False)])
    assert {
        "deploy-key/5 AUTHENTICATES deploy-key/5 ? deploy keys are allowed in the repository again",
        "deploy-key/5 CAN_WRITE https://github.com/o/r ? the repository is no longer archived",
    } <= edges(export.records())


def test_a_title_that_names_somebody_is_left_out(export: Export) -> None:
    export.put("repos/o/r/keys.json", [deploy_key(title="ada@laptop")])
    assert {node.name for node in nodes(export.records()).values()} == {"deploy key of o/r: 5"}


def test_a_key_of_another_form_meets_no_other(export: Export) -> None:
    export.put("repos/o/r/keys.json", [deploy_key(key="no key at all")])
    assert [i.scheme for i in ids(export.records())] == ["github-id"]
