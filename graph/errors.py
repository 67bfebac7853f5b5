"""The situations in which Holdfast stops, each as an error that carries fields.

Text is made only when an error is shown, and always ends with a remedy. Things
that are answers (no path, no owner, no evidence, an empty radius) are not here.
No error ever carries the value of a secret: sources report where a value stood,
never the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class HoldfastError(Exception):
    """The base of every error that Holdfast raises on purpose.

    Children are frozen in shape: their fields say what happened, ``code`` is
    stable for machines, and ``str()`` renders a sentence and a remedy.
    """

    code = "internal"

    def message(self) -> str:
        """Return what happened, as one sentence without a remedy."""
        return "Something went wrong."

    def remedy(self) -> str:
        """Return what the reader can do about it."""
        return "Run the command again with --debug and report what it prints."

    def __str__(self) -> str:
        return f"{self.message()} {self.remedy()}"


@dataclass(eq=False)
class NodeNotFound(HoldfastError):
    """No source has ever described or mentioned this uid at the times asked about."""

    uid: str
    code = "node_not_found"

    def message(self) -> str:
        return f"No source says anything about the node {_shown(self.uid)} at the times asked about."

    def remedy(self) -> str:
        return "Look it up with `holdfast search`, or ask about other times with --as-of and --known-at."


@dataclass(eq=False)
class UnknownKind(HoldfastError):
    """A kind that the vocabulary does not have."""

    kind: str
    known: Sequence[str]
    code = "unknown_kind"

    def message(self) -> str:
        return f"{_shown(self.kind)} is not a kind of node."

    def remedy(self) -> str:
        return f"Use one of: {', '.join(self.known)}."


@dataclass(eq=False)
class UnknownRelation(HoldfastError):
    """A relation that the vocabulary does not have."""

    relation: str
    known: Sequence[str]
    code = "unknown_relation"

    def message(self) -> str:
        return f"{_shown(self.relation)} is not a relation."

    def remedy(self) -> str:
        return f"Use one of: {', '.join(self.known)}."


@dataclass(eq=False)
class UnknownRulesVersion(HoldfastError):
    """An edition of the rule table that this release does not carry."""

    version: int
    known: Sequence[int]
    code = "unknown_rules_version"

    def message(self) -> str:
        return f"There is no rules version {self.version}."

    def remedy(self) -> str:
        return f"Use one of: {', '.join(map(str, self.known))}."


@dataclass(eq=False)
class RelationNotAllowed(HoldfastError):
    """A relation between two kinds that the vocabulary does not connect that way."""

    relation: str
    subject_kind: str
    object_kind: str
    allowed: Sequence[tuple[str, str]]
    because: str = ""
    code = "relation_not_allowed"

    def message(self) -> str:
        said = f" ({self.because})" if self.because else ""
        return f"{self.relation} does not lead from {self.subject_kind} to {self.object_kind}{said}."

    def remedy(self) -> str:
        pairs = ", ".join(f"{subject} to {target}" for subject, target in self.allowed)
        return f"It leads from {pairs}."


@dataclass(eq=False)
class KindConflict(HoldfastError):
    """A description of a node as another kind than the one it already has."""

    uid: str
    kind: str
    source: str
    described_kind: str
    described_by: str
    described_uid: str | None = None
    """The other uid, where two are to be one thing."""
    code = "kind_conflict"

    def message(self) -> str:
        other = "it" if self.described_uid in (None, self.uid) else _shown(self.described_uid or "")
        return (
            f"{self.source} describes {_shown(self.uid)} as {self.kind}, "
            f"but {self.described_by} has {other} as {self.described_kind}."
        )

    def remedy(self) -> str:
        return "Give the two things two uids, or correct the source that is wrong."


@dataclass(eq=False)
class InvalidValue(HoldfastError):
    """A field whose value cannot be kept as it is."""

    field: str
    found: str
    expected: str
    code = "invalid_value"

    def message(self) -> str:
        return f"{self.field} holds {self.found}."

    def remedy(self) -> str:
        return f"Expected {self.expected}."


@dataclass(eq=False)
class WriteConflict(HoldfastError):
    """The ledger moved on between reading it and writing to it."""

    expected: int
    actual: int
    code = "write_conflict"

    def message(self) -> str:
        return f"The change was made for commit {self.expected}, but the ledger stands at {self.actual}."

    def remedy(self) -> str:
        return "Read again and repeat the change."


@dataclass(eq=False)
class BatchTooLarge(HoldfastError):
    """A store that refused a batch for its size; a smaller one may pass."""

    reason: str
    code = "batch_too_large"

    def message(self) -> str:
        return f"The store found the batch too large: {self.reason}."

    def remedy(self) -> str:
        return "Use a smaller --batch-size."


@dataclass(eq=False)
class StoreUnavailable(HoldfastError):
    """A store that cannot be reached or read."""

    target: str
    reason: str
    code = "store_unavailable"

    def message(self) -> str:
        return f"The store {self.target} cannot be used: {self.reason}."

    def remedy(self) -> str:
        return "Check --store (a file path, or neo4j://user@host:port) and that its server runs."


@dataclass(eq=False)
class SchemaTooNew(HoldfastError):
    """A store that a newer release of Holdfast has written."""

    target: str
    found: int
    supported: int
    code = "schema_too_new"

    def message(self) -> str:
        return (
            f"The store {self.target} has schema version {self.found}; this release knows {self.supported}."
        )

    def remedy(self) -> str:
        return "Nothing was changed. Use the release of Holdfast that wrote it, or a newer one."


@dataclass(eq=False)
class SchemaUnknown(HoldfastError):
    """A store that holds something, but not a Holdfast schema that can be recognised."""

    target: str
    found: str
    code = "schema_unknown"

    def message(self) -> str:
        return f"The store {self.target} is not one that Holdfast wrote: {self.found}."

    def remedy(self) -> str:
        return "Nothing was changed. Point --store at a Holdfast store, or at an empty place to begin one."


@dataclass(eq=False)
class ClosingRefused(HoldfastError):
    """A complete read that would end so much of its scope that it is more likely a mistake."""

    scope: str
    would_close: int
    live: int
    code = "closing_refused"

    def message(self) -> str:
        return (
            f"This read would close {self.would_close} of the {self.live} claims "
            f"of scope {_shown(self.scope)}, and closed none."
        )

    def remedy(self) -> str:
        return "Check that the read was whole; if it was, repeat it with --allow-closing."


@dataclass(eq=False)
class InvalidQuestion(HoldfastError):
    """A question that cannot be asked that way."""

    field: str
    reason: str
    expected: str
    code = "invalid_question"

    def message(self) -> str:
        return f"{self.field}: {self.reason}."

    def remedy(self) -> str:
        return f"Expected {self.expected}."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a source could not read, with the place where it stands.

    ``position`` is what a person would look for in the file: a line, a JSON
    pointer, an item number. ``found`` never holds a value that could be secret.
    """

    file: str
    position: str
    field: str
    reason: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.position}" if self.position else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.reason}. Expected {self.expected}."


@dataclass(eq=False)
class SourceRejected(HoldfastError):
    """Input of which nothing, or not all, could be read; it holds every problem."""

    problems: Sequence[Problem]
    code = "source_rejected"

    def message(self) -> str:
        return "\n".join(map(str, self.problems)) or "The source was rejected."

    def remedy(self) -> str:
        return "Mend the places named; everything else went in."


def _shown(text: str, limit: int = 120) -> str:
    """Return text quoted for a message, shortened in the middle when it is very long."""
    if len(text) > limit:
        text = f"{text[: limit // 2]}…{text[-limit // 2 :]}"
    return repr(text)
