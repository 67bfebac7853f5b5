"""What was read of all files, by what it is about: lists lean on each other, secrets on environments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from graph.model import Instant
from ingest.sidecar import InputFile
from ingest.sources.github.endpoints import Endpoint, Sort
from ingest.sources.github.names import PUBLIC_HOST, Server
from ingest.sources.github.objects import Environment, Repository, Template

T = TypeVar("T")

NOT_READ: Final = "the list of the repository's environments is not in the input"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the API with what is kept of its entries, each with its pointer.

    ``host`` is the server that the entries name, if they name any.
    """

    endpoint: Endpoint
    file: InputFile
    read_at: Instant
    found: tuple[tuple[str, object], ...]
    why_partial: str | None
    host: str | None = None

    def entries(self, sort: type[T]) -> Iterator[tuple[str, T]]:
        """Yield the entries of a type with their pointers."""
        for pointer, entry in self.found:
            if isinstance(entry, sort):
                yield pointer, entry


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A repository's workflows, as they run in one environment or (None) in none.

    ``conditions`` say in words on what it depends that a job gets there.
    """

    full_name: str
    environment: str | None = None
    conditions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return how people call it."""
        return f"{self.full_name}: {'workflows' if self.environment is None else self.environment}"

    @property
    def condition(self) -> str | None:
        """Return all conditions as one; None where every job gets there."""
        return ", and ".join(self.conditions) or None


@dataclass
class Answers:
    """Everything that one run has read of one server."""

    server: Server
    all: list[Answer]
    _repositories: dict[str, Repository] = field(default_factory=dict[str, Repository])
    _environments: dict[str, Answer] = field(default_factory=dict[str, Answer])
    _templates: dict[str, Template] = field(default_factory=dict[str, Template])
    _selected: dict[tuple[str, str], Answer] = field(default_factory=dict[tuple[str, str], Answer])

    def __post_init__(self) -> None:
        for answer in self.all:
            about = answer.endpoint
            for _, repository in answer.entries(Repository):
                self._repositories[repository.full_name.lower()] = repository
            for _, template in answer.entries(Template):
                self._templates[(about.full_name or about.owner).lower()] = template
            if about.sort is Sort.ENVIRONMENTS:
                self._environments[about.full_name.lower()] = answer
            elif about.sort is Sort.SELECTED_REPOSITORIES:
                self._selected[about.owner.lower(), about.secret] = answer

    def full_name(self, about: Endpoint) -> str:
        """Return a repository's name as GitHub spells it, where that is known; addresses heed no case."""
        known = self._repositories.get(about.full_name.lower())
        return known.full_name if known is not None else about.full_name

    def repository(self, full_name: str) -> Repository | None:
        """Return a repository that was read."""
        return self._repositories.get(full_name.lower())

    def repositories_of(self, owner: str) -> list[Repository]:
        """Return the repositories of an organisation that were read."""
        return [found for found in self._repositories.values() if found.owner.lower() == owner.lower()]

    def selected(self, owner: str, secret: str) -> Answer | None:
        """Return the list of the repositories that get an organisation's secret."""
        return self._selected.get((owner.lower(), secret))

    def template(self, name: str) -> Template | None:
        """Return the template of a repository, or of an organisation."""
        return self._templates.get(name.lower())

    def pipelines(self, full_name: str) -> list[Pipeline]:
        """Return the pipelines of a repository that are known: its own, and one for each environment.

        In a repository that is archived nothing runs.
        """
        if self.is_archived(full_name):
            return []
        return [Pipeline(full_name), *self.of_environments(full_name)]

    def of_environments(self, full_name: str) -> list[Pipeline]:
        """Return the pipelines of a repository's environments that were read."""
        answer = self._environments.get(full_name.lower())
        found = answer.entries(Environment) if answer is not None else ()
        return [Pipeline(full_name, entry.name, entry.conditions) for _, entry in found]

    def why_pipelines_partial(self, full_name: str) -> str | None:
        """Return why not all pipelines of a repository may be known."""
        answer = self._environments.get(full_name.lower())
        return NOT_READ if answer is None else answer.why_partial

    def is_archived(self, full_name: str) -> bool:
        """Return whether a repository is known to take no changes any more."""
        known = self.repository(full_name)
        return known is not None and known.archived


def answers_of(found: Sequence[Answer], server: Server) -> Answers:
    """Return what was read, as one."""
    return Answers(server, list(found))


def hosts_of(found: Sequence[Answer]) -> list[str]:
    """Return the servers that answers name; the public one where none does."""
    return sorted({answer.host for answer in found if answer.host}) or [PUBLIC_HOST]
