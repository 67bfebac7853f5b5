"""Reports of scanners in a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources.leaks import SOURCE
from tests.ingest.sources.exports import Export


@pytest.fixture
def export(tmp_path: Path) -> Iterator[Export]:
    made = Export(SOURCE, tmp_path / "export")
    yield made
    made.ledger.store.close()
