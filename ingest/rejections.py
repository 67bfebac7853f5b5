"""From what the ledger refuses to what a person looks up: errors of claims as problems with a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from graph.errors import (
    BatchTooLarge,
    HoldfastError,
    InvalidValue,
    KindConflict,
    Problem,
    RelationNotAllowed,
    UnknownKind,
    UnknownRelation,
)
from ingest.disallowed import nearest_to
from ingest.jsontext import ascii_safe, shown
from ingest.redaction import redact_text

_SHOWN: Final = 600
"""Characters of a text that a report shows; enough for every list of what is allowed."""


_RELATION: Final = re.compile(r"[A-Za-z_]{1,40}")


def problem_of(error: HoldfastError, file: str, position: str) -> Problem:
    """Return why a claim was refused, with its place in the input and without secrets."""
    field, reason, expected = _told(error)
    return cleaned(Problem(file, position, field, reason, expected))


def cleaned(problem: Problem) -> Problem:
    """Return a problem that is safe to show: no secret of a known shape, nothing a terminal obeys."""
    return Problem(
        file=safe(problem.file),
        position=safe(problem.position),
        field=safe(problem.field),
        reason=safe(problem.reason),
        expected=safe(problem.expected),
    )


def safe(text: str) -> str:
    """Return a text of any origin as it may be shown and kept; a very long one is cut in the middle."""
    clean = ascii_safe(redact_text(text))
    if len(clean) > _SHOWN:
        clean = f"{clean[: _SHOWN // 2]}…{clean[-_SHOWN // 2 :]}"
    return clean


def _told(error: HoldfastError) -> tuple[str, str, str]:
    """Return the field, the reason and what was expected, each to be read inside one sentence."""
    match error:
        case InvalidValue():
            return error.field, f"holds {error.found}", error.expected
        case UnknownRelation():
            nearest = nearest_to(error.relation, error.known)
            return "relation", f"{_relation(error.relation)} is not a relation{nearest}", _one_of(error.known)
        case UnknownKind():
            nearest = nearest_to(error.kind, error.known)
            return "kind", f"a text that is not a kind of node{nearest}", _one_of(error.known)
        case RelationNotAllowed():
            pairs = ", ".join(f"{subject} to {target}" for subject, target in error.allowed)
            return "relation", error.message().removesuffix("."), f"a pair of kinds among {pairs}"
        case KindConflict():
            return "kind", error.message().removesuffix("."), f"{error.described_kind}, or a uid of its own"
        case BatchTooLarge():
            return "", "is alone too large for the store", "a claim that fits into one transaction"
        case _:
            return "", error.message().removesuffix("."), error.remedy().removesuffix(".")


def _relation(name: str) -> str:
    """Return a relation's name where it looks like one; any other text may be a value in the wrong place."""
    return shown(name) if _RELATION.fullmatch(name) else "what stands there"


def _one_of(known: Sequence[str]) -> str:
    return f"one of {', '.join(known)}"
