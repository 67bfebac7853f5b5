"""Blast radius and exposure as questions: rows, filters, totals, what was left out, and what was cut.

What the walk reaches is held elsewhere; the numbers here are counted by hand on one world:

    key --AUTHENTICATES--> runner --CAN_READ--> table <--READS-- job --WRITES--> out
                           runner --CAN_WRITE-> table
"""

import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import Assert, Merge
from graph.model import Claim, CommitNumber, Uid
from graph.vocabulary import Certainty, Harm, Kind, Origin
from graph.walk import Bounds, EdgeBetween, Without
from queries.basis import Truncation
from queries.blast_radius import BlastRadius, BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from queries.exposure import Exposure, ExposureQuestion, find_exposure
from queries.filters import NodeFilter
from queries.reach import Reach, ReachFilter, WalkTerms
from tests.support.saying import RECORDS, day, days, edge, node, record
from tests.support.world import ON_DAY_20, Told, covering, estate_of, identity, ledger_of, person

KEY, TABLE, OUT = Uid("key"), Uid("table"), Uid("out")
FACTS: list[Told] = [
    node("key", Kind.SECRET, type_="api_key"),
    identity("runner", "service_account"),
    node("table", Kind.DATASET, environment="production", criticality=3),
    node("job", type_="pipeline", environment="production", criticality=0),
    edge("key", "AUTHENTICATES", "runner"),
    edge("runner", "CAN_READ", "table"),
    edge("runner", "CAN_WRITE", "table"),
    edge("job", "READS", "table"),
    edge("job", "WRITES", "out"),
    person("ada"),
    edge("ada", "OWNS", "table", "accountable"),
]
C, P = Certainty.CERTAIN, Certainty.POSSIBLE


def radius(*facts, **question) -> BlastRadius:
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=ON_DAY_20, **question)
    return find_blast_radius(estate_of(*FACTS, *facts), asked)


def exposure(*facts, target: Uid = OUT, harm: Harm = Harm.TAINTED, **question) -> Exposure:
    asked = ExposureQuestion((target,), harm, standpoint=ON_DAY_20, **question)
    return find_exposure(estate_of(*FACTS, *facts), asked)


def listed(found: Reach) -> list[tuple[str, str, int, Certainty]]:
    return [(row.node.uid, row.harm.value, row.hops, row.certainty) for row in found]


EVERYTHING_HARMED = [
    ("key", "DISCLOSED", 0, C),
    ("runner", "CONTROLLED", 1, C),
    ("table", "DISCLOSED", 2, C),
    ("table", "TAINTED", 2, C),
    ("table", "UNPROVEN", 2, C),
    ("table", "UNAVAILABLE", 2, P),
    ("job", "TAINTED", 3, C),
    ("job", "UNPROVEN", 3, C),
    ("job", "UNAVAILABLE", 3, P),
    ("out", "TAINTED", 4, C),
    ("out", "UNPROVEN", 4, C),
    ("out", "UNAVAILABLE", 4, P),
]


def test_a_blast_radius_lists_every_state_with_hops_and_certainty():
    assert listed(radius()) == EVERYTHING_HARMED


def test_totals_count_what_is_listed_and_what_is_unknown_apart():
    totals = radius().totals
    assert totals.complete
    assert (totals.nodes, totals.states) == (5, 12)
    assert totals.harms == {
        (Harm.CONTROLLED, C): 1,
        (Harm.DISCLOSED, C): 2,
        (Harm.TAINTED, C): 3,
        (Harm.UNAVAILABLE, P): 3,
        (Harm.UNPROVEN, C): 3,
    }
    assert totals.kinds == {Kind.ASSET: 1, Kind.DATASET: 2, Kind.IDENTITY: 1, Kind.SECRET: 1}
    assert totals.environments == {"production": 2, "unknown": 3}
    assert totals.criticalities == {0: 1, 3: 1}
    assert totals.unknown_criticality == 3
    # Covered and owned by nobody: key, runner, job. Nobody has described out, so it is unknown.
    assert totals.owners.owners == {"ada": 1}
    assert (totals.owners.unowned, totals.owners.unknown, totals.owners.not_ownable) == (3, 1, 0)


def test_whose_owner_is_only_possible_counts_for_nobody_and_as_unknown():
    perhaps = [
        Assert(Claim(RECORDS, edge(*ends, "accountable"), origin=Origin.ASSUMED))
        for ends in (("bo", "OWNS", "job"), ("bo", "OWNS", "table"))
    ]
    owners = radius(person("bo"), *perhaps).totals.owners
    assert owners.owners == {"ada": 1}
    assert (owners.unowned, owners.unknown) == (2, 2)


def test_a_node_with_two_owners_counts_for_both_and_people_need_none():
    more = [person("bo"), edge("bo", "OWNS", "table", "accountable"), edge("runner", "CAN_ADMIN", "ada")]
    owners = radius(*more).totals.owners
    assert owners.owners == {"ada": 1, "bo": 1}
    assert (owners.not_ownable, owners.kind_unknown) == (1, 0)


def test_whether_a_node_of_unknown_kind_needs_an_owner_is_counted_apart():
    owners = radius(edge("thing", "DERIVED_FROM", "table")).totals.owners
    assert (owners.not_ownable, owners.kind_unknown) == (0, 1)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ReachFilter(harms=frozenset({Harm.DISCLOSED})), [EVERYTHING_HARMED[0], EVERYTHING_HARMED[2]]),
        (ReachFilter(certainty=P), [EVERYTHING_HARMED[n] for n in (5, 8, 11)]),
        (ReachFilter(nodes=NodeFilter(kinds=frozenset({Kind.IDENTITY}))), [EVERYTHING_HARMED[1]]),
        (ReachFilter(nodes=NodeFilter(min_criticality=0)), EVERYTHING_HARMED[2:9]),
        (
            ReachFilter(nodes=NodeFilter(environments=frozenset({"unknown"})), certainty=C),
            [EVERYTHING_HARMED[n] for n in (0, 1, 9, 10)],
        ),
    ],
)
def test_filters_narrow_what_is_listed_and_counted_and_not_what_is_walked(wanted, expected):
    found = radius(only=wanted)
    assert listed(found) == expected
    assert len(found) == found.totals.states == len(expected)
    assert found.walked_states == 12


def test_what_a_least_criticality_hides_for_not_being_known_is_counted():
    assert radius(only=ReachFilter(nodes=NodeFilter(min_criticality=3))).hidden.criticality == 3


def test_columns_say_the_same_as_rows():
    found = radius(only=ReachFilter(harms=frozenset({Harm.DISCLOSED})))
    assert found.columns() == {
        "uid": ["key", "table"],
        "kind": ["Secret", "Dataset"],
        "harm": ["DISCLOSED", "DISCLOSED"],
        "hops": [0, 2],
        "certainty": ["certain", "certain"],
    }


def test_pages_are_slices_and_paths_come_on_demand():
    found = radius()
    assert [row.node.uid for row in found.page(1, 3)] == ["runner", "table"]
    assert found.page(12, 20) == []
    path = found.path(TABLE, Harm.DISCLOSED)
    assert path is not None
    assert [(hop.start.node.uid, hop.relation, hop.end.node.uid) for hop in path.hops] == [
        ("key", "AUTHENTICATES", "runner"),
        ("runner", "CAN_READ", "table"),
    ]
    assert found.path(Uid("ada"), Harm.CONTROLLED) is None


def test_a_radius_that_was_cut_gives_no_totals():
    found = radius(terms=WalkTerms(Bounds(max_hops=2)))
    assert not found.totals.complete
    assert found.totals.states == 6
    assert found.basis.truncated == Truncation("max_hops", 2, 2)
    assert found.basis.bounds == {"max_hops": 2, "max_nodes": None, "max_seconds": None}
    found = radius(terms=WalkTerms(Bounds(max_states=5)))
    assert found.basis.truncated == Truncation("max_nodes", 5, 1)


def test_the_default_bounds_are_stated():
    found = radius()
    assert found.basis.bounds == {"max_hops": 50, "max_nodes": 10_000, "max_seconds": 10.0}
    assert found.basis.truncated is None


@pytest.mark.parametrize(
    "without",
    [
        Without(nodes=frozenset({Uid("runner")})),
        Without(between=frozenset({EdgeBetween("AUTHENTICATES", KEY, Uid("runner"))})),
    ],
)
def test_what_is_taken_away_carries_no_harm(without):
    assert listed(radius(terms=WalkTerms(without=without))) == EVERYTHING_HARMED[:1]


def test_seeds_and_what_is_taken_away_may_be_named_by_any_uid():
    ledger = ledger_of(*FACTS, node("zkey", Kind.SECRET), Merge((KEY, Uid("zkey")), "one key"), covering())
    asked = BlastRadiusQuestion((Uid("zkey"), KEY), Harm.DISCLOSED, standpoint=ON_DAY_20)
    found = find_blast_radius(Estate(ledger), asked)
    assert listed(found) == EVERYTHING_HARMED
    assert [seed.uid for seed in found.seeds] == [KEY]


def test_several_seeds_are_one_question():
    asked = BlastRadiusQuestion((TABLE, OUT), Harm.TAINTED, standpoint=ON_DAY_20)
    found = find_blast_radius(estate_of(*FACTS), asked)
    assert [row for row in listed(found) if row[2] == 0] == [
        ("out", "TAINTED", 0, C),
        ("out", "UNPROVEN", 0, C),
        ("table", "TAINTED", 0, C),
        ("table", "UNPROVEN", 0, C),
    ]


def test_a_window_counts_edges_of_other_days_and_nodes_that_are_gone():
    ledger = ledger_of(node("key", Kind.SECRET), covering())
    record(ledger, edge("key", "AUTHENTICATES", "old"), valid=days(1, 9))
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=ON_DAY_20)
    assert listed(find_blast_radius(Estate(ledger), asked)) == [("key", "DISCLOSED", 0, C)]
    terms = WalkTerms(during=days(5, 20))
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED, terms=terms, standpoint=ON_DAY_20)
    assert listed(find_blast_radius(Estate(ledger), asked)) == [
        ("key", "DISCLOSED", 0, C),
        ("old", "CONTROLLED", 1, C),
    ]


def test_the_basis_names_what_no_source_covers_for_what_was_looked_at():
    ledger = ledger_of(*FACTS, covering(["AUTHENTICATES", "CAN_READ"], ["Secret", "Identity"]))
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=ON_DAY_20)
    basis = find_blast_radius(Estate(ledger), asked).basis
    assert basis.looked_at == 5
    assert basis.referenced_not_described == 1
    uncovered = basis.coverage.relations
    assert uncovered["READS"] == 2  # who reads table and out
    assert "USES_SECRET" not in uncovered  # matters where an asset is controlled, or a secret is lost
    assert "AUTHENTICATES" not in uncovered
    assert Kind.DATASET in basis.coverage.kinds
    assert Kind.SECRET not in basis.coverage.kinds


def test_what_the_answer_is_true_for_is_stated():
    ledger = ledger_of(*FACTS)
    record(ledger, node("later"))
    estate = Estate(ledger)
    [first, second] = ledger.commits()
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=Standpoint(day(20), first.recorded_at))
    basis = find_blast_radius(estate, asked).basis
    assert (basis.commit.sequence, basis.commit.hash) == (1, first.hash)
    assert basis.known_at.recorded_at == first.recorded_at
    assert (basis.as_of, basis.rules_version) == (day(20), 1)
    asked = BlastRadiusQuestion((KEY,), Harm.DISCLOSED)
    assert find_blast_radius(estate, asked).basis.commit.hash == second.hash


def test_what_cannot_be_asked_is_an_error():
    estate = estate_of(*FACTS)
    with pytest.raises(NodeNotFound):
        find_blast_radius(estate, BlastRadiusQuestion((Uid("nothing"),), Harm.DISCLOSED))
    with pytest.raises(InvalidQuestion):
        find_blast_radius(estate, BlastRadiusQuestion((), Harm.DISCLOSED))
    with pytest.raises(InvalidQuestion):
        find_blast_radius(estate, BlastRadiusQuestion((KEY,), Harm.TAINTED))
    with pytest.raises(InvalidQuestion):
        find_blast_radius(
            estate, BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=Standpoint(known=CommitNumber(99)))
        )
    both = Standpoint(known=CommitNumber(1), known_at=day(1))
    with pytest.raises(InvalidQuestion):
        find_blast_radius(estate, BlastRadiusQuestion((KEY,), Harm.DISCLOSED, standpoint=both))


# Exposure


def test_exposure_lists_what_could_lead_here_certain_and_near_first():
    assert listed(exposure()) == [
        ("out", "TAINTED", 0, C),
        ("job", "CONTROLLED", 1, C),
        ("job", "TAINTED", 1, C),
        ("table", "TAINTED", 2, C),
        ("runner", "CONTROLLED", 3, C),
        ("key", "DISCLOSED", 4, C),
    ]


def test_at_equal_hops_the_more_critical_comes_first_and_the_unknown_last():
    more = [node("a"), node("b", criticality=1), node("c", criticality=4)]
    found = exposure(
        *more,
        *(edge(uid, "WRITES", "out") for uid in "abc"),
        only=ReachFilter(harms=frozenset({Harm.TAINTED})),
    )
    assert [row.node.uid for row in found if row.hops == 1] == ["c", "b", "job", "a"]


def test_paths_of_an_exposure_run_forward_to_the_target():
    path = exposure().path(KEY, Harm.DISCLOSED)
    assert path is not None
    assert [hop.end.node.uid for hop in path.hops] == ["runner", "table", "job", "out"]


def test_exposure_and_blast_radius_agree_on_reach_and_certainty():
    backward = {(row.node.uid, row.harm): row.certainty for row in exposure(harm=Harm.UNAVAILABLE)}
    for (uid, harm), certainty in backward.items():
        asked = BlastRadiusQuestion((uid,), harm, standpoint=ON_DAY_20)
        reached = find_blast_radius(estate_of(*FACTS), asked).forest.find(OUT, Harm.UNAVAILABLE)
        assert reached is not None
        assert reached.certainty is certainty


def test_an_answer_says_what_it_takes_for_gone_and_what_alone_it_lists():
    without = Without(frozenset({Uid("runner")}))
    only = ReachFilter(certainty=C)
    window = days(2, 4)
    found = radius(terms=WalkTerms(without=without, during=window, since=window.start), only=only)
    assert found.terms.without == without
    assert (found.terms.during, found.terms.since) == (window, window.start)
    assert found.only == only
    assert radius().only == ReachFilter()
