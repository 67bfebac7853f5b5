"""The harm rules are the ones that people agreed on, and each of them can fire."""

import re
from collections import Counter

import pytest

from graph.vocabulary import VOCABULARY, Certainty, End, Harm, HarmRule, Kind, MarkSupport
from graph.vocabulary.notation import pairs, relation, to_object
from tests.graph.vocabulary.written_rules import (
    WRITTEN_HARMS,
    WRITTEN_MARKS,
    WRITTEN_PAIRS,
    WRITTEN_RULES,
)

LETTERS = {
    "A": Kind.ASSET,
    "I": Kind.IDENTITY,
    "S": Kind.SECRET,
    "D": Kind.DATASET,
    "R": Kind.REGULATION,
    "Q": Kind.REQUIREMENT,
    "E": Kind.EVIDENCE,
    "C": Kind.DECISION,
}
ENDS = {"S": End.SUBJECT, "O": End.OBJECT}
LINE = re.compile(
    r"(?P<relation>\w+) +(?P<origin>[SO])\.(?P<harm>\w+) +> (?P<reached>[SO])\.(?P<becomes>\w+)"
    r"(?P<possible> \?)? +(?P<subjects>[A-Z]+) +(?P<objects>[A-Z]+)(?P<asked>(?: +\S+)*)"
)
ALL_RULES = [rule for relation_term in VOCABULARY.relations for rule in relation_term.rules]
NUMBERED_RULES = [
    pytest.param(rule, id=f"{term.name}-{number}")
    for term in VOCABULARY.relations
    for number, rule in enumerate(term.rules, start=1)
]


def lines(table):
    return [line.rstrip() for line in table.strip().splitlines()]


def kinds(letters):
    return frozenset(LETTERS[letter] for letter in letters)


def written_rule(line):
    match = LINE.fullmatch(line)
    assert match, f"the table has a line that cannot be read: {line}"
    origin, reached = ENDS[match["origin"]], ENDS[match["reached"]]
    assert origin is not reached, f"a rule goes from one end to the other: {line}"
    asked = (match["asked"] or "").split()
    conditions = [word[1:-1] for word in asked if word.startswith("{")]
    return HarmRule(
        relation=match["relation"],
        origin_end=origin,
        harm=Harm(match["harm"]),
        becomes=Harm(match["becomes"]),
        certainty=Certainty.POSSIBLE if match["possible"] else Certainty.CERTAIN,
        subject_kinds=kinds(match["subjects"]),
        object_kinds=kinds(match["objects"]),
        with_marks=frozenset(word[1:] for word in asked if word.startswith("+")),
        without_marks=frozenset(word[1:] for word in asked if word.startswith("-")),
        condition=conditions[0] if conditions else None,
    )


def test_the_rules_are_the_ones_written_down():
    written = [written_rule(line) for line in lines(WRITTEN_RULES)]
    assert Counter(ALL_RULES) == Counter(written)


def test_the_relations_join_the_kinds_written_down():
    written = {}
    for line in lines(WRITTEN_PAIRS):
        name, *joined = line.split()
        written[name] = {(LETTERS[pair[0]], LETTERS[pair[2]]) for pair in joined}
    assert {term.name: set(term.pairs) for term in VOCABULARY.relations} == written


def test_the_marks_stand_on_the_relations_written_down():
    written = {mark: set(names) for mark, *names in (line.split() for line in lines(WRITTEN_MARKS))}
    declared = {
        mark.name: {term.name for term in VOCABULARY.relations if mark.name in term.marks}
        for mark in VOCABULARY.marks
    }
    assert declared == written
    assert {mark.name: set(mark.relations) for mark in VOCABULARY.marks} == written


def test_only_the_mark_optional_needs_every_claim():
    needing_all = [mark.name for mark in VOCABULARY.marks if mark.support is MarkSupport.ALL_CLAIMS]
    assert needing_all == ["optional"]


def test_harms_apply_to_the_kinds_written_down():
    written = {Harm(name): kinds(letters) for name, letters in map(str.split, lines(WRITTEN_HARMS))}
    assert {harm.name: harm.applies_to for harm in VOCABULARY.harms} == written
    for kind in VOCABULARY.kinds:
        assert kind.harms == {harm for harm, applies_to in written.items() if kind.name in applies_to}


def test_only_orphaned_stays_where_it_is():
    assert [harm.name for harm in VOCABULARY.harms if not harm.travels] == [Harm.ORPHANED]
    assert not [rule for rule in ALL_RULES if rule.harm is Harm.ORPHANED]


def test_implications_are_the_ones_written_down():
    declared = {
        (term.kind, term.types, term.harm, term.implies, term.certainty) for term in VOCABULARY.implications
    }
    certain, possible = Certainty.CERTAIN, Certainty.POSSIBLE
    assert declared == {
        (Kind.ASSET, None, Harm.CONTROLLED, Harm.DISCLOSED, certain),
        (Kind.ASSET, None, Harm.CONTROLLED, Harm.TAINTED, certain),
        (Kind.ASSET, None, Harm.TAINTED, Harm.UNPROVEN, certain),
        (Kind.DATASET, None, Harm.TAINTED, Harm.UNPROVEN, certain),
        (Kind.ASSET, frozenset({"agent"}), Harm.TAINTED, Harm.CONTROLLED, possible),
    }


def test_implications_stay_within_what_can_happen_to_the_kind():
    for term in VOCABULARY.implications:
        assert {term.harm, term.implies} <= VOCABULARY.harms_of(term.kind)


@pytest.mark.parametrize("rule", NUMBERED_RULES)
class TestNoRuleIsDead:
    """Every rule fires for every kind that it names, on some edge that may exist."""

    def test_every_kind_that_it_names_is_in_a_pair_that_fires(self, rule):
        firing = [
            pair
            for pair in VOCABULARY.relation(rule.relation).pairs
            if pair[0] in rule.subject_kinds and pair[1] in rule.object_kinds
        ]
        assert {pair[0] for pair in firing} == rule.subject_kinds != frozenset()
        assert {pair[1] for pair in firing} == rule.object_kinds != frozenset()
        for subject_kind, object_kind in firing:
            fired = [fired for fired, _ in VOCABULARY.rules_between(rule.relation, subject_kind, object_kind)]
            assert rule in fired

    def test_both_harms_can_happen_to_every_kind_that_it_names(self, rule):
        for kind in rule.kinds_at(rule.origin_end):
            assert rule.harm in VOCABULARY.harms_of(kind)
        for kind in rule.kinds_at(rule.origin_end.other):
            assert rule.becomes in VOCABULARY.harms_of(kind)

    def test_an_edge_may_carry_the_marks_that_it_asks_for(self, rule):
        assert rule.with_marks | rule.without_marks <= set(VOCABULARY.relation(rule.relation).marks)
        assert rule.on_marks(rule.with_marks)

    def test_its_condition_is_declared(self, rule):
        assert rule.condition in {None, *(term.name for term in VOCABULARY.conditions)}


def test_every_condition_is_asked_by_a_rule():
    assert {rule.condition for rule in ALL_RULES} - {None} == {term.name for term in VOCABULARY.conditions}


def test_an_owner_beside_a_departed_one_makes_orphaning_possible_and_the_others_silence_theirs():
    assert VOCABULARY.condition("no_other_living_owner").when_false is Certainty.POSSIBLE
    assert VOCABULARY.condition("version_not_revoked").when_false is None
    assert VOCABULARY.condition("verified_after_since").when_false is None


def test_a_mark_that_is_asked_for_decides():
    taint = [rule for rule in VOCABULARY.relation("READS").rules if rule.harm is Harm.TAINTED]
    by_marks = {
        marks: [rule.certainty for rule in taint if rule.on_marks(frozenset(marks))]
        for marks in [(), ("refined",), ("coarse",), ("optional",)]
    }
    assert by_marks == {
        (): [Certainty.CERTAIN],
        ("refined",): [],
        ("coarse",): [Certainty.POSSIBLE],
        ("optional",): [Certainty.CERTAIN],
    }


@pytest.mark.parametrize("name", ["INVOKES", "READS", "USES_SECRET", "RUNS_ON", "SERVES"])
def test_the_loss_of_something_optional_is_not_felt(name):
    felt = [
        rule
        for rule in VOCABULARY.relation(name).rules
        if rule.becomes is Harm.UNAVAILABLE and rule.on_marks(frozenset({"optional"}))
    ]
    assert felt == []


def test_a_rule_that_could_never_fire_is_refused():
    dead = to_object(Harm.TAINTED, Harm.TAINTED)
    with pytest.raises(ValueError, match="can never fire"):
        relation(
            "LIKES",
            pairs([Kind.IDENTITY], [Kind.ASSET]),
            dead,
            reads=("likes", "is liked by"),
            description="",
        )


def test_a_rule_that_asks_for_a_mark_the_relation_lacks_is_refused():
    rule = to_object(Harm.TAINTED, Harm.TAINTED, having=["sole"])
    with pytest.raises(ValueError, match="undeclared marks"):
        relation(
            "LIKES", pairs([Kind.ASSET], [Kind.ASSET]), rule, reads=("likes", "is liked by"), description=""
        )
