"""The graph plug-in: a mapping of labels and the address of a database in, claims by entry and tenant out."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Final

from graph.errors import Problem, StoreUnavailable
from graph.store import NEO4J_SCHEMES
from ingest.files import Unreadable, document, file_name
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.sidecar import InputFile, inputs
from ingest.sources.graph.mapping import GraphMapping
from ingest.sources.graph.reading import read_mapping
from ingest.sources.graph.sections import Reading

USER: Final = "HOLDFAST_GRAPH_USER"
PASSWORD: Final = "HOLDFAST_GRAPH_PASSWORD"  # noqa: S105 - the name of a variable
PASSWORD_FILE: Final = "HOLDFAST_GRAPH_PASSWORD_FILE"  # noqa: S105 - the name of a variable

ENDINGS: Final = (".yaml", ".yml")
SHIPPED: Final = files("ingest.sources.graph") / "mappings"
NO_MAPPING: Final = "no mapping says what its labels mean"
NO_DATABASE: Final = "a mapping is named and no database; give its address, such as neo4j://host:7687/neo4j"

_LIMIT: Final = 1024 * 1024
_SERVER: Final = f"a Neo4j server, its user in {USER}, the password in {PASSWORD_FILE} or {PASSWORD}"


class GraphSource:
    """Reads Neo4j databases by the mappings that are named beside their addresses."""

    name = "graph"
    summary = "Neo4j 5.26 and 2026 databases over Bolt, read only: Cartography 0.143, others by a mapping"
    maps = (
        "nodes, by their labels: what the mapping says, with uids and external ids of other sources",
        "relationships, by type and the nodes at their ends: edges, possible where the mapping says so",
        "Cartography, AWS: accounts, identities, keys, rights, data, secrets, workloads, models",
        "Cartography, GitHub: organisations, repositories, teams, users, rights, secrets",
    )
    does_not_map = (
        "labels and types that the mapping does not name: counted by kind",
        "properties that it does not name: never asked for",
        "conditions of AWS trust policies and rights, trust in accounts, services and providers of tokens",
    )

    @property
    def schemes(self) -> Sequence[str]:
        """Return the schemes of the addresses that it takes."""
        return NEO4J_SCHEMES

    @property
    def shipped(self) -> Sequence[str]:
        """Return the names of the mappings that come with it.

        >>> SOURCE.shipped
        ['cartography']
        """
        return sorted(
            entry.name.removesuffix(".yaml") for entry in SHIPPED.iterdir() if _is_mapping(entry.name)
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what databases say by one mapping; memory does not grow with them."""
        mapping = yield from self._mapping(paths)
        if isinstance(mapping, list):
            yield from map(Rejected, mapping)
            return
        for address in context.addresses:
            yield from _read(address, mapping, context)
        if not context.addresses:
            yield Noted(NO_DATABASE)
        elif mapping.seen is not None and context.read_at is not None:
            yield Noted(f"--read-at was not used: {mapping.seen.property} says when each run was")

    def _mapping(self, paths: Sequence[Path]) -> Generator[Record, None, GraphMapping | list[Problem]]:
        """Return the one mapping that is named, or what is wrong with it."""
        named = [path for path in paths if path.exists() or str(path) not in self.shipped]
        shipped = [f"{path}.yaml" for path in paths if path not in named]
        texts = [(name, (SHIPPED / name).read_text(encoding="utf-8")) for name in shipped]
        for found in inputs(named, ENDINGS) if named else ():
            if not isinstance(found, InputFile):
                yield found
                continue
            try:
                texts.append((found.name, document(found.path, limit=_LIMIT)))
            except Unreadable as error:
                return [error.problem]
        if len(texts) != 1:
            reason = NO_MAPPING if not texts else "two mappings are named for one database"
            return [Problem("", "", "", reason, f"one mapping in YAML, or {', '.join(self.shipped)}")]
        return read_mapping(*texts[0])


def _is_mapping(name: str) -> bool:
    return name.endswith(ENDINGS)


def _read(address: str, mapping: GraphMapping, context: ReadContext) -> Iterator[Record]:
    # The driver is loaded where a database is asked, as most commands ask none.
    from graph.store.neo4j.foreign import ForeignDatabase

    try:
        database = ForeignDatabase(address, user=os.environ.get(USER), password=_password())
    except StoreUnavailable as error:
        yield Rejected(Problem(error.target, "", "", error.reason, _SERVER))
        return
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    with closing(database):
        yield from Reading(database, mapping, context).records()


def _password() -> str | None:
    """Return the password: what the file holds goes before what the environment does; raises Unreadable."""
    named = os.environ.get(PASSWORD_FILE)
    if not named:
        return os.environ.get(PASSWORD)
    try:
        return Path(named).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        problem = Problem(
            file_name(Path(named)), "", PASSWORD_FILE, "cannot be read", "a file with a password"
        )
        raise Unreadable(problem) from None


SOURCE: Final = GraphSource()
