"""A line of nine megabytes, a text of one, an integer of forty digits, a uid beyond four kilobytes."""

import json
from pathlib import Path
from typing import Any


def make(folder: Path) -> None:
    def node(uid: str, **properties: Any) -> dict[str, Any]:
        return {"node": {"uid": uid, "kind": "Asset", "properties": properties}}

    lines: list[str] = [
        json.dumps({"scope": {"name": "estate"}}),
        json.dumps(node("svc:long-line", note="x" * 9_000_000)),
        json.dumps(node("svc:long-text", note="x" * 1_000_000)),
        '{"node": {"uid": "svc:integer", "kind": "Asset", "properties": {"n": ' + "9" * 5_000 + "}}}",
        '{"node": {"uid": "svc:float", "kind": "Asset", "properties": {"n": 1e999}}}',
        '{"node": {"uid": "svc:nan", "kind": "Asset", "properties": {"n": NaN}}}',
        json.dumps(node("svc:" + "u" * 4_093)),
        json.dumps(node("svc:just-fits", note="x" * 65_536, n=2**63 - 1)),
        json.dumps({"end": {"scope": "estate", "count": 7}}),
    ]
    (folder / "estate.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
