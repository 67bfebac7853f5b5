"""A compressed file whose end is missing, and one whose middle is damaged from the first block on."""

import gzip
from pathlib import Path


def make(folder: Path) -> None:
    lines = ['{"scope": {"name": "estate"}}']
    lines += [f'{{"node": {{"uid": "svc:{i}", "kind": "Asset"}}}}' for i in range(3)]
    packed = gzip.compress("\n".join(lines).encode() + b"\n", mtime=0)
    # Only the checksum and the length at the end are missing: every line can be read.
    (folder / "cut.jsonl.gz").write_bytes(packed[:-8])
    (folder / "damaged.jsonl.gz").write_bytes(packed[:10] + b"\xff" * 20)
    (folder / "empty.jsonl.gz").write_bytes(b"\x1f\x8b")
