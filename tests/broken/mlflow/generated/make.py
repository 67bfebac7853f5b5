"""A list that nests too deeply, one with a very long description, and a gzip file that ends early."""

import gzip
import json
from pathlib import Path


def make(folder: Path) -> None:
    long = {"registered_models": [{"name": "loans", "description": "long " * 400_000}]}
    (folder / "registered-models.json").write_text(json.dumps(long), encoding="utf-8")
    deep = '{"runs": [' + '{"x":' * 300 + "1" + "}" * 300 + "]}"
    (folder / "runs.json").write_text(deep, encoding="utf-8")
    packed = gzip.compress(json.dumps({"model_versions": [{"name": "loans", "version": "1"}]}).encode())
    (folder / "model-versions.json.gz").write_bytes(packed[: len(packed) // 2])
