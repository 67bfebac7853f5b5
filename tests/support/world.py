"""A small estate to ask questions of: facts that hold since January, read completely where a test says so."""

from __future__ import annotations

from collections.abc import Iterable

from graph.ledger.change import Cover, Step
from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, NodeFacts, Uid
from graph.store import open_store
from graph.vocabulary import VOCABULARY, Kind
from queries.estate import Estate, Standpoint
from tests.support.saying import JANUARY, RECORDS, Clock, day, node, record

ON_DAY_20 = Standpoint(as_of=day(20))
EVERY_KIND = frozenset(term.name.value for term in VOCABULARY.kinds)
EVERY_RELATION = frozenset(term.name for term in VOCABULARY.relations)


def covering(relations: Iterable[str] = EVERY_RELATION, kinds: Iterable[str] = EVERY_KIND) -> Cover:
    """That the scope of these tests was read completely on the first of January."""
    return Cover(RECORDS, frozenset(kinds), frozenset(relations), JANUARY)


def ledger_of(*facts: NodeFacts | EdgeFacts | Step) -> Ledger:
    """A ledger in memory in which these were said in one commit."""
    ledger = Ledger(open_store(":memory:"), clock=Clock())
    record(ledger, *facts)
    return ledger


def estate_of(*facts: NodeFacts | EdgeFacts | Step) -> Estate:
    """An estate of which every scope was read completely."""
    return Estate(ledger_of(*facts, covering()))


Told = NodeFacts | EdgeFacts | Step
"""Anything that can be said to a ledger."""


def person(
    uid: str,
    status: str | None = "active",
    *,
    departed_at: int | None = None,
    suspended_at: int | None = None,
) -> NodeFacts:
    said = {"status": status, "departed_at": departed_at, "suspended_at": suspended_at}
    properties = {name: value for name, value in said.items() if value is not None}
    return NodeFacts(Uid(uid), Kind.IDENTITY, "person", None, properties)


def identity(uid: str, type_: str | None) -> NodeFacts:
    return node(uid, Kind.IDENTITY, type_=type_)
