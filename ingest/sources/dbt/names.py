"""How the things of a dbt project are called, here and as OpenLineage producers call them.

A unique id is unique inside of a project, and projects of two teams may have one name, so
that the instance goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.people import opaque
from ingest.uids import address_uid, external_id, native_uid

SCHEME: Final = "dbt"

NAMESPACES: Final[Mapping[str, str]] = {
    "athena": "awsathena://",
    "mysql": "mysql://",
    "postgres": "postgres://",
    "redshift": "redshift://",
    "snowflake": "snowflake://",
    "sqlserver": "mssql://",
    "trino": "trino://",
}
"""How OpenLineage's namespace of a warehouse begins, by dbt's adapter; a host stands behind it."""

_WITHOUT_HOST: Final[Mapping[str, str]] = {"bigquery": "bigquery"}
_PARTS: Final[Mapping[str, int]] = {"mysql": 2}
"""How many parts a table's name has there, if not three: database, schema, name."""


@dataclass(frozen=True, slots=True)
class Project:
    """One dbt project as one instance knows it; ``adapter`` is the kind of warehouse that it builds in."""

    instance: str
    name: str
    adapter: str
    fingerprints: Fingerprinter

    @property
    def uid(self) -> Uid:
        """Return the uid of the project, which builds its models."""
        return native_uid(Kind.ASSET, SCHEME, self.instance, self.name)

    def dataset(self, unique_id: str) -> Uid:
        """Return the uid of what a model, seed, snapshot or source is in the warehouse."""
        return native_uid(Kind.DATASET, SCHEME, self.instance, unique_id)

    def exposure(self, unique_id: str) -> Uid:
        """Return the uid of who uses the project's data."""
        return native_uid(Kind.ASSET, SCHEME, self.instance, unique_id)

    def result(self, unique_id: str, invocation: str) -> Uid:
        """Return the uid of what one run of a test found."""
        return native_uid(Kind.EVIDENCE, SCHEME, self.instance, invocation, unique_id)

    def owner(self, name: str) -> Uid:
        """Return the uid of an owner without an address; a person's name does not show in it."""
        digest = opaque(self.fingerprints, self.instance, self.name, name)
        return native_uid(Kind.IDENTITY, "dbt-owner", digest)

    def owner_at(self, address: str) -> Uid:
        """Return the uid of whoever has an e-mail address."""
        return address_uid(address, self.fingerprints)

    def table_ids(self, database: str | None, schema: str | None, table: str) -> tuple[ExternalId, ...]:
        """Return what OpenLineage producers call a table; none where the namespace is not known.

        The namespace needs the warehouse's host, which no artifact holds: the instance names it.
        """
        namespace = _WITHOUT_HOST.get(self.adapter) or self._namespace()
        parts = [schema, table] if _PARTS.get(self.adapter) == 2 else [database, schema, table]
        if namespace is None or not all(parts):
            return ()
        return (external_id("openlineage", namespace, ".".join(part or "" for part in parts)),)

    def _namespace(self) -> str | None:
        begins = NAMESPACES.get(self.adapter)
        named = begins is not None and self.instance.startswith(begins) and self.instance != begins
        return self.instance if named else None
