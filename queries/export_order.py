"""In which order an export must be read in, so that the same values win as here.

Between two values of one rank that hold from one moment on, the one said later wins.
Whoever spoke last is therefore read in last; where that cannot serve all values, the claims
concerned are read in after everything else, one by one as they were said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph.ledger.operations import Subject
from graph.model import ClaimId, CommitNumber, Instant, Scope
from graph.vocabulary import VOCABULARY
from queries.export_said import Said


def scopes_in_order(said: Sequence[Said]) -> dict[Scope, int]:
    """Return each scope's place: the one that spoke last comes last."""
    latest: dict[Scope, CommitNumber] = {}
    for one in said:
        scope = one.claim.scope
        latest[scope] = max(latest.get(scope, CommitNumber(0)), one.said_in)
    return {scope: place for place, scope in enumerate(sorted(latest, key=lambda s: (latest[s], s)))}


def read_late(said: Sequence[Said]) -> list[Said]:
    """Return what must be read in after everything else, in this order.

    That is every claim among which the order of scopes would have another value win, and
    every claim that is in turn weighed against one of these by when it was said.
    """
    place = scopes_in_order(said)
    contests = _contests(said)
    contests_of: dict[Said, list[list[Said]]] = defaultdict(list)
    for contest in contests:
        for one in contest:
            contests_of[one].append(contest)
    late: set[Said] = set()
    waiting = [contest for contest in contests if sorted(contest, key=_here) != _there(contest, place)]
    while waiting:
        for one in waiting.pop():
            if one not in late:
                late.add(one)
                waiting += contests_of[one]
    return sorted(late, key=_last_wins)


def _here(one: Said) -> tuple[int, str, ClaimId]:
    """Return the order in which claims that nothing else decides between win here."""
    return -one.said_in, str(one.claim.scope.source), one.said_as


def _there(contest: Sequence[Said], place: dict[Scope, int]) -> list[Said]:
    """Return the order in which they would win where sections are read in by scope."""
    return sorted(
        contest,
        key=lambda one: (-place[one.claim.scope], str(one.claim.scope.source), one.claim_id),
    )


def _last_wins(one: Said) -> tuple[CommitNumber, list[int], list[int]]:
    """Return where a claim stands if each is recorded by itself: within a commit, the winner last."""
    source = str(one.claim.scope.source)
    return one.said_in, [-ord(letter) for letter in source], [-ord(letter) for letter in one.said_as]


def _contests(said: Sequence[Said]) -> list[list[Said]]:
    """Return the claims between whose differing values only the order of recording decides."""
    alike: dict[tuple[Subject, str, int, Instant], list[Said]] = defaultdict(list)
    for one in said:
        for name in one.values:
            alike[one.about, name, _rank(name, one), one.start].append(one)
    return [
        contest
        for (_, name, _, _), contest in alike.items()
        if len({(type(one.values[name]), one.values[name]) for one in contest}) > 1
    ]


def _rank(name: str, one: Said) -> int:
    declared = VOCABULARY.property(name)
    order = () if declared is None else declared.precedence
    plugin = one.claim.scope.source.plugin
    return order.index(plugin) if plugin in order else len(order)
