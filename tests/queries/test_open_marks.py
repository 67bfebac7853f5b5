"""A mark that only an assumption carries neither makes a harm certain nor stops it; by hand."""

from __future__ import annotations

import pytest

from graph.ledger.change import Assert
from graph.model import Claim, EdgeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import Certainty, Harm, Kind, Origin
from graph.walk import LineageDirection
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.lineage import LineageQuestion, find_lineage
from tests.support.saying import days, edge, node
from tests.support.world import ON_DAY_20, Told, estate_of, ledger_of

OTHER = Scope(SourceInstance("records", "other"), "estate")
C, P = Certainty.CERTAIN, Certainty.POSSIBLE


def assumed(fact: EdgeFacts) -> Assert:
    return Assert(Claim(OTHER, fact, days(1), Origin.ASSUMED, P, "so the wiki says"))


def harmed(seed: str, harm: Harm, *facts: Told) -> dict[tuple[str, str], Certainty]:
    question = BlastRadiusQuestion((Uid(seed),), harm, standpoint=ON_DAY_20)
    found = find_blast_radius(estate_of(*facts), question)
    return {(row.node.uid, row.harm.value): row.certainty for row in found if row.node.uid != seed}


READS = edge("job", "READS", "table")
REFINED = edge("job", "READS", "table", "refined")
READING = (node("table", Kind.DATASET), node("job", type_="pipeline"))
OPENS = edge("key", "AUTHENTICATES", "bot")
OPENING = (node("key", Kind.SECRET), node("bot", Kind.IDENTITY, type_="service_account"))
LISTED = edge("key", "WITHIN", "scope")
LISTING = (node("scope", type_="scope"), node("key", Kind.SECRET))


def test_an_assumption_of_finer_lineage_does_not_stop_the_taint_through_the_job():
    found = harmed("table", Harm.TAINTED, *READING, READS, assumed(REFINED))
    assert found == {("job", "TAINTED"): P, ("job", "UNPROVEN"): P}
    assert harmed("table", Harm.TAINTED, *READING, REFINED, assumed(READS)) == {}


def test_nor_does_it_make_the_lineage_through_the_job_certain():
    facts = (*READING, node("out", Kind.DATASET), READS, edge("job", "WRITES", "out"), assumed(REFINED))
    answer = find_lineage(estate_of(*facts), LineageQuestion((Uid("table"),), standpoint=ON_DAY_20))
    nodes = answer.sides[LineageDirection.DOWNSTREAM].nodes
    assert {step.node.uid: step.certainty for step in nodes if step.hops} == {"job": C, "out": P}


def test_an_assumption_that_there_is_no_second_one_makes_no_loss_certain():
    sole = edge("key", "AUTHENTICATES", "bot", "sole")
    assert harmed("key", Harm.UNAVAILABLE, *OPENING, OPENS, assumed(sole)) == {("bot", "UNAVAILABLE"): P}
    assert harmed("key", Harm.UNAVAILABLE, *OPENING, sole, assumed(OPENS)) == {("bot", "UNAVAILABLE"): C}


def test_an_assumption_that_a_scope_lists_something_discloses_it_only_possibly():
    listed = edge("key", "WITHIN", "scope", "listed")
    assert harmed("scope", Harm.DISCLOSED, *LISTING, LISTED) == {}
    assert harmed("scope", Harm.DISCLOSED, *LISTING, LISTED, assumed(listed)) == {("key", "DISCLOSED"): P}
    assert harmed("scope", Harm.DISCLOSED, *LISTING, listed) == {("key", "DISCLOSED"): C}


def test_what_is_known_to_be_needed_is_lost_only_possibly_where_only_an_assumption_needs_it():
    optional = edge("job", "READS", "table", "optional")
    lost = {("job", "UNAVAILABLE"): P}
    assert harmed("table", Harm.UNAVAILABLE, *READING, optional, assumed(READS)) == lost
    found = harmed("table", Harm.UNAVAILABLE, *READING, READS, assumed(optional))
    assert found == {("job", "UNAVAILABLE"): C}
    assert harmed("table", Harm.UNAVAILABLE, *READING, optional) == {}


@pytest.mark.parametrize(
    ("first", "second", "marks", "possible"),
    [
        (REFINED, assumed(READS), {"refined"}, set()),
        (READS, assumed(REFINED), set(), {"refined"}),
        (assumed(REFINED), READING[0], {"refined"}, set()),
    ],
)
def test_an_edge_tells_which_marks_it_has_and_which_are_open(first, second, marks, possible):
    ledger = ledger_of(*READING, first, second)
    [found] = ledger.edges([Uid("job")], ledger.at(ON_DAY_20.as_of))
    assert (found.marks, found.possible_marks) == (marks, possible)
