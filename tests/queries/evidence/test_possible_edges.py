"""No question to the graph passes or fails over an edge that is only possible; every verdict is by hand.

Each case says what one question comes to while every edge is certain, and which edges decide
that. With these held for possible only, the verdict is open: neither a pass nor a finding.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from graph.duration import Duration
from graph.ledger.change import Assert
from graph.model import Claim, EdgeFacts, NodeFacts
from graph.slot import Freshness, Slot, slot_json
from graph.vocabulary import Certainty, Kind
from graph.vocabulary.duties import Binding, Method
from queries.evidence import SlotState
from queries.evidence.slots import GRAPH_QUERIES
from tests.queries.evidence.test_graph_answers import MACHINE, slot_of, told
from tests.support.saying import RECORDS, day, days, edge, node
from tests.support.world import identity, person

Facts = NodeFacts | EdgeFacts
OK, FOUND, OLD, MISSING = SlotState.OK, SlotState.CONTESTED, SlotState.STALE, SlotState.MISSING


@dataclass(frozen=True)
class Question:
    """A question to the graph, as a row of a shipped catalog asks it of a subject."""

    query: str
    label: str
    subject: str
    key: str | None = None


REACH = Question("reach", "NHI5", "bot")
ISOLATION = Question("environment-isolation", "NHI8", "bot")
SINGLE_USE = Question("single-use", "NHI9", "bot")
ENDED = Question("credentials-ended", "NHI1:2025", "bot", "decommission")
OWNER = Question("living-owner", "House 1", "app")
ROTATION = Question("secret-rotation", "NHI7", "key")
ROTATION_OF_ALL = Question("secret-rotation", "AGE", "bot")


@dataclass(frozen=True)
class Case:
    """What is said, the edges that decide, and the verdict while they are certain."""

    name: str
    asked: Question
    certain: SlotState
    facts: Sequence[Facts]
    deciding: Sequence[EdgeFacts]
    doubtful: SlotState = SlotState.UNVERIFIED


ASKED = Slot(
    key="age",
    title="Every secret is young",
    types=("metric",),
    aspect="rotation",
    binding=Binding.CREDENTIAL,
    freshness=Freshness(Duration.parse("P90D"), ()),
    minimum_assurance=0,
    method=Method.OBSERVE,
    query="secret-rotation",
)
A_LAW_OF_ITS_OWN = (
    node("law", Kind.REGULATION, type_="law", applies_from=day(0), status="published"),
    node(
        "age",
        Kind.REQUIREMENT,
        type_="article",
        label="AGE",
        level="identity",
        applicability='{"all": []}',
        slots=json.dumps([slot_json(ASKED)]),
    ),
    edge("law", "REQUIRES", "age"),
)
"""A requirement that the shipped catalogs do not have: the age of all secrets of an identity."""

APP = node("app", type_="application", environment="production")
TESTED_APP = node("app", type_="application", environment="staging")
WEB = node("web", type_="service", environment="production")
TRIAL = node("trial", type_="application", environment="development")
PLACED_BY_EDGES = node("trial", type_="application")
KEY = node("key", Kind.SECRET, type_="api_key")
OPEN_KEY = node("key", Kind.SECRET, type_="api_key", revoked=False)
CLUSTER = node("cluster", type_="scope")
ROLE, GROUP = identity("role", "role"), identity("group", "group")
ANA, BEN, TEAM = person("ana"), person("ben", "departed"), identity("team", "team")
LOST = node("bot", Kind.IDENTITY, type_="service_account", status="departed")
ACTS = edge("app", "RUNS_AS", "bot")
TRIES = edge("trial", "RUNS_AS", "bot")
OPENS = edge("key", "AUTHENTICATES", "bot")
ANA_OWNS, BEN_OWNS = (edge(uid, "OWNS", "app", "accountable") for uid in ("ana", "ben"))
TEAM_OWNS = edge("team", "OWNS", "app", "accountable")
PART, OTHER_PART = edge("app", "PART_OF", "suite"), edge("app", "PART_OF", "bundle")
SUITES = (node("suite", type_="tenant"), node("bundle", type_="tenant"))
ANA_SUITE, BEN_BUNDLE = (
    edge("ana", "OWNS", "suite", "accountable"),
    edge("ben", "OWNS", "bundle", "accountable"),
)

YOUNG, AGED = node("young", Kind.SECRET, created=day(5)), node("aged", Kind.SECRET, created=day(-100))
YOUNG_OPENS, AGED_OPENS = edge("young", "AUTHENTICATES", "bot"), edge("aged", "AUTHENTICATES", "bot")

CASES = [
    Case(
        "it administers something", REACH, FOUND, (MACHINE, CLUSTER), (edge("bot", "CAN_ADMIN", "cluster"),)
    ),
    Case(
        "a role that it can assume does",
        REACH,
        FOUND,
        (MACHINE, ROLE, CLUSTER, edge("role", "CAN_ADMIN", "cluster")),
        (edge("bot", "CAN_ASSUME", "role"),),
    ),
    Case(
        "a group that it is in does",
        REACH,
        FOUND,
        (MACHINE, GROUP, CLUSTER, edge("group", "CAN_ADMIN", "cluster")),
        (edge("bot", "MEMBER_OF", "group"),),
    ),
    Case("an outsider runs as it", ISOLATION, FOUND, (MACHINE, APP, TRIAL, ACTS), (TRIES,)),
    Case(
        "who runs as it is deployed outside",
        ISOLATION,
        FOUND,
        (MACHINE, APP, PLACED_BY_EDGES, ACTS, TRIES),
        (edge("trial", "DEPLOYED_AS", "trial-1", environment="staging"),),
    ),
    Case(
        "who runs as it in production is deployed outside too",
        ISOLATION,
        FOUND,
        (MACHINE, APP, ACTS, edge("app", "DEPLOYED_AS", "app-1", environment="production")),
        (edge("app", "DEPLOYED_AS", "app-1", environment="staging"),),
    ),
    Case(
        "who runs as it is deployed in production",
        ISOLATION,
        OK,
        (MACHINE, PLACED_BY_EDGES, TRIES),
        (edge("trial", "DEPLOYED_AS", "trial-1", environment="production"),),
    ),
    Case(
        "who runs as it is deployed elsewhere than it says",
        ISOLATION,
        OK,
        (MACHINE, APP, TRIAL, ACTS, TRIES),
        (edge("trial", "DEPLOYED_AS", "trial-1", environment="production"),),
    ),
    Case(
        "who runs as it serves outside",
        ISOLATION,
        FOUND,
        (MACHINE, APP, PLACED_BY_EDGES, ACTS, TRIES),
        (edge("trial", "SERVES", "app-1", environment="staging"),),
    ),
    Case(
        "a version of it is served outside",
        ISOLATION,
        FOUND,
        (
            MACHINE,
            APP,
            PLACED_BY_EDGES,
            ACTS,
            TRIES,
            edge("endpoint", "SERVES", "trial-1", environment="staging"),
        ),
        (edge("trial-1", "VERSION_OF", "trial"),),
    ),
    Case(
        "an outsider uses a secret of it",
        ISOLATION,
        FOUND,
        (MACHINE, KEY, APP, TRIAL, ACTS, OPENS),
        (edge("trial", "USES_SECRET", "key"),),
    ),
    Case(
        "what an outsider uses is a secret of it",
        ISOLATION,
        FOUND,
        (MACHINE, KEY, APP, TRIAL, ACTS, edge("trial", "USES_SECRET", "key")),
        (OPENS,),
    ),
    Case(
        "two systems run as it",
        SINGLE_USE,
        FOUND,
        (MACHINE, APP, WEB, ACTS),
        (edge("web", "RUNS_AS", "bot"),),
    ),
    Case(
        "another system uses a secret of it",
        SINGLE_USE,
        FOUND,
        (MACHINE, KEY, APP, WEB, ACTS, edge("web", "USES_SECRET", "key")),
        (OPENS,),
    ),
    Case(
        "who uses it is part of one system",
        SINGLE_USE,
        OK,
        (MACHINE, APP, WEB, ACTS, edge("web", "RUNS_AS", "bot")),
        (edge("web", "PART_OF", "app"),),
    ),
    Case(
        "who uses it is a version of one system",
        SINGLE_USE,
        OK,
        (MACHINE, APP, WEB, ACTS, edge("web", "RUNS_AS", "bot")),
        (edge("web", "VERSION_OF", "app"),),
    ),
    Case(
        "who uses it is what one system is deployed as",
        SINGLE_USE,
        OK,
        (MACHINE, APP, WEB, ACTS, edge("web", "RUNS_AS", "bot")),
        (edge("app", "DEPLOYED_AS", "web", environment="production"),),
    ),
    Case("a living secret opens what was retired", ENDED, FOUND, (LOST, OPEN_KEY), (OPENS,)),
    Case("a living person owns it", OWNER, OK, (APP, ANA), (ANA_OWNS,)),
    Case("somebody who has left owns it", OWNER, FOUND, (APP, BEN), (BEN_OWNS,)),
    Case(
        "who has left owns it, and a living person what it is part of",
        OWNER,
        FOUND,
        (TESTED_APP, *SUITES, ANA, BEN, PART, ANA_SUITE),
        (BEN_OWNS,),
    ),
    Case(
        "a living person is in the team",
        OWNER,
        OK,
        (APP, TEAM, ANA, TEAM_OWNS),
        (edge("ana", "MEMBER_OF", "team"),),
    ),
    Case(
        "only somebody who has left is in what is no team otherwise",
        OWNER,
        FOUND,
        (APP, identity("team", None), BEN, TEAM_OWNS),
        (edge("ben", "MEMBER_OF", "team"),),
    ),
    Case(
        "a living person answers for the machine that owns it",
        OWNER,
        OK,
        (APP, MACHINE, ANA, edge("bot", "OWNS", "app", "accountable")),
        (edge("ana", "OWNS", "bot", "accountable"),),
    ),
    Case(
        "nobody answers for the machine that owns it",
        OWNER,
        FOUND,
        (APP, MACHINE),
        (edge("bot", "OWNS", "app", "accountable"),),
    ),
    Case(
        "it is part of two things with two owners",
        OWNER,
        FOUND,
        (TESTED_APP, *SUITES, ANA, BEN, PART, ANA_SUITE, BEN_BUNDLE),
        (OTHER_PART,),
    ),
    Case(
        "what it is part of has another owner",
        OWNER,
        FOUND,
        (TESTED_APP, *SUITES, ANA, BEN, PART, OTHER_PART, ANA_SUITE),
        (BEN_BUNDLE,),
    ),
    Case(
        "in production it is only part of what is owned",
        OWNER,
        FOUND,
        (APP, *SUITES, ANA, ANA_SUITE),
        (PART,),
    ),
    Case(
        "elsewhere it is part of what is owned",
        OWNER,
        OK,
        (TESTED_APP, *SUITES, ANA, ANA_SUITE),
        (PART,),
    ),
    Case(
        "a newer version of the secret was made",
        ROTATION,
        OK,
        (replace(KEY, properties={"created": day(-100)}), node("key-2", Kind.SECRET, created=day(3))),
        (edge("key-2", "VERSION_OF", "key"),),
    ),
    Case(
        "only a version of the secret tells how old it is",
        ROTATION,
        OLD,
        (KEY, node("key-2", Kind.SECRET, created=day(-100))),
        (edge("key-2", "VERSION_OF", "key"),),
    ),
    Case(
        "an old version was made",
        ROTATION,
        OLD,
        (node("key", Kind.SECRET, created=day(5)), node("key-2", Kind.SECRET, created=day(-100))),
        (edge("key-2", "VERSION_OF", "key"),),
    ),
    Case("a young secret opens it", ROTATION_OF_ALL, OK, (MACHINE, YOUNG), (YOUNG_OPENS,)),
    Case("an old secret opens it", ROTATION_OF_ALL, OLD, (MACHINE, AGED), (AGED_OPENS,)),
    Case("a secret of unknown age opens it", ROTATION_OF_ALL, MISSING, (MACHINE, KEY), (OPENS,)),
    Case("an old one opens it too", ROTATION_OF_ALL, OLD, (MACHINE, YOUNG, AGED, YOUNG_OPENS), (AGED_OPENS,)),
    Case(
        "one of unknown age does too", ROTATION_OF_ALL, MISSING, (MACHINE, YOUNG, KEY, YOUNG_OPENS), (OPENS,)
    ),
]


def possibly(fact: EdgeFacts) -> Assert:
    claim = Claim(RECORDS, fact, days(1), certainty=Certainty.POSSIBLE, condition="the plan is kept")
    return Assert(claim)


def verdict(case: Case, *, possible: bool) -> SlotState:
    decided = [possibly(fact) if possible else fact for fact in case.deciding]
    return slot_of(
        told(*A_LAW_OF_ITS_OWN, *case.facts, *decided), case.asked.label, case.asked.subject, case.asked.key
    ).state


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_deciding_edge_decides_while_it_is_certain(case: Case):
    assert verdict(case, possible=False) is case.certain


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is_open_where_the_deciding_edge_is_only_possible(case: Case):
    assert verdict(case, possible=True) is case.doubtful


def test_what_opens_it_only_possibly_and_is_as_young_changes_nothing():
    facts = (*A_LAW_OF_ITS_OWN, MACHINE, YOUNG, YOUNG_OPENS, node("old", Kind.SECRET, created=day(1)))
    assert slot_of(told(*facts, possibly(edge("old", "AUTHENTICATES", "bot"))), "AGE", "bot").state is OK


def test_of_several_possible_versions_each_may_be_the_only_one():
    """With both it is young, and so it is without any; with the old one alone it is not."""
    made = [node(f"key-{number}", Kind.SECRET, created=day(born)) for number, born in ((2, -100), (3, 6))]
    versions = [possibly(edge(f"key-{number}", "VERSION_OF", "key")) for number in (2, 3)]
    ledger = told(node("key", Kind.SECRET, created=day(5)), *made, *versions)
    assert slot_of(ledger, "NHI7", "key").state is SlotState.UNVERIFIED


def test_every_question_to_the_graph_has_a_case():
    assert {case.asked.query for case in CASES} == set(GRAPH_QUERIES)
