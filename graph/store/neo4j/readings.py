"""When scopes were read, and what the readings said that stood already: beside the chain.

A claim that reading after reading says again takes one node, from the number of the
first of them to that of the last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from graph.ledger.canonical import short_digest
from graph.ledger.port import Mention
from graph.model import ClaimId, Instant, Scope
from graph.store.neo4j.applying import in_batches, use_scopes
from graph.store.neo4j.database import Run
from graph.store.neo4j.rows import storable
from graph.store.neo4j.shape import scope_id

_BEFORE_ALL: Final = Instant(-(2**63))


def mark_complete(run: Run, scope: Scope, read_at: Instant) -> None:
    """Note that a scope was read completely."""
    _number(run, scope, read_at)
    run("mark_complete", id=_reading_id(scope, read_at))


def complete_reads_of(run: Run, scope: Scope) -> Sequence[Instant]:
    """Return the times of all complete reads of one scope, in order of time, none twice."""
    asked = {"scope": scope_id(scope), "before_all": _BEFORE_ALL}
    return [read_at for (read_at,) in run("complete_reads_of", **asked)]


def add_mentions(run: Run, scope: Scope, mentions: Collection[Mention]) -> None:
    """Keep that a reading said these again, each at its time."""
    for read_at in sorted({mention.read_at for mention in mentions}):
        number = _number(run, scope, read_at)
        rows = {_of(mention): _row(mention) for mention in mentions if mention.read_at == read_at}
        in_order = [rows[of] for of in sorted(rows)]
        in_batches(run, "mentions_go_on", in_order, before=number - 1, number=number)
        in_batches(run, "mentions_begin", in_order, number=number)


def mentions(run: Run, scope: Scope, claim_ids: Collection[ClaimId], after: Instant) -> Sequence[Mention]:
    """Return the first mention after a time of each of these claims, starts and contents."""
    asked: dict[str, object] = {"scope": scope_id(scope), "ids": storable(claim_ids), "after": after}
    return [Mention(*line) for line in run("mentions", **asked)]


def _number(run: Run, scope: Scope, read_at: Instant) -> int:
    """Return the number of a scope's reading at a time; a new one is given the next."""
    use_scopes(run, [scope])
    asked = {"scope": scope_id(scope), "id": _reading_id(scope, read_at), "read_at": read_at}
    ((number,),) = run("number_reading", **asked)
    return int(number)


def _reading_id(scope: Scope, read_at: Instant) -> str:
    return short_digest([scope_id(scope), read_at])


def _of(mention: Mention) -> str:
    return short_digest([mention.claim_id, mention.start, mention.said])


def _row(mention: Mention) -> dict[str, Any]:
    said = {"claim": mention.claim_id, "start": mention.start, "said": mention.said}
    return {"of": _of(mention)} | said
