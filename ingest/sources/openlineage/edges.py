"""A job's edges as claims: each stretch of time with its marks, its certainty, and what gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import Claim, EdgeFacts, Instant, Interval, Scope, Uid
from graph.vocabulary import Certainty, Kind, Origin
from ingest.sources.openlineage.events import RunState
from ingest.sources.openlineage.facts import TRACED, Fact
from ingest.sources.openlineage.runs import JobHistory
from ingest.sources.openlineage.spells import Spells
from ingest.sources.openlineage.timeline import edges_of_time, holds_at, joined, pieces_of

FAILED: Final = "the run failed"
"""The condition under which what failed runs were to make was made after all."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What a claim says beside its ends, for one stretch of time."""

    marks: frozenset[str]
    origin: Origin
    certainty: Certainty
    run_state: str | None
    given_by: str


@dataclass(frozen=True, slots=True)
class _Episode:
    """One stretch in which runs showed an edge, with how far those came that named it in it."""

    part: Interval
    states: frozenset[RunState]


@dataclass(frozen=True, slots=True)
class EdgeWriter:
    """Makes the claims of a job's edges; ``marks`` are those of its READS by time."""

    job: Uid
    scope: Scope
    history: JobHistory
    marks: Sequence[tuple[Interval, frozenset[str]]]

    def claims(self, fact: Fact, spells: Spells) -> Iterator[Claim]:
        """Yield an edge's claims in order of time; none for what is no edge."""
        if fact.relation == TRACED:
            return
        episodes = [self._episode(part, spells) for part in spells.observed]
        cuts = self._cuts(fact, spells)
        for spell in spells.all:
            contents = [
                (part, self._content(fact, part.start, spells, episodes, stretch))
                for stretch in pieces_of(spell, spells.taken_back)
                for part in pieces_of(stretch, cuts)
            ]
            for part, content in joined(contents):
                yield self._claim(fact, part, content)

    def _cuts(self, fact: Fact, spells: Spells) -> set[Instant]:
        cuts = edges_of_time((*spells.observed, *spells.declared, *spells.doubtful))
        if self._is_marked(fact):
            cuts |= edges_of_time(part for part, _ in self.marks)
        return cuts

    def _is_marked(self, fact: Fact) -> bool:
        return fact.relation == "READS" and fact.subject == self.job

    def _episode(self, part: Interval, spells: Spells) -> _Episode:
        namings = [n for n in spells.namings if part.holds_at(n.instant)]
        return _Episode(part, frozenset(self.history.runs[n.run].state for n in namings if n.run is not None))

    def _content(
        self,
        fact: Fact,
        moment: Instant,
        spells: Spells,
        episodes: Sequence[_Episode],
        stretch: Interval,
    ) -> _Content:
        """Return what holds at a moment of a stretch in which nothing that gave the edge was taken back."""
        episode = next((e for e in episodes if e.part.holds_at(moment)), None)
        declared = holds_at(spells.declared, moment)
        doubtful = holds_at(spells.doubtful, moment)
        marks = next((marks for part, marks in self.marks if part.holds_at(moment)), frozenset[str]())
        return _Content(
            marks=marks if self._is_marked(fact) else frozenset(),
            origin=Origin.OBSERVED
            if episode is not None and not (doubtful and declared)
            else Origin.DECLARED,
            certainty=Certainty.POSSIBLE if doubtful and not declared else Certainty.CERTAIN,
            run_state=None if episode is None else _state(episode.states, doubtful=doubtful),
            given_by=spells.given_by(stretch).value,
        )

    def _claim(self, fact: Fact, part: Interval, content: _Content) -> Claim:
        subject_kind, object_kind = _kinds(fact, self.history.datasets[fact])
        properties = {"given_by": content.given_by}
        if content.run_state is not None:
            properties["run_state"] = content.run_state
        return Claim(
            scope=self.scope,
            about=EdgeFacts(
                relation=fact.relation,
                subject=fact.subject,
                object=fact.object,
                marks=content.marks,
                properties=properties,
                subject_kind=subject_kind,
                object_kind=object_kind,
            ),
            valid=part,
            origin=content.origin,
            certainty=content.certainty,
            condition=FAILED if content.certainty is Certainty.POSSIBLE else None,
            # No single event: which one it was would depend on which had been read by then.
            locator="events of the job",
        )


def _state(states: frozenset[RunState], *, doubtful: bool) -> str:
    """Return how far the runs that named an edge came; the furthest counts."""
    order = (RunState.COMPLETE, RunState.RUNNING, RunState.FAIL, RunState.ABORT)
    reached = order[2:] if doubtful else order
    return next((state.value for state in reached if state in states), RunState.RUNNING.value)


_BOTH: Final[Mapping[str, tuple[Kind, Kind]]] = {
    "READS": (Kind.ASSET, Kind.DATASET),
    "WRITES": (Kind.ASSET, Kind.DATASET),
    "PART_OF": (Kind.ASSET, Kind.ASSET),
}


def _kinds(fact: Fact, datasets: Sequence[object]) -> tuple[Kind, Kind]:
    kind = Kind.DATASET if datasets else Kind.ASSET
    return _BOTH.get(fact.relation, (kind, kind))
