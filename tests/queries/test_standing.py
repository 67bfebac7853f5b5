"""Who is alive: the walk and the ownership question follow one rule over every status and date."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.change import Assert
from graph.ledger.standing import status_at
from graph.model import (
    Claim,
    ClaimId,
    Instant,
    Node,
    NodeRef,
    PropertyValue,
    ResolvedValue,
    SourceInstance,
    Uid,
)
from graph.vocabulary import Certainty, Kind
from graph.walk.liveness import ALIVE, UNCLEAR, liveness
from queries.estate import Estate
from queries.liveness import Life, LifeBook, life_of_person
from tests.support.saying import RECORDS, edge
from tests.support.world import ON_DAY_20, covering, identity, ledger_of, person

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


PEOPLE = {"ada": "active", "ben": "departed", "cleo": None}
GROUPS = {"red": "team", "blue": "group", "grey": None}
UIDS = [*PEOPLE, *GROUPS]
IN = st.tuples(st.sampled_from(UIDS), st.sampled_from(list(GROUPS)), st.booleans())


def carried(memberships: Sequence[tuple[str, str, bool]], *, certain: bool) -> dict[str, set[str]]:
    """The people in each group through any number of groups, by certain memberships only or by all."""
    found = {uid: ({uid} if uid in PEOPLE else set()) for uid in UIDS}
    for _ in UIDS:
        for member, group, is_certain in memberships:
            if is_certain or not certain:
                found[group] |= found[member]
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(IN, max_size=6, unique_by=lambda one: one[:2]), st.booleans())
def test_walk_and_ownership_agree_on_who_lives(memberships: list[tuple[str, str, bool]], covered: bool):
    """A walk knows no coverage: what ownership knows to be empty, it leaves open, and nothing more."""
    memberships = [one for one in memberships if one[0] != one[1]]
    facts = [
        Assert(
            Claim(
                RECORDS,
                edge(member, "MEMBER_OF", group),
                certainty=Certainty.CERTAIN if is_certain else Certainty.POSSIBLE,
                condition=None if is_certain else "the plan is kept",
            )
        )
        for member, group, is_certain in memberships
    ]
    people = [person(uid, status) for uid, status in PEOPLE.items()]
    groups = [identity(uid, type_) for uid, type_ in GROUPS.items()]
    ledger = ledger_of(*people, *groups, *facts, *([covering()] if covered else []))
    view = Estate(ledger).view(ON_DAY_20)
    walked = liveness(view.topology.view(view.at.valid), None, None)
    nodes = {node.uid: node for node in view.all_nodes()}
    book = LifeBook(nodes, view.all_edges(["MEMBER_OF"]), [], view.coverage, view.at.valid)
    sure = carried(memberships, certain=True)
    for uid, type_ in GROUPS.items():
        state, life = int(walked[view.topology.get(Uid(uid))]), book.sign(Uid(uid)).life
        assert [state == ALIVE, life is Life.ALIVE] == ["ada" in sure[uid]] * 2, uid
        assert life is Life.ALIVE or state == UNCLEAR
        is_group = type_ is not None or any(g == uid and certain for _, g, certain in memberships)
        if not covered or not is_group:
            assert life in {Life.ALIVE, Life.UNKNOWN}
