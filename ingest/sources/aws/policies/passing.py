"""Ways to run something of one's own with a role that is handed over: PassRole and what creates.

Each way names the service that the role must trust and the actions that are needed together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PASS: Final = "iam:passrole"  # noqa: S105 - the name of an action
SERVICE_KEY: Final = "iam:passedtoservice"


@dataclass(frozen=True, slots=True)
class Way:
    """A service that runs what one gives it, and the actions that it takes, each with its resource type."""

    service: str
    needed: tuple[tuple[str, str], ...]
    condition: str | None = None


def _way(service: str, needed: str, condition: str | None = None) -> Way:
    pairs = (text.rpartition("=") for text in needed.split())
    return Way(service, tuple((action.lower(), sort) for action, _, sort in pairs), condition)


WAYS: Final = (
    _way(
        "lambda.amazonaws.com", "lambda:CreateFunction=lambda:function lambda:InvokeFunction=lambda:function"
    ),
    _way(
        "lambda.amazonaws.com",
        "lambda:CreateFunction=lambda:function",
        "something else invokes the function that is created",
    ),
    _way("ec2.amazonaws.com", "ec2:RunInstances=ec2:instance", "an instance profile holds the role"),
    _way(
        "ecs-tasks.amazonaws.com",
        "ecs:RegisterTaskDefinition=ecs:task-definition ecs:RunTask=ecs:task-definition",
    ),
    _way("glue.amazonaws.com", "glue:CreateJob=glue:job glue:StartJobRun=glue:job"),
    _way("glue.amazonaws.com", "glue:CreateSession=glue:session glue:RunStatement=glue:session"),
    _way(
        "codebuild.amazonaws.com",
        "codebuild:CreateProject=codebuild:project codebuild:StartBuild=codebuild:project",
    ),
    _way(
        "sagemaker.amazonaws.com",
        "sagemaker:CreateNotebookInstance=sagemaker:notebook-instance "
        "sagemaker:CreatePresignedNotebookInstanceUrl=sagemaker:notebook-instance",
    ),
    _way("sagemaker.amazonaws.com", "sagemaker:CreateTrainingJob=sagemaker:training-job"),
    _way("sagemaker.amazonaws.com", "sagemaker:CreateProcessingJob=sagemaker:processing-job"),
    _way("cloudformation.amazonaws.com", "cloudformation:CreateStack=cloudformation:stack"),
    _way(
        "states.amazonaws.com",
        "states:CreateStateMachine=states:statemachine states:StartExecution=states:statemachine",
    ),
    _way(
        "ecs-tasks.amazonaws.com",
        "batch:RegisterJobDefinition=batch:job-definition batch:SubmitJob=batch:job-definition",
    ),
    _way(
        "pods.eks.amazonaws.com",
        "eks:CreatePodIdentityAssociation=eks:cluster",
        "a pod of one's own runs in the cluster",
    ),
)
