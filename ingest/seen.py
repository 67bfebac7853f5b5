"""What a run has said so far, on a temporary file, so that memory does not grow with the input.

The file has no name and belongs to one connection: it is gone when that is closed, and
also when the process is killed, so that nothing is ever left to clean up.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from graph.ledger.port import Mention
from graph.model import ClaimId, Instant, Interval, RowKey, Scope, Uid
from ingest.record import Observed

_PAGE: Final = 1_000

_TABLES: Final = """
    CREATE TABLE sections (
        id INTEGER PRIMARY KEY, plugin TEXT, instance TEXT, name TEXT, read_at INTEGER,
        UNIQUE (plugin, instance, name, read_at)
    );
    CREATE TABLE statements (
        section INTEGER, claim TEXT, start INTEGER, end INTEGER, stated INTEGER, digest TEXT, place TEXT,
        PRIMARY KEY (section, claim, start)
    ) WITHOUT ROWID;
    CREATE TABLE keys (section INTEGER, key TEXT, PRIMARY KEY (section, key)) WITHOUT ROWID;
    CREATE TABLE rejected (section INTEGER, claim TEXT, PRIMARY KEY (section, claim)) WITHOUT ROWID;
    CREATE TABLE rechecked (section INTEGER, claim TEXT, PRIMARY KEY (section, claim)) WITHOUT ROWID;
    CREATE TABLE repeated (
        section INTEGER, claim TEXT, start INTEGER, said TEXT, read_at INTEGER, lasting INTEGER
    );
    CREATE INDEX repeated_by_section ON repeated (section);
    CREATE TABLE ends (
        section INTEGER, how TEXT, key TEXT, edge INTEGER, PRIMARY KEY (section, how, key)
    ) WITHOUT ROWID;
    CREATE TABLE held (section INTEGER, said TEXT);
    CREATE INDEX held_by_section ON held (section);
    CREATE TABLE nodes (uid TEXT PRIMARY KEY, described INTEGER, place TEXT) WITHOUT ROWID;
    CREATE TABLE observed (
        uid TEXT, name TEXT, value TEXT, at INTEGER, PRIMARY KEY (uid, name)
    ) WITHOUT ROWID;
"""

_SAID: Final = """SELECT key FROM keys WHERE section = ? AND key
    IN (SELECT value FROM json_each(?))"""
_REJECTED: Final = """SELECT claim FROM rejected WHERE section = ? AND claim
    IN (SELECT value FROM json_each(?))"""
_STATED: Final = """SELECT claim FROM statements WHERE stated AND section = ? AND claim
    IN (SELECT value FROM json_each(?))"""
_MENTIONED: Final = """SELECT claim FROM statements WHERE NOT stated AND section = ? AND claim
    IN (SELECT value FROM json_each(?))"""
_STOOD: Final = """SELECT claim FROM rechecked WHERE section = ? AND claim
    IN (SELECT value FROM json_each(?))"""
_CLOSING: Final = """SELECT key FROM ends WHERE how = 'close' AND section = ? AND key
    IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one line says of a claim: for when, and a digest of what; ``place`` is for messages."""

    valid: Interval
    stated: bool
    digest: str
    place: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier statement of the same claim that leaves no room for this one."""

    place: str
    same: bool


class End(StrEnum):
    """How a row is to end."""

    CLOSE = "close"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class PlannedEnd:
    """A row that is to end, and whether it is about an edge."""

    key: RowKey
    is_edge: bool


class Seen:
    """The statements, keys and uids of one run. Used by one thread; close it when done."""

    def __init__(self) -> None:
        # An empty name makes a temporary database that spills to an unnamed file.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def section(self, scope: Scope, read_at: Instant) -> int:
        """Return the number of a reading of a scope; the same for every part with the same time."""
        place = (scope.source.plugin, scope.source.instance, scope.name, read_at)
        self._db.execute(
            "INSERT OR IGNORE INTO sections (plugin, instance, name, read_at) VALUES (?, ?, ?, ?)", place
        )
        (number,) = self._one(
            "SELECT id FROM sections WHERE plugin = ? AND instance = ? AND name = ? AND read_at = ?", place
        )
        return int(number)

    def say(self, section: int, claim: ClaimId, statement: Statement) -> Earlier | None:
        """Note a statement, unless an earlier one leaves no room for it; that one is returned."""
        valid = statement.valid
        earlier = self._db.execute(
            """
            SELECT start, end, digest, place FROM statements
            WHERE section = ? AND claim = ? AND start < ? AND end > ? LIMIT 1
            """,
            (section, claim, valid.end, valid.start),
        ).fetchone()
        if earlier is not None:
            start, end, digest, place = earlier
            same = (start, end, digest) == (valid.start, valid.end, statement.digest)
            return Earlier(place, same)
        self._db.execute(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?)",
            (section, claim, valid.start, valid.end, statement.stated, statement.digest, statement.place),
        )
        return None

    def accept(self, section: int, claim: ClaimId, keys: Iterable[RowKey], *, created: bool) -> None:
        """Note which rows carry what was said; a claim that was not new may have others besides."""
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", [(section, key) for key in keys])
        if not created:
            self._db.execute("INSERT OR IGNORE INTO rechecked VALUES (?, ?)", (section, claim))

    def reject(self, section: int, claim: ClaimId) -> None:
        """Note that a claim was said and could not be recorded: its rows are left as they are."""
        self._db.execute("INSERT OR IGNORE INTO rejected VALUES (?, ?)", (section, claim))

    def said(self, section: int, keys: Collection[RowKey]) -> set[RowKey]:
        """Return those of these rows that carry something said in a section."""
        return self._among(_SAID, section, keys)

    def rejected(self, section: int, claims: Collection[ClaimId]) -> set[ClaimId]:
        """Return those of these claims that were said in a section and rejected."""
        return self._among(_REJECTED, section, claims)

    def stated(self, section: int, claims: Collection[ClaimId]) -> set[ClaimId]:
        """Return those of these claims for which a section stated an interval."""
        return self._among(_STATED, section, claims)

    def mentioned(self, section: int, claims: Collection[ClaimId]) -> set[ClaimId]:
        """Return those of these claims that a section said without a time: they hold from its reading on."""
        return self._among(_MENTIONED, section, claims)

    def stood(self, section: int, claims: Collection[ClaimId]) -> set[ClaimId]:
        """Return those of these claims that were said in a section and were not new."""
        return self._among(_STOOD, section, claims)

    def closing(self, section: int, keys: Collection[RowKey]) -> set[RowKey]:
        """Return those of these rows that are about to be closed."""
        return self._among(_CLOSING, section, keys)

    def repeat(self, section: int, mention: Mention, *, lasting: bool) -> None:
        """Note that something was said that stood already."""
        line = (section, mention.claim_id, mention.start, mention.said, mention.read_at, lasting)
        self._db.execute("INSERT INTO repeated VALUES (?, ?, ?, ?, ?, ?)", line)

    def repeated(self, section: int, *, lasting: bool) -> Iterator[list[Mention]]:
        """Yield, in parts, what was said that stood already: only what is lasting, or all of it."""
        select = """
            SELECT rowid, claim, start, said, read_at FROM repeated
            WHERE section = ? AND rowid > ? AND (lasting OR NOT ?) ORDER BY rowid LIMIT ?
        """
        last = 0
        while rows := self._db.execute(select, (section, last, lasting, _PAGE)).fetchall():
            last = rows[-1][0]
            yield [Mention(*line[1:]) for line in rows]

    def hold(self, section: int, said: str) -> None:
        """Keep something that is to be said at the end of a section."""
        self._db.execute("INSERT INTO held VALUES (?, ?)", (section, said))

    def held(self, section: int) -> Iterator[list[str]]:
        """Yield, in parts, what is kept to be said at the end of a section, in order."""
        select = "SELECT rowid, said FROM held WHERE section = ? AND rowid > ? ORDER BY rowid LIMIT ?"
        last = 0
        while rows := self._db.execute(select, (section, last, _PAGE)).fetchall():
            last = rows[-1][0]
            yield [said for _, said in rows]

    def plan_ends(self, section: int, how: End, ends: Iterable[PlannedEnd]) -> None:
        """Note rows that are to end."""
        self._db.executemany(
            "INSERT OR IGNORE INTO ends VALUES (?, ?, ?, ?)",
            [(section, how.value, end.key, end.is_edge) for end in ends],
        )

    def count_planned(self, section: int) -> int:
        """Return how many rows of a section are to end, in whatever way."""
        (count,) = self._one("SELECT count(*) FROM ends WHERE section = ?", (section,))
        return int(count)

    def planned(self, section: int, how: End) -> Iterator[list[PlannedEnd]]:
        """Yield, in parts, the rows that are to end this way."""
        select = "SELECT key, edge FROM ends WHERE section = ? AND how = ? AND key > ? ORDER BY key LIMIT ?"
        last = ""
        while rows := self._db.execute(select, (section, how.value, last, _PAGE)).fetchall():
            last = rows[-1][0]
            yield [PlannedEnd(RowKey(key), bool(edge)) for key, edge in rows]

    def forget_plans(self, section: int) -> None:
        """Forget which rows of a section are to end."""
        self._db.execute("DELETE FROM ends WHERE section = ?", (section,))

    def forget_closings(self, section: int) -> None:
        """Forget which rows of a section are to be closed; what is withdrawn stays planned."""
        self._db.execute("DELETE FROM ends WHERE section = ? AND how = 'close'", (section,))

    def describe(self, uid: Uid) -> None:
        """Note that a node was described."""
        self._db.execute("INSERT OR REPLACE INTO nodes VALUES (?, 1, '')", (uid,))

    def mention(self, uids: Iterable[Uid], place: str) -> None:
        """Note that nodes were mentioned at the end of an edge; of several places the first one stays."""
        self._db.executemany("INSERT OR IGNORE INTO nodes VALUES (?, 0, ?)", [(uid, place) for uid in uids])

    def only_mentioned(self) -> Iterator[dict[Uid, str]]:
        """Yield, in parts, the uids that were mentioned and never described, each with its place."""
        select = "SELECT uid, place FROM nodes WHERE NOT described AND uid > ? ORDER BY uid LIMIT ?"
        last = ""
        while rows := self._db.execute(select, (last, _PAGE)).fetchall():
            last = rows[-1][0]
            yield {Uid(uid): place for uid, place in rows}

    def observe(self, observed: Observed, at: Instant) -> None:
        """Note a volatile value; the newest of each node and name stays."""
        self._db.execute(
            """
            INSERT INTO observed VALUES (?, ?, ?, ?) ON CONFLICT (uid, name) DO UPDATE
            SET value = excluded.value, at = excluded.at WHERE excluded.at >= observed.at
            """,
            (observed.uid, observed.name, observed.value, at),
        )

    def all_observed(self) -> list[tuple[Observed, Instant]]:
        """Return the newest volatile values with their times."""
        rows = self._db.execute("SELECT uid, name, value, at FROM observed ORDER BY uid, name")
        return [(Observed(Uid(uid), name, value), Instant(at)) for uid, name, value, at in rows]

    def _among(self, select: str, section: int, wanted: Collection[str]) -> set[Any]:
        return {row[0] for row in self._db.execute(select, (section, json.dumps(list(wanted))))}

    def _one(self, select: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._db.execute(select, arguments).fetchone()
        return row
