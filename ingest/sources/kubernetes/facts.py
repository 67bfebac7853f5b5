"""What is said of the cluster before it becomes claims: a fact, where it stands, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model import EdgeFacts, NodeFacts
from graph.vocabulary import Certainty


@dataclass(frozen=True, slots=True)
class Fact:
    """A node or an edge as one object says it; ``condition`` says on what a possible one depends."""

    about: NodeFacts | EdgeFacts
    position: str
    certainty: Certainty = Certainty.CERTAIN
    condition: str | None = None
