"""A ledger of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.ledger.ledger import Ledger
from tests.ingest.sources.mlflow.server import new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = new_ledger(tmp_path)
    yield found
    found.store.close()
