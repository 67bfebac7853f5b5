"""What is never closed: Evidence and Decisions are facts about the past, whoever lists them today."""

from __future__ import annotations

import json
from typing import Final

from graph.ledger.operations import EdgeKey, Subject
from graph.ledger.port import StoredRow
from graph.vocabulary import Kind

_KINDS: Final = frozenset({Kind.EVIDENCE.value, Kind.DECISION.value})

_RELATIONS: Final = frozenset({"ABOUT", "SATISFIES", "VERIFIED_BY", "DECIDED_BY", "COLLECTED_BY"})
"""The relations that belong to Evidence and Decisions and share their fate."""


def is_lasting(about: Subject, kind: str | None) -> bool:
    """Return whether a claim is about Evidence or a Decision; ``kind`` is that of a node.

    No reading that lacks such a claim ends it or keeps it from going on.

    >>> from graph.model import Uid
    >>> is_lasting(EdgeKey("ABOUT", Uid("e"), Uid("a"), ""), None), is_lasting(Uid("a"), "Asset")
    (True, False)
    """
    return about.relation in _RELATIONS if isinstance(about, EdgeKey) else kind in _KINDS


def is_lasting_row(row: StoredRow) -> bool:
    """Return the same of a row."""
    kind = None if isinstance(row.about, EdgeKey) else json.loads(row.content).get("kind")
    return is_lasting(row.about, kind)
