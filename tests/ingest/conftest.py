"""A desk to run jobs at."""

from pathlib import Path

import pytest

from tests.ingest.jobs import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
