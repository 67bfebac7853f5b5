"""An export says again what the estate says, so that reading it in gives the same graph."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest

from graph.ledger.change import Assert, Cover, Merge, Refute, Unmerge
from graph.ledger.claims import claim_id_of
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord
from graph.model import (
    AsOf,
    Claim,
    CommitNumber,
    ExternalId,
    RunId,
    Scope,
    SourceInstance,
    Uid,
)
from graph.store import open_store
from graph.vocabulary import Kind, Origin
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunState
from ingest.sources.records import SOURCE
from queries.estate import Estate, Standpoint
from queries.evidence import SlotResult, SlotState
from queries.export import ExportQuestion, GraphQuestion, export_graph, export_records
from queries.export_losses import LOSSES, LedgerOnly
from tests.queries.evidence.test_graph_answers import slot_of
from tests.queries.evidence.worlds import DayClock, read_shipped_catalogs
from tests.support.random_history import SCOPES, RandomHistory
from tests.support.replayed import graph_at, replayed
from tests.support.saying import RECORDS, attempt, day, days, edge, node, record

IDENTITY = Kind.IDENTITY
Graph: TypeAlias = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def new_ledger() -> Ledger:
    return Ledger(open_store(":memory:"))


def lines_of(ledger: Ledger) -> list[dict]:
    export = export_records(Estate(ledger), ExportQuestion())
    return [json.loads(line) for line in export.lines()]


def test_a_section_says_scope_claims_and_end():
    ledger = new_ledger()
    record(
        ledger,
        node("key", Kind.SECRET, type_="api_key", name="Gateway key", ids=[("aws-access-key-id", "AKIA")]),
        edge("key", "AUTHENTICATES", "id", "sole"),
        Cover(RECORDS, frozenset({"Secret"}), frozenset({"AUTHENTICATES"}), day(2)),
        valid=days(1, 9),
    )
    assert lines_of(ledger) == [
        {
            "scope": {
                "name": "estate",
                "source": "records/default",
                "read_at": "2026-01-02T00:00:00.000Z",
                "covers": {"kinds": ["Secret"], "relations": ["AUTHENTICATES"]},
            }
        },
        {
            "node": {
                "uid": "key",
                "kind": "Secret",
                "type": "api_key",
                "name": "Gateway key",
                "external_ids": [{"scheme": "aws-access-key-id", "value": "AKIA"}],
                "valid_from": "2026-01-01T00:00:00.000Z",
                "valid_to": "2026-01-09T00:00:00.000Z",
            }
        },
        {
            "edge": {
                "relation": "AUTHENTICATES",
                "subject": "key",
                "object": "id",
                "marks": ["sole"],
                "valid_from": "2026-01-01T00:00:00.000Z",
                "valid_to": "2026-01-09T00:00:00.000Z",
            }
        },
        {"end": {"scope": "estate", "count": 2}},
    ]


def test_a_scope_that_was_never_read_completely_has_no_end():
    ledger = new_ledger()
    record(ledger, node("a"))
    assert [next(iter(line)) for line in lines_of(ledger)] == ["scope", "node"]


def test_a_scope_that_came_to_cover_more_says_both_times():
    ledger = new_ledger()
    record(ledger, node("a"), Cover(RECORDS, frozenset({"Asset"}), frozenset(), day(2)))
    record(ledger, Cover(RECORDS, frozenset(), frozenset({"READS"}), day(5)))
    headers = [line["scope"] for line in lines_of(ledger) if "scope" in line]
    assert [(h["read_at"][:10], h["covers"]) for h in headers] == [
        ("2026-01-02", {"kinds": ["Asset"], "relations": []}),
        ("2026-01-05", {"kinds": ["Asset"], "relations": ["READS"]}),
    ]


def test_refuted_claims_are_left_out():
    ledger = new_ledger()
    record(ledger, node("a"), node("b"))
    record(ledger, Refute(claim_id_of(RECORDS, Uid("b")), "it is a"))
    assert [line["node"]["uid"] for line in lines_of(ledger) if "node" in line] == ["a"]


def test_personal_values_are_in_it_and_erased_ones_are_not():
    ledger = new_ledger()
    record(ledger, node("p1", IDENTITY, type_="person", name="Ada"))
    record(ledger, node("p2", IDENTITY, type_="person", name="Bo"))
    ledger.erase_personal(Uid("p2"), actor="test", reason="as was asked for")
    export = export_records(Estate(ledger), ExportQuestion())
    text = "\n".join(export.lines())
    assert "Ada" in text
    assert "Bo" not in text
    assert export.holds_personal_values


def test_a_name_of_which_nothing_tells_whether_it_is_a_persons_counts_as_one():
    ledger = new_ledger()
    record(ledger, node("i1", IDENTITY, name="ci-bot"))
    assert export_records(Estate(ledger), ExportQuestion()).holds_personal_values


def test_a_teams_name_is_nobodys():
    ledger = new_ledger()
    record(ledger, node("t1", IDENTITY, type_="team", name="Credit risk"))
    assert not export_records(Estate(ledger), ExportQuestion()).holds_personal_values


def test_merged_uids_are_written_as_one_and_both_that_one_scope_says_survive():
    ledger = new_ledger()
    record(ledger, node("a", name="first", size=1), node("b", name="second", region="eu"))
    record(ledger, edge("b", "INVOKES", "a"), edge("b", "INVOKES", "c"))
    record(ledger, Merge((Uid("a"), Uid("b")), "one thing"))
    lines = lines_of(ledger)
    assert [line["scope"]["name"] for line in lines if "scope" in line] == ["estate#2", "estate"]
    assert {line["node"]["uid"] for line in lines if "node" in line} == {"a"}
    edges = [line["edge"] for line in lines if "edge" in line]
    assert [(e["subject"], e["object"]) for e in edges] == [("a", "c")]
    again = replayed(export_records(Estate(ledger), ExportQuestion()).sections)
    assert graph_at(again, again.at(day(2))) == graph_at(ledger, ledger.at(day(2)))


def test_of_what_a_person_declared_different_only_one_keeps_the_shared_id():
    ledger = new_ledger()
    cluster = Scope(SourceInstance("kubernetes"), "prod")
    record(ledger, node("a", ids=[("k8s", "x")]), node("b", ids=[("k8s", "x")]), scope=cluster)
    record(ledger, Unmerge((Uid("a"), Uid("b")), "two things"))
    export = export_records(Estate(ledger), ExportQuestion())
    again = replayed(export.sections)
    assert [n.uid for n in again.all_nodes(again.at(day(2)))] == ["a", "b"]
    assert export.apart == {"b": (ExternalId("k8s", "x"),)}
    assert export.notes[-1] == "b: without k8s=x, by which it would be taken for another node"


def test_a_value_that_wins_only_by_being_recorded_later_still_wins():
    ledger = new_ledger()
    early, late = (Scope(SourceInstance(name), "all") for name in ("aaa", "zzz"))
    # By name "aaa" would win, and the order of sections cannot serve both nodes.
    for first, second, uid in ((early, late, "x"), (late, early, "y")):
        record(ledger, node(uid, region=f"{uid} loses"), scope=first, valid=days(1))
        record(ledger, node(uid, region=f"{uid} wins"), scope=second, valid=days(1))
    again = replayed(export_records(Estate(ledger), ExportQuestion()).sections)
    found = again.nodes([Uid("x"), Uid("y")], again.at(day(2)))
    assert {uid: n.text("region") for uid, n in found.items()} == {"x": "x wins", "y": "y wins"}


def read_completely(ledger: Ledger, uid: str, *, on: int, restates: bool) -> None:
    """A complete reading that shows a node first, as there since the first day; another one did before."""
    cover = Cover(RECORDS, frozenset({"Asset"}), frozenset({"READS"}), day(on), day(on), restates)
    record(ledger, node(uid), cover, valid=days(1), read_at=day(on))
    log_read(ledger, on=on)


def log_read(ledger: Ledger, *, on: int) -> None:
    moment = ledger.clock()
    ledger.store.add_run(RunRecord(0, RunId("r"), "records", day(on), moment, moment, (RECORDS,), "{}"))


def is_covered(ledger: Ledger, uid: str, on: int) -> bool:
    at = ledger.at(day(on))
    return ledger.coverage(at).is_covered(ledger.nodes([Uid(uid)], at)[Uid(uid)], "READS")


def test_what_readings_restate_is_covered_as_early_in_a_copy(tmp_path: Path):
    ledger = new_ledger()
    read_completely(ledger, "a", on=2, restates=True)
    read_completely(ledger, "b", on=6, restates=True)
    export = export_records(Estate(ledger), ExportQuestion())
    assert export.losses == {LedgerOnly.COMMITS: 2}
    headers = [line["scope"] for line in map(json.loads, export.lines()) if "scope" in line]
    assert [(header["read_at"][:10], header["restates"]) for header in headers] == [
        ("2026-01-02", True),
        ("2026-01-06", True),
    ]
    for one in (ledger, read_in(export.lines(), tmp_path / "estate.jsonl")):
        assert [is_covered(one, uid, on) for uid in "ab" for on in (1, 2, 5, 9)] == [
            False,
            True,
            True,
            True,
        ] * 2


def test_what_readings_do_not_restate_is_unknown_in_a_copy_before_the_newest_and_counted(tmp_path: Path):
    ledger = new_ledger()
    read_completely(ledger, "a", on=2, restates=False)
    log_read(ledger, on=6)
    export = export_records(Estate(ledger), ExportQuestion())
    assert export.losses == {LedgerOnly.FIRST_READS: 1, LedgerOnly.COMMITS: 1}
    copy = read_in(export.lines(), tmp_path / "estate.jsonl")
    assert [is_covered(ledger, "a", on) for on in (1, 2, 5, 9)] == [False, True, True, True]
    assert [is_covered(copy, "a", on) for on in (1, 2, 5, 9)] == [False, False, False, True]


def test_what_was_seen_after_the_last_complete_reading_is_not_covered_by_it(tmp_path: Path):
    ledger = new_ledger()
    read_completely(ledger, "a", on=2, restates=False)
    record(ledger, node("late"), valid=days(1), read_at=day(5))
    lines = list(export_records(Estate(ledger), ExportQuestion()).lines())
    assert [next(iter(json.loads(line))) for line in lines] == ["scope", "node", "end", "scope", "node"]
    for one in (ledger, read_in(lines, tmp_path / "estate.jsonl")):
        assert [is_covered(one, uid, on=9) for uid in ("a", "late")] == [True, False]


def without_loners(graph: Graph) -> Graph:
    """The graph without nodes that nobody describes and only edges with themselves mention.

    Merging made these edges loops, which neither the graph nor the export holds.
    """
    nodes, edges = graph
    ends = {ref.uid for edge in edges for ref in edge[1:3]}
    return [node for node in nodes if node[2] or node[0] in ends], edges


def as_exported(graph: Graph, apart: Mapping[Uid, Collection[ExternalId]]) -> Graph:
    """The graph that an export promises: of external ids, all but those that it says are left out."""
    nodes, edges = without_loners(graph)
    stripped = [(*rest, tuple(i for i in ids if i not in apart.get(rest[0], ()))) for *rest, ids in nodes]
    return stripped, edges


@cache
def random_estate(seed: int) -> Ledger:
    """A random history; in every other one, twins that share an id are declared to be two things."""
    ledger = new_ledger()
    world = RandomHistory(ledger, seed)
    for turn in range(25):
        world.turn()
        if seed % 2 and turn % 6 == 5:
            one, other, third = (f"twin-{number}" for number in Random(seed + turn).sample(range(3), 3))
            sharing = [node(uid, ids=[("k8s", "c/twin")]) for uid in (one, other)]
            attempt(ledger, *sharing, edge(third, "INVOKES", one), scope=SCOPES[1], valid=days(1 + turn))
            attempt(ledger, Unmerge((Uid(one), Uid(other)), "two things"))
            attempt(ledger, Merge((Uid(third), Uid("asset-5")), "one thing"))
    return ledger


def assert_same(ledger: Ledger, again: Ledger, apart: Mapping[Uid, Collection[ExternalId]]) -> None:
    """The graph and what is covered are the same on days of the whole month."""
    for number in (0, 3, 9, 15, 22, 29, 32):
        here, there = ledger.at(day(number)), again.at(day(number))
        assert without_loners(graph_at(again, there)) == as_exported(graph_at(ledger, here), apart), number
        mine, theirs = ledger.coverage(here).scopes, again.coverage(there).scopes
        assert {scope: theirs[scope] for scope in SCOPES if scope in theirs} == mine
        assert_nothing_more_is_covered(ledger, here, again, there)


def assert_nothing_more_is_covered(ledger: Ledger, here: AsOf, again: Ledger, there: AsOf) -> None:
    """Of no node a copy takes more for known to be absent than the ledger that it was made from."""
    mine, theirs = ledger.coverage(here), again.coverage(there)
    nodes = {known.uid: mine.relations_of(known) for known in ledger.all_nodes(here)}
    for found in again.all_nodes(there):
        assert theirs.relations_of(found) <= nodes[found.uid], found.uid


@pytest.mark.parametrize("seed", range(30))
def test_any_estate_read_in_again_is_the_same_graph_at_every_date(seed: int):
    ledger = random_estate(seed)
    export = export_records(Estate(ledger), ExportQuestion())
    assert_same(ledger, replayed(export.sections), export.apart)


def test_random_estates_hold_what_is_hard_to_export():
    """So that none of the estates above has to be left out, and not all of them are simple."""
    exports = [export_records(Estate(random_estate(seed)), ExportQuestion()) for seed in range(30)]
    for what in set(LedgerOnly) - {LedgerOnly.DECISION_TIMES, LedgerOnly.DERIVED}:
        assert sum(what in export.losses for export in exports) >= 3, what


def test_an_export_of_an_export_is_the_same():
    once = export_records(Estate(random_estate(7)), ExportQuestion())
    again = export_records(Estate(replayed(once.sections)), ExportQuestion())
    assert sorted(again.lines()) == sorted(once.lines())


def test_what_follows_from_others_is_left_out_and_counted():
    ledger = new_ledger()
    record(ledger, node("a", Kind.SECRET), node("b", Kind.SECRET))
    support = claim_id_of(RECORDS, Uid("a"))
    derived = Scope(SourceInstance("derived"), "derived:same-value")
    claim = Claim(derived, edge("a", "SAME_VALUE", "b"), origin=Origin.DERIVED, supports=(support,))
    record(ledger, Assert(claim), Cover(derived, frozenset(), frozenset(), day(1), complete_at=day(1)))
    export = export_records(Estate(ledger), ExportQuestion())
    assert [line for line in export.lines() if "edge" in line or "derived" in line] == []
    assert export.losses == {LedgerOnly.DERIVED: 1, LedgerOnly.COMMITS: 2}
    assert export.notes[0] == (
        "1 derived claim: left out, as they follow from others and are derived anew in a copy"
    )


def read_in(lines: Iterable[str], file: Path) -> Ledger:
    """A new ledger into which the job has read the lines on the fortieth day, all of them and in full."""
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    ledger = Ledger(open_store(":memory:"), clock=DayClock(40))
    report = run_job(ledger, SOURCE, [file], JobOptions("test", Fingerprinter(b"x" * 32)))
    assert report.state is RunState.COMPLETED, report
    return ledger


@pytest.mark.parametrize("seed", range(12))
def test_reading_the_lines_with_the_job_gives_the_same_graph(seed: int, tmp_path: Path):
    ledger = random_estate(seed)
    export = export_records(Estate(ledger), ExportQuestion())
    file = tmp_path / "estate.jsonl"
    copy = read_in(export.lines(), file)
    assert_same(ledger, copy, export.apart)
    before = copy.head().sequence
    run_job(copy, SOURCE, [file], JobOptions("test", Fingerprinter(b"x" * 32)))
    assert copy.head().sequence == before, "read again, nothing changes"


# ---------------------------------------------------------------- what only the ledger knows


def test_what_a_copy_will_not_know_is_counted():
    ledger = new_ledger()
    cluster = Scope(SourceInstance("kubernetes"), "prod")
    record(ledger, node("a"), node("b"), node("c", size=1), edge("a", "INVOKES", "b"))
    record(ledger, node("x", ids=[("k8s", "x")]), node("y", ids=[("k8s", "x")]), scope=cluster)
    record(ledger, node("yes", Kind.DECISION, type_="approval"), edge("yes", "ABOUT", "c"))
    record(ledger, Merge((Uid("a"), Uid("b")), "one thing"))
    record(ledger, Unmerge((Uid("x"), Uid("y")), "two things"))
    record(ledger, Refute(claim_id_of(cluster, Uid("y")), "it is not"))
    record(ledger, node("c", size=2))
    assert export_records(Estate(ledger), ExportQuestion()).losses == {
        LedgerOnly.DECISION_TIMES: 1,
        LedgerOnly.MERGES: 1,
        LedgerOnly.UNMERGES: 1,
        LedgerOnly.REFUTATIONS: 1,
        LedgerOnly.LOOPS: 1,
        LedgerOnly.COMMITS: 7,
    }


def test_what_is_lost_is_counted_as_known_at_the_commit():
    ledger = new_ledger()
    record(ledger, node("a"), node("b"))
    record(ledger, Merge((Uid("a"), Uid("b")), "one thing"))
    question = ExportQuestion(Standpoint(known=CommitNumber(1)))
    assert export_records(Estate(ledger), question).losses == {LedgerOnly.COMMITS: 1}


def test_everything_that_may_be_lost_has_words_and_stands_in_the_documentation():
    documented = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
    assert set(LOSSES) == set(LedgerOnly)
    for loss in LOSSES.values():
        assert loss.several in documented
        assert loss.becomes in documented


OWNED = (
    node("app", type_="model"),
    node("ana", IDENTITY, type_="person", status="active"),
    edge("ana", "OWNS", "app", "accountable"),
)


def owner_slot(ledger: Ledger, t: int) -> SlotResult:
    return slot_of(ledger, "House 1", "app", t=t)


@pytest.mark.parametrize("covered", [False, True])
def test_a_copy_takes_nothing_for_seen_later_than_it_was(covered: bool, tmp_path: Path):
    """Seen on the fourth, and where the source is read completely, on the ninth; read in on the fortieth."""
    ledger = Ledger(open_store(":memory:"), clock=DayClock(11))
    read_shipped_catalogs(ledger, "house")
    cover = [Cover(RECORDS, frozenset({"Asset"}), frozenset({"OWNS"}), day(4))] if covered else []
    record(ledger, *OWNED, *cover, read_at=day(4), valid=days(1))
    if covered:
        run = RunRecord(0, RunId("r"), "records", day(9), day(10), day(11), (RECORDS,), "{}")
        ledger.store.add_run(run)
    copy = read_in(export_records(Estate(ledger), ExportQuestion()).lines(), tmp_path / "estate.jsonl")
    for one in (ledger, copy):
        proof = owner_slot(one, 12).proof
        assert proof is not None
        assert proof.collected_at == (day(9) if covered else day(4))


def test_in_a_copy_decisions_count_from_its_reading_on_and_everything_else_as_before(tmp_path: Path):
    """An approval of the fifth: read in on the fortieth, it is no approval on the twentieth."""
    ledger = Ledger(open_store(":memory:"), clock=(clock := DayClock(3)))
    read_shipped_catalogs(ledger, "house")
    version = node("app-1", type_="model_version", digest="sha256:1")
    runs = edge("app", "DEPLOYED_AS", "app-1", environment="production")
    tested = node(
        "test",
        Kind.EVIDENCE,
        type_="evaluation",
        aspect="accuracy",
        verdict="pass",
        collected_at=day(4),
        subject_digests=("sha256:1",),
        locator="reports/1.json",
    )
    record(ledger, *OWNED, version, runs, tested, edge("test", "ABOUT", "app-1"), valid=days(1))
    clock.today = 5
    approved = node("yes", Kind.DECISION, type_="approval", aspect="use", subject_digests=("sha256:1",))
    record(ledger, approved, edge("yes", "ABOUT", "app-1"), valid=days(5))
    copy = read_in(export_records(Estate(ledger), ExportQuestion()).lines(), tmp_path / "estate.jsonl")
    for t, state in ((20, SlotState.MISSING), (41, SlotState.UNVERIFIED)):
        assert slot_of(ledger, "House 2", "app", t=t).state is SlotState.UNVERIFIED
        assert slot_of(copy, "House 2", "app", t=t).state is state
        for label in ("House 1", "House 3", "House 5"):
            assert slot_of(copy, label, "app", t=t) == slot_of(ledger, label, "app", t=t)


def test_the_folded_graph_is_that_of_the_date():
    ledger = new_ledger()
    record(ledger, node("a"), edge("a", "INVOKES", "b"), valid=days(1, 9))
    record(ledger, node("c"), valid=days(9))

    def graph(number: int) -> tuple[list[str], int]:
        found = export_graph(Estate(ledger), GraphQuestion(Standpoint(as_of=day(number))))
        return [n.uid for n in found.nodes], len(found.edges)

    assert graph(8) == (["a", "b"], 1)
    assert graph(9) == (["c"], 0)
