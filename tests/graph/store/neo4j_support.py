"""A ledger on a real server, and a Cypher prompt beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from graph.ledger.ledger import Ledger
from graph.store.neo4j import Neo4jStore, open_neo4j
from tests.support.neo4j_server import Neo4jServer
from tests.support.saying import Clock


@dataclass
class Estate:
    """A new ledger, and what a person would see of it."""

    server: Neo4jServer
    store: Neo4jStore
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.store, Clock())

    def ask(self, cypher: str, **parameters: Any) -> list[list[Any]]:
        """What a statement gives at a Cypher prompt."""
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            return session.run(cypher, parameters).values()  # type: ignore[arg-type]  # any text may be asked


def opened(server: Neo4jServer) -> Neo4jStore:
    return open_neo4j(server.uri, user=server.user, password=server.password, database=server.database)


@contextmanager
def new_estate(server: Neo4jServer) -> Iterator[Estate]:
    server.wipe(keep_schema=True)
    store = opened(server)
    try:
        yield Estate(server, store)
    finally:
        store.close()
