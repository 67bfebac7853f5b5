"""One answer of a SCIM server, read while it arrives: its resources one by one, then what it says of itself.

Source: RFC 7644, section 3.4.2 (ListResponse and paging), RFC 7643, section 3 (schemas).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.files import pieces
from ingest.jsonstream import Entered, Given, stream_json
from ingest.jsonstream import Path as JsonPath
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, is_misshapen

USERS, GROUPS = "Users", "Groups"
CORE: Final = {
    "urn:ietf:params:scim:schemas:core:2.0:User": USERS,
    "urn:ietf:params:scim:schemas:core:2.0:Group": GROUPS,
}
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"

_RESOURCES: Final = "Resources"
_OLD: Final = "urn:scim:schemas:"
"""What the schemas of SCIM 1 begin with."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One member of the list with its place; ``problem`` stands there instead where it is none."""

    position: str
    value: Json


@dataclass
class Answer:
    """What an answer says of itself, known once it was read to its end."""

    fields: dict[str, Json] = field(default_factory=dict[str, Json])
    count: int = 0
    is_list: bool = False

    def page(self) -> Page:
        """Return which part of a list it is.

        Raises:
            Misshapen: for an answer that is no list, or whose counts cannot be read.
        """
        schemas = texts_of(self.fields.get("schemas"), "/schemas")
        if ERROR in schemas:
            raise Misshapen("/schemas", "the server's refusal stands here", "a ListResponse")
        if LIST not in schemas:
            raise Misshapen("/schemas", _other(schemas), LIST)
        total = self._number("totalResults")
        if total is None:
            raise Misshapen("/totalResults", "nothing stands here", "how many resources there are")
        start, size = self._number("startIndex"), self._number("itemsPerPage")
        if size is not None and size < self.count:
            raise Misshapen("/itemsPerPage", f"says {size} and {self.count} stand there", "their number")
        return Page(1 if start is None else max(start, 1), self.count, total)

    def alone(self) -> JsonObject | None:
        """Return the resource that the whole answer is, None where it is a list."""
        schemas = self.fields.get("schemas")
        is_one = isinstance(schemas, list) and any(one in CORE for one in schemas if isinstance(one, str))
        return self.fields if is_one and not self.is_list else None

    def _number(self, name: str) -> int | None:
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise is_misshapen(value, "a whole number", f"/{name}")
        return value


@dataclass(frozen=True, slots=True)
class Page:
    """Resources ``start`` to ``start + count - 1``, counted from 1, of ``total``."""

    start: int
    count: int
    total: int


def read_answer(path: Path, answer: Answer) -> Iterator[Resource]:
    """Yield the resources of a file, and fill in what the answer says of itself.

    Raises:
        Unreadable, NotJson: where the file or its text breaks; what stands before was yielded.
        Misshapen: for a file that is no object, or whose resources are no list.
    """
    for step in stream_json((piece.text for piece in pieces(path)), _is_entered):
        match step:
            case Entered((), is_list) if is_list:
                raise Misshapen("", "a list stands here", "a ListResponse")
            case Entered((name,), is_list) if name == _RESOURCES and not is_list:
                raise Misshapen(f"/{_RESOURCES}", "an object stands here", "a list")
            case Entered((name,)) if name == _RESOURCES:
                answer.is_list = True
            case Given((name, number), value) if name == _RESOURCES:
                answer.count += 1
                yield Resource(f"/{name}/{number}", value)
            case Given((name,), value):
                _give(answer, str(name), value)
            case Given((), value):
                raise is_misshapen(value, "a ListResponse")
            case _:
                pass


def _give(answer: Answer, name: str, value: Json) -> None:
    if name == _RESOURCES and value is not None:
        raise is_misshapen(value, "a list", f"/{name}")
    answer.fields[name] = value


def type_of(body: JsonObject) -> str | None:
    """Return of which list a resource is, None for one of another type.

    Raises:
        Misshapen: for a resource without schemas, or of another version of SCIM.
    """
    schemas = texts_of(body.get("schemas"), "/schemas")
    found = next((CORE[one] for one in schemas if one in CORE), None)
    if found is None and (not schemas or any(one.startswith(_OLD) for one in schemas)):
        raise Misshapen("/schemas", _other(schemas), " or ".join(CORE))
    return found


def texts_of(value: Json, pointer: str) -> list[str]:
    """Return a list of texts, empty where nothing stands; raises Misshapen."""
    texts: list[str] = []
    for number, item in enumerate([] if value is None else as_list(value, pointer)):
        if not isinstance(item, str):
            raise is_misshapen(item, "a text", f"{pointer}/{number}")
        texts.append(item)
    return texts


def objects_of(body: JsonObject, name: str) -> list[tuple[str, JsonObject]]:
    """Return the objects of a list with their pointers, empty where nothing stands; raises Misshapen."""
    value = body.get(name)
    items = [] if value is None else as_list(value, f"/{name}")
    return [(f"/{name}/{i}", as_object(item, f"/{name}/{i}")) for i, item in enumerate(items)]


def _other(schemas: list[str]) -> str:
    if not schemas:
        return "nothing stands here"
    is_old = any(one.startswith(_OLD) for one in schemas)
    return "schemas of SCIM 1 stand here" if is_old else "other schemas stand here"


def _is_entered(path: JsonPath) -> bool:
    return path in ((), (_RESOURCES,))
