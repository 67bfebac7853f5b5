"""Lists in lists and objects in objects, a hundred thousand deep and just too deep."""

from pathlib import Path


def make(folder: Path) -> None:
    def line(inner: str) -> str:
        return '{"node": {"uid": "svc:deep", "kind": "Asset", "properties": {"facts": ' + inner + "}}}"

    lines = [
        '{"scope": {"name": "estate"}}',
        line("[" * 100_000 + "]" * 100_000),
        line('{"a":' * 98 + "1" + "}" * 98),
        line("[" * 50_000),
        '{"node": {"uid": "svc:sound", "kind": "Asset"}}',
    ]
    (folder / "estate.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
