"""What a commit is made of, and the JSON in which each operation is hashed and kept.

An operation says all that is needed to apply it, so that a ledger can be rebuilt
from its operations alone. Their JSON forms are part of the hash chain and are
specified in ``docs/ledger.md``: never change one, add a new operation instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph.ledger.canonical import JsonValue
from graph.model import (
    Basis,
    ClaimId,
    CommitNumber,
    Instant,
    Interval,
    RowKey,
    RunId,
    Scope,
    SourceInstance,
    Uid,
)


@dataclass(frozen=True, slots=True)
class EdgeKey:
    """Which fact an edge claim is about, in the words of its source."""

    relation: str
    subject: Uid
    object: Uid
    discriminator: str


Subject: TypeAlias = Uid | EdgeKey
"""What a claim is about: a node by its uid, or an edge."""


@dataclass(frozen=True, slots=True)
class ClaimRecorded:
    """A claim begins to stand for an interval of valid time.

    ``content`` is the canonical JSON of what is said, with personal values replaced
    by commitments; ``read_at`` is when its source was read. A part of a row that an
    earlier commit recorded names that commit and its run, as it is still their word.
    """

    claim_id: ClaimId
    key: RowKey
    scope: Scope
    about: Subject
    valid: Interval
    basis: Basis
    content: Mapping[str, Any]
    locator: str | None
    read_at: Instant | None = None
    said_in: CommitNumber | None = None
    run: RunId | None = None


@dataclass(frozen=True, slots=True)
class ClaimEnded:
    """A row no longer stands: it was corrected, or closed (then a shorter row replaces it)."""

    key: RowKey
    recorded_from: CommitNumber
    about: Subject


@dataclass(frozen=True, slots=True)
class ScopeCovered:
    """A scope has been read completely: from ``read_at`` on, absence in it means absence.

    Of a node that a later reading shows first only from the next complete one on, unless
    that reading ``restates`` the whole history. What is said of that here holds for the
    readings from ``read_at`` on, until another operation says otherwise of later ones.
    """

    scope: Scope
    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    read_at: Instant
    restates: bool = False


@dataclass(frozen=True, slots=True)
class NodesMerged:
    """A person says that these uids name one thing."""

    uids: tuple[Uid, Uid]
    reason: str


@dataclass(frozen=True, slots=True)
class NodesUnmerged:
    """A person says that these uids do not name one thing; it undoes a merge and forbids a join."""

    uids: tuple[Uid, Uid]
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimRefuted:
    """A person says that a claim, with the content it had then, is wrong."""

    claim_id: ClaimId
    content_digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefutationLifted:
    """A person takes a refutation back."""

    claim_id: ClaimId
    content_digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonalErased:
    """The values behind these commitments, all about one node, are erased.

    So is whatever is kept of the node beside the chain. It names the values by their
    commitments and the node by its uids, and holds nothing that was erased.
    """

    uids: tuple[Uid, ...]
    commitments: tuple[str, ...]
    reason: str


Operation: TypeAlias = (
    ClaimRecorded
    | ClaimEnded
    | ScopeCovered
    | NodesMerged
    | NodesUnmerged
    | ClaimRefuted
    | RefutationLifted
    | PersonalErased
)


def operation_json(operation: Operation) -> dict[str, JsonValue]:
    """Return an operation as the JSON object that is hashed.

    >>> operation_json(NodesMerged((Uid("a"), Uid("b")), "same host"))
    {'op': 'merge', 'uids': ['a', 'b'], 'reason': 'same host'}
    """
    match operation:
        case ClaimRecorded():
            return _claim_json(operation)
        case ClaimEnded(key, recorded_from, about):
            return {"op": "end", "key": key, "recorded_from": recorded_from, **about_json(about)}
        case ScopeCovered(scope, kinds, relations, read_at, restates):
            return {
                "op": "cover",
                **_scope_json(scope),
                "kinds": list(kinds),
                "relations": list(relations),
                "read_at": read_at,
                **({"restates": True} if restates else {}),
            }
        case NodesMerged(uids, reason):
            return {"op": "merge", "uids": list(uids), "reason": reason}
        case NodesUnmerged(uids, reason):
            return {"op": "unmerge", "uids": list(uids), "reason": reason}
        case ClaimRefuted(claim_id, digest, reason):
            return {"op": "refute", "claim": claim_id, "content": digest, "reason": reason}
        case RefutationLifted(claim_id, digest, reason):
            return {"op": "lift", "claim": claim_id, "content": digest, "reason": reason}
        case PersonalErased(uids, commitments, reason):
            return {"op": "erase", "uids": list(uids), "commitments": list(commitments), "reason": reason}


def operation_from_json(said: Mapping[str, Any]) -> Operation:
    """Return the operation that ``operation_json`` wrote.

    Raises:
        ValueError: for an operation that this release does not know.
    """
    match said["op"]:
        case "claim":
            return _claim_from_json(said)
        case "end":
            return ClaimEnded(said["key"], said["recorded_from"], _about_from_json(said))
        case "cover":
            kinds, relations = tuple(said["kinds"]), tuple(said["relations"])
            scope, restates = _scope_from_json(said), said.get("restates", False)
            return ScopeCovered(scope, kinds, relations, said["read_at"], restates)
        case "merge":
            return NodesMerged(_pair(said["uids"]), said["reason"])
        case "unmerge":
            return NodesUnmerged(_pair(said["uids"]), said["reason"])
        case "refute":
            return ClaimRefuted(said["claim"], said["content"], said["reason"])
        case "lift":
            return RefutationLifted(said["claim"], said["content"], said["reason"])
        case "erase":
            return PersonalErased(tuple(said["uids"]), tuple(said["commitments"]), said["reason"])
        case unknown:
            raise ValueError(f"unknown operation {unknown!r}")


def about_json(about: Subject) -> dict[str, JsonValue]:
    """Return what a claim is about as JSON: ``{"node": uid}`` or ``{"edge": [...]}``."""
    if isinstance(about, EdgeKey):
        return {"edge": [about.relation, about.subject, about.object, about.discriminator]}
    return {"node": about}


def _claim_json(operation: ClaimRecorded) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {
        "op": "claim",
        "claim": operation.claim_id,
        "key": operation.key,
        **_scope_json(operation.scope),
        **about_json(operation.about),
        "valid": [operation.valid.start, operation.valid.end],
        "basis": operation.basis.value,
        "content": operation.content,
    }
    if operation.locator is not None:
        said["locator"] = operation.locator
    if operation.read_at is not None:
        said["read_at"] = operation.read_at
    if operation.said_in is not None:
        said["said_in"] = operation.said_in
    if operation.run is not None:
        said["run"] = operation.run
    return said


def _claim_from_json(said: Mapping[str, Any]) -> ClaimRecorded:
    return ClaimRecorded(
        claim_id=said["claim"],
        key=said["key"],
        scope=_scope_from_json(said),
        about=_about_from_json(said),
        valid=Interval(*said["valid"]),
        basis=Basis(said["basis"]),
        content=said["content"],
        locator=said.get("locator"),
        read_at=said.get("read_at"),
        said_in=said.get("said_in"),
        run=said.get("run"),
    )


def _about_from_json(said: Mapping[str, Any]) -> Subject:
    edge = said.get("edge")
    return Uid(said["node"]) if edge is None else EdgeKey(*edge)


def _scope_json(scope: Scope) -> dict[str, JsonValue]:
    return {"source": [scope.source.plugin, scope.source.instance], "scope": scope.name}


def _scope_from_json(said: Mapping[str, Any]) -> Scope:
    return Scope(SourceInstance(*said["source"]), said["scope"])


def _pair(uids: list[str]) -> tuple[Uid, Uid]:
    first, second = uids
    return Uid(first), Uid(second)
