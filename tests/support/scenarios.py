"""Reads the scenario files: small named worlds in the shape of `records` lines, and what must be answered.

A scenario is read in two ways: as timelines, for tests of the walk alone, and as the lines of a
complete `records` file, for tests that ingest it. Both mean the same world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from graph.ledger.claims import discriminator_of
from graph.ledger.timeline import WALK_PROPERTIES, EdgeSpell, EdgeTimeline, NodeSpell, NodeTimeline
from graph.model import (
    ALWAYS,
    OPEN_END,
    Claim,
    EdgeFacts,
    Instant,
    Interval,
    NodeFacts,
    Scope,
    Uid,
    instant,
)
from graph.vocabulary import VOCABULARY, Certainty, End, Kind, Origin

SCENARIOS: Final = Path(__file__).parent.parent / "scenarios"
READ_AT: Final = "2026-01-01T00:00:00Z"
AS_OF: Final = "2026-06-01T00:00:00Z"


@dataclass(frozen=True)
class Scenario:
    """A world and what is expected of it; `expect` is as the file has it."""

    name: str
    nodes: tuple[Mapping[str, Any], ...]
    edges: tuple[Mapping[str, Any], ...]
    expect: tuple[Mapping[str, Any], ...]

    def node_timelines(self) -> list[NodeTimeline]:
        """Return the described nodes, and those that edges only mention."""
        described = [_node(said) for said in self.nodes]
        known = {node.uid for node in described}
        return [*described, *_mentioned(self.edges, known)]

    def edge_timelines(self) -> list[EdgeTimeline]:
        """Return the edges; lines about one edge are its spells."""
        spells: dict[tuple[str, Uid, Uid, str], list[EdgeSpell]] = {}
        for said in self.edges:
            key = (
                said["relation"],
                Uid(said["subject"]),
                Uid(said["object"]),
                discriminator_of(_edge_facts(said)),
            )
            spells.setdefault(key, []).append(_edge_spell(said))
        return [
            EdgeTimeline(*key, tuple(sorted(each, key=lambda spell: spell.valid)))
            for key, each in spells.items()
        ]

    def claims(self, scope: Scope) -> list[Claim]:
        """Return what a source would claim that says exactly this world."""
        return [
            *(_claim(scope, said, _node_facts(said)) for said in self.nodes),
            *(_claim(scope, said, _edge_facts(said)) for said in self.edges),
        ]

    def records(self, scope: str = "scenario") -> list[dict[str, Any]]:
        """Return the lines of a complete `records` file of this world."""
        nodes = [{"node": {"name": said["uid"], **_plain(said)}} for said in self.nodes]
        edges = [{"edge": _plain(said)} for said in self.edges]
        first = {"scope": {"name": scope, "read_at": READ_AT}}
        last = {"end": {"scope": scope, "count": len(nodes) + len(edges)}}
        return [first, *nodes, *edges, last]


def scenario_files(folder: str) -> list[Path]:
    """Return the scenario files of a folder of `tests/scenarios`, by name."""
    return sorted((SCENARIOS / folder).glob("*.yaml"))


def load_scenario(path: Path) -> Scenario:
    """Return the scenario of a file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    world = content["world"]
    return Scenario(path.stem, tuple(world["nodes"]), tuple(world["edges"]), tuple(content["expect"]))


def moment(said: str | datetime) -> Instant:
    """Return a time as a scenario gives it: ISO 8601, which YAML may have read as a date already."""
    read = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    return instant(read)


def _interval(said: Mapping[str, Any]) -> Interval:
    start = moment(said["valid_from"]) if "valid_from" in said else ALWAYS.start
    return Interval(start, moment(said["valid_to"]) if "valid_to" in said else OPEN_END)


def _node(said: Mapping[str, Any]) -> NodeTimeline:
    properties = {
        name: value for name, value in said.get("properties", {}).items() if name in WALK_PROPERTIES
    }
    spell = NodeSpell(_interval(said), said.get("type"), properties)
    return NodeTimeline(Uid(said["uid"]), Kind(said["kind"]), (spell,))


def _edge_spell(said: Mapping[str, Any]) -> EdgeSpell:
    unsure = said.get("certainty") == "possible" or said.get("origin") == "assumed"
    certainty = Certainty.POSSIBLE if unsure else Certainty.CERTAIN
    return EdgeSpell(_interval(said), certainty, frozenset(said.get("marks", ())))


def _claim(scope: Scope, said: Mapping[str, Any], about: NodeFacts | EdgeFacts) -> Claim:
    return Claim(
        scope,
        about,
        _interval(said) if "valid_from" in said else None,
        Origin(said.get("origin", "declared")),
        Certainty(said.get("certainty", "certain")),
        said.get("condition"),
    )


def _node_facts(said: Mapping[str, Any]) -> NodeFacts:
    return NodeFacts(Uid(said["uid"]), Kind(said["kind"]), said.get("type"), None, said.get("properties", {}))


def _edge_facts(said: Mapping[str, Any]) -> EdgeFacts:
    return EdgeFacts(
        relation=said["relation"],
        subject=Uid(said["subject"]),
        object=Uid(said["object"]),
        marks=frozenset(said.get("marks", ())),
        environment=said.get("environment"),
        properties=said.get("properties", {}),
        subject_kind=_kind(said.get("subject_kind")),
        object_kind=_kind(said.get("object_kind")),
    )


def _kind(named: str | None) -> Kind | None:
    return None if named is None else Kind(named)


def _mentioned(edges: Iterable[Mapping[str, Any]], known: set[Uid]) -> list[NodeTimeline]:
    """The nodes that nobody describes: of the kind that an edge names, or that alone fits there."""
    kinds: dict[Uid, Kind] = {}
    for said in edges:
        for end in End:
            uid = Uid(said[end.value])
            if uid in known:
                continue
            named = said.get(f"{end.value}_kind")
            fitting = VOCABULARY.relation(said["relation"]).kinds_at(end)
            alone = next(iter(fitting)) if len(fitting) == 1 else Kind.UNKNOWN
            kind = Kind(named) if named else alone
            if kinds.get(uid, Kind.UNKNOWN) is Kind.UNKNOWN:
                kinds[uid] = kind
    return [NodeTimeline(uid, kind, ()) for uid, kind in kinds.items()]


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """A line with its times written out again."""
    return {
        name: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(value, datetime)
        else value
        for name, value in said.items()
    }
