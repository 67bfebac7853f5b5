"""Uids of nodes of a database: those that other sources give where a mapping says so, else its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.model import SourceInstance, Uid
from graph.store.foreign import ForeignNode, Other, Value
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.people import is_address, opaque
from ingest.sources.aws.names import address_in, identity_uid
from ingest.sources.graph.mapping import NodeMapping
from ingest.sources.tables.cells import IDS, BadCell, Cell, Written, id_texts
from ingest.uids import native_uid

SCHEME: Final = "graph"
"""The scheme of uids that are made of a database's own keys."""

_ARN: Final = "arn"


def written(node: ForeignNode, names: tuple[str, ...]) -> dict[str, Written]:
    """Return what a node holds as it would stand in the cells of a table.

    Raises:
        BadCell: for a value of a type that no cell can hold.
    """
    return {name: _written(name, node.properties.get(name)) for name in names}


def as_text(value: Value) -> str | None:
    """Return a value as it would be written, None for what is no single one.

    >>> as_text(True), as_text(3), as_text(None)
    ('true', '3', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if isinstance(value, list | Other) else str(value)


def node_uid(node: ForeignNode, entry: NodeMapping, source: SourceInstance, keys: Fingerprinter) -> Uid:
    """Return the uid of a node.

    Raises:
        BadCell: for a node without the key that its entry names, or with a secret in it.
    """
    names = entry.uid.properties if entry.uid is not None else entry.id
    texts = {name: _key_text(node, name) for name in names}
    if entry.uid is not None:
        return _filled(entry, texts, keys)
    parts = (source.instance, entry.name, *texts.values())
    if entry.may_be_person:
        return native_uid(entry.kind, SCHEME, opaque(keys, *parts))
    return native_uid(entry.kind, SCHEME, *parts)


def names_person(text: str) -> bool:
    """Return whether a name or an ARN is somebody's address."""
    return is_address(text) or address_in(text) is not None


def _filled(entry: NodeMapping, texts: Mapping[str, str], keys: Fingerprinter) -> Uid:
    template = entry.uid
    if template is None:
        raise ValueError("an entry without a uid of its own")
    if entry.kind is Kind.IDENTITY and template.scheme == _ARN and len(texts) == 1:
        return identity_uid(next(iter(texts.values())), keys)
    uid = template.filled(texts)
    if uid is None:
        raise BadCell(template.properties[0], "lacks a part that the uid names", f"as in {template.text}")
    return uid


def _key_text(node: ForeignNode, name: str) -> str:
    texts = id_texts(Cell(name, IDS), written(node, (name,)))
    if len(texts) != 1:
        raise BadCell(name, "holds no single value", "the key of the node")
    return texts[0]


def _written(name: str, value: Value) -> Written:
    if isinstance(value, list):
        items = [as_text(item) for item in value]
        if None not in items:
            return tuple(item for item in items if item)
    text = as_text(value)
    if text is None:
        held = value.type if isinstance(value, Other) else "list of other values"
        raise BadCell(name, f"holds a {held}", "a text, a number, true or false, a time, or a list of these")
    return text
