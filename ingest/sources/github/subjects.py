"""Whom a pipeline's tokens speak for: the subjects that clouds trust, in every form that GitHub gives them.

By default that is the repository and then the environment, or else the branch or the pull
request. Repositories made, renamed or moved since 15 July 2026 have their numbers in it, and a
template may make it of other claims. Source: GitHub's OpenID Connect reference, and the REST
API's ``actions/oidc/customization/sub``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, Instant, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.github.answers import Answers, Pipeline
from ingest.sources.github.names import PUBLIC_HOST, TENANTS, Server
from ingest.sources.github.objects import Repository, Template
from ingest.subjects import SUBJECT_TYPE, subject_id, subject_uid
from ingest.times import parse_date

DEFAULT_KEYS: Final = ("repo", "context")
NOT_CUSTOMISED: Final = "the subjects of the repository's tokens are not customised"

_IMMUTABLE_SURE: Final = parse_date("2026-07-16")
_REPO: Final = "repo:"
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects that a pipeline's tokens may have: one, or whatever fits one of several patterns."""

    texts: tuple[str, ...]

    @property
    def exact(self) -> str | None:
        """Return the only subject there is; None where there may be several."""
        return self.texts[0] if len(self.texts) == 1 and _ANY not in self.texts[0] else None


def subject_facts(pipeline: Pipeline, answers: Answers, pointer: str) -> list[Fact]:
    """Return as whom a pipeline runs; nothing where its tokens cannot be told, or it gets none."""
    server = answers.server
    template = answers.template(pipeline.full_name)
    keys = claim_keys(template, answers.template(pipeline.full_name.partition("/")[0]))
    if keys is None:
        return []
    repository = answers.repository(pipeline.full_name)
    texts = tuple(
        text
        for prefix in prefixes(pipeline.full_name, repository, template, server)
        for text in _subjects(pipeline, prefix, keys, repository)
    )
    if not texts:
        return []
    node = _node(Subjects(tuple(dict.fromkeys(texts))), pipeline, server)
    conditions = pipeline.conditions if template is not None else (*pipeline.conditions, NOT_CUSTOMISED)
    edge = EdgeFacts("RUNS_AS", server.pipeline_uid(pipeline.full_name, pipeline.environment), node.uid)
    certainty = Certainty.POSSIBLE if conditions else Certainty.CERTAIN
    return [
        Fact(node, pointer),
        Fact(edge, pointer, certainty, ", and ".join(conditions) or None),
    ]


def claim_keys(template: Template | None, of_organisation: Template | None) -> tuple[str, ...] | None:
    """Return what subjects are made of; None where the organisation's template counts and is not known.

    >>> claim_keys(None, None), claim_keys(Template(False, None, None, None), None)
    (('repo', 'context'), None)
    """
    if template is None or template.use_default:
        return DEFAULT_KEYS
    if template.keys is not None:
        return template.keys
    return of_organisation.keys if of_organisation is not None else None


def prefixes(
    full_name: str, repository: Repository | None, template: Template | None, server: Server
) -> tuple[str, ...]:
    """Return how subjects name a repository: by its name, with numbers in it, or (where open) both ways.

    What the server says that it writes counts before all else.
    """
    with_numbers = _with_numbers(full_name, repository)
    if template is not None and template.prefix is not None and template.prefix.startswith(_REPO):
        said = template.prefix.removeprefix(_REPO)
        return (said, with_numbers) if template.immutable and "@" not in said else (said,)
    if server.host != PUBLIC_HOST and not server.host.endswith(TENANTS):
        return (full_name,)
    if (template is not None and template.immutable) or _is_since(repository, _IMMUTABLE_SURE):
        return (with_numbers,)
    return (full_name, with_numbers)


def _with_numbers(full_name: str, repository: Repository | None) -> str:
    owner, _, name = full_name.partition("/")
    if repository is None:
        return f"{owner}@*/{name}@*"
    return f"{owner}@{repository.owner_number}/{name}@{repository.number}"


def _is_since(repository: Repository | None, moment: Instant) -> bool:
    return repository is not None and repository.created is not None and repository.created >= moment


def _subjects(
    pipeline: Pipeline, prefix: str, keys: tuple[str, ...], repository: Repository | None
) -> list[str]:
    """Return the subjects of a pipeline with the repository named one way; ``*`` for what is not known."""
    environment = pipeline.environment
    if environment is None and "environment" in keys:
        return []  # a job without an environment gets no token then
    contexts = ["ref:*", "pull_request"] if environment is None else [f"environment:{_value(environment)}"]
    values = _claims(pipeline, prefix, repository)
    made: list[str] = []
    for context in contexts if "context" in keys else contexts[:1]:
        parts = [context if key == "context" else f"{key}:{values.get(key, _ANY)}" for key in keys]
        made.append(":".join(parts))
    return made


def _claims(pipeline: Pipeline, prefix: str, repository: Repository | None) -> dict[str, str]:
    """Return the claims that are the same in every token of a pipeline."""
    known = {"repo": prefix, "repository": pipeline.full_name}
    known["repository_owner"] = pipeline.full_name.partition("/")[0]
    if pipeline.environment is not None:
        known["environment"] = _value(pipeline.environment)
    if repository is not None:
        known["repository_id"] = str(repository.number)
        known["repository_owner_id"] = str(repository.owner_number)
        known["repository_visibility"] = repository.visibility
    return known


def _value(text: str) -> str:
    """Return a value as it stands in a subject, where colons part claims."""
    return text.replace(":", "%3A")


def _node(subjects: Subjects, pipeline: Pipeline, server: Server) -> NodeFacts:
    exact = subjects.exact
    properties: dict[str, PropertyValue] = {"issuer": server.issuer}
    ids: tuple[ExternalId, ...] = ()
    uid: Uid
    if exact is not None:
        uid, ids, name = subject_uid(server.issuer, exact), (subject_id(server.issuer, exact),), exact
    else:
        uid = server.subjects_uid(pipeline.full_name, pipeline.environment)
        name = f"tokens of {pipeline.name}"
        properties["subject_patterns"] = subjects.texts
    return NodeFacts(uid, Kind.IDENTITY, SUBJECT_TYPE, name, properties, ids)
