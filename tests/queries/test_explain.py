"""Paths in words, and the shortest way of a harm from one node to another."""

from dataclasses import replace

import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import Assert
from graph.model import Claim, EdgeFacts, NodeFacts, State, Uid
from graph.vocabulary import VOCABULARY, Certainty, Harm, Kind
from graph.walk import Bounds
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate
from queries.explain import (
    FOLLOWS,
    STARTS,
    ExplainAnswer,
    ExplainQuestion,
    conditions_on,
    explain_harm,
    explain_path,
)
from queries.reach import WalkTerms
from tests.support.saying import RECORDS, days, edge, node
from tests.support.world import ON_DAY_20, Told, covering, estate_of, identity, ledger_of

FACTS: list[Told] = [
    node("key", Kind.SECRET, name="gateway-key"),
    identity("sa", "service_account"),
    node("table", Kind.DATASET, name="scores"),
    node("model", name="credit model"),
    node("app", name="loan portal"),
    edge("key", "AUTHENTICATES", "sa"),
    edge("sa", "CAN_WRITE", "table"),
    edge("model", "TRAINED_ON", "table"),
    edge("app", "USES_SECRET", "key"),
]


def ask(source: str, harm: Harm, target: str, target_harm: Harm | None = None, **question) -> ExplainAnswer:
    asked = ExplainQuestion(Uid(source), harm, Uid(target), target_harm, standpoint=ON_DAY_20, **question)
    return explain_harm(estate_of(*FACTS), asked)


def sentence(answer: ExplainAnswer) -> str | None:
    return None if answer.explanation is None else answer.explanation.sentence


def test_every_harm_can_be_said():
    assert set(STARTS) == set(FOLLOWS) == set(Harm)


def test_a_path_is_a_sentence_whose_facts_read_subject_first():
    assert sentence(ask("key", Harm.DISCLOSED, "model", Harm.TAINTED)) == (
        "If gateway-key is disclosed, an attacker can act as sa, because gateway-key authenticates sa; "
        "then what scores holds or puts out cannot be trusted, because sa can write to scores; "
        "then what credit model holds or puts out cannot be trusted, "
        "because credit model was trained on scores."
    )


def test_what_follows_on_the_node_itself_needs_no_fact():
    answer = ask("key", Harm.DISCLOSED, "table", Harm.UNPROVEN)
    assert answer.explanation is not None
    assert answer.explanation.steps[1:] == (
        "what scores holds or puts out cannot be trusted, because sa can write to scores",
        "with that what was established about scores no longer holds",
    )


def test_an_asset_that_is_controlled_runs_the_attackers_code():
    answer = estate_of(node("a"), node("b"), edge("a", "BUILT_FROM", "b"))
    asked = ExplainQuestion(Uid("b"), Harm.TAINTED, Uid("a"), standpoint=ON_DAY_20)
    assert sentence(explain_harm(answer, asked)) == (
        "If b is tainted, an attacker can run code in a, because a is built from b."
    )


def test_what_is_only_possible_is_said_so_with_its_condition():
    claim = Claim(
        RECORDS, edge("sa", "CAN_READ", "t"), certainty=Certainty.POSSIBLE, condition="the policy is attached"
    )
    estate = Estate(ledger_of(identity("sa", "role"), node("t", Kind.DATASET), Assert(claim), covering()))
    asked = ExplainQuestion(Uid("sa"), Harm.CONTROLLED, Uid("t"), standpoint=ON_DAY_20)
    answer = explain_harm(estate, asked)
    assert sentence(answer) == (
        "If sa is controlled by an attacker, an attacker might be able to read t, "
        "because sa can read t (if the policy is attached)."
    )
    assert answer.path is not None
    assert list(conditions_on(estate.view(ON_DAY_20), [answer.path]).values()) == ["the policy is attached"]


def test_what_follows_from_what_is_only_possible_is_said_as_possible_too():
    claim = Claim(
        RECORDS,
        edge("sa", "CAN_WRITE", "t"),
        certainty=Certainty.POSSIBLE,
        condition="it is attached",
    )
    facts: list[Told] = [
        identity("sa", "role"),
        node("t", Kind.DATASET),
        edge("m", "TRAINED_ON", "t"),
        node("m"),
    ]
    estate = Estate(ledger_of(*facts, Assert(claim), covering()))
    asked = ExplainQuestion(Uid("sa"), Harm.CONTROLLED, Uid("m"), Harm.TAINTED, standpoint=ON_DAY_20)
    answer = explain_harm(estate, asked)
    assert answer.explanation is not None
    assert answer.explanation.steps == (
        "what t holds or puts out might not be trustworthy, because sa can write to t (if it is attached)",
        "what m holds or puts out might not be trustworthy, because m was trained on t",
    )


def test_without_a_harm_the_nearest_certain_one_is_explained():
    answer = ask("key", Harm.DISCLOSED, "model")
    assert answer.reached is not None
    assert (answer.reached.state.harm, answer.reached.hops) == (Harm.TAINTED, 3)


def test_a_harm_that_cannot_come_to_the_target_is_no_question():
    with pytest.raises(InvalidQuestion, match=r"target_harm: CONTROLLED cannot happen to 'table'"):
        ask("key", Harm.DISCLOSED, "table", Harm.CONTROLLED)


def test_where_it_begins_there_is_nothing_to_explain():
    answer = ask("key", Harm.DISCLOSED, "key")
    assert answer.path is not None
    assert answer.path.hops == ()
    assert sentence(answer) == "If gateway-key is disclosed: that is where it begins."


def test_no_path_is_an_answer():
    answer = ask("key", Harm.DISCLOSED, "app")
    assert (answer.reached, answer.path, answer.explanation) == (None, None, None)
    assert answer.basis.truncated is None
    answer = ask("key", Harm.DISCLOSED, "model", terms=WalkTerms(Bounds(max_hops=2)))
    assert answer.path is None
    assert answer.basis.truncated is not None


def test_an_end_that_nobody_knows_is_an_error():
    with pytest.raises(NodeNotFound):
        ask("key", Harm.DISCLOSED, "nothing")


def test_a_node_without_a_name_goes_by_its_uid():
    answer = ask("key", Harm.DISCLOSED, "table")
    assert answer.path is not None
    state = State(answer.source.ref, Harm.DISCLOSED)
    assert explain_path(VOCABULARY, state, answer.path, {}).steps == (
        "an attacker can act as sa, because key authenticates sa",
        "what table holds or puts out cannot be trusted, because sa can write to table",
    )


def test_in_a_window_a_path_leads_to_what_is_gone_since():
    told: list[NodeFacts | EdgeFacts] = [node("key", Kind.SECRET), identity("sa", "service_account")]
    told.append(edge("key", "AUTHENTICATES", "sa"))
    facts: list[Told] = [Assert(Claim(RECORDS, fact, days(1, 5))) for fact in told]
    asked = ExplainQuestion(Uid("key"), Harm.DISCLOSED, Uid("sa"), standpoint=ON_DAY_20)
    with pytest.raises(NodeNotFound):
        explain_harm(estate_of(*facts), asked)
    within = replace(asked, terms=WalkTerms(during=days(2, 4)))
    answer = explain_harm(estate_of(*facts), within)
    assert answer.reached is not None
    assert answer.labels == {"key": "key", "sa": "sa"}
    assert (answer.reached.hops, answer.source.described, answer.target.type) == (1, True, "service_account")
    later = replace(asked, terms=WalkTerms(during=days(6, 8)))
    with pytest.raises(NodeNotFound):
        explain_harm(estate_of(*facts), later)
    apart = replace(within, target=Uid("other"))
    facts += [Assert(Claim(RECORDS, edge("other", "INVOKES", "else"), days(1, 5)))]
    assert explain_harm(estate_of(*facts), apart).reached is None


def test_owners_of_what_is_gone_are_unknown_at_the_date():
    told: list[NodeFacts | EdgeFacts] = [node("key", Kind.SECRET), node("app")]
    told.append(edge("app", "USES_SECRET", "key"))
    facts = [Assert(Claim(RECORDS, fact, days(1, 5))) for fact in told]
    question = BlastRadiusQuestion(
        (Uid("key"),), Harm.UNAVAILABLE, terms=WalkTerms(during=days(2, 4)), standpoint=ON_DAY_20
    )
    found = find_blast_radius(estate_of(*facts, covering()), question)
    assert {row.node.uid for row in found} == {"key", "app"}
    assert (found.totals.owners.unowned, found.totals.owners.unknown) == (0, 2)
