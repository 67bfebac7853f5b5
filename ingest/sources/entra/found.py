"""What reading a list comes to: facts with their places, and what was left out or not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from graph.errors import Problem
from graph.model import EdgeFacts, Instant, NodeFacts, PropertyValue
from graph.vocabulary import Certainty
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, as_object, optional_text
from ingest.sources.entra.listings import Item, time_field
from ingest.times import EXPECTED, parse_time


@dataclass
class Found:
    """What was read: ``facts`` with the file of each, and what there is to tell of the rest.

    ``partial`` says why the list does not hold all that it is a list of, going by what is in it.
    """

    facts: list[tuple[str, Fact]] = field(default_factory=list[tuple[str, Fact]])
    problems: list[Problem] = field(default_factory=list[Problem])
    skipped: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    partial: str | None = None

    def each(self, items: Iterable[Item], read: Callable[[JsonObject, Item], None]) -> None:
        """Read every item; of one that is misshapen the fault is kept, and the rest goes on."""
        for item in items:
            kept = len(self.facts)
            try:
                read(as_object(item.value), item)
            except Misshapen as fault:
                del self.facts[kept:]
                self.problems.append(item.document.problem(fault, item.position))

    def say(
        self,
        item: Item,
        about: NodeFacts | EdgeFacts,
        certainty: Certainty = Certainty.CERTAIN,
        condition: str | None = None,
    ) -> None:
        """Keep a fact with the place of the item that says it."""
        self.facts.append((item.document.file.name, Fact(about, item.position, certainty, condition)))


@dataclass
class Grant:
    """All that gives one edge: what does so for certain, and what may, each by its name."""

    item: Item
    certain: set[str] = field(default_factory=set[str])
    possible: set[str] = field(default_factory=set[str])
    conditions: set[str] = field(default_factory=set[str])


@dataclass
class Grants:
    """Edges of which several things may give the same one; each edge is said once.

    ``named`` is the property that lists what gives an edge.
    """

    named: str = "granted_by"
    edges: dict[tuple[str, str, str], tuple[EdgeFacts, Grant]] = field(
        default_factory=dict[tuple[str, str, str], tuple[EdgeFacts, Grant]]
    )

    def add(self, item: Item, edge: EdgeFacts, by: str, condition: str | None = None) -> None:
        """Take in one thing that gives an edge, for certain unless a condition is named."""
        key = (edge.relation, edge.subject, edge.object)
        _, grant = self.edges.setdefault(key, (edge, Grant(item)))
        if condition is None:
            grant.certain.add(by)
        else:
            grant.possible.add(by)
            grant.conditions.add(condition)

    def tell(self, found: Found) -> None:
        """Say every edge once, with what gives it."""
        for edge, grant in self.edges.values():
            by: dict[str, PropertyValue] = {self.named: tuple(sorted(grant.certain or grant.possible))}
            about = EdgeFacts(
                edge.relation,
                edge.subject,
                edge.object,
                properties=by,
                subject_kind=edge.subject_kind,
                object_kind=edge.object_kind,
            )
            if grant.certain:
                found.say(grant.item, about)
            else:
                found.say(grant.item, about, Certainty.POSSIBLE, "; ".join(sorted(grant.conditions)))


def moment(item: JsonObject, key: str, pointer: str = "") -> Instant | None:
    """Return a time of an object, None where it bears none.

    Raises:
        Misshapen: for what is no time.
    """
    value = time_field(item, key)
    if value is None:
        return None
    try:
        return parse_time(value).moment
    except ValueError as error:
        raise Misshapen(f"{pointer}/{key}", str(error), EXPECTED) from None


def flag(item: JsonObject, key: str) -> bool | None:
    """Return what stands under a key that is true or false, None where nothing does.

    Raises:
        Misshapen: for anything else.
    """
    value = item.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise Misshapen(f"/{key}", "neither true nor false stands here", "true or false")


def texts(item: JsonObject, *keys: str) -> Iterator[tuple[str, str]]:
    """Yield those of some fields that hold a text, with their names in the vocabulary's spelling."""
    for key in keys:
        value = optional_text(item, key)
        if value is not None:
            yield "".join(f"_{c.lower()}" if c.isupper() else c for c in key), value
