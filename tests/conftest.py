"""Fixtures that every test may use: the real Neo4j servers, and a clear word where there are none."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.neo4j_server import LINES, SKIPPED, Neo4jServer, Neo4jServers, server_or_skip

# The same examples each time, so that a change and not the dice makes a test fail; whoever wants to
# look further sets HOLDFAST_EXPLORE=1 (with --hypothesis-seed, to repeat what was found). How long an
# example takes depends on what else the machine does, and says nothing.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("exploring", print_blob=True, deadline=None)
settings.load_profile("exploring" if os.environ.get("HOLDFAST_EXPLORE") == "1" else "repeatable")


@pytest.fixture(scope="session")
def neo4j_servers() -> Iterator[Neo4jServers]:
    """The servers by line; for tests of one line, or of two at once. Most want `neo4j_server`."""
    servers = Neo4jServers()
    yield servers
    servers.stop()


@pytest.fixture(scope="session", params=LINES)
def neo4j_server(request: pytest.FixtureRequest, neo4j_servers: Neo4jServers) -> Neo4jServer:
    """A real server, once for each supported line, in whatever state the last test left it."""
    return server_or_skip(neo4j_servers, request.param)


@pytest.fixture
def empty_neo4j(neo4j_server: Neo4jServer) -> Neo4jServer:
    """The same, without data, constraints and indexes."""
    neo4j_server.wipe()
    return neo4j_server


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that `-m 'not neo4j'` leaves it out, and keep each line on one worker."""
    for item in items:
        if "neo4j_servers" in getattr(item, "fixturenames", ()):
            item.add_marker("neo4j")
        if item.get_closest_marker("neo4j"):
            item.add_marker(pytest.mark.xdist_group(f"neo4j-{line_of(item)}"))


def line_of(item: pytest.Item) -> str:
    """The line whose server a test wants; of tests that name none, the first."""
    call = getattr(item, "callspec", None)
    wanted = [] if call is None else [str(value).removeprefix("neo4j-") for value in call.params.values()]
    return next((line for line in LINES if line in wanted), LINES[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says how many tests had no server, and why; read from the reports, so -n is fine."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and SKIPPED in report.longrepr[2]
    )
    if reasons:
        said = "; ".join(f"{count} for {reason}" for reason, count in sorted(reasons.items()))
        terminalreporter.write_line(f"NEO4J TESTS SKIPPED: {said}", yellow=True, bold=True)
