"""What lines say of the completeness of single nodes: taken over from whole readings only."""

from pathlib import Path

from graph.ledger.change import Merge
from graph.model import Uid
from queries.estate import Estate
from queries.export import ExportQuestion, export_records
from tests.ingest.jobs import Desk, edge, node, section
from tests.support.saying import day, record

APP = node("app", coverage={"READS": "complete", "INVOKES": "incomplete"})
PLAIN = node("app", coverage={"INVOKES": "incomplete"})
NOT_WHOLE = "estate: as it was not read completely, no node of it is taken to have all of its edges named"


def is_covered(desk: Desk, relation: str, on: int = 9) -> bool:
    at = desk.ledger.at(day(on))
    (app,) = desk.ledger.nodes([Uid("app")], at).values()
    return desk.ledger.coverage(at).is_covered(app, relation)


def test_a_node_outweighs_its_scope_either_way(desk: Desk) -> None:
    desk.read(APP, edge("app", "INVOKES", "other"), on=2)
    assert is_covered(desk, "READS")
    assert not is_covered(desk, "INVOKES")


def test_before_its_reading_a_node_is_not_complete(desk: Desk) -> None:
    desk.read(node("app", valid_from=day(1), coverage={"READS": "complete"}), on=5)
    assert not is_covered(desk, "READS", on=4)
    assert is_covered(desk, "READS", on=5)


def test_reading_it_again_makes_no_commit(desk: Desk) -> None:
    desk.read(APP, node("other"), on=2)
    assert desk.read(APP, node("other"), on=2).commits == 0
    assert desk.read(APP, node("other"), on=3).commits == 0


def test_of_a_file_that_was_cut_off_no_node_is_complete(desk: Desk) -> None:
    report = desk.read(APP, on=2, end=False)
    assert report.warnings == [NOT_WHOLE]
    assert (report.nodes.created, is_covered(desk, "READS")) == (1, False)
    assert desk.read(APP, edge("app", "READS", "d"), on=2).warnings == []
    assert is_covered(desk, "READS")


def test_a_rejected_line_may_be_the_edge_that_is_missing(desk: Desk) -> None:
    report = desk.read(APP, edge("app", "READS", "d", marks=["nice"]), on=2)
    assert report.rejected_count == 1
    assert report.warnings == [NOT_WHOLE]
    assert not is_covered(desk, "READS")


def test_an_edge_that_the_ledger_refuses_is_missing_too(desk: Desk) -> None:
    desk.run(desk.file(*section(node("person", "Identity"), name="people")))
    report = desk.read(APP, edge("app", "READS", "person"), on=2)
    assert report.rejected_count == 1
    assert not is_covered(desk, "READS")


def test_what_is_incomplete_is_so_from_any_reading(desk: Desk) -> None:
    desk.read(node("app"), edge("app", "INVOKES", "other"), on=2)
    assert is_covered(desk, "INVOKES")
    desk.read(PLAIN, on=3, end=False)
    assert not is_covered(desk, "INVOKES")
    assert is_covered(desk, "INVOKES", on=2)


def test_more_nodes_than_a_batch_keep_their_intervals_and_places(desk: Desk) -> None:
    lines = [node(f"n{i}", name=f"N{i}", valid_from=day(1), coverage={"READS": "complete"}) for i in range(7)]
    report = desk.read(*lines, on=2, batch_size=3)
    assert (report.nodes.created, report.rejected_count) == (7, 0)
    (row,) = desk.ledger.claims(Uid("n5"), desk.ledger.at(day(2)))
    assert (row.valid.start, row.claim.locator) == (day(1), "input-1.jsonl: line 7")


def everything_covered(desk: Desk) -> dict[tuple[int, str], frozenset[str]]:
    """For each day and node the relations that it is covered for."""
    found: dict[tuple[int, str], frozenset[str]] = {}
    for on in range(1, 10):
        at = desk.ledger.at(day(on))
        for uid, found_node in desk.ledger.nodes([Uid(u) for u in ("app", "other", "third")], at).items():
            found[on, uid] = desk.ledger.coverage(at).relations_of(found_node)
    return found


def test_a_copy_knows_the_same_of_every_node_at_every_date(desk: Desk, tmp_path: Path) -> None:
    desk.read(APP, node("other"), on=2)
    desk.read(APP, node("other", coverage={"WRITES": "complete"}), edge("other", "WRITES", "d"), on=4)
    desk.read(
        node("app", coverage={"READS": "incomplete"}), node("third", coverage={"READS": "complete"}), on=6
    )
    desk.run(desk.file(*section(node("bom:app"), on=7, name="bom", covers={"relations": ["BUILT_FROM"]})))
    record(desk.ledger, Merge((Uid("app"), Uid("bom:app")), "one service"))
    known = everything_covered(desk)
    assert {on: known.get((on, "app")) for on in (1, 2, 5, 6, 7)} == {
        1: None,
        2: {"READS"},
        5: {"READS", "WRITES"},
        6: {"WRITES"},
        7: {"WRITES", "BUILT_FROM"},
    }
    assert known[3, "other"] == frozenset()
    assert known[4, "other"] == {"WRITES"}

    lines = list(export_records(Estate(desk.ledger), ExportQuestion()).lines())
    copy = Desk(tmp_path / "copy")
    copy.folder.mkdir()
    assert copy.run(copy.file(*lines)).warnings == []
    assert everything_covered(copy) == known
    again = export_records(Estate(copy.ledger), ExportQuestion()).lines()
    assert sorted(again) == sorted(lines)
