"""Where content lies: addresses without users, passwords and queries, and paths of some machine apart.

An address without them is one that others may name, too; a path means something on one machine only.
"""

from __future__ import annotations

import re
from typing import Final

from graph.model import PropertyValue
from ingest.redaction import MARK, redact_text

_ADDRESS: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?P<slashes>/{0,3})(?P<rest>.*)", re.DOTALL
)
_CONTAINERS: Final = frozenset({"abfs", "abfss", "wasb", "wasbs"})
"""Schemes in which a container, and no user, stands before the ``@``."""

_DRIVERS: Final = frozenset({"jdbc", "odbc"})
_WINDOWS_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


def content_address(text: str) -> str | None:
    """Return an address without what may be secret in it; None for what is none, or is not to be told.

    >>> content_address("https://ada:hunter2@data.example/loans.csv?sig=abc#x")
    'https://data.example/loans.csv'
    >>> content_address("abfss://raw@lake.dfs.core.windows.net/loans"), content_address("/data/loans.csv")
    ('abfss://raw@lake.dfs.core.windows.net/loans', None)
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or _WINDOWS_DRIVE.match(text):
        return None
    scheme, slashes, rest = found["scheme"].lower(), found["slashes"], found["rest"]
    if scheme in _DRIVERS or not rest:
        return None
    rest = rest.partition("?")[0]
    if scheme in ("http", "https"):
        rest = rest.partition("#")[0]
    if slashes == "//":
        rest = _without_user(rest, scheme)
    address = redact_text(f"{scheme}:{slashes}{rest}")
    return None if MARK in address else address


def placed(text: str | None) -> dict[str, PropertyValue]:
    """Return the properties that say where content lies: ``uri``, or ``path`` on some machine.

    >>> placed("s3://lake/loans.parquet"), placed("/data/loans.csv"), placed(None)
    ({'uri': 's3://lake/loans.parquet'}, {'path': '/data/loans.csv'}, {})
    """
    if not text:
        return {}
    address = content_address(text)
    if address is not None:
        return {"uri": address}
    if text[:1] not in ("/", ".") or "?" in text:
        return {}
    path = redact_text(text)
    return {} if MARK in path else {"path": path}


def _without_user(rest: str, scheme: str) -> str:
    host, slash, path = rest.partition("/")
    user, at, named = host.rpartition("@")
    if at and scheme in _CONTAINERS and ":" not in user:
        return rest
    return f"{named}{slash}{path}"
