"""From where a node takes its accountable owner; steps, distances and cycles, each derived by hand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, Uid
from graph.vocabulary import VOCABULARY, Kind
from queries.inheritance import ACCOUNTABLE, Inheritance
from tests.support.saying import day, edge, node
from tests.support.world import ledger_of

STEPS = VOCABULARY.ownership_steps


def owns(who: str, what: str, role: str = "accountable") -> EdgeFacts:
    return edge(who, "OWNS", what, role)


def inheritance(*facts: EdgeFacts) -> Inheritance:
    ends = {uid for fact in facts for uid in (fact.subject, fact.object) if not uid.startswith("@")}
    ledger: Ledger = ledger_of(*(node(uid, Kind.ASSET) for uid in sorted(ends)), *facts)
    edges = ledger.all_edges(ledger.at(day(20)))
    owning = [e for e in edges if e.relation == "OWNS" and ACCOUNTABLE in e.marks]
    return Inheritance(STEPS, owning, [e for e in edges if e.relation != "OWNS"])


def owners(found: Inheritance, uid: str) -> list[tuple[str, ...]]:
    """The owners of each holding; several holdings are a conflict."""
    holdings = found.of(Uid(uid))
    return [] if holdings is None else [holding.who for holding in holdings.holdings]


def way(found: Inheritance, uid: str) -> list[str]:
    holdings = found.of(Uid(uid))
    assert holdings is not None
    return [f"{e.relation} {e.object.uid}" for e in holdings.holdings[0].via]


def test_an_own_owner_ends_the_search():
    found = inheritance(owns("@a", "x"), edge("x", "VERSION_OF", "m"), owns("@b", "m"))
    assert owners(found, "x") == [("@a",)]
    assert way(found, "x") == []


def test_two_own_owners_are_two_owners_and_no_conflict():
    assert owners(inheritance(owns("@b", "x"), owns("@a", "x")), "x") == [("@a", "@b")]


def test_stewards_and_contacts_are_no_owners():
    assert owners(inheritance(owns("@a", "x", "steward"), owns("@b", "x", "contact")), "x") == []


def test_steps_are_tried_in_their_order_whatever_the_distance():
    found = inheritance(
        edge("x", "WITHIN", "ns"),
        owns("@near", "ns"),
        edge("x", "PART_OF", "p1"),
        edge("p1", "PART_OF", "p2"),
        owns("@part", "p2"),
        edge("y", "WITHIN", "ns"),
        edge("y", "PART_OF", "p1"),
        edge("y", "VERSION_OF", "m1"),
        edge("m1", "VERSION_OF", "m2"),
        edge("m2", "WITHIN", "far"),
        owns("@model", "far"),
    )
    assert owners(found, "x") == [("@part",)]
    assert way(found, "x") == ["PART_OF p1", "PART_OF p2"]
    assert owners(found, "y") == [("@model",)]
    assert way(found, "y") == ["VERSION_OF m1", "VERSION_OF m2", "WITHIN far"]


def test_a_step_that_leads_to_nobody_is_passed_over():
    found = inheritance(edge("x", "VERSION_OF", "m"), edge("x", "WITHIN", "ns"), owns("@a", "ns"))
    assert way(found, "x") == ["WITHIN ns"]


def test_the_nearest_scope_wins():
    found = inheritance(
        edge("x", "WITHIN", "ns"),
        edge("ns", "WITHIN", "cluster"),
        owns("@far", "cluster"),
        edge("x", "WITHIN", "project"),
        owns("@near", "project"),
    )
    assert owners(found, "x") == [("@near",)]


def test_different_owners_at_equal_distance_are_a_conflict_and_stay_one_further_down():
    found = inheritance(
        edge("x", "WITHIN", "one"),
        edge("x", "WITHIN", "two"),
        owns("@a", "one"),
        owns("@b", "two"),
        edge("y", "PART_OF", "x"),
    )
    assert owners(found, "x") == [("@a",), ("@b",)]
    assert owners(found, "y") == [("@a",), ("@b",)]


def test_the_same_owners_at_equal_distance_are_none():
    found = inheritance(
        edge("x", "WITHIN", "one"), edge("x", "WITHIN", "two"), owns("@a", "one"), owns("@a", "two")
    )
    assert owners(found, "x") == [("@a",)]


def test_partly_different_owners_are_a_conflict():
    found = inheritance(
        edge("x", "WITHIN", "one"),
        edge("x", "WITHIN", "two"),
        owns("@a", "one"),
        owns("@b", "one"),
        owns("@a", "two"),
    )
    assert owners(found, "x") == [("@a",), ("@a", "@b")]


def test_owners_never_come_over_data():
    found = inheritance(edge("x", "PRODUCES", "y"), edge("x", "DERIVED_FROM", "z"), owns("@a", "z"))
    assert owners(found, "x") == []


def test_a_cycle_gives_nobody_an_owner_and_takes_none_away():
    found = inheritance(
        edge("x", "WITHIN", "y"),
        edge("y", "WITHIN", "x"),
        edge("z", "WITHIN", "x"),
        edge("z", "WITHIN", "z2"),
    )
    assert [owners(found, uid) for uid in "xyz"] == [[], [], []]
    found = inheritance(
        edge("x", "VERSION_OF", "y"),
        edge("y", "VERSION_OF", "x"),
        edge("x", "WITHIN", "ns"),
        owns("@a", "ns"),
        edge("above", "PART_OF", "y"),
    )
    assert way(found, "x") == ["WITHIN ns"]
    assert way(found, "y") == ["VERSION_OF x", "WITHIN ns"]
    assert way(found, "above") == ["PART_OF y", "VERSION_OF x", "WITHIN ns"]


def test_along_a_cycle_the_nearest_owner_wins_and_equal_distance_is_a_conflict():
    ring = [edge(a, "WITHIN", b) for a, b in ("ab", "bc", "cd", "da")]
    back = [edge(b, "WITHIN", a) for a, b in ("ab", "bc", "cd", "da")]
    found = inheritance(*ring, *back, owns("@b", "b"), owns("@d", "d"))
    assert owners(found, "a") == [("@b",), ("@d",)]
    assert owners(found, "c") == [("@b",), ("@d",)]
    found = inheritance(*ring, owns("@b", "b"))
    assert way(found, "c") == ["WITHIN d", "WITHIN a", "WITHIN b"]


def test_a_very_long_chain_is_followed_to_its_end():
    chain = [edge(f"v{n:04}", "VERSION_OF", f"v{n + 1:04}") for n in range(1500)]
    found = inheritance(*chain, owns("@a", "v1500"))
    assert owners(found, "v0000") == [("@a",)]
    assert len(way(found, "v0000")) == 1500


# Without cycles the rule can be said in a few lines, and is, as an oracle

NAMES = "abcdefgh"
RELATIONS = ("VERSION_OF", "PART_OF", "WITHIN")


@st.composite
def forests(draw: st.DrawFn) -> list[EdgeFacts]:
    """Edges that only ever lead to later letters, and owners of some nodes."""
    facts = {}
    for _ in range(draw(st.integers(0, 14))):
        low, high = sorted(draw(st.sets(st.sampled_from(NAMES), min_size=2, max_size=2)))
        fact = edge(low, draw(st.sampled_from(RELATIONS)), high)
        facts[fact.relation, low, high] = fact
    for owner, owned in draw(st.sets(st.tuples(st.sampled_from("@12"), st.sampled_from(NAMES)), max_size=5)):
        facts["OWNS", owner, owned] = owns(f"@{owner}", owned)
    return list(facts.values())


def plainly(facts: list[EdgeFacts], uid: str) -> tuple[int, set[tuple[str, ...]]] | None:
    """How far the owners of a node are, and which ones: the rule as it is written, word for word."""
    own = tuple(sorted(f.subject for f in facts if f.relation == "OWNS" and f.object == uid))
    if own:
        return 0, {own}
    for relation in RELATIONS:
        parents = [f.object for f in facts if f.relation == relation and f.subject == uid]
        answers = [answer for parent in parents if (answer := plainly(facts, parent)) is not None]
        if answers:
            nearest = min(distance for distance, _ in answers)
            return nearest + 1, set().union(*(who for distance, who in answers if distance == nearest))
    return None


@given(forests())
@settings(deadline=None, max_examples=150)
def test_without_cycles_owners_are_those_that_the_rule_gives_word_for_word(facts: list[EdgeFacts]):
    found = inheritance(*facts)
    for uid in NAMES:
        expected = plainly(facts, uid)
        assert sorted(owners(found, uid)) == sorted(expected[1] if expected else [])
        if expected:
            assert len(way(found, uid)) == expected[0]
