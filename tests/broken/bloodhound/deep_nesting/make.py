from pathlib import Path


def make(folder: Path) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    text = (
        '{"graph": {"nodes": [{"id": "T_1", "kinds": ["GH_Team"]}, {"id": "T_2", "kinds": %s}], "edges": []}}'
    )
    (folder / "payload.json").write_text(text % deep, encoding="utf-8")
