"""Applying a commit's operations: rows that end become history, rows that begin hang at Entities.

Everything happens inside the caller's transaction, in this order: what personal values
stand for, the Entities and scopes that are named, endings, beginnings, decisions, where
things hang now, and what the Entities touched show of themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from graph.ledger.canonical import canonical_text, short_digest
from graph.ledger.claims import edge_id_of
from graph.ledger.findable import external_ids, search_texts
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    NodesMerged,
    NodesUnmerged,
    Operation,
    PersonalErased,
    RefutationLifted,
    ScopeCovered,
    Subject,
)
from graph.ledger.personal import PersonalValue, commitments_in
from graph.model import Basis, Commit, CommitNumber, Scope, Uid
from graph.store.neo4j import finding
from graph.store.neo4j.database import Line, Run
from graph.store.neo4j.rows import by_uid, storable
from graph.store.neo4j.shape import (
    edge_facets,
    folded_if_other,
    row_id,
    scope_id,
    sort_key,
    texts_in,
)
from graph.store.neo4j.statements import FORMERLY

BATCH: Final = 10_000
"""Rows that go to the server in one statement."""

_Sort = TypeVar("_Sort")
_Row = dict[str, Any]


def apply(
    run: Run, commit: Commit, operations: Sequence[Operation], personal: Sequence[PersonalValue]
) -> None:
    """Apply the operations of a commit.

    Raises:
        ValueError: for an operation that ends or lifts what does not stand.
    """
    recorded, ended = _only(operations, ClaimRecorded), _only(operations, ClaimEnded)
    in_batches(run, "keep_personal", [_personal_row(value) for value in personal])
    use_scopes(run, (o.scope for o in operations if isinstance(o, ClaimRecorded | ScopeCovered)))
    uids = {uid for operation in recorded for uid in uids_of(operation.about)}
    use_entities(run, uids)
    canonical = by_uid(run("aliases_among", uids=sorted(uids)))
    _end(run, commit.sequence, [e for e in ended if e.recorded_from < commit.sequence])
    stillborn = {e.key for e in ended if e.recorded_from >= commit.sequence}
    _record_nodes(run, commit, recorded, canonical, stillborn)
    _record_edges(run, commit, recorded, canonical, stillborn)
    for place, operation in enumerate(operations):
        _decide(run, commit.sequence, place, operation)


def in_batches(
    run: Run, name: str, rows: Sequence[_Row], relationship: str | None = None, /, **parameters: object
) -> list[Line]:
    """Run a statement over rows, some thousands at a time; return all lines that it gives."""
    # A key that is not there reads as null, and need not be sent ten thousand times.
    rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return [
        line
        for start in range(0, len(rows), BATCH)
        for line in run(name, relationship, rows=rows[start : start + BATCH], **parameters)
    ]


def use_scopes(run: Run, scopes: Iterable[Scope]) -> None:
    """Make sure that these scopes can be referred to."""
    rows = [
        {"id": scope_id(s), "plugin": s.source.plugin, "instance": s.source.instance, "name": s.name}
        for s in dict.fromkeys(scopes)
    ]
    in_batches(run, "use_scopes", rows)


def use_entities(run: Run, uids: Iterable[Uid]) -> None:
    """Make sure that each of these uids has an Entity."""
    rows: list[_Row] = [
        {"uid": uid, "sort_key": sort_key(uid), "folded": folded_if_other(uid)} for uid in sorted(set(uids))
    ]
    in_batches(run, "use_entities", rows)


def uids_of(about: Subject) -> tuple[Uid, ...]:
    """Return the uids that a claim names."""
    return (about.subject, about.object) if isinstance(about, EdgeKey) else (about,)


def _only(operations: Sequence[Operation], sort: type[_Sort]) -> list[_Sort]:
    return [operation for operation in operations if isinstance(operation, sort)]


def _personal_row(value: PersonalValue) -> _Row:
    return {
        "commitment": value.commitment,
        "claim": value.claim_id,
        "field": value.field,
        "salt": value.salt,
        "value": value.value,
        "texts": texts_in(value.value),
    }


def _end(run: Run, sequence: CommitNumber, ended: Sequence[ClaimEnded]) -> None:
    nodes: list[_Row] = []
    edges: dict[str, list[_Row]] = defaultdict(list)
    for e in ended:
        row = {"row": row_id(e.key, e.recorded_from), "key": e.key, "recorded_from": e.recorded_from}
        (edges[e.about.relation] if isinstance(e.about, EdgeKey) else nodes).append(row)
    found = {row for (row,) in in_batches(run, "end_nodes", nodes, sequence=sequence)}
    for relation, rows in sorted(edges.items()):
        lines = in_batches(run, "end_edges", rows, relation, sequence=sequence, relation=relation)
        found.update(row for (row,) in lines)
    # An edge that was over in valid time when it was learned is FORMERLY already, and still stands.
    former = [row for rows in edges.values() for row in rows if row["row"] not in found]
    found.update(row for (row,) in in_batches(run, "end_former_edges", former, sequence=sequence))
    if len(found) != len(ended):
        raise ValueError(f"commit {sequence} ends {len(ended)} rows, of which {len(found)} stand")


def _row(operation: ClaimRecorded, commit: Commit, stillborn: set[Any]) -> _Row:
    return {
        "row": row_id(operation.key, commit.sequence),
        "key": operation.key,
        "claim": operation.claim_id,
        "scope": scope_id(operation.scope),
        "valid_from": operation.valid.start,
        "valid_to": operation.valid.end,
        "stated": True if operation.basis is Basis.STATED else None,
        "locator": operation.locator,
        "run": commit.run if operation.said_in is None else operation.run,
        "read_at": operation.read_at,
        "said_in": operation.said_in,
        "recorded_to": commit.sequence if operation.key in stillborn else None,
    }


def _record_nodes(
    run: Run,
    commit: Commit,
    recorded: Sequence[ClaimRecorded],
    canonical: Mapping[Uid, Uid],
    stillborn: set[Any],
) -> None:
    nodes = [o for o in recorded if not isinstance(o.about, EdgeKey)]
    values = finding.personal(run, (c for o in nodes for c in commitments_in(o.content)))
    rows: list[_Row] = []
    ids: list[_Row] = []
    for operation in nodes:
        (uid,) = uids_of(operation.about)
        row = _row(operation, commit, stillborn)
        texts = [t.text for t in search_texts(operation.content, values) if t.commitment is None]
        rows.append(
            row
            | {
                "at": canonical.get(uid, uid),
                "uid": uid,
                "kind": operation.content.get("kind"),
                "content": canonical_text(operation.content),
                "texts": texts or None,
                "commitments": list(dict.fromkeys(commitments_in(operation.content))) or None,
            }
        )
        ids.extend(
            {
                "row": row["row"],
                "id": short_digest([i.scheme, i.value]),
                "scheme": i.scheme,
                "value": i.value,
                "commitment": i.commitment,
            }
            for i in external_ids(operation.content, values)
        )
    rows.sort(key=lambda row: row["at"])
    in_batches(run, "record_nodes", rows, sequence=commit.sequence)
    in_batches(run, "assert_external_ids", ids)


def _record_edges(
    run: Run,
    commit: Commit,
    recorded: Sequence[ClaimRecorded],
    canonical: Mapping[Uid, Uid],
    stillborn: set[Any],
) -> None:
    by_type: dict[str, list[_Row]] = defaultdict(list)
    for operation in recorded:
        about = operation.about
        if not isinstance(about, EdgeKey):
            continue
        row = _row(operation, commit, stillborn) | edge_facets(operation.content)
        row |= ends_of(about, canonical)
        row |= {"discriminator": about.discriminator or None, "relation": None, "belated": None}
        if operation.valid.end <= commit.recorded_at or row["recorded_to"] is not None:
            belated = {"relation": about.relation, "key": row["row"], "belated": True}
            by_type[FORMERLY].append(row | belated)
        else:
            by_type[about.relation].append(row)
    for kind, rows in sorted(by_type.items()):
        rows.sort(key=lambda row: (row["subject"], row["object"]))
        in_batches(run, "record_edges", rows, kind, sequence=commit.sequence)


def ends_of(about: EdgeKey, canonical: Mapping[Uid, Uid]) -> _Row:
    """Return where an edge hangs, what its source calls the ends if that is another uid, and its id."""
    subject = canonical.get(about.subject, about.subject)
    object_ = canonical.get(about.object, about.object)
    return {
        "subject": subject,
        "object": object_,
        "said_subject": None if subject == about.subject else about.subject,
        "said_object": None if object_ == about.object else about.object,
        "eid": edge_id_of(about.relation, subject, object_, about.discriminator),
    }


def _decide(run: Run, sequence: CommitNumber, place: int, operation: Operation) -> None:
    """Apply what is not about a row; operations on rows are passed over."""
    match operation:
        case NodesMerged((first, second), reason) | NodesUnmerged((first, second), reason):
            same = isinstance(operation, NodesMerged)
            said = {"first": first, "second": second, "same": same, "reason": reason}
            run("decide_same_as", **said, sequence=sequence, place=place)
        case ClaimRefuted(claim_id, digest, reason):
            said = {"claim": claim_id, "content": digest, "reason": reason}
            run("refute", **said, sequence=sequence, place=place)
        case RefutationLifted(claim_id, digest, reason):
            if not run("lift", claim=claim_id, content=digest, sequence=sequence, reason=reason):
                raise ValueError(f"commit {sequence} lifts a refutation that does not stand")
        case ScopeCovered(scope, kinds, relations, read_at, restates):
            said = {"kinds": list(kinds), "relations": list(relations), "read_at": read_at}
            said |= {"restates": True} if restates else {}
            run("cover", rows=[said | {"scope": scope_id(scope), "place": place}], sequence=sequence)
        case PersonalErased(uids, commitments):
            run("erase_external_ids", commitments=storable(commitments))
            run("erase_personal", commitments=storable(commitments))
            run("erase_volatile", uids=storable(uids))
        case _:
            pass
