"""The labelled set: nodes as sources describe them, and of pairs of them what is true and why.

Two halves are kept apart: rules are tuned on one, the other only measures. A case is in one of
them, by a digest of its title, so that nothing that is learned of a case helps with it in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import yaml

from graph.ledger.ledger import Ledger
from graph.model import ExternalId, Instant, Interval, NodeFacts, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate
from queries.identity import SuggestionQuestion, suggest_identities
from tests.support.saying import Clock, record

FOLDER: Final = Path(__file__).parent / "labelled"


class Label(StrEnum):
    """What is true of a pair: joined by machine, one thing that only a person can tell, or two."""

    JOINED = "joined"
    SUGGESTED = "suggested"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Described:
    """A node as one source describes it."""

    source: SourceInstance
    facts: NodeFacts
    seen: Interval | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two nodes with a label and its reason."""

    case: str
    uids: tuple[Uid, Uid]
    label: Label
    reason: str

    def __str__(self) -> str:
        return f"{self.case}: {self.uids[0]} and {self.uids[1]} are {self.label} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Case:
    """Some nodes that have to do with each other, and pairs of them."""

    subject: str
    title: str
    nodes: tuple[Described, ...]
    pairs: tuple[Pair, ...]

    @property
    def is_held_out(self) -> bool:
        """Return whether the case only measures and was never tuned on."""
        return sha256(self.title.encode()).digest()[0] % 2 == 1


@cache
def read_cases() -> tuple[Case, ...]:
    """Return all cases of all files."""
    return tuple(
        _case(path.stem, body)
        for path in sorted(FOLDER.glob("*.yaml"))
        for body in yaml.safe_load(path.read_text(encoding="utf-8"))
    )


def _case(subject: str, body: Mapping[str, Any]) -> Case:
    title = body["case"]
    nodes = {name: _described(f"{title}/{name}", said) for name, said in body["nodes"].items()}
    pairs = tuple(_pair(title, nodes, *pair) for pair in body["pairs"])
    return Case(subject, title, tuple(nodes.values()), pairs)


def _pair(
    title: str, nodes: Mapping[str, Described], first: str, second: str, label: str, *reason: str
) -> Pair:
    uids = (nodes[first].facts.uid, nodes[second].facts.uid)
    return Pair(title, uids, Label(label), ", ".join(reason))


def _described(place: str, said: Mapping[str, Any]) -> Described:
    known = {"from", "is", "uid", "name", "ids", "has", "seen"}
    assert said.keys() <= known, f"{place}: {sorted(said.keys() - known)}"
    source = SourceInstance(*said["from"].split("/", 1))
    kind, _, type_ = said["is"].partition(" ")
    opaque = f"hf:{kind.lower()}:{source.plugin}:{sha256(place.encode()).hexdigest()[:16]}"
    facts = NodeFacts(
        Uid(said.get("uid", opaque)),
        Kind(kind),
        type_ or None,
        said.get("name"),
        {key: tuple(v) if isinstance(v, list) else v for key, v in said.get("has", {}).items()},
        tuple(_ids(said.get("ids", {}))),
    )
    return Described(source, facts, _seen(said.get("seen")))


def _ids(said: Mapping[str, str | list[str]]) -> Iterator[ExternalId]:
    for scheme, values in said.items():
        for value in values if isinstance(values, list) else [values]:
            yield ExternalId(scheme, str(value))


def _seen(said: list[date | None] | None) -> Interval | None:
    if said is None:
        return None
    start, end = (None if one is None else _instant(one) for one in said)
    assert start is not None
    return Interval(start) if end is None else Interval(start, end)


def _instant(day: date) -> Instant:
    return Instant(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000)


@dataclass(frozen=True, slots=True)
class Measured:
    """What machines joined and what was suggested in a ledger that was told some cases."""

    pairs: tuple[Pair, ...]
    joined: frozenset[frozenset[Uid]]
    suggested: frozenset[frozenset[Uid]]
    astray: tuple[str, ...]
    """What was joined or suggested across two cases, which is always wrong."""

    def wrongly_joined(self) -> list[Pair]:
        """Return pairs that machines joined and must not."""
        return [p for p in self.pairs if p.label is not Label.JOINED and frozenset(p.uids) in self.joined]

    def not_joined(self) -> list[Pair]:
        """Return pairs that machines must join and did not."""
        return [p for p in self.pairs if p.label is Label.JOINED and frozenset(p.uids) not in self.joined]

    def missed(self) -> list[Pair]:
        """Return pairs that are one thing and were not suggested."""
        return [p for p in self._labelled(Label.SUGGESTED) if frozenset(p.uids) not in self.suggested]

    def wrongly_suggested(self) -> list[Pair]:
        """Return pairs that are two things and were suggested."""
        return [p for p in self._labelled(Label.DIFFERENT) if frozenset(p.uids) in self.suggested]

    @property
    def recall(self) -> float:
        """Return the share of things under two names, left to a person, that were suggested."""
        return 1 - len(self.missed()) / len(self._labelled(Label.SUGGESTED))

    @property
    def precision(self) -> float:
        """Return the share of what was suggested that is one thing; what went astray counts as wrong."""
        right = len(self._labelled(Label.SUGGESTED)) - len(self.missed())
        return right / (right + len(self.wrongly_suggested()) + len(self.astray))

    def _labelled(self, label: Label) -> list[Pair]:
        return [pair for pair in self.pairs if pair.label is label]


def measure(cases: Iterable[Case]) -> Measured:
    """Return what is joined and suggested where a ledger is told these cases."""
    told = list(cases)
    ledger = Ledger(open_store(":memory:"), Clock())
    case_of: dict[Uid, str] = {}
    for case in told:
        for node in case.nodes:
            record(ledger, node.facts, scope=Scope(node.source, "all"), valid=node.seen)
            assert node.facts.uid not in case_of, f"{node.facts.uid} stands twice in the set"
            case_of[node.facts.uid] = case.title
    identity = ledger.identity(ledger.head().sequence)
    classes = {uid: identity.members(uid) for uid in case_of}
    answer = suggest_identities(Estate(ledger), SuggestionQuestion(limit=None))
    suggested = [suggestion.nodes for suggestion in answer.suggestions]
    across = [c for c in classes.values() if len({case_of[uid] for uid in c}) > 1]
    across += [(a.uid, b.uid) for a, b in suggested if case_of[a.uid] != case_of[b.uid]]
    return Measured(
        tuple(pair for case in told for pair in case.pairs),
        frozenset(frozenset({a, b}) for a, found in classes.items() for b in found if a != b),
        frozenset(frozenset({a, b}) for one, other in suggested for a in one.members for b in other.members),
        tuple(" and ".join(f"{uid} of {case_of[uid]}" for uid in found) for found in across),
    )
