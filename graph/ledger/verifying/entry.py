"""One line of a table, in the form in which the log and a store are held against each other."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from graph.ledger.canonical import JsonValue, canonical_text, sha256_hex
from graph.ledger.operations import about_json
from graph.ledger.port import CoverageRow, Derived, RefutationRow, SameAsRow, StoredRow
from graph.model import OPEN_RECORD, CommitNumber, RowKey


class Table(StrEnum):
    """What a store keeps, by the name under which a break is reported.

    In an order in which what is made from something else comes after it.
    """

    LOG = "log"
    """The commits themselves: their chain, and the operations in them."""

    CLAIMS = "claims"
    """Rows of claims, with the commits that recorded and that ended them."""

    COVERAGE = "coverage"
    """Which scopes were read completely, and for what."""

    SAME_AS = "same_as"
    """People's decisions about which uids are one thing."""

    REFUTATIONS = "refutations"
    """Which claims a person holds to be wrong, and since and until which commit."""

    KINDS = "kinds"
    """The kinds that rows give the nodes they are about."""

    PERSONAL = "personal"
    """The values behind commitments."""

    TEXTS = "texts"
    """The texts by which nodes are searched."""

    EXTERNAL_IDS = "external_ids"
    """The names that other systems give nodes, by which they are found and joined."""

    NAMES = "names"
    """The uids that exist, and how they are listed and searched."""

    MOVES = "moves"
    """Where a store keeps edges that it sets aside, and the commits that moved them there and back."""

    PORTRAITS = "portraits"
    """What a store shows of nodes to people who look into it themselves."""


UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, zlib.error)
"""What a store raises over bytes and texts that are not of the form in which it writes them."""

ORDER: Final = {table: place for place, table in enumerate(Table)}


Line = TypeVar("Line")


class Entry(NamedTuple):
    """One thing that a table holds: ``what`` in words, since which commit, and all that is said of it.

    ``said`` is canonical JSON. A table holds no two equal entries.
    """

    table: Table
    commit: CommitNumber
    what: str
    said: str

    @classmethod
    def of(cls, table: Table, commit: CommitNumber, what: str, *said: JsonValue) -> Entry:
        """Return the entry that says these things, in this order."""
        return cls(table, commit, what, canonical_text(said))


class Break(NamedTuple):
    """The first thing that does not fit; ``commit`` is None where no commit brought it."""

    table: Table
    commit: CommitNumber | None
    reason: str

    @property
    def place(self) -> tuple[bool, int, int]:
        """Return what breaks are put in order by: the commit, then the table."""
        return self.commit is None, self.commit or 0, ORDER[self.table]


def first_of(*breaks: Break | None) -> Break | None:
    """Return the break that comes first, None where there is none."""
    return min(filter(None, breaks), default=None, key=lambda found: found.place)


class Broken(Exception):
    """The log itself does not fit together, or what a store keeps cannot be read: nothing can be compared."""

    def __init__(self, found: Break) -> None:
        super().__init__(found.reason)
        self.found = found


def read_from(table: Table, lines: Iterable[Line], commit: CommitNumber | None = None) -> Iterator[Line]:
    """Yield what is read from a table; what is damaged so that it cannot be read is a break of it.

    Raises:
        Broken: instead of the error that reading ends with.
    """
    with readable(table, commit):
        yield from lines


@contextmanager
def readable(table: Table, commit: CommitNumber | None = None) -> Generator[None]:
    """Turn the errors of reading what somebody or something has damaged into a break of a table."""
    try:
        yield
    except UNREADABLE as error:
        raise Broken(Break(table, commit, "it holds something that cannot be read")) from error


def row_entries(row: StoredRow) -> Iterator[Entry]:
    """Yield what the table of claims holds of a row: that it was recorded, and that it was ended."""
    named = row_named(row.key, row.recorded_from)
    scope = row.scope
    yield Entry.of(
        Table.CLAIMS,
        row.recorded_from,
        named,
        row.claim_id,
        [scope.source.plugin, scope.source.instance, scope.name],
        about_json(row.about),
        [row.valid.start, row.valid.end],
        row.basis.value,
        # What is said, and the digest that refutations name; a store may keep the two apart.
        [sha256_hex(row.content.encode()), row.content_digest],
        row.locator,
        [row.run, row.read_at, row.said_in],
    )
    if row.recorded_to != OPEN_RECORD:
        yield end_entry(row.key, row.recorded_from, row.recorded_to)


def end_entry(key: RowKey, recorded_from: CommitNumber, recorded_to: CommitNumber) -> Entry:
    """Return what the table of claims holds of a row's end."""
    return Entry.of(Table.CLAIMS, recorded_to, f"the end of {row_named(key, recorded_from)}")


def derived_entry(derived: Derived) -> Entry:
    """Return what one of the tables holds that are made from the contents of rows."""
    named = row_named(derived.key, derived.recorded_from)
    return Entry.of(Table(derived.sort), derived.recorded_from, f"one of {named}", *derived.said)


def decision_entry(place: int, row: SameAsRow) -> Entry:
    """Return what is held of a decision; ``place`` counts them all, as a later one outweighs others."""
    what = f"decision {place}, about {row.uids[0]} and {row.uids[1]}"
    return Entry.of(Table.SAME_AS, row.recorded_from, what, row.same, row.reason)


def coverage_entry(place: int, row: CoverageRow) -> Entry:
    """Return what is held of a complete reading; ``place`` counts them all."""
    said = (list(row.kinds), list(row.relations), row.read_at, row.restates)
    return Entry.of(Table.COVERAGE, row.recorded_from, f"reading {place}, of {row.scope}", *said)


def refutation_entry(row: RefutationRow) -> Entry:
    """Return what is held of a refutation from its beginning."""
    return Entry.of(Table.REFUTATIONS, row.recorded_from, _refutation(row), row.content_digest, row.reason)


def lifting_entry(row: RefutationRow) -> Entry:
    """Return what is held of a refutation's being taken back."""
    what = f"the lifting of {_refutation(row)}"
    return Entry.of(Table.REFUTATIONS, row.recorded_to, what, row.content_digest, row.lift_reason)


def row_named(key: RowKey, recorded_from: CommitNumber) -> str:
    """Return a row in words.

    >>> row_named(RowKey("5f"), CommitNumber(3))
    'row 5f of commit 3'
    """
    return f"row {key} of commit {recorded_from}"


def _refutation(row: RefutationRow) -> str:
    return f"the refutation of claim {row.claim_id} in commit {row.recorded_from}"
