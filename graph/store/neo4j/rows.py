"""Reading rows of claims: from nodes beside an Entity, and from relationships between two.

Every function takes the statement runner of a transaction. ``known`` is a commit
number, or None for every row ever recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from graph.ledger.operations import EdgeKey
from graph.ledger.port import KeptEdge, StoredRow
from graph.model import (
    OPEN_RECORD,
    Basis,
    ClaimId,
    CommitNumber,
    Interval,
    RowKey,
    Scope,
    SourceInstance,
    Uid,
)
from graph.store.neo4j.database import Line, Run
from graph.store.neo4j.shape import digest_of, edge_content, is_storable, key_of, scope_id
from graph.store.neo4j.statements import FORMERLY, RELATIONS
from graph.vocabulary import End

Text = TypeVar("Text", bound=str)

_STATED: Final = {True: Basis.STATED, None: Basis.FIRST_SEEN}
_AFTER_SEPARATOR: Final = "$"
"""Sorts right after the separator between a row's key and its version."""

_OF_END: Final = {End.SUBJECT: "edge_rows_of_subject", End.OBJECT: "edge_rows_of_object"}


class Scopes:
    """The scopes by what stands for them on rows; a scope never changes, so they are kept."""

    def __init__(self) -> None:
        self._known: dict[str, Scope] = {}

    def of(self, run: Run, ids: Iterable[str]) -> Mapping[str, Scope]:
        """Return at least these scopes."""
        unknown = sorted(set(ids) - self._known.keys())
        if unknown:
            for identifier, plugin, instance, name in run("scopes", ids=unknown):
                self._known[identifier] = Scope(SourceInstance(plugin, instance), name)
        return self._known


@dataclass(frozen=True)
class Rows:
    """The rows that one transaction can see."""

    run: Run
    scopes: Scopes

    def node_rows(self, uids: Iterable[Uid], known: CommitNumber | None) -> list[StoredRow]:
        """Return the node rows about exactly these uids."""
        return self._nodes(self.run("node_rows", uids=storable(uids), known=known))

    def edge_rows(
        self, uids: Iterable[Uid], known: CommitNumber | None, end: End | None = None
    ) -> list[StoredRow]:
        """Return the edge rows that name these uids; a row that names two comes once."""
        return self._edges(self.edge_lines(uids, known, end))

    def edge_lines(
        self, uids: Iterable[Uid], known: CommitNumber | None, end: End | None = None
    ) -> list[Line]:
        """Return the same as lines of values, as ``rehang`` needs them."""
        asked = storable(uids)
        sides = [end] if end else [End.SUBJECT, End.OBJECT]
        lines = [line for side in sides for line in self.run(_OF_END[side], uids=asked, known=known)]
        return list({(line[0], line[3]): line for line in lines}.values())

    def edge_rows_between(self, keys: Iterable[EdgeKey], known: CommitNumber) -> list[StoredRow]:
        """Return the edge rows about exactly these facts."""
        facts: dict[str, list[list[str]]] = defaultdict(list)
        for key in set(keys):
            said = [key.subject, key.object, key.discriminator]
            if key.relation in RELATIONS and all(map(is_storable, said)):
                facts[key.relation].append(said)
        lines: list[Line] = []
        for relation, asked in sorted(facts.items()):
            lines += self.run("edge_rows_between", relation, facts=asked, relation=relation, known=known)
        return self._edges(lines)

    def of_claims(self, ids: Iterable[ClaimId], types: Sequence[str], *, standing: bool) -> list[StoredRow]:
        """Return the rows of these claims, ever or those that stand; ``types`` are those in use."""
        asked: dict[str, object] = {"ids": storable(ids), "known": None, "standing": standing}
        nodes = self._nodes(self.run("node_rows_of_claims", **asked))
        return nodes + self._edges(
            [line for kind in types for line in self.run("edge_rows_of_claims", kind, **asked)]
        )

    def of_keys(self, keys: Iterable[RowKey], types: Sequence[str]) -> list[StoredRow]:
        """Return the standing rows with these keys; ``types`` are those in use."""
        asked = storable(keys)
        nodes = self._nodes(self.run("standing_node_rows", keys=asked))
        lines: list[Line] = []
        for kind in types:
            if kind == FORMERLY:
                lines += self.run("standing_former_rows", prefixes=[f"{key}#" for key in asked])
            else:
                lines += self.run("standing_edge_rows", kind, keys=asked)
        return nodes + self._edges(lines)

    def of_scope(
        self,
        scope: Scope,
        known: CommitNumber,
        types: Sequence[str],
        *,
        after: RowKey | None,
        limit: int,
    ) -> list[StoredRow]:
        """Return the next rows of a scope, ordered by key."""
        asked = {"scope": scope_id(scope), "known": known, "limit": limit}
        rows = self._nodes(self.run("scope_node_rows", **asked, after=after or ""))
        for kind in types:
            rows += self._edges(self.run("scope_edge_rows", kind, **asked, after=_after(kind, after)))
        return sorted(rows, key=lambda row: row.key)[:limit]

    def page_of_edges(
        self, kind: str, known: CommitNumber | None, *, after: str, limit: int
    ) -> tuple[list[KeptEdge], str | None]:
        """Return the next edge rows of one type, and what comes ``after`` them; None at the end."""
        lines = self.run("page_of_edge_rows", kind, known=known, after=after, limit=limit)
        return self._kept(lines), lines[-1][0] if len(lines) == limit else None

    def judged_edges(
        self, since: CommitNumber, known: CommitNumber | None, types: Sequence[str]
    ) -> list[KeptEdge]:
        """Return the edge rows of claims that were refuted after a commit, or not any longer."""
        ids = [claim for (claim,) in self.run("claims_judged_since", since=since)]
        asked: dict[str, object] = {"ids": ids, "known": known, "standing": False}
        return self._kept([line for kind in types for line in self.run("edge_rows_of_claims", kind, **asked)])

    def _kept(self, lines: Sequence[Line]) -> list[KeptEdge]:
        return [_kept_edge(row, line) for row, line in zip(self._edges(lines), lines, strict=True)]

    def page_of_names(self, after: str, limit: int) -> tuple[list[Uid], str | None]:
        """Return the next uids that were ever said, and what comes ``after`` them; None at the end.

        Whether or not anything says them still.
        """
        lines = self.run("page_of_names", after=after, limit=limit)
        return [uid for uid, _ in lines], lines[-1][1] if len(lines) == limit else None

    def _nodes(self, lines: Sequence[Line]) -> list[StoredRow]:
        scopes = self.scopes.of(self.run, {line[2] for line in lines})
        return [_node_row(line, scopes) for line in lines]

    def _edges(self, lines: Sequence[Line]) -> list[StoredRow]:
        scopes = self.scopes.of(self.run, {line[2] for line in lines})
        return [_edge_row(line, scopes) for line in lines]


def by_uid(lines: Iterable[Line]) -> dict[Uid, Uid]:
    """Return lines of two uids as a mapping from the first to the second."""
    return {Uid(first): Uid(second) for first, second in lines}


def storable(texts: Iterable[Text]) -> list[Text]:
    """Return the texts that the store could hold, each once, in an order of their own."""
    return sorted(text for text in set(texts) if is_storable(text))


def _kept_edge(row: StoredRow, line: Line) -> KeptEdge:
    belated, refuted, moves, *ends = line[21:]
    return KeptEdge(
        row=row,
        ends=(ends[0], ends[1]),
        is_aside=line[3] == FORMERLY,
        is_belated=belated is True,
        is_refuted=refuted is True,
        moves=tuple(moves or ()),
    )


def _after(kind: str, after: RowKey | None) -> str:
    """Return after which key a type goes on: former rows have their version behind the key."""
    if after is None:
        return ""
    return after + _AFTER_SEPARATOR if kind == FORMERLY else after


def _node_row(line: Line, scopes: Mapping[str, Scope]) -> StoredRow:
    row, claim, scope, uid, start, end, stated, content, locator = line[:9]
    run, read_at, said_in, recorded_from, recorded_to = line[9:]
    return StoredRow(
        key=RowKey(key_of(row)),
        claim_id=claim,
        scope=scopes[scope],
        about=uid,
        valid=Interval(start, end),
        basis=_STATED[stated],
        content=content,
        content_digest=digest_of(content),
        locator=locator,
        run=run,
        read_at=read_at,
        said_in=recorded_from if said_in is None else said_in,
        recorded_from=recorded_from,
        recorded_to=OPEN_RECORD if recorded_to is None else recorded_to,
    )


def _edge_row(line: Line, scopes: Mapping[str, Scope]) -> StoredRow:
    key, claim, scope, kind, relation, subject, object_, discriminator, start, end, stated = line[:11]
    content, marks, origin, certainty, locator = line[11:16]
    run, read_at, said_in, recorded_from, recorded_to = line[16:21]
    if content is None:
        content = edge_content(marks, origin, certainty)
    return StoredRow(
        key=RowKey(key_of(key)) if kind == FORMERLY else key,
        claim_id=claim,
        scope=scopes[scope],
        about=EdgeKey(relation or kind, subject, object_, discriminator or ""),
        valid=Interval(start, end),
        basis=_STATED[stated],
        content=content,
        content_digest=digest_of(content),
        locator=locator,
        run=run,
        read_at=read_at,
        said_in=recorded_from if said_in is None else said_in,
        recorded_from=recorded_from,
        recorded_to=OPEN_RECORD if recorded_to is None else recorded_to,
    )
