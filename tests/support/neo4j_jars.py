"""Fetches a Neo4j Community server as the jars that Maven resolves for it, once for each version."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "neo4j"
POM = Path(__file__).with_name("neo4j-server.pom.xml")
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


class JarsUnavailable(Exception):
    """Maven is missing, or could not fetch the jars."""


def server_jars(version: str) -> Path:
    """The folder that holds every jar of the server; downloaded if it is not there yet.

    A folder under its final name is complete: it gets that name by one rename, under a lock that
    concurrent test runs share. So what an interrupted download left is never taken for a server.

    Raises:
        JarsUnavailable: with the reason, which ends in what Maven said.
    """
    complete = CACHE / version
    if complete.is_dir():
        return complete
    if shutil.which("mvn") is None:
        raise JarsUnavailable("Maven (mvn) is not installed")
    with locked_cache():
        if not complete.is_dir():
            discard_interrupted_downloads()
            download(version).rename(complete)
    return complete


@contextmanager
def locked_cache() -> Iterator[None]:
    """One process at a time: Maven's local repository does not bear two writers either."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def discard_interrupted_downloads() -> None:
    for partial in CACHE.glob("partial-*"):
        shutil.rmtree(partial)


def download(version: str) -> Path:
    target = Path(tempfile.mkdtemp(prefix="partial-", dir=CACHE))
    maven = subprocess.run(
        [
            *("mvn", "--batch-mode", "--quiet", "--file", str(POM), f"-Dneo4j.version={version}"),
            *(COPY_JARS, "-DincludeScope=runtime", f"-DoutputDirectory={target}"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if maven.returncode != 0:
        shutil.rmtree(target)
        said = (maven.stdout + maven.stderr).strip().splitlines()
        raise JarsUnavailable(f"Maven could not fetch the jars: {' '.join(said[:3])}")
    return target
