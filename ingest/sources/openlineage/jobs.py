"""Everything that a job's retained events come to: its description, its edges, and since when it is known.

A function of the set of events and of what is known of their datasets; no order of
arrival and no batch boundary shows in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.model import Claim, EdgeFacts, Instant, Interval, NodeFacts, PropertyValue, Scope, Uid
from graph.vocabulary import Kind, Origin
from ingest.record import ReadContext
from ingest.repositories import repository_uid
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.described import States, contacts, states_of
from ingest.sources.openlineage.edges import EdgeWriter
from ingest.sources.openlineage.facets import JOB_FACETS, CodeLocation, JobType
from ingest.sources.openlineage.facts import TRACED
from ingest.sources.openlineage.marks import marks_of
from ingest.sources.openlineage.names import Name, dataset_uid, job_group, job_uid
from ingest.sources.openlineage.retained import events_of
from ingest.sources.openlineage.runs import JobHistory, history_of
from ingest.sources.openlineage.spells import SpellFinder
from ingest.sources.openlineage.timeline import joined


@dataclass(frozen=True, slots=True)
class JobReading:
    """A job as its events show it; ``covered_from`` is its first COMPLETE event, None before one."""

    claims: tuple[Claim, ...]
    covered_from: Instant | None
    last_event: Instant | None


def read_job(
    name: Name, scope: Scope, book: DatasetBook, context: ReadContext, absent_runs: int
) -> JobReading:
    """Return what a job's retained events come to. Cost: its events, and those of its datasets."""
    history = history_of(events_of(context.retained(job_group(name))))
    if not history.facets:
        return JobReading((), None, None)
    states = states_of(history.facets, JOB_FACETS)
    uid = job_uid(name)
    claims = (
        *_description(name, states, scope),
        *_edges(uid, history, scope, book, absent_runs),
        *contacts(states, uid, Kind.ASSET, scope, context),
        *_repositories(uid, states, scope),
    )
    return JobReading(claims, history.first_complete, history.facets[-1][0])


def _description(name: Name, states: States, scope: Scope) -> Iterator[Claim]:
    described = joined((part, _facts(name, state)) for part, state in states)
    for part, facts in described:
        yield Claim(scope, facts, valid=part, origin=Origin.OBSERVED, locator="job facets")


def _facts(name: Name, facets: Mapping[str, object]) -> NodeFacts:
    properties: dict[str, PropertyValue] = {"namespace": name.namespace}
    documentation, job_type = facets.get("documentation"), facets.get("jobType")
    if isinstance(documentation, str):
        properties["description"] = documentation
    if isinstance(job_type, JobType):
        said = {
            "processing_type": job_type.processing,
            "integration": job_type.integration,
            "job_type": job_type.job_type,
        }
        properties |= {key: value for key, value in said.items() if value is not None}
    return NodeFacts(
        job_uid(name),
        Kind.ASSET,
        type="pipeline",
        name=name.name,
        properties=properties,
        external_ids=(name.external_id,),
    )


def _edges(
    uid: Uid, history: JobHistory, scope: Scope, book: DatasetBook, absent_runs: int
) -> Iterator[Claim]:
    finder = SpellFinder(history, book, absent_runs)
    spells = {fact: finder.spells(fact) for fact in history.facts}
    names = {dataset_uid(name): name for names in history.datasets.values() for name in names}
    standing = {member: dataset_uid(book.canonical(name)) for member, name in names.items()}
    # What only a failed run traces is no reason to hold that the rest is known.
    open_when = {fact: held.certain if fact.relation == TRACED else held.all for fact, held in spells.items()}
    marks = marks_of(uid, open_when, lambda member: standing.get(member, member))
    writer = EdgeWriter(uid, scope, history, marks)
    for fact, held in spells.items():
        yield from writer.claims(fact, held)


def _repositories(uid: Uid, states: States, scope: Scope) -> Iterator[Claim]:
    """Yield which repository a job's code comes from, with the revision that was said to run."""
    places: dict[str, list[tuple[Interval, str | None]]] = {}
    for part, state in states:
        location = state.get("sourceCodeLocation")
        if isinstance(location, CodeLocation) and location.repository:
            places.setdefault(location.repository, []).append((part, location.version))
    by_uid: dict[Uid, list[tuple[Interval, str | None]]] = {}
    for address, found in places.items():
        by_uid.setdefault(repository_uid(address), []).extend(found)
    for repository in sorted(by_uid):
        for part, version in joined(sorted(by_uid[repository], key=lambda entry: entry[0])):
            facts = EdgeFacts(
                "BUILT_FROM", uid, repository, properties={"version": version} if version else {}
            )
            yield Claim(scope, facts, valid=part, locator="sourceCodeLocation facet")
