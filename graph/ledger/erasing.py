"""Erasing what is personal about one node: everywhere at once, in a commit that holds none of it.

The log keeps commitments, so erasing the values behind them breaks nothing. What repeats
the values goes with them: texts, external ids, what was seen in passing, and what Neo4j
shows. The record is a commit and not a line of the run log: it is a decision with an
actor and a reason, it changes what external ids join, and everybody who keeps pictures of
the ledger has to hear of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from graph.errors import InvalidValue, NodeNotFound
from graph.ledger.chain import commit_after
from graph.ledger.change import Change
from graph.ledger.identity import identity_at
from graph.ledger.operations import EdgeKey, PersonalErased
from graph.ledger.personal import PersonalValue, is_personal_property, is_personal_scheme, may_be_personal
from graph.ledger.port import Store, StoredRow, Transaction
from graph.model import Commit, CommitNumber, Instant, Uid
from graph.vocabulary import Kind

_PAGE: Final = 500
_SHORTEST_SEARCHED: Final = 5
"""Shorter values stand in too many other words for their finding to mean anything."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased about a node, and where something personal may be left.

    ``values`` counts what was erased by field, ``passing`` what was seen in passing.
    ``parted`` are uids that were one with the node by an erased external id alone.
    ``telling`` are uids of the node that repeat an erased value, ``mentioned_in`` other
    nodes of which a text does. ``in_the_clear`` counts values that were recorded while
    the node was taken for nobody, ``edge_texts`` texts of edges at the node: the log
    holds all of these as they are. Without a commit there was nothing to erase.
    """

    uids: tuple[Uid, ...]
    values: Mapping[str, int]
    passing: int
    in_the_clear: int
    edge_texts: int
    telling: tuple[Uid, ...] = ()
    parted: tuple[Uid, ...] = ()
    mentioned_in: tuple[Uid, ...] = ()
    commit: Commit | None = None
    scrubbed: bool = False

    @property
    def count(self) -> int:
        """Return how many values behind commitments were erased."""
        return sum(self.values.values())


def erase_personal(
    store: Store, uid: Uid, change: Change, clock: Callable[[], Instant], reason: str
) -> Erasure:
    """Erase every personal value ever given for a node under any of its uids.

    The change says who does it, in its header. Sources that still give the values bring
    them back when they are read again. Cost: the rows of the node, a search of the whole
    store for each value, and where the store is a file, writing that anew.

    Raises:
        NodeNotFound: for a uid that nothing was ever said about.
        InvalidValue: where the reason or the actor repeats a value that is to be erased.
    """
    texts: list[str] = []

    def work(transaction: Transaction) -> Erasure:
        known = transaction.head.sequence
        members = identity_at(store, known).members(uid)
        found = _Found.of(store, transaction, members)
        if not found.rows and not found.passing:
            raise NodeNotFound(uid)
        texts[:] = found.texts
        for field, said in (("reason", reason), ("actor", change.actor)):
            _refuse_repeating(field, said, texts)
        erasure = found.as_erasure(members)
        if not found.values and not erasure.passing:
            return erasure
        commitments = tuple(sorted(value.commitment for value in found.values))
        operations = (PersonalErased(members, commitments, reason),)
        commit = commit_after(transaction.head, change, operations, clock())
        transaction.append(commit, operations, ())
        return replace(erasure, commit=commit)

    erasure = store.write(work)
    if erasure.commit is None:
        return erasure
    known = erasure.commit.sequence
    after = identity_at(store, known)
    return replace(
        erasure,
        scrubbed=store.scrub(),
        parted=tuple(m for m in erasure.uids if after.canonical(m) != after.canonical(uid)),
        mentioned_in=tuple(sorted(_mentioned_in(store, known, texts) - set(erasure.uids))),
    )


def erases_anything(store: Store, since: CommitNumber, until: CommitNumber) -> bool:
    """Return whether a commit after ``since`` up to ``until`` erases personal values, whoever made it."""
    after = since
    while after < until and (page := store.commits(after, _PAGE)):
        after = page[-1].sequence
        for commit in page:
            # An erasure is a commit of its own, so that long ones need not be read for it.
            if len(commit.operation_digests) == 1 and commit.sequence <= until:
                (operation,) = store.operations(commit.sequence)
                if isinstance(operation, PersonalErased):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class _Found:
    """All that is kept about a node: every row, the values behind commitments, what was seen in passing."""

    rows: Sequence[StoredRow]
    values: Sequence[PersonalValue]
    passing: int

    @classmethod
    def of(cls, store: Store, transaction: Transaction, members: Collection[Uid]) -> _Found:
        rows = {(r.key, r.recorded_from): r for member in members for r in store.history(member)}
        claims = {row.claim_id for row in rows.values() if not isinstance(row.about, EdgeKey)}
        return cls(
            list(rows.values()),
            transaction.personal_values(claims) if claims else (),
            len(store.volatile(members)),
        )

    @property
    def texts(self) -> list[str]:
        """Return the texts that the values are or hold."""
        return sorted({text for value in self.values for text in _texts_in(json.loads(value.value))})

    def as_erasure(self, members: tuple[Uid, ...]) -> Erasure:
        """Return what is to be erased, and what cannot be."""
        contents = [
            cast("dict[str, Any]", json.loads(row.content))
            for row in self.rows
            if not isinstance(row.about, EdgeKey)
        ]
        is_somebody = not contents or any(_may_be_somebody(content) for content in contents)
        texts = [text.casefold() for text in self.texts]
        return Erasure(
            uids=members,
            values=Counter(sorted(value.field for value in self.values)),
            passing=self.passing if is_somebody else 0,
            in_the_clear=len({said for content in contents for said in _in_the_clear(content)})
            if is_somebody
            else 0,
            edge_texts=len(set(self._edge_texts())) if is_somebody else 0,
            telling=tuple(m for m in members if any(text in m.casefold() for text in texts)),
        )

    def _edge_texts(self) -> Iterator[tuple[str, str]]:
        for row in self.rows:
            if isinstance(row.about, EdgeKey):
                for name, value in json.loads(row.content).get("properties", {}).items():
                    yield from ((row.claim_id, f"{name}={text}") for text in _texts_in(value))


def _may_be_somebody(content: Mapping[str, Any]) -> bool:
    """Return whether a description may be of a human being."""
    return may_be_personal(Kind(content["kind"])) and is_personal_property("name", content.get("type"))


def _in_the_clear(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields, with what stands in them, that would be sealed for a person and are not."""
    if not may_be_personal(Kind(content["kind"])):
        return
    said = [("name", content.get("name"), is_personal_property("name", None))]
    said += [(n, v, is_personal_property(n, None)) for n, v in content.get("properties", {}).items()]
    said += [(scheme, v, is_personal_scheme(scheme, None)) for scheme, v in content.get("external_ids", ())]
    for field, value, is_personal in said:
        if is_personal and value is not None and not isinstance(value, dict):
            yield field, json.dumps(value)


def _refuse_repeating(field: str, said: str, texts: Iterable[str]) -> None:
    for text in texts:
        if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said, re.IGNORECASE):
            raise InvalidValue(
                field, "one of the values that are to be erased, and the log keeps it", "other words"
            )


def _mentioned_in(store: Store, known: CommitNumber, texts: Iterable[str]) -> set[Uid]:
    """Return the uids under which one of some texts is still found."""
    found: set[Uid] = set()
    for text in texts:
        after: Uid | None = None
        while len(text) >= _SHORTEST_SEARCHED and (
            page := store.uids(known, after=after, limit=_PAGE, text=text.casefold())
        ):
            found.update(page)
            after = page[-1]
    return found


def _texts_in(value: object) -> list[str]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item.strip()]
