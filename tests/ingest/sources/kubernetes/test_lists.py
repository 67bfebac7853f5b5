"""Files: which objects stand in them, of which cluster they are, and when they close what is gone."""

import json
from pathlib import Path

import pytest

from graph.model import Instant
from ingest.sources.kubernetes.commands import why_partial
from tests.ingest.sources.kubernetes.cluster import (
    CLUSTER,
    READ_AT,
    account,
    edges,
    kube_system,
    listing,
    named,
    pod,
    read,
    secret,
)

LATER = Instant(READ_AT + 86_400_000)
SAMPLE = Path(__file__).parents[4] / "samples" / "kubernetes"


def bare(*items):
    """Items as typed lists hold them: without kind and version."""
    return [{k: v for k, v in item.items() if k not in ("kind", "apiVersion")} for item in items]


def secrets(*items, **metadata):
    return listing(*bare(*items), kind="SecretList", **metadata)


def test_items_of_a_typed_list_take_the_kind_of_the_list(ledger, tmp_path):
    report = read(ledger, tmp_path, listing(kube_system()), secrets(secret("s")))
    assert report.rejected_count == 0
    assert named(ledger, "Secret prod/s").name == "s"


def test_a_whole_list_closes_what_it_no_longer_holds(ledger, tmp_path):
    head = listing(kube_system())
    read(ledger, tmp_path, head, secrets(secret("a"), secret("b")), complete=True)
    read(ledger, tmp_path, head, secrets(secret("a")), complete=True, read_at=LATER)
    assert edges(ledger, "WITHIN") >= {"Secret prod/a WITHIN prod#secrets [listed]"}
    assert not any("prod/b" in line for line in edges(ledger))


def test_an_empty_list_closes_everything_of_its_type(ledger, tmp_path):
    head = listing(kube_system())
    read(ledger, tmp_path, head, secrets(secret("a")), complete=True)
    read(ledger, tmp_path, head, secrets(), complete=True, read_at=LATER)
    assert not any("prod/a" in line for line in edges(ledger))


def test_a_list_of_another_type_closes_nothing(ledger, tmp_path):
    head = listing(kube_system())
    read(ledger, tmp_path, head, secrets(secret("a")), complete=True)
    read(ledger, tmp_path, head, listing(account("x")), complete=True, read_at=LATER)
    assert "Secret prod/a WITHIN prod#secrets [listed]" in edges(ledger)


@pytest.mark.parametrize(
    ("second", "complete"),
    [
        (secrets(), False),
        (secrets(**{"continue": "more"}), True),
        (secrets({"metadata": {"namespace": "prod"}}), True),
        (secret("b"), True),
    ],
    ids=["nobody says so", "one part of a list", "an item without a name", "a single object"],
)
def test_what_may_not_be_whole_closes_nothing(ledger, tmp_path, second, complete):
    head = listing(kube_system())
    read(ledger, tmp_path, head, secrets(secret("a")), complete=True)
    read(ledger, tmp_path, head, second, complete=complete, read_at=LATER)
    assert "Secret prod/a WITHIN prod#secrets [listed]" in edges(ledger)


SIDECAR = {
    "command": "kubectl get ns,secrets -A -o json",
    "filters": [],
    "scope": "eu-1",
    "read_at": "2026-05-01T00:00:00Z",
}


def test_a_sidecar_makes_a_file_whole_and_says_when_it_was_read(ledger, tmp_path):
    read(ledger, tmp_path, listing(kube_system(), secret("a"), secret("b")), complete=True)
    report = read(ledger, tmp_path, listing(kube_system(), secret("a")), read_at=None, sidecar=SIDECAR)
    assert {scope.complete for scope in report.scopes} == {True}
    assert {str(scope.read_at) for scope in report.scopes} == {"1777593600000"}
    assert not any("prod/b" in line for line in edges(ledger))


@pytest.mark.parametrize(
    "change",
    [{"filters": ["namespace prod"]}, {"command": "kubectl get ns,secrets -n prod -o json"}],
    ids=["filters", "command"],
)
def test_a_sidecar_that_tells_of_a_filter_makes_nothing_whole(ledger, tmp_path, change):
    read(ledger, tmp_path, listing(kube_system(), secret("a"), secret("b")), complete=True)
    read(ledger, tmp_path, listing(kube_system(), secret("a")), read_at=None, sidecar=SIDECAR | change)
    assert any("prod/b" in line for line in edges(ledger))


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        ("kubectl get pods -A -o json", True),
        ("kubectl --context eu get pods --all-namespaces -o=json > pods.json", True),
        ("kubectl get --raw /api/v1/pods", True),
        ("kubectl get --raw '/api/v1/pods?limit=5'", False),
        ("kubectl get --raw /api/v1/namespaces/prod/pods", False),
        ("kubectl get pods -o json", False),
        ("kubectl get pods -A -l app=x -o json", False),
        ("kubectl get pods -A --field-selector=spec.nodeName=n -o json", False),
        ("kubectl get pod one two -A -o json", False),
        ("kubectl get pod/one -A -o json", False),
        ("kubectl get pods -A -o json | jq .", False),
        ("kubectl describe pods -A", False),
        ("kubectl get pods -A -o 'json", False),
    ],
)
def test_a_command_tells_whether_it_asks_for_everything(command, whole):
    assert (why_partial(command, namespaced=True) is None) is whole


def test_a_list_of_the_cluster_needs_no_namespaces():
    assert why_partial("kubectl get nodes -o json", namespaced=False) is None


def test_a_cluster_without_its_kube_system_is_named_by_its_instance(ledger, tmp_path):
    report = read(ledger, tmp_path, listing(secret("a")))
    uids = {node.uid for node in ledger.all_nodes(ledger.at())}
    assert "hf:secret:k8s:eu-1//Secret/prod/a" in uids
    assert "'eu-1' was taken instead" in report.warnings[0]


def test_files_of_two_clusters_are_not_mixed(ledger, tmp_path):
    other = kube_system()
    other["metadata"]["uid"] = "another"
    report = read(ledger, tmp_path, listing(kube_system(), secret("a")), listing(other, secret("b")))
    assert [p.field for p in report.rejected] == ["/metadata/uid"]
    assert not any("prod/b" in node.uid for node in ledger.all_nodes(ledger.at()))
    assert f"hf:secret:k8s:{CLUSTER}//Secret/prod/a" in {n.uid for n in ledger.all_nodes(ledger.at())}


def test_bindings_close_only_when_everything_about_rights_was_read(ledger, tmp_path):
    report = read(
        ledger, tmp_path, listing(kind="RoleBindingList", api="rbac.authorization.k8s.io/v1"), complete=True
    )
    (scope,) = report.scopes
    assert (scope.complete, scope.why) == (
        False,
        "bindings, roles and service accounts were not all read whole",
    )


def test_reading_again_makes_no_commit(ledger, tmp_path):
    document = listing(kube_system(), secret("a"), pod("p"), account("x"))
    read(ledger, tmp_path, document, complete=True)
    assert read(ledger, tmp_path, document, complete=True).commits == 0


def test_the_sample_cluster_goes_in_whole(ledger, tmp_path):
    sample = json.loads((SAMPLE / "cluster.json").read_text(encoding="utf-8"))
    sidecar = json.loads((SAMPLE / "cluster.json.read.json").read_text(encoding="utf-8"))
    report = read(ledger, tmp_path, sample, read_at=None, sidecar=sidecar)
    assert (report.state.value, report.warnings) == ("completed", [])
    assert all(scope.complete for scope in report.scopes)
