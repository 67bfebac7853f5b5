"""An empty world."""

import pytest

from tests.ingest.derivers.world import World


@pytest.fixture
def world() -> World:
    return World()
