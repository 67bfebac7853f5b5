"""From records to scopes with claims: one scope for each list of a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from graph.errors import Problem
from graph.model import EdgeFacts, Instant, NodeFacts, Scope, Uid
from ingest.facts import Fact, merged, said
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import Misshapen
from ingest.sources.mlflow.lists import Listing
from ingest.sources.mlflow.reading import Desk, Item

DATASETS: Final = "datasets"
UNREAD: Final = "not all of its records could be read"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the records of a list come from: a file or an address, and when it was read."""

    name: str
    read_at: Instant


class Section:
    """One list of one server while it is read.

    What is said of a record itself is passed on at once. What is said of other things is kept and
    merged, as many records may say it: that a model was evaluated on a dataset, by ten runs.
    """

    def __init__(self, listing: Listing, desk: Desk, origin: Origin, context: ReadContext) -> None:
        self.listing = listing
        self._desk = desk
        self._origin = origin
        self.scope = Scope(context.source, f"{desk.server.id}/{listing.name}")
        self._of_others: dict[object, Fact] = {}
        self._faulty = False

    def reject(self, problem: Problem) -> Rejected:
        """Return that a record of the list cannot be read, which keeps it from being whole."""
        self._faulty = True
        return Rejected(problem, self.scope)

    def why_partial(self, why: str | None) -> str | None:
        """Return why the list was not read whole, given what speaks against it from outside."""
        return why or (UNREAD if self._faulty else None)

    def opened(self) -> ScopeOpened:
        """Return that the scope begins."""
        listing = self.listing
        return ScopeOpened(self.scope, self._origin.read_at, kinds=listing.kinds, relations=listing.relations)

    def records(self, item: Item) -> Iterator[Record]:
        """Yield what a record says."""
        try:
            found = list(self.listing.mapper(item, self._desk))
        except Misshapen as fault:
            name = self._origin.name
            yield self.reject(Problem(name, item.position, fault.pointer, fault.reason, fault.expected))
            return
        facts = [
            replace(one, position=item.position + one.position) for one in found if isinstance(one, Fact)
        ]
        yield from (one for one in found if isinstance(one, Skipped))
        own = {fact.about.uid for fact in facts if isinstance(fact.about, NodeFacts)}
        for fact in merged(facts):
            if _subject(fact) in own:
                yield said(fact, self.scope, self._origin.name)
            else:
                self._keep(fact)

    def closed(self, why_partial: str | None) -> Iterator[Record]:
        """Yield what is left to say, and that the scope ends."""
        for fact in self._of_others.values():
            yield said(fact, self.scope, self._origin.name)
        why = self.why_partial(why_partial)
        yield ScopeClosed(self.scope, complete=why is None, reason=why)

    def _keep(self, fact: Fact) -> None:
        about = fact.about
        key = about.uid if isinstance(about, NodeFacts) else (about.relation, about.subject, about.object)
        before = self._of_others.get(key)
        self._of_others[key] = fact if before is None else merged([before, fact])[0]


def datasets(desk: Desk, origin: Origin, why_partial: str | None, context: ReadContext) -> Iterator[Record]:
    """Yield the datasets that were met in a server's runs, once the runs have been read."""
    scope = Scope(context.source, f"{desk.server.id}/{DATASETS}")
    yield ScopeOpened(scope, origin.read_at, kinds=frozenset(), relations=frozenset())
    yield from _said(desk.datasets.facts(), scope, origin.name)
    yield ScopeClosed(scope, complete=why_partial is None, reason=why_partial)


def _said(facts: Iterable[Fact], scope: Scope, name: str) -> Iterator[Record]:
    for fact in merged(facts):
        yield said(fact, scope, name)


def _subject(fact: Fact) -> Uid:
    about = fact.about
    return about.subject if isinstance(about, EdgeFacts) else about.uid
