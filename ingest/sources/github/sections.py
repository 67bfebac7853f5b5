"""Each answer of the API as a scope of its own: what is said in it, and what a whole one covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import Scope
from graph.vocabulary import Kind
from ingest.codeowners import CodeOwners
from ingest.facts import Covered, Fact, section
from ingest.record import ReadContext, Record
from ingest.sources.github.access import (
    collaborator_facts,
    member_facts,
    organisation_facts,
    owner_facts,
    team_facts,
    team_repository_facts,
)
from ingest.sources.github.answers import Answer, Answers
from ingest.sources.github.apps import installation_facts
from ingest.sources.github.deploykeys import key_facts
from ingest.sources.github.endpoints import Endpoint, Sort
from ingest.sources.github.objects import DeployKey, Environment, Repository
from ingest.sources.github.pipelinesecrets import given_facts, secret_facts
from ingest.sources.github.repositories import (
    environment_facts,
    pipeline_node,
    repository_facts,
    variable_facts,
)
from ingest.sources.github.subjects import claim_keys, subject_facts

Facts = Callable[[Answer, Answers], Iterable[Fact]]

_NO_TEMPLATE: Final = "it follows the template of the organisation, which is not in the input"
_ARCHIVE_UNKNOWN: Final = "the repository is not in the input"
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Form:
    """What an answer of one sort says, what it covers, and whether it leans on the environments."""

    facts: Facts
    kinds: frozenset[str] = _NOTHING
    relations: frozenset[str] = _NOTHING
    leans: bool = False


def _repositories(answer: Answer, answers: Answers) -> Iterator[Fact]:
    for pointer, repository in answer.entries(Repository):
        yield from repository_facts(repository, answers, pointer)


def _environments(answer: Answer, answers: Answers) -> Iterator[Fact]:
    full_name = answers.full_name(answer.endpoint)
    if answers.is_archived(full_name):
        return
    for pointer, environment in answer.entries(Environment):
        yield from environment_facts(environment, full_name, answers, pointer)


def _keys(answer: Answer, answers: Answers) -> Iterator[Fact]:
    full_name = answers.full_name(answer.endpoint)
    for pointer, key in answer.entries(DeployKey):
        yield from key_facts(key, full_name, answers, pointer)


def _stewards(answer: Answer, answers: Answers) -> Iterator[Fact]:
    repository = answers.server.repository_uid(answers.full_name(answer.endpoint))
    for _, owners in answer.entries(CodeOwners):
        yield from (Fact(steward.owns(repository), f"line {steward.line}") for steward in owners.stewards)


def _subjects(answer: Answer, answers: Answers) -> Iterator[Fact]:
    # The pipelines are said here too: that one gets no token is known as well.
    for pipeline in answers.pipelines(answers.full_name(answer.endpoint)):
        yield Fact(pipeline_node(pipeline, answers.server), "")
        yield from subject_facts(pipeline, answers, "")


_FORMS: Final[Mapping[Sort, _Form]] = {
    Sort.REPOSITORIES: _Form(_repositories, frozenset({Kind.ASSET}), frozenset({"WITHIN"})),
    Sort.REPOSITORY: _Form(_repositories, relations=frozenset({"WITHIN"})),
    Sort.ENVIRONMENTS: _Form(_environments, frozenset({Kind.ASSET})),
    Sort.SECRETS: _Form(secret_facts, frozenset({Kind.SECRET}), leans=True),
    Sort.SECRETS_OF_ORGANISATION: _Form(given_facts, leans=True),
    Sort.DEPLOY_KEYS: _Form(
        _keys,
        frozenset({Kind.SECRET, Kind.IDENTITY}),
        frozenset({"AUTHENTICATES", "CAN_READ", "CAN_WRITE"}),
    ),
    Sort.VARIABLES: _Form(variable_facts),
    Sort.CODEOWNERS: _Form(_stewards),
    Sort.ORGANISATION: _Form(organisation_facts),
    Sort.MEMBERS: _Form(member_facts),
    Sort.OWNERS: _Form(owner_facts),
    Sort.TEAMS: _Form(team_facts),
    Sort.TEAM_REPOSITORIES: _Form(team_repository_facts),
    Sort.COLLABORATORS: _Form(collaborator_facts),
    Sort.INSTALLATIONS: _Form(installation_facts),
    Sort.SUBJECTS: _Form(_subjects, relations=frozenset({"RUNS_AS"}), leans=True),
}
"""What is said of each sort; the others are only there for these to lean on."""


def sections(answers: Answers, context: ReadContext) -> Iterator[Record]:
    """Yield the scopes of all that was read, in order of reading."""
    for answer in answers.all:
        form = _FORMS.get(answer.endpoint.sort)
        if form is None or (answer.endpoint.sort is Sort.SUBJECTS and not answer.endpoint.name):
            continue
        why = answer.why_partial or (_why_leaning_partial(answer, answers) if form.leans else None)
        scope = Scope(context.source, scope_name(answer.endpoint, answers))
        covered = Covered(form.kinds, form.relations, why)
        yield from section(scope, answer.read_at, answer.file.name, form.facts(answer, answers), covered)


def scope_name(about: Endpoint, answers: Answers) -> str:
    """Return how the scope of an answer is called: by the server and the address."""
    words = [answers.server.host, answers.full_name(about) or about.owner]
    words += [f"environment {about.environment}"] if about.environment else []
    words += [f"team {about.team}"] if about.team else []
    return " ".join([*words, about.sort.value])


def _why_leaning_partial(answer: Answer, answers: Answers) -> str | None:
    """Return why what is said of all pipelines may not be of all."""
    about = answer.endpoint
    if about.environment:
        return None
    if not about.name:
        names = [repository.full_name for repository in answers.repositories_of(about.owner)]
        whys = [answers.why_pipelines_partial(name) for name in names] or [_ARCHIVE_UNKNOWN]
        return next((why for why in whys if why is not None), None)
    full_name = answers.full_name(about)
    if about.sort is Sort.SUBJECTS:
        keys = claim_keys(answers.template(full_name), answers.template(about.owner))
        if keys is None:
            return _NO_TEMPLATE
    if answers.repository(full_name) is None:
        return _ARCHIVE_UNKNOWN
    return answers.why_pipelines_partial(full_name)
