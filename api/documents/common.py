"""The parts that many documents share: times, nodes, the basis of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from graph.model import OPEN_END, Instant, Node, NodeRef, Properties, PropertyValue, as_text
from queries.basis import Basis, CommitStamp, Truncation
from queries.filters import criticality_of, environment_of
from queries.reporting import Stale

Document: TypeAlias = dict[str, Any]


def time_or_none(moment: Instant | None) -> str | None:
    """Return a time in RFC 3339; None for an open end, a time beyond the calendar, and no time at all."""
    if moment is None or moment >= OPEN_END:
        return None
    try:
        return as_text(moment)
    except OverflowError:
        return None


def value_of(value: PropertyValue) -> bool | int | float | str | list[bool | int | float | str]:
    """Return a property's value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def properties_of(properties: Properties) -> Document:
    """Return properties by name, in order."""
    return {name: value_of(properties[name]) for name in sorted(properties)}


def ref_of(ref: NodeRef) -> Document:
    """Return a node by uid and kind alone."""
    return {"uid": ref.uid, "kind": ref.kind.value}


def brief_of(node: Node) -> Document:
    """Return what a list shows of a node; the environment is ``unknown``, the criticality None if unknown."""
    return {
        "uid": node.uid,
        "kind": node.kind.value,
        "type": node.type,
        "name": node.name,
        "described": node.described,
        "environment": environment_of(node),
        "criticality": criticality_of(node),
    }


def basis_of(basis: Basis) -> Document:
    """Return on what an answer stands: the first fields of every answer's document."""
    return {
        "commit": _stamp(basis.commit),
        "known_at": _stamp(basis.known_at),
        "as_of": time_or_none(basis.as_of),
        "run_position": basis.run_position,
        "rules_version": basis.rules_version,
        "bounds": dict(basis.bounds),
        "truncated": truncation_of(basis.truncated),
        "looked_at": basis.looked_at,
        "referenced_not_described": basis.referenced_not_described,
        "coverage": {
            "uncovered_relations": dict(basis.coverage.relations),
            "uncovered_kinds": [kind.value for kind in basis.coverage.kinds],
        },
        "stale": [_stale(stale) for stale in basis.stale],
    }


def _stale(stale: Stale) -> Document:
    return {
        "source": str(stale.source),
        "cadence": stale.cadence.text,
        "last_reported": time_or_none(stale.last_reported),
        "stale_since": time_or_none(stale.stale_since),
    }


def truncation_of(truncated: Truncation | None) -> Document | None:
    """Return why an answer was cut short; None where it is whole."""
    if truncated is None:
        return None
    return {
        "reason": truncated.reason,
        "limit": truncated.limit,
        "complete_to_hops": truncated.complete_to_hops,
        "hidden": truncated.hidden,
    }


def counts_of(counts: Mapping[Any, int]) -> Document:
    """Return counts by the text of their keys, in order of these."""
    return {str(key): counts[key] for key in sorted(counts, key=str)}


def _stamp(stamp: CommitStamp) -> Document:
    return {
        "sequence": stamp.sequence,
        "hash": stamp.hash,
        "recorded_at": time_or_none(stamp.recorded_at),
    }
