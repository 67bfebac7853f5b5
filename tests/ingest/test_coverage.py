"""Complete reads turn unknown into none: from when on, and for what."""

from typing import Any

from graph.model import Uid
from queries.estate import Estate, Standpoint
from queries.ownership import OwnershipQuestion, find_ownership
from queries.ownership_rules import Standing
from tests.ingest.jobs import Desk, d, edge, node, section
from tests.support.saying import day


def covered(desk: Desk, on: int) -> dict[str, tuple[set[str], set[str]]]:
    coverage = desk.ledger.coverage(desk.ledger.at(day(on)))
    return {str(scope): (set(found.kinds), set(found.relations)) for scope, found in coverage.scopes.items()}


def test_a_complete_read_covers_what_occurred_from_its_time_on(desk: Desk) -> None:
    desk.read(node("a"), node("d", "Dataset"), edge("a", "READS", "d"), on=5)
    assert covered(desk, 4) == {}
    assert covered(desk, 5) == {"records/default:estate": ({"Asset", "Dataset"}, {"READS"})}
    at = desk.ledger.at(day(6))
    found = desk.ledger.nodes([Uid("a")], at)[Uid("a")]
    assert desk.ledger.coverage(at).is_covered(found, "READS")
    assert not desk.ledger.coverage(at).is_covered(found, "WRITES")


def test_what_is_declared_covers_even_where_nothing_occurred(desk: Desk) -> None:
    covers = {"kinds": ["Asset", "Secret"], "relations": ["USES_SECRET"]}
    desk.run(desk.file(*section(node("a"), on=5, covers=covers)))
    assert covered(desk, 5) == {"records/default:estate": ({"Asset", "Secret"}, {"USES_SECRET"})}


def test_only_half_declared_the_other_half_is_what_occurred(desk: Desk) -> None:
    desk.run(desk.file(*section(node("a"), edge("a", "INVOKES", "b"), on=5, covers={"kinds": ["Secret"]})))
    assert covered(desk, 5) == {"records/default:estate": ({"Secret"}, {"INVOKES"})}


def test_an_incomplete_or_refused_read_covers_nothing(desk: Desk) -> None:
    desk.read(*(node(f"n{i}") for i in range(20)), on=1, end=False)
    assert covered(desk, 9) == {}
    assert desk.read(node("m"), on=5).scopes[0].refused
    assert covered(desk, 9) == {}


def test_coverage_adds_up_over_reads_and_an_older_read_begins_it_earlier(desk: Desk) -> None:
    desk.read(node("a"), on=5)
    desk.read(node("a"), edge("a", "INVOKES", "b"), on=7)
    assert covered(desk, 6) == {"records/default:estate": ({"Asset"}, set())}
    assert covered(desk, 7) == {"records/default:estate": ({"Asset"}, {"INVOKES"})}
    desk.read(node("a"), on=2)
    assert covered(desk, 3) == {"records/default:estate": ({"Asset"}, set())}


def test_naming_stewards_does_not_cover_ownership(desk: Desk) -> None:
    owns = {"relation": "OWNS", "subject": "team", "object": "app"}
    desk.read(node("app"), {"edge": {**owns, "marks": ["steward"]}}, on=1)
    at = desk.ledger.at(day(9))
    (app,) = desk.ledger.nodes([Uid("app")], at).values()
    assert not desk.ledger.coverage(at).is_covered(app, "OWNS")
    desk.read(node("app"), {"edge": {**owns, "marks": ["accountable"]}}, on=2)
    assert desk.ledger.coverage(desk.ledger.at(day(9))).is_covered(app, "OWNS")


def test_what_an_incomplete_read_brings_in_is_not_assessed_until_the_next_complete_one(desk: Desk) -> None:
    person = node("p", "Identity", type="person", properties={"status": "active"})
    owned = edge("p", "OWNS", "a", marks=["accountable"])
    first, late = service("a"), service("b")
    misspelt = edge("p", "OWNS", "b", marks=["accountabel"])
    desk.read(first, person, owned, on=1)
    desk.read(late, misspelt, on=5, end=False)
    assert standing(desk, "a", on=6) is Standing.OWNED
    assert standing(desk, "b", on=6) is Standing.NOT_ASSESSED
    desk.read(first, late, person, owned, on=7)
    assert standing(desk, "b", on=6) is Standing.NOT_ASSESSED
    assert standing(desk, "b", on=8) is Standing.GAP


def test_in_a_scope_that_restates_what_is_shown_first_was_covered_before(desk: Desk) -> None:
    person = node("p", "Identity", type="person", properties={"status": "active"}, valid_from=d(1))
    owned = edge("p", "OWNS", "a", marks=["accountable"], valid_from=d(1))
    first, late = ({"node": {**service(uid)["node"], "valid_from": d(1)}} for uid in "ab")
    desk.run(desk.file(*section(first, person, owned, on=2, restates=True)))
    desk.run(desk.file(*section(first, late, person, owned, on=5, restates=True)))
    assert [standing(desk, "b", on=on) for on in (1, 2, 4, 6)] == [Standing.NOT_ASSESSED, *[Standing.GAP] * 3]
    assert desk.when("b") == [(1, None)]


def test_a_file_that_restates_and_is_cut_off_covers_nothing_of_what_it_shows_first(desk: Desk) -> None:
    first, late = ({"node": {**service(uid)["node"], "valid_from": d(1)}} for uid in "ab")
    owned = edge("p", "OWNS", "a", marks=["accountable"], valid_from=d(1))
    desk.run(desk.file(*section(first, owned, on=2, restates=True)))
    desk.run(desk.file(*section(first, owned, late, on=5, end=False, restates=True)))
    assert standing(desk, "b", on=6) is Standing.NOT_ASSESSED


def service(uid: str) -> dict[str, Any]:
    return node(uid, type="service", properties={"environment": "production"})


def standing(desk: Desk, uid: str, on: int) -> Standing:
    question = OwnershipQuestion(standpoint=Standpoint(as_of=day(on)))
    answer = find_ownership(Estate(desk.ledger), question)
    return next(found.standing for found in answer.nodes if found.node.uid == uid)
