"""Events that nest too deeply, that are far too large, and a gzip file that ends early."""

import gzip
import json
import random
from pathlib import Path

COMMON = {
    "producer": "https://example.org/p",
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
}


def event(name: str, facets: object = None) -> str:
    run = {"runId": name, "facets": facets} if facets is not None else {"runId": name}
    body = {
        "eventTime": "2025-12-01T00:00:00Z",
        "run": run,
        "job": {"namespace": "jobs", "name": "j"},
        "inputs": [{"namespace": "db", "name": name}],
        **COMMON,
    }
    return json.dumps(body)


def make(folder: Path) -> None:
    nested = event("deep", {"x": 1}).replace('{"x": 1}', '{"x":' * 5_000 + "1" + "}" * 5_000)
    (folder / "deep.jsonl").write_text(f"{nested}\n{event('a')}\n", encoding="utf-8")
    huge = event("huge", {"x": {"y": "z" * (64 * 1024 * 1024)}})
    (folder / "huge.jsonl").write_text(f"{huge}\n{event('b')}\n", encoding="utf-8")
    noise = random.Random(1).randbytes(200_000).hex()
    packed = gzip.compress(f"{event('c')}\n\n{event('d', {'x': {'y': noise}})}\n".encode())
    (folder / "truncated.json.gz").write_bytes(packed[: len(packed) // 2])
