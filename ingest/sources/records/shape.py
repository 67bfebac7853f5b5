"""The shape of each sort of line: JSON objects in, typed values out; one function a sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from graph.errors import InvalidValue
from graph.ledger.values import checked_identifier
from graph.model import (
    OPEN_END,
    Claim,
    EdgeFacts,
    Extent,
    ExternalId,
    Interval,
    NodeFacts,
    Scope,
    SourceInstance,
    Uid,
)
from graph.vocabulary import VOCABULARY, Certainty, Kind, Origin
from ingest.redaction import secret_in
from ingest.sources.records.fields import Fields, is_list, items_of, sort_of
from ingest.times import SourceTime

SORTS: Final = ("scope", "node", "edge", "end")
"""What a line may be: an object with one of these names in it, and nothing beside."""

SCOPE_FIELDS: Final = ("name", "source", "read_at", "covers", "restates")
COVERS_FIELDS: Final = ("kinds", "relations")
NODE_FIELDS: Final = (
    *("uid", "kind", "type", "name", "properties", "external_ids", "coverage"),
    *("valid_from", "valid_to"),
)
EDGE_FIELDS: Final = (
    *("relation", "subject", "object", "marks", "environment", "properties"),
    *("origin", "certainty", "condition", "subject_kind", "object_kind"),
    *("valid_from", "valid_to"),
)
END_FIELDS: Final = ("scope", "count")
EXTERNAL_ID_FIELDS: Final = ("scheme", "value")

KINDS: Final = tuple(kind.value for kind in Kind if kind is not Kind.UNKNOWN)
RELATIONS: Final = tuple(relation.name for relation in VOCABULARY.relations)
MARKS: Final = tuple(mark.name for mark in VOCABULARY.marks)


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """The line that opens a scope. ``source`` is as written: ``plugin/instance``, or a bare name.

    ``restates`` says that the lines tell the whole history of what they name.
    """

    name: str
    source: str | None
    read_at: SourceTime | None
    kinds: frozenset[str] | None
    relations: frozenset[str] | None
    restates: bool


@dataclass(frozen=True, slots=True)
class EndLine:
    """The line that says that a scope was read completely, and with how many lines."""

    scope: str
    count: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """A claim as a line says it, and whether one of its times came without a zone."""

    claim: Claim
    unzoned: bool


def sort_of_line(value: object) -> tuple[str, Any]:
    """Return which sort of line this is, and what stands in it.

    Raises:
        InvalidValue: for anything but an object with exactly one of the four names.
    """
    if not isinstance(value, Mapping):
        raise InvalidValue("line", sort_of(value), f"an object with one of {', '.join(SORTS)}")
    fields = Fields("line", cast("object", value), SORTS)
    present = [name for name in SORTS if fields.raw(name) is not None]
    if len(present) != 1:
        found = " and ".join(present) or "none of the four"
        raise InvalidValue("line", found, f"exactly one of {', '.join(SORTS)}")
    return present[0], fields.raw(present[0])


def scope_line(value: object) -> ScopeLine:
    """Return a scope line's content; raises InvalidValue."""
    fields = Fields("scope", value, SCOPE_FIELDS)
    name, source = fields.identifier("name"), fields.text("source")
    for field, text in (("name", name), ("source", source or "")):
        what = secret_in(text, identifier=True)
        if what is not None:
            raise InvalidValue(fields.path(field), f"what looks like {what}", "a name without a secret in it")
    covers = Fields("scope.covers", fields.raw("covers") or {}, COVERS_FIELDS)
    return ScopeLine(
        name=name,
        source=source,
        read_at=fields.time("read_at"),
        kinds=covers.texts("kinds", among=KINDS),
        relations=covers.texts("relations", among=RELATIONS),
        restates=fields.flag("restates"),
    )


def end_line(value: object) -> EndLine:
    """Return an end line's content; raises InvalidValue."""
    fields = Fields("end", value, END_FIELDS)
    count = fields.raw("count")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise InvalidValue("end.count", sort_of(count), "the number of node and edge lines")
    return EndLine(fields.identifier("scope"), count)


def source_of(text: str | None, default: SourceInstance, *, instance: str | None) -> SourceInstance:
    """Return who speaks in a scope: ``plugin/instance`` as written, a bare name as an instance.

    ``default`` speaks where nothing is written and lends its plug-in to a bare name;
    ``instance`` replaces the instance, whatever is written.

    Raises:
        InvalidValue: where one side of the slash is empty.

    >>> mine = SourceInstance("records", "default")
    >>> str(source_of("kubernetes/eu-1", mine, instance=None)), str(source_of("crm", mine, instance=None))
    ('kubernetes/eu-1', 'records/crm')
    """
    said = default
    if text is not None:
        plugin, slash, rest = text.partition("/")
        said = SourceInstance(plugin, rest) if slash else SourceInstance(default.plugin, text)
    if instance is not None:
        said = SourceInstance(said.plugin, instance)
    checked_identifier(said.plugin, "scope.source")
    checked_identifier(said.instance, "scope.source")
    return said


def node_claim(value: object, scope: Scope, locator: str) -> Shaped:
    """Return the claim of a node line; raises InvalidValue."""
    fields = Fields("node", value, NODE_FIELDS)
    kind = fields.word("kind", Kind, without=(Kind.UNKNOWN,))
    uid = fields.identifier("uid")
    if kind is None:
        raise InvalidValue("node.kind", "nothing", f"one of {', '.join(KINDS)}")
    facts = NodeFacts(
        uid=Uid(uid),
        kind=kind,
        type=fields.text("type") or None,
        name=fields.text("name") or None,
        properties=fields.properties("properties", kind),
        external_ids=_external_ids(fields),
        coverage=fields.words("coverage", Extent, among=RELATIONS),
    )
    valid, unzoned = _valid(fields)
    return Shaped(Claim(scope, facts, valid, locator=locator), unzoned)


def edge_claim(value: object, scope: Scope, locator: str) -> Shaped:
    """Return the claim of an edge line; raises InvalidValue."""
    fields = Fields("edge", value, EDGE_FIELDS)
    facts = EdgeFacts(
        relation=fields.identifier("relation"),
        subject=Uid(fields.identifier("subject")),
        object=Uid(fields.identifier("object")),
        marks=fields.texts("marks", among=MARKS) or frozenset(),
        environment=fields.text("environment") or None,
        properties=fields.properties("properties"),
        subject_kind=fields.word("subject_kind", Kind, without=(Kind.UNKNOWN,)),
        object_kind=fields.word("object_kind", Kind, without=(Kind.UNKNOWN,)),
    )
    valid, unzoned = _valid(fields)
    claim = Claim(
        scope=scope,
        about=facts,
        valid=valid,
        origin=fields.word("origin", Origin) or Origin.DECLARED,
        certainty=fields.word("certainty", Certainty) or Certainty.CERTAIN,
        condition=fields.text("condition") or None,
        locator=locator,
    )
    return Shaped(claim, unzoned)


def _valid(fields: Fields) -> tuple[Interval | None, bool]:
    start, end = fields.time("valid_from"), fields.time("valid_to")
    unzoned = any(found is not None and not found.zoned for found in (start, end))
    if start is None and end is None:
        return None, False
    if start is None:
        raise InvalidValue(fields.path("valid_to"), "an end without a start", "valid_from beside it")
    interval = Interval(start.moment, OPEN_END if end is None else end.moment)
    if interval.start >= interval.end:
        raise InvalidValue(fields.path("valid_to"), "an end that is not after the start", "a later time")
    return interval, unzoned


def _external_ids(fields: Fields) -> tuple[ExternalId, ...]:
    """Return external ids, written as a list of objects or pairs, or as an object of schemes."""
    where = fields.path("external_ids")
    return tuple(
        dict.fromkeys(
            ExternalId(
                checked_identifier(scheme, f"{where}.scheme"), checked_identifier(value, f"{where}.value")
            )
            for scheme, value in _pairs(fields.raw("external_ids"), where)
        )
    )


def _pairs(value: object, where: str) -> Iterator[tuple[object, object]]:
    if isinstance(value, Mapping):
        by_scheme = cast("Mapping[object, object]", value)
        for scheme, held in by_scheme.items():
            yield from ((scheme, one) for one in (items_of(held) if is_list(held) else (held,)))
    elif is_list(value):
        for i, item in enumerate(items_of(value)):
            yield _pair(item, f"{where}[{i}]")
    elif value is not None:
        raise InvalidValue(where, sort_of(value), "a list of objects with scheme and value")


def _pair(item: object, where: str) -> tuple[object, object]:
    if is_list(item):
        parts = items_of(item)
        if len(parts) != 2:
            raise InvalidValue(where, f"a list of {len(parts)}", "scheme and value")
        return parts[0], parts[1]
    fields = Fields(where, item, EXTERNAL_ID_FIELDS)
    return fields.raw("scheme"), fields.raw("value")
