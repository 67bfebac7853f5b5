"""As in ``test_planted_everywhere``: every shape in every field, of tables, directories and catalogs."""

import csv
import json
import logging
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ingest.registry import load_source
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import Desk
from tests.ingest.sources.scim.answers import group, page, user, write
from tests.ingest.test_planted_everywhere import HUNTED, NAMES, SHAPES

COLUMNS = ("id", "name", "type", "tier", "note", "labels", "until", "key", "owner", "other", "host")
FIELDS = {
    "Component": ("type", "lifecycle", "owner", "system", "definition", "providesApis", "dependsOn"),
    "Group": ("type", "parent", "children", "members", "profile"),
    "User": ("memberOf", "profile"),
}
MAPPING = """\
mapping: 1
zone: UTC
tables:
  keys:
    kind: Secret
    type: {column: type}
    id: id
    name: name
    properties:
      criticality: tier
      note: note
      labels: {column: labels, type: list}
      expires: until
      fingerprint: key
    external_ids: {hostname: host}
    rows: {except: {type: [never]}}
    edges:
      - {relation: OWNS, marks: [accountable], from: {address: owner}}
      - {relation: AUTHENTICATES, to: {uid: "hf:identity:x:{other}"}, properties: {note: note, how: labels}}
"""


@pytest.fixture
def stored(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Desk:
    caplog.set_level(logging.DEBUG)
    return Desk(tmp_path, target=str(tmp_path / "store.db"))


def nowhere(desk: Desk, report: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert report["commits"]["count"] > 0
    runs = str(desk.store.runs(before=None, limit=10))
    desk.store.close()
    for text in (json.dumps(report), caplog.text, runs):
        assert HUNTED not in text, around(text)
    kept = stored_bytes(Path(desk.target)).decode("utf-8", "replace")
    assert HUNTED not in kept, around(kept)


def around(text: str) -> list[str]:
    """Return what stands around each place, so that a failure says where the value got through."""
    return sorted({f"{before[-60:]}#{after[:20]}" for before, after in pairwise(text.split(HUNTED))})


def test_tables(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    (stored.folder / "keys.yaml").write_text(MAPPING, encoding="utf-8")
    path = stored.folder / "keys.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((*COLUMNS, *NAMES))
        rows.writerow(("a", *[""] * 6, HUNTED * 2, "ada@x.example", "b", "h", *(HUNTED for _ in NAMES)))
        for number, shape in enumerate(SHAPES):
            for column in range(len(COLUMNS)):
                cells = [f"n{number}.{column}", *[""] * (len(COLUMNS) + len(NAMES) - 1)]
                cells[column] = shape
                rows.writerow(cells)
    report = stored.run(stored.folder / "keys.yaml", path, source=load_source("tables"), read_at=0)
    nowhere(stored, report.to_json(), caplog)


def test_mappings(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    for number, shape in enumerate((HUNTED, *SHAPES)):
        text = json.dumps(shape)
        for word in ("zone: UTC", "kind: Secret", "relation: OWNS", "marks: [accountable]", "hf:identity:x"):
            name = f"m{number}-{len(word)}.yaml"
            fault = MAPPING.replace(word, f"{word.partition(':')[0]}: {text}")
            (stored.folder / name).write_text(fault, encoding="utf-8")
    (stored.folder / "keys.csv").write_text("id\na\n", encoding="utf-8")
    report = stored.run(stored.folder, source=load_source("tables"), read_at=0).to_json()
    assert report["records"]["rejected"] > len(SHAPES)
    assert HUNTED not in json.dumps(report) + caplog.text


def test_scim(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    fields = ("displayName", "title", "userType", "externalId", "userName", "nickName", "active", "emails")
    users = [
        {**user(f"u{number}-{field}"), field: shape}
        for number, shape in enumerate(SHAPES)
        for field in (*fields, "id", "schemas", "groups", "name")
    ]
    named = user("named", **dict.fromkeys(NAMES, HUNTED), password=HUNTED)
    inner = [
        user(
            f"i{number}",
            name={"formatted": shape},
            emails=[{"value": shape}],
            groups=[{"value": shape, "display": shape}],
            enterprise={"department": shape, "manager": {"value": shape, "displayName": shape}},
        )
        for number, shape in enumerate(SHAPES)
    ]
    groups = [group(shape, ("User", shape), externalId=shape) for shape in SHAPES]
    path = write(stored.folder / "users.json", page(*users, named, *inner, *groups))
    report = stored.run(path, source=load_source("scim"), read_at=0)
    nowhere(stored, report.to_json(), caplog)


def test_backstage(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    entities = [
        _entity(kind, f"e{number}-{field}", spec={field: shape})
        for number, shape in enumerate(SHAPES)
        for kind, fields in FIELDS.items()
        for field in fields
    ]
    for number, shape in enumerate(SHAPES):
        fields = ("title", "description", "namespace")
        entities += [_entity("Component", f"m{number}-{field}", metadata={field: shape}) for field in fields]
        entities.append(_entity("Component", shape))
        annotations = {"github.com/project-slug": shape, "backstage.io/source-location": f"url:{shape}"}
        entities.append(
            _entity("Component", f"a{number}", metadata={"annotations": annotations, "tags": [shape]})
        )
        entities.append(
            _entity("User", f"p{number}", spec={"profile": {"displayName": shape, "email": shape}})
        )
    entities.append(_entity("Component", "named", metadata={"annotations": dict.fromkeys(NAMES, HUNTED)}))
    entities.append(_entity("Component", "specified", spec=dict.fromkeys(NAMES, HUNTED)))
    path = write(stored.folder / "entities.yaml", entities)
    report = stored.run(path, source=load_source("backstage"), read_at=0)
    nowhere(stored, report.to_json(), caplog)


def _entity(
    kind: str, name: str, spec: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, **(metadata or {})},
        "spec": spec or {},
    }
