"""How jobs and datasets are named: a namespace and a name, kept apart and taken as they are.

The same two parts make the uid, the external id, the scope of the claims and the group
of retained events. They are cleaned of secrets first: addresses with passwords occur as
namespaces.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.uids import escaped, external_id, native_uid

SCHEME: Final = "openlineage"


class Name(NamedTuple):
    """A job's or a dataset's name as producers write it; compared as it is."""

    namespace: str
    name: str

    @property
    def native(self) -> str:
        """Return both parts as one text that no other name has.

        >>> Name("s3://lake", "raw/orders").native
        's3:%2F%2Flake/raw%2Forders'
        """
        return f"{escaped(self.namespace)}/{escaped(self.name)}"

    @property
    def external_id(self) -> ExternalId:
        """Return the external id that other sources may give the same thing."""
        return external_id(SCHEME, *self)


def job_uid(name: Name) -> Uid:
    """Return a job's uid.

    >>> job_uid(Name("airflow", "daily.load"))
    'hf:asset:openlineage:airflow/daily.load'
    """
    return native_uid(Kind.ASSET, SCHEME, *name)


def dataset_uid(name: Name) -> Uid:
    """Return a dataset's uid."""
    return native_uid(Kind.DATASET, SCHEME, *name)


def job_group(name: Name) -> str:
    """Return the group of a job's retained events, which is also its scope's name."""
    return f"job:{name.native}"


def change_group(job: Name) -> str:
    """Return the group of what a job's runs say happened to whole datasets."""
    return f"changes:{job.native}"


def dataset_group(name: Name) -> str:
    """Return the group of what was retained about a dataset, which is also its scope's name."""
    return f"dataset:{name.native}"
