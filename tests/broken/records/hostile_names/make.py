"""Names that a terminal, a shell, a browser, SQL or Cypher might obey; two that no store can hold."""

import json
from pathlib import Path
from typing import Any

GOOD = (
    "svc:'; DROP TABLE claims; --",
    "svc:`) DETACH DELETE n //",
    "svc:<script>alert(1)</script>",
    "svc:$(reboot) %s {0} ../../etc/passwd",
    "svc:\x1b[31mred\x07",
    "svc:\u202egpj.exe",
    "svc:e\u0301",
    "svc:\u00e9",
    "svc:😀 \\ / : % # ?",
)
BAD = ("svc:nul\x00", "svc:half\ud800")


def make(folder: Path) -> None:
    lines: list[Any] = [{"scope": {"name": "estate\x1b[2J"}}]
    lines += [{"node": {"uid": uid, "kind": "Asset", "name": uid}} for uid in (*GOOD, *BAD)]
    lines += [{"edge": {"relation": "\x1b[31mREADS", "subject": "a", "object": "b"}}]
    lines += [{"node": {"uid": "x", "kind": "Asset", "\x1b]0;owned\x07": 1}}]
    (folder / "estate.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
