"""What one entity comes to: facts, what could not be read of it, and what is not mapped."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graph.errors import Problem
from graph.model import EdgeFacts, NodeFacts, Uid
from graph.vocabulary import Certainty
from ingest.facts import Fact
from ingest.jsontext import shown
from ingest.record import ReadContext
from ingest.sources.backstage.names import Entity
from ingest.yamlfields import Misread, Part, Parts


@dataclass
class Found:
    """Collects what one entity comes to. ``metadata`` and ``spec`` are its parts by name."""

    entity: Entity
    uid: Uid
    metadata: Parts
    spec: Parts
    context: ReadContext
    facts: list[Fact] = field(default_factory=list[Fact])
    problems: list[Problem] = field(default_factory=list[Problem])
    skipped: list[str] = field(default_factory=list[str])

    def say(self, about: NodeFacts | EdgeFacts, part: Part, condition: str | None = None) -> None:
        """Say something that stands at a part; with a condition it is possible only."""
        certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
        position = f"line {part.document.line(part.place)}"
        self.facts.append(Fact(about, position, certainty, condition))

    def skip(self, parts: Parts, known: frozenset[str], what: str) -> None:
        """Count the parts that are not mapped, by name."""
        self.skipped += [f"{what} {shown(name)}" for name in parts if name not in known]

    def each(self, name: str, read: Callable[[Part], None]) -> None:
        """Read the parts of a list of the spec, each by itself."""
        for part in self.spec[name].items() if name in self.spec else ():
            with self.told():
                read(part)

    @contextmanager
    def told(self) -> Generator[None]:
        """Take note of what cannot be read within, and go on behind it."""
        try:
            yield
        except Misread as fault:
            self.problems.append(fault.problem)


def present(part: Part) -> Parts:
    """Return the parts of an object without those that are empty; raises Misread for anything else."""
    return {name: below for name, below in part.anything().items() if below.value is not None}


def below(parts: Parts, name: str) -> Parts:
    """Return the parts of an object under a name, none where it is absent; raises Misread."""
    return present(parts[name]) if name in parts else {}
