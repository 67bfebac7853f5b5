"""Which failures stand: counter-evidence ends by repeating the same check until it passes, and not by time.

What failed is what has to pass. For a version on trial that is this version: a later pass that
names another digest says nothing of it, even if one failure was about both. Where no version
is on trial, every digest that failed has to pass, or everything that it was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.model import Uid
from queries.evidence.candidates import Matching
from queries.evidence.dated import DatedFacts
from queries.evidence.records import Record
from queries.evidence.versions import Version


def standing_failures(
    dated: DatedFacts,
    matching: Iterable[Matching],
    records: Sequence[Record],
    tied: frozenset[Uid],
    version: Version | None,
) -> frozenset[Uid]:
    """Return the failures that no later pass answers, for a version on trial or for none.

    ``records`` are those that may answer a failure, ``tied`` the subject and its versions.

    Source of the rule: counter-evidence does not go stale.
    """
    return frozenset(
        one.record.uid
        for one in matching
        if one.record.failed and not _is_answered(dated, one.record, records, tied, version)
    )


def _is_answered(
    dated: DatedFacts,
    failure: Record,
    records: Iterable[Record],
    tied: frozenset[Uid],
    version: Version | None,
) -> bool:
    passes = [record for record in records if _repeats(dated, record, failure)]
    if not failure.digests and version is not None:
        return any(_names(record, version) for record in passes)
    if not failure.digests:
        return failure.about & tied <= _union(record.surely_about for record in passes)
    passed = _union(record.digests for record in passes)
    same = failure.digests if version is None else failure.digests & version.digests
    return bool(same & passed) if same and version is not None else failure.digests <= passed


def _repeats(dated: DatedFacts, later: Record, failure: Record) -> bool:
    """Return whether a record is a pass of the same check as a failure, and later than that."""
    if later.disputed or later.verdict != "pass" or later.check is None or later.check != failure.check:
        return False
    if later.at is None or failure.at_latest is None or later.at <= failure.at_latest:
        return False
    dated.horizon.note([later.at])
    return later.at <= dated.moment


def _names(record: Record, version: Version) -> bool:
    """Return whether a record is about a version: by its digest where both name any, else by itself."""
    if record.digests and version.digests:
        return bool(record.digests & version.digests)
    return version.uid in record.surely_about


def _union(found: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*found)
