"""Places where a store can be kept, and what a test may do to one behind the store's back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import neo4j

from graph.ledger.port import Store
from graph.store import open_store
from tests.support.neo4j_server import Neo4jServer


class Place(Protocol):
    """One empty place; opening it twice gives two handles to one store."""

    @property
    def target(self) -> str: ...

    @property
    def password(self) -> str | None: ...

    def open(self) -> Store: ...

    def counts(self) -> dict[str, int]:
        """How many of everything is kept, whatever it is: shows what a half-done write would leave."""
        ...

    def write_schema_version(self, version: int) -> None: ...

    def put_foreign_data(self) -> None:
        """Make it a place where another program keeps something."""
        ...

    def by_hand(self, statement: str) -> int:
        """Run a statement in the engine's own language behind the store's back; how much it changed."""
        ...

    def everything(self) -> object:
        """All that is kept, to be given to ``put_back`` of this place or of another empty one."""
        ...

    def put_back(self, everything: object) -> None:
        """Keep exactly what another time, or another place, kept; no handle is open."""
        ...


@dataclass(frozen=True, slots=True)
class SqlitePlace:
    """A file in a folder of its own."""

    path: Path
    password: str | None = None

    @property
    def target(self) -> str:
        return str(self.path)

    def open(self) -> Store:
        return open_store(self.target)

    def counts(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for (table,) in tables
            }

    def write_schema_version(self, version: int) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def put_foreign_data(self) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("CREATE TABLE someone_elses (thing TEXT)")
            connection.execute("INSERT INTO someone_elses VALUES ('precious')")
            connection.commit()

    def by_hand(self, statement: str) -> int:
        with closing(sqlite3.connect(self.path)) as connection:
            changed = connection.execute(statement).rowcount
            connection.commit()
            return changed

    def everything(self) -> object:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.path.read_bytes()

    def put_back(self, everything: object) -> None:
        self.path.write_bytes(cast("bytes", everything))


@dataclass(frozen=True, slots=True)
class Neo4jPlace:
    """The database of a server, emptied before the test."""

    server: Neo4jServer

    @property
    def target(self) -> str:
        scheme, _, address = self.server.uri.partition("://")
        return f"{scheme}://{self.server.user}@{address}"

    @property
    def password(self) -> str | None:
        return self.server.password

    def open(self) -> Store:
        return open_store(self.target, password=self.password, database=self.server.database)

    def counts(self) -> dict[str, int]:
        nodes = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS found"
        relationships = "MATCH ()-[r]->() RETURN type(r) AS label, count(*) AS found"
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            return {
                row["label"]: row["found"] for query in (nodes, relationships) for row in session.run(query)
            }

    def write_schema_version(self, version: int) -> None:
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            session.run("MATCH (h:Holdfast) SET h.schema = $version", version=version).consume()

    def put_foreign_data(self) -> None:
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            session.run("CREATE (:Movie {title: 'precious'})").consume()

    def by_hand(self, statement: str) -> int:
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            counters = session.run(neo4j.Query(cast("Any", statement))).consume().counters
        return (
            counters.properties_set
            + counters.nodes_created
            + counters.nodes_deleted
            + counters.relationships_created
            + counters.relationships_deleted
        )

    def everything(self) -> object:
        nodes = "MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS said"
        edges = """
            MATCH (s)-[r]->(o)
            RETURN elementId(s) AS s, elementId(o) AS o, type(r) AS type, properties(r) AS said
        """
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            return session.run(nodes).data(), session.run(edges).data()

    def put_back(self, everything: object) -> None:
        nodes, edges = cast("tuple[list[Any], list[Any]]", everything)
        self.server.wipe(keep_schema=True)
        make_nodes = """
            UNWIND $rows AS row
            CREATE (n:$(row.labels)) SET n = row.said, n._put_back = row.id
        """
        make_edges = """
            UNWIND $rows AS row
            MATCH (s {_put_back: row.s}), (o {_put_back: row.o})
            CREATE (s)-[r:$(row.type)]->(o) SET r = row.said
        """
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            session.run(make_nodes, rows=nodes).consume()
            session.run(make_edges, rows=edges).consume()
            session.run("MATCH (n) REMOVE n._put_back").consume()
