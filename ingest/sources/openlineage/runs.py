"""A job's events brought together: its runs, what each of them named when, and what was declared.

Runs are merged over all their events, whatever order those came in. A declaration (a job
event) replaces the one before it as far as it speaks: one that names no dataset says
nothing about datasets, one without a lineage facet nothing about lineage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from graph.model import Instant
from ingest.shapes import JsonObject
from ingest.sources.openlineage.events import Event, RunState, Sort
from ingest.sources.openlineage.facts import TRACED, Fact, GivenBy, TakenBack, facts_of, taken_back
from ingest.sources.openlineage.names import Name

_TERMINAL: Final = {RunState.COMPLETE: 0, RunState.ABORT: 1, RunState.FAIL: 2}
"""States that end a run; of two at the same moment the higher one counts."""


class Naming(NamedTuple):
    """That an edge was named: when (to the nanosecond), through what, and of which run it was.

    ``renews`` is for what a run names by completing: when its own events last did.
    """

    nanoseconds: int
    given_by: GivenBy
    run: str | None
    renews: int | None = None

    @property
    def said(self) -> int:
        """Return when an event last said so; what ends the edge after that outweighs it."""
        return self.nanoseconds if self.renews is None else self.renews

    @property
    def instant(self) -> Instant:
        """Return the moment in milliseconds."""
        return Instant(self.nanoseconds // 1_000_000)


class Topic(NamedTuple):
    """What a declaration replaces as one: what it says of an edge through lineage, or through datasets."""

    fact: Fact
    through_lineage: bool


@dataclass
class Run:
    """One execution of the job; ``state`` is the last that ended it, else that it is running."""

    run_id: str
    named: list[tuple[Fact, Naming]] = field(default_factory=list[tuple[Fact, Naming]])
    facts: set[Fact] = field(default_factory=set[Fact])
    state: RunState = RunState.RUNNING
    decided: tuple[int, int] = (-(2**63), -1)
    completed: int = -(2**63)

    def take_note(self, event: Event) -> None:
        """Take note of how far an event says that the run has come; events may come in any order."""
        moment = event.time.nanoseconds
        if event.state in _TERMINAL:
            decided = (moment, _TERMINAL[event.state])
            if decided > self.decided:
                self.state, self.decided = event.state, decided
        if event.state is RunState.COMPLETE:
            self.completed = max(moment, self.completed)

    @property
    def failed(self) -> bool:
        """Return whether the run ended without completing."""
        return self.state in (RunState.FAIL, RunState.ABORT)

    @property
    def is_complete(self) -> bool:
        """Return whether the run completed and did not fail after that."""
        return self.state is RunState.COMPLETE

    @property
    def completed_at(self) -> Instant:
        """Return the moment of the run's last COMPLETE event."""
        return Instant(self.completed // 1_000_000)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a declaration says on its topics: exactly these edges, from now on."""

    instant: Instant
    through_lineage: bool
    facts: frozenset[Fact]


@dataclass
class JobHistory:
    """All that a job's retained events say, brought together.

    ``observed`` holds what runs named, ``declared`` what job events did. ``facets`` are
    the job facets in order of time, ``taken_back`` the lineage that was, with the
    nanosecond. ``first_complete`` is when the first COMPLETE event
    happened, None without one.
    """

    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    observed: dict[Fact, list[Naming]] = field(default_factory=lambda: defaultdict[Fact, list[Naming]](list))
    declared: dict[Topic, list[Naming]] = field(
        default_factory=lambda: defaultdict[Topic, list[Naming]](list)
    )
    statements: list[Statement] = field(default_factory=list[Statement])
    datasets: dict[Fact, tuple[Name, ...]] = field(default_factory=dict[Fact, tuple[Name, ...]])
    facets: list[tuple[Instant, JsonObject]] = field(default_factory=list[tuple[Instant, JsonObject]])
    taken_back: list[tuple[int, TakenBack]] = field(default_factory=list[tuple[int, TakenBack]])
    first_complete: Instant | None = None

    @property
    def facts(self) -> list[Fact]:
        """Return every edge that was ever named, in order."""
        return sorted(self.datasets)

    def completed_runs(self) -> Sequence[Run]:
        """Return the runs that completed, in the order in which they did."""
        done = [run for run in self.runs.values() if run.is_complete]
        return sorted(done, key=lambda run: (run.completed, run.run_id))


def history_of(events: Iterable[Event]) -> JobHistory:
    """Return what a job's events, given in order of time, say together.

    Cost: memory for each time an edge is named; the events themselves are let go.
    """
    history = JobHistory()
    for event in events:
        history.facets.append((event.time.instant, event.job_facets))
        history.taken_back.extend((event.time.nanoseconds, facet) for facet in taken_back(event))
        if event.sort is Sort.RUN:
            _add_run_event(history, event)
        elif event.sort is Sort.JOB:
            _add_declaration(history, event)
    for run in history.runs.values():
        named = _without_outweighed(run.named)
        for fact, naming in (*named, *_renewed(run, named)):
            run.facts.add(fact)
            history.observed[fact].append(naming)
    return history


def failed_runs(events: Iterable[Event]) -> frozenset[str]:
    """Return the ids of the runs that ended without completing. Cost: as the events; little is kept."""
    runs: dict[str, Run] = {}
    for event in events:
        if event.sort is Sort.RUN and event.run_id is not None:
            runs.setdefault(event.run_id, Run(event.run_id)).take_note(event)
    return frozenset(run_id for run_id, run in runs.items() if run.failed)


def _renewed(run: Run, named: Sequence[tuple[Fact, Naming]]) -> list[tuple[Fact, Naming]]:
    """Return what a run names by completing: all that it named before, though its last event may not.

    Shorter runs may have come and gone in the meantime; it still is the newest that completed.
    """
    if not run.is_complete:
        return []
    last: dict[tuple[Fact, GivenBy], int] = {}
    for fact, naming in named:
        if naming.nanoseconds <= run.completed:
            key = (fact, naming.given_by)
            last[key] = max(naming.nanoseconds, last.get(key, naming.nanoseconds))
    return [
        (fact, Naming(run.completed, given_by, run.run_id, renews=moment))
        for (fact, given_by), moment in last.items()
        if moment < run.completed
    ]


def _add_run_event(history: JobHistory, event: Event) -> None:
    run_id = event.run_id or ""
    run = history.runs.setdefault(run_id, Run(run_id))
    run.take_note(event)
    if event.state is RunState.COMPLETE:
        history.first_complete = history.first_complete or event.time.instant
    run.named.extend(_namings(history, event))


def _add_declaration(history: JobHistory, event: Event) -> None:
    found = _without_outweighed(_namings(history, event))
    speaks = {False: bool(event.inputs or event.outputs), True: "lineage" in event.job_facets}
    for through_lineage in (False, True):
        if not speaks[through_lineage]:
            continue
        said = [entry for entry in found if (entry[1].given_by is GivenBy.LINEAGE) is through_lineage]
        facts = frozenset(fact for fact, _ in said)
        history.statements.append(Statement(event.time.instant, through_lineage, facts))
        for fact, naming in said:
            history.declared[Topic(fact, through_lineage)].append(naming)


def _namings(history: JobHistory, event: Event) -> list[tuple[Fact, Naming]]:
    found: list[tuple[Fact, Naming]] = []
    for named in facts_of(event):
        history.datasets[named.fact] = named.datasets
        found.append((named.fact, Naming(event.time.nanoseconds, named.given_by, event.run_id)))
    return found


def _without_outweighed(named: Sequence[tuple[Fact, Naming]]) -> list[tuple[Fact, Naming]]:
    """Return what was named without column lineage of those outputs that the lineage facet speaks of."""
    spoken_of = {
        fact.subject for fact, naming in named if _is_traced(fact) and naming.given_by is GivenBy.LINEAGE
    }
    return [
        (fact, naming)
        for fact, naming in named
        if naming.given_by is not GivenBy.COLUMNS or fact.subject not in spoken_of
    ]


def _is_traced(fact: Fact) -> bool:
    return fact.relation == TRACED
