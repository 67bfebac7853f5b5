"""A value made at random, planted all over the sample input of every source, is nowhere afterwards.

It stands under keys that bear secrets, in every object; and in every text, in the words in
which people leave one. What the samples say besides must still go in where it can.
"""

import csv
import io
import json
import logging
import shutil
import string
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph.ledger.ledger import Ledger
from ingest.redaction import looks_made
from ingest.registry import load_source
from queries.estate import Estate
from queries.export import ExportQuestion, GraphQuestion, export_graph, export_records
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import Desk
from tests.ingest.secret_texts import IN_TEXT, NOUN_AND_COLON
from tests.ingest.test_planted_everywhere import NAMES
from tests.support.saying import day

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
TEXTS = tuple(text for text in IN_TEXT if "@@" in text and text != NOUN_AND_COLON)

made = st.text(string.ascii_letters + string.digits, min_size=20, max_size=40).filter(looks_made)


class Planter:
    """Puts a value where secrets are found, each time somewhere else."""

    def __init__(self, value: str, random: Random, share: float) -> None:
        self.value = value
        self.random = random
        self.share = share
        self.planted = 0

    def text(self, text: str) -> str:
        """The text, or one in which the value stands."""
        if self.random.random() >= self.share:
            return text
        self.planted += 1
        return self.random.choice(TEXTS).replace("@@", self.value)

    def json(self, value: Any) -> Any:
        if isinstance(value, dict):
            filled = {key: self.json(item) for key, item in value.items()}
            if self.random.random() < self.share:
                filled.update(self.named())
            return filled
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def named(self) -> dict[str, Any]:
        """The value under a name that bears secrets, in one of the ways in which it may stand there."""
        name = self.random.choice(NAMES)
        self.planted += 1
        return self.random.choice(
            [
                {name: self.value},
                {name: [self.value]},
                {"config": {name: self.value}},
                {"env": [{"name": name, "value": self.value}]},
                {"args": [f"--{name.lower()}", self.value]},
                {"text": json.dumps({name: self.value})},
                {self.random.choice(TEXTS).replace("@@", self.value): "x"},
            ]
        )


def plant_json(path: Path, planter: Planter) -> None:
    path.write_text(json.dumps(planter.json(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")


def plant_lines(path: Path, planter: Planter) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(f"{json.dumps(planter.json(line))}\n" for line in lines), encoding="utf-8")


def plant_table(path: Path, planter: Planter) -> None:
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    names = planter.random.sample(NAMES, 3)
    planter.planted += len(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*header, *names])
        table.writerows([[*map(planter.text, row), *(planter.value for _ in names)] for row in rows])


def plant_words(path: Path, planter: Planter) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(map(planter.text, lines)), encoding="utf-8")


PLANTS: dict[str, Callable[[Path, Planter], None]] = {
    ".jsonl": plant_lines,
    ".json": plant_json,
    ".csv": plant_table,
    ".yaml": plant_words,
    "": plant_words,
}

FILES = {
    "kubernetes": [SAMPLES / "kubernetes" / "cluster.json"],
    "openlineage": [SAMPLES / "openlineage" / "events.jsonl"],
    "records": [SAMPLES / "records" / "register.jsonl"],
    "people": [SAMPLES / "people" / name for name in ("people.csv", "owners.csv", "CODEOWNERS")],
    "catalog": [ROOT / "ingest" / "catalogs" / "house.yaml"],
}


@pytest.mark.parametrize("source", FILES)
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(value=made, seed=st.integers(0, 2**32), share=st.sampled_from([0.03, 0.2]))
def test_a_value_planted_in_a_sample_is_nowhere(
    source: str, caplog: pytest.LogCaptureFixture, value: str, seed: int, share: float
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    planter = Planter(value, Random(seed), share)
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = [Path(shutil.copy(path, folder)) for path in FILES[source]]
        for path in paths:
            PLANTS[path.suffix](path, planter)
        assume(planter.planted)
        desk = Desk(folder, target=str(folder / "store.db"))
        report = desk.run(
            *paths,
            source=load_source(source),
            read_at=day(1),
            instance="here",
            scope="https://git.example/fairbank/all" if source == "people" else None,
        )
        told = [json.dumps(report.to_json()), caplog.text, *answers(desk.ledger)]
        desk.store.close()
        told.append(stored_bytes(folder / "store.db").decode("utf-8", "replace"))
    for text in told:
        assert value not in text, text[max(0, text.index(value) - 200) : text.index(value)]


def answers(ledger: Ledger) -> list[str]:
    """Everything that can be asked for of what was read."""
    estate = Estate(ledger)
    graph = export_graph(estate, GraphQuestion())
    return [
        *export_records(estate, ExportQuestion()).lines(),
        str(graph.nodes),
        str(graph.edges),
        str([ledger.history(node.uid) for node in graph.nodes]),
        str(ledger.store.runs(before=None, limit=10)),
    ]
