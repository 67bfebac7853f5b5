"""What actions give, decided one by one: the access level that AWS prints is not it.

An action that only describes a thing (its size, its tags, its policy) is in no row and gives
nothing: knowing that a secret exists is not reading it. ``sure`` is None where the action gives
the relation for certain, else what it depends on, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

READ, WRITE, ADMIN, INVOKE = "CAN_READ", "CAN_WRITE", "CAN_ADMIN", "CAN_INVOKE"
RELATIONS: Final = frozenset({READ, WRITE, ADMIN, INVOKE})

DELETES: Final = "only deleting is granted, which changes no content"
RULES_ONLY: Final = "only its settings can be changed"
KEY_POLICY: Final = "the policy of the key lets the account decide"
CHANGES_RIGHTS: Final = "what it may do can be changed, not who acts as it"
HAS_PASSWORD: Final = "the user has a password for the console"  # noqa: S105 - words
NO_PASSWORD: Final = "the user has no password for the console yet"  # noqa: S105 - words
GATEWAY: Final = "an agent of Systems Manager runs on it"
RUNS_NEXT: Final = "it is run again afterwards"
ACCESS_ENTRY: Final = "the cluster knows the identity"


@dataclass(frozen=True, slots=True)
class Effect:
    """That an action gives a relation to resources of a type, for certain or on a condition.

    ``unscoped`` actions name no resource: they are allowed for all of a type or not at all.
    """

    relation: str
    resource_type: str
    condition: str | None = None
    unscoped: bool = False


_USER_RIGHTS: Final = (
    "PutUserPolicy AttachUserPolicy DeleteUserPolicy DetachUserPolicy "
    "PutUserPermissionsBoundary DeleteUserPermissionsBoundary"
)
_ROLE_RIGHTS: Final = (
    "PutRolePolicy AttachRolePolicy DeleteRolePolicy DetachRolePolicy "
    "PutRolePermissionsBoundary DeleteRolePermissionsBoundary"
)

# service, resource types, relation, condition, actions
_ROWS: Final[tuple[tuple[str, str, str, str | None, str], ...]] = (
    ("s3", "object accesspointobject", READ, None, "GetObject GetObjectVersion"),
    ("s3", "object", READ, None, "GetObjectTorrent GetObjectVersionTorrent GetObjectVersionForReplication"),
    ("s3", "object accesspointobject", WRITE, None, "PutObject"),
    ("s3", "object", WRITE, None, "ReplicateObject"),
    ("s3", "object accesspointobject", WRITE, DELETES, "DeleteObject DeleteObjectVersion ReplicateDelete"),
    ("s3", "object accesspointobject", ADMIN, None, "PutObjectAcl PutObjectVersionAcl"),
    ("s3", "bucket", ADMIN, None, "PutBucketPolicy PutBucketAcl"),
    ("s3", "bucket", WRITE, DELETES, "DeleteBucket PutLifecycleConfiguration"),
    (
        "s3",
        "bucket",
        WRITE,
        RULES_ONLY,
        "PutBucketVersioning PutReplicationConfiguration PutBucketNotification",
    ),
    ("secretsmanager", "secret", READ, None, "GetSecretValue"),
    (
        "secretsmanager",
        "secret",
        WRITE,
        None,
        "PutSecretValue UpdateSecret UpdateSecretVersionStage RotateSecret",
    ),
    ("secretsmanager", "secret", WRITE, DELETES, "DeleteSecret"),
    ("secretsmanager", "secret", ADMIN, None, "PutResourcePolicy"),
    ("ssm", "parameter", READ, None, "GetParameter GetParameters GetParametersByPath GetParameterHistory"),
    ("ssm", "parameter", WRITE, None, "PutParameter"),
    ("ssm", "parameter", WRITE, DELETES, "DeleteParameter DeleteParameters"),
    ("ssm", "instance managed-instance", ADMIN, GATEWAY, "SendCommand StartSession"),
    ("kms", "key", READ, KEY_POLICY, "Decrypt ReEncryptFrom"),
    ("kms", "key", ADMIN, KEY_POLICY, "PutKeyPolicy CreateGrant"),
    ("kms", "key", WRITE, KEY_POLICY, "ScheduleKeyDeletion DisableKey DeleteImportedKeyMaterial"),
    ("lambda", "function", READ, None, "GetFunction GetFunctionConfiguration"),
    ("lambda", "layerversion", READ, None, "GetLayerVersion"),
    ("lambda", "function", ADMIN, None, "UpdateFunctionCode UpdateFunctionConfiguration"),
    ("lambda", "function", INVOKE, None, "InvokeFunction InvokeAsync InvokeFunctionUrl AddPermission"),
    ("lambda", "function", WRITE, DELETES, "DeleteFunction"),
    ("ecr", "repository", READ, None, "BatchGetImage GetDownloadUrlForLayer"),
    ("ecr", "repository", WRITE, None, "PutImage"),
    ("ecr", "repository", WRITE, DELETES, "BatchDeleteImage DeleteRepository"),
    ("ecr", "repository", ADMIN, None, "SetRepositoryPolicy"),
    ("dynamodb", "table", READ, None, "GetItem BatchGetItem ExportTableToPointInTime"),
    ("dynamodb", "table index", READ, None, "Query Scan PartiQLSelect"),
    ("dynamodb", "stream", READ, None, "GetRecords"),
    ("dynamodb", "table", WRITE, None, "PutItem UpdateItem BatchWriteItem PartiQLInsert PartiQLUpdate"),
    ("dynamodb", "table", WRITE, DELETES, "DeleteItem PartiQLDelete DeleteTable"),
    ("dynamodb", "table stream", ADMIN, None, "PutResourcePolicy"),
    ("sqs", "queue", READ, None, "ReceiveMessage"),
    ("sqs", "queue", WRITE, None, "SendMessage"),
    ("sqs", "queue", WRITE, DELETES, "DeleteMessage PurgeQueue DeleteQueue"),
    ("sqs", "queue", ADMIN, None, "SetQueueAttributes AddPermission"),
    ("sns", "topic", READ, None, "Subscribe"),
    ("sns", "topic", WRITE, None, "Publish"),
    ("sns", "topic", ADMIN, None, "SetTopicAttributes AddPermission"),
    ("kinesis", "stream", READ, None, "GetRecords"),
    ("kinesis", "stream", WRITE, None, "PutRecord PutRecords"),
    ("kinesis", "stream", WRITE, DELETES, "DeleteStream"),
    ("firehose", "deliverystream", WRITE, None, "PutRecord PutRecordBatch"),
    ("logs", "log-group", READ, None, "FilterLogEvents StartQuery StartLiveTail Unmask"),
    ("logs", "log-stream", READ, None, "GetLogEvents"),
    ("logs", "log-stream", WRITE, None, "PutLogEvents"),
    ("logs", "log-group", WRITE, DELETES, "DeleteLogGroup"),
    ("rds", "db", WRITE, DELETES, "DeleteDBInstance"),
    ("rds", "db", ADMIN, None, "ModifyDBInstance"),
    ("rds", "cluster", ADMIN, None, "ModifyDBCluster"),
    ("rds-data", "cluster", READ, "its secret can be read as well", "ExecuteStatement BatchExecuteStatement"),
    (
        "rds-data",
        "cluster",
        WRITE,
        "its secret can be read as well",
        "ExecuteStatement BatchExecuteStatement",
    ),
    ("rds-db", "db-user", ADMIN, None, "connect"),
    ("redshift", "dbuser", ADMIN, None, "GetClusterCredentials"),
    ("redshift", "dbname", READ, "what the database grants", "GetClusterCredentialsWithIAM"),
    ("athena", "workgroup", READ, None, "GetQueryResults GetQueryResultsStream"),
    ("glue", "connection", READ, None, "GetConnection GetConnections"),
    ("glue", "job", ADMIN, RUNS_NEXT, "UpdateJob"),
    ("glue", "session", ADMIN, None, "RunStatement"),
    ("ec2", "instance", READ, "the output of its console tells it", "GetConsoleOutput"),
    ("ec2", "instance", WRITE, DELETES, "TerminateInstances StopInstances"),
    ("ec2", "instance", ADMIN, RUNS_NEXT, "ModifyInstanceAttribute"),
    ("ec2-instance-connect", "instance", ADMIN, "the network lets it through", "SendSSHPublicKey"),
    ("ecs", "task", ADMIN, "commands are enabled for the task", "ExecuteCommand"),
    ("ecs", "service", ADMIN, "a definition of a task with another image exists", "UpdateService"),
    ("eks", "cluster", READ, ACCESS_ENTRY, "AccessKubernetesApi"),
    ("eks", "cluster", ADMIN, None, "CreateAccessEntry AssociateAccessPolicy"),
    ("codebuild", "project", ADMIN, None, "StartBuild StartBuildBatch"),
    ("codebuild", "project", ADMIN, RUNS_NEXT, "UpdateProject"),
    ("codebuild", "project", READ, None, "BatchGetProjects"),
    ("codecommit", "repository", READ, None, "GitPull GetFile GetBlob GetFolder"),
    ("codecommit", "repository", WRITE, None, "GitPush PutFile CreateCommit MergePullRequestByFastForward"),
    ("codeartifact", "package", WRITE, None, "PublishPackageVersion"),
    ("codeartifact", "repository", READ, None, "ReadFromRepository"),
    ("cloudformation", "stack", ADMIN, None, "UpdateStack ExecuteChangeSet"),
    ("cloudformation", "stack", WRITE, DELETES, "DeleteStack"),
    ("states", "statemachine", ADMIN, RUNS_NEXT, "UpdateStateMachine"),
    ("states", "statemachine", INVOKE, None, "StartExecution StartSyncExecution"),
    ("batch", "job-definition", INVOKE, None, "SubmitJob"),
    ("elasticmapreduce", "cluster", ADMIN, None, "AddJobFlowSteps"),
    ("sagemaker", "notebook-instance", ADMIN, None, "CreatePresignedNotebookInstanceUrl"),
    ("sagemaker", "notebook-instance", ADMIN, RUNS_NEXT, "UpdateNotebookInstance"),
    ("sagemaker", "user-profile", ADMIN, None, "CreatePresignedDomainUrl"),
    (
        "sagemaker",
        "endpoint",
        INVOKE,
        None,
        "InvokeEndpoint InvokeEndpointAsync InvokeEndpointWithResponseStream",
    ),
    ("sagemaker", "endpoint", WRITE, None, "UpdateEndpoint"),
    ("sagemaker", "endpoint", WRITE, DELETES, "DeleteEndpoint"),
    ("sagemaker", "model", WRITE, DELETES, "DeleteModel"),
    ("sagemaker", "model-package", WRITE, "only what is said of it can be changed", "UpdateModelPackage"),
    ("sagemaker", "model-package", WRITE, DELETES, "DeleteModelPackage"),
    ("sagemaker", "feature-group", READ, None, "GetRecord BatchGetRecord"),
    ("sagemaker", "feature-group", WRITE, None, "PutRecord"),
    ("sagemaker", "feature-group", WRITE, DELETES, "DeleteRecord DeleteFeatureGroup"),
    ("sagemaker", "pipeline", ADMIN, RUNS_NEXT, "UpdatePipeline"),
    ("sagemaker", "pipeline", INVOKE, None, "StartPipelineExecution"),
    ("sagemaker", "space", ADMIN, None, "StartSession"),
    (
        "bedrock",
        "foundation-model custom-model-deployment imported-model provisioned-model inference-profile",
        INVOKE,
        None,
        "InvokeModel InvokeModelWithResponseStream",
    ),
    ("bedrock", "agent-alias", INVOKE, None, "InvokeAgent"),
    ("bedrock", "agent-alias", READ, None, "GetAgentMemory"),
    ("bedrock", "flow-alias", INVOKE, None, "InvokeFlow"),
    ("bedrock", "agent", WRITE, None, "UpdateAgent UpdateAgentActionGroup AssociateAgentKnowledgeBase"),
    ("bedrock", "agent", WRITE, DELETES, "DeleteAgent"),
    ("bedrock", "custom-model", WRITE, DELETES, "DeleteCustomModel"),
    ("bedrock", "guardrail", WRITE, None, "UpdateGuardrail"),
    ("bedrock", "guardrail", WRITE, DELETES, "DeleteGuardrail"),
    ("bedrock", "prompt", READ, None, "GetPrompt RenderPrompt"),
    ("bedrock", "prompt", WRITE, None, "UpdatePrompt"),
    ("bedrock", "prompt", WRITE, DELETES, "DeletePrompt"),
    ("bedrock", "knowledge-base", READ, None, "Retrieve GetKnowledgeBaseDocuments"),
    (
        "bedrock",
        "knowledge-base",
        WRITE,
        None,
        "IngestKnowledgeBaseDocuments UpdateDataSource CreateDataSource",
    ),
    ("bedrock", "knowledge-base", WRITE, DELETES, "DeleteKnowledgeBase DeleteKnowledgeBaseDocuments"),
    ("bedrock-agentcore", "runtime", ADMIN, None, "UpdateAgentRuntime InvokeAgentRuntimeCommand"),
    ("bedrock-agentcore", "runtime", INVOKE, None, "InvokeAgentRuntime InvokeAgentRuntimeForUser"),
    ("bedrock-agentcore", "code-interpreter-custom", ADMIN, None, "InvokeCodeInterpreter"),
    ("bedrock-agentcore", "memory", READ, None, "GetMemoryRecord RetrieveMemoryRecords GetEvent"),
    (
        "bedrock-agentcore",
        "memory",
        WRITE,
        None,
        "CreateEvent BatchCreateMemoryRecords BatchUpdateMemoryRecords",
    ),
    ("iam", "user", ADMIN, None, "CreateAccessKey"),
    ("iam", "user", ADMIN, HAS_PASSWORD, "UpdateLoginProfile"),
    ("iam", "user", ADMIN, NO_PASSWORD, "CreateLoginProfile"),
    (
        "iam",
        "user",
        ADMIN,
        CHANGES_RIGHTS,
        _USER_RIGHTS,
    ),
    ("iam", "user", WRITE, DELETES, "DeleteUser DeleteAccessKey UpdateAccessKey DeleteLoginProfile"),
    ("iam", "role", ADMIN, None, "UpdateAssumeRolePolicy"),
    (
        "iam",
        "role",
        ADMIN,
        CHANGES_RIGHTS,
        _ROLE_RIGHTS,
    ),
    ("iam", "role", WRITE, DELETES, "DeleteRole"),
    ("iam", "group", ADMIN, CHANGES_RIGHTS, "PutGroupPolicy AttachGroupPolicy AddUserToGroup"),
    ("iam", "policy", ADMIN, None, "CreatePolicyVersion SetDefaultPolicyVersion"),
)

# Listing functions prints what their environments hold, and names no function.
_UNSCOPED: Final[tuple[tuple[str, str, str, str], ...]] = (("lambda", "function", READ, "ListFunctions"),)


@cache
def effects() -> Mapping[str, tuple[Effect, ...]]:
    """Return what each action gives, by the action in lower case as policies name it.

    >>> effects()["kms:decrypt"]
    (Effect(relation='CAN_READ', resource_type='kms:key', condition='...', unscoped=False),)
    """
    found: dict[str, list[Effect]] = {}
    for service, types, relation, condition, actions in _ROWS:
        for action in actions.split():
            for sort in types.split():
                effect = Effect(relation, f"{service}:{sort}", condition)
                found.setdefault(f"{service}:{action}".lower(), []).append(effect)
    for service, sort, relation, action in _UNSCOPED:
        effect = Effect(relation, f"{service}:{sort}", unscoped=True)
        found.setdefault(f"{service}:{action}".lower(), []).append(effect)
    return {action: tuple(given) for action, given in found.items()}
