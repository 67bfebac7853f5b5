"""Writes a catalog that nests far deeper than any catalog does."""

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "rules.json").write_text('{"catalog": ' + "[" * 5_000 + "]" * 5_000 + "}", encoding="utf-8")
