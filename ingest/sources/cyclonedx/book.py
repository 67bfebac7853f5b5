"""What a BOM says, on a temporary file until its end: a dependency may stand before what it names.

The file has no name and is gone with its connection. Values of secrets never reach it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import TracebackType
from typing import Any, Final, Self

from graph.model import Uid
from ingest.sources.cyclonedx.names import Key, Sort, key_from, key_text

_TABLES: Final = """
    CREATE TABLE things (
        id INTEGER PRIMARY KEY, key TEXT, sort TEXT, parent INTEGER, position TEXT, body TEXT, scope TEXT
    );
    CREATE INDEX things_by_key ON things (key, sort, id);
    CREATE TABLE refs (ref TEXT PRIMARY KEY, thing INTEGER) WITHOUT ROWID;
    CREATE TABLE links (
        subject INTEGER, relation TEXT, ref TEXT, thing INTEGER, condition TEXT, position TEXT
    );
    CREATE TABLE owners (thing INTEGER, party TEXT, mark TEXT, position TEXT);
    CREATE TABLE dependencies (entry INTEGER PRIMARY KEY, ref TEXT, position TEXT);
    CREATE TABLE depends (entry INTEGER, target TEXT, position TEXT);
    CREATE TABLE compositions (entry INTEGER PRIMARY KEY, aggregate TEXT);
    CREATE TABLE composed (entry INTEGER, what TEXT, ref TEXT);
    CREATE TABLE citations (pointer TEXT, words TEXT, ref TEXT, used INTEGER);
    CREATE TABLE edges (
        relation TEXT, subject TEXT, object TEXT, mark TEXT, sorts TEXT, condition TEXT, position TEXT,
        PRIMARY KEY (relation, subject, object, mark)
    ) WITHOUT ROWID;
"""

EXCLUDED: Final = "excluded"
OPTIONAL: Final = "optional"


@dataclass
class Thing:
    """A component, service, dataset or owner as one place of the BOM describes it."""

    key: Key
    sort: Sort
    type: str | None
    name: str | None
    properties: dict[str, Any] = field(default_factory=dict[str, Any])
    external_ids: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    scope: str | None = None
    id: int = 0
    parent: int | None = None
    position: str = ""

    @property
    def body(self) -> str:
        """Return what it says of itself, as text."""
        return json.dumps((self.type, self.name, self.properties, self.external_ids))


@dataclass(frozen=True, slots=True)
class Link:
    """What one thing says of its relation to another, which it names by reference or holds."""

    subject: int
    relation: str
    ref: str | None = None
    thing: int | None = None
    condition: str | None = None
    position: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two things, once both are known."""

    relation: str
    subject: Uid
    object: Uid
    mark: str
    sorts: tuple[Sort, Sort]
    condition: str | None
    position: str


class Book:
    """The things of one BOM and what joins them. Used by one thread."""

    def __init__(self) -> None:
        # An empty name makes a temporary database that spills to an unnamed file.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        self._last = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def next_id(self) -> int:
        """Return a number for a thing or an entry that nothing else has."""
        self._last += 1
        return self._last

    def add(self, thing: Thing) -> None:
        """Keep a thing under its id."""
        row = (
            thing.id,
            key_text(thing.key),
            thing.sort,
            thing.parent,
            thing.position,
            thing.body,
            thing.scope,
        )
        self._db.execute("INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def refer(self, ref: str, thing: int) -> bool:
        """Note what a ``bom-ref`` stands for; return whether it stood for nothing else before."""
        done = self._db.execute("INSERT OR IGNORE INTO refs VALUES (?, ?)", (_kept(ref), thing))
        return done.rowcount == 1

    def link(self, link: Link) -> None:
        """Keep what a thing says of another."""
        row = (link.subject, link.relation, _kept(link.ref), link.thing, link.condition, link.position)
        self._db.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)", row)

    def own(self, thing: int, party: Key, mark: str, position: str) -> None:
        """Keep who is responsible for a thing, in which role."""
        self._db.execute("INSERT INTO owners VALUES (?, ?, ?, ?)", (thing, key_text(party), mark, position))

    def depend(self, entry: int, target: str, position: str) -> None:
        """Keep that the thing of an entry of the dependencies depends on another."""
        self._db.execute("INSERT INTO depends VALUES (?, ?, ?)", (entry, _kept(target), position))

    def dependency(self, entry: int, ref: str, position: str) -> None:
        """Keep whose dependencies an entry holds."""
        self._db.execute("INSERT INTO dependencies VALUES (?, ?, ?)", (entry, _kept(ref), position))

    def compose(self, entry: int, what: str, ref: str) -> None:
        """Keep that a composition speaks of a thing's dependencies or parts."""
        self._db.execute("INSERT INTO composed VALUES (?, ?, ?)", (entry, what, _kept(ref)))

    def composition(self, entry: int, aggregate: str) -> None:
        """Keep how complete a composition says that something is."""
        self._db.execute("INSERT INTO compositions VALUES (?, ?)", (entry, aggregate))

    def cite(self, pointer: str, words: str, ref: str | None) -> None:
        """Keep that somebody is cited for a place of the document."""
        # Without the quotation marks, so that a pointer begins with those above it.
        row = ((_kept(pointer) or "")[1:-1], words, _kept(ref))
        self._db.execute("INSERT INTO citations VALUES (?, ?, ?, 0)", row)

    def edge(self, edge: Edge) -> None:
        """Keep an edge; of two that are equal, the certain one, else the first."""
        sorts = ",".join(edge.sorts)
        row = (edge.relation, edge.subject, edge.object, edge.mark, sorts, edge.condition, edge.position)
        self._db.execute(
            """INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (relation, subject, object, mark) DO UPDATE
            SET condition = NULL, position = excluded.position
            WHERE edges.condition IS NOT NULL AND excluded.condition IS NULL""",
            row,
        )

    def find(self, ref: str) -> tuple[int, Key, Sort] | None:
        """Return what a ``bom-ref`` stands for; None where nothing bears it, or it is left out."""
        row = self._db.execute(
            """SELECT things.id, key, sort FROM refs JOIN things ON things.id = refs.thing
            WHERE refs.ref = ? AND scope IS NOT ?""",
            (_kept(ref), EXCLUDED),
        ).fetchone()
        return None if row is None else (row[0], key_from(row[1]), Sort(row[2]))

    def is_excluded(self, ref: str) -> bool:
        """Return whether a ``bom-ref`` stands for what the BOM says is not there at run time."""
        row = self._db.execute(
            "SELECT scope FROM refs JOIN things ON things.id = refs.thing WHERE refs.ref = ?", (_kept(ref),)
        ).fetchone()
        return row is not None and row[0] == EXCLUDED

    def name_of(self, thing: int) -> str | None:
        """Return what a thing is called."""
        row = self._db.execute("SELECT body FROM things WHERE id = ?", (thing,)).fetchone()
        return None if row is None else json.loads(row[0])[1]

    def scope_of(self, thing: int) -> str | None:
        """Return whether the BOM says that a thing is required, optional or excluded."""
        row = self._db.execute("SELECT scope FROM things WHERE id = ?", (thing,)).fetchone()
        return None if row is None else row[0]

    def same_things(self) -> Iterator[list[Thing]]:
        """Yield the things that are not excluded, those with one key together, in order of keys."""
        rows = self._db.execute(
            """SELECT key, sort, id, parent, position, body, scope FROM things
            WHERE scope IS NOT ? ORDER BY key, sort, id""",
            (EXCLUDED,),
        )
        for _, same in groupby(rows, key=lambda row: (row[0], Sort(row[1]).kind)):
            yield [_thing(row) for row in same]

    def excluded_count(self) -> int:
        """Return how many things are excluded."""
        found = self._db.execute("SELECT count(*) FROM things WHERE scope = ?", (EXCLUDED,))
        return int(found.fetchone()[0])

    def nested(self) -> Iterator[tuple[tuple[Key, Sort], tuple[Key, Sort], int, str]]:
        """Yield what stands inside of what, neither excluded: outer, inner, the inner's id and its place."""
        for outer, outer_sort, inner, inner_sort, number, position in self._db.execute(
            """SELECT outer.key, outer.sort, inner.key, inner.sort, inner.id, inner.position
            FROM things AS inner JOIN things AS outer ON outer.id = inner.parent
            WHERE inner.scope IS NOT ?1 AND outer.scope IS NOT ?1 ORDER BY inner.id""",
            (EXCLUDED,),
        ):
            yield (key_from(outer), Sort(outer_sort)), (key_from(inner), Sort(inner_sort)), number, position

    def links(self) -> Iterator[tuple[Key, Sort, Link]]:
        """Yield what things that are not excluded say of others, with how the subject is called."""
        for key, sort, subject, relation, ref, thing, condition, position in self._db.execute(
            """SELECT key, sort, subject, relation, ref, thing, condition, links.position
            FROM links JOIN things ON things.id = subject WHERE scope IS NOT ? ORDER BY links.rowid""",
            (EXCLUDED,),
        ):
            link = Link(subject, relation, _given(ref), thing, condition, position)
            yield key_from(key), Sort(sort), link

    def described(self, number: int) -> Thing:
        """Return a thing with all that it says of itself."""
        row = self._db.execute(
            "SELECT key, sort, id, parent, position, body, scope FROM things WHERE id = ?", (number,)
        ).fetchone()
        return _thing(row)

    def thing(self, number: int) -> tuple[Key, Sort] | None:
        """Return how a thing is called; None for one that was left out."""
        row = self._db.execute("SELECT key, sort FROM things WHERE id = ?", (number,)).fetchone()
        return None if row is None else (key_from(row[0]), Sort(row[1]))

    def owners(self) -> Iterator[tuple[Key, Sort, Key, str, str]]:
        """Yield who is responsible for what: the thing, the party, the mark and the place."""
        for key, sort, party, mark, position in self._db.execute(
            """SELECT key, sort, party, mark, owners.position FROM owners
            JOIN things ON things.id = thing WHERE scope IS NOT ? ORDER BY owners.rowid""",
            (EXCLUDED,),
        ):
            yield key_from(key), Sort(sort), key_from(party), mark, position

    def dependencies(self) -> Iterator[tuple[str, str, str]]:
        """Yield reference, the reference of what it depends on, and the place."""
        for ref, target, position in self._db.execute(
            """SELECT dependencies.ref, target, depends.position FROM depends
            JOIN dependencies ON dependencies.entry = depends.entry ORDER BY depends.rowid"""
        ):
            yield _given(ref) or "", _given(target) or "", position

    def unmentioned(self) -> Iterator[tuple[int, Key, str]]:
        """Yield software at the top level that nothing in the BOM is said to depend on."""
        for number, key, position in self._db.execute(
            """SELECT id, key, position FROM things WHERE sort = ? AND parent IS NULL AND scope IS NOT ?
            AND position LIKE '/components/%' AND id NOT IN
            (SELECT thing FROM depends JOIN refs ON refs.ref = depends.target) ORDER BY id""",
            (Sort.SOFTWARE, EXCLUDED),
        ):
            yield number, key_from(key), position

    def extents(self, key: Key) -> Sequence[tuple[str, str]]:
        """Return what compositions say of things with a key: of what of them, and how complete it is."""
        return self._db.execute(
            """SELECT DISTINCT what, aggregate FROM things JOIN refs ON refs.thing = things.id
            JOIN composed ON composed.ref = refs.ref JOIN compositions ON compositions.entry = composed.entry
            WHERE things.key = ?""",
            (key_text(key),),
        ).fetchall()

    def cited(self, position: str) -> Sequence[tuple[str, str]]:
        """Return what is said of who stands for a place of the document, or for a part of it."""
        # The slash is followed by the digit 0 in the order of characters.
        found = self._db.execute(
            """UPDATE citations SET used = 1
            WHERE pointer = ?1 OR (pointer >= ?1 || '/' AND pointer < ?1 || '0') RETURNING words, ref""",
            (position,),
        ).fetchall()
        return sorted({(words, _given(ref) or "") for words, ref in found})

    def unused(self) -> tuple[int, int]:
        """Return how many citations, and how many references of compositions, are about no thing."""
        citations = self._db.execute("SELECT count(*) FROM citations WHERE NOT used").fetchone()
        composed = self._db.execute(
            "SELECT count(*) FROM composed WHERE ref NOT IN (SELECT ref FROM refs)"
        ).fetchone()
        return int(citations[0]), int(composed[0])

    def settle(self) -> None:
        """Leave out what stands inside of what is excluded, and make fast what is asked often."""
        self._db.executescript(
            """CREATE INDEX depends_by_target ON depends (target);
            CREATE INDEX composed_by_ref ON composed (ref);
            CREATE INDEX refs_by_thing ON refs (thing);
            CREATE INDEX citations_by_pointer ON citations (pointer);
            CREATE INDEX things_by_parent ON things (parent)"""
        )
        self._db.execute("BEGIN")
        inner = """UPDATE things SET scope = ?1 WHERE scope IS NOT ?1
            AND parent IN (SELECT id FROM things WHERE scope = ?1)"""
        while self._db.execute(inner, (EXCLUDED,)).rowcount:
            pass

    def has_citations(self) -> bool:
        """Return whether anything is cited."""
        return self._db.execute("SELECT 1 FROM citations LIMIT 1").fetchone() is not None

    def edges(self) -> Iterator[Edge]:
        """Yield all edges, each once."""
        for relation, subject, object_, mark, sorts, condition, position in self._db.execute(
            "SELECT relation, subject, object, mark, sorts, condition, position FROM edges"
        ):
            first, second = map(Sort, sorts.split(","))
            yield Edge(relation, Uid(subject), Uid(object_), mark, (first, second), condition, position)


def _kept(text: str | None) -> str | None:
    """Return a text of the input as the file can hold it: JSON may carry half of a surrogate pair."""
    return None if text is None else json.dumps(text)


def _given(kept: str | None) -> str | None:
    """Return the text that ``_kept`` was given."""
    return None if kept is None else str(json.loads(kept))


def _thing(row: Sequence[Any]) -> Thing:
    key, sort, number, parent, position, body, scope = row
    type_, name, properties, external_ids = json.loads(body)
    ids = [(scheme, value) for scheme, value in external_ids]
    made = Thing(key_from(key), Sort(sort), type_, name, properties, ids, scope)
    made.id, made.parent, made.position = number, parent, position
    return made
