"""The examples of running a sync by the clock are what cron and the API server accept, and ask for little."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from api.cli.main import app
from api.settings import Settings
from api.syncing.configured import configured_in

EXAMPLES = Path(__file__).parents[3] / "examples"
OBJECTS = {
    o["kind"]: o for o in yaml.safe_load_all((EXAMPLES / "kubernetes/holdfast-sync.yaml").read_text("utf-8"))
}
JOB = OBJECTS["CronJob"]["spec"]
POD = JOB["jobTemplate"]["spec"]["template"]["spec"]
[CONTAINER] = POD["containers"]

# The fields that an object may have, of those of the API (v1, batch/v1, rbac.authorization.k8s.io/v1 of
# Kubernetes 1.34), with the type of each; a list or an object is looked into below.
SHAPES: dict[str, dict[str, type]] = {
    "CronJobSpec": {
        "schedule": str,
        "timeZone": str,
        "concurrencyPolicy": str,
        "startingDeadlineSeconds": int,
        "successfulJobsHistoryLimit": int,
        "failedJobsHistoryLimit": int,
        "suspend": bool,
        "jobTemplate": dict,
    },
    "JobSpec": {
        "backoffLimit": int,
        "activeDeadlineSeconds": int,
        "ttlSecondsAfterFinished": int,
        "template": dict,
    },
    "PodSpec": {
        "restartPolicy": str,
        "serviceAccountName": str,
        "automountServiceAccountToken": bool,
        "terminationGracePeriodSeconds": int,
        "securityContext": dict,
        "containers": list,
        "volumes": list,
    },
    "PodSecurityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "fsGroup": int,
        "seccompProfile": dict,
    },
    "Container": {
        "name": str,
        "image": str,
        "command": list,
        "args": list,
        "workingDir": str,
        "env": list,
        "securityContext": dict,
        "resources": dict,
        "volumeMounts": list,
    },
    "SecurityContext": {
        "allowPrivilegeEscalation": bool,
        "readOnlyRootFilesystem": bool,
        "privileged": bool,
        "capabilities": dict,
    },
    "VolumeMount": {"name": str, "mountPath": str, "readOnly": bool},
    "Volume": {"name": str, "configMap": dict, "secret": dict, "emptyDir": dict},
    "SecretVolumeSource": {"secretName": str, "defaultMode": int},
    "EnvVar": {"name": str, "value": str},
    "PolicyRule": {"apiGroups": list, "resources": list, "verbs": list},
}

PARTS: list[tuple[str, Any]] = [
    ("CronJobSpec", JOB),
    ("JobSpec", JOB["jobTemplate"]["spec"]),
    ("PodSpec", POD),
    ("PodSecurityContext", POD["securityContext"]),
    ("Container", CONTAINER),
    ("SecurityContext", CONTAINER["securityContext"]),
    *(("VolumeMount", mount) for mount in CONTAINER["volumeMounts"]),
    *(("Volume", volume) for volume in POD["volumes"]),
    *(("SecretVolumeSource", volume["secret"]) for volume in POD["volumes"] if "secret" in volume),
    *(("EnvVar", variable) for variable in CONTAINER["env"]),
    *(("PolicyRule", rule) for rule in OBJECTS["ClusterRole"]["rules"]),
]


@pytest.mark.parametrize(("shape", "part"), PARTS)
def test_every_field_is_one_of_the_api_and_of_its_type(shape: str, part: dict[str, Any]):
    fields = SHAPES[shape]
    assert {name: type(value) for name, value in part.items()} == {name: fields.get(name) for name in part}


def test_the_objects_are_of_the_groups_that_have_them():
    assert {kind: o["apiVersion"] for kind, o in OBJECTS.items()} == {
        "ServiceAccount": "v1",
        "ConfigMap": "v1",
        "CronJob": "batch/v1",
        "ClusterRole": "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    }
    assert all(
        re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", o["metadata"]["name"]) for o in OBJECTS.values()
    )


def test_the_pod_is_no_root_and_can_change_nothing_of_its_image():
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert POD["securityContext"]["runAsUser"] > 0
    assert POD["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    context = CONTAINER["securityContext"]
    assert (context["privileged"], context["allowPrivilegeEscalation"]) == (False, False)
    assert context["readOnlyRootFilesystem"] is True
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(POD)
    assert all("hostPath" not in volume for volume in POD["volumes"])


def test_it_may_only_look_and_not_at_secrets():
    rules = OBJECTS["ClusterRole"]["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list"}
    resources = {name for rule in rules for name in rule["resources"]}
    assert not {"secrets", "*"} & resources
    [source] = configured_in(settings()["source"])
    [export] = source.export
    assert set(export.command[2].split(",")) == resources, "what it asks for is what it may see"
    assert {str(export.output)} == set(source.paths)


def test_secrets_come_from_a_secret_and_what_is_named_exists():
    names = {volume["name"]: volume for volume in POD["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert set(names) == set(mounts)
    variables = {variable["name"]: variable["value"] for variable in CONTAINER["env"]}
    assert {name.removeprefix("HOLDFAST_").lower() for name in variables} <= set(Settings.model_fields)
    for name in ("HOLDFAST_STORE_PASSWORD_FILE", "HOLDFAST_KEY_FILE"):
        assert variables[name].startswith(mounts["secrets"])
    assert "secret" in names["secrets"]
    assert CONTAINER["workingDir"] == mounts["settings"]
    assert OBJECTS["ServiceAccount"]["metadata"]["name"] == POD["serviceAccountName"]


def test_two_never_run_at_once_and_the_job_outlives_its_source():
    assert JOB["concurrencyPolicy"] == "Forbid"
    assert POD["restartPolicy"] == "Never"
    [source] = configured_in(settings()["source"])
    lengths = [source.timeout, *(export.timeout for export in source.export)]
    longest = sum(length.rest.total_seconds() for length in lengths)
    assert JOB["jobTemplate"]["spec"]["activeDeadlineSeconds"] > longest


def settings() -> dict[str, Any]:
    return tomllib.loads(OBJECTS["ConfigMap"]["data"]["holdfast.toml"])


def test_its_settings_are_settings():
    assert set(settings()) - {"source"} <= set(Settings.model_fields)


def test_the_line_of_cron_has_its_fields_and_a_command_that_exists():
    lines = (EXAMPLES / "cron/holdfast").read_text("utf-8").splitlines()
    [line] = [line for line in lines if not line.startswith("#")]
    *times, user, command = line.split(maxsplit=6)
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in times)
    assert len(times) == 5
    assert user == "holdfast"
    [called] = re.findall(r"holdfast (\w+)", command)
    assert called in get_command(app).commands  # type: ignore[attr-defined]
