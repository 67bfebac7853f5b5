"""Questions to the graph about machine identities: what they may administer, and who uses them where.

That something was found is enough to fail; that nothing was found passes only where
sources cover everything that would have shown it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import Instant, Uid
from queries.evidence.answer import FactUsed
from queries.evidence.graph_answers import Asked, GraphAnswer, Seen, not_covered, oldest_read
from queries.evidence.versions import environments_of

PRODUCTION = "production"
BECOMES = ("CAN_ASSUME", "MEMBER_OF")
"""How an identity comes to hold what another one holds."""


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


def environment_isolation(asked: Asked) -> GraphAnswer:
    """Return whether an identity is not used in production and outside of it at once."""
    users = _users(asked)
    where = {user: environments_of(asked.dated, user.uid) for user in users}
    inside = [u for u, found in where.items() if PRODUCTION in found]
    outside = [u for u, found in where.items() if found - {PRODUCTION, "unknown"}]
    nowhere = [u for u, found in where.items() if "unknown" in found]
    label, at = asked.dated.node(asked.subject.uid).label, _read(asked)
    places = ((user.uid, name) for user, found in where.items() for name in sorted(found))
    used = tuple(FactUsed(uid, "environment", name, None) for uid, name in places)
    if any(u.is_certain for u in inside) and any(u.is_certain for u in outside):
        said = f"{label} is used in production by {_named(asked, inside)}"
        said += f", and outside of it by {_named(asked, outside)}"
        return Seen("fail", at, said, used)
    if nowhere or (inside and outside):
        open_ = nowhere or [u for u in (*inside, *outside) if not u.is_certain]
        return Seen("none", at, f"it is not certain where {_named(asked, open_)} uses {label}", used)
    said = f"{label} is used {'in production only' if inside else 'outside of production only'}"
    return _uncovered(asked) or Seen("pass", at, said if users else f"nothing uses {label}", used)


def single_use(asked: Asked) -> GraphAnswer:
    """Return whether one system at most uses an identity; parts of one system count as one."""
    users = _users(asked)
    systems = {_whole(asked, user.uid) for user in users if user.is_certain}
    perhaps = {_whole(asked, user.uid) for user in users}
    label, at = asked.dated.node(asked.subject.uid).label, _read(asked)
    used = tuple(FactUsed(user.uid, "uses", asked.subject.uid, None) for user in users)
    if len(systems) > 1:
        names = _some([asked.dated.node(uid).label for uid in sorted(systems)])
        return Seen("fail", at, f"{label} is used by {names}", used)
    if len(perhaps) > 1:
        names = _some([asked.dated.node(uid).label for uid in sorted(perhaps)])
        return Seen("none", at, f"{label} may be used by {names}", used)
    one = f"only {_named(asked, users)} uses {label}" if users else f"nothing uses {label}"
    return _uncovered(asked) or Seen("pass", at, one, used)


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


def _uncovered(asked: Asked) -> GraphAnswer | None:
    return not_covered(asked, _asks(asked))


def _read(asked: Asked) -> Instant:
    return oldest_read(asked, _asks(asked))


def _whole(asked: Asked, uid: Uid) -> Uid:
    """Return the system that something is part of at last; itself if it is part of none or several."""
    seen = {uid}
    while True:
        wholes = [edge.object for edge in asked.dated.out("PART_OF", uid) if edge.is_certain]
        if len(wholes) != 1 or wholes[0] in seen:
            return uid
        uid = wholes[0]
        seen.add(uid)


def _named(asked: Asked, users: list[User]) -> str:
    return _some([asked.dated.node(user.uid).label for user in users])


def _some(labels: list[str], most: int = 5) -> str:
    """Return names as a list, of many the first few and how many more there are."""
    names = sorted(set(labels))
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
