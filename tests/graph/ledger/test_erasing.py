"""Erasing what is personal about somebody: everywhere it stands, and what is said of the rest."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import InvalidValue, NodeNotFound
from graph.ledger.change import Merge
from graph.ledger.erasing import Erasure
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord, VolatileValue
from graph.model import RunId, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from tests.support.saying import Clock, day, days, edge, node, record

STAFF = Scope(SourceInstance("people"), "staff")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = open_store(str(tmp_path / "estate.db"))
    yield Ledger(store, Clock())
    store.close()


def person(uid: str = "p1", name: str = "Ada Lovelace", **more):
    return node(uid, Kind.IDENTITY, type_="person", name=name, **more)


def erase(ledger: Ledger, uid: str = "p1", actor: str = "eve", reason: str = "as was asked for") -> Erasure:
    return ledger.erase_personal(Uid(uid), actor=actor, reason=reason)


def seen(ledger: Ledger, *uids: str) -> None:
    values = [VolatileValue(Uid(uid), "last_seen", "today", day(1), RunId("r")) for uid in uids]
    run = RunRecord(0, RunId("r"), "people/default", day(1), day(1), day(1), (), "{}")
    ledger.store.add_run(run, values)


def test_values_of_rows_that_ended_are_erased_too(ledger: Ledger):
    record(ledger, person(name="Ada Byron", phone="0123"), read_at=day(1))
    record(ledger, person(name="Ada King", phone="0123"), read_at=day(3))
    record(ledger, person(name="Ada Lovelace"), read_at=day(5))
    erasure = erase(ledger)
    assert dict(erasure.values) == {"name": 3, "properties.phone": 1}
    for on in (1, 3, 5):
        (node_then,) = ledger.nodes([Uid("p1")], ledger.at(day(on))).values()
        assert (node_then.name, node_then.get("phone")) == (None, None)
    assert ledger.search("ada", ledger.at()).items == ()
    assert ledger.verify().erased == 4


def test_what_was_seen_of_somebody_in_passing_goes_too(ledger: Ledger):
    record(ledger, person(), person("p2", name="Grace Hopper"))
    seen(ledger, "p1", "p2")
    assert erase(ledger).passing == 1
    assert [value.uid for value in ledger.store.volatile([Uid("p1"), Uid("p2")])] == ["p2"]


def test_what_was_seen_of_a_machine_stays(ledger: Ledger):
    record(ledger, node("sa", Kind.IDENTITY, type_="service_account", name="scorer"))
    seen(ledger, "sa")
    erasure = erase(ledger, "sa")
    assert (erasure.commit, erasure.count, erasure.passing) == (None, 0, 0)
    assert len(ledger.store.volatile([Uid("sa")])) == 1


def test_somebody_of_whom_only_something_in_passing_is_known(ledger: Ledger):
    record(ledger, edge("p9", "OWNS", "app", "accountable"))
    seen(ledger, "p9")
    erasure = erase(ledger, "p9")
    assert (erasure.count, erasure.passing) == (0, 1)
    assert ledger.verify().reason is None


def test_the_commit_says_who_and_why_and_holds_nothing_of_it(ledger: Ledger):
    record(ledger, person(phone="0123456789"))
    commit = erase(ledger).commit
    assert commit is not None
    assert (commit.actor, commit.summary) == ("eve", "personal values of p1 are erased")
    whole = str([ledger.commits(), *(ledger.store.operations(c.sequence) for c in ledger.commits())])
    assert "Lovelace" not in whole
    assert "0123456789" not in whole


def test_erasing_again_makes_no_commit(ledger: Ledger):
    record(ledger, person())
    erase(ledger)
    head = ledger.head().sequence
    assert erase(ledger).commit is None
    assert ledger.head().sequence == head


def test_what_is_said_again_later_is_back_and_can_be_erased_again(ledger: Ledger):
    record(ledger, person(), read_at=day(1))
    erase(ledger)
    record(ledger, person(), read_at=day(5))
    (again,) = ledger.nodes([Uid("p1")], ledger.at(day(6))).values()
    assert again.name == "Ada Lovelace"
    assert erase(ledger).count == 1
    assert ledger.verify().erased == 2


def test_a_uid_that_nothing_was_said_about_is_not_found(ledger: Ledger):
    with pytest.raises(NodeNotFound):
        erase(ledger, "nobody")


@pytest.mark.parametrize("more", [{"reason": "Ada lovelace asked"}, {"actor": "ADA LOVELACE"}])
def test_neither_reason_nor_actor_may_repeat_what_is_erased(ledger: Ledger, more: dict[str, str]):
    record(ledger, person())
    with pytest.raises(InvalidValue) as refused:
        erase(ledger, **more)
    assert refused.value.field in more
    assert "ovelace" not in str(refused.value)
    assert ledger.head().sequence == 1
    assert ledger.nodes([Uid("p1")], ledger.at())[Uid("p1")].name == "Ada Lovelace"


def test_a_short_value_inside_another_word_is_no_repetition(ledger: Ledger):
    record(ledger, person(name="Al"))
    assert erase(ledger, reason="all of it").count == 1


def test_every_uid_of_somebody_is_reached(ledger: Ledger):
    record(ledger, person("p1"), person("p2", name="A. Lovelace"))
    record(ledger, Merge((Uid("p1"), Uid("p2")), "one person"))
    erasure = erase(ledger, "p2")
    assert (erasure.uids, erasure.count) == (("p1", "p2"), 2)


def test_who_was_the_same_by_an_erased_address_alone_is_told(ledger: Ledger):
    record(ledger, person("p1", ids=[("email", "ada@bank.example")]), scope=STAFF)
    record(ledger, person("p2", ids=[("email", "ada@bank.example")]), scope=STAFF)
    assert erase(ledger, "p1").parted == ("p2",)
    assert ledger.nodes([Uid("p2")], ledger.at())[Uid("p2")].members == ("p2",)


def test_what_cannot_be_erased_is_told(ledger: Ledger):
    record(ledger, node("ada-lovelace", Kind.IDENTITY, type_="team", name="Ada"), read_at=day(1))
    record(ledger, person("ada-lovelace", name="Ada-Lovelace"), read_at=day(2))
    record(ledger, edge("ada-lovelace", "OWNS", "app", "contact", reason="asked", hours=5))
    record(ledger, node("app", description="Ask Ada-Lovelace about it."))
    erasure = erase(ledger, "ada-lovelace")
    assert (erasure.count, erasure.in_the_clear, erasure.edge_texts) == (1, 1, 1)
    assert (erasure.telling, erasure.mentioned_in) == (("ada-lovelace",), ("app",))


def test_no_byte_of_the_file_holds_it_any_more(ledger: Ledger, tmp_path: Path):
    record(ledger, person(ids=[("email", "ada@bank.example")], note="walks with a stick"))
    record(ledger, person(ids=[("email", "ada@bank.example")], note="likes engines"), read_at=day(3))
    seen(ledger, "p1")
    words = [b"lovelace", b"ada@bank.example", b"walks with", b"likes engines"]
    assert [word for word in words if word in stored(tmp_path)] == words
    assert erase(ledger).scrubbed
    assert [word for word in words if word in stored(tmp_path)] == []


def stored(folder: Path) -> bytes:
    """Every byte of the files, and what the compressed parts of them come to, in lower case."""
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    opened = []
    for start in (i for i in range(len(raw)) if raw[i : i + 2] in (b"\x78\x5e", b"\x78\x9c", b"\x78\x01")):
        try:
            opened.append(zlib.decompressobj().decompress(raw[start:]))
        except zlib.error:
            continue
    return (raw + b"".join(opened)).lower()


def test_another_process_forgets_what_it_kept_of_past_commits(ledger: Ledger, tmp_path: Path):
    record(ledger, person("p1", ids=[("email", "ada@bank.example")]), scope=STAFF)
    record(ledger, person("p2", ids=[("email", "ada@bank.example")]), scope=STAFF)
    past = ledger.head().sequence
    other = Ledger(open_store(str(tmp_path / "estate.db")), Clock())
    assert other.identity(past).members(Uid("p2")) == ("p1", "p2")
    erase(ledger)
    assert other.identity(other.head().sequence).members(Uid("p2")) == ("p2",)
    assert other.identity(past).members(Uid("p2")) == ("p2",)
    other.store.close()


def test_a_status_that_is_not_personal_stays_and_so_do_past_answers(ledger: Ledger):
    record(ledger, person(status="active"), edge("p1", "OWNS", "app", "accountable"), valid=days(1, 9))
    erase(ledger)
    (owner,) = ledger.nodes([Uid("p1")], ledger.at(day(3))).values()
    assert owner.get("status") == "active"
    assert [e.object.uid for e in ledger.edges([Uid("p1")], ledger.at(day(3)))] == ["app"]
    changes = ledger.timeline_changes(ledger.head().sequence, ledger.head().sequence)
    assert changes is not None


def test_a_walker_is_told_of_the_node(ledger: Ledger):
    record(ledger, person(departed_at=int(day(5))))
    before = ledger.head().sequence
    erase(ledger)
    changes = ledger.timeline_changes(before, ledger.head().sequence)
    assert changes is not None
    assert [timeline.uid for timeline in changes.nodes] == ["p1"]


def test_a_value_that_is_put_back_by_hand_is_found(ledger: Ledger, tmp_path: Path):
    record(ledger, person())
    connection = sqlite3.connect(tmp_path / "estate.db")
    kept = connection.execute("SELECT * FROM personal").fetchall()
    erase(ledger)
    connection.executemany("INSERT INTO personal VALUES (?, ?, ?, ?, ?)", kept)
    connection.commit()
    connection.close()
    report = ledger.verify()
    assert (report.table, report.broken_at) == ("personal", 2)
    assert "was erased and is still there" in (report.reason or "")


def test_a_value_that_is_taken_away_by_hand_is_counted_apart(ledger: Ledger, tmp_path: Path):
    record(ledger, person(phone="1"))
    connection = sqlite3.connect(tmp_path / "estate.db")
    for table in ("personal", "texts"):
        connection.execute(f"DELETE FROM {table} WHERE commitment IS NOT NULL")
    connection.commit()
    connection.close()
    report = ledger.verify()
    assert (report.reason, report.erased, report.unexplained) == (None, 0, 2)
