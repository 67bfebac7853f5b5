"""Questions to the graph about machine identities: what they may administer, and who uses them where.

That something was found is enough to fail; that nothing was found passes only where
sources cover everything that would have shown it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from graph.model import Uid
from queries.evidence.answer import FactUsed
from queries.evidence.graph_answers import Asked, GraphAnswer, Seen, not_covered, oldest_read
from queries.evidence.versions import deployments, places_of

PRODUCTION = "production"
UNPLACED = "unknown"
"""The environment of what no source places in any."""

BECOMES = ("CAN_ASSUME", "MEMBER_OF")
"""How an identity comes to hold what another one holds."""

STEPS_UP = ("PART_OF", "VERSION_OF")
"""How something belongs to a system, as its own sources say it."""


def reach(asked: Asked) -> GraphAnswer:
    """Return whether an identity administers nothing, by itself or as what it belongs to or can become."""
    holders = _holders(asked)
    sure, open_, used = list[str](), list[str](), list[FactUsed]()
    for holder, is_sure in holders.items():
        for edge in asked.dated.out("CAN_ADMIN", holder):
            label = asked.dated.node(edge.object).label
            (sure if is_sure and edge.is_certain else open_).append(label)
            used.append(FactUsed(holder, "CAN_ADMIN", edge.object, None))
    asks = dict.fromkeys(holders, ("CAN_ADMIN", *BECOMES))
    label = asked.dated.node(asked.subject.uid).label
    at = oldest_read(asked, asks)
    if sure:
        return Seen("fail", at, f"{label} can administer {_some(sure)}", tuple(used))
    missing = not_covered(asked, asks)
    if open_:
        return Seen("none", at, f"{label} may be able to administer {_some(open_)}", tuple(used))
    others = len(holders) - 1
    through = f", nor does any of the {others} it belongs to or can become" if others else ""
    return missing or Seen("pass", at, f"{label} administers nothing{through}")


def _holders(asked: Asked) -> Mapping[Uid, bool]:
    """Return the identities whose rights an identity has, and whether it has them for certain."""
    found = {asked.subject.uid: True}
    waiting = [asked.subject.uid]
    while waiting:
        uid = waiting.pop()
        for relation in BECOMES:
            for edge in asked.dated.out(relation, uid):
                is_sure = found[uid] and edge.is_certain
                if edge.object not in found or (is_sure and not found[edge.object]):
                    found[edge.object] = is_sure
                    waiting.append(edge.object)
    return found


@dataclass(frozen=True, slots=True)
class User:
    """An asset that acts as an identity, and whether that is certain."""

    uid: Uid
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Use:
    """Where an asset acts as an identity, and whether that it does so there is certain."""

    user: Uid
    place: str
    is_certain: bool


def environment_isolation(asked: Asked) -> GraphAnswer:
    """Return whether an identity is not used in production and outside of it at once."""
    uses = list(_uses(asked))
    inside = [use for use in uses if use.place == PRODUCTION]
    outside = [use for use in uses if use.place not in {PRODUCTION, UNPLACED}]
    unplaced = [use for use in uses if use.place == UNPLACED]
    sure_inside, sure_outside = ([use for use in side if use.is_certain] for side in (inside, outside))
    label, asks = asked.dated.node(asked.subject.uid).label, _asks_where(asked, uses)
    at = oldest_read(asked, asks)
    used = tuple(FactUsed(use.user, "environment", use.place, None) for use in uses)
    if sure_inside and sure_outside:
        said = f"{label} is used in production by {_users_in(asked, sure_inside)}"
        said += f", and outside of it by {_users_in(asked, sure_outside)}"
        return Seen("fail", at, said, used)
    if unplaced or (inside and outside):
        open_ = unplaced or [use for use in (*inside, *outside) if not use.is_certain]
        return Seen("none", at, f"it is not certain where {_users_in(asked, open_)} uses {label}", used)
    said = f"{label} is used {'in production only' if inside else 'outside of production only'}"
    return not_covered(asked, asks) or Seen("pass", at, said if uses else f"nothing uses {label}", used)


def _uses(asked: Asked) -> Iterator[Use]:
    for user in _users(asked):
        for place, is_certain in places_of(asked.dated, user.uid).items():
            yield Use(user.uid, place, user.is_certain and is_certain)


def _asks_where(asked: Asked, uses: Iterable[Use]) -> dict[Uid, tuple[str, ...]]:
    """Return what has to be covered for no other use to exist: of users, and of where edges place these."""
    asks = {uid: set(relations) for uid, relations in _asks(asked).items()}
    for user in {use.user for use in uses}:
        for one in deployments(asked.dated, user):
            asks.setdefault(one.node, set()).add(one.relation)
    return {uid: tuple(sorted(relations)) for uid, relations in sorted(asks.items())}


def single_use(asked: Asked) -> GraphAnswer:
    """Return whether one system at most uses an identity.

    Two users are one system where both belong to the same thing over any number of steps: as
    parts, versions, or what is deployed as a version.
    """
    users = _users(asked)
    belongs = {user.uid: _belongs_to(asked, user.uid) for user in users}
    label, at = asked.dated.node(asked.subject.uid).label, oldest_read(asked, _asks(asked))
    used = tuple(FactUsed(user.uid, "uses", asked.subject.uid, None) for user in users)
    names = _some([asked.dated.node(uid).label for found in belongs.values() for uid in found.systems])
    sure = [belongs[user.uid] for user in users if user.is_certain]
    if any(one.possible.isdisjoint(other.possible) for one, other in combinations(sure, 2)):
        steps = {uid: STEPS_UP for found in sure for uid in found.possible}
        if not_covered(asked, steps) is None:
            return Seen("fail", min(at, oldest_read(asked, steps)), f"{label} is used by {names}", used)
        said = f"{label} is used by {names}; no source says whether these are parts of one system"
        return Seen("none", at, said, used)
    if any(one.certain.isdisjoint(other.certain) for one, other in combinations(belongs.values(), 2)):
        return Seen("none", at, f"{label} may be used by {names}", used)
    only = f"only {_named(asked, users)} uses {label}" if users else f"nothing uses {label}"
    return not_covered(asked, _asks(asked)) or Seen("pass", at, only, used)


def _users(asked: Asked) -> list[User]:
    """Return the assets that run as an identity or use a secret of it, in order of uid."""
    dated = asked.dated
    found: dict[Uid, bool] = {}

    def add(uid: Uid, *, certain: bool) -> None:
        found[uid] = found.get(uid, False) or certain

    for edge in dated.into("RUNS_AS", asked.subject.uid):
        add(edge.subject, certain=edge.is_certain)
    for opened in dated.into("AUTHENTICATES", asked.subject.uid):
        for edge in dated.into("USES_SECRET", opened.subject):
            add(edge.subject, certain=edge.is_certain and opened.is_certain)
    return [User(uid, found[uid]) for uid in sorted(found)]


def _asks(asked: Asked) -> dict[Uid, tuple[str, ...]]:
    opening = asked.dated.into("AUTHENTICATES", asked.subject.uid)
    secrets = {edge.subject: ("USES_SECRET",) for edge in opening}
    return {asked.subject.uid: ("RUNS_AS", "AUTHENTICATES"), **secrets}


@dataclass(frozen=True, slots=True)
class Belonging:
    """What something belongs to over any number of steps, itself included: for certain, and possibly.

    `systems` are those of the certain that belong to nothing further, itself where none is such.
    """

    certain: frozenset[Uid]
    possible: frozenset[Uid]
    systems: frozenset[Uid]


def _belongs_to(asked: Asked, uid: Uid) -> Belonging:
    found, waiting, ends = {uid: True}, [uid], set[Uid]()
    while waiting:
        below = waiting.pop()
        steps = list(_steps_up(asked, below))
        if found[below] and not any(is_certain for _, is_certain in steps):
            ends.add(below)
        for above, is_certain in steps:
            is_sure = found[below] and is_certain
            if above not in found or (is_sure and not found[above]):
                found[above] = is_sure
                waiting.append(above)
    certain = frozenset(one for one, is_certain in found.items() if is_certain)
    return Belonging(certain, frozenset(found), frozenset(ends or {uid}))


def _steps_up(asked: Asked, uid: Uid) -> Iterator[tuple[Uid, bool]]:
    """Yield what something is a part or a version of, or what is deployed as it, and whether for certain."""
    for relation in STEPS_UP:
        for edge in asked.dated.out(relation, uid):
            yield edge.object, edge.is_certain
    for edge in asked.dated.into("DEPLOYED_AS", uid):
        yield edge.subject, edge.is_certain


def _users_in(asked: Asked, uses: Iterable[Use]) -> str:
    return _some([asked.dated.node(use.user).label for use in uses])


def _named(asked: Asked, users: Iterable[User]) -> str:
    return _some([asked.dated.node(user.uid).label for user in users])


def _some(labels: list[str], most: int = 5) -> str:
    """Return names as a list, of many the first few and how many more there are."""
    names = sorted(set(labels))
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
