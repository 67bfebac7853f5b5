"""What every answer says of itself, and from which standpoint it is given."""

import pytest

from graph.errors import InvalidQuestion, NodeNotFound, UnknownRulesVersion
from graph.ledger.chain import GENESIS_HASH
from graph.ledger.change import Cover, Merge
from graph.model import CommitNumber, Scope, SourceInstance, Uid
from graph.vocabulary import Kind
from queries.basis import basis_of
from queries.estate import Estate, Standpoint
from tests.support.saying import RECORDS, day, edge, node, record
from tests.support.world import ON_DAY_20, covering, ledger_of

OTHER = Scope(SourceInstance("kubernetes", "eu-1"), "prod")


def test_before_the_first_commit_there_is_a_basis_too():
    basis = basis_of(Estate(ledger_of()).view(), [])
    assert (basis.commit.sequence, basis.commit.hash, basis.commit.recorded_at) == (0, GENESIS_HASH, None)
    assert basis.looked_at == 0
    assert len(basis.coverage.kinds) == 8
    assert not basis.coverage.nothing


def test_a_relation_is_counted_for_the_nodes_of_which_no_scope_reports_it():
    ledger = ledger_of(
        node("a"), node("b"), Cover(RECORDS, frozenset({"Asset"}), frozenset({"READS"}), day(1))
    )
    record(
        ledger, node("b"), node("c"), Cover(OTHER, frozenset(), frozenset({"INVOKES"}), day(1)), scope=OTHER
    )
    view = Estate(ledger).view(ON_DAY_20)
    nodes = list(view.all_nodes())
    basis = basis_of(view, nodes, relations=["READS", "INVOKES", "OWNS"], kinds=[Kind.ASSET, Kind.SECRET])
    # a is described by the one scope, c by the other, b by both.
    assert basis.coverage.relations == {"INVOKES": 1, "OWNS": 3, "READS": 1}
    assert basis.coverage.kinds == (Kind.SECRET,)


def test_nodes_count_once_and_those_only_mentioned_apart():
    view = Estate(ledger_of(node("a"), edge("a", "INVOKES", "b"))).view(ON_DAY_20)
    nodes = list(view.all_nodes())
    basis = basis_of(view, [*nodes, *nodes])
    assert (basis.looked_at, basis.referenced_not_described) == (2, 1)


def test_relations_may_matter_for_some_nodes_only():
    view = Estate(ledger_of(node("a"), node("d", Kind.DATASET))).view(ON_DAY_20)
    basis = basis_of(view, view.all_nodes(), relations=lambda n: ["READS"] if n.kind is Kind.DATASET else ())
    assert basis.coverage.relations == {"READS": 1}


def test_a_read_later_than_the_date_covers_nothing():
    ledger = ledger_of(node("a"), Cover(RECORDS, frozenset({"Asset"}), frozenset({"READS"}), day(10)))
    estate = Estate(ledger)
    for moment, expected in ((day(9), {"READS": 1}), (day(10), {})):
        view = estate.view(Standpoint(as_of=moment))
        assert basis_of(view, view.all_nodes(), relations=["READS"]).coverage.relations == expected


def test_a_time_stands_for_the_newest_commit_recorded_by_then():
    ledger = ledger_of(node("a"))
    record(ledger, node("b"))
    estate = Estate(ledger)
    first, second = ledger.commits()
    assert estate.view(Standpoint(known_at=second.recorded_at)).at.known == 2
    assert estate.view(Standpoint(known_at=type(first.recorded_at)(second.recorded_at - 1))).at.known == 1
    assert estate.view(Standpoint(known_at=day(1))).at.known == 0
    assert estate.view(Standpoint(known=CommitNumber(1))).commit_hash == first.hash


def test_what_is_no_standpoint_is_refused():
    estate = Estate(ledger_of(node("a")))
    with pytest.raises(InvalidQuestion):
        estate.view(Standpoint(known=CommitNumber(2)))
    with pytest.raises(InvalidQuestion):
        estate.view(Standpoint(known=CommitNumber(-1)))
    with pytest.raises(UnknownRulesVersion):
        estate.view(Standpoint(rules_version=99))


def test_a_view_stays_at_its_commit_while_others_write():
    ledger = ledger_of(node("a"), covering())
    view = Estate(ledger).view()
    record(ledger, node("b"))
    assert [n.uid for n in view.all_nodes()] == ["a"]
    assert view.topology.known == 1


def test_nodes_are_found_by_any_of_their_uids():
    ledger = ledger_of(node("a"), node("b"), Merge((Uid("a"), Uid("b")), "one"))
    view = Estate(ledger).view(ON_DAY_20)
    assert view.node(Uid("b")).uid == "a"
    assert [n.uid for n in view.existing([Uid("b"), Uid("a")])] == ["a"]
    with pytest.raises(NodeNotFound):
        view.node(Uid("c"))


def test_commits_are_read_by_number():
    ledger = ledger_of(node("a"))
    for number in range(1, 6):
        record(ledger, node("a", size=number))
    found = Estate(ledger).view().commits({CommitNumber(1), CommitNumber(2), CommitNumber(5)})
    assert sorted(found) == [1, 2, 5]
    assert all(commit.sequence == number for number, commit in found.items())
