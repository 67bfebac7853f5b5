"""A batch that the server has no room for is said to be too large, at once, and leaves nothing behind."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from graph.errors import BatchTooLarge
from graph.ledger.ledger import Ledger
from graph.store.neo4j import open_neo4j
from graph.store.neo4j.store import Neo4jStore
from tests.support.neo4j_jars import JarsUnavailable
from tests.support.neo4j_process import RELEASES, JavaUnavailable, start_server
from tests.support.neo4j_server import Neo4jServers, go_without, server_or_skip
from tests.support.saying import Clock, attempt, node, record


@pytest.fixture(scope="module", params=tuple(RELEASES))
def narrow_store(request: pytest.FixtureRequest, neo4j_servers: Neo4jServers) -> Iterator[Neo4jStore]:
    """A store on a server that gives each transaction little memory."""
    server_or_skip(neo4j_servers, request.param)
    release = RELEASES[request.param]
    settings = (*release.settings, "db.memory.transaction.max=12m")
    try:
        process = start_server(replace(release, settings=settings))
    except (JavaUnavailable, JarsUnavailable) as reason:
        go_without(request.param, f"one with little memory must be started here: {reason}")
    store = open_neo4j(process.uri, user="neo4j", password=process.password)
    yield store
    store.close()
    process.stop()


def test_a_batch_that_needs_too_much_memory_is_refused_and_half_of_it_is_not(narrow_store: Neo4jStore):
    ledger = Ledger(narrow_store, Clock())
    nodes = [node(f"n{number}", name="x" * 3_000) for number in range(8_000)]
    with pytest.raises(BatchTooLarge):
        attempt(ledger, *nodes)
    assert ledger.head().sequence == 0
    record(ledger, *nodes[:50])
    assert ledger.head().sequence == 1
