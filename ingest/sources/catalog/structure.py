"""The shape of an OSCAL catalog, as far as catalogs are read here, and its faults by line.

Fields are those of OSCAL 1.1; what a catalog may hold and is not read (parameters,
parties, back matter) is allowed as it is. Anything else is a fault, so that a misspelt
field is not silently without effect. Controls are checked one by one: a broken one does
not keep the others out.

Source: NIST, OSCAL catalog model 1.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from graph.errors import Problem
from ingest.yamltext import Document, Place

TOKEN: Final = r"^[^\W\d][\w.\-]*$"  # noqa: S105 - OSCAL's word for a name without blanks
Token = Annotated[str, StringConstraints(pattern=TOKEN, max_length=200)]
Text = Annotated[str, StringConstraints(pattern=r"^\S(?:[\s\S]*\S)?$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


class Prop(_Part):
    """A named value; ``ns`` says in whose words the name is meant, none for OSCAL's own."""

    name: Token
    value: Text
    ns: Text | None = None
    class_: Token | None = Field(None, alias="class")
    uuid: Text | None = None
    group: Token | None = None
    remarks: Text | None = None


class Link(_Part):
    """A reference to something elsewhere."""

    href: Text
    rel: Token | None = None
    text: Text | None = None
    media_type: Text | None = Field(None, alias="media-type")
    resource_fragment: Text | None = Field(None, alias="resource-fragment")


class Part(_Part):
    """A piece of a control: its statement, guidance, or an evidence slot of ours."""

    id: Token | None = None
    name: Token
    ns: Text | None = None
    class_: Token | None = Field(None, alias="class")
    title: Text | None = None
    props: list[Prop] = []
    prose: Text | None = None
    parts: list[Part] = []
    links: list[Link] = []


class Control(_Part):
    """One control, with the controls within it."""

    id: Token
    class_: Token | None = Field(None, alias="class")
    title: Text
    params: list[Any] = []
    props: list[Prop] = []
    links: list[Link] = []
    parts: list[Part] = []
    controls: list[Control] = []


class Metadata(_Part):
    """What a catalog says about itself."""

    title: Text
    published: Text | None = None
    last_modified: Text = Field(alias="last-modified")
    version: Text
    oscal_version: Text = Field(alias="oscal-version")
    revisions: list[Any] = []
    document_ids: list[Any] = Field([], alias="document-ids")
    props: list[Prop] = []
    links: list[Link] = []
    roles: list[Any] = []
    locations: list[Any] = []
    parties: list[Any] = []
    responsible_parties: list[Any] = Field([], alias="responsible-parties")
    actions: list[Any] = []
    remarks: Text | None = None


Shape = TypeVar("Shape", bound=BaseModel)

_EXPECTED: Final[Mapping[str, str]] = {
    "missing": "a value",
    "string_type": "text (numbers and yes or no in quotes)",
    "list_type": "a list",
    "model_type": "an object",
    "dict_type": "an object",
    "string_too_long": "at most 200 characters",
}
_FOUND: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is no field of OSCAL here",
    "string_type": "is not text",
    "list_type": "is not a list",
    "model_type": "is not an object",
    "string_pattern_mismatch": "is not written as it must be",
    "string_too_long": "is too long",
}


def checked(
    shape: type[Shape], value: object, document: Document, place: Place, file: str
) -> Shape | list[Problem]:
    """Return a value in its shape, or every reason why it has not got it, by line."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        return [_problem(fault, shape, document, place, file) for fault in error.errors(include_url=False)]


def _problem(
    fault: ErrorDetails, shape: type[BaseModel], document: Document, place: Place, file: str
) -> Problem:
    where = (*place, *fault["loc"])
    expected = _EXPECTED.get(fault["type"], fault["msg"].lower())
    if fault["type"] == "string_pattern_mismatch":
        is_token = fault.get("ctx", {}).get("pattern") == TOKEN
        expected = (
            "a token, which is a letter, then letters, digits, `.`, `-` and `_`"
            if is_token
            else "text that is not blank"
        )
    if fault["type"] == "extra_forbidden":
        known = (field.alias or name for name, field in shape.model_fields.items())
        expected = f"one of {', '.join(known)}" if len(fault["loc"]) == 1 else "a field that OSCAL has here"
    return Problem(
        file=file,
        position=f"line {document.line(where)}",
        field=field_name(where),
        reason=_FOUND.get(fault["type"], "cannot be read"),
        expected=expected,
    )


def field_name(place: Place) -> str:
    """Return the way to a value as people write it.

    >>> field_name(("catalog", "groups", 0, "title"))
    'catalog.groups[0].title'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")
