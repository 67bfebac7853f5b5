"""What each list comes to: keys, the credential report, secrets, images, functions, models, agents."""

import base64

import pytest

from ingest.times import parse_time
from tests.ingest.sources.aws.account import (
    ACCOUNT,
    KEYS,
    READ_AT,
    arn,
    details,
    edges,
    node,
    read,
    read_files,
    user,
)

REGION = f"{ACCOUNT}/eu-west-1"
KEY = "AKIAHOLDFASTTESTS7QX"
MADE = "2025-01-02T03:04:05+00:00"
VALUE = "wq-planted-value-Zz81-hv-77"
NAME = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:score-api"


def keys(*entries):
    return {"AccessKeyMetadata": list(entries)}


def key(name="ada", status="Active", key_id=KEY):
    return {
        "UserName": name,
        "AccessKeyId": key_id,
        "Status": status,
        "CreateDate": "2025-01-02T03:04:05+00:00",
    }


def report(*rows):
    header = (
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
        "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
        "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
        "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
        "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,"
        "cert_2_active,cert_2_last_rotated,additional_credentials_info"
    )
    return "\n".join([header, *rows]) + "\n"


ROOT_ROW = (
    f"<root_account>,{arn('root')},2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,"
    "2020-02-02T00:00:00+00:00,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,"
    "false,N/A,"
)
ADA_ROW = (
    f"ada,{arn('user/ada')},2024-01-01T00:00:00+00:00,true,2026-02-01T00:00:00+00:00,"
    "2025-12-01T00:00:00+00:00,N/A,false,true,2025-01-02T03:04:05+00:00,2026-02-28T00:00:00+00:00,eu-west-1,s3,"
    "false,2023-05-05T00:00:00+00:00,N/A,N/A,N/A,true,2022-01-01T00:00:00+00:00,false,N/A,"
)


def at(text):
    return parse_time(text).moment


def test_an_access_key_opens_its_user(ledger, tmp_path):
    result = read(
        ledger,
        tmp_path,
        details(user("ada")),
        keys(key(), key(status="Inactive", key_id="AKIAOLD")),
        scope=ACCOUNT,
    )
    assert edges(ledger, "AUTHENTICATES") == {
        f"{KEY} AUTHENTICATES user/ada",
        "AKIAOLD AUTHENTICATES user/ada",
    }
    made, old = node(ledger, KEY), node(ledger, "AKIAOLD")
    assert (made.type, made.get("created"), made.get("revoked")) == (
        "api_key",
        at("2025-01-02T03:04:05Z"),
        False,
    )
    assert old.get("revoked") is True
    assert [str(found) for found in made.external_ids] == [f"aws-access-key-id={KEY}"]
    assert {scope.scope.name for scope in result.scopes} == {
        f"{ACCOUNT}/iam",
        f"{ACCOUNT}/iam.access-keys/ada",
    }


def test_the_list_of_keys_leaves_the_path_of_the_user_out(ledger, tmp_path):
    hidden = {**user("eve"), "Arn": arn("user/staff/eve"), "Path": "/staff/"}
    read(ledger, tmp_path, details(hidden), keys(key("eve"), key("bob", key_id="AKIABOB")), scope=ACCOUNT)
    assert edges(ledger, "AUTHENTICATES") == {
        f"{KEY} AUTHENTICATES user/staff/eve",
        "AKIABOB AUTHENTICATES user/bob ? no path stands before the name of the user",
    }


def test_the_credential_report_tells_ages(ledger, tmp_path):
    content = base64.b64encode(report(ROOT_ROW, ADA_ROW).encode()).decode()
    body = {"Content": content, "ReportFormat": "text/csv", "GeneratedTime": "2026-02-28T23:00:00+00:00"}
    result = read(ledger, tmp_path, body, complete=True)
    assert edges(ledger, "AUTHENTICATES") == {
        "password root AUTHENTICATES root",
        "password user/ada AUTHENTICATES user/ada",
        "access-key user/ada 1 AUTHENTICATES user/ada",
        "access-key user/ada 2 AUTHENTICATES user/ada",
        "signing-certificate user/ada 1 AUTHENTICATES user/ada",
    }
    assert result.scopes[0].read_at == at("2026-02-28T23:00:00Z")
    assert result.scopes[0].complete


def test_the_decoded_report_is_read_as_well(ledger, tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(report(ROOT_ROW, ADA_ROW), encoding="utf-8")
    result = read_files(ledger, [path], read_at=READ_AT)
    found = {n.name: n for n in ledger.all_nodes(ledger.at())}
    password = found["console password of ada"]
    assert (password.type, password.get("last_rotated")) == ("password", at("2025-12-01T00:00:00Z"))
    assert password.get("mfa_enabled") is False
    assert found["console password of <root_account>"].get("mfa_enabled") is True
    assert found["signing certificate of ada"].get("revoked") is False
    assert [scope.scope.name for scope in result.scopes] == [f"{ACCOUNT}/iam.credential-report"]


def test_a_key_of_the_report_is_the_one_that_was_made_then(ledger, tmp_path):
    content = base64.b64encode(report(ADA_ROW).encode()).decode()
    body = {"Content": content, "ReportFormat": "text/csv"}
    read(ledger, tmp_path, details(user("ada")), keys(key()), body, scope=ACCOUNT)
    assert f"{KEY} AUTHENTICATES user/ada" in edges(ledger, "AUTHENTICATES")
    made = [n for n in ledger.all_nodes(ledger.at()) if n.name == "access key of ada"]
    assert sorted(n.get("revoked") for n in made) == [False, True]


def test_secrets_have_their_dates_and_no_value(ledger, tmp_path):
    name = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:score/db-a1B2c3"
    body = {
        "SecretList": [
            {
                "ARN": name,
                "Name": "score/db",
                "RotationEnabled": True,
                "LastRotatedDate": "2026-01-05T01:02:03.456000+01:00",
                "LastChangedDate": 1767570000.5,
                "CreatedDate": 1735689600.25,
                "SecretVersionsToStages": {"11111111-2222-4333-8444-555555555555": ["AWSCURRENT"]},
                "Tags": [{"Key": "note", "Value": VALUE}],
            }
        ]
    }
    result = read(ledger, tmp_path, body, complete=True)
    made = node(ledger, "secret:score/db-a1B2c3")
    assert (made.kind, made.name, made.get("rotation_enabled")) == ("Secret", "score/db", True)
    assert made.get("last_rotated") == at("2026-01-05T00:02:03.456Z")
    assert made.get("created") == at("2025-01-01T00:00:00.250Z")
    assert [str(found) for found in made.external_ids] == [f"arn={name}"]
    assert edges(ledger) == {"secret:score/db-a1B2c3 WITHIN A"}
    assert [scope.scope.name for scope in result.scopes] == [f"{REGION}/secretsmanager.secrets"]


def test_tags_that_cannot_be_moved_make_an_image_in_the_repository_possible(ledger, tmp_path):
    repository = {
        "repositoryArn": f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/api",
        "registryId": ACCOUNT,
        "repositoryName": "api",
        "repositoryUri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/api",
        "imageTagMutability": "IMMUTABLE",
    }
    image = {
        "registryId": ACCOUNT,
        "repositoryName": "api",
        "imageDigest": "sha256:" + "ab" * 32,
        "imageTags": ["1"],
    }
    read(ledger, tmp_path, {"imageDetails": [image]}, {"repositories": [repository]}, scope=REGION)
    named = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/api:1"
    assert f"{named} WITHIN repository/api ? tags of the repository can be moved" in edges(ledger, "WITHIN")


def function(**more):
    return {
        "FunctionName": "score-api",
        "FunctionArn": NAME,
        "Runtime": "python3.12",
        "Role": arn("role/worker"),
        "LastModified": "2026-01-01T00:00:00.000+0000",
        "Version": "$LATEST",
        **more,
    }


def test_a_function_runs_as_its_role_and_holds_its_environment(ledger, tmp_path):
    variables = {
        "STAGE": "production",
        "DB_PASSWORD": VALUE,
        "AWS_ACCESS_KEY_ID": KEY,
        "TABLE": "loans",
    }
    layer = {"Arn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:layer:tools:3", "CodeSize": 1}
    listed = function(Environment={"Variables": variables}, Layers=[layer])
    result = read(ledger, tmp_path, {"Functions": [listed]}, complete=True)
    assert edges(ledger) == {
        "function:score-api WITHIN A",
        "function:score-api RUNS_AS role/worker",
        "function:score-api BUILT_FROM layer:tools:3",
        "function:score-api USES_SECRET environment function:score-api",
        "environment function:score-api WITHIN function:score-api [listed]",
    }
    made = node(ledger, "function:score-api")
    held = next(n for n in ledger.all_nodes(ledger.at()) if n.kind == "Secret")
    assert made.get("environment_variables") == ("AWS_ACCESS_KEY_ID", "DB_PASSWORD", "STAGE", "TABLE")
    assert held.get("keys") == ("DB_PASSWORD",)
    assert held.get("key_ids") == (f"aws-access-key-id={KEY}",)
    assert held.get("fingerprint") == KEYS.of_secret(VALUE.encode())
    assert [scope.scope.name for scope in result.scopes] == [f"{REGION}/lambda.functions"]
    assert VALUE not in str(list(ledger.all_nodes(ledger.at())))


def test_one_function_with_its_image(ledger, tmp_path):
    image = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/score-api:7"
    code = {"RepositoryType": "ECR", "ImageUri": image, "Location": f"https://x/?X-Amz-Signature={VALUE}"}
    result = read(ledger, tmp_path, {"Configuration": function(), "Code": code})
    assert f"function:score-api BUILT_FROM {image}" in edges(ledger)
    assert [scope.scope.name for scope in result.scopes] == [f"{REGION}/lambda.function/score-api"]


def test_published_versions_are_counted(ledger, tmp_path):
    listed = [function(FunctionArn=f"{NAME}:$LATEST"), function(FunctionArn=f"{NAME}:7")]
    result = read(ledger, tmp_path, {"Functions": listed})
    assert result.to_json()["skipped"] == {"published version of a function": 1}
    assert edges(ledger, "RUNS_AS") == {"function:score-api RUNS_AS role/worker"}


SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"


@pytest.mark.parametrize(
    ("key", "entry", "sort", "name"),
    [
        ("Models", {"ModelName": "m", "ModelArn": f"{SAGEMAKER}:model/m"}, "model", "model/m"),
        (
            "Endpoints",
            {"EndpointName": "e", "EndpointArn": f"{SAGEMAKER}:endpoint/e"},
            "endpoint",
            "endpoint/e",
        ),
        (
            "TrainingJobSummaries",
            {"TrainingJobName": "t", "TrainingJobArn": f"{SAGEMAKER}:training-job/t"},
            "workload",
            "training-job/t",
        ),
        (
            "NotebookInstances",
            {"NotebookInstanceName": "n", "NotebookInstanceArn": f"{SAGEMAKER}:notebook-instance/n"},
            "workload",
            "notebook-instance/n",
        ),
    ],
)
def test_lists_of_sagemaker(ledger, tmp_path, key, entry, sort, name):
    read(ledger, tmp_path, {key: [entry]})
    assert node(ledger, name).type == sort
    assert edges(ledger) == {f"{name} WITHIN A"}


def test_a_model_a_job_and_an_endpoint_described(ledger, tmp_path):
    image = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/score:1"
    model = {
        "ModelName": "m",
        "ModelArn": f"{SAGEMAKER}:model/m",
        "ExecutionRoleArn": arn("role/worker"),
        "PrimaryContainer": {
            "Image": image,
            "ModelDataUrl": "s3://lake/m.tar.gz",
            "Environment": {"TOKEN": VALUE},
        },
    }
    job = {
        "TrainingJobName": "t",
        "TrainingJobArn": f"{SAGEMAKER}:training-job/t",
        "RoleArn": arn("role/worker"),
        "AlgorithmSpecification": {"TrainingImage": image},
        "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": "s3://lake/loans/"}}}],
        "ModelArtifacts": {"S3ModelArtifacts": "s3://lake/m.tar.gz"},
        "HyperParameters": {"token": VALUE},
    }
    config = {
        "EndpointConfigName": "c",
        "EndpointConfigArn": f"{SAGEMAKER}:endpoint-config/c",
        "ProductionVariants": [{"VariantName": "v", "ModelName": "m"}],
    }
    endpoint = {"EndpointName": "e", "EndpointArn": f"{SAGEMAKER}:endpoint/e", "EndpointConfigName": "c"}
    read(ledger, tmp_path, model, job, config, endpoint)
    assert edges(ledger, "RUNS_AS", "READS", "WRITES", "BUILT_FROM", "SERVES") == {
        "model/m RUNS_AS role/worker",
        f"model/m BUILT_FROM {image}",
        "model/m READS s3://lake/m.tar.gz",
        "training-job/t RUNS_AS role/worker",
        f"training-job/t BUILT_FROM {image}",
        "training-job/t READS s3://lake/loans/",
        "training-job/t WRITES s3://lake/m.tar.gz",
        "endpoint/e SERVES model/m",
    }
    assert VALUE not in str(list(ledger.all_nodes(ledger.at())))


def test_models_and_agents_of_bedrock(ledger, tmp_path):
    base = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-v1"
    model = {
        "modelArn": f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:custom-model/amazon.titan-v1/abc",
        "modelName": "claims",
        "creationTime": "2026-01-01T00:00:00Z",
        "baseModelArn": base,
        "baseModelName": "titan",
    }
    described = {**model, "trainingDataConfig": {"s3Uri": "s3://lake/claims.jsonl"}}
    summary = {"agentId": "AGENT1", "agentName": "helper", "agentStatus": "PREPARED"}
    agent = {
        **summary,
        "agentArn": f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:agent/AGENT1",
        "agentResourceRoleArn": arn("role/helper"),
        "foundationModel": "amazon.titan-v1",
        "instruction": f"say {VALUE}",
        "guardrailConfiguration": {"guardrailIdentifier": "g1", "guardrailVersion": "1"},
    }
    read(
        ledger,
        tmp_path,
        {"modelSummaries": [model]},
        described,
        {"agentSummaries": [summary]},
        {"agent": agent},
        scope=REGION,
    )
    custom = "custom-model/amazon.titan-v1/abc"
    assert edges(ledger) == {
        f"{custom} WITHIN A",
        f"{custom} DERIVED_FROM foundation-model/amazon.titan-v1",
        f"{custom} TRAINED_ON s3://lake/claims.jsonl",
        "agent/AGENT1 WITHIN A",
        "agent/AGENT1 RUNS_AS role/helper",
        "agent/AGENT1 INVOKES foundation-model/amazon.titan-v1",
        "agent/AGENT1 GUARDED_BY guardrail/g1",
    }
    assert node(ledger, "agent/AGENT1").type == "agent"
    assert VALUE not in str(list(ledger.all_nodes(ledger.at())))


def test_nothing_tells_the_account(ledger, tmp_path):
    result = read(ledger, tmp_path, {"Buckets": [{"Name": "lake"}]})
    assert [problem["reason"] for problem in result.to_json()["rejected"]] == ["nothing tells the account"]
