"""Repositories and pipelines: what there is, where it stands, and what it is built from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.github.answers import Answer, Answers, Pipeline
from ingest.sources.github.names import Server
from ingest.sources.github.objects import Environment, Repository
from ingest.sources.github.subjects import subject_facts

ENVIRONMENTS: Final = frozenset({"production", "staging", "development"})
"""Names of environments that say by themselves which they are."""

_LISTED: Final = frozenset({"listed"})


def repository_facts(repository: Repository, answers: Answers, pointer: str) -> Iterator[Fact]:
    """Yield a repository, where it stands, and its pipeline outside of any environment."""
    server = answers.server
    uid = server.repository_uid(repository.full_name)
    yield Fact(_repository(repository, server), pointer)
    if repository.owner_is_organisation:
        yield from _organisation(repository, server, pointer)
        all_of_them = server.all_repositories_uid(repository.owner)
        yield Fact(EdgeFacts("WITHIN", uid, all_of_them, _LISTED), pointer)
    if not repository.archived:
        yield from pipeline_facts(Pipeline(repository.full_name), answers, pointer)


def environment_facts(
    environment: Environment, full_name: str, answers: Answers, pointer: str
) -> Iterator[Fact]:
    """Yield the pipeline of an environment."""
    pipeline = Pipeline(full_name, environment.name, environment.conditions)
    yield from pipeline_facts(pipeline, answers, pointer)


def pipeline_facts(pipeline: Pipeline, answers: Answers, pointer: str) -> Iterator[Fact]:
    """Yield a pipeline, and as whom it runs where only GitHub's own rules tell it."""
    server = answers.server
    uid = server.pipeline_uid(pipeline.full_name, pipeline.environment)
    yield Fact(pipeline_node(pipeline, server), pointer)
    built = EdgeFacts("BUILT_FROM", uid, server.repository_uid(pipeline.full_name))
    certainty = Certainty.POSSIBLE if pipeline.conditions else Certainty.CERTAIN
    yield Fact(built, pointer, certainty, pipeline.condition)
    if answers.template(pipeline.full_name) is None:
        yield from subject_facts(pipeline, answers, pointer)


def variable_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield the names of variables, on what has them; never their values."""
    about, server = answer.endpoint, answers.server
    names = tuple(sorted({name for _, name in answer.entries(str)}))
    if not names:
        return
    full_name = answers.full_name(about)
    if not about.name:
        uid = server.organisation_uid(about.owner)
        properties: dict[str, PropertyValue] = {"variables_of_organisation": names}
        yield Fact(NodeFacts(uid, Kind.ASSET, "organisation", properties=properties), "")
        return
    environment = about.environment or None
    uid = server.pipeline_uid(full_name, environment)
    held = "variables_of_environment" if environment is not None else "variables_of_repository"
    yield Fact(NodeFacts(uid, Kind.ASSET, "pipeline", properties={held: names}), "")


def pipeline_node(pipeline: Pipeline, server: Server) -> NodeFacts:
    """Return what there is to say of a pipeline itself."""
    properties: dict[str, PropertyValue] = {}
    if pipeline.environment is not None:
        properties["github_environment"] = pipeline.environment
        if pipeline.environment.lower() in ENVIRONMENTS:
            properties["environment"] = pipeline.environment.lower()
    if pipeline.conditions:
        properties["protection"] = pipeline.conditions
    return NodeFacts(
        server.pipeline_uid(pipeline.full_name, pipeline.environment),
        Kind.ASSET,
        "pipeline",
        pipeline.name,
        properties,
    )


def _repository(repository: Repository, server: Server) -> NodeFacts:
    properties: dict[str, PropertyValue] = {"visibility": repository.visibility}
    if repository.archived:
        properties["archived"] = True
    if repository.description is not None:
        properties["description"] = repository.description
    return NodeFacts(
        server.repository_uid(repository.full_name),
        Kind.ASSET,
        "repository",
        repository.full_name,
        properties,
        (
            server.id_of("repository", repository.number),
            ExternalId("git-url", server.address(repository.full_name)),
        ),
    )


def _organisation(repository: Repository, server: Server, pointer: str) -> Iterator[Fact]:
    organisation = server.organisation_uid(repository.owner)
    everything = server.all_repositories_uid(repository.owner)
    number = server.id_of("organisation", repository.owner_number)
    yield Fact(
        NodeFacts(organisation, Kind.ASSET, "organisation", repository.owner, external_ids=(number,)), pointer
    )
    yield Fact(
        NodeFacts(
            everything,
            Kind.ASSET,
            "scope",
            f"{repository.owner}#repositories",
            {"resource_type": "repository"},
        ),
        pointer,
    )
    yield Fact(EdgeFacts("WITHIN", everything, organisation), pointer)
