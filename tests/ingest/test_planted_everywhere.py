"""Names and shapes that people really use, written down without a look at the tables that know them.

One value is planted under every name and in every shape, in every field that holds text,
of four sources; afterwards it is nowhere: not in the store (packed parts unpacked), the
run log, the report, or what was logged.
"""

import base64
import csv
import json
import logging
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ingest.registry import load_source
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import Desk, edge, node, section
from tests.ingest.secret_texts import IN_TEXT, NOUN_AND_COLON, VALUE

HUNTED = VALUE

NAMES = (
    *("DB_PASS", "MYSQL_ROOT_PASSWORD", "PGPASS", "PGPASSWORD", "SECRET_KEY_BASE", "AWS_SECRET_ACCESS_KEY"),
    *("passwords", "api_keys", "creds", "password2", "secret_1", "sessionid", "smtpPass", "redis-password"),
    *("GITHUB_TOKEN", "X-Api-Key", "client_secrets", "accessToken", "db.pwd", "JWT_SECRET", "cookies"),
    *("OPENAI_API_KEY", "authToken3", "tls.privateKey", "dockerPassword", "DJANGO_SECRET_KEY"),
    *("db_pw", "userpass", "salt", "seed", "session_id", "cookie", "pgpassword", "AWS_SESSION_TOKEN"),
    *("AccountKey", "SharedAccessKey", "spark.hadoop.fs.s3a.secret.key", "fs.azure.account.key.x.example"),
)

SHAPES = tuple(text.replace("@@", HUNTED) for text in IN_TEXT if text != NOUN_AND_COLON)


@pytest.fixture
def stored(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Desk:
    caplog.set_level(logging.DEBUG)
    return Desk(tmp_path, target=str(tmp_path / "store.db"))


def test_records(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    named = {name: [HUNTED] if name.endswith("s") else HUNTED for name in NAMES}
    told = {f"note {i}": shape for i, shape in enumerate(SHAPES)}
    listed = {"args": ["--password", HUNTED], "login": ["curl", "-u", f"ada:{HUNTED}"], "said": list(SHAPES)}
    lines = [node("kept"), node("sec", "Secret", properties={**named, **told})]
    lines.append(
        node("svc", properties={**told, **listed, **named}, external_ids=dict.fromkeys(NAMES, HUNTED))
    )
    lines.append(edge("svc", "USES_SECRET", "sec", properties={**named, **told, **listed}))
    for i, shape in enumerate(SHAPES):
        lines += [
            node(f"n{i}", type=shape, name=shape, external_ids={"note": shape}),
            node(f"d{i}", properties={"facts": {"environment": {"DB_PASS": HUNTED}, "sql": shape}}),
            edge("svc", "INVOKES", f"n{i}", condition=shape, environment=shape),
            edge("svc", "INVOKES", f"n{i}", marks=[shape]),
            edge("svc", shape, f"n{i}"),
            edge("svc", "INVOKES", shape),
            node(shape),
            node(f"k{i}", shape),
        ]
    lines += [
        node("w1", HUNTED + " left"),
        node("w2", "Identity", type="person", properties={"status": HUNTED}),
        edge("svc", f"{HUNTED} left", "kept"),
        edge("svc", "INVOKES", "kept", origin=HUNTED),
        edge("svc", "INVOKES", "kept", marks=[HUNTED]),
    ]
    report = stored.run(stored.file(*section(*lines)))
    assert report.nodes.created >= 3 + 2 * len(SHAPES)
    assert report.edges.created > len(SHAPES)
    _nowhere(stored, report.to_json(), caplog)


def test_openlineage(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    facet: dict[str, Any] = {
        "_producer": "https://example.org/p",
        "_schemaURL": "https://example.org/s.json",
        **{name: [HUNTED] if name.endswith("s") else HUNTED for name in NAMES},
        "args": ["--password", HUNTED],
        "login": ["-u", f"ada:{HUNTED}"],
        "texts": list(SHAPES),
        "nested": {"pairs": [{"name": name, "value": HUNTED} for name in NAMES]},
    }
    event = {
        "eventType": "COMPLETE",
        "eventTime": "2026-01-01T00:00:00Z",
        "producer": "https://example.org/p",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "c2281e6b-87c4-56b3-8905-1f8408d59adc", "facets": {"custom": facet}},
        "job": {"namespace": "n", "name": "j", "facets": {"custom": facet}},
        "inputs": [{"namespace": "n", "name": "a", "facets": {"custom": facet}}],
        "outputs": [
            {"namespace": "n", "name": "b", "facets": {"custom": facet}, "outputFacets": {"c": facet}}
        ],
    }
    _run(stored, "openlineage", "events.jsonl", json.dumps(event) + "\n", caplog)


def test_kubernetes(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    packed = base64.b64encode(HUNTED.encode()).decode()
    notes = {f"example.org/note-{i}": shape for i, shape in enumerate(SHAPES)}
    env = [{"name": name, "value": HUNTED} for name in NAMES]
    container = {"name": "c", "image": "registry.example/x:1", "env": env, "args": ["--password", HUNTED]}
    container["command"] = list(SHAPES)
    pod = {"spec": {"containers": [container]}, "metadata": {"annotations": notes}}
    items: list[dict[str, Any]] = [
        {"kind": "Secret", "type": "Opaque", "data": {"x": packed}, "stringData": {"y": HUNTED}},
        {"kind": "ConfigMap", "data": dict.fromkeys(NAMES, HUNTED)},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": pod}},
    ]
    for i, item in enumerate(items):
        item.setdefault("apiVersion", "v1")
        item["metadata"] = {"name": f"i{i}", "namespace": "prod", "annotations": notes}
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    _run(stored, "kubernetes", "cluster.json", text, caplog, instance="here", unpacked=(packed,))


def test_people(stored: Desk, caplog: pytest.LogCaptureFixture) -> None:
    path = stored.folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ("kind", "id", "name", "email", "status", "suspended_at", "departed_at", "teams", *NAMES)
        )
        rows.writerow(("team", "a", "A", "", "", "", "", "", *(HUNTED for _ in NAMES)))
        rows.writerow(("person", "b", "B", "", HUNTED, HUNTED, HUNTED, ""))
        for shape in SHAPES:
            for column in range(1, 8):
                cells = ["person", "c", "C", "", "", "", "", ""]
                cells[column] = shape
                rows.writerow(cells)
    report = stored.run(path, source=load_source("people"), read_at=0)
    _nowhere(stored, report.to_json(), caplog)


def _run(
    desk: Desk,
    source: str,
    name: str,
    text: str,
    caplog: pytest.LogCaptureFixture,
    *,
    unpacked: tuple[str, ...] = (),
    **options: Any,
) -> None:
    path = desk.folder / name
    path.write_text(text, encoding="utf-8")
    report = desk.run(path, source=load_source(source), read_at=0, **options)
    assert report.commits > 0
    _nowhere(desk, report.to_json(), caplog, unpacked)


def _nowhere(
    desk: Desk, report: dict[str, Any], caplog: pytest.LogCaptureFixture, unpacked: tuple[str, ...] = ()
) -> None:
    runs = str(desk.store.runs(before=None, limit=10))
    desk.store.close()
    for value in (HUNTED, *unpacked):
        for text in (json.dumps(report), caplog.text, runs):
            assert value not in text, _around(text, value)
        text = stored_bytes(Path(desk.target)).decode("utf-8", "replace")
        assert value not in text, _around(text, value)


def _around(text: str, value: str) -> list[str]:
    """Return what stands around each place, so that a failure says where the value got through."""
    pieces = text.split(value)
    return sorted({f"{before[-40:]}#{after[:20]}" for before, after in pairwise(pieces)})
