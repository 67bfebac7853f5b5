"""Writes catalogs in encodings that are not UTF-8."""

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "latin.yaml").write_bytes("catalog:\n  title: Größe\n".encode("latin-1"))
    (folder / "wide.yaml").write_bytes("catalog: {}\n".encode("utf-16"))
