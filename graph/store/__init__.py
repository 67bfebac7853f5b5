"""Where a ledger is kept: one file on this machine, or a Neo4j server.

``open_store`` picks the engine by the look of the target. Both engines implement
``graph.ledger.port.Store`` and pass one conformance suite; what they share lies in
``schema`` (which stores are refused) and ``chunks`` (how operations are packed).
"""

from __future__ import annotations

from typing import Final

from graph.errors import StoreUnavailable
from graph.ledger.port import Store
from graph.store.sqlite import open_sqlite

NEO4J_SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""The URI schemes that mean a Neo4j server."""


def open_store(target: str, *, password: str | None = None, database: str | None = None) -> Store:
    """Return the store at a file path or a Neo4j URI; a file that does not exist yet is begun.

    ``:memory:`` is a store of its own that is gone when it is closed.

    The password is for the server only. It never stands in the target, so that it
    reaches neither a command line nor an error message.

    Raises:
        StoreUnavailable: where the place cannot be used, or the URI is of another kind
            or holds a password.
        SchemaUnknown: where something else is stored there.
        SchemaTooNew: where a newer release wrote it.
    """
    scheme, separator, _ = target.partition("://")
    if not separator:
        return open_sqlite(target)
    if scheme not in NEO4J_SCHEMES:
        known = ", ".join(f"{name}://" for name in NEO4J_SCHEMES)
        raise StoreUnavailable(f"{scheme}://…", f"only a file path or one of {known} is a store")
    if _holds_password(target):
        raise StoreUnavailable(f"{scheme}://…", "its address holds a password; give that in a file instead")
    from graph.store.neo4j import open_neo4j

    return open_neo4j(target, password=password, database=database)


def _holds_password(uri: str) -> bool:
    # Up to the last @, wherever it stands: a slash may be part of a password.
    login, _, _ = uri.partition("://")[2].rpartition("@")
    return ":" in login


__all__ = ["NEO4J_SCHEMES", "open_store"]
