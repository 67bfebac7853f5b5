"""Going through the tables that answers never read as a whole, so that they can be held against the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from graph.ledger.personal import PersonalValue
from graph.ledger.port import Derived, DerivedSort
from graph.model import Uid
from graph.store.sqlite.applying import TEXT_SEPARATOR
from graph.store.sqlite.rows import Lend

_PAGE: Final = 2_000

_PERSONAL: Final = "SELECT rowid, commitment, claim_id, field, salt, value FROM personal t WHERE"
_NAMES: Final = "SELECT id, uid, coalesce(folded, uid) FROM uids t WHERE"
_DERIVED: Final = {
    DerivedSort.KINDS: """
        SELECT t.id, t.key, t.recorded_from, t.subject_kind, t.object_kind FROM claims t
        WHERE coalesce(t.subject_kind, t.object_kind) IS NOT NULL AND
    """,
    DerivedSort.TEXTS: """
        SELECT t.rowid, c.key, c.recorded_from, t.folded, t.commitment
        FROM texts t CROSS JOIN claims c ON c.id = t.claim WHERE
    """,
    # An id under a number that is not its claim's is found for another node.
    DerivedSort.EXTERNAL_IDS: """
        SELECT t.rowid, c.key, c.recorded_from, t.scheme, t.value, t.commitment
        FROM external_ids t CROSS JOIN claims c ON c.id = t.claim AND c.subject = t.subject WHERE
    """,
}


def all_personal(lend: Lend) -> Iterator[PersonalValue]:
    """Yield every personal value that has not been erased."""
    for line in _paged(lend, _PERSONAL):
        yield PersonalValue(*line)


def names(lend: Lend) -> Iterator[tuple[Uid, str]]:
    """Yield every uid with the text by which it is searched."""
    for uid, text in _paged(lend, _NAMES):
        yield Uid(uid), text


def derived(lend: Lend) -> Iterator[Derived]:
    """Yield what is kept of rows beside the rows: kinds, texts, external ids."""
    for sort, statement in _DERIVED.items():
        for key, recorded_from, *said in _paged(lend, statement):
            if sort is DerivedSort.TEXTS:
                for text in said[0].split(TEXT_SEPARATOR):
                    yield Derived(sort, key, recorded_from, (text, said[1]))
            else:
                yield Derived(sort, key, recorded_from, tuple(said))


def _paged(lend: Lend, statement: str) -> Iterator[Sequence[Any]]:
    """Yield the lines of a statement over the table ``t`` without their row number, a page at a time."""
    after = 0
    while True:
        with lend() as connection:
            page = connection.execute(
                f"{statement} t.rowid > ? ORDER BY t.rowid LIMIT {_PAGE}", (after,)
            ).fetchall()
        for line in page:
            yield line[1:]
        if len(page) < _PAGE:
            return
        after = page[-1][0]
