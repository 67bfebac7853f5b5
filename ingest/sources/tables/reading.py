"""Reads a mapping file; any fault in it, all of them by line and column, keeps every table out."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from graph.errors import Problem
from graph.model import Instant
from ingest.csvtable import Dialect
from ingest.files import Unreadable, document, file_name
from ingest.sources.tables.columns import ROW_WORDS, read_rows, read_zone
from ingest.sources.tables.edges import Around, read_edge
from ingest.sources.tables.mapping import EdgeMapping, TableMapping
from ingest.sources.tables.nodes import NODE_WORDS, Described, describe, read_node
from ingest.times import EXPECTED, parse_time
from ingest.yamlfields import Faults, Part, Parts
from ingest.yamltext import Malformed, read_document

VERSION: Final = "1"
"""The version of the mapping's words; a file of another one is refused."""

TOP_WORDS: Final = ("mapping", "zone", "tables")
TABLE_WORDS: Final = (
    *("files", "format", "csv", "scope", "read_at", "complete", "zone", "rows"),
    *(*NODE_WORDS, "edges"),
)
FORMS: Final = ("csv", "jsonl")

_LIMIT: Final = 1024 * 1024
_TAB: Final = "tab"


def read_mapping(path: Path) -> list[TableMapping] | list[Problem]:
    """Return the tables of a mapping file, or everything that is wrong with it."""
    file = file_name(path)
    try:
        top = Part(file, read_document(document(path, limit=_LIMIT), only_texts=True), None)
    except Unreadable as error:
        return [error.problem]
    except Malformed as error:
        return [Problem(file, f"line {error.line}", "", error.reason, error.expected)]
    faults = Faults()
    tables: list[TableMapping] = []
    with faults.told():
        tables = _tables(Part(file, top.document, top.document.value), faults)
    return faults.found or tables


def _tables(top: Part, faults: Faults) -> list[TableMapping]:
    said = top.parts(TOP_WORDS, required=("mapping", "tables"))
    if said["mapping"].text() != VERSION:
        raise said["mapping"].fault("is a version of mappings that is not known", VERSION)
    zone = read_zone(said, None)
    named = said["tables"].anything()
    if not named:
        raise said["tables"].fault("names no table", "a name and what it is")
    parts: dict[str, Parts] = {}
    described: dict[str, Described | None] = {}
    for name, part in named.items():
        with faults.told():
            parts[name] = part.parts(TABLE_WORDS)
            described[name] = describe(parts[name], name)
    if faults.found:
        return []  # what is wrong with references to a broken table would be told in vain
    tables: list[TableMapping] = []
    others = {name: table for name, table in described.items() if table is not None}
    for name, table in described.items():
        with faults.told():
            if len(named) > 1 and "files" not in parts[name]:
                raise named[name].fault("says no files, and is not the only table", "files: a pattern")
            around = Around(table, others, read_zone(parts[name], zone))
            tables.append(_table(named[name], parts[name], around, faults))
    return tables


def _table(part: Part, said: Parts, around: Around, faults: Faults) -> TableMapping:
    edges: list[EdgeMapping] = []
    for item in said["edges"].items() if "edges" in said else ():
        with faults.told():
            edges.append(read_edge(item, around))
    if around.described is None and "edges" not in said:
        raise part.fault("says nothing of its rows", "kind: …, or edges: …")
    described = around.described
    no_words: Parts = {}
    filtered = said["rows"].parts((*ROW_WORDS, "defines_scope")) if "rows" in said else no_words
    return TableMapping(
        file=part.file,
        name=part.name,
        files=said["files"].text() if "files" in said else None,
        form=said["format"].word(FORMS) if "format" in said else None,
        dialect=_dialect(said),
        scope=said["scope"].text() if "scope" in said else part.name,
        read_at=_read_at(said, around.zone),
        complete="complete" in said and said["complete"].flag(),
        rows=read_rows(filtered),
        filter_defines="defines_scope" in filtered and filtered["defines_scope"].flag(),
        node=None if described is None else read_node(said, described, around.zone, faults),
        edges=tuple(edges),
    )


def _dialect(said: Parts) -> Dialect:
    words: Mapping[str, Part] = said["csv"].parts(("delimiter", "header")) if "csv" in said else {}
    delimiter = words["delimiter"].text() if "delimiter" in words else None
    if delimiter == _TAB:
        delimiter = "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise words["delimiter"].fault("is no single character", "one character, or tab")
    header = words["header"].texts() if "header" in words else ()
    if len(set(header)) < len(header):
        raise words["header"].fault("names a column twice", "each column once")
    return Dialect(delimiter, header, keeps_case=True)


def _read_at(said: Parts, zone: ZoneInfo | None) -> Instant | None:
    if "read_at" not in said:
        return None
    try:
        found = parse_time(said["read_at"].text())
    except ValueError:
        raise said["read_at"].fault("is no time", EXPECTED) from None
    if not found.zoned and (zone is None or zone.key != "UTC"):
        raise said["read_at"].fault("is a time without a zone", "a time such as 2026-01-31T12:00:00Z")
    return found.moment


def fits(table: TableMapping, name: str) -> bool:
    """Return whether a mapping says that it is about a file, by its name without ``.gz``."""
    return table.files is None or fnmatchcase(name.removesuffix(".gz"), table.files)
