"""Finding uids: by page, by text, by external id; the kinds of ends; and personal values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from graph.ledger.canonical import short_digest
from graph.ledger.kinds import Description
from graph.ledger.personal import Commitment, PersonalValue
from graph.ledger.port import EndKind, ExternalIdRow
from graph.model import ClaimId, CommitNumber, Interval, Uid
from graph.store.neo4j.database import Line, Run
from graph.store.neo4j.rows import Rows, storable
from graph.store.neo4j.shape import digest_of, is_storable, sort_key
from graph.vocabulary import End, Kind

_KINDS_AT: tuple[tuple[End, str], ...] = ((End.SUBJECT, "subject_kinds"), (End.OBJECT, "object_kinds"))


def page_of_uids(
    run: Run, known: CommitNumber, *, after: Uid | None, limit: int, text: str | None
) -> Sequence[Uid]:
    """Return the next uids in byte order that standing rows describe or mention."""
    asked = {"known": known, "after": sort_key(after or ""), "limit": limit}
    if not text:
        return [uid for (uid,) in run("uids", **asked)]
    if not is_storable(text):
        return []
    return [uid for (uid,) in run("uids_with_text", **asked, text=text)]


def descriptions(rows: Rows, uids: Collection[Uid], known: CommitNumber) -> Sequence[Description]:
    """Return what the node rows about these uids say of their kinds."""
    lines = rows.run("descriptions", uids=storable(uids), known=known)
    scopes = rows.scopes.of(rows.run, (line[3] for line in lines))
    return [
        Description(
            uid, Kind(kind), claim, digest_of(content), str(scopes[scope].source), Interval(start, end)
        )
        for uid, kind, claim, scope, content, start, end in lines
    ]


def end_kinds(rows: Rows, uids: Collection[Uid]) -> Mapping[Uid, Sequence[EndKind]]:
    """Return, for each uid that standing edge rows mention, the distinct ways those not refuted do."""
    asked = storable(uids)
    ways: dict[Uid, dict[EndKind, None]] = defaultdict(dict)
    for end, name in _KINDS_AT:
        lines = rows.run(name, uids=asked)
        scopes = rows.scopes.of(rows.run, (line[3] for line in lines))
        for uid, relation, said, scope in lines:
            kind = None if said is None else Kind(said)
            ways[uid][EndKind(relation, end, kind, str(scopes[scope].source))] = None
    return {uid: tuple(found) for uid, found in ways.items()}


def shared_external_ids(rows: Rows, known: CommitNumber) -> Sequence[ExternalIdRow]:
    """Return the rows of every external id that more than one uid asserts."""
    return _external_ids(rows, rows.run("shared_external_ids", known=known))


def external_ids_of(rows: Rows, uids: Iterable[Uid], known: CommitNumber) -> Sequence[ExternalIdRow]:
    """Return every external id that these uids assert."""
    return _external_ids(rows, rows.run("external_ids_of", uids=storable(uids), known=known))


def find_external_id(rows: Rows, scheme: str, value: str, known: CommitNumber) -> Sequence[ExternalIdRow]:
    """Return who asserts an external id."""
    if not (is_storable(scheme) and is_storable(value)):
        return []
    identifier = short_digest([scheme, value])
    return _external_ids(rows, rows.run("find_external_id", id=identifier, known=known))


def personal(run: Run, commitments: Iterable[Commitment]) -> Mapping[Commitment, str]:
    """Return the values behind these commitments that have not been erased."""
    lines = run("personal", commitments=storable(commitments))
    return {Commitment(commitment): str(value) for commitment, value in lines}


def personal_values(run: Run, claim_ids: Iterable[ClaimId]) -> Sequence[PersonalValue]:
    """Return the values behind the commitments of these claims that have not been erased."""
    return [PersonalValue(*line) for line in run("personal_values", ids=storable(claim_ids))]


def _external_ids(rows: Rows, lines: Sequence[Line]) -> list[ExternalIdRow]:
    scopes = rows.scopes.of(rows.run, (line[4] for line in lines))
    return [
        ExternalIdRow(scheme, value, uid, Kind(kind), scopes[scope].source.plugin, Interval(start, end))
        for scheme, value, uid, kind, scope, start, end in lines
    ]
