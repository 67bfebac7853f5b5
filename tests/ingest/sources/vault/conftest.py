"""A desk with a new ledger for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.sources.vault.server import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = Vault(tmp_path)
    yield made
    made.desk.store.close()
