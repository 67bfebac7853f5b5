"""Secrets of Actions, of which the API tells the names: which pipelines may use which.

A repository's workflows may ask for any secret of the repository and any of the organisation
that is given to it; only jobs in an environment get those of the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.github.answers import Answer, Answers, Pipeline
from ingest.sources.github.objects import NamedRepository, SecretName, times

PROTECTION_UNKNOWN: Final = "the environment lets the job in, of which nothing was read"
NOT_LISTED: Final = "the organisation gives the secret to the repository"

_ALL: Final = "all"
_PRIVATE: Final = "private"
_PUBLIC: Final = "public"


def secret_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield the secrets of one list, and which pipelines may use them."""
    about = answer.endpoint
    for pointer, secret in answer.entries(SecretName):
        environment = about.environment or None
        holder = answers.full_name(about) or about.owner
        uid = answers.server.secret_uid(holder, secret.name, environment)
        properties = times(created=secret.created, last_rotated=secret.updated)
        yield Fact(NodeFacts(uid, Kind.SECRET, None, secret.name, properties), pointer)
        if not about.name:
            yield from _of_organisation(secret, uid, about.owner, answers, pointer)
        elif environment is None:
            yield from _used(uid, answers.pipelines(holder), answers, pointer)
        else:
            yield from _used(uid, [_in_environment(holder, environment, answers)], answers, pointer)


def given_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield which secrets of its organisation a repository's pipelines may use."""
    full_name = answers.full_name(answer.endpoint)
    owner = full_name.partition("/")[0]
    for pointer, secret in answer.entries(SecretName):
        uid = answers.server.secret_uid(owner, secret.name)
        yield Fact(NodeFacts(uid, Kind.SECRET, None, secret.name), pointer)
        yield from _used(uid, answers.pipelines(full_name), answers, pointer)


def _of_organisation(
    secret: SecretName, uid: Uid, owner: str, answers: Answers, pointer: str
) -> Iterator[Fact]:
    """Yield the use of an organisation's secret by the repositories that were read and get it.

    Where the list of those that were selected is not in the input, each of them may be one.
    """
    listed = answers.selected(owner, secret.name)
    selected = None if listed is None else {r.full_name.lower() for _, r in listed.entries(NamedRepository)}
    for repository in answers.repositories_of(owner):
        pipelines = answers.pipelines(repository.full_name)
        if secret.visibility == _ALL or (secret.visibility == _PRIVATE and repository.visibility != _PUBLIC):
            yield from _used(uid, pipelines, answers, pointer)
        elif secret.visibility == _PRIVATE:
            continue
        elif selected is None:
            yield from _used(uid, pipelines, answers, pointer, NOT_LISTED)
        elif repository.full_name.lower() in selected:
            yield from _used(uid, pipelines, answers, pointer)


def _in_environment(full_name: str, environment: str, answers: Answers) -> Pipeline:
    """Return the pipeline of an environment; one that is not in the input may be protected."""
    for pipeline in answers.of_environments(full_name):
        if pipeline.environment == environment:
            return pipeline
    return Pipeline(full_name, environment, (PROTECTION_UNKNOWN,))


def _used(
    uid: Uid, pipelines: list[Pipeline], answers: Answers, pointer: str, condition: str | None = None
) -> Iterator[Fact]:
    for pipeline in pipelines:
        conditions = [*pipeline.conditions, *([condition] if condition is not None else [])]
        edge = EdgeFacts(
            "USES_SECRET", answers.server.pipeline_uid(pipeline.full_name, pipeline.environment), uid
        )
        certainty = Certainty.POSSIBLE if conditions else Certainty.CERTAIN
        yield Fact(edge, pointer, certainty, ", and ".join(conditions) or None)
