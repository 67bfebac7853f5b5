"""A list that nests too deeply, one with a very large object, and a gzip file that ends early."""

import gzip
import json
from pathlib import Path

SYSTEM = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "kube-system", "uid": "11111111-2222-4333-8444-555555555555"},
}


def secret(name: str, **data: str) -> dict[str, object]:
    metadata = {"name": name, "namespace": "prod"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}


def listing(*items: object) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def make(folder: Path) -> None:
    (folder / "a.json").write_text(listing(SYSTEM, secret("a", big="QUJD" * 1_000_000)), encoding="utf-8")
    nested = "{" + '"x":{' * 5_000 + "}" * 5_001
    (folder / "deep.json").write_text(listing("HERE").replace('"HERE"', nested), encoding="utf-8")
    packed = gzip.compress(listing(secret("b")).encode())
    (folder / "truncated.json.gz").write_bytes(packed[: len(packed) // 2])
