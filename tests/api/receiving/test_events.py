"""The spool of events: whole lines only, closed before they are read, found again after a crash."""

import errno
import os
from pathlib import Path

import pytest

from api.receiving import events
from api.receiving.events import EventSpool, Sender
from api.receiving.spool import Spool
from api.rest.problems import Refused

EU = Sender("ci", "eu")


def spool(folder: Path) -> EventSpool:
    return EventSpool(Spool(folder / "spool"))


def restarted(one: EventSpool, folder: Path) -> EventSpool:
    """What a server finds that starts after another was killed."""
    one.spool.close()
    return spool(folder)


def test_what_was_taken_is_found_by_the_next_server(tmp_path: Path):
    first = spool(tmp_path)
    first.take(EU, b"one\ntwo\n", 2)
    first.take(Sender("ci", "a/b @ü"), b"three\n", 1)
    found = restarted(first, tmp_path).closed()
    assert {(one.sender.instance, one.events, one.path.read_bytes()) for one in found} == {
        ("eu", 2, b"one\ntwo\n"),
        ("a/b @ü", 1, b"three\n"),
    }


def test_a_line_that_was_not_written_to_its_end_was_never_answered_for(tmp_path: Path):
    first = spool(tmp_path)
    first.take(EU, b"one\n", 1)
    [file] = (tmp_path / "spool/lineage").rglob("*.jsonl")
    with file.open("ab") as torn:
        torn.write(b'{"digest": "to')
    [waiting] = restarted(first, tmp_path).closed()
    assert (waiting.path.read_bytes(), waiting.events) == (b"one\n", 1)


def test_nothing_is_put_to_a_file_that_is_being_worked_out(tmp_path: Path):
    one = spool(tmp_path)
    one.take(EU, b"one\n", 1)
    [first] = one.closed()
    one.take(EU, b"two\n", 1)
    assert first.path.read_bytes() == b"one\n"
    assert one.events == 2
    one.done(first)
    assert one.events == 1
    assert [waiting.path.read_bytes() for waiting in one.closed()] == [b"two\n"]


def test_what_could_not_be_worked_out_is_tried_again_by_the_next_server_only(tmp_path: Path):
    one = spool(tmp_path)
    one.take(EU, b"one\n", 1)
    one.put_aside(one.closed()[0])
    assert (one.events, one.set_aside) == (0, 1)
    assert one.closed() == []
    assert [waiting.path.read_bytes() for waiting in restarted(one, tmp_path).closed()] == [b"one\n"]


def test_a_disk_that_is_full_takes_nothing_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = spool(tmp_path)
    one.take(EU, b"one\n", 1)
    synced = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refused:
        one.take(EU, b"two\n", 1)
    assert (refused.value.status, refused.value.headers["retry-after"]) == (503, "10")
    monkeypatch.setattr(os, "fsync", synced)
    one.take(EU, b"three\n", 1)
    assert sorted(waiting.path.read_bytes() for waiting in one.closed()) == [b"one\n", b"three\n"]


def test_senders_are_told_to_come_back_when_too_much_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = spool(tmp_path)
    monkeypatch.setattr(events, "MOST_BYTES", 6)
    one.take(EU, b"one\n", 1)
    with pytest.raises(Refused) as refused:
        one.take(EU, b"two\n", 1)
    assert refused.value.code == "spool_full"
    assert one.events == 1


def test_a_server_that_only_reads_makes_no_folder(tmp_path: Path):
    one = spool(tmp_path)
    assert one.closed() == []
    assert one.events == 0
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_its_owners_only_and_one_servers_at_a_time(tmp_path: Path):
    one, other = spool(tmp_path), spool(tmp_path)
    one.take(EU, b"one\n", 1)
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "spool").rglob("*"))
    with pytest.raises(Refused) as refused:
        other.take(EU, b"two\n", 1)
    assert refused.value.code == "spool_taken"
    one.spool.close()
    other.take(EU, b"two\n", 1)
    assert other.events == 2


def test_bodies_that_a_killed_server_left_are_deleted(tmp_path: Path):
    one = Spool(tmp_path / "spool")
    left = one.incoming() / "left"
    left.write_bytes(b"perhaps secret")
    one.close()
    other = Spool(tmp_path / "spool")
    other.clean()
    assert not left.exists()
    other.incoming()
    Spool(tmp_path / "spool").clean()  # of one that another server holds nothing is touched
    assert list((tmp_path / "spool/incoming").parent.iterdir()) != []
