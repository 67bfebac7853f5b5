"""Real Neo4j servers for the tests: one of each supported line, found or started once a session.

Looked for in this order: the server that HOLDFAST_TEST_NEO4J_URI names (its password in
HOLDFAST_TEST_NEO4J_PASSWORD or the file HOLDFAST_TEST_NEO4J_PASSWORD_FILE); one started from Maven's
jars, where Java and Maven are; one in a container. Else the tests that want it are skipped, out loud,
or fail if HOLDFAST_REQUIRE_NEO4J=1.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import neo4j
import pytest

from tests.support.neo4j_container import ContainerUnavailable, start_container
from tests.support.neo4j_jars import JarsUnavailable
from tests.support.neo4j_process import RELEASES, JavaUnavailable, start_server

LINES = tuple(RELEASES)
DATABASE = "neo4j"
SKIPPED = "no Neo4j server of line"


class ServerUnavailable(Exception):
    """No server of this line could be had; says why for each way that was tried."""


@dataclass(slots=True)
class Neo4jServer:
    """A server that the tests may empty at will."""

    line: str
    uri: str
    user: str
    password: str = field(repr=False)
    stop: Callable[[], None] = field(default=lambda: None, repr=False)
    database: str = DATABASE

    @contextmanager
    def driver(self) -> Iterator[neo4j.Driver]:
        """A driver that warns about every notification, so that a deprecation fails the test."""
        with neo4j.GraphDatabase.driver(
            self.uri,
            auth=(self.user, self.password),
            warn_notification_severity=neo4j.NotificationMinimumSeverity.WARNING,
        ) as driver:
            yield driver

    def wipe(self, *, keep_schema: bool = False) -> None:
        """Delete all nodes in batches, then constraints and indexes, unless the schema may stay."""
        with self.driver() as driver, driver.session(database=self.database) as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
            if keep_schema:
                return
            for name in session.run("SHOW CONSTRAINTS YIELD name").value():
                session.run("DROP CONSTRAINT $name", name=name).consume()
            for name in session.run(
                "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"
            ).value():
                session.run("DROP INDEX $name", name=name).consume()

    def version(self) -> str:
        """As the server states it: `5.26.31`, `2026.09.0`."""
        with self.driver() as driver:
            return driver.get_server_info().agent.removeprefix("Neo4j/")


@dataclass(slots=True)
class Neo4jServers:
    """The session's servers by line: started when first asked for, stopped together."""

    running: dict[str, Neo4jServer] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)

    def get(self, line: str) -> Neo4jServer:
        """The server of this line.

        Whatever keeps it from being there is raised again, without a second attempt, whenever it is
        asked for: a server that does not start costs one wait and not one for each test.

        Raises:
            ServerUnavailable: there is none, and none can be started here.
        """
        if line in self.failed:
            raise self.failed[line]
        if line not in self.running:
            try:
                self.running[line] = named_server(line) or started_server(line)
            except Exception as reason:
                self.failed[line] = reason
                raise
        return self.running[line]

    def stop(self) -> None:
        for server in self.running.values():
            server.stop()


def server_or_skip(servers: Neo4jServers, line: str) -> Neo4jServer:
    """The server of this line; without one the test is skipped, or fails where skipping is not allowed."""
    try:
        return servers.get(line)
    except ServerUnavailable as reason:
        go_without(line, str(reason))


def go_without(line: str, reason: str) -> NoReturn:
    """Skip a test for want of a server, said by the last lines of a run; fail where one is required."""
    message = f"{SKIPPED} {line}: {reason}"
    if os.environ.get("HOLDFAST_REQUIRE_NEO4J") == "1":
        pytest.fail(f"{message} (HOLDFAST_REQUIRE_NEO4J=1)", pytrace=False)
    pytest.skip(message)


def named_server(line: str) -> Neo4jServer | None:
    """The server that the environment names, if it is of this line; it must be empty or free to wipe."""
    stated = os.environ.get("HOLDFAST_TEST_NEO4J_URI")
    if not stated:
        return None
    parts = urlsplit(stated)
    uri = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
    server = Neo4jServer(line, uri, parts.username or "neo4j", stated_password())
    if line != ("5.26" if server.version().startswith("5.") else "2026"):
        return None
    refuse_to_wipe_data(server)
    server.stop = server.wipe  # it is not ours to end, and the next run wants it empty
    return server


def stated_password() -> str:
    file = os.environ.get("HOLDFAST_TEST_NEO4J_PASSWORD_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get("HOLDFAST_TEST_NEO4J_PASSWORD", "")


def refuse_to_wipe_data(server: Neo4jServer) -> None:
    """A server named by mistake must not lose what it holds."""
    if os.environ.get("HOLDFAST_TEST_NEO4J_WIPE") == "1":
        return
    with server.driver() as driver, driver.session(database=server.database) as session:
        nodes = session.run("MATCH (n) RETURN count(n)").single(strict=True)[0]
    if nodes:
        raise RuntimeError(
            f"HOLDFAST_TEST_NEO4J_URI names a server that holds {nodes} nodes, and the tests would delete "
            "them. Name an empty one, or set HOLDFAST_TEST_NEO4J_WIPE=1 if nobody needs them."
        )


def started_server(line: str) -> Neo4jServer:
    release = RELEASES[line]
    try:
        process = start_server(release)
        return Neo4jServer(line, process.uri, "neo4j", process.password, process.stop)
    except (JavaUnavailable, JarsUnavailable) as no_process:
        try:
            uri, password, stop = start_container(release)
        except ContainerUnavailable as no_container:
            raise ServerUnavailable(f"{no_process}; {no_container}") from None
        return Neo4jServer(line, uri, "neo4j", password, stop)
