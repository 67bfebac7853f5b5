"""Opening a database: is it ours, of which version, and beginning an empty one.

Whatever is refused is only read. Constraints and indexes come before the mark that
makes a database ours, so that a beginning that was cut short is simply begun again.
Those of a relation are made when it is first used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from graph.errors import SchemaUnknown
from graph.ledger.chain import GENESIS_HASH
from graph.store.neo4j.database import Database
from graph.store.neo4j.place import place_of
from graph.store.neo4j.relationships import schema_of
from graph.store.neo4j.statements import FORMERLY
from graph.store.neo4j.store import Neo4jStore
from graph.store.schema import SCHEMA_VERSION, refuse_other_versions

UNIQUE: Final = (
    ("Holdfast", ("id",)),
    ("Head", ("id",)),
    ("Entity", ("uid",)),
    ("Claim", ("row",)),
    ("Scope", ("id",)),
    ("Commit", ("seq",)),
    ("Operations", ("seq", "part")),
    ("Run", ("position",)),
    ("ExternalId", ("id",)),
    ("Personal", ("commitment",)),
    ("Volatile", ("id",)),
    ("Raw", ("id",)),
    ("Reading", ("id",)),
)
"""Labels with the properties that no two of their nodes share."""

INDEXED: Final = (
    ("Entity", ("sort_key",)),
    ("Entity", ("name",)),
    ("Entity", ("namespace",)),
    ("Entity", ("kind",)),
    ("Alias", ("canonical",)),
    ("Claim", ("uid",)),
    ("Claim", ("claim",)),
    ("Claim", ("key",)),
    ("Claim", ("scope", "key")),
    ("Commit", ("recorded_at",)),
    ("Coverage", ("scope",)),
    ("Refutation", ("claim",)),
    ("Personal", ("claim",)),
    ("Volatile", ("uid",)),
    ("Raw", ("group_id", "occurred_at")),
    ("Reading", ("scope", "read_at")),
    ("Mention", ("of",)),
    ("Mention", ("claim",)),
)
"""Labels with the properties by which their nodes are looked up."""

_FULL_TEXT: Final = (
    "holdfast_entity_text",
    """
    CREATE FULLTEXT INDEX holdfast_entity_text IF NOT EXISTS
    FOR (n:Entity) ON EACH [n.name, n.uid, n.description]
    OPTIONS {indexConfig: {`fulltext.eventually_consistent`: true}}
    """,
)
"""For people; what it finds may lag behind, so that writing does not wait for it."""

_MAXIMUM_SHOWN: Final = 5


def open_neo4j(
    target: str, *, user: str | None = None, password: str | None = None, database: str | None = None
) -> Neo4jStore:
    """Return the store in a Neo4j database; an empty database is begun.

    The target is ``neo4j://user@host:port/database``; user, port and database may be
    left out (no user, 7687, ``neo4j``). Without user and password none are sent.

    Raises:
        StoreUnavailable: where no server answers, or it refuses the user.
        SchemaUnknown: where the database holds something that is not ours.
        SchemaTooNew: where a newer release wrote it.
    """
    opened = Database(place_of(target, user=user, database=database), password)
    try:
        _prepare(opened)
    except BaseException:
        opened.close()
        raise
    return Neo4jStore(opened)


def _prepare(database: Database) -> None:
    found = database.read(lambda run: run("schema"))
    if not found:
        _refuse_foreign(database)
        database.make(_schema())
        first = {"schema": SCHEMA_VERSION, "genesis": GENESIS_HASH, "recorded_at": 0}
        database.write(lambda run: run("begin", **first))
        found = database.read(lambda run: run("schema"))
    version = found[0][0]
    if not isinstance(version, int) or isinstance(version, bool):
        raise SchemaUnknown(database.target, "its schema version is not a number")
    refuse_other_versions(database.target, version)


def _refuse_foreign(database: Database) -> None:
    for (labels,) in database.read(lambda run: run("holds_anything")):
        shown = ", ".join(sorted(labels)[:_MAXIMUM_SHOWN]) or "none"
        raise SchemaUnknown(
            database.target, f"it holds nodes (labels of the first: {shown}) but no mark of ours"
        )


def _schema() -> Iterable[tuple[str, str]]:
    """Yield the names of a new database's constraints and indexes, each with its statement."""
    for label, properties in UNIQUE:
        yield _on_nodes("CONSTRAINT", label, properties)
    for label, properties in INDEXED:
        yield _on_nodes("INDEX", label, properties)
    yield from schema_of(FORMERLY)
    yield _FULL_TEXT


def _on_nodes(sort: str, label: str, properties: Sequence[str]) -> tuple[str, str]:
    name = "_".join(("holdfast", re.sub(r"(?<!^)(?=[A-Z])", "_", label).lower(), *properties))
    listed = ", ".join(f"n.{p}" for p in properties)
    end = f"REQUIRE ({listed}) IS UNIQUE" if sort == "CONSTRAINT" else f"ON ({listed})"
    return name, f"CREATE {sort} {name} IF NOT EXISTS FOR (n:{label}) {end}"
