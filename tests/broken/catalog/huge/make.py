"""Writes a catalog that is larger than any catalog may be."""

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "rules.yaml").write_text("catalog:\n" + "# nothing but remarks\n" * 1_600_000, encoding="utf-8")
