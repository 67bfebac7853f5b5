"""From the mapping's words to how a column is read: its type, its values, its dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph.errors import InvalidValue
from graph.model import PropertyValue
from graph.vocabulary import VOCABULARY, Kind, Property
from ingest.declared import declared_values
from ingest.redaction import denotes_value
from ingest.sources.tables.cells import TYPES, BadCell, Cell, Rows
from ingest.sources.tables.dates import UNIX_FORMS, DateForm, is_pattern, says_zone
from ingest.yamlfields import Part, Parts

CELL_WORDS: Final = (
    *("column", "constant", "type", "values", "otherwise"),
    *("format", "zone", "through_day", "separator"),
)
WORD_CELL: Final = ("column", "values", "otherwise")
ROW_WORDS: Final = ("only", "except")

NO_PROPERTIES: Final = frozenset({"uid", "kind", "type", "name"})
"""What a node has besides its properties; the mapping has words of its own for them."""

_FINGERPRINT: Final = "fingerprint"
_LIST_SEPARATOR: Final = ";"
_TYPE_OF: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "integer",
    "float": "number",
    "bool": "boolean",
    "instant": "date",
    "strings": "list",
}
"""How a property that the vocabulary declares is written, by the type of its value."""


@dataclass(frozen=True, slots=True)
class Target:
    """The property that a column is read for, and on nodes of which kinds; of an edge there are none."""

    name: str
    kinds: frozenset[Kind]

    @property
    def declared(self) -> Property | None:
        """Return what the vocabulary says of it, if it does for one of the kinds."""
        found = VOCABULARY.property(self.name)
        return found if found is not None and found.kinds & self.kinds else None

    @property
    def type(self) -> str | None:
        """Return the type that it must have, None where any will do."""
        if self.name == _FINGERPRINT:
            return "secret"
        declared = self.declared
        return None if declared is None else _TYPE_OF.get(declared.value)


def read_property(part: Part, kinds: frozenset[Kind], zone: ZoneInfo | None) -> Cell:
    """Return how a property is read; raises Misread."""
    target = Target(part.name, kinds)
    if target.name in NO_PROPERTIES:
        raise part.fault("is no property", f"{target.name} beside properties", of_name=True)
    on_secret = Kind.SECRET in kinds
    if target.name != _FINGERPRINT and denotes_value(target.name, "text", on_secret=on_secret):
        expected = "another name for what is no value, or fingerprint for what is one: values are not kept"
        raise part.fault("is named as the value of a secret", expected, of_name=True)
    if part.is_text:
        return _checked(Cell(part.text()), part, {}, target, zone)
    said = part.parts(CELL_WORDS)
    if ("column" in said) == ("constant" in said):
        raise part.fault("says not one of column and constant", "column: … or constant: …")
    column = said["column"].text() if "column" in said else ""
    return _checked(Cell(column), part, said, target, zone)


def read_word(part: Part, known: Collection[str] | None) -> Cell:
    """Return how a word is told: a text is that word itself, an object names its column; raises Misread.

    With ``known`` the words are these, and what a column holds needs a table that leads to them.
    """
    if part.is_text:
        return Cell(constant=part.word(known) if known is not None else part.text())
    said = part.parts(WORD_CELL, required=("column",) if known is None else ("column", "values"))
    values = _values(said)
    if known is not None:
        for item in said["values"].anything().values():
            item.word(known)
        if "otherwise" in said:
            said["otherwise"].word(known)
    return Cell(said["column"].text(), values=values, otherwise=_otherwise(part, said))


def read_rows(said: Parts) -> Rows:
    """Return which rows count, by the words ``only`` and ``except``; raises Misread."""
    only, without = (_held(said[word]) if word in said else {} for word in ROW_WORDS)
    return Rows(only, without)


def read_zone(said: Parts, default: ZoneInfo | None) -> ZoneInfo | None:
    """Return the time zone that a part names, else the one around it; raises Misread."""
    if "zone" not in said:
        return default
    try:
        return ZoneInfo(said["zone"].text())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise said["zone"].fault("is no time zone", "a name such as Europe/Berlin, or UTC") from None


def _checked(cell: Cell, part: Part, said: Parts, target: Target, zone: ZoneInfo | None) -> Cell:
    type_ = said["type"].word(TYPES) if "type" in said else target.type or "text"
    if target.type is not None and type_ != target.type:
        raise said["type"].fault(f"is not the type of {target.name}", target.type)
    if type_ == "secret" and target.name != _FINGERPRINT:
        raise said["type"].fault("is for the property fingerprint only", "fingerprint: {column: …}")
    if type_ == "secret" and len(said.keys() - {"type"}) > 1:
        raise part.fault("says more than which column holds the value", "fingerprint: a column")
    separator = said["separator"].text() if "separator" in said else _LIST_SEPARATOR
    if type_ != "list" and "separator" in said:
        raise said["separator"].fault("is said of what is no list", "type: list beside it", of_name=True)
    made = Cell(
        column=cell.column,
        type=type_,
        values=_values(said),
        otherwise=_otherwise(part, said),
        dates=_dates(part, said, zone) if type_ == "date" else None,
        separator=separator if type_ == "list" else None,
    )
    if "values" in said:
        for item in said["values"].anything().values():
            _meant(made, item, target)
    return Cell(constant=_meant(made, said["constant"], target)) if "constant" in said else made


def _meant(cell: Cell, part: Part, target: Target) -> PropertyValue | None:
    """Return what a word of the mapping comes to, held to what the vocabulary declares."""
    if part.value is None:
        return None
    plain = Cell("value", cell.type, dates=cell.dates, separator=cell.separator)
    try:
        value = plain.value({"value": part.text()})
        check_declared(target.name, value, target.kinds)
    except BadCell as bad:
        raise part.fault(bad.reason, bad.expected) from None
    return value


def check_declared(name: str, value: PropertyValue | None, kinds: Collection[Kind], column: str = "") -> None:
    """Hold a value to what the vocabulary declares of a property for one of some kinds.

    Raises:
        BadCell: for a value that none of them may have.
    """
    declared = VOCABULARY.property(name)
    kind = next((kind for kind in kinds if declared is not None and kind in declared.kinds), None)
    if kind is None or value is None:
        return
    try:
        declared_values(kind, {name: value}, "properties")
    except InvalidValue as error:
        raise BadCell(column, f"holds {error.found}", error.expected) from None


def _values(said: Parts) -> dict[str, str] | None:
    if "values" not in said:
        return None
    parts = said["values"].anything()
    # Null says that such a cell tells nothing; an empty text does, too, once it is read.
    return {name: "" if item.value is None else item.text() for name, item in parts.items()}


def _otherwise(part: Part, said: Parts) -> str | None:
    """Return what a text outside the table of values comes to; ``otherwise:`` with nothing is nothing."""
    if "otherwise" in said:
        return said["otherwise"].text()
    return "" if isinstance(part.value, dict) and "otherwise" in part.value else None


def _dates(part: Part, said: Parts, zone: ZoneInfo | None) -> DateForm:
    pattern = said["format"].text() if "format" in said else None
    if pattern is not None and not is_pattern(pattern):
        expected = f"%Y-%m-%d or the like (Python's strptime), {' or '.join(UNIX_FORMS)}"
        raise said["format"].fault("reads back no date that it writes", expected)
    own = read_zone(said, zone)
    if own is None and not says_zone(pattern):
        expected = "zone: Europe/Berlin or the like, here, in the table or at the top"
        raise part.fault("does not say in which zone dates are meant", expected)
    return DateForm(pattern, own, "through_day" in said and said["through_day"].flag())


def _held(part: Part) -> dict[str, frozenset[str]]:
    """Return for each column the texts that it may hold; nothing stands for an empty cell."""
    return {
        column: frozenset("" if item.value in (None, "") else item.text() for item in texts.items())
        for column, texts in part.anything().items()
    }
