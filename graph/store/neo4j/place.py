"""Where a Neo4j database is: what a target such as ``neo4j://user@host:port/database`` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from graph.errors import StoreUnavailable

DEFAULT_DATABASE: Final = "neo4j"
DEFAULT_PORT: Final = 7687
DEFAULT_USER: Final = "neo4j"


@dataclass(frozen=True, slots=True)
class Place:
    """A database on a server. ``shown`` names it in messages and holds no credentials."""

    uri: str
    database: str
    user: str | None

    @property
    def shown(self) -> str:
        """Return the address with the database, without the user."""
        return f"{self.uri}/{self.database}"


def place_of(target: str, *, user: str | None = None, database: str | None = None) -> Place:
    """Return the place that a target names; what is given beside the target wins over it.

    Raises:
        StoreUnavailable: where the target names no host, or a port that is none.

    >>> place_of("neo4j://ada@db.example:7688/estate")
    Place(uri='neo4j://db.example:7688', database='estate', user='ada')
    >>> place_of("bolt://[::1]").shown
    'bolt://[::1]:7687/neo4j'
    """
    parts = urlsplit(target)
    try:
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise StoreUnavailable(f"{parts.scheme}://…", "its address has a port that is no number") from error
    if not host:
        raise StoreUnavailable(f"{parts.scheme}://…", "its address names no host")
    if ":" in host:
        host = f"[{host}]"
    stated = unquote(parts.username) if parts.username else None
    return Place(
        uri=f"{parts.scheme}://{host}:{port}",
        database=database or unquote(parts.path.strip("/")) or DEFAULT_DATABASE,
        user=user or stated,
    )
