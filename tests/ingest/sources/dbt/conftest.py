"""A new ledger for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.jobs import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()
