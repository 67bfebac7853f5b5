"""A ledger opened for one command or one server: the store, the estate on it, the settings."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from api.errors import InvalidSetting
from api.settings import Configuration, Settings
from graph.errors import StoreUnavailable
from graph.ledger.ledger import Ledger
from graph.ledger.port import Store
from graph.store import open_store
from queries.cadences import Cadences
from queries.estate import Estate

if TYPE_CHECKING:
    from ingest.fingerprint import Fingerprinter


@dataclass(frozen=True)
class Session:
    """What a command or a server works with. Whoever reads something in holds ``turn`` meanwhile."""

    settings: Settings
    store: Store
    estate: Estate
    turn: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def ledger(self) -> Ledger:
        """Return the ledger on the store."""
        return self.estate.ledger

    def fingerprints(self) -> Fingerprinter:
        """Return the installation's fingerprinter; its key is made when there is none yet.

        Raises:
            InvalidSetting: where the key file can be neither read nor made.
        """
        return fingerprints_of(self.settings)


def fingerprints_of(settings: Settings) -> Fingerprinter:
    """Return an installation's fingerprinter; its key is made when there is none yet.

    Raises:
        InvalidSetting: where the key file can be neither read nor made.
    """
    from ingest.fingerprint import load_fingerprinter

    path = settings.key_file
    try:
        make_folder_of(path)
        return load_fingerprinter(path)
    except OSError as error:
        raise InvalidSetting("key_file", f"cannot be used: {error.strerror}") from None
    except ValueError:
        raise InvalidSetting("key_file", "does not hold a key of 32 bytes in hexadecimal") from None


@contextmanager
def opened(configuration: Configuration, *, begins: bool = False) -> Generator[Session]:
    """Open the store that is configured, and close it afterwards.

    Only with `begins` a file that does not exist is made: for a question, an empty ledger in
    the wrong place would be an answer that looks right.

    Raises:
        StoreUnavailable: where the store cannot be reached or used, or is not there.
        SchemaUnknown: where something else is stored there.
        SchemaTooNew: where a newer release wrote it.
    """
    settings = configuration.settings
    if "://" not in settings.store and settings.store != ":memory:":
        path = Path(settings.store)
        if not begins and not path.exists():
            raise StoreUnavailable(settings.store, "there is no such file; `holdfast ingest` would make it")
        make_folder_of(path)
    store = open_store(settings.store, password=settings.password(), database=settings.store_database)
    try:
        yield Session(settings, store, Estate(Ledger(store), _cadences(configuration)))
    finally:
        store.close()


def _cadences(configuration: Configuration) -> Cadences:
    return {one.source: one.cadence for one in configuration.sources if one.cadence is not None}


def make_folder_of(path: Path) -> None:
    """Make the folder that Holdfast keeps its own things in, for its owner only; no other one.

    Git is told to leave it alone: a key and personal data are in it.
    """
    if path.parent.name == ".holdfast" and not path.parent.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="ascii")
