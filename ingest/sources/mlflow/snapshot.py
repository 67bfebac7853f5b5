"""A copy of a tracking server's SQLite file, to be read in its place.

MLflow writes into a store when it opens it: tables that are missing, an experiment that is always
there. What is only to be read is therefore copied first, as it stands at one moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote, unquote

SCHEME: Final = "sqlite"
_PREFIX: Final = f"{SCHEME}:///"


class NoStore(Exception):
    """A file that is no store of MLflow; the text says why, without its folders."""


@contextmanager
def snapshot(address: str) -> Generator[str]:
    """Give the address of a copy of the store at an address, which is there as long as it is needed.

    Raises:
        NoStore: where no store of MLflow lies there.
    """
    path = store_path(address)
    if not path.is_file():
        raise NoStore("no such file")
    with TemporaryDirectory(prefix="holdfast-mlflow-") as folder:
        copy = Path(folder, "mlflow.db")
        try:
            _copy(path, copy)
        except sqlite3.Error as error:
            raise NoStore("no SQLite file that can be read") from error
        yield f"{_PREFIX}{copy}"


def store_path(address: str) -> Path:
    """Return the file that an address names: three slashes for a relative path, four for an absolute one.

    >>> store_path("sqlite:////srv/mlflow.db").as_posix(), store_path("sqlite:///mlflow.db").as_posix()
    ('/srv/mlflow.db', 'mlflow.db')
    """
    return Path(unquote(address[len(_PREFIX) :].partition("?")[0]))


def _copy(path: Path, copy: Path) -> None:
    source = f"file:{quote(str(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as given:
        found = given.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'experiments'")
        if found.fetchone() is None:
            raise NoStore("a database without the tables of MLflow")
        with closing(sqlite3.connect(copy)) as made:
            given.backup(made)
