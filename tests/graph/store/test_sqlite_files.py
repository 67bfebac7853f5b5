"""The embedded store as a file: what it refuses, what it leaves alone, and what others may read in it."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from graph.errors import SchemaTooNew, SchemaUnknown, StoreUnavailable
from graph.ledger.ledger import Ledger
from graph.ledger.operations import ClaimRecorded, PersonalErased
from graph.ledger.personal import PersonalValue, commitment_of
from graph.ledger.verifying.verify import verify
from graph.model import CommitNumber, Uid
from graph.store import open_store
from graph.store.sqlite.tables import APPLICATION_ID
from graph.vocabulary import Kind
from tests.support.saying import Clock, append, node, record, recorded


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def foreign_database(path: Path, *, log: bool = False) -> None:
    with closing(sqlite3.connect(path)) as connection:
        if log:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE theirs (thing TEXT)")
        connection.commit()


@pytest.mark.parametrize("log", [False, True])
def test_the_database_of_another_program_keeps_every_byte(log: bool, tmp_path: Path):
    foreign_database(tmp_path / "theirs.db", log=log)
    before = contents(tmp_path)
    with pytest.raises(SchemaUnknown, match=r"theirs\.db .*another program.*Nothing was changed"):
        open_store(str(tmp_path / "theirs.db"))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("content", [b"x", b"SQLite format 3\x00", b"\x00" * 4096, b'{"scope": {}}\n' * 50])
def test_a_file_that_is_no_database_keeps_every_byte(content: bytes, tmp_path: Path):
    (tmp_path / "file.jsonl").write_bytes(content)
    with pytest.raises(SchemaUnknown, match="not an SQLite database"):
        open_store(str(tmp_path / "file.jsonl"))
    assert contents(tmp_path) == {"file.jsonl": content}


@pytest.mark.parametrize(("version", "error"), [(2, SchemaTooNew), (99, SchemaTooNew), (0, SchemaUnknown)])
def test_another_version_keeps_every_byte(version: int, error: type[Exception], tmp_path: Path):
    path = tmp_path / "estate.db"
    store = open_store(str(path))
    append(store, recorded(node("a")))
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = contents(tmp_path)
    with pytest.raises(error, match=f"version {version}"):
        open_store(str(path))
    assert contents(tmp_path) == before


def test_a_newer_version_that_is_still_in_the_write_ahead_log_is_refused(tmp_path: Path):
    path = tmp_path / "estate.db"
    open_store(str(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
        with pytest.raises(SchemaTooNew):
            open_store(str(path))


@pytest.mark.parametrize("place", ["missing/estate.db", "file/estate.db", "folder", ""])
def test_a_place_that_cannot_hold_a_file_is_named(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnavailable) as refused:
        open_store(place)
    assert place in str(refused.value)
    assert "Check --store" in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_an_empty_file_becomes_a_store(tmp_path: Path):
    (tmp_path / "estate.db").write_bytes(b"")
    store = open_store(str(tmp_path / "estate.db"))
    append(store, recorded(node("a")))
    store.close()


def test_a_store_whose_beginning_was_killed_is_begun_again(tmp_path: Path):
    # What a rolled back beginning leaves: the marks of ours, and no tables.
    path = tmp_path / "estate.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
    store = open_store(str(path))
    assert store.head().sequence == 0
    store.close()


def test_odd_characters_in_a_path_are_part_of_its_name(tmp_path: Path):
    path = tmp_path / "a b?mode=ro&x=%41#é.db"
    store = open_store(str(path))
    append(store, recorded(node("a")))
    store.close()
    assert path.stat().st_size > 0
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_a_new_file_is_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "estate.db"
    store = open_store(str(path))
    append(store, recorded(node("a")))
    modes = {stat.S_IMODE(found.stat().st_mode) for found in tmp_path.iterdir()}
    assert modes == {0o600}
    store.close()


def test_a_closed_store_is_one_file(tmp_path: Path):
    store = open_store(str(tmp_path / "estate.db"))
    append(store, recorded(node("a")))
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["estate.db"]


def test_erased_values_are_in_no_byte_of_the_files(tmp_path: Path):
    store = open_store(str(tmp_path / "estate.db"))
    ledger = Ledger(store, Clock())
    person = node(
        "p",
        Kind.IDENTITY,
        type_="person",
        name="Ada Byron",
        ids=[("email", "ada@example.org")],
        description="tall",
    )
    record(ledger, person, *(node(f"n{number}") for number in range(200)))
    words = [b"Ada Byron", b"ada byron", b"ada@example.org", b"tall"]

    def kept() -> set[bytes]:
        bytes_kept = b"".join(contents(tmp_path).values())
        return {word for word in words if word in bytes_kept}

    assert kept() == set(words)
    assert ledger.erase_personal(Uid("p"), actor="test", reason="as was asked for").count == 3
    assert kept() == set()
    found = ledger.nodes([Uid("p")], ledger.at())[Uid("p")]
    assert (found.name, found.type) == (None, "person")
    assert ledger.verify().intact
    store.close()


def sealed_person(number: int, address: str) -> tuple[ClaimRecorded, PersonalValue]:
    """A person with an address, sealed with a salt that is the same in every run."""
    facts, field, salt = (
        node(f"p{number}", Kind.IDENTITY, type_="person"),
        "external_ids.email",
        f"{number:032}",
    )
    commitment = commitment_of(salt, field, f'"{address}"')
    value = PersonalValue(commitment, recorded(facts).claim_id, field, salt, f'"{address}"')
    ids = [["email", {"commitment": commitment}]]
    return recorded(facts, seal=lambda content: {**content, "external_ids": ids}), value


def test_no_copy_of_an_erased_value_is_left_where_pages_were_split(tmp_path: Path):
    """With this seed one address stays in the file if it is only overwritten where it stood last."""
    store, dice = open_store(str(tmp_path / "estate.db")), Random(5)
    values: list[PersonalValue] = []
    erased: set[int] = set()
    for _ in range(12):
        made = []
        for number in range(len(values), len(values) + 150):
            address = f"{dice.randint(0, 10**6)}XPERSON{number:05}X{'y' * dice.randint(0, 300)}"
            made.append(sealed_person(number, address))
        values += [value for _, value in made]
        append(store, *(operation for operation, _ in made), personal=[value for _, value in made])
        chosen = sorted(set(dice.sample(range(len(values)), 25)) - erased)
        append(store, PersonalErased((), tuple(values[n].commitment for n in chosen), "as was asked for"))
        erased.update(chosen)
    assert store.scrub()
    kept = b"".join(contents(tmp_path).values()).lower()
    assert [number for number in sorted(erased) if f"xperson{number:05}x".encode() in kept] == []
    assert kept.count(b"xperson") >= len(values) - len(erased)
    assert verify(store).erased == len(erased)
    store.close()


def test_a_damaged_file_is_unavailable_and_says_so(tmp_path: Path):
    path = tmp_path / "estate.db"
    store = open_store(str(path))
    append(store, *(recorded(node(f"n{number}")) for number in range(2000)))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 : len(content) : 7] = b"\xff" * len(content[4096 : len(content) : 7])
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="SQLite says"):
        list(open_store(str(path)).all_node_rows(CommitNumber(1)))


def test_a_store_in_memory_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    first, second = open_store(":memory:"), open_store(":memory:")
    append(first, recorded(node("a")))
    assert (first.head().sequence, second.head().sequence) == (1, 0)
    assert list(tmp_path.iterdir()) == []
    first.close()
    second.close()


@pytest.mark.parametrize(
    "target", ["postgres://user:hunter2@host/x", "neo4j://neo4j:hunter2@127.0.0.1:7687", "sqlite:///hunter2"]
)
def test_other_addresses_are_refused_without_echoing_them(target: str):
    with pytest.raises(StoreUnavailable) as refused:
        open_store(target)
    assert "hunter2" not in str(refused.value)
