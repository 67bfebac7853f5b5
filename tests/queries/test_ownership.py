"""Who owns what: every reason, every standing, suggestions and their order, each derived by hand."""

import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import Assert
from graph.model import Claim, CommitNumber, EdgeFacts, Uid
from graph.vocabulary import Certainty, Harm, Kind, Origin
from queries.basis import Truncation
from queries.estate import Estate, Standpoint
from queries.filters import Hidden, NodeFilter
from queries.owner_suggestions import Strength
from queries.ownership import OwnershipAnswer, OwnershipQuestion, find_ownership, owners_at
from queries.ownership_rules import NodeOwnership, Reason, Standing
from tests.support.saying import RECORDS, day, days, edge, node, record
from tests.support.world import (
    EVERY_RELATION,
    ON_DAY_20,
    Told,
    covering,
    estate_of,
    identity,
    ledger_of,
    person,
)


def ask(*facts, **question) -> OwnershipAnswer:
    return find_ownership(estate_of(*facts), OwnershipQuestion(standpoint=ON_DAY_20, **question))


def row(answer: OwnershipAnswer, uid: str = "x") -> NodeOwnership:
    return next(found for found in answer.nodes if found.node.uid == uid)


def owns(who: str, what: str, role: str = "accountable"):
    return edge(who, "OWNS", what, role)


PRODUCTION = node("x", environment="production")
ADA = person("ada")
GONE = person("gone", "departed", departed_at=day(9))


@pytest.mark.parametrize(
    ("facts", "standing", "reasons"),
    [
        ([ADA, owns("ada", "x")], Standing.OWNED, []),
        ([ADA, GONE, owns("ada", "x"), owns("gone", "x")], Standing.OWNED, []),
        ([], Standing.GAP, [Reason.NO_OWNER]),
        ([ADA, owns("ada", "x", "steward")], Standing.GAP, [Reason.NO_OWNER]),
        ([GONE, owns("gone", "x")], Standing.GAP, [Reason.OWNER_DEPARTED]),
        ([person("s", "suspended"), owns("s", "x")], Standing.GAP, [Reason.OWNER_SUSPENDED]),
        ([owns("somebody", "x")], Standing.GAP, [Reason.OWNER_UNKNOWN]),
        ([identity("t", "team"), owns("t", "x")], Standing.GAP, [Reason.TEAM_EMPTY]),
        ([identity("bot", "service_account"), owns("bot", "x")], Standing.GAP, [Reason.NOT_HUMAN]),
        ([person("p", None), owns("p", "x")], Standing.UNKNOWN, [Reason.LIVENESS_UNKNOWN]),
        (
            [GONE, person("s", "suspended"), owns("gone", "x"), owns("s", "x")],
            Standing.GAP,
            [Reason.OWNER_DEPARTED, Reason.OWNER_SUSPENDED],
        ),
        # Whether anybody is there is open, so that one of them has left is no gap yet.
        (
            [GONE, person("p", None), owns("gone", "x"), owns("p", "x")],
            Standing.UNKNOWN,
            [Reason.LIVENESS_UNKNOWN],
        ),
        # The own owner ends the search: that of the scope does not step in.
        (
            [GONE, ADA, owns("gone", "x"), node("ns"), edge("x", "WITHIN", "ns"), owns("ada", "ns")],
            Standing.GAP,
            [Reason.OWNER_DEPARTED],
        ),
    ],
)
def test_what_an_own_owner_comes_to(facts, standing, reasons):
    found = row(ask(PRODUCTION, *facts))
    assert (found.standing, list(found.reasons)) == (standing, reasons)


INHERITED: list[Told] = [ADA, node("ns"), owns("ada", "ns"), edge("x", "WITHIN", "ns")]


@pytest.mark.parametrize(
    ("environment", "standing"),
    [
        ("production", Standing.GAP),
        ("staging", Standing.INHERITED),
        ("development", Standing.INHERITED),
        ("unknown", Standing.UNKNOWN),
        (None, Standing.UNKNOWN),
    ],
)
def test_an_inherited_owner_is_a_gap_in_production_only_and_unknown_is_neither(environment, standing):
    found = row(ask(node("x", **({"environment": environment} if environment else {})), *INHERITED))
    assert (found.standing, found.reasons) == (standing, (Reason.INHERITED_ONLY,))
    assert ("not known whether it runs in production" in found.because) is (standing is Standing.UNKNOWN)


def test_the_owner_of_what_it_is_a_version_of_is_as_good_as_an_own_one():
    facts = [PRODUCTION, node("m"), ADA, owns("ada", "m"), edge("x", "VERSION_OF", "m")]
    assert row(ask(*facts)).standing is Standing.OWNED
    through_scope = [
        PRODUCTION,
        node("m"),
        *INHERITED[:3],
        edge("x", "VERSION_OF", "m"),
        edge("m", "WITHIN", "ns"),
    ]
    assert row(ask(*through_scope)).reasons == (Reason.INHERITED_ONLY,)


def test_reasons_count_gaps_and_what_is_none_is_counted_apart():
    """In production an inherited owner is a gap; elsewhere it is worth knowing, and here it is not known."""
    facts: list[Told] = [PRODUCTION, node("dev", environment="development"), node("y"), node("ns")]
    inside = [edge(uid, "WITHIN", "ns") for uid in ("x", "dev", "y")]
    answer = ask(*facts, *inside, ADA, owns("ada", "ns"), node("z"), person("q", None), owns("q", "z"))
    assert len(answer.gaps) == 1
    assert answer.reasons == {Reason.INHERITED_ONLY: 1}
    assert answer.reasons_elsewhere == {Reason.INHERITED_ONLY: 2, Reason.LIVENESS_UNKNOWN: 1}


def test_an_inherited_owner_who_has_left_gives_both_reasons():
    facts = [PRODUCTION, GONE, node("ns"), owns("gone", "ns"), edge("x", "WITHIN", "ns")]
    assert row(ask(*facts)).reasons == (Reason.OWNER_DEPARTED, Reason.INHERITED_ONLY)


def test_different_inherited_owners_at_equal_distance_conflict_whatever_the_environment():
    facts = [node("x", environment="development"), person("bo"), *INHERITED]
    facts += [node("ns2"), owns("bo", "ns2"), edge("x", "WITHIN", "ns2")]
    found = row(ask(*facts))
    assert (found.standing, found.reasons) == (Standing.GAP, (Reason.CONFLICT, Reason.INHERITED_ONLY))
    assert [owner.uid for owner in found.owners] == ["ada", "bo"]


def test_the_proof_is_the_way_to_the_owner():
    found = row(ask(node("x", environment="staging"), *INHERITED))
    [holding] = found.holdings
    assert [(e.relation, e.subject.uid, e.object.uid) for e in holding.via] == [("WITHIN", "x", "ns")]
    assert [(e.subject.uid, e.object.uid) for e in holding.owners] == [("ada", "ns")]
    assert found.because == "ada: their status is active; it is within ns, which they own"


# What is only possible


def assumed(fact: EdgeFacts) -> Assert:
    return Assert(Claim(RECORDS, fact, origin=Origin.ASSUMED))


def test_an_owner_who_is_only_assumed_is_no_owner_and_no_gap():
    maybe = assumed(owns("ada", "x"))
    found = row(ask(PRODUCTION, ADA, maybe))
    assert (found.standing, found.reasons) == (Standing.UNKNOWN, (Reason.UNCERTAIN,))
    assert found.because == "ada: their status is active, but it is not certain that they own it"
    assert row(ask(PRODUCTION, ADA, maybe, person("bo"), owns("bo", "x"))).standing is Standing.OWNED


BO = person("bo")
SCOPES: list[Told] = [node("ns"), node("ns2"), ADA, owns("ada", "ns")]
IN_NS, IN_NS2 = edge("x", "WITHIN", "ns"), edge("x", "WITHIN", "ns2")
ELSEWHERE = node("x", environment="staging")


@pytest.mark.parametrize(
    ("facts", "standing", "reasons"),
    [
        # Whoever owns it for certain has left; that somebody else may own it, who is there, leaves it open.
        ([ELSEWHERE, GONE, owns("gone", "x"), ADA, assumed(owns("ada", "x"))], "unknown", ["UNCERTAIN"]),
        # ... and who may own it and has left too changes nothing.
        (
            [ELSEWHERE, GONE, owns("gone", "x"), person("s", "suspended"), assumed(owns("s", "x"))],
            "gap",
            ["OWNER_DEPARTED"],
        ),
        ([ELSEWHERE, GONE, assumed(owns("gone", "x"))], "unknown", ["UNCERTAIN"]),
        # The nearer owner, who has left, may be none; then that of the scope counts, who is there.
        ([ELSEWHERE, GONE, assumed(owns("gone", "x")), *SCOPES, IN_NS], "unknown", ["UNCERTAIN"]),
        ([PRODUCTION, *SCOPES, assumed(IN_NS)], "unknown", ["UNCERTAIN"]),
        ([ELSEWHERE, *SCOPES, assumed(IN_NS)], "unknown", ["UNCERTAIN"]),
        # Two scopes with two owners: a conflict only if it is in both, and both have these owners.
        ([ELSEWHERE, *SCOPES, IN_NS, BO, IN_NS2, owns("bo", "ns2")], "gap", ["CONFLICT", "INHERITED_ONLY"]),
        (
            [ELSEWHERE, *SCOPES, IN_NS, BO, assumed(IN_NS2), owns("bo", "ns2")],
            "unknown",
            ["INHERITED_ONLY", "UNCERTAIN"],
        ),
        (
            [ELSEWHERE, *SCOPES, IN_NS, BO, IN_NS2, assumed(owns("bo", "ns2"))],
            "unknown",
            ["INHERITED_ONLY", "UNCERTAIN"],
        ),
        # The second scope is ada's, perhaps bo's too: whether they are the same owners is open.
        (
            [ELSEWHERE, *SCOPES, IN_NS, BO, IN_NS2, owns("ada", "ns2"), assumed(owns("bo", "ns2"))],
            "unknown",
            ["INHERITED_ONLY", "UNCERTAIN"],
        ),
        # The same owner over two scopes, one of which it is in for certain.
        ([ELSEWHERE, *SCOPES, assumed(IN_NS), IN_NS2, owns("ada", "ns2")], "inherited", ["INHERITED_ONLY"]),
        # In production it is a gap that it is only inherited, from whichever of the two.
        (
            [PRODUCTION, *SCOPES, IN_NS, BO, assumed(IN_NS2), owns("bo", "ns2")],
            "gap",
            ["INHERITED_ONLY", "UNCERTAIN"],
        ),
    ],
)  # fmt: skip
def test_what_is_only_possible_makes_neither_an_owner_nor_a_gap(facts, standing, reasons):
    found = row(ask(*facts))
    assert (found.standing.value, list(found.reasons)) == (standing, reasons)


def test_whoever_owns_it_if_what_is_only_possible_is_not_so_is_shown_too():
    claim = Claim(RECORDS, owns("gone", "x"), certainty=Certainty.POSSIBLE, condition="the list is right")
    found = row(ask(ELSEWHERE, GONE, Assert(claim), *SCOPES, IN_NS))
    assert [(owner.uid, owner.is_certain) for owner in found.owners] == [("ada", True), ("gone", False)]
    assert found.because == (
        "gone: they left on 2026-01-09, but it is not certain that they own it (if the list is right); "
        "if that is not so, ada: their status is active; it is within ns, which they own"
    )


def test_a_conflict_that_is_only_possible_is_said_as_such():
    found = row(ask(ELSEWHERE, *SCOPES, IN_NS, BO, assumed(IN_NS2), owns("bo", "ns2")))
    assert found.because == "it may inherit different owners from equally near: ada and bo"


def test_what_may_be_a_listing_of_resources_may_need_no_owner():
    listed = edge("key", "WITHIN", "x", "listed")
    facts: list[Told] = [node("x", type_="scope"), node("key", Kind.SECRET)]
    assert "x" not in {found.node.uid for found in ask(*facts, listed).nodes}
    found = row(ask(*facts, assumed(listed)))
    assert (found.standing, found.reasons) == (Standing.UNKNOWN, (Reason.UNCERTAIN,))
    assert (
        found.because
        == "it may be something that needs no owner; nobody owns it, nor anything that it belongs to"
    )


# Not assessed


def test_where_no_source_reports_owners_a_missing_one_is_not_assessed():
    others = EVERY_RELATION - {"OWNS"}
    answer = find_ownership(
        Estate(ledger_of(node("x"), covering(others))), OwnershipQuestion(standpoint=ON_DAY_20)
    )
    assert row(answer).standing is Standing.NOT_ASSESSED
    assert answer.standings == {Standing.NOT_ASSESSED: 1}
    assert answer.gaps == ()
    assert answer.basis.coverage.relations == {"OWNS": 1}


def test_before_the_first_complete_read_nothing_is_assessed():
    ledger = ledger_of(node("x"))
    record(ledger, covering().__class__(RECORDS, frozenset({"Asset"}), EVERY_RELATION, day(10)))
    estate = Estate(ledger)
    before = find_ownership(estate, OwnershipQuestion(standpoint=Standpoint(as_of=day(9))))
    after = find_ownership(estate, OwnershipQuestion(standpoint=Standpoint(as_of=day(10))))
    assert row(before).standing is Standing.NOT_ASSESSED
    assert row(after).standing is Standing.GAP


def test_a_node_that_is_only_referenced_is_not_assessed_and_counted_in_the_basis():
    answer = ask(PRODUCTION, ADA, owns("ada", "x"), edge("x", "USES_SECRET", "key"))
    assert row(answer, "key").standing is Standing.NOT_ASSESSED
    assert answer.basis.referenced_not_described == 1


def test_a_version_whose_model_nobody_looked_into_is_not_assessed():
    answer = ask(PRODUCTION, edge("x", "VERSION_OF", "model"))
    assert row(answer).standing is Standing.NOT_ASSESSED
    assert row(answer).because == "no source that reports owners covers model"


def test_an_unowned_node_within_something_unseen_says_so():
    found = row(ask(PRODUCTION, edge("x", "PART_OF", "system")))
    assert found.reasons == (Reason.NO_OWNER,)
    assert found.because == "nobody owns it; it is not known who owns system, to which it belongs"


@pytest.mark.parametrize(
    ("said", "standing", "reasons"),
    [
        ({"environment": "production"}, Standing.GAP, (Reason.NO_OWNER,)),
        ({"environment": "development"}, Standing.UNKNOWN, (Reason.NOT_ASSESSED,)),
        ({}, Standing.UNKNOWN, (Reason.NOT_ASSESSED,)),
    ],
)
def test_outside_of_production_an_owner_whom_nobody_looked_for_may_be_inherited(said, standing, reasons):
    """In a namespace whose owners no source reports; in production such an owner would be a gap as well."""
    found = row(ask(node("x", **said), edge("x", "WITHIN", "ns")))
    assert (found.standing, found.reasons) == (standing, reasons)
    assert found.because == "nobody owns it; it is not known who owns ns, to which it belongs"
    assert row(ask(node("x", **said), node("ns"), edge("x", "WITHIN", "ns"))).reasons == (Reason.NO_OWNER,)


KNOWN_TO_BELONG = "nobody owns it, nor anything that it is known to belong to; no source reports all of "


@pytest.mark.parametrize(
    ("covered", "because"),
    [
        ({"OWNS"}, f"{KNOWN_TO_BELONG}VERSION_OF, PART_OF, WITHIN for x"),
        ({"OWNS", "VERSION_OF", "WITHIN"}, f"{KNOWN_TO_BELONG}PART_OF for x"),
        ({"OWNS", "VERSION_OF", "PART_OF", "WITHIN"}, "nobody owns it, nor anything that it belongs to"),
    ],
)
def test_that_it_belongs_to_nothing_owned_is_said_only_where_a_source_would_tell(covered, because):
    facts: list[Told] = [PRODUCTION, node("model"), ADA, owns("ada", "model"), covering(covered)]
    answer = find_ownership(Estate(ledger_of(*facts)), OwnershipQuestion(standpoint=ON_DAY_20))
    assert row(answer).reasons == (Reason.NO_OWNER,)
    assert row(answer).because == because


def test_what_the_node_above_belongs_to_must_have_been_looked_into_too():
    facts: list[Told] = [PRODUCTION, node("ns"), edge("x", "WITHIN", "ns"), covering({"OWNS", "WITHIN"})]
    answer = find_ownership(Estate(ledger_of(*facts)), OwnershipQuestion(standpoint=ON_DAY_20))
    assert row(answer).because == f"{KNOWN_TO_BELONG}VERSION_OF, PART_OF for ns, x"


def test_an_owner_found_counts_even_where_no_source_reports_all_owners():
    ledger = ledger_of(node("x"), ADA, owns("ada", "x"))
    answer = find_ownership(Estate(ledger), OwnershipQuestion(standpoint=ON_DAY_20))
    assert row(answer).standing is Standing.OWNED


# What needs an owner


def test_people_packages_zones_and_typed_sub_scopes_need_none():
    answer = ask(
        ADA,
        node("pkg", type_="package"),
        node("internet", type_="network_zone"),
        node("prod#pods", type_="scope", resource_type="pods"),
        node("prod#secrets", type_="scope"),
        node("key", Kind.SECRET),
        edge("key", "WITHIN", "prod#secrets", "listed"),
        node("law", Kind.REGULATION),
    )
    assert [found.node.uid for found in answer.nodes] == ["key"]
    assert answer.not_ownable == 6
    assert answer.kind_unknown == 0


def test_of_what_kind_somebody_only_referenced_is_may_be_unknown():
    answer = ask(ADA, owns("ada", "thing"))
    assert answer.nodes == ()
    assert (answer.not_ownable, answer.kind_unknown) == (1, 1)


# Times


def test_the_owner_is_that_of_the_date_and_of_what_was_known():
    ledger = ledger_of(node("x"), ADA, person("bo"), covering())
    record(ledger, owns("ada", "x"), valid=days(1, 10))
    record(ledger, owns("bo", "x"), valid=days(10))
    estate = Estate(ledger)

    def owner(**standpoint) -> list[str]:
        question = OwnershipQuestion((Uid("x"),), standpoint=Standpoint(**standpoint))
        return [found.uid for found in find_ownership(estate, question).nodes[0].owners]

    assert owner(as_of=day(9)) == ["ada"]
    assert owner(as_of=day(10)) == ["bo"]
    assert owner(as_of=day(10), known=CommitNumber(2)) == []
    assert owner(as_of=day(9), known=CommitNumber(2)) == ["ada"]


# Gaps in order, with suggestions


def test_gaps_come_by_what_they_can_harm_and_unknown_criticality_is_counted_apart():
    answer = ask(
        node("quiet", criticality=1),
        node("loud", criticality=4),
        node("feeder"),
        node("data", Kind.DATASET, criticality=3),
        edge("feeder", "WRITES", "data"),
        edge("loud", "READS", "data"),
        ADA,
        owns("ada", "data"),
    )
    assert [gap.ownership.node.uid for gap in answer.gaps] == ["loud", "feeder", "quiet"]
    loud, feeder, quiet = (gap.consequence for gap in answer.gaps)
    # Controlled loud: 4 states of its own at 4, and data disclosed at 3.
    assert (loud.harm, loud.weight, loud.states, loud.unknown) == (Harm.CONTROLLED, 19, 5, 0)
    # Controlled feeder: 4 states of unknown weight; data tainted and unproven at 3, loud the same at 4.
    assert (feeder.harm, feeder.weight, feeder.states, feeder.unknown) == (Harm.CONTROLLED, 14, 8, 4)
    assert (quiet.weight, quiet.states, quiet.is_whole) == (4, 4, True)


def test_a_weight_that_was_cut_says_so():
    [gap] = ask(node("x", criticality=2), rank_states=2).gaps
    assert (gap.consequence.weight, gap.consequence.is_whole) == (4, False)


def suggestions(*facts) -> list[tuple[str, Strength, tuple[str, ...]]]:
    [gap] = [gap for gap in ask(*facts).gaps if gap.ownership.node.uid == "x"]
    return [(s.owner, s.strength, s.because) for s in gap.suggestions]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([owns("ada", "x", "steward")], [("ada", Strength.STRONG, ("is its steward",))]),
        ([owns("ada", "x", "contact")], [("ada", Strength.MEDIUM, ("is its contact",))]),
        (
            [node("sys", name="Scoring"), owns("ada", "sys"), edge("x", "PART_OF", "sys")],
            [("ada", Strength.STRONG, ("answers for Scoring, which it is part of",))],
        ),
        (
            [node("ns"), owns("ada", "ns"), edge("x", "WITHIN", "ns")],
            [("ada", Strength.MEDIUM, ("answers for ns, which it is within",))],
        ),
        (
            [node("repo", type_="repository"), owns("ada", "repo"), edge("x", "BUILT_FROM", "repo")],
            [("ada", Strength.MEDIUM, ("answers for repo, which it is built from",))],
        ),
        (
            [node("d", Kind.DATASET), owns("ada", "d"), edge("x", "READS", "d")],
            [("ada", Strength.WEAK, ("answers for d, which it reads",))],
        ),
        (
            [node("d"), owns("ada", "d"), edge("d", "PRODUCES", "x")],
            [("ada", Strength.WEAK, ("answers for d, which it is produced by",))],
        ),
        (
            [
                GONE,
                identity("t", "team"),
                edge("gone", "MEMBER_OF", "t"),
                edge("ada", "MEMBER_OF", "t"),
                owns("gone", "x"),
            ],
            [("t", Strength.MEDIUM, ("is the team of gone, the owner so far",))],
        ),
    ],
)
def test_who_is_suggested_why_and_how_strongly(facts, expected):
    assert suggestions(PRODUCTION, ADA, *facts) == expected


def test_the_team_that_somebody_left_together_with_the_company_is_still_suggested():
    ledger = ledger_of(
        PRODUCTION, ADA, GONE, identity("t", "team"), edge("ada", "MEMBER_OF", "t"), covering()
    )
    record(ledger, owns("gone", "x"))
    record(ledger, edge("gone", "MEMBER_OF", "t"), valid=days(1, 9))
    answer = find_ownership(Estate(ledger), OwnershipQuestion((Uid("x"),), standpoint=ON_DAY_20))
    assert [s.owner for s in answer.gaps[0].suggestions] == ["t"]


def test_nobody_is_suggested_who_is_not_there_for_certain():
    facts = [GONE, person("p", None), owns("gone", "x", "steward"), owns("p", "x", "contact")]
    assert suggestions(PRODUCTION, *facts, owns("nobody", "x", "steward")) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([assumed(owns("ada", "x", "steward"))], ("is possibly its steward",)),
        (
            [node("sys"), assumed(owns("ada", "sys")), edge("x", "PART_OF", "sys")],
            ("possibly answers for sys, which it is part of",),
        ),
        (
            [node("sys"), owns("ada", "sys"), assumed(edge("x", "PART_OF", "sys"))],
            ("possibly answers for sys, which it is part of",),
        ),
        (
            [node("d", Kind.DATASET), owns("ada", "d"), assumed(edge("x", "READS", "d"))],
            ("possibly answers for d, which it reads",),
        ),
    ],
)
def test_a_reason_that_is_only_possible_is_weak_and_says_so(facts, expected):
    """In production, so that an owner who is only inherited is a gap with suggestions."""
    gone = [GONE, owns("gone", "x")]
    assert suggestions(PRODUCTION, ADA, *gone, *facts) == [("ada", Strength.WEAK, expected)]


def test_several_reasons_for_one_person_are_one_suggestion_the_strongest_first():
    facts = [
        ADA,
        owns("ada", "x", "steward"),
        node("d", Kind.DATASET),
        owns("ada", "d"),
        edge("x", "READS", "d"),
    ]
    assert suggestions(PRODUCTION, *facts) == [
        ("ada", Strength.STRONG, ("is its steward", "answers for d, which it reads"))
    ]


# Questions


def test_asking_for_some_nodes_gives_the_same_as_asking_for_all():
    facts = [
        PRODUCTION,
        GONE,
        ADA,
        identity("t", "team"),
        edge("gone", "MEMBER_OF", "t"),
        edge("ada", "MEMBER_OF", "t"),
        owns("gone", "ns"),
        node("ns"),
        edge("x", "WITHIN", "ns"),
        node("d", Kind.DATASET),
        owns("ada", "d"),
        edge("x", "READS", "d"),
    ]
    everything, some = ask(*facts), ask(*facts, uids=(Uid("x"),))
    assert row(some).reasons == row(everything).reasons == (Reason.OWNER_DEPARTED, Reason.INHERITED_ONLY)
    [gap] = [gap for gap in everything.gaps if gap.ownership.node.uid == "x"]
    assert some.gaps[0].suggestions == gap.suggestions
    assert some.gaps[0].consequence == gap.consequence
    view = estate_of(*facts).view(ON_DAY_20)
    assert owners_at(view, view.existing([Uid("x")]))[Uid("x")].reasons == row(some).reasons


def test_so_many_of_the_most_critical_gaps_are_weighed_and_the_rest_come_after():
    facts = [node(uid, environment="production", criticality=rank) for uid, rank in (("x", 1), ("y", 4))]
    answer = ask(*facts, covering(), node("z", environment="production"), rank_gaps=1)
    weighed = [(gap.ownership.node.uid, gap.consequence.assessed) for gap in answer.gaps]
    assert weighed == [("y", True), ("x", False), ("z", False)]
    assert answer.basis.truncated == Truncation("rank_gaps", 1)
    assert dict(answer.basis.bounds) == {"rank_states": 2_000, "rank_gaps": 1}


def test_without_weighing_no_bound_cuts_and_nodes_are_judged_the_same():
    facts = [node("x", environment="production"), node("ns"), edge("x", "WITHIN", "ns")]
    weighed, plain = ask(*facts, covering(), rank_gaps=0), ask(*facts, covering(), weighs=False)
    assert weighed.basis.truncated is not None
    assert (plain.basis.truncated, dict(plain.basis.bounds)) == (None, {})
    assert (plain.nodes, plain.standings, plain.reasons) == (
        weighed.nodes,
        weighed.standings,
        weighed.reasons,
    )
    assert {(gap.consequence.assessed, gap.suggestions) for gap in plain.gaps} == {(False, ())}


def test_filters_leave_out_and_count_what_they_leave_out_for_not_being_known():
    facts = [
        node("x", criticality=3),
        node("y", criticality=1),
        node("z"),
        node("d", Kind.DATASET, criticality=4),
    ]
    answer = ask(*facts, only=NodeFilter(kinds=frozenset({Kind.ASSET}), min_criticality=2))
    assert [found.node.uid for found in answer.nodes] == ["x"]
    assert answer.hidden == Hidden(kind=0, environment=0, criticality=1)


def test_what_needs_no_owner_is_not_left_out_and_what_may_run_there_is():
    facts = [
        node("x", environment="production"),
        node("y", environment="staging"),
        node("z"),
        node("zone", type_="network_zone"),
        person("ada"),
        edge("ada", "OWNS", "x", "accountable"),
        edge("x", "INVOKES", "mentioned"),
    ]
    answer = ask(*facts, only=NodeFilter(environments=frozenset({"production"})))
    assert [found.node.uid for found in answer.nodes] == ["x"]
    assert answer.hidden == Hidden(kind=0, environment=2, criticality=0)
    assert ask(*facts, only=NodeFilter(environments=frozenset({"production", "unknown"}))).hidden.total == 0


def test_a_node_that_nobody_knows_is_an_error_and_so_is_a_criticality_that_cannot_be():
    with pytest.raises(NodeNotFound):
        ask(PRODUCTION, uids=(Uid("nothing"),))
    with pytest.raises(InvalidQuestion):
        NodeFilter(min_criticality=5)


def test_an_empty_estate_has_no_gaps():
    answer = find_ownership(Estate(ledger_of()), OwnershipQuestion())
    assert (answer.nodes, answer.gaps, answer.basis.looked_at) == ((), (), 0)
    assert answer.basis.commit.sequence == 0
    assert answer.basis.commit.recorded_at is None
