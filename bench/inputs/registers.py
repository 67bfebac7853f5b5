"""What people keep themselves: records, a CMDB's table, an edition of rules."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bench.inputs.writing import READ_AT, TEAMS, Json, write_json, write_lines, write_text

_URN: Final = "urn:holdfast:catalog:1"
_DAY: Final = "2026-01-01"

_MAPPING: Final = """\
mapping: 1
tables:
  applications:
    files: applications*.csv
    kind: Asset
    type: {column: class, values: {Application: application, Service: service}}
    id: number
    name: name
    properties:
      criticality: {column: tier, values: {1 - critical: 4, 2 - high: 3, 3 - normal: 2}}
      environment: {column: used_for, values: {Production: production, Test: staging}}
    edges:
      - relation: OWNS
        from: {address: owner}
        marks: [accountable]
      - relation: OWNS
        from: {team: support_group}
        marks: [contact]
"""


def write_records(folder: Path, count: int) -> None:
    """Write services that read tables, as JSON lines."""
    write_lines(folder / "estate.jsonl", _lines(count))


def write_table(folder: Path, count: int) -> None:
    """Write a CMDB's list of applications with its mapping."""
    write_text(folder / "cmdb.yaml", _MAPPING)
    with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("number", "name", "class", "tier", "used_for", "owner", "support_group"))
        for n in range(count):
            sort = "Service" if n % 3 else "Application"
            owner = f"person.{n % 200}@fairbank.example"
            used = "Test" if n % 4 else "Production"
            rows.writerow((f"APP-{n}", f"System {n}", sort, "2 - high", used, owner, f"team-{n % TEAMS}"))


def write_catalog(folder: Path, count: int) -> None:
    """Write one edition as an OSCAL catalog."""
    stated = {
        "catalog-id": "bench",
        "regulation-name": "Bench rules",
        "regulation-type": "framework",
        "edition": "1",
        "voluntary": "false",
        "adopted": _DAY,
        "in-force": _DAY,
        "applies-from": _DAY,
        "status": "in-force",
        "status-source": "Made up.",
        "checked-at": _DAY,
    }
    props = [_prop(name, value) for name, value in stated.items()]
    props += [_prop("date-source", "Made up.", name) for name in ("adopted", "in-force", "applies-from")]
    metadata = {
        "title": "Bench rules",
        "published": f"{_DAY}T00:00:00Z",
        "last-modified": READ_AT,
        "version": "1",
        "oscal-version": "1.1.3",
        "props": props,
    }
    controls = [_control(n) for n in range(count)]
    group = {"id": "rules", "title": "Rules", "controls": controls}
    uuid = "9a1dfe95-634f-5bff-b1ab-65de54cecd9c"
    write_json(folder / "rules.json", {"catalog": {"uuid": uuid, "metadata": metadata, "groups": [group]}})


def _lines(count: int) -> Iterator[Json]:
    covers = {"kinds": ["Asset", "Dataset"], "relations": ["READS"]}
    yield {"scope": {"name": "estate", "source": "register", "read_at": READ_AT, "covers": covers}}
    for n in range(count):
        properties: dict[str, Any] = {"criticality": n % 4 + 1, "environment": "production"}
        service = {"uid": f"svc:{n}", "kind": "Asset", "type": "service", "name": f"Service {n}"}
        yield {"node": {**service, "properties": {**properties, "purpose": f"Keeps table {n} up to date"}}}
        table = f"table:{n // 3}"
        yield {"edge": {"relation": "READS", "subject": f"svc:{n}", "object": table, "origin": "observed"}}
    yield {"end": {"scope": "estate", "count": 2 * count}}


def _prop(name: str, value: str, sort: str | None = None) -> Json:
    return {"name": name, "ns": _URN, "value": value, **({"class": sort} if sort else {})}


def _control(number: int) -> Json:
    slot = {
        "evidence-type": "owner",
        "aspect": "accountability",
        "binding": "system",
        "freshness": "none",
        "minimum-assurance": "0",
        "method": "OBSERVE",
        "query": "living-owner",
    }
    owner = {
        "id": f"rule-{number}.owner",
        "name": "evidence-slot",
        "ns": _URN,
        "title": "A living accountable owner",
        "props": [_prop(name, value) for name, value in slot.items()],
    }
    said = {
        "id": f"rule-{number}.statement",
        "name": "statement",
        "prose": f"Rule {number}: somebody answers for every system, and is named for it.",
    }
    return {
        "id": f"rule-{number}",
        "title": f"Rule {number}",
        "props": [
            {"name": "label", "value": f"Rule {number}"},
            _prop("requirement-type", "control"),
            _prop("level", "system"),
            _prop("weight", "1"),
            _prop("applicability", '{"all": []}'),
        ],
        "parts": [said, owner],
    }
