"""A cell far longer than any name."""

from pathlib import Path


def make(folder: Path) -> None:
    header = "kind,id,name,email,status,suspended_at,departed_at,teams\n"
    rows = f"team,a,A,,,,,\nteam,b,{'x' * 100_000},,,,,\nteam,c,C,,,,,\n"
    (folder / "people.csv").write_text(header + rows, encoding="utf-8")
