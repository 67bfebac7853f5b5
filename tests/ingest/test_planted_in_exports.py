"""A value made at random, planted all over the sample exports of several files, is nowhere afterwards.

As in ``test_planted_in_samples``, with the files where they lie, as their folders say what they are.
"""

import json
import logging
import shutil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingest.registry import load_source
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import Desk
from tests.ingest.test_planted_in_samples import SAMPLES, Planter, answers, made, plant_json
from tests.support.saying import day


@pytest.mark.parametrize("source", ["github", "leaks"])
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(value=made, seed=st.integers(0, 2**32), share=st.sampled_from([0.03, 0.2]))
def test_a_value_planted_in_an_export_is_nowhere(
    source: str, caplog: pytest.LogCaptureFixture, value: str, seed: int, share: float
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    planter = Planter(value, Random(seed), share)
    with TemporaryDirectory() as name:
        folder = Path(shutil.copytree(SAMPLES / source, Path(name, "export")))
        for path in sorted(folder.rglob("*.json")):
            if not path.name.endswith(".read.json"):
                plant_json(path, planter)
        assume(planter.planted)
        desk = Desk(Path(name), target=str(Path(name, "store.db")))
        report = desk.run(folder, source=load_source(source), read_at=day(1), instance="here")
        told = [json.dumps(report.to_json()), caplog.text, *answers(desk.ledger)]
        desk.store.close()
        told.append(stored_bytes(Path(name, "store.db")).decode("utf-8", "replace"))
    for text in told:
        assert value not in text, text[max(0, text.index(value) - 200) : text.index(value)]


@pytest.mark.parametrize("secret", ["Secret", "Match"])
def test_every_text_of_a_report_may_be_the_value(secret: str, tmp_path: Path) -> None:
    """What a scanner matched is a value whatever it looks like: no sign gives it away."""
    value = "correct-horse-battery-staple-again"
    entry = {
        "RuleID": "r",
        "StartLine": 1,
        "File": "f",
        "Link": "https://github.com/o/r/blob/c/f",
        secret: value,
    }
    path = tmp_path / "report.json"
    path.write_text(
        json.dumps([{**entry, "Message": value, "Author": value, "Tags": [value]}]), encoding="utf-8"
    )
    desk = Desk(tmp_path, target=str(tmp_path / "store.db"))
    report = desk.run(path, source=load_source("leaks"), read_at=day(1))
    told = [json.dumps(report.to_json()), *answers(desk.ledger)]
    desk.store.close()
    assert not any(value in text for text in told)
    assert value.encode() not in stored_bytes(tmp_path / "store.db")
