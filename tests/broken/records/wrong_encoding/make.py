"""One line in Latin-1 among UTF-8, a whole file in UTF-16, and a byte order mark that does no harm."""

from pathlib import Path

SCOPE = '{"scope": {"name": "estate"}}\n'


def make(folder: Path) -> None:
    latin = '{"node": {"uid": "svc:größe", "kind": "Asset"}}\n'.encode("latin-1")
    sound = b'{"node": {"uid": "svc:sound", "kind": "Asset"}}\n'
    (folder / "latin.jsonl").write_bytes(SCOPE.encode() + latin + sound)
    (folder / "marked.jsonl").write_bytes(b"\xef\xbb\xbf" + SCOPE.encode() + sound)
    (folder / "wide.jsonl").write_text(SCOPE, encoding="utf-16")
