"""The report of a run: kept in the run log, and shown as tables of plain text."""

import json

from graph.errors import Problem
from graph.model import Scope, SourceInstance
from ingest.record import Rejected, ScopeClosed, ScopeOpened
from ingest.report import LISTED, PENDING_LISTED, ReportTable, tables
from tests.ingest.jobs import Desk, Scripted, edge, node, section
from tests.support.saying import day


def test_the_report_that_is_returned_is_the_one_in_the_run_log(desk: Desk) -> None:
    report = desk.read(node("a"), edge("a", "INVOKES", "b"))
    (record,) = desk.store.runs(before=None, limit=5)
    assert json.loads(record.report) == report.to_json()
    assert (record.run, record.source, record.read_at) == (report.run, "records/default", day(1))
    assert [str(scope) for scope in record.completed] == ["records/default:estate"]


def test_scopes_read_at_several_times_make_one_report_and_parts_of_it(desk: Desk) -> None:
    path = desk.file(*section(node("a"), on=3), *section(node("b"), name="b", on=1), *section(name="c", on=3))
    report = desk.run(path)
    newest, part = desk.store.runs(before=None, limit=5)
    assert (newest.run, part.run) == (report.run, report.run)
    assert (newest.read_at, part.read_at) == (day(3), day(1))
    assert [scope.name for scope in newest.completed] == ["estate", "c"]
    assert [scope.name for scope in part.completed] == ["b"]
    assert json.loads(part.report)["part"] is True
    assert "part" not in json.loads(newest.report)


def test_long_lists_are_cut_and_say_so(desk: Desk) -> None:
    many = [Rejected(Problem("f", f"line {i}", "", "bad", "good")) for i in range(LISTED + 5)]
    said = desk.run(source=Scripted(many)).to_json()
    assert (said["records"]["rejected"], len(said["rejected"])) == (LISTED + 5, LISTED)
    assert said["rejected_not_listed"] == 5
    shown = {table.title: table for table in tables(said)}
    assert shown["Rejected"].rows[-1][0] == "and 5 more"


def test_nodes_that_no_source_describes_are_named_with_their_place(desk: Desk) -> None:
    said = desk.read(node("a"), edge("a", "INVOKES", "b"), edge("c", "INVOKES", "b")).to_json()
    assert said["nodes"]["pending"] == 2
    assert said["pending"] == [
        {"uid": "b", "place": "input-1.jsonl: line 3"},
        {"uid": "c", "place": "input-1.jsonl: line 4"},
    ]
    shown = {table.title: table for table in tables(said)}
    assert shown["Pending: mentioned, and described by no source"].rows[0] == ("b", "input-1.jsonl: line 3")
    desk.run(desk.file(*section(node("b"), node("c"), name="elsewhere")))
    again = desk.read(node("a"), edge("a", "INVOKES", "b"), edge("c", "INVOKES", "b"))
    assert again.pending == []


def test_a_report_that_only_counts_them_is_still_shown(desk: Desk) -> None:
    said = desk.read(edge("a", "INVOKES", "b")).to_json()
    del said["pending"], said["pending_not_listed"]
    shown = {table.title: table for table in tables(said)}
    assert shown["Pending: mentioned, and described by no source"].rows == (("and 2 more", ""),)


def test_of_many_nodes_that_no_source_describes_the_first_are_named(desk: Desk) -> None:
    many = [edge("a", "INVOKES", f"b{i}") for i in range(PENDING_LISTED + 5)]
    said = desk.read(node("a"), *many).to_json()
    assert (said["nodes"]["pending"], len(said["pending"])) == (PENDING_LISTED + 5, PENDING_LISTED)
    assert said["pending_not_listed"] == 5
    shown = {table.title: table for table in tables(said)}
    assert shown["Pending: mentioned, and described by no source"].rows[-1] == ("and 5 more", "")


def test_what_is_wrong_with_a_file_as_such_has_the_file_as_its_place(desk: Desk) -> None:
    whole = {"file": "standard input", "position": "", "field": "", "reason": "empty", "expected": "lines"}
    report = {**desk.read(node("a")).to_json(), "rejected": [whole, {**whole, "position": "line 2"}]}
    [rejected] = [table for table in tables(report) if table.title == "Rejected"]
    assert [row[0] for row in rejected.rows] == ["standard input", "standard input: line 2"]


def test_tables_hold_what_a_person_looks_for(desk: Desk) -> None:
    desk.read(node("a"), node("b"), on=1)
    report = desk.read(node("a"), {"node": {"uid": "x", "kind": "Server"}}, on=2)
    shown = {table.title: table for table in tables(report.to_json())}
    assert ("state", "partial") in shown[f"Report of {report.run}"].rows
    assert shown["Claims"] == ReportTable(
        "Claims",
        ("", "created", "changed", "unchanged", "closed", "withdrawn", "pending"),
        (("nodes", "0", "0", "1", "0", "0", "0"), ("edges", "0", "0", "0", "0", "0", "")),
    )
    assert shown["Scopes"].rows == (
        (
            "records/default:estate",
            "2026-01-02T00:00:00.000Z",
            "no",
            "0",
            "1 of its records was rejected",
        ),
    )
    assert shown["Rejected"].rows[0][:3] == (
        "input-2.jsonl: line 3",
        "node.kind",
        "holds a text that is not one of them",
    )
    assert "Warnings" not in shown


def test_a_terminal_only_shows_what_a_scope_is_called(desk: Desk) -> None:
    scope = Scope(SourceInstance("scripted"), "estate\x1b[2J")
    source = Scripted([ScopeOpened(scope, day(1)), ScopeClosed(scope, complete=True)])
    shown = tables(desk.run(source=source).to_json())
    assert all(cell.isprintable() for table in shown for row in table.rows for cell in row)
