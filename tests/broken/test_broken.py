"""Broken input of every source, with the report that is expected beside it.

A case is a folder ``tests/broken/<source>/<case>/`` that holds

- the input files, or ``make.py`` with ``def make(folder: Path) -> None`` that writes what is too
  large, too deep or too odd to keep; what it writes is read besides the files that are there;
- ``expected.json``:

    {
      "options": {"read_at": "2026-01-01T00:00:00Z", "complete": true, "scope": "…", "instance": "…"},
      "paths": ["a.json"],
      "report": {"state": "partial", "rejected": [{"file", "position", "field", "reason", "expected"}]},
      "uids": ["what must be in the graph all the same"],
      "absent_uids": ["what must not be"]
    }

``paths`` are relative to the case and by default all its files but these two, in order. Of
``report`` every key that is given must equal the report's; ``rejected`` must be given. The other
keys may be left out; ``read_at`` is then the first of January 2026. ``null`` for it lets the file's
own time count.

Folder names are Python names (``deep_nesting``), and a folder with a ``make.py`` has an
``__init__.py``, as has the source's folder then.

Every case is run twice: the second run must make no commit. Secret values planted in broken input
contain the words ``planted-value``: neither the report nor the log nor any byte of the store may
hold them.
"""

import importlib.util
import json
import logging
import shutil
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.model import Instant, Uid
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.registry import load_source
from ingest.report import RunReport
from ingest.times import parse_time

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.json"))
NOT_INPUT = {"expected.json", "make.py", "__init__.py"}
PLANTED = "planted-value"
JANUARY = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("case", CASES, ids=[f"{case.parent.name}/{case.name}" for case in CASES])
def test_broken_input_is_reported_and_the_rest_goes_in(
    case: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    folder = _laid_out(case, tmp_path / "input")
    store_file = tmp_path / "store.db"
    store = open_store(str(store_file))
    ledger = Ledger(store)

    report = _run(ledger, case, folder, expected)
    again = _run(ledger, case, folder, expected)

    said = report.to_json()
    wanted = expected["report"]
    assert "rejected" in wanted
    assert {key: said[key] for key in wanted} == wanted
    assert again.commits == 0
    known = ledger.head().sequence
    described = {Uid(uid) for uid in ledger.store.uids(known, after=None, limit=10_000)}
    assert set(expected.get("uids", ())) <= described
    assert not set(expected.get("absent_uids", ())) & described
    assert ledger.verify().intact
    store.close()

    assert PLANTED not in json.dumps(said) + caplog.text
    assert PLANTED.encode() not in stored_bytes(store_file)


def test_every_source_has_broken_input() -> None:
    """A case in each folder, so that a wrong name does not make a folder's cases vanish unseen."""
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == {case.parent.name for case in CASES}


def _run(ledger: Ledger, case: Path, folder: Path, expected: dict[str, Any]) -> RunReport:
    options = expected.get("options", {})
    read_at = options.get("read_at", JANUARY)
    return run_job(
        ledger,
        load_source(case.parent.name),
        [folder / name for name in expected.get("paths", sorted(p.name for p in folder.iterdir()))],
        JobOptions(
            actor="tests",
            fingerprints=Fingerprinter(b"k" * 32),
            instance=options.get("instance"),
            scope=options.get("scope"),
            read_at=None if read_at is None else Instant(parse_time(read_at).moment),
            complete=options.get("complete", False),
        ),
    )


def stored_bytes(path: Path) -> bytes:
    """Every byte of a store's files, and everything in it that is packed, unpacked."""
    found = [file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*"))]
    connection = sqlite3.connect(path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in connection.execute(f"SELECT * FROM {table}"):
            found.extend(_unpacked(value) for value in row if isinstance(value, bytes))
    connection.close()
    return b"\n".join(found)


def _unpacked(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def _laid_out(case: Path, folder: Path) -> Path:
    """Return a folder with the case's input, the generated part included."""
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns(*NOT_INPUT, "__pycache__"))
    maker = case / "make.py"
    if maker.exists():
        spec = importlib.util.spec_from_file_location(f"make_{case.parent.name}_{case.name}", maker)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.make(folder)
    return folder
