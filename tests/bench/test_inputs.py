"""The made-up input of each source is what the source reads, and the same each time."""

from hashlib import sha256
from pathlib import Path

import pytest

from bench.inputs import INPUTS
from bench.stages import options_of
from graph.ledger.ledger import Ledger
from graph.store import open_store
from ingest.job import run_job
from ingest.registry import load_source
from ingest.report import RunReport


def read(source: str, count: int, folder: Path) -> RunReport:
    INPUTS[source].write(folder, count)
    ledger = Ledger(open_store(":memory:"))
    return run_job(ledger, load_source(source), [folder], options_of(INPUTS[source].options))


def digest(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("source", INPUTS)
def test_all_of_it_goes_in(source, tmp_path):
    report = read(source, 30, tmp_path).to_json()
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])


@pytest.mark.parametrize("source", INPUTS)
def test_four_times_the_records_make_about_four_times_the_claims(source, tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "large").mkdir()
    small, large = read(source, 60, tmp_path / "small"), read(source, 240, tmp_path / "large")
    assert 2.5 <= large.accepted / small.accepted <= 4.5


@pytest.mark.parametrize("source", INPUTS)
def test_it_is_the_same_each_time(source, tmp_path):
    for name in ("once", "twice"):
        (tmp_path / name).mkdir()
        INPUTS[source].write(tmp_path / name, 12)
    assert digest(tmp_path / "once") == digest(tmp_path / "twice") != {}
