"""What jobs and datasets have in common: who owns them, and facets as states over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.model import Claim, EdgeFacts, Instant, Interval, Scope, Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.shapes import JsonObject
from ingest.sources.openlineage.facets import Owner, Owners, Reader, is_deleted, read_facet
from ingest.sources.openlineage.owners import owner_uid
from ingest.sources.openlineage.timeline import joined, settings

States = Sequence[tuple[Interval, Mapping[str, object]]]
"""What the mapped facets said, by stretch of time; a facet that was taken back is None."""


def states_of(changes: Iterable[tuple[Instant, JsonObject | None]], readers: Mapping[str, Reader]) -> States:
    """Return what facets said when; they hold until another of their name, or None, comes."""
    return settings(
        (moment, None if facets is None else _values(facets, readers)) for moment, facets in changes
    )


def _values(facets: JsonObject, readers: Mapping[str, Reader]) -> dict[str, object]:
    """Return what facets set; one that cannot be read sets nothing and leaves the former one."""
    values: dict[str, object] = {}
    for name in readers:
        facet = facets.get(name)
        if not isinstance(facet, dict):
            continue
        if is_deleted(facet):
            values[name] = None
        elif (value := read_facet(readers, name, facet)) is not None:
            values[name] = value
    return values


def contacts(states: States, owned: Uid, kind: Kind, scope: Scope, context: ReadContext) -> Iterator[Claim]:
    """Yield who is named as owner when: a contact, as nothing verifies the name."""
    seen: dict[Uid, list[tuple[Interval, str | None]]] = {}
    for part, state in states:
        owners = state.get("ownership")
        for uid, sort in _by_uid(owners.named if isinstance(owners, Owners) else (), context).items():
            seen.setdefault(uid, []).append((part, sort))
    for uid in sorted(seen):
        for part, sort in joined(seen[uid]):
            yield Claim(
                scope=scope,
                about=EdgeFacts(
                    "OWNS",
                    uid,
                    owned,
                    marks=frozenset({"contact"}),
                    properties={"owner_type": sort} if sort else {},
                    object_kind=kind,
                ),
                valid=part,
                locator="ownership facet",
            )


def _by_uid(owners: Sequence[Owner], context: ReadContext) -> dict[Uid, str | None]:
    """Return the owners by uid; one that is named twice counts once, with the first type given."""
    found: dict[Uid, str | None] = {}
    for owner in owners:
        uid = owner_uid(owner.name, context)
        found[uid] = found.get(uid) or owner.type
    return found
