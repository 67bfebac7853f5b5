"""Workloads, secrets, images and nodes: what each object comes to."""

import base64
import hashlib

import pytest

from graph.model import ExternalId
from graph.vocabulary import Kind
from tests.ingest.sources.kubernetes.cluster import (
    CLUSTER,
    KEYS,
    Json,
    account,
    deployment,
    edges,
    item,
    kube_system,
    listing,
    named,
    namespace,
    pod,
    read,
    read_items,
    secret,
    short,
)

LONG = "planted-value-0123456789"


def encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def key_from(name, optional=None):
    reference = {"name": name, "key": "k", **({} if optional is None else {"optional": optional})}
    return {"name": "V", "valueFrom": {"secretKeyRef": reference}}


def test_a_pod_is_part_of_its_deployment_and_the_replica_set_is_folded(ledger, tmp_path):
    replicas = item(
        "apps/v1",
        "ReplicaSet",
        "api-5d",
        "prod",
        spec={},
        metadata={
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api", "controller": True}
            ]
        },
    )
    report = read_items(
        ledger,
        tmp_path,
        deployment("api"),
        replicas,
        pod("api-5d-x", owner=("apps/v1", "ReplicaSet", "api-5d")),
    )
    assert edges(ledger, "PART_OF") == {"Pod prod/api-5d-x PART_OF Deployment prod/api"}
    assert report.skipped == {"ReplicaSet folded into its controller": 1}
    assert not any("ReplicaSet" in short(n.uid) for n in ledger.all_nodes(ledger.at()))


def test_without_the_replica_set_the_hash_in_its_name_tells_the_deployment(ledger, tmp_path):
    single = pod("api-5d-x", owner=("apps/v1", "ReplicaSet", "api-5d"))
    single["metadata"]["labels"] = {"pod-template-hash": "5d"}
    read_items(ledger, tmp_path, single)
    assert edges(ledger, "PART_OF") == {"Pod prod/api-5d-x PART_OF Deployment prod/api"}


def test_a_job_of_a_cron_job_is_folded_into_it(ledger, tmp_path):
    job = item(
        "batch/v1",
        "Job",
        "n-1",
        "prod",
        spec={},
        metadata={
            "ownerReferences": [
                {"apiVersion": "batch/v1", "kind": "CronJob", "name": "n", "controller": True}
            ]
        },
    )
    cron = item(
        "batch/v1",
        "CronJob",
        "n",
        "prod",
        spec={"jobTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "runner"}}}}},
    )
    read_items(ledger, tmp_path, cron, job, pod("n-1-x", owner=("batch/v1", "Job", "n-1")))
    assert edges(ledger, "PART_OF") == {"Pod prod/n-1-x PART_OF CronJob prod/n"}
    assert "CronJob prod/n RUNS_AS ServiceAccount prod/runner" in edges(ledger)


def test_a_workload_runs_as_its_account_or_as_the_default_one(ledger, tmp_path):
    read_items(ledger, tmp_path, deployment("a", serviceAccountName="robot"), deployment("b"))
    assert edges(ledger, "RUNS_AS") == {
        "Deployment prod/a RUNS_AS ServiceAccount prod/robot",
        "Deployment prod/b RUNS_AS ServiceAccount prod/default",
    }


@pytest.mark.parametrize("where", ["pod", "account"])
def test_without_a_mounted_token_it_only_possibly_acts_as_the_account(ledger, tmp_path, where):
    off: Json = {"automountServiceAccountToken": False}
    read_items(
        ledger,
        tmp_path,
        account("robot", **(off if where == "account" else {})),
        pod("a", serviceAccountName="robot", **(off if where == "pod" else {})),
    )
    assert edges(ledger, "RUNS_AS") == {"Pod prod/a RUNS_AS ServiceAccount prod/robot ?"}


def test_secrets_come_through_variables_whole_sets_and_volumes(ledger, tmp_path):
    containers = [
        {
            "name": "c",
            "image": "i",
            "env": [key_from("one"), {"name": "X", "value": LONG}],
            "envFrom": [{"secretRef": {"name": "two"}}, {"configMapRef": {"name": "not-a-secret"}}],
        },
    ]
    volumes = [
        {"name": "v", "secret": {"secretName": "three", "optional": True}},
        {"name": "w", "projected": {"sources": [{"secret": {"name": "four"}}]}},
    ]
    init = [{"name": "i", "image": "i", "env": [key_from("five")]}]
    pull = [{"name": "registry"}]
    report = read_items(
        ledger,
        tmp_path,
        pod("p", containers=containers, initContainers=init, volumes=volumes, imagePullSecrets=pull),
    )
    assert edges(ledger, "USES_SECRET") == {
        "Pod prod/p USES_SECRET Secret prod/one",
        "Pod prod/p USES_SECRET Secret prod/two",
        "Pod prod/p USES_SECRET Secret prod/three [optional]",
        "Pod prod/p USES_SECRET Secret prod/four",
        "Pod prod/p USES_SECRET Secret prod/five",
    }
    assert report.skipped == {"image pull secret": 1}


def test_secrets_that_the_node_is_given_for_a_volume_are_counted(ledger, tmp_path):
    volumes = [
        {"name": "a", "azureFile": {"secretName": "share", "shareName": "s"}},
        {"name": "b", "csi": {"driver": "d", "nodePublishSecretRef": {"name": "vault"}}},
        {"name": "c", "cephfs": {"monitors": ["m"], "secretRef": {"name": "ceph"}}},
        {"name": "d", "csi": {"driver": "needs none"}},
        {"name": "e", "emptyDir": {}},
    ]
    report = read_items(ledger, tmp_path, pod("p", volumes=volumes))
    assert edges(ledger, "USES_SECRET") == set()
    assert report.skipped == {"secret of a volume driver": 3}


def test_a_secret_is_optional_only_if_every_use_of_it_is(ledger, tmp_path):
    containers = [
        {"name": "c", "image": "i", "env": [key_from("one", optional=True)]},
        {"name": "d", "image": "i", "env": [key_from("one")]},
    ]
    read_items(ledger, tmp_path, pod("p", containers=containers))
    assert edges(ledger, "USES_SECRET") == {"Pod prod/p USES_SECRET Secret prod/one"}


@pytest.mark.parametrize(
    ("spec", "container", "reason"),
    [
        ({"hostPID": True}, {}, "hostPID"),
        ({}, {"securityContext": {"privileged": True}}, "privileged"),
        ({}, {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}, "capability SYS_ADMIN"),
        ({"volumes": [{"name": "h", "hostPath": {"path": "/var/run/containerd"}}]}, {}, "hostPath"),
    ],
)
def test_a_pod_that_can_break_out_is_privileged_on_its_node(ledger, tmp_path, spec, container, reason):
    read_items(ledger, tmp_path, pod("p", nodeName="n1", containers=[{"name": "c", **container}], **spec))
    assert edges(ledger, "RUNS_ON") == {"Pod prod/p RUNS_ON Node n1 [privileged]"}
    (edge,) = [e for e in ledger.all_edges(ledger.at()) if e.relation == "RUNS_ON"]
    assert edge.properties["privileged_by"].value == (reason,)


def test_an_ordinary_pod_is_not(ledger, tmp_path):
    harmless = [{"name": "d", "hostPath": {"path": "/data"}}]
    read_items(ledger, tmp_path, pod("p", nodeName="n1", hostNetwork=True, volumes=harmless))
    assert edges(ledger, "RUNS_ON") == {"Pod prod/p RUNS_ON Node n1"}


def test_images_are_known_by_what_pods_run_and_templates_by_name(ledger, tmp_path):
    digest = "sha256:" + "a" * 64
    running = pod("p", containers=[{"name": "c", "image": "r.example/app:1"}])
    running["status"] = {"containerStatuses": [{"name": "c", "imageID": f"r.example/app@{digest}"}]}
    local = pod("q", containers=[{"name": "c", "image": "local:1"}])
    local["status"] = {"containerStatuses": [{"name": "c", "imageID": "sha256:" + "b" * 64}]}
    template = deployment("d", containers=[{"name": "c", "image": "r.example/app:1"}])
    read_items(ledger, tmp_path, running, local, template)
    assert edges(ledger, "BUILT_FROM", "VERSION_OF") == {
        f"Pod prod/p BUILT_FROM oci-digest:{digest}",
        f"oci-digest:{digest} VERSION_OF oci-image:r.example%2Fapp:1",
        "Pod prod/q BUILT_FROM oci-image:local:1",
        "Deployment prod/d BUILT_FROM oci-image:r.example%2Fapp:1",
    }
    image = named(ledger, f"oci-digest:{digest}")
    assert (image.type, image.external_ids) == ("container_image", (ExternalId("oci-digest", digest),))


def test_two_names_of_one_image_do_not_contradict_each_other(ledger, tmp_path):
    digest = "sha256:" + "a" * 64
    pods = [
        pod(name, containers=[{"name": "c", "image": f"{where}/app@{digest}"}])
        for name, where in (("p", "one.example"), ("q", "two.example"))
    ]
    assert read_items(ledger, tmp_path, *pods).rejected_count == 0
    assert read_items(ledger, tmp_path, *pods[::-1]).commits == 0


def test_finished_pods_run_nothing(ledger, tmp_path):
    done = pod("p", serviceAccountName="robot")
    done["status"] = {"phase": "Succeeded"}
    report = read_items(ledger, tmp_path, done)
    assert (edges(ledger, "RUNS_AS"), report.skipped) == (set(), {"finished pod": 1})


@pytest.mark.parametrize("condition", ["Complete", "Failed"])
def test_finished_jobs_run_nothing(ledger, tmp_path, condition):
    template = {"template": {"spec": {"serviceAccountName": "robot", "containers": []}}}
    over = item("batch/v1", "Job", "migrate", "prod", spec=template)
    over["status"] = {"conditions": [{"type": condition, "status": "True"}]}
    held = item("batch/v1", "Job", "held", "prod", spec=template)
    held["status"] = {
        "conditions": [{"type": "Suspended", "status": "True"}, {"type": condition, "status": "False"}]
    }
    report = read_items(ledger, tmp_path, over, held)
    assert edges(ledger, "RUNS_AS") == {"Job prod/held RUNS_AS ServiceAccount prod/robot"}
    assert report.skipped == {"finished Job": 1}


def test_a_secret_is_its_keys_its_age_and_fingerprints_and_never_its_values(ledger, tmp_path):
    data = {"password": encoded(LONG), "user": encoded("app")}
    made = secret("s", data=data, metadata={"creationTimestamp": "2026-01-02T03:04:05Z"})
    read_items(ledger, tmp_path, made)
    node = named(ledger, "Secret prod/s")
    assert (node.kind, node.name, node.type) == (Kind.SECRET, "s", None)
    assert node.texts("keys") == ("password", "user")
    assert node.texts("fingerprints") == (KEYS.of_secret(LONG.encode()),)
    assert node.text("fingerprint") == KEYS.of_secret(LONG.encode())
    assert node.integer("created") == 1767323045000
    assert ExternalId("k8s", f"{CLUSTER}//Secret/prod/s") in node.external_ids


def test_equal_values_have_equal_fingerprints_and_public_parts_have_none(ledger, tmp_path):
    one = {"token": encoded(LONG), "ca.crt": encoded("the same certificate everywhere")}
    read_items(ledger, tmp_path, secret("a", data=one), secret("b", "ci", data={"other": encoded(LONG)}))
    first, second = named(ledger, "Secret prod/a"), named(ledger, "Secret ci/b")
    assert first.texts("fingerprints") == second.texts("fingerprints")
    assert len(first.texts("fingerprints")) == 1


def test_a_secret_that_is_no_base64_is_still_a_secret(ledger, tmp_path):
    report = read_items(ledger, tmp_path, secret("s", data={"k": f"***{LONG}"}))
    assert named(ledger, "Secret prod/s").texts("keys") == ("k",)
    assert report.rejected_count == 0
    assert "not valid base64" in report.warnings[0]
    assert LONG not in report.to_text()


def test_a_certificate_is_known_by_its_digest(ledger, tmp_path):
    der = b"not really a certificate, but what stands between the lines"
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"
    read_items(ledger, tmp_path, secret("s", type="kubernetes.io/tls", data={"tls.crt": encoded(pem)}))
    node = named(ledger, "Secret prod/s")
    assert node.type == "private_key"
    assert ExternalId("x509-sha256", hashlib.sha256(der).hexdigest()) in node.external_ids


def test_a_token_of_an_account_authenticates_it(ledger, tmp_path):
    annotations = {"kubernetes.io/service-account.name": "robot"}
    token = secret("t", type="kubernetes.io/service-account-token", metadata={"annotations": annotations})
    read_items(ledger, tmp_path, token)
    assert "Secret prod/t AUTHENTICATES ServiceAccount prod/robot" in edges(ledger)


def test_objects_stand_in_their_type_which_stands_in_the_namespace_and_in_the_cluster(ledger, tmp_path):
    read_items(ledger, tmp_path, namespace("prod"), pod("p"))
    assert edges(ledger, "WITHIN") == {
        "Pod prod/p WITHIN prod#pods [listed]",
        "prod#pods WITHIN Namespace prod",
        "prod#pods WITHIN #pods [listed]",
        "#pods WITHIN K",
        "Namespace prod WITHIN K",
        "Namespace kube-system WITHIN K",
    }
    assert named(ledger, "prod#pods").text("resource_type") == "pods"


def test_what_is_not_mapped_is_counted_by_kind(ledger, tmp_path):
    settings = item("v1", "ConfigMap", "c", "prod", data={"password": LONG})
    report = read_items(ledger, tmp_path, settings, settings, item("example.org/v1", "Rollout", "r", "prod"))
    assert report.skipped == {"ConfigMap": 2, "Rollout": 1}


ISSUER = "https://oidc.example.org/id/1"
DISCOVERY = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "response_types_supported": ["id_token"]}
SUBJECT = ExternalId("oidc-subject", "https:%2F%2Foidc.example.org%2Fid%2F1/system:serviceaccount:prod:robot")


def test_who_issues_the_tokens_of_accounts_gives_them_a_subject(ledger, tmp_path):
    read(ledger, tmp_path, listing(kube_system(), account("robot")), DISCOVERY)
    assert SUBJECT in named(ledger, "ServiceAccount prod/robot").external_ids


def test_without_an_issuer_an_account_has_no_subject(ledger, tmp_path):
    read_items(ledger, tmp_path, account("robot"))
    schemes = [i.scheme for i in named(ledger, "ServiceAccount prod/robot").external_ids]
    assert schemes == ["k8s"]


def test_an_issuer_alone_says_nothing_and_is_no_fault(ledger, tmp_path):
    report = read(ledger, tmp_path, DISCOVERY)
    assert (report.rejected, report.commits) == ([], 0)


def test_the_public_id_of_a_cloud_key_is_kept_and_its_secret_half_is_not(ledger, tmp_path):
    key_id, secret_half = encoded("AKIAFAIRBANKEXAMPLE7"), encoded("x" * 40)
    halves = {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret_half}
    read_items(ledger, tmp_path, secret("s", data=halves))
    node = named(ledger, "Secret prod/s")
    assert node.texts("key_ids") == ("aws-access-key-id=AKIAFAIRBANKEXAMPLE7",)
    assert node.texts("fingerprints") == (KEYS.of_secret(b"x" * 40),)
