"""Which node somebody means who types a uid, a name, or an id from another system.

Wherever a person types, all three will do. A uid is always taken as it is; a name or an
external id counts in the same upper and lower case only, and only where one node has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.errors import ClaimNotFound, ClaimNotUnique, NameNotUnique, NothingCalled
from api.said import told
from api.spelling import spelled_like
from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.matching import Match, SearchText
from graph.model import ClaimId, ClaimRow, Interval, Node, NodeFacts, Uid
from queries.estate import EstateView
from queries.governance import refutable
from queries.reach import nodes_met

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Meant:
    """A node that was asked for, in the words in which it was.

    `near` are nodes that are spelled like it, where it is only mentioned.
    """

    asked: str
    node: Node
    near: tuple[str, ...] = ()

    @property
    def uid(self) -> Uid:
        """Return the canonical uid."""
        return self.node.uid

    @property
    def by_name(self) -> bool:
        """Return whether the words were not one of the node's uids."""
        return self.asked not in self.node.members


def meant_by(view: EstateView, words: Sequence[str], during: Interval | None = None) -> tuple[Meant, ...]:
    """Return the node that each of the words means at the times of the view.

    A word is a uid, with `during` also that of a node that there is only at other times of
    that window; else the name or an external id of one node, the latter as its value or as
    ``scheme=value``.

    Raises:
        NothingCalled: where nothing is called that at the times of the view.
        NameNotUnique: where several nodes are.
    """
    found = view.nodes([Uid(word) for word in words])
    if during is not None:
        known = [Uid(w) for w in words if view.topology.find(view.canonical(Uid(w))) is not None]
        met = nodes_met(view, {view.canonical(uid) for uid in known}, during)
        found = {uid: met[view.canonical(uid)] for uid in known}
    return tuple(_meant(view, word, found.get(Uid(word)) or _called(view, word)) for word in words)


def uid_meant(view: EstateView, word: str) -> Uid:
    """Return the very uid that a word is, if anything was ever said about it; else as `meant_by`.

    For what is about the uid itself, and not about the node that it stands for now: its
    history, and whether it is the same as another.

    Raises:
        NodeNotFound: where nothing is or was called that.
        NameNotUnique: where several nodes are.
    """
    if view.ledger.history(Uid(word)):
        return Uid(word)
    return meant_by(view, [word])[0].uid


def two_uids_meant(view: EstateView, word: str, other: str) -> tuple[Uid, Uid]:
    """Return the two uids that two words mean; see `uid_meant`.

    Raises:
        InvalidQuestion: where both mean one uid, as two names of a merged node do.
    """
    one, two = uid_meant(view, word), uid_meant(view, other)
    if one == two:
        members = ", ".join(view.ledger.identity(view.at.known).members(one))
        reason = f"{word!r} and {other!r} both mean {one}, which has the uids {members}"
        raise InvalidQuestion("uids", reason, "two different uids")
    return one, two


def claim_meant(view: EstateView, word: str, *, lifts: bool = False) -> ClaimId:
    """Return the claim that a word means: a claim's id, or a node about which there is one to refute.

    With `lifts` one of which a refutation stands.

    Raises:
        ClaimNotFound: for a word that is neither.
        NameNotUnique: where several nodes are called that.
        ClaimNotUnique: where there are several such claims about the node.
    """
    try:
        uid = uid_meant(view, word)
    except NodeNotFound:
        if not view.ledger.store.claim_history(ClaimId(word)):
            raise ClaimNotFound(word) from None
        return ClaimId(word)
    claims: dict[ClaimId, list[ClaimRow]] = defaultdict(list)
    for row in refutable(view, uid, lifts=lifts):
        claims[row.claim_id].append(row)
    if len(claims) != 1:
        raise ClaimNotUnique(word, tuple(_offered(rows, lifts=lifts) for rows in claims.values()))
    return next(iter(claims))


def _offered(rows: Sequence[ClaimRow], *, lifts: bool) -> str:
    """Return a claim's id and what it says; where that is several things, how to name each of them."""
    claim = rows[0].claim_id
    if lifts or len({row.content_digest for row in rows}) == 1:
        return f"{claim}: {told(rows[-1])}"
    return "\n    ".join([f"{claim}, one of:", *(f"--said {row.key}: {told(row)}" for row in rows)])


def _meant(view: EstateView, word: str, node: Node) -> Meant:
    return Meant(word, node, () if node.described else spelled_like(view, word))


def _called(view: EstateView, word: str) -> Node:
    named = {
        node.uid: node
        for text in _sought(word)
        for node in _equal(view, text)
        if _is_called(view, node, word)
    }
    candidates = list(named.values())
    if not candidates:
        raise NothingCalled(word, spelled_like(view, word))
    if len(candidates) > 1:
        raise NameNotUnique(word, tuple(f"{node.uid} ({node.kind.value})" for node in candidates))
    return candidates[0]


def _sought(word: str) -> tuple[str, ...]:
    """Return the texts to search for: the word, and the value of ``scheme=value``."""
    value = word.partition("=")[2]
    return (word, value) if value else (word,)


def _is_called(view: EstateView, node: Node, word: str) -> bool:
    """Return whether any source calls a node so, whichever name precedence picks."""
    if word == node.name or any(word in (i.value, str(i)) for i in node.external_ids):
        return True
    facts = [row.claim.about for row in view.ledger.claims(node.uid, view.at)]
    return any(isinstance(fact, NodeFacts) and word == fact.name for fact in facts)


def _equal(view: EstateView, text: str) -> Iterator[Node]:
    """Yield the nodes with a name or id equal to a text but for case, and perhaps others.

    The equal ones come before all other matches, so the others are never all read.
    """
    after: str | None = None
    while text.strip():
        page = view.ledger.search(text, view.at, match=Match.PREFIX, after=after, limit=_AT_ONCE)
        yield from page.items
        after = page.next_after
        if after is None or SearchText.split_cursor(after)[0] > 0:
            return
