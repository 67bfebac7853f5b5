"""Who is alive: the walk and the ownership question follow one rule over every status and date."""

from __future__ import annotations

import pytest

from graph.ledger.standing import status_at
from graph.model import ClaimId, Instant, Node, NodeRef, PropertyValue, ResolvedValue, SourceInstance, Uid
from graph.vocabulary import Kind
from queries.liveness import Life, life_of_person

EXPECTED = {
    Life.ALIVE: "active",
    Life.SUSPENDED: "suspended",
    Life.DEPARTED: "departed",
    Life.UNKNOWN: "unknown",
}


@pytest.mark.parametrize("status", [None, "active", "suspended", "departed", "unknown"])
@pytest.mark.parametrize("departed_at", [None, 3, 5, 7])
@pytest.mark.parametrize("suspended_at", [None, 3, 5, 7])
def test_both_layers_agree(status: str | None, departed_at: int | None, suspended_at: int | None) -> None:
    said: dict[str, PropertyValue | None] = {
        "status": status,
        "departed_at": departed_at,
        "suspended_at": suspended_at,
    }
    source = SourceInstance("people")
    properties = {
        name: ResolvedValue(value, ClaimId("c"), source, Instant(0))
        for name, value in said.items()
        if value is not None
    }
    person = Node(NodeRef(Uid("p"), Kind.IDENTITY), True, "person", None, properties, (), (), (), ())
    at = Instant(5)
    assert status_at(status, departed_at, suspended_at, at) == EXPECTED[life_of_person(person, at).life]
