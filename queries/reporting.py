"""Which of the sources that an answer rests on are overdue.

How often each is to report is configured, and given to the estate: a source without a cadence is
never overdue. An answer is judged at its own date by what had been read by then, and never at a
moment that lies after the knowledge that it is given from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from graph.duration import Duration
from graph.model import Instant, Node, SourceInstance, Uid
from queries.estate import EstateView


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that has not reported within its cadence.

    `last_reported` is when its newest input was read, `stale_since` when the next was due;
    both are None where it had not reported at all by the date of the answer.
    """

    source: SourceInstance
    cadence: Duration
    last_reported: Instant | None
    stale_since: Instant | None


def stale_at(
    view: EstateView, nodes: Collection[Node], relations: Callable[[], Collection[str]]
) -> tuple[Stale, ...]:
    """Return the overdue sources that describe these nodes, or say edges of these relations at them.

    In order of source. Cost: nothing while no source is overdue; else one step a node and relation, and
    for a source that describes none of the nodes one pass over what it says, kept while it says nothing new.
    """
    stale = _overdue(view)
    if not stale:
        return ()
    reports = view.estate.reports
    describing = {scope.source for node in nodes for scope in node.scopes}
    found = [one for one in stale if reports.spoken_as(one.source) & describing]
    if len(found) < len(stale) and (names := relations()):
        uids = {uid for node in nodes for uid in node.members}
        found = [one for one in stale if one in found or _speaks_of(view, one.source, uids, names)]
    return tuple(found)


def _speaks_of(
    view: EstateView, source: SourceInstance, uids: Collection[Uid], relations: Collection[str]
) -> bool:
    for one in view.estate.reports.spoken_as(source):
        places = view.estate.spoken.places(one, view.at.known)
        if any(not places[name].isdisjoint(uids) for name in relations if name in places):
            return True
    return False


def _overdue(view: EstateView) -> list[Stale]:
    if not view.estate.cadences:
        return []
    following = view.ledger.commits(after=view.at.known, limit=1)
    known_until = following[0].recorded_at if following else None
    # What a later commit says was not known, and a date yet to come has not been missed by anybody.
    by = min(view.at.valid, view.ledger.clock() if known_until is None else Instant(known_until - 1))
    reports = view.estate.reports
    judged = (
        overdue(source, cadence, reports.last(source, by, before=known_until, up_to=view.run_position), by)
        for source, cadence in view.estate.cadences.items()
    )
    return sorted((stale for stale in judged if stale is not None), key=lambda stale: stale.source)


def overdue(source: SourceInstance, cadence: Duration, last: Instant | None, at: Instant) -> Stale | None:
    """Return how a source is overdue at a moment, given when it last reported; None where it is not."""
    if last is None:
        return Stale(source, cadence, None, None)
    since = cadence.after(last)
    return Stale(source, cadence, last, since) if since < at else None
