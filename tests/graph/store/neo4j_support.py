"""A ledger on a real server, and a Cypher prompt beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import neo4j

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
        with prompt(self.server) as session:
            return session.run(neo4j.Query(cast("Any", cypher)), parameters).values()


@contextmanager
def prompt(server: Neo4jServer) -> Iterator[neo4j.Session]:
    """A session in which every notification fails, but those that a name is not in use yet."""
    with (
        neo4j.GraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            warn_notification_severity=neo4j.NotificationMinimumSeverity.WARNING,
            notifications_disabled_classifications=[neo4j.NotificationDisabledClassification.UNRECOGNIZED],
        ) as driver,
        driver.session(database=server.database) as session,
    ):
        yield session


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
