"""What a store keeps, read through the port as entries that the log should have made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from graph.ledger.port import Store, StoredRow
from graph.ledger.verifying.entry import (
    Entry,
    Table,
    coverage_entry,
    decision_entry,
    derived_entry,
    lifting_entry,
    read_from,
    readable,
    refutation_entry,
    row_entries,
)
from graph.model import OPEN_RECORD, CommitNumber


def kept_entries(store: Store, until: CommitNumber) -> Iterator[Entry]:
    """Yield what the tables hold that commits up to one brought; later ones are left out.

    Raises:
        Broken: where a table holds something that cannot be read.

    Cost: every row of every table once, page by page.
    """
    for row in read_from(Table.CLAIMS, chain(store.all_node_rows(None), store.all_edge_rows(None))):
        if row.recorded_from <= until:
            yield from row_entries(_as_of(row, until))
    for derived in read_from(Table.KINDS, store.derived()):
        if derived.recorded_from <= until:
            yield derived_entry(derived)
    with readable(Table.SAME_AS):
        decisions = store.same_as(until)
    for place, decision in enumerate(decisions, start=1):
        yield decision_entry(place, decision)
    with readable(Table.COVERAGE):
        readings = store.coverage(until)
    for place, reading in enumerate(readings, start=1):
        yield coverage_entry(place, reading)
    with readable(Table.REFUTATIONS):
        refutations = store.refutations(None)
    for refutation in refutations:
        if refutation.recorded_from <= until:
            yield refutation_entry(refutation)
        if refutation.recorded_to <= until:
            yield lifting_entry(refutation)


def _as_of(row: StoredRow, until: CommitNumber) -> StoredRow:
    """Return a row as it stood after a commit, whoever has ended it since."""
    return replace(row, recorded_to=OPEN_RECORD) if row.recorded_to > until else row
