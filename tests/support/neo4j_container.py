"""The third way to a Neo4j server: testcontainers, where a container engine really answers.

Written from the library's documentation: the machines this was made on have no engine.
"""

import importlib
import importlib.util
import secrets
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

from tests.support.neo4j_process import Release, free_port


class ContainerUnavailable(Exception):
    """No engine, or no testcontainers."""


def start_container(release: Release) -> tuple[str, str, Callable[[], None]]:
    """The URI, the password and the function that stops it."""
    if shutil.which("docker") is None:
        raise ContainerUnavailable("no docker")
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode != 0:
        raise ContainerUnavailable("docker is installed but its engine does not answer")
    if importlib.util.find_spec("testcontainers") is None:
        raise ContainerUnavailable("testcontainers is not installed")
    library: Any = importlib.import_module("testcontainers.neo4j")
    password, port = secrets.token_urlsafe(16), free_port()
    container = library.Neo4jContainer(f"neo4j:{release.version}-community", password=password)
    container.with_bind_ports(7687, ("127.0.0.1", port))
    for setting in release.settings:
        name, value = setting.split("=")
        container.with_env("NEO4J_" + name.replace("_", "__").replace(".", "_"), value)
    container.start()
    # Not neo4j://, because the server advertises the port inside the container.
    return f"bolt://127.0.0.1:{port}", password, container.stop
