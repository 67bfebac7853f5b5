"""SageMaker and Bedrock: models, endpoints, jobs, notebooks and agents, listed or described one by one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Final, TypeAlias

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, optional_text, text_at
from ingest.sources.aws.fields import moment_at, object_in, objects_in, present, text_in
from ingest.sources.aws.functions import environment_facts, image_facts
from ingest.sources.aws.listing import At, Form, Reader
from ingest.sources.aws.names import arn_id, arn_uid, parse_arn
from ingest.uids import native_uid

_ASSET: Final = frozenset({Kind.ASSET.value})
_RUNS_AS: Final = frozenset({"RUNS_AS"})
Making: TypeAlias = Generator[Fact, None, Uid]
"""Yields facts about a thing and returns its uid."""

_FOUNDATION: Final = ":foundation-model/"


def listed(sort: str, arn_key: str, name_key: str, created: str) -> Reader:
    """Return what reads an entry of a list that tells no more than that a thing is there."""

    def facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
        yield from _thing(entry, at, pointer, (sort, arn_key, name_key, created))

    return facts


def model_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield a SageMaker model: the role and images that it runs with, and the data that it is."""
    uid = yield from _thing(entry, at, pointer, ("model", "ModelArn", "ModelName", "CreationTime"))
    yield from _role(entry, "ExecutionRoleArn", uid, pointer)
    containers = [object_in(entry, "PrimaryContainer"), *objects_in(entry, "Containers")]
    for container in (c for c in containers if c):
        image, data = optional_text(container, "Image"), optional_text(container, "ModelDataUrl")
        if image is not None:
            yield from image_facts(image, uid, f"{pointer}/Image")
        data = data or text_in(container, "ModelDataSource", "S3DataSource", "S3Uri")
        if data is not None:
            yield from _dataset("READS", uid, data, "model_artifact", f"{pointer}/ModelDataUrl")
        yield from _environment(container, uid, entry, at, pointer)


def endpoint_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an endpoint with the images it runs, and the models where its configuration was read as well."""
    uid = yield from _thing(entry, at, pointer, ("endpoint", "EndpointArn", "EndpointName", "CreationTime"))
    for variant in objects_in(entry, "ProductionVariants"):
        for image in objects_in(variant, "DeployedImages"):
            reference = optional_text(image, "SpecifiedImage")
            if reference is not None:
                yield from image_facts(reference, uid, f"{pointer}/ProductionVariants")
    configuration = optional_text(entry, "EndpointConfigName")
    for model in at.known.served.get(f"{at.account.id}/{at.region}/{configuration}", ()):
        arn = f"arn:{at.account.partition}:sagemaker:{at.region}:{at.account.id}:model/{model}"
        served = arn_uid(Kind.ASSET, arn)
        yield Fact(EdgeFacts("SERVES", uid, served, subject_kind=Kind.ASSET, object_kind=Kind.ASSET), pointer)


def note_configuration(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:  # noqa: ARG001 - a reader's
    """Take note of the models that an endpoint configuration names."""
    models = [
        text_at(variant, "ModelName")
        for variant in objects_in(entry, "ProductionVariants")
        if "ModelName" in variant
    ]
    at.known.served[f"{at.account.id}/{at.region}/{text_at(entry, 'EndpointConfigName')}"] = models
    return iter(())


def configuration_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:  # noqa: ARG001
    """Yield nothing of its own: a configuration says what its endpoints serve."""
    if optional_text(entry, "ExecutionRoleArn") is not None:
        at.skipped.append("role of an endpoint configuration")
    return iter(())


def training_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield a training job: what it runs as and from, what it read, and the model data that it wrote."""
    uid = yield from _thing(
        entry, at, pointer, ("workload", "TrainingJobArn", "TrainingJobName", "CreationTime")
    )
    yield from _role(entry, "RoleArn", uid, pointer)
    image = text_in(entry, "AlgorithmSpecification", "TrainingImage")
    if image is not None:
        yield from image_facts(image, uid, f"{pointer}/AlgorithmSpecification")
    for channel in objects_in(entry, "InputDataConfig"):
        data = text_in(channel, "DataSource", "S3DataSource", "S3Uri")
        if data is not None:
            yield from _dataset("READS", uid, data, None, f"{pointer}/InputDataConfig")
    written = text_in(entry, "ModelArtifacts", "S3ModelArtifacts")
    if written is not None:
        yield from _dataset("WRITES", uid, written, "model_artifact", f"{pointer}/ModelArtifacts")
    yield from _environment(entry, uid, entry, at, pointer)


def notebook_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield a notebook instance and what it runs as."""
    names = ("workload", "NotebookInstanceArn", "NotebookInstanceName", "CreationTime")
    uid = yield from _thing(entry, at, pointer, names)
    yield from _role(entry, "RoleArn", uid, pointer)


def custom_model_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield a customised model, the model that it was made from and the data that it was trained on."""
    if _FOUNDATION in text_at(entry, "modelArn"):
        at.skipped.append("foundation model of a list")
        return
    uid = yield from _thing(entry, at, pointer, ("model", "modelArn", "modelName", "creationTime"))
    base = optional_text(entry, "baseModelArn")
    if base is not None:
        model = yield from _foundation(base, at, f"{pointer}/baseModelArn")
        edge = EdgeFacts("DERIVED_FROM", uid, model, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)
        yield Fact(edge, f"{pointer}/baseModelArn")
    data = text_in(entry, "trainingDataConfig", "s3Uri")
    if data is not None:
        yield from _dataset("TRAINED_ON", uid, data, None, f"{pointer}/trainingDataConfig")


def agent_summary_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an agent of a list, which names it by its id alone."""
    yield from _agent(entry, at, pointer, _agent_arn(text_at(entry, "agentId"), at))


def agent_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an agent with its role and the model that it asks."""
    arn = text_at(entry, "agentArn")
    yield from _agent(entry, at, pointer, arn)
    uid = arn_uid(Kind.ASSET, arn)
    yield from _role(entry, "agentResourceRoleArn", uid, pointer)
    asked = optional_text(entry, "foundationModel")
    if asked is not None:
        model = yield from _foundation(asked, at, f"{pointer}/foundationModel")
        edge = EdgeFacts("INVOKES", uid, model, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)
        yield Fact(edge, f"{pointer}/foundationModel")
    if optional_text(entry, "instruction") is not None:
        at.skipped.append("instruction of an agent")


def _agent(entry: JsonObject, at: At, pointer: str, arn: str) -> Iterator[Fact]:
    uid = arn_uid(Kind.ASSET, arn)
    properties = present(region=at.region)
    name = text_at(entry, "agentName")
    yield Fact(NodeFacts(uid, Kind.ASSET, "agent", name, properties, arn_id(arn)), pointer)
    yield Fact(at.account.within(Kind.ASSET, uid), pointer)
    guard = text_in(entry, "guardrailConfiguration", "guardrailIdentifier")
    if guard is not None:
        place = f"{pointer}/guardrailConfiguration"
        known = parse_arn(guard) is not None
        guard_arn = guard if known else _sibling(at, "guardrail", guard)
        guardrail = arn_uid(Kind.ASSET, guard_arn)
        yield Fact(NodeFacts(guardrail, Kind.ASSET, "guardrail", external_ids=arn_id(guard_arn)), place)
        edge = EdgeFacts("GUARDED_BY", uid, guardrail, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)
        yield Fact(edge, place)


def _agent_arn(agent: str, at: At) -> str:
    if not at.region:
        raise Misshapen("", "nothing tells the region", "--scope such as 123456789012/eu-west-1")
    return _sibling(at, "agent", agent)


def _sibling(at: At, sort: str, name: str) -> str:
    return f"arn:{at.account.partition}:bedrock:{at.region}:{at.account.id}:{sort}/{name}"


def _foundation(named: str, at: At, pointer: str) -> Making:
    """Yield a model that is named by its ARN or its id, and return its uid."""
    arn = (
        named
        if parse_arn(named) is not None
        else f"arn:{at.account.partition}:bedrock:{at.region}::foundation-model/{named}"
    )
    uid = arn_uid(Kind.ASSET, arn)
    yield Fact(NodeFacts(uid, Kind.ASSET, "model", arn.rpartition("/")[2], external_ids=arn_id(arn)), pointer)
    return uid


def _thing(entry: JsonObject, at: At, pointer: str, names: tuple[str, str, str, str]) -> Making:
    """Yield a thing that has an ARN, and that it stands in the account; return its uid."""
    sort, arn_key, name_key, created = names
    arn = text_at(entry, arn_key)
    uid = arn_uid(Kind.ASSET, arn)
    properties: dict[str, PropertyValue] = present(region=at.region, created=moment_at(entry, created))
    node = NodeFacts(uid, Kind.ASSET, sort, text_at(entry, name_key), properties, arn_id(arn))
    yield Fact(node, pointer)
    yield Fact(at.account.within(Kind.ASSET, uid), pointer)
    return uid


def _role(entry: JsonObject, key: str, uid: Uid, pointer: str) -> Iterator[Fact]:
    role = optional_text(entry, key)
    if role is not None:
        yield Fact(EdgeFacts("RUNS_AS", uid, arn_uid(Kind.IDENTITY, role)), f"{pointer}/{key}")


def _dataset(relation: str, uid: Uid, uri: str, sort: str | None, pointer: str) -> Iterator[Fact]:
    """Yield what lies at an address in S3, and what is done with it."""
    dataset = native_uid(Kind.DATASET, "uri", uri)
    yield Fact(NodeFacts(dataset, Kind.DATASET, sort, uri.rpartition("://")[2], {"uri": uri}), pointer)
    yield Fact(EdgeFacts(relation, uid, dataset), pointer)


def _environment(holder: JsonObject, uid: Uid, entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    variables = {k: v for k, v in object_in(holder, "Environment").items() if isinstance(v, str)}
    arn = next(value for key, value in entry.items() if key.endswith("Arn") and isinstance(value, str))
    yield from environment_facts(uid, arn, arn.rpartition("/")[2], variables, at.fingerprints, pointer)


CONFIGURATION: Final = Form(
    "sagemaker.endpoint-config",
    "",
    "EndpointConfigArn",
    configuration_facts,
    frozenset(),
    part="EndpointConfigName",
)
_MODELS: Final = listed("model", "ModelArn", "ModelName", "CreationTime")
_ENDPOINTS: Final = listed("endpoint", "EndpointArn", "EndpointName", "CreationTime")
_JOBS: Final = listed("workload", "TrainingJobArn", "TrainingJobName", "CreationTime")
_NOTEBOOKS: Final = listed("workload", "NotebookInstanceArn", "NotebookInstanceName", "CreationTime")
FORMS: Final = (
    Form("sagemaker.models", "Models", "ModelArn", _MODELS, _ASSET),
    Form("sagemaker.endpoints", "Endpoints", "EndpointArn", _ENDPOINTS, _ASSET),
    Form("sagemaker.training-jobs", "TrainingJobSummaries", "TrainingJobArn", _JOBS, _ASSET),
    Form("sagemaker.notebook-instances", "NotebookInstances", "NotebookInstanceArn", _NOTEBOOKS, _ASSET),
    Form("sagemaker.model", "", "ModelArn", model_facts, _ASSET, _RUNS_AS, part="ModelName"),
    CONFIGURATION,
    Form("sagemaker.endpoint", "", "EndpointArn", endpoint_facts, _ASSET, part="EndpointName"),
    Form(
        "sagemaker.training-job",
        "",
        "TrainingJobArn",
        training_facts,
        _ASSET,
        _RUNS_AS,
        part="TrainingJobName",
    ),
    Form(
        "sagemaker.notebook-instance",
        "",
        "NotebookInstanceArn",
        notebook_facts,
        _ASSET,
        _RUNS_AS,
        part="NotebookInstanceName",
    ),
    Form("bedrock.custom-models", "modelSummaries", "modelArn", custom_model_facts, _ASSET),
    Form("bedrock.custom-model", "", "modelArn", custom_model_facts, _ASSET, part="modelName"),
    Form("bedrock.agents", "agentSummaries", "agentId", agent_summary_facts, _ASSET),
    Form("bedrock.agent", "", "agentArn", agent_facts, _ASSET, _RUNS_AS, part="agentId", inside="agent"),
)
