"""The kind of a node on every store: admitting, showing and walking always go by the same one."""

import pytest

from graph.errors import KindConflict, RelationNotAllowed
from graph.ledger.change import Close, LiftRefutation, Refute
from graph.ledger.ledger import Ledger
from graph.model import AsOf, ClaimId, NodeFacts, Scope, SourceInstance, Uid
from graph.topology import CurrentTopology
from graph.vocabulary import VOCABULARY, Harm, Kind
from graph.walk import RuleTables, When, walk
from tests.support.saying import RECORDS, attempt, day, days, edge, node, record

OTHER = Scope(SourceInstance("kubernetes", "eu"), "prod")
D = Uid("d")


def kind_of(ledger: Ledger, at: AsOf | None = None) -> Kind:
    """The kind that the ledger, the ends of edges and the topology give d; all must agree."""
    at = at or ledger.at(day(20))
    found = {ledger.nodes([D], at)[D].kind}
    found |= {e.object.kind for e in ledger.all_edges(at) if e.object.uid == D}
    topology = CurrentTopology(ledger).at(at.known)
    found.add(topology.ref(topology.get(D)).kind)
    (kind,) = found
    return kind


def harmed(topology, seed: str, harm: Harm) -> set[tuple[str, str]]:
    found = walk(topology, RuleTables(VOCABULARY), [(Uid(seed), harm)], When(day(20)))
    return {(found[i].state.node.uid, found[i].state.harm.value) for i in range(len(found))}


def claim_of(ledger: Ledger, scope: Scope = RECORDS) -> ClaimId:
    return next(
        row.claim_id
        for row in ledger.history(D)
        if row.claim.scope == scope and isinstance(row.claim.about, NodeFacts)
    )


# Ids of claims decide the order of rows, so one uid alone could be right by accident.
@pytest.mark.parametrize("uid", ["d", "e", "f", "g", "h", "i"])
def test_a_source_that_corrects_a_kind_is_believed(uid: str, ledger: Ledger):
    record(ledger, node(uid))
    record(ledger, node(uid, Kind.DATASET), read_at=day(5))
    for moment in (2, 5, 20):
        assert ledger.nodes([Uid(uid)], ledger.at(day(moment)))[Uid(uid)].kind is Kind.DATASET


def test_harm_travels_by_the_corrected_kind(ledger: Ledger):
    current = CurrentTopology(ledger)
    record(ledger, node("d"), node("s"))
    current.at()
    record(ledger, node("d", Kind.DATASET), edge("s", "READS", "d"), read_at=day(5))
    assert kind_of(ledger) is Kind.DATASET
    for topology in (current.at(), CurrentTopology(ledger).at()):
        assert ("s", "TAINTED") in harmed(topology, "d", Harm.TAINTED)


def test_a_corrected_kind_also_decides_which_edges_fit(ledger: Ledger):
    record(ledger, node("d", Kind.DATASET))
    record(ledger, node("d"), read_at=day(5))
    (step,) = attempt(ledger, edge("s", "READS", "d"), read_at=day(6)).steps
    assert isinstance(step.error, RelationNotAllowed)


def test_a_late_read_of_an_old_kind_does_not_bring_it_back(ledger: Ledger):
    record(ledger, node("d", Kind.DATASET), valid=days(10))
    record(ledger, node("d"), valid=days(1, 5))
    assert kind_of(ledger) is Kind.DATASET
    record(ledger, edge("s", "READS", "d"), valid=days(1))


def test_a_refuted_kind_keeps_nobody_out(ledger: Ledger):
    record(ledger, node("d"))
    (step,) = attempt(ledger, node("d", Kind.DATASET), scope=OTHER).steps
    assert isinstance(step.error, KindConflict)
    record(ledger, Refute(claim_of(ledger), "it is a table"))
    record(ledger, node("d", Kind.DATASET), edge("s", "READS", "d"), scope=OTHER)
    assert kind_of(ledger) is Kind.DATASET


def test_what_is_refuted_can_be_said_again_and_still_counts_for_nothing(ledger: Ledger):
    record(ledger, node("d"))
    record(ledger, Refute(claim_of(ledger), "it is a table"))
    record(ledger, node("d", Kind.DATASET), scope=OTHER)
    assert record(ledger, node("d"), read_at=day(9)).commit is None
    assert kind_of(ledger) is Kind.DATASET
    (step,) = attempt(ledger, node("d", name="still an asset"), read_at=day(9)).steps
    assert isinstance(step.error, KindConflict)


def test_a_refutation_that_others_have_built_on_is_not_lifted(ledger: Ledger):
    record(ledger, node("d"))
    record(ledger, Refute(claim_of(ledger), "it is a table"))
    record(ledger, node("d", Kind.DATASET), scope=OTHER)
    (step,) = attempt(ledger, LiftRefutation(claim_of(ledger), "or is it")).steps
    assert isinstance(step.error, KindConflict)
    assert kind_of(ledger) is Kind.DATASET


def test_a_kind_that_nobody_says_any_more_keeps_nobody_out(ledger: Ledger):
    (said,) = record(ledger, node("d")).steps
    record(ledger, Close(said.keys, day(5)))
    assert kind_of(ledger, ledger.at(day(3))) is Kind.ASSET
    record(ledger, node("d", Kind.DATASET), edge("s", "READS", "d"), scope=OTHER, read_at=day(9))
    assert kind_of(ledger) is Kind.DATASET
    (step,) = attempt(ledger, node("d"), read_at=day(12)).steps
    assert isinstance(step.error, KindConflict)


def test_a_kind_that_ends_in_the_future_still_speaks(ledger: Ledger):
    record(ledger, node("d"), valid=days(1, 1_000))
    (step,) = attempt(ledger, node("d", Kind.DATASET), scope=OTHER).steps
    assert isinstance(step.error, KindConflict)


def test_while_nobody_says_anything_else_the_last_kind_stays(ledger: Ledger):
    (said,) = record(ledger, node("d")).steps
    record(ledger, Close(said.keys, day(5)))
    (step,) = attempt(ledger, edge("s", "READS", "d"), scope=OTHER, read_at=day(9)).steps
    assert isinstance(step.error, RelationNotAllowed)
    record(ledger, edge("s", "INVOKES", "d"), scope=OTHER, read_at=day(9))
    assert kind_of(ledger) is Kind.ASSET


def test_a_refuted_edge_keeps_no_kind_out(ledger: Ledger):
    record(ledger, edge("s", "INVOKES", "d"))
    (step,) = attempt(ledger, node("d", Kind.DATASET), scope=OTHER).steps
    assert isinstance(step.error, KindConflict)
    (row,) = ledger.history(D)
    record(ledger, Refute(row.claim_id, "it reads it"))
    record(ledger, node("d", Kind.DATASET), edge("s", "READS", "d"), scope=OTHER)
    assert kind_of(ledger) is Kind.DATASET
    (step,) = attempt(ledger, LiftRefutation(row.claim_id, "or does it")).steps
    assert isinstance(step.error, RelationNotAllowed)
