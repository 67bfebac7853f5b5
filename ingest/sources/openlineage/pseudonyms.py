"""Takes the names and addresses of people out of an event before anything is kept of it.

In their place stands the uid that the name comes to, so that the same event is worked out
to the same graph, whenever and in whatever order, and nothing kept of it has to be erased.
Facets that are mapped name people as owners only. The others are kept for a later release
to map, and may name people anywhere: whatever stands under a word for a person goes, and
every e-mail address. A name inside a text is not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ingest.record import ReadContext
from ingest.redaction import Json
from ingest.sources.openlineage.facets import DATASET_FACETS, JOB_FACETS, RUN_FACETS
from ingest.sources.openlineage.owners import kept_name
from ingest.sources.openlineage.redact import ESCAPED, pointer_part

PERSON_KEYS: Final = frozenset(
    {
        *("assignee", "author", "authors", "created_by", "createdby", "email", "login", "mail"),
        *("maintainer", "maintainers", "modified_by", "modifiedby", "owner", "owners", "principal"),
        *("submitted_by", "submitter", "updated_by", "updatedby", "user", "user_id", "user_name"),
        *("userid", "username", "users"),
    }
)
"""Keys under which somebody is named: in lower case, without what stands before a point and ``.name``."""

_NAMING: Final = frozenset({"displayname", "email", "id", "login", "name", "value"})
"""Keys of an object that itself stands under such a word."""

_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HINTS: Final = re.compile(
    r"@|assignee|author|_by|edby|login|mail|maintainer|owner|principal|submitter|user", re.IGNORECASE
)
_NOTHING: Final = frozenset[str]()


def without_people(event: dict[str, Json], text: str, context: ReadContext) -> tuple[str, ...]:
    """Put uids in the place of people's names in an event, and return JSON pointers to where, sorted.

    The event is changed. ``text`` is what it was read from; what cannot stand in it is not
    looked for.
    """
    if ESCAPED not in text and _HINTS.search(text) is None:
        return ()
    replacing = _Replacing(context)
    for place, facets, mapped in _facet_maps(event):
        for name in list(facets):
            at = f"{place}/{pointer_part(name)}"
            if name == "ownership" and name in mapped:
                replacing.owners(facets[name], at)
            elif name not in mapped:
                facets[name] = replacing.replaced(facets[name], at, names_somebody=False)
    return tuple(sorted(replacing.pointers))


def _facet_maps(event: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json], frozenset[str]]]:
    """Yield every object of facets with its place, and which of its facets are mapped."""
    for part, mapped in (("run", RUN_FACETS), ("job", JOB_FACETS), ("dataset", DATASET_FACETS)):
        yield from _facets_of(event.get(part), f"/{part}", frozenset(mapped))
    for side in ("inputs", "outputs"):
        uses = event.get(side)
        for i, use in enumerate(uses if isinstance(uses, list) else ()):
            yield from _facets_of(use, f"/{side}/{i}", frozenset(DATASET_FACETS))


def _facets_of(
    holder: Json, place: str, mapped: frozenset[str]
) -> Iterator[tuple[str, dict[str, Json], frozenset[str]]]:
    if isinstance(holder, dict):
        for key in ("facets", "inputFacets", "outputFacets"):
            facets = holder.get(key)
            if isinstance(facets, dict):
                yield f"{place}/{key}", facets, mapped if key == "facets" else _NOTHING


@dataclass
class _Replacing:
    """Replaces names, and notes where."""

    context: ReadContext
    pointers: set[str] = field(default_factory=set[str])

    def owners(self, facet: Json, at: str) -> None:
        """Replace the names in an ownership facet; another shape is left for its reader to report."""
        owners = facet.get("owners") if isinstance(facet, dict) else None
        for i, owner in enumerate(owners if isinstance(owners, list) else ()):
            if isinstance(owner, dict) and isinstance(name := owner.get("name"), str):
                owner["name"] = self._named(name, f"{at}/owners/{i}/name")

    def replaced(self, value: Json, at: str, *, names_somebody: bool) -> Json:
        """Return a value of a facet that is not mapped with everybody in it replaced."""
        match value:
            case str():
                return self._named(value, at) if names_somebody else self._addresses(value, at)
            case list():
                return [
                    self.replaced(item, f"{at}/{i}", names_somebody=names_somebody)
                    for i, item in enumerate(value)
                ]
            case dict():
                return self._object(value, at, names_somebody=names_somebody)
            case _:
                return value

    def _object(self, value: dict[str, Json], at: str, *, names_somebody: bool) -> Json:
        # A pair such as {"key": "owner", "value": "ada"} says the same as {"owner": "ada"}.
        is_pair = any(_is_person_key(str(value.get(key))) for key in ("key", "name"))
        made: dict[str, Json] = {}
        for key, item in value.items():
            word = key.lower()
            is_name = _is_person_key(key) or (names_somebody and word in _NAMING)
            is_name = is_name or (is_pair and word == "value")
            made[key] = self.replaced(item, f"{at}/{pointer_part(key)}", names_somebody=is_name)
        return made

    def _named(self, name: str, at: str) -> str:
        kept = kept_name(name, self.context)
        if kept != name:
            self.pointers.add(at)
        return kept

    def _addresses(self, text: str, at: str) -> str:
        kept = _ADDRESS.sub(lambda found: kept_name(found[0], self.context), text)
        if kept != text:
            self.pointers.add(at)
        return kept


def _is_person_key(key: str) -> bool:
    word = key.lower().removesuffix(".name").rpartition(".")[2]
    return word.replace("-", "_") in PERSON_KEYS
