"""Slots: what evidence a requirement asks for, as catalogs write it down and as questions read it.

A requirement keeps its slots as JSON in its property ``slots``; both directions are here,
so that the side that writes and the side that reads cannot come apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from graph.duration import Duration
from graph.vocabulary.duties import Binding, Method

UNTIL_CHANGE: Final = "until-change"
NO_FRESHNESS: Final = "none"

ASSURANCE_LEVELS: Final = range(5)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long evidence stays fresh: for a duration, until a watched fact changes, or for ever.

    At most one of the two is set. ``watch`` names properties of the subject, or
    ``version`` for what runs.
    """

    duration: Duration | None = None
    watch: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return it as catalogs write it."""
        if self.duration is not None:
            return self.duration.text
        return UNTIL_CHANGE if self.watch else NO_FRESHNESS


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind of evidence that a requirement asks for.

    ``key`` is its name within the requirement. Evidence matches by one of ``types`` and
    by ``aspect``. ``covers`` is the least length of the evidence's own period. Slots of one
    ``group`` stand for each other. ``query`` names what the graph answers itself.
    """

    key: str
    title: str
    types: tuple[str, ...]
    aspect: str
    binding: Binding
    freshness: Freshness
    minimum_assurance: int
    method: Method
    covers: Duration | None = None
    threshold: str | None = None
    independence: str | None = None
    trigger: str | None = None
    inherit: str | None = None
    group: str | None = None
    query: str | None = None


_OPTIONAL: Final = ("threshold", "independence", "trigger", "inherit", "group", "query")


def slot_json(slot: Slot) -> dict[str, object]:
    """Return a slot as the object that a requirement keeps; every field is written out."""
    return {
        "key": slot.key,
        "title": slot.title,
        "types": list(slot.types),
        "aspect": slot.aspect,
        "binding": slot.binding.value,
        "freshness": slot.freshness.text,
        "watch": list(slot.freshness.watch),
        "minimum_assurance": slot.minimum_assurance,
        "method": slot.method.value,
        "covers": None if slot.covers is None else slot.covers.text,
        **{name: getattr(slot, name) for name in _OPTIONAL},
    }


def parse_slots(text: str) -> tuple[Slot, ...]:
    """Return the slots that a requirement's property holds.

    Raises:
        ValueError: for anything that ``slot_json`` would not have written, naming the field.

    >>> parse_slots("[]")
    ()
    """
    said: object = json.loads(text)
    if not isinstance(said, list):
        raise ValueError("slots that are no list")  # noqa: TRY004 - one error for callers
    slots = tuple(_slot(item) for item in cast("list[object]", said))
    if len({slot.key for slot in slots}) < len(slots):
        raise ValueError("two slots with one key")
    return slots


def parse_freshness(text: str, watch: tuple[str, ...]) -> Freshness:
    """Return the freshness that a catalog writes.

    Raises:
        ValueError: for another word, and where watched facts are missing or out of place.
    """
    if text == UNTIL_CHANGE:
        if not watch:
            raise ValueError("until-change without a watched fact")
        return Freshness(watch=watch)
    if watch:
        raise ValueError("a watched fact without until-change")
    return Freshness() if text == NO_FRESHNESS else Freshness(Duration.parse(text))


def _slot(said: object) -> Slot:
    if not isinstance(said, Mapping):
        raise ValueError("a slot that is no object")  # noqa: TRY004
    fields = cast("Mapping[str, object]", said)
    covers = _optional(fields, "covers")
    assurance = fields.get("minimum_assurance")
    if isinstance(assurance, bool) or not isinstance(assurance, int) or assurance not in ASSURANCE_LEVELS:
        raise ValueError("a slot whose minimum_assurance is not 0 to 4")
    return Slot(
        key=_text(fields, "key"),
        title=_text(fields, "title"),
        types=_texts(fields, "types", least=1),
        aspect=_text(fields, "aspect"),
        binding=Binding(_text(fields, "binding")),
        freshness=parse_freshness(_text(fields, "freshness"), _texts(fields, "watch", least=0)),
        minimum_assurance=assurance,
        method=Method(_text(fields, "method")),
        covers=None if covers is None else Duration.parse(covers),
        **{name: _optional(fields, name) for name in _OPTIONAL},
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"a slot without {name}")
    return value


def _optional(fields: Mapping[str, object], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _texts(fields: Mapping[str, object], name: str, *, least: int) -> tuple[str, ...]:
    value = fields.get(name)
    items = cast("list[object]", value) if isinstance(value, list) else None
    if items is None or len(items) < least or not all(isinstance(item, str) and item for item in items):
        raise ValueError(f"a slot without {name}")
    return tuple(cast("list[str]", items))
