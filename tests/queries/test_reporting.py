"""Which sources are stale: judged at the answer's date, by what had been read and was known by then."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from graph.duration import Duration
from graph.ledger.change import Merge
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord
from graph.model import CommitNumber, Instant, RunId, Scope, SourceInstance, Uid, as_text
from graph.store import open_store
from graph.vocabulary import Kind
from queries.basis import basis_of
from queries.estate import Estate, Standpoint
from queries.report_log import reported
from queries.reporting import Stale
from tests.support.saying import day, days, edge, node, record

CLUSTER = SourceInstance("kubernetes", "eu-1")
PEOPLE = SourceInstance("people")
WEEKLY = Duration.parse("P7D")
PODS, STAFF = Scope(CLUSTER, "pods"), Scope(PEOPLE, "staff")


@dataclass
class Clock:
    """A clock that a test sets."""

    moment: Instant

    def __call__(self) -> Instant:
        return self.moment


@dataclass
class World:
    """A ledger with a run log, at times that a test sets."""

    ledger: Ledger
    clock: Clock

    def runs(
        self,
        scope: Scope,
        read_at: Instant,
        *,
        at: Instant | None = None,
        state: str = "completed",
        accepted: int = 1,
        complete: bool = True,
        by: SourceInstance | None = None,
    ) -> None:
        self.clock.moment = at or read_at
        told = {
            "source": str(scope.source),
            "name": scope.name,
            "read_at": as_text(read_at),
            "complete": complete,
        }
        report = {"state": state, "records": {"accepted": accepted}, "scopes": [told]}
        source = str(by or scope.source)
        now = self.clock.moment
        run = RunRecord(0, RunId("run"), source, read_at, now, now, (), json.dumps(report))
        self.ledger.store.add_run(run, ())

    def says(self, *facts: object, scope: Scope, at: Instant) -> None:
        self.clock.moment = at
        record(self.ledger, *facts, scope=scope, read_at=at)  # type: ignore[arg-type]

    def stale(
        self,
        standpoint: Standpoint,
        relations: Sequence[str] = (),
        shown: Sequence[str] = (),
        cadences: dict[SourceInstance, Duration] | None = None,
    ) -> list[Stale]:
        given = {CLUSTER: WEEKLY, PEOPLE: WEEKLY} if cadences is None else cadences
        view = Estate(self.ledger, given).view(standpoint)
        return list(basis_of(view, view.all_nodes(), relations=relations, shown=shown).stale)

    def names(self, standpoint: Standpoint, *relations: str) -> list[str]:
        return [str(stale.source) for stale in self.stale(standpoint, relations)]


@pytest.fixture
def world() -> World:
    """A pod that the cluster showed on the first of January; its owner is told by people."""
    clock = Clock(day(1))
    world = World(Ledger(open_store(":memory:"), clock), clock)
    world.says(node("pod", type_="workload"), scope=PODS, at=day(1))
    world.runs(PODS, day(1))
    world.says(edge("team", "OWNS", "pod", "accountable"), scope=STAFF, at=day(2))
    world.runs(STAFF, day(2))
    return world


def at(number: int, offset: int = 0) -> Standpoint:
    return Standpoint(as_of=Instant(day(number) + offset))


def test_without_a_cadence_nothing_is_ever_stale(world: World):
    world.clock.moment = day(300)
    assert world.stale(at(300), ["OWNS"], cadences={}) == []


def test_a_source_is_stale_from_the_moment_on_after_its_cadence_has_passed(world: World):
    world.clock.moment = day(20)
    assert world.stale(at(8)) == []
    assert world.stale(at(8, 1)) == [Stale(CLUSTER, WEEKLY, day(1), day(8))]


def test_only_what_the_answer_rests_on_is_told(world: World):
    world.clock.moment = day(20)
    assert world.names(at(20)) == ["kubernetes/eu-1"], "it describes the pod"
    assert world.names(at(20), "RUNS_AS") == ["kubernetes/eu-1"]
    assert world.names(at(20), "OWNS") == ["kubernetes/eu-1", "people/default"], "its edge matters"
    assert [str(s.source) for s in world.stale(at(20), shown=["OWNS"])] == [
        "kubernetes/eu-1",
        "people/default",
    ]


def test_as_of_a_past_date_counts_what_had_been_read_by_then(world: World):
    world.runs(PODS, day(30))
    world.clock.moment = day(31)
    assert world.names(at(31)) == []
    assert world.stale(at(20)) == [Stale(CLUSTER, WEEKLY, day(1), day(8))], (
        "read on the 30th, not by the 20th"
    )


def test_before_it_reported_at_all_there_is_no_since(world: World):
    record(world.ledger, node("old", type_="workload"), scope=PODS, valid=days(-10), read_at=day(1))
    world.clock.moment = day(20)
    assert world.stale(at(0)) == [Stale(CLUSTER, WEEKLY, None, None)]


def test_a_date_yet_to_come_has_been_missed_by_nobody(world: World):
    world.clock.moment = day(5)
    assert world.names(at(200)) == []
    world.clock.moment = day(9)
    assert world.names(at(200)) == ["kubernetes/eu-1"]


def test_as_known_earlier_is_judged_by_what_was_known_and_when(world: World):
    # Commit 2 is the newest until the third, of day 20; the run of day 12 came in between.
    world.runs(PODS, day(12))
    world.says(node("other"), scope=STAFF, at=day(20))
    world.runs(PODS, day(25))
    world.clock.moment = day(40)
    known = Standpoint(as_of=day(40), known=CommitNumber(2))
    assert world.stale(known) == [Stale(CLUSTER, WEEKLY, day(12), day(19))], "the run of day 25 was not known"
    known = Standpoint(as_of=day(40), known=CommitNumber(1))
    assert world.stale(known) == [], "a day after its first report it was not overdue"


def test_an_old_input_that_is_read_late_reports_as_of_when_it_was_made(world: World):
    world.runs(PODS, day(2), at=day(19))
    world.clock.moment = day(20)
    assert world.stale(at(20)) == [Stale(CLUSTER, WEEKLY, day(2), day(9))]


@pytest.mark.parametrize(
    ("run", "counts"),
    [
        ({"state": "completed", "accepted": 0}, True),
        ({"state": "partial", "accepted": 1, "complete": False}, True),
        ({"state": "partial", "accepted": 0, "complete": True}, True),
        ({"state": "partial", "accepted": 0, "complete": False}, False),
        ({"state": "failed"}, False),
        ({"state": "interrupted"}, False),
        ({"state": "timed_out"}, False),
    ],
)
def test_a_run_reports_if_it_ended_and_took_something_in(world: World, run: dict[str, object], counts: bool):
    world.runs(PODS, day(19), **run)  # type: ignore[arg-type]
    world.clock.moment = day(20)
    assert (world.names(at(20)) == []) is counts


@pytest.mark.parametrize("report", ['{"part": true}', '{"state": "completed"}', "[]", "something else"])
def test_what_is_no_report_reports_nothing(report: str):
    run = RunRecord(1, RunId("run"), str(CLUSTER), day(3), day(3), day(3), (), report)
    assert reported(run) == frozenset()


def test_a_source_whose_files_name_another_is_waited_for_under_its_own_name():
    clock = Clock(day(1))
    world = World(Ledger(open_store(":memory:"), clock), clock)
    register = Scope(SourceInstance("records", "register"), "models")
    world.says(node("model", Kind.ASSET), scope=register, at=day(1))
    world.runs(register, day(1), by=SourceInstance("records"))
    world.clock.moment = day(20)
    cadences = {SourceInstance("records"): WEEKLY}
    assert world.stale(at(20), cadences=cadences) == [
        Stale(SourceInstance("records"), WEEKLY, day(1), day(8))
    ]


def test_an_edge_is_found_under_any_uid_of_its_node_and_as_known_then(world: World):
    world.says(node("same"), scope=PODS, at=day(3))
    record(world.ledger, Merge((Uid("pod"), Uid("same")), "one thing"))
    world.clock.moment = day(20)
    estate = Estate(world.ledger, {PEOPLE: WEEKLY})

    def stale_of(uid: str, standpoint: Standpoint) -> list[SourceInstance]:
        view = estate.view(standpoint)
        return [stale.source for stale in basis_of(view, [view.node(Uid(uid))], relations=["OWNS"]).stale]

    assert stale_of("same", at(20)) == [PEOPLE]
    before = Standpoint(as_of=day(20), known=CommitNumber(3))
    assert stale_of("same", before) == []
    world.says(node("new", type_="workload"), scope=PODS, at=day(21))
    world.says(edge("team", "OWNS", "new", "steward"), scope=STAFF, at=day(21))
    world.runs(STAFF, day(12), at=day(21))
    world.clock.moment = day(29)
    assert stale_of("new", at(29)) == [PEOPLE], "what a later run brought is seen, too"


def test_the_log_is_read_on_from_where_it_was_left(world: World):
    estate = Estate(world.ledger, {CLUSTER: WEEKLY})
    assert estate.reports.last(CLUSTER, day(40)) == day(1)
    for number in range(3, 500):
        world.runs(PODS, Instant(day(1) + number), at=day(39))
    assert estate.reports.last(CLUSTER, day(40)) == Instant(day(1) + 499)
    assert estate.reports.last(PEOPLE, day(40)) == day(2)


def test_an_answer_counts_no_run_beyond_its_place_in_the_run_log(world: World):
    world.clock.moment = day(20)
    view = Estate(world.ledger, {CLUSTER: WEEKLY}).view(at(20))
    world.runs(PODS, day(19), at=day(20))
    assert [stale.source for stale in basis_of(view, view.all_nodes()).stale] == [CLUSTER]
