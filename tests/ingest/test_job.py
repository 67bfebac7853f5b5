"""A job says everything once, in bounded commits, and tells what came of it."""

import json
from pathlib import Path

import pytest

from graph.errors import StoreUnavailable
from graph.model import Claim, NodeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import Kind
from ingest.options import Progress
from ingest.record import Noted, Observed, Said, ScopeClosed, ScopeOpened, Skipped
from ingest.report import RunState
from tests.ingest.jobs import Desk, Scripted, edge, node, section
from tests.support.saying import RECORDS, day
from tests.support.saying import node as claimed


def test_the_same_input_again_makes_no_commit_and_one_more_run(desk: Desk) -> None:
    path = desk.file(
        *section(node("a", name="A", properties={"tier": 1}), node("b"), edge("a", "INVOKES", "b"))
    )
    first = desk.run(path)
    head = desk.ledger.head()
    second = desk.run(path)

    assert first.state is RunState.COMPLETED
    assert (first.nodes.created, first.edges.created) == (2, 1)
    assert second.commits == 0
    assert (second.nodes.unchanged, second.edges.unchanged) == (2, 1)
    assert desk.ledger.head().hash == head.hash
    assert desk.ledger.head().runs == 2


def test_an_edge_may_come_commits_before_its_ends(desk: Desk) -> None:
    report = desk.read(edge("a", "INVOKES", "b"), node("b"), node("a"), batch_size=1)
    assert report.rejected_count == 0
    assert report.nodes.pending == 0
    nodes = desk.ledger.nodes([Uid("a"), Uid("b")], desk.ledger.at())
    assert all(found.described for found in nodes.values())


def test_commits_are_bounded_by_the_batch_size(desk: Desk) -> None:
    report = desk.read(*(node(f"n{i}") for i in range(10)), batch_size=4)
    # Ten claims make commits of 4, 4 and 2, and one more says that the scope is covered.
    sizes = [len(commit.operation_digests) for commit in desk.ledger.commits()]
    assert sizes == [4, 4, 2, 1]
    assert (report.commits, report.first_commit, report.last_commit) == (4, 1, 4)


def test_nodes_that_nobody_describes_are_pending(desk: Desk) -> None:
    first = desk.read(node("a"), edge("a", "INVOKES", "b"), edge("a", "INVOKES", "c"), end=False)
    assert first.nodes.pending == 2
    # Another source's description counts: pending is what nobody describes.
    desk.run(desk.file(*section(node("b"), name="elsewhere", source="crm")))
    second = desk.read(node("a"), edge("a", "INVOKES", "b"), edge("a", "INVOKES", "c"), end=False)
    assert second.nodes.pending == 1


def test_an_equal_line_is_counted_as_unchanged(desk: Desk) -> None:
    report = desk.read(node("a", name="A"), node("a", name="A"))
    assert (report.state, report.accepted) == (RunState.COMPLETED, 2)
    assert (report.nodes.created, report.nodes.unchanged) == (1, 1)


def test_a_line_that_contradicts_an_earlier_one_is_rejected_in_any_batch(desk: Desk) -> None:
    report = desk.read(node("a", name="A"), node("b"), node("a", name="B"), batch_size=1)
    (problem,) = report.rejected
    assert (problem.position, problem.field) == ("line 4", "")
    assert "line 2" in problem.reason
    assert [content["name"] for _, _, content in desk.spans("a")] == ["A"]


def test_a_volatile_property_goes_to_the_run_log_and_makes_no_commit(desk: Desk) -> None:
    def read(on: int, last_used: int):
        line = node("key", "Secret", properties={"last_used": last_used, "created": 5})
        return desk.read(line, on=on)

    read(1, 1_000)
    again = read(2, 2_000)
    assert again.commits == 0
    assert [(v.name, v.value) for v in desk.store.volatile([Uid("key")])] == [("last_used", "2000")]
    assert desk.spans("key")[0][2]["properties"] == {"created": 5}


def test_an_older_look_does_not_replace_a_newer_volatile_value(desk: Desk) -> None:
    desk.read(node("key", "Secret", properties={"last_used": 2}), on=5)
    desk.read(node("key", "Secret", properties={"last_used": 1}), on=2)
    assert [v.value for v in desk.store.volatile([Uid("key")])] == ["2"]


def test_notes_and_skipped_things_are_in_the_report(desk: Desk) -> None:
    source = Scripted(
        [
            Skipped("RoleBinding"),
            Noted("look"),
            Noted("look"),
            Skipped("RoleBinding"),
            Observed(Uid("a"), "n", "1"),
        ]
    )
    said = desk.run(source=source).to_json()
    assert said["skipped"] == {"RoleBinding": 2}
    assert said["warnings"] == ["look"]
    assert said["observed"] == 1


def test_a_type_that_nobody_knows_is_taken_and_warned_of_once(desk: Desk) -> None:
    report = desk.read(node("a", type="modle"), node("b", type="modle"), node("c", type="agent"))
    assert report.nodes.created == 3
    [warning] = report.to_json()["warnings"]
    assert warning.startswith("Asset of type 'modle': the vocabulary does not know it")
    assert warning.endswith("Is model meant?")


def test_a_source_that_raises_is_a_problem_with_a_place_and_without_its_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    report = desk.run(source=Scripted([Noted("so far"), ValueError("planted-value")]))
    assert report.state is RunState.FAILED
    (problem,) = report.rejected
    assert (problem.file, problem.reason) == ("scripted", "the source stopped with ValueError")
    assert "ValueError" in caplog.text
    assert "planted-value" not in caplog.text + json.dumps(report.to_json())


def test_a_store_that_gives_up_ends_the_job_and_the_log_says_so(desk: Desk) -> None:
    with pytest.raises(StoreUnavailable):
        desk.run(source=Scripted([StoreUnavailable("somewhere", "it is gone")]))
    (record,) = desk.store.runs(before=None, limit=10)
    assert json.loads(record.report)["state"] == "failed"


def test_an_interrupted_run_keeps_what_it_committed_and_says_so(desk: Desk) -> None:
    stops = iter([KeyboardInterrupt])

    def stop(progress: Progress) -> None:
        if progress.commits and (pressed := next(stops, None)):
            raise pressed

    lines = [node(f"n{i}") for i in range(300)]
    path = desk.file(*section(*lines))
    report = desk.run(path, batch_size=50, progress=stop)
    assert report.state is RunState.INTERRUPTED
    # Progress is told every two hundred records, the scope's opening among them.
    assert report.nodes.created == 150
    (record,) = desk.store.runs(before=None, limit=10)
    assert (json.loads(record.report)["state"], record.completed) == ("interrupted", ())
    rest = desk.run(path)
    assert (rest.nodes.created, rest.nodes.unchanged) == (150, 150)


def test_progress_reaches_the_end_of_the_input(desk: Desk) -> None:
    told: list[Progress] = []
    path = desk.file(*section(node("a"), node("b")))
    desk.run(path, progress=told.append)
    assert told[-1].records == 2
    assert (told[-1].done_bytes, told[-1].total_bytes) == (path.stat().st_size, path.stat().st_size)


def test_a_file_that_is_not_there_is_a_rejected_one(desk: Desk, tmp_path: Path) -> None:
    report = desk.run(tmp_path / "missing.jsonl")
    (problem,) = report.rejected
    assert (problem.file, problem.reason) == ("missing.jsonl", "no such file or directory")


def test_a_claim_outside_of_any_scope_is_rejected(desk: Desk) -> None:
    report = desk.run(source=Scripted([Said(Claim(RECORDS, claimed("a")), "f", "1")]))
    assert [p.field for p in report.rejected] == ["scope"]
    assert desk.ledger.head().sequence == 0


def test_a_run_that_had_nothing_to_read_is_not_completed(desk: Desk) -> None:
    for paths in ((), (desk.file(),)):
        report = desk.run(*paths)
        assert report.state is RunState.PARTIAL
        assert "Nothing was read" in report.warnings[0]
    assert desk.ledger.head().sequence == 0


@pytest.mark.parametrize(
    ("position", "locator"), [("/a\ud800", None), ("/a", "f: /a\ud800"), ("/\x1b[2J", None)]
)
def test_a_place_that_cannot_be_written_is_escaped_and_stops_nothing(desk: Desk, position, locator):
    scope = Scope(SourceInstance("scripted"), "all")
    claim = Claim(scope, NodeFacts(Uid("a"), Kind.ASSET), locator=locator)
    said = Said(claim, "f", position)
    report = desk.run(source=Scripted([ScopeOpened(scope, day(1)), said, ScopeClosed(scope, complete=True)]))
    assert (report.state, report.nodes.created) == (RunState.COMPLETED, 1)
    (row,) = desk.ledger.claims(Uid("a"), desk.ledger.at())
    assert row.claim.locator is None or row.claim.locator == "f: /a\\ud800"
