"""A desk with a new ledger for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.sources.entra.directory import Directory


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    made = Directory(tmp_path)
    yield made
    made.desk.store.close()
