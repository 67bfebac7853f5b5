"""Who is there at a date: people by status and dates, teams by people, machines by who answers for them."""

from dataclasses import replace

import pytest

from graph.model import EdgeFacts, Instant, NodeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import Certainty, Kind
from queries.inheritance import ACCOUNTABLE
from queries.liveness import Life, LifeBook, life_of_person
from tests.support.saying import RECORDS, day, edge, node, record
from tests.support.world import covering, identity, ledger_of, person

Fact = NodeFacts | EdgeFacts

BEFORE, AT, AFTER = day(5), day(20), day(28)
STATUSES = ["active", "suspended", "departed", "unknown", None]


def life(facts: NodeFacts, at: Instant = AT) -> Life:
    ledger = ledger_of(facts)
    return life_of_person(ledger.nodes([facts.uid], ledger.at(at))[facts.uid], at).life


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", Life.ALIVE),
        ("suspended", Life.SUSPENDED),
        ("departed", Life.DEPARTED),
        ("unknown", Life.UNKNOWN),
        (None, Life.UNKNOWN),
    ],
)
def test_without_dates_the_status_counts(status, expected):
    assert life(person("p", status)) is expected


@pytest.mark.parametrize("status", STATUSES)
def test_a_leaving_date_that_has_passed_outweighs_every_status(status):
    assert life(person("p", status, departed_at=BEFORE)) is Life.DEPARTED


def test_somebody_has_left_from_the_very_moment_of_leaving():
    assert life(person("p", "active", departed_at=AT)) is Life.DEPARTED
    assert life(person("p", "active", departed_at=AT + 1)) is Life.ALIVE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", Life.ALIVE),  # has given notice and is still there
        ("departed", Life.UNKNOWN),  # the two contradict each other
        ("suspended", Life.SUSPENDED),
        (None, Life.UNKNOWN),
    ],
)
def test_a_leaving_date_to_come_is_no_sign_of_life(status, expected):
    assert life(person("p", status, departed_at=AFTER)) is expected


@pytest.mark.parametrize(
    ("status", "moment", "expected"),
    [
        ("suspended", BEFORE, Life.SUSPENDED),
        (None, BEFORE, Life.SUSPENDED),
        ("active", BEFORE, Life.UNKNOWN),  # lifted again, or a status gone stale
        ("suspended", AFTER, Life.UNKNOWN),
        ("active", AFTER, Life.ALIVE),
        (None, AFTER, Life.UNKNOWN),
        ("departed", BEFORE, Life.DEPARTED),
    ],
)
def test_a_suspension_can_be_lifted_so_it_never_overrules_a_status(status, moment, expected):
    assert life(person("p", status, suspended_at=moment)) is expected


def book_of(*facts: Fact, covers: tuple[str, ...] = ("MEMBER_OF", "OWNS")) -> LifeBook:
    ledger = ledger_of(*facts, covering(covers))
    at = ledger.at(AT)
    owning = [e for e in ledger.all_edges(at, relations=["OWNS"]) if ACCOUNTABLE in e.marks]
    nodes = {n.uid: n for n in ledger.all_nodes(at)}
    members = ledger.all_edges(at, relations=["MEMBER_OF"])
    return LifeBook(nodes, members, owning, ledger.coverage(at), AT)


def in_team(*members: str, team: str = "team") -> list[EdgeFacts]:
    return [edge(member, "MEMBER_OF", team) for member in members]


TEAM = identity("team", "team")
MACHINE = identity("bot", "service_account")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([person("a"), *in_team("a")], Life.ALIVE),
        ([person("a", "departed"), person("b"), *in_team("a", "b")], Life.ALIVE),
        ([], Life.TEAM_EMPTY),
        ([person("a", "departed"), *in_team("a")], Life.TEAM_EMPTY),
        ([person("a", "departed"), person("b", "suspended"), *in_team("a", "b")], Life.TEAM_EMPTY),
        ([person("a", "departed"), MACHINE, *in_team("a", "bot")], Life.TEAM_EMPTY),
        ([MACHINE, *in_team("bot")], Life.NOT_HUMAN),
        ([person("a", None), *in_team("a")], Life.UNKNOWN),
        ([*in_team("never-described")], Life.UNKNOWN),
        ([person("a", None), person("b"), *in_team("a", "b")], Life.ALIVE),
    ],
)
def test_a_team_is_there_while_a_living_person_is_in_it(facts, expected):
    assert book_of(TEAM, *facts).sign(Uid("team")).life is expected


def test_a_person_counts_through_teams_within_teams_and_around_circles():
    facts = [TEAM, identity("inner", "team"), person("a")]
    nested = [
        *in_team("inner"),
        *in_team("team", team="inner"),
        *in_team("a", team="inner"),
    ]
    assert book_of(*facts, *nested).sign(Uid("team")).life is Life.ALIVE


def test_teams_that_are_only_in_each_other_are_empty():
    facts: list[Fact] = [
        TEAM,
        identity("inner", "team"),
        *in_team("inner"),
        *in_team("team", team="inner"),
    ]
    assert book_of(*facts).sign(Uid("team")).life is Life.TEAM_EMPTY


def test_that_a_team_seems_empty_means_nothing_where_no_source_reports_its_members():
    gone: list[Fact] = [person("a", "departed"), *in_team("a")]
    assert book_of(TEAM, *gone, covers=()).sign(Uid("team")).life is Life.UNKNOWN
    assert book_of(TEAM, person("a"), *in_team("a"), covers=()).sign(Uid("team")).life is Life.ALIVE


def test_a_membership_that_is_only_possible_gives_no_certain_life():
    ledger = ledger_of(TEAM, person("a"), covering())
    record(ledger, edge("a", "MEMBER_OF", "team"), scope=RECORDS)
    at = ledger.at(AT)
    [membership] = ledger.all_edges(at, relations=["MEMBER_OF"])
    doubtful = replace(membership, certainty=Certainty.POSSIBLE)
    nodes = {n.uid: n for n in ledger.all_nodes(at)}
    book = LifeBook(nodes, [doubtful], [], ledger.coverage(at), AT)
    assert book.sign(Uid("team")).life is Life.UNKNOWN


def doubting(*doubted: tuple[str, str], said: list[Fact], backwards: bool) -> LifeBook:
    """A book in which these (subject, object) pairs are possible only, its edges read in either order."""
    ledger = ledger_of(*said, covering())
    at = ledger.at(AT)
    edges = [
        replace(e, certainty=Certainty.POSSIBLE) if (e.subject.uid, e.object.uid) in doubted else e
        for e in sorted(ledger.all_edges(at), key=lambda e: (e.object.uid, e.subject.uid), reverse=backwards)
    ]
    nodes = {n.uid: n for n in ledger.all_nodes(at)}
    members = [e for e in edges if e.relation == "MEMBER_OF"]
    owners = [e for e in edges if e.relation == "OWNS"]
    return LifeBook(nodes, members, owners, ledger.coverage(at), AT)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_group_that_is_possibly_in_a_team_and_certainly_through_another_is_in_it(backwards):
    said: list[Fact] = [
        TEAM,
        identity("g", "team"),
        identity("h", "team"),
        person("ada"),
        *in_team("g", "h"),
        *in_team("g", team="h"),
        *in_team("ada", team="g"),
    ]
    assert doubting(("g", "team"), said=said, backwards=backwards).sign(Uid("team")).life is Life.ALIVE
    unsure = doubting(("g", "team"), ("h", "team"), said=said, backwards=backwards)
    assert unsure.sign(Uid("team")).life is Life.UNKNOWN


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_owners_is_as_certain_as_its_weakest_step_and_the_best_chain_counts(backwards):
    said: list[Fact] = [
        MACHINE,
        identity("app", "oauth_app"),
        identity("job", "workload_identity"),
        person("ada"),
        edge("app", "OWNS", "bot", "accountable"),
        edge("job", "OWNS", "bot", "accountable"),
        edge("app", "OWNS", "job", "accountable"),
        edge("ada", "OWNS", "app", "accountable"),
    ]
    assert doubting(("app", "bot"), said=said, backwards=backwards).sign(Uid("bot")).life is Life.ALIVE
    unsure = doubting(("app", "bot"), ("job", "bot"), said=said, backwards=backwards)
    assert unsure.sign(Uid("bot")).life is Life.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], Life.NOT_HUMAN),
        ([person("a"), edge("a", "OWNS", "bot", "accountable")], Life.ALIVE),
        ([person("a", "departed"), edge("a", "OWNS", "bot", "accountable")], Life.DEPARTED),
        ([edge("nobody", "OWNS", "bot", "accountable")], Life.UNKNOWN),
        ([person("a"), edge("a", "OWNS", "bot", "steward")], Life.NOT_HUMAN),
        (
            [
                identity("app", "oauth_app"),
                person("a"),
                edge("app", "OWNS", "bot", "accountable"),
                edge("bot", "OWNS", "app", "accountable"),
                edge("a", "OWNS", "app", "accountable"),
            ],
            Life.ALIVE,
        ),
    ],
)
def test_a_machine_stands_for_the_person_in_whom_its_chain_of_owners_ends(facts, expected):
    assert book_of(MACHINE, *facts).sign(Uid("bot")).life is expected


def test_that_nobody_answers_for_a_machine_means_nothing_where_no_source_reports_owners_of_it():
    found = book_of(MACHINE, covers=("MEMBER_OF",)).sign(Uid("bot"))
    assert (found.life, found.because) == (
        Life.UNKNOWN,
        "it is a machine, and no source reports who answers for it",
    )
    above: list[Fact] = [identity("app", "oauth_app"), edge("app", "OWNS", "bot", "accountable")]
    assert book_of(MACHINE, *above).sign(Uid("bot")).life is Life.NOT_HUMAN
    assert book_of(MACHINE, *above, covers=("MEMBER_OF",)).sign(Uid("bot")).life is Life.UNKNOWN


@pytest.mark.parametrize(
    ("status", "expected"), [("active", Life.UNKNOWN), ("departed", Life.UNKNOWN), (None, Life.UNKNOWN)]
)
def test_who_only_possibly_answers_for_a_machine_gives_it_neither_life_nor_death(status, expected):
    said: list[Fact] = [MACHINE, person("ada", status), edge("ada", "OWNS", "bot", "accountable")]
    found = doubting(("ada", "bot"), said=said, backwards=False).sign(Uid("bot"))
    assert (found.life, found.because) == (expected, "it is not certain who answers for this machine")


def test_who_possibly_answers_too_and_has_left_changes_nothing():
    said: list[Fact] = [
        MACHINE,
        person("ada", "suspended"),
        person("ben", "departed"),
        edge("ada", "OWNS", "bot", "accountable"),
        edge("ben", "OWNS", "bot", "accountable"),
    ]
    assert doubting(("ben", "bot"), said=said, backwards=False).sign(Uid("bot")).life is Life.SUSPENDED


@pytest.mark.parametrize(
    ("kind", "possibly", "expected"),
    [
        ("team", (), Life.TEAM_EMPTY),
        ("team", (("ben", "team"),), Life.TEAM_EMPTY),
        # Without a type, only a member makes it a group: one that is possible leaves open what it is.
        (None, (), Life.TEAM_EMPTY),
        (None, (("ben", "team"),), Life.UNKNOWN),
    ],
)
def test_only_a_certain_member_makes_a_group_of_what_has_no_type(kind, possibly, expected):
    said: list[Fact] = [identity("team", kind), person("ben", "departed"), *in_team("ben")]
    assert doubting(*possibly, said=said, backwards=False).sign(Uid("team")).life is expected


def test_a_team_that_only_possibly_has_a_machine_in_it_has_nobody_in_it():
    said: list[Fact] = [TEAM, MACHINE, *in_team("bot")]
    assert doubting(said=said, backwards=False).sign(Uid("team")).life is Life.NOT_HUMAN
    found = doubting(("bot", "team"), said=said, backwards=False).sign(Uid("team"))
    assert found.life is Life.TEAM_EMPTY


OTHER = Scope(SourceInstance("records", "other"), "estate")


def contradicted(first: NodeFacts, second: NodeFacts, *others: Fact) -> LifeBook:
    """A book in which two sources of equal precedence describe one identity."""
    ledger = ledger_of(first, *others, covering())
    record(ledger, second, scope=OTHER)
    at = ledger.at(AT)
    nodes = {n.uid: n for n in ledger.all_nodes(at)}
    members = ledger.all_edges(at, relations=["MEMBER_OF"])
    return LifeBook(nodes, members, [], ledger.coverage(at), AT)


def test_somebody_of_whom_sources_say_two_things_is_neither_there_nor_gone():
    found = contradicted(person("a"), person("a", "departed")).sign(Uid("a"))
    assert (found.life, found.because) == (
        Life.UNKNOWN,
        "sources contradict each other on whether they are active",
    )
    team = contradicted(person("a"), person("a", "departed"), TEAM, *in_team("a")).sign(Uid("team"))
    assert (team.life, team.because) == (
        Life.UNKNOWN,
        "of somebody in it: sources contradict each other on whether they are active",
    )


def test_who_is_a_person_for_one_source_and_a_machine_for_another_is_unknown():
    machine = node("a", Kind.IDENTITY, type_="service_account", status="active")
    assert contradicted(person("a"), machine).sign(Uid("a")).life is Life.UNKNOWN


OWNS_BOT = edge("a", "OWNS", "bot", "accountable")


@pytest.mark.parametrize(
    ("facts", "covers", "expected"),
    [
        ([person("a"), OWNS_BOT], ("MEMBER_OF", "OWNS"), Life.ALIVE),
        ([person("a"), OWNS_BOT], (), Life.ALIVE),
        ([person("a", None), OWNS_BOT], ("MEMBER_OF", "OWNS"), Life.UNKNOWN),
        ([], ("MEMBER_OF",), Life.UNKNOWN),
        ([], ("MEMBER_OF", "OWNS"), Life.NOT_HUMAN),
    ],
)
def test_a_team_of_one_machine_is_there_as_the_machine_itself_is(facts, covers, expected):
    book = book_of(TEAM, MACHINE, *in_team("bot"), *facts, covers=covers)
    assert book.sign(Uid("team")).life is expected
    assert book.sign(Uid("bot")).life is expected


def test_whoever_answered_for_the_machine_of_a_team_and_left_is_nobody_in_it():
    book = book_of(TEAM, MACHINE, *in_team("bot"), person("a", "departed"), OWNS_BOT)
    assert book.sign(Uid("team")).life is Life.TEAM_EMPTY
    assert book.sign(Uid("bot")).life is Life.DEPARTED


def test_a_machine_and_a_team_that_own_and_hold_each_other_are_nobody():
    facts: list[Fact] = [
        MACHINE,
        TEAM,
        *in_team("bot"),
        edge("team", "OWNS", "bot", "accountable"),
    ]
    book = book_of(*facts)
    assert book.sign(Uid("bot")).life is Life.NOT_HUMAN
    assert book.sign(Uid("team")).life is Life.NOT_HUMAN


def test_who_is_only_named_was_never_described():
    assert book_of(edge("x", "OWNS", "y", "accountable")).sign(Uid("x")).life is Life.NEVER_DESCRIBED


def test_whether_an_identity_without_a_type_is_a_person_is_unknown():
    assert book_of(identity("x", None)).sign(Uid("x")).life is Life.UNKNOWN
    assert book_of(node("x", identity("x", None).kind, status="active")).sign(Uid("x")).life is Life.UNKNOWN
