"""The slots that the graph answers itself, on small estates, through the shipped catalogs."""

from __future__ import annotations

from typing import Any

import pytest

from graph.ledger.change import Assert, Cover
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord
from graph.model import Claim, Instant, RunId, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import VOCABULARY, Certainty, Kind
from queries.estate import Estate, Standpoint
from queries.evidence import Applies, EvidenceAnswer, EvidenceQuestion, SlotResult, SlotState, find_evidence
from tests.queries.evidence.worlds import DayClock, read_shipped_catalogs
from tests.support.saying import RECORDS, day, days, edge, node, record
from tests.support.world import Told

EVERY_RELATION = frozenset(relation.name for relation in VOCABULARY.relations)
EVERY_KIND = frozenset(kind.value for kind in Kind)
MACHINE = node("bot", Kind.IDENTITY, type_="service_account")
OTHER = Scope(SourceInstance("records", "other"), "estate")


def told(*facts: Told, relations: frozenset[str] = EVERY_RELATION, read_at: int = 10) -> Ledger:
    """A ledger with both catalogs, the list of OWASP adopted, and an estate that was read completely."""
    ledger = Ledger(open_store(":memory:"), clock=DayClock(2))
    read_shipped_catalogs(ledger)
    adopted = edge("adopted", "ABOUT", "hf:regulation:catalog:owasp-nhi")
    record(ledger, node("adopted", Kind.DECISION, type_="adoption"), adopted, valid=days(1))
    covered = Cover(RECORDS, EVERY_KIND, relations, day(read_at))
    record(ledger, *facts, *((covered,) if relations else ()), valid=days(1))
    return ledger


def ask(ledger: Ledger, label: str, t: int = 12, **asked: Any) -> EvidenceAnswer:
    question = EvidenceQuestion(requirements=(label,), standpoint=Standpoint(as_of=day(t)), **asked)
    return find_evidence(Estate(ledger), question)


def slot_of(ledger: Ledger, label: str, subject: str, key: str | None = None, t: int = 12) -> SlotResult:
    [cell] = ask(ledger, label, t, subjects=(Uid(subject),)).cells
    return next(slot for slot in cell.slots if key in {None, slot.key})


# ---------------------------------------------------------------- owners


def test_a_living_owner_is_proof():
    person = node("ana", Kind.IDENTITY, type_="person", status="active")
    ledger = told(node("app", type_="application"), person, edge("ana", "OWNS", "app", "accountable"))
    slot = slot_of(ledger, "House 1", "app")
    assert slot.state is SlotState.OK
    assert slot.proof is not None
    assert slot.proof.evidence is None
    assert slot.proof.rule == "the graph: living-owner"
    assert [(fact.subject, fact.name, fact.value) for fact in slot.proof.facts] == [("ana", "life", "alive")]


def test_an_owner_who_has_left_contests():
    person = node("ana", Kind.IDENTITY, type_="person", status="departed", departed_at=day(5))
    ledger = told(node("app", type_="application"), person, edge("ana", "OWNS", "app", "accountable"))
    assert slot_of(ledger, "House 1", "app").state is SlotState.CONTESTED


def test_an_owner_of_whom_nobody_says_whether_they_are_there_proves_nothing():
    person = node("ana", Kind.IDENTITY, type_="person")
    ledger = told(node("app", type_="application"), person, edge("ana", "OWNS", "app", "accountable"))
    assert slot_of(ledger, "House 1", "app").state is SlotState.UNVERIFIED


def test_no_owner_and_nobody_having_looked_are_two_reasons():
    nobody = slot_of(told(node("app", type_="application")), "House 1", "app")
    assert (nobody.state, nobody.candidates) == (SlotState.MISSING, 0)
    assert "nobody owns it" in nobody.because
    unread = slot_of(told(node("app", type_="application"), relations=frozenset()), "House 1", "app")
    assert unread.state is SlotState.MISSING
    assert unread.because.startswith("not covered: ")
    assert (nobody.is_covered, unread.is_covered) == (True, False)


def test_what_is_missing_only_because_nobody_has_looked_is_counted_apart():
    for relations, not_covered in ((EVERY_RELATION, 0), (frozenset(), 1)):
        scores = ask(told(node("app", type_="application"), relations=relations), "House 1").scores
        assert (scores.slots, scores.not_covered) == ({SlotState.MISSING: 1}, not_covered)


def test_what_a_source_states_is_as_old_as_the_reading_and_not_as_the_commit():
    """Read on the fourth, and handed in on the eleventh."""
    ledger = Ledger(open_store(":memory:"), clock=(clock := DayClock(2)))
    read_shipped_catalogs(ledger)
    clock.today = 11
    person = node("ana", Kind.IDENTITY, type_="person", status="active")
    facts = (node("app", type_="application"), person, edge("ana", "OWNS", "app", "accountable"))
    record(ledger, *facts, valid=days(1), read_at=day(4))
    slot = slot_of(ledger, "House 1", "app")
    assert slot.proof is not None
    assert (slot.state, slot.proof.collected_at) == (SlotState.OK, day(4))


def test_an_owner_whom_it_may_inherit_and_nobody_looked_for_is_not_covered():
    facts = (node("app", type_="application", environment="development"), edge("app", "WITHIN", "ns"))
    slot = slot_of(told(*facts), "House 1", "app")
    assert slot.state is SlotState.MISSING
    assert slot.because == "not covered: nobody owns it; it is not known who owns ns, to which it belongs"


# ---------------------------------------------------------------- rotation


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"last_rotated": day(10)}, SlotState.OK),
        ({"created": day(10)}, SlotState.OK),
        ({"created": day(-100)}, SlotState.STALE),
        ({"created": day(-100), "last_rotated": day(1)}, SlotState.OK),
        ({"created": day(1), "last_rotated": day(40)}, SlotState.OK),
        # Made anew, say in another cluster, with the value that it had.
        ({"created": day(10), "last_rotated": day(-100)}, SlotState.STALE),
        ({"last_rotated": day(40)}, SlotState.MISSING),
        ({}, SlotState.MISSING),
    ],
)
def test_a_secret_is_as_old_as_its_last_rotation(said, state):
    ledger = told(node("key", Kind.SECRET, type_="api_key", **said))
    assert slot_of(ledger, "House 4", "key").state is state
    assert slot_of(ledger, "NHI-07", "key").state is state


@pytest.mark.parametrize(("t", "state"), [(91, SlotState.OK), (92, SlotState.STALE)])
def test_a_rotation_is_fresh_for_ninety_days(t, state):
    ledger = told(node("key", Kind.SECRET, type_="api_key", last_rotated=day(2)))
    assert slot_of(ledger, "House 4", "key", t=t).state is state


def test_the_newest_version_of_a_secret_is_its_rotation():
    old, new = node("key", Kind.SECRET, created=day(-100)), node("key-2", Kind.SECRET, created=day(3))
    ledger = told(old, new, edge("key-2", "VERSION_OF", "key"))
    answer = ask(ledger, "House 4")
    assert [(cell.subject.uid, cell.slots[0].state) for cell in answer.cells] == [("key", SlotState.OK)]


def test_where_no_source_reports_secrets_a_missing_rotation_is_not_covered():
    ledger = told(node("key", Kind.SECRET), relations=frozenset())
    slot = slot_of(ledger, "House 4", "key")
    assert (slot.state, slot.because) == (
        SlotState.MISSING,
        "key: not covered: no source of it reports secrets completely",
    )
    assert not slot.is_covered
    covered = slot_of(told(node("key", Kind.SECRET)), "House 4", "key")
    assert covered.because == "key: no source says when it was rotated or made"


def test_sources_that_contradict_each_other_on_a_rotation_prove_nothing():
    ledger = told(node("key", Kind.SECRET, last_rotated=day(2)))
    record(ledger, node("key", Kind.SECRET, last_rotated=day(9)), scope=OTHER, valid=days(1))
    assert slot_of(ledger, "House 4", "key").state is SlotState.UNVERIFIED


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"revoked": True}, "the secret has been revoked"),
        ({"revoked_at": day(11)}, "the secret has been revoked"),
        ({"expires": day(11)}, "the secret has expired"),
        # On day 12: the date says more than the flag, which tells only that there will be an end.
        ({"revoked": True, "revoked_at": day(13)}, "it concerns all"),
        ({"expires": day(13)}, "it concerns all"),
        # Two that contradict each other.
        ({"revoked": False, "revoked_at": day(11)}, "it concerns all"),
    ],
)
def test_a_secret_that_has_ended_has_no_duty_any_more(said, because):
    [cell] = ask(told(node("key", Kind.SECRET, **said)), "House 4").cells
    assert cell.applicability.because == because
    assert (cell.slots == ()) is (because != "it concerns all")


def test_when_a_secret_will_end_is_when_the_answer_changes():
    ledger = told(node("key", Kind.SECRET, revoked=False, expires=day(14), last_rotated=day(5)))
    assert ask(ledger, "House 4").next_change == day(14)


def test_what_two_sources_call_a_system_and_something_else_may_be_a_subject():
    ledger = told(node("app", type_="application"))
    record(ledger, node("app", type_="package"), scope=OTHER, valid=days(1))
    [cell] = ask(ledger, "House 1", subjects=(Uid("app"),)).cells
    assert (cell.applicability.state, cell.applicability.because) == (
        Applies.UNKNOWN,
        "sources contradict each other on what type it is of",
    )


# ---------------------------------------------------------------- offboarding


def test_sources_that_contradict_each_other_on_whether_somebody_left_prove_nothing():
    """One says that it has left on the fifth, the other that it leaves on the twentieth."""
    facts = (node("key", Kind.SECRET, revoked=False), edge("key", "AUTHENTICATES", "bot"))
    gone, going = (
        node("bot", Kind.IDENTITY, type_="service_account", status="active", departed_at=day(number))
        for number in (5, 20)
    )
    ledger = told(gone, *facts)
    record(ledger, going, scope=OTHER, valid=days(1))
    slot = slot_of(ledger, "NHI1:2025", "bot", "decommission")
    assert (slot.state, slot.because) == (
        SlotState.UNVERIFIED,
        "sources contradict each other on the status of bot",
    )


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ({"expires": day(11)}, SlotState.OK),
        ({"revoked_at": day(11)}, SlotState.OK),
        ({"revoked": False, "revoked_at": day(11)}, SlotState.UNVERIFIED),
        ({"revoked": True, "revoked_at": day(13)}, SlotState.CONTESTED),
        ({"revoked": False, "expires": day(13)}, SlotState.CONTESTED),
    ],
)
def test_a_secret_ends_by_its_dates(key, state):
    ledger = told(
        node("bot", Kind.IDENTITY, type_="service_account", status="departed"),
        node("key", Kind.SECRET, **key),
        edge("key", "AUTHENTICATES", "bot"),
    )
    assert slot_of(ledger, "NHI1:2025", "bot", "decommission").state is state


@pytest.mark.parametrize(
    ("status", "revoked", "state"),
    [
        ("active", None, SlotState.OK),
        (None, None, SlotState.MISSING),
        ("departed", True, SlotState.OK),
        ("departed", False, SlotState.CONTESTED),
        ("departed", None, SlotState.UNVERIFIED),
    ],
)
def test_no_credential_outlives_its_identity(status, revoked, state):
    bot = {} if status is None else {"status": status}
    key = {} if revoked is None else {"revoked": revoked}
    ledger = told(
        node("bot", Kind.IDENTITY, type_="service_account", **bot),
        node("key", Kind.SECRET, **key),
        edge("key", "AUTHENTICATES", "bot"),
    )
    assert slot_of(ledger, "NHI1:2025", "bot", "decommission").state is state


@pytest.mark.parametrize(
    ("said", "state"),
    [
        # On day 12: it has not left yet, so that it has departed is not so yet, and nobody knows what is.
        ({"status": "departed", "departed_at": day(20)}, SlotState.UNVERIFIED),
        ({"status": "departed", "departed_at": day(5)}, SlotState.CONTESTED),
        ({"status": "active", "departed_at": day(5)}, SlotState.CONTESTED),
        ({"status": "active", "departed_at": day(20)}, SlotState.OK),
        ({"status": "active", "suspended_at": day(5)}, SlotState.UNVERIFIED),
        ({"suspended_at": day(5)}, SlotState.OK),
        ({"departed_at": day(20)}, SlotState.MISSING),
    ],
)
def test_whether_an_identity_has_left_depends_on_the_date(said, state):
    ledger = told(
        node("bot", Kind.IDENTITY, type_="service_account", **said),
        node("key", Kind.SECRET, revoked=False),
        edge("key", "AUTHENTICATES", "bot"),
    )
    assert slot_of(ledger, "NHI1:2025", "bot", "decommission").state is state


def test_a_leaving_date_to_come_is_when_the_answer_changes():
    bot = node("bot", Kind.IDENTITY, type_="service_account", status="departed", departed_at=day(20))
    ledger = told(bot, node("key", Kind.SECRET, revoked=False), edge("key", "AUTHENTICATES", "bot"))
    assert ask(ledger, "NHI1:2025").next_change == day(20)
    assert slot_of(ledger, "NHI1:2025", "bot", "decommission", t=20).state is SlotState.CONTESTED


# ---------------------------------------------------------------- privileges


def test_an_identity_that_administers_nothing_passes_where_everything_is_covered():
    assert slot_of(told(MACHINE), "NHI5", "bot").state is SlotState.OK
    some = slot_of(told(MACHINE, relations=frozenset({"CAN_ADMIN", "MEMBER_OF"})), "NHI5", "bot")
    assert some.state is SlotState.MISSING
    assert some.because == "not covered: no source reports CAN_ASSUME for bot completely"


def test_an_administrator_fails_even_where_nothing_else_is_covered():
    facts = (MACHINE, edge("bot", "CAN_ADMIN", "cluster"), node("cluster", type_="scope"))
    slot = slot_of(told(*facts, relations=frozenset()), "NHI5", "bot")
    assert (slot.state, slot.because) == (SlotState.CONTESTED, "bot can administer cluster")


def test_what_an_identity_can_become_counts_as_its_own():
    facts = (
        MACHINE,
        node("role", Kind.IDENTITY, type_="role"),
        node("group", Kind.IDENTITY, type_="group"),
        node("cluster", type_="scope"),
        edge("bot", "CAN_ASSUME", "role"),
        edge("role", "MEMBER_OF", "group"),
        edge("group", "CAN_ADMIN", "cluster"),
    )
    assert slot_of(told(*facts), "NHI5", "bot").state is SlotState.CONTESTED


def test_a_right_that_is_possible_only_is_open():
    ledger = told(MACHINE, node("cluster", type_="scope"))
    grant = edge("bot", "CAN_ADMIN", "cluster")
    claim = Claim(RECORDS, grant, days(1), certainty=Certainty.POSSIBLE, condition="a protected branch")
    record(ledger, Assert(claim))
    slot = slot_of(ledger, "NHI5", "bot")
    assert (slot.state, slot.because) == (SlotState.UNVERIFIED, "bot may be able to administer cluster")


def test_a_reading_that_is_too_old_is_stale():
    ledger = told(MACHINE, read_at=10)
    assert slot_of(ledger, "NHI5", "bot", t=39).state is SlotState.OK
    assert slot_of(ledger, "NHI5", "bot", t=40).state is SlotState.STALE
    run = RunRecord(0, RunId("r"), "records", day(30), Instant(0), day(2), (RECORDS,), "{}")
    ledger.store.add_run(run)
    assert slot_of(ledger, "NHI5", "bot", t=40).state is SlotState.OK


# ---------------------------------------------------------------- users


def test_an_identity_in_production_and_in_test_is_not_isolated():
    facts = (
        MACHINE,
        node("app", type_="application", environment="production"),
        node("trial", type_="application", environment="development"),
        edge("app", "RUNS_AS", "bot"),
    )
    assert slot_of(told(*facts), "NHI8", "bot").state is SlotState.OK
    slot = slot_of(told(*facts, edge("trial", "RUNS_AS", "bot")), "NHI8", "bot")
    assert slot.state is SlotState.CONTESTED
    assert slot.because == "bot is used in production by app, and outside of it by trial"


def test_where_something_runs_that_uses_an_identity_has_to_be_known():
    facts = (MACHINE, node("app", type_="application"), edge("app", "RUNS_AS", "bot"))
    assert slot_of(told(*facts), "NHI8", "bot").state is SlotState.UNVERIFIED


def test_two_systems_that_share_a_key_share_the_identity():
    facts = (
        MACHINE,
        node("key", Kind.SECRET),
        edge("key", "AUTHENTICATES", "bot"),
        node("app", type_="application"),
        node("web", type_="service"),
        edge("app", "USES_SECRET", "key"),
    )
    assert slot_of(told(*facts), "NHI9", "bot").state is SlotState.OK
    shared = slot_of(told(*facts, edge("web", "USES_SECRET", "key")), "NHI9", "bot")
    assert (shared.state, shared.because) == (SlotState.CONTESTED, "bot is used by app, web")
    parts = told(*facts, edge("web", "USES_SECRET", "key"), edge("web", "PART_OF", "app"))
    assert slot_of(parts, "NHI9", "bot").state is SlotState.OK


def test_that_two_users_are_no_parts_of_one_system_is_known_only_where_it_is_covered():
    facts = (MACHINE, node("app", type_="application"), node("web", type_="service"))
    users = (edge("app", "RUNS_AS", "bot"), edge("web", "RUNS_AS", "bot"))
    slot = slot_of(told(*facts, *users, relations=EVERY_RELATION - {"PART_OF"}), "NHI9", "bot")
    assert (slot.state, slot.because) == (
        SlotState.UNVERIFIED,
        "bot is used by app, web; no source says whether these are parts of one system",
    )
    one_of_the_other = (*users, edge("web", "PART_OF", "app"))
    slot = slot_of(told(*facts, *one_of_the_other, relations=EVERY_RELATION - {"PART_OF"}), "NHI9", "bot")
    assert slot.state is SlotState.OK


def test_parts_and_versions_at_several_levels_of_one_system_are_one():
    """A pod of a deployment and of the system, the deployment itself, and a version of the system."""
    of_system = (
        node("pod", type_="workload"),
        node("dep", type_="workload"),
        node("system", type_="application"),
        node("system-2", type_="application"),
        edge("pod", "PART_OF", "dep"),
        edge("pod", "PART_OF", "system"),
        edge("dep", "PART_OF", "system"),
        edge("system-2", "VERSION_OF", "system"),
    )
    users = tuple(edge(uid, "RUNS_AS", "bot") for uid in ("pod", "dep", "system-2"))
    assert slot_of(told(MACHINE, *of_system, *users), "NHI9", "bot").state is SlotState.OK
    other = (node("web", type_="service"), edge("web", "RUNS_AS", "bot"))
    shared = slot_of(told(MACHINE, *of_system, *users, *other), "NHI9", "bot")
    assert (shared.state, shared.because) == (SlotState.CONTESTED, "bot is used by system, web")


def test_parts_of_one_another_are_one_system():
    facts = (MACHINE, node("app", type_="application"), node("web", type_="service"))
    circle = (edge("web", "PART_OF", "app"), edge("app", "PART_OF", "web"))
    users = (edge("app", "RUNS_AS", "bot"), edge("web", "RUNS_AS", "bot"))
    assert slot_of(told(*facts, *users, *circle), "NHI9", "bot").state is SlotState.OK


def test_that_something_runs_nowhere_else_is_known_only_where_its_deployments_are_covered():
    facts = (
        MACHINE,
        node("app", type_="application"),
        edge("app", "RUNS_AS", "bot"),
        edge("app", "DEPLOYED_AS", "app-1", environment="production"),
    )
    assert slot_of(told(*facts), "NHI8", "bot").state is SlotState.OK
    slot = slot_of(told(*facts, relations=EVERY_RELATION - {"DEPLOYED_AS"}), "NHI8", "bot")
    assert slot.because == "not covered: no source reports DEPLOYED_AS for app completely"


def test_that_nothing_uses_an_identity_is_known_only_where_it_is_covered():
    assert slot_of(told(MACHINE), "NHI9", "bot").because == "nothing uses bot"
    slot = slot_of(told(MACHINE, relations=frozenset({"RUNS_AS"})), "NHI9", "bot")
    assert slot.because == "not covered: no source reports AUTHENTICATES for bot completely"


def test_people_and_groups_are_no_subjects_of_rules_for_machines():
    ledger = told(
        MACHINE, node("ana", Kind.IDENTITY, type_="person"), node("all", Kind.IDENTITY, type_="group")
    )
    assert [cell.subject.uid for cell in ask(ledger, "NHI9").cells] == ["bot"]


def test_a_deployment_that_is_only_possible_is_a_row_that_may_not_concern_it():
    """It says to be in production; whether it runs there or in staging is open, so both are rows."""
    ledger = told(node("app", type_="application", environment="production"))
    claim = Claim(
        RECORDS,
        edge("app", "DEPLOYED_AS", "app-1", environment="staging"),
        days(1),
        certainty=Certainty.POSSIBLE,
        condition="the plan is kept",
    )
    record(ledger, Assert(claim))
    cells = ask(ledger, "NHI6", environments=("production", "staging")).cells
    assert [(cell.environment, cell.applicability.state) for cell in cells] == [
        ("production", Applies.UNKNOWN),
        ("staging", Applies.UNKNOWN),
    ]
    assert cells[1].applicability.because == "it is only possibly deployed in staging"
    assert cells[1].applicability.missing_facts == ()


def test_a_deployment_is_a_row_for_each_environment_that_is_asked_about():
    facts = (
        node("app", type_="application"),
        node("app-1", type_="model_version", digest="sha256:1"),
        edge("app", "DEPLOYED_AS", "app-1", environment="production"),
        edge("app", "DEPLOYED_AS", "app-1", environment="staging"),
    )
    assert [cell.environment for cell in ask(told(*facts), "NHI6").cells] == ["production"]
    every = ask(told(*facts), "NHI6", environments=("production", "staging")).cells
    assert [cell.environment for cell in every] == ["production", "staging"]
