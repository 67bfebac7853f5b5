"""From what was read of all files to scopes with claims, and which of them are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.facts import merged, said
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sources.kubernetes.lists import FileReading
from ingest.sources.kubernetes.names import Cluster
from ingest.sources.kubernetes.objects import KubeObject
from ingest.sources.kubernetes.resources import CLUSTER_ROLES, MAPPED, ROLES, SERVICE_ACCOUNTS, ResourceType
from ingest.sources.kubernetes.scopes import ACCESS, BINDINGS, COVERED, GRANTS, ScopeFacts, facts_of
from ingest.sources.kubernetes.workloads import Objects

_ROLES = (ROLES, CLUSTER_ROLES)
_NOT_SAID = "nobody says that the list is whole (--complete, or a sidecar)"
_PARTIAL_ACCESS = "bindings, roles and service accounts were not all read whole"


@dataclass(frozen=True, slots=True)
class TimedReading:
    """What a file holds, and when it was read."""

    reading: FileReading
    read_at: Instant


def sections(readings: Sequence[TimedReading], cluster: Cluster, context: ReadContext) -> Iterator[Record]:
    """Yield one scope for each type of object and file, in order of time."""
    objects = {item.key: item for timed in readings for item in timed.reading.objects}
    whole = {
        sort
        for timed in readings
        for sort in timed.reading.types
        if _why_partial(timed.reading, sort, context) is None
    }
    for sort in MAPPED:
        for timed in readings:
            if sort in timed.reading.types and sort not in _ROLES:
                yield from _Section(sort, timed, cluster, objects, whole, context).records()


def _why_partial(reading: FileReading, sort: ResourceType, context: ReadContext) -> str | None:
    """Return why a file is not a whole list of a type; None where somebody says it is and nothing objects."""
    if not context.complete and reading.file.sidecar is None:
        return _NOT_SAID
    return reading.why_partial(sort)


@dataclass(frozen=True, slots=True)
class _Section:
    """One type of object in one file."""

    sort: ResourceType
    timed: TimedReading
    cluster: Cluster
    objects: Objects
    whole: set[ResourceType]
    context: ReadContext

    def records(self) -> Iterator[Record]:
        """Yield the scope with its claims."""
        items = [item for item in self.timed.reading.objects if item.type == self.sort]
        found = facts_of(self.sort, items, self.cluster, self.objects)
        scope = Scope(self.context.source, f"{self.cluster.id}/{self.sort.name}")
        kinds, relations = self._covered()
        yield ScopeOpened(scope, self.timed.read_at, kinds=kinds, relations=relations)
        yield from self._asides(items, found)
        for fact in merged(found.facts):
            yield said(fact, scope, self.timed.reading.file.name)
        why = self._why_partial(found)
        yield ScopeClosed(scope, complete=why is None, reason=why)

    def _covered(self) -> tuple[frozenset[str], frozenset[str]]:
        if self.sort in BINDINGS:
            return frozenset(), GRANTS if self.whole >= ACCESS else frozenset()
        return COVERED[self.sort]

    def _why_partial(self, found: ScopeFacts) -> str | None:
        why = _why_partial(self.timed.reading, self.sort, self.context)
        if why is None and self.sort in BINDINGS and not self.whole >= {*ACCESS, SERVICE_ACCOUNTS}:
            why = _PARTIAL_ACCESS
        if why is None and found.problems:
            why = "not all of its objects could be read"
        return why

    def _asides(self, items: Sequence[KubeObject], found: ScopeFacts) -> Iterator[Record]:
        yield from (Skipped(what) for what in found.skipped)
        for item, fault in found.problems:
            yield Rejected(Problem(item.file, item.position, fault.pointer, fault.reason, fault.expected))
        if found.roles_missing and not self.whole >= set(_ROLES):
            yield Noted(
                f"{self.timed.reading.file.name}: {found.roles_missing} bindings name roles that are not in "
                "the input, so what they give is unknown. Read roles and clusterroles in the same run."
            )
        for item in items:
            if item.secret is not None and item.secret.unreadable:
                keys = ", ".join(item.secret.unreadable)
                yield Noted(
                    f"{item.file}: {item.position}: the values of {keys} are not valid base64; "
                    "the Secret is kept without their fingerprints"
                )
