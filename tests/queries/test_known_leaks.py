"""Secrets that stand where they were found: which count as leaked, and why others do not.

live, dead, contradicted, half, revoked, gone --FOUND_IN--> repository
"""

import pytest

from graph.ledger.change import Assert
from graph.model import Claim, EdgeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import Certainty, Harm, Kind
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from queries.known_leaks import KnownLeaks, KnownLeaksQuestion, LeftOut, find_known_leaks
from tests.support.saying import RECORDS, day, days, edge, node
from tests.support.world import ON_DAY_20, Told, covering, estate_of, ledger_of

OTHER = Scope(SourceInstance("leaks"), "another scanner")


def secret(uid: str, **properties) -> Told:
    return node(uid, Kind.SECRET, type_="api_key", **properties)


def found(
    uid: str, place: str = "repository", liveness: str = "unknown", scope: Scope = RECORDS, **said
) -> Told:
    facts = EdgeFacts("FOUND_IN", Uid(uid), Uid(place), properties={"liveness": liveness})
    return Assert(Claim(scope, facts, **said))


def leaks_of(*facts: Told) -> KnownLeaks:
    return find_known_leaks(estate_of(node("repository"), *facts), KnownLeaksQuestion(ON_DAY_20))


def test_a_secret_that_stands_somewhere_is_a_leak():
    known = leaks_of(secret("key"), found("key"), found("key", "wiki"), node("wiki"), secret("kept"))
    assert known.uids == ("key",)
    (leak,) = known.leaks
    assert [place.place.uid for place in leak.places] == ["repository", "wiki"]
    assert known.left_out == ()


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([secret("key", revoked=True), found("key")], LeftOut.REVOKED),
        ([secret("key", expires=day(10)), found("key")], LeftOut.EXPIRED),
        ([secret("key"), found("key", liveness="inactive")], LeftOut.INACTIVE),
        (
            [secret("key"), found("key", certainty=Certainty.POSSIBLE, condition="its half is known")],
            LeftOut.POSSIBLE,
        ),
        (
            [
                secret("key"),
                found("key", certainty=Certainty.POSSIBLE, condition="its half is known"),
                found("key", "wiki", liveness="inactive"),
            ],
            LeftOut.POSSIBLE,
        ),
    ],
)
def test_what_counts_no_longer_is_listed_with_the_reason(facts: list[Told], why: LeftOut):
    known = leaks_of(*facts)
    assert known.uids == ()
    assert [leak.left_out for leak in known.left_out] == [why]


def test_on_what_a_possible_leak_depends_is_told():
    known = leaks_of(secret("key"), found("key", certainty=Certainty.POSSIBLE, condition="its half is known"))
    assert known.left_out[0].conditions == ("its half is known",)


@pytest.mark.parametrize(
    "facts",
    [
        [secret("key", revoked=False), found("key")],
        [secret("key", expires=day(25)), found("key")],
        [secret("key"), found("key", liveness="inactive"), found("key", "wiki")],
        [secret("key"), found("key", liveness="inactive"), found("key", liveness="active", scope=OTHER)],
        [secret("key"), found("key", liveness="active"), found("key", liveness="inactive", scope=OTHER)],
    ],
    ids=["not revoked", "not yet over", "live elsewhere", "another says active", "another says inactive"],
)
def test_what_is_not_sure_to_be_dead_counts(facts: list[Told]):
    assert leaks_of(*facts).uids == ("key",)


def test_a_leak_that_ended_is_none_any_more_and_was_one_before():
    estate = estate_of(secret("key"), node("repository"), found("key", valid=days(1, 10)))
    assert find_known_leaks(estate, KnownLeaksQuestion(Standpoint(as_of=day(9)))).uids == ("key",)
    assert find_known_leaks(estate, KnownLeaksQuestion(Standpoint(as_of=day(10)))).uids == ()


def test_no_known_leak_says_who_would_have_told():
    known = leaks_of(secret("key"))
    assert (known.uids, known.left_out) == ((), ())
    assert [(c.scope, c.since, c.last) for c in known.covered_by] == [(RECORDS, day(1), day(1))]
    assert known.basis.looked_at == 1


def test_where_nobody_looked_nothing_is_covered():
    estate = Estate(ledger_of(secret("key"), covering({"USES_SECRET"})))
    known = find_known_leaks(estate, KnownLeaksQuestion(ON_DAY_20))
    assert known.covered_by == ()
    assert known.basis.coverage.relations == {"FOUND_IN": 1}


def test_a_blast_radius_starts_from_all_of_them():
    estate = estate_of(
        node("repository"),
        secret("a"),
        secret("b"),
        found("a"),
        found("b"),
        node("robot", Kind.IDENTITY, type_="service_account"),
        edge("b", "AUTHENTICATES", "robot"),
    )
    known = find_known_leaks(estate, KnownLeaksQuestion(ON_DAY_20))
    radius = find_blast_radius(estate, BlastRadiusQuestion(known.uids, Harm.DISCLOSED, standpoint=ON_DAY_20))
    assert {(row.node.uid, row.harm.value) for row in radius} == {
        ("a", "DISCLOSED"),
        ("b", "DISCLOSED"),
        ("robot", "CONTROLLED"),
    }
