"""Whether a store lists exactly the uids that rows name, in order, and finds them by their own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.ledger.port import Store
from graph.ledger.verifying.entry import Break, Table
from graph.model import CommitNumber, Uid

_PAGE: Final = 1_000


def check_names(store: Store, named: Mapping[Uid, int], known: CommitNumber) -> Break | None:
    """Return the first uid that is listed wrongly or searched by a wrong text.

    ``named`` are all uids of the log, each with the number of rows that stand at ``known``
    and name it. Memory: a set of those uids.
    """
    return _check_listing(store, named, known) or _check_texts(store, named)


def _check_listing(store: Store, named: Mapping[Uid, int], known: CommitNumber) -> Break | None:
    missing = {uid for uid, rows in named.items() if rows}
    after: Uid | None = None
    while page := store.uids(known, after=after, limit=_PAGE):
        for uid in page:
            if uid not in missing or (after is not None and uid <= after):
                return _wrong(uid, "is listed where it should not be")
            missing.discard(uid)
            after = uid
    return _wrong(min(missing), "is named by rows and not listed") if missing else None


def _check_texts(store: Store, named: Mapping[Uid, int]) -> Break | None:
    """Return the first uid whose text is not its own; one that a commit has just brought is passed over."""
    missing = set(named)
    for uid, text in store.names():
        missing.discard(uid)
        if uid in named and text != uid.casefold():
            return _wrong(uid, "is searched by a text that is not its own")
    return _wrong(min(missing), "cannot be searched") if missing else None


def _wrong(uid: Uid, what: str) -> Break:
    return Break(Table.NAMES, None, f"the uid {uid} {what}")
