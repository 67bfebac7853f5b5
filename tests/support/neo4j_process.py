"""Starts and stops a Neo4j Community server straight from its jars, without the launcher script."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tests.support.java import find_java
from tests.support.neo4j_jars import server_jars

READY_WITHIN_SECONDS = 120
STOPPED_WITHIN_SECONDS = 60
ATTEMPTS = 3  # somebody else may take the free port before the server does


class JavaUnavailable(Exception):
    """No Java that this server runs on."""


class ServerFailed(Exception):
    """The server is there but does not start: never a reason to skip."""


@dataclass(frozen=True, slots=True)
class Release:
    """One server version, and what starting it takes."""

    version: str
    oldest_java: int
    newest_java: int
    main_class: str
    java_options: tuple[str, ...]
    settings: tuple[str, ...] = ()


OPENED = tuple(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch"))

RELEASES = {
    "5.26": Release(
        version="5.26.31",
        oldest_java=17,
        newest_java=21,
        main_class="org.neo4j.server.CommunityEntryPoint",
        java_options=OPENED,
    ),
    "2026": Release(
        version="2026.09.0",
        oldest_java=21,
        newest_java=25,
        main_class="org.neo4j.server.Neo4jCommunity",
        java_options=(
            *OPENED,
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
        ),
        settings=("db.query.default_language=CYPHER_25",),
    ),
}


@dataclass(slots=True)
class RunningServer:
    """A server process of ours, its folder, and how to reach it."""

    process: subprocess.Popen[bytes]
    home: Path
    uri: str
    password: str

    def stop(self) -> None:
        """End the process, by its own id, and remove its folder with the data."""
        self.process.terminate()
        try:
            self.process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def start_server(release: Release) -> RunningServer:
    """A server with a random password, authentication on, answering Bolt on 127.0.0.1.

    Raises:
        JavaUnavailable, JarsUnavailable: this machine cannot run it.
        ServerFailed: it could, and the server did not come up; carries the end of its output.
    """
    java = find_java(release.oldest_java, release.newest_java)
    if java is None:
        raise JavaUnavailable(f"no Java {release.oldest_java} to {release.newest_java} found")
    jars = server_jars(release.version)
    for _ in range(ATTEMPTS - 1):
        try:
            return start_once(release, java, jars)
        except ServerFailed as failure:
            if "already in use" not in str(failure):
                raise
    return start_once(release, java, jars)


def start_once(release: Release, java: Path, jars: Path) -> RunningServer:
    home = Path(tempfile.mkdtemp(prefix="holdfast-neo4j-"))
    password = secrets.token_urlsafe(16).lstrip("-")  # a leading dash would be read as an option
    address = f"127.0.0.1:{free_port()}"
    write_settings(home, address, release)
    set_password(home, java, jars, password)
    command = write_arguments(
        home / "server.args",
        ["-Xms256m", "-Xmx1g", *release.java_options, "-cp", f"{jars}/*", release.main_class],
        [f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"],
    )
    with (home / "console.log").open("wb") as log:
        process = subprocess.Popen(
            [*ends_with_us(), java, command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    server = RunningServer(process, home, f"neo4j://{address}", password)
    try:
        wait_until_ready(server)
    except BaseException:
        server.stop()
        raise
    return server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_settings(home: Path, address: str, release: Release) -> None:
    settings = (
        f"server.bolt.listen_address={address}",
        f"server.bolt.advertised_address={address}",  # else routing points at the default port
        "server.http.enabled=false",
        "server.https.enabled=false",
        "server.memory.pagecache.size=64m",
        "dbms.usage_report.enabled=false",
        "db.transaction.timeout=60s",
        "internal.dbms.bolt.netty_server_shutdown_quiet_period=0",  # else stopping takes ten seconds
        *release.settings,
    )
    (home / "conf").mkdir()
    (home / "conf" / "neo4j.conf").write_text("\n".join(settings) + "\n", encoding="utf-8")


def write_arguments(path: Path, *groups: list[str]) -> str:
    """A Java argument file, named the way Java takes it: keeps a password out of the process list."""
    lines = ('"{}"'.format(word.replace("\\", "\\\\")) for group in groups for word in group)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"@{path}"


def set_password(home: Path, java: Path, jars: Path, password: str) -> None:
    """Set the password of `neo4j`; takes effect only before the first start."""
    arguments = home / "password.args"
    command = write_arguments(
        arguments, ["-cp", f"{jars}/*", "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password]
    )
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    admin = subprocess.run(
        [java, command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    arguments.unlink()
    if admin.returncode != 0:
        shutil.rmtree(home, ignore_errors=True)
        raise ServerFailed(
            f"setting the password failed: {admin.stdout}{admin.stderr}".replace(password, "…")
        )


def ends_with_us() -> list[str]:
    """Where the system can, a prefix that ends the server even if the test run is killed."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


def wait_until_ready(server: RunningServer) -> None:
    """Return as soon as the server answers a query.

    Raises:
        ServerFailed: the process ended, or did not answer in time.
    """
    direct = server.uri.replace("neo4j://", "bolt://")  # routing would only add failures to the log
    with neo4j.GraphDatabase.driver(direct, auth=("neo4j", server.password)) as driver:
        for _ in range(READY_WITHIN_SECONDS * 5):
            if answers(driver):
                return
            if ended_within(server.process, seconds=0.2):
                break
    output = (server.home / "console.log").read_text(encoding="utf-8", errors="replace")
    raise ServerFailed(f"Neo4j did not start (exit code {server.process.poll()}):\n{output[-4000:]}")


def answers(driver: neo4j.Driver) -> bool:
    try:
        with driver.session(database="neo4j") as session:
            session.run("RETURN 1").consume()
    except (DriverError, Neo4jError):
        return False
    return True


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
