"""An export of GitHub in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources.github import SOURCE
from tests.ingest.sources.exports import Export


@pytest.fixture
def export(tmp_path: Path) -> Iterator[Export]:
    made = Export(SOURCE, tmp_path / "export")
    yield made
    made.ledger.store.close()
