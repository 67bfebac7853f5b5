"""Files as Microsoft Graph or the Azure CLI print them: which objects stand in them, of what list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ingest.documents import Document
from ingest.jsontext import shown
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, optional_text
from ingest.sources.entra.addresses import RECYCLE_BIN, Asked, asked_by_command, asked_by_context

_CONTEXT: Final = "@odata.context"
_NEXT: Final = "@odata.nextLink"
_TYPE: Final = "@odata.type"
_MIXED: Final = "#directoryObjects"
"""The context of lists of objects of any type, such as the members of a group, which does not tell whose."""

_SHAPES: Final = (
    ("servicePrincipalType", "servicePrincipals"),
    ("signInAudience", "applications"),
    ("userPrincipalName", "users"),
    ("securityEnabled", "groups"),
)
"""A field that only objects of one type have, for lists that do not say what they are of."""

_BINNED: Final = frozenset(f"{name}s" for name in RECYCLE_BIN)


@dataclass
class NotRead(Exception):
    """A list by its context, which is of no resource that is read."""

    context: str

    @property
    def what(self) -> str:
        """Return what it is a list of, for the report."""
        return shown(re.sub(r"\([^/]*\)", "", self.context.partition("#")[2]))


@dataclass(frozen=True, slots=True)
class Item:
    """One member of a list, with its place."""

    document: Document
    position: str
    value: Json


@dataclass(frozen=True, slots=True)
class Listing:
    """One file: of which list it is, what stands in it, and where the list goes on."""

    document: Document
    asked: Asked
    items: list[Item] = field(default_factory=list[Item])
    next_address: str | None = None

    @property
    def is_page(self) -> bool:
        """Return whether it is visibly one page of several."""
        return self.next_address is not None or self.asked.is_later_page


def listing_of(document: Document) -> Listing:
    """Return what a document is a list of, with its objects.

    Raises:
        Misshapen: for a document that is no list of objects, or of which nothing tells what it is.
        NotRead: for a list of something that is not read.
    """
    sidecar = document.file.sidecar
    asked = asked_by_command(sidecar.command) if sidecar else None
    if isinstance(document.body, list):
        return _listing(document, asked, document.body, "", None)
    body = as_object(document.body)
    if "error" in body:
        reason = "the server's refusal stands here, and not what was asked of it"
        raise Misshapen("/error", reason, "a list of objects")
    context = optional_text(body, _CONTEXT)
    of_context = asked_by_context(context) if context else None
    if "value" not in body:
        if of_context is None:
            raise Misshapen(
                "/value", "nothing stands here", "the list of objects that Microsoft Graph answers with"
            )
        return Listing(document, of_context, [Item(document, "", dict(body))])
    members = as_list(body["value"], "/value")
    return _listing(document, asked or of_context, members, "/value", optional_text(body, _NEXT), context)


def _listing(
    document: Document,
    asked: Asked | None,
    members: list[Json],
    place: str,
    following: str | None,
    of_another: str | None = None,
) -> Listing:
    if asked is None and (of_another is None or _MIXED in of_another):
        asked = _asked_by_shape(members)
    if asked is None and of_another is not None and _MIXED not in of_another:
        raise NotRead(of_another)
    if asked is None:
        reason = "nothing tells what this is a list of"
        raise Misshapen(
            place or "/", reason, f"{_CONTEXT}, or a sidecar that names the command with its address"
        )
    items = [Item(document, f"{place}/{i}", value) for i, value in enumerate(members)]
    return Listing(document, _binned(asked, members), items, following)


def _asked_by_shape(members: list[Json]) -> Asked | None:
    first = members[0] if members else None
    # Members and owners of one object look like users, but each bears its type; only the recycle
    # bin's own do so too.
    if not isinstance(first, dict) or (_TYPE in first and not first.get("deletedDateTime")):
        return None
    return next((Asked(resource) for key, resource in _SHAPES if key in first), None)


def _binned(asked: Asked, members: list[Json]) -> Asked:
    """Return what was asked for, told apart from the recycle bin, whose answers bear the same context."""
    if asked.resource not in _BINNED or asked.address is not None:
        return asked
    if any(isinstance(item, dict) and item.get("deletedDateTime") for item in members):
        return Asked(f"deleted {asked.resource}", partial=asked.partial)
    if not members:
        why = "an empty list may be that of the deleted ones; a sidecar with the address tells"
        return Asked(asked.resource, partial=asked.partial or why)
    return asked


def time_field(item: JsonObject, key: str) -> Json:
    """Return a time as an object bears it; the year 9999 and no time at all are none."""
    value = item.get(key)
    return None if isinstance(value, str) and value.startswith("9999-12-31") else value
