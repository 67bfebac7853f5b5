"""What a database comes to that fails or changes while it is read; no server is needed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.errors import StoreUnavailable
from graph.model import Instant, SourceInstance
from graph.store.foreign import EdgeCount, ForeignEdge, ForeignNode, Group, NodeCount, Nodes, Relationships
from ingest.record import Noted, ReadContext, Record, Rejected, Said, ScopeClosed
from ingest.sources.graph.mapping import GraphMapping
from ingest.sources.graph.reading import read_mapping
from ingest.sources.graph.sections import BROKEN_OFF, CHANGED, Reading
from tests.ingest.jobs import FINGERPRINTS

MAPPING = "graph: 1\nname: apps\nnodes:\n  app: {labels: [App], kind: Asset, id: key}\n"
APP = frozenset({"App"})


@dataclass
class Pretended:
    """A database with some applications, which breaks off after a number of them."""

    keys: Sequence[str] = ("a", "b", "c")
    counted: int = 3
    breaks_after: int | None = None
    breaks_when: set[str] = field(default_factory=set)
    shown: str = "neo4j://db.example:7687/neo4j"

    def groups(self, of: Nodes | Relationships) -> Sequence[Group]:
        self._maybe_break("groups")
        return [Group("", None, self.counted)]

    def nodes(self, of: Nodes, group: Group) -> Iterator[ForeignNode]:
        for number, key in enumerate(self.keys):
            if number == self.breaks_after:
                raise StoreUnavailable(self.shown, "no server answers there")
            yield ForeignNode(APP, {"key": key})

    def relationships(self, of: Relationships, group: Group) -> Iterator[ForeignEdge]:
        return iter(())

    def node_counts(self, properties: Sequence[str]) -> Iterator[NodeCount]:
        self._maybe_break("counts")
        yield NodeCount(APP, {}, self.counted)

    def edge_counts(self, properties: Sequence[str]) -> Iterator[EdgeCount]:
        return iter(())

    def _maybe_break(self, when: str) -> None:
        if when in self.breaks_when:
            raise StoreUnavailable(self.shown, "its server takes too long")


def records(database: Pretended) -> list[Record]:
    mapping = read_mapping("apps.yaml", MAPPING)
    assert isinstance(mapping, GraphMapping)
    context = ReadContext(SourceInstance("graph"), FINGERPRINTS, Instant(7), complete=True)
    return list(Reading(database, mapping, context).records())


def closed(found: list[Record]) -> list[tuple[bool, str | None]]:
    return [(record.complete, record.reason) for record in found if isinstance(record, ScopeClosed)]


def test_a_whole_reading_closes() -> None:
    found = records(Pretended())
    assert closed(found) == [(True, None)]
    assert len([record for record in found if isinstance(record, Said)]) == 3


def test_what_changed_while_it_was_read_ends_nothing() -> None:
    assert closed(records(Pretended(counted=4))) == [(False, CHANGED)]


def test_a_server_that_goes_away_ends_nothing_and_is_told() -> None:
    found = records(Pretended(breaks_after=1))
    assert closed(found) == [(False, BROKEN_OFF)]
    assert len([record for record in found if isinstance(record, Said)]) == 1
    (told,) = [record for record in found if isinstance(record, Rejected)]
    assert told.problem.reason == "no server answers there"


def test_what_cannot_be_counted_is_read_all_the_same() -> None:
    found = records(Pretended(breaks_when={"counts"}))
    assert closed(found) == [(True, None)]
    assert [record for record in found if isinstance(record, Noted)]


def test_a_list_that_is_not_given_is_told() -> None:
    found = records(Pretended(breaks_when={"groups"}))
    assert closed(found) == []
    assert [r.problem.reason for r in found if isinstance(r, Rejected)] == ["its server takes too long"]
