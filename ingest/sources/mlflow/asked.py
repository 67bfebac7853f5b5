"""Servers that are asked at once: every list page by page, each a scope that is whole if nothing failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from ingest.record import Noted, ReadContext, Record, Rejected, Skipped
from ingest.redaction import redact_text
from ingest.sources.mlflow.client import NO_SERVER, Client, NotAnswered, connected
from ingest.sources.mlflow.datasets import Datasets
from ingest.sources.mlflow.lists import (
    EXPERIMENTS,
    LISTINGS,
    LOGGED_MODELS,
    MCP_SERVER_VERSIONS,
    MCP_SERVERS,
    MODEL_VERSIONS,
    REGISTERED_MODELS,
    RUNS,
    Listing,
)
from ingest.sources.mlflow.modules import EXTRA, NoClient
from ingest.sources.mlflow.names import Server, server_name
from ingest.sources.mlflow.reading import Desk, Item
from ingest.sources.mlflow.sections import Origin, Section, datasets
from ingest.sources.mlflow.settings import Settings
from ingest.sources.mlflow.snapshot import SCHEME as SQLITE
from ingest.sources.mlflow.snapshot import NoStore, snapshot

SCHEMES: Final = ("http", "https", SQLITE)
ABSENT: Final = "not offered by the server"
NO_EXPERIMENTS: Final = (
    "the server shows no experiment, which every server has: it may not show all of the rest"
)

_ALWAYS_THERE: Final = (EXPERIMENTS, RUNS, REGISTERED_MODELS, MODEL_VERSIONS)
"""Lists that every release has had."""

_ASKED_BY: Final = {
    RUNS.name: EXPERIMENTS.name,
    LOGGED_MODELS.name: EXPERIMENTS.name,
    MCP_SERVER_VERSIONS.name: MCP_SERVERS.name,
}

_SERVER: Final = "a tracking server of MLflow that can be read"
_STORE: Final = "a SQLite store of MLflow"


def read_address(address: str, settings: Settings, context: ReadContext) -> Iterator[Record]:
    """Yield what the server or the store at an address says."""
    try:
        if not address.lower().startswith(f"{SQLITE}:"):
            yield from _read(address, _named(server_name(address), settings, context), settings, context)
            return
        server = _named(None, settings, context)
        if server is None:
            yield Noted(
                f"Nothing says which tracking server the store is of; {context.source.instance!r} was taken. "
                "Name it with --scope, or as server in mlflow.toml, alike at every reading."
            )
        with snapshot(address) as copy:
            yield from _read(copy, server or context.source.instance, settings, context)
    except NoStore as error:
        yield Rejected(Problem(SQLITE, "", "", str(error), _STORE))


def _named(address: str | None, settings: Settings, context: ReadContext) -> str | None:
    given = context.scope or settings.server
    return server_name(given) if given else address


def _read(address: str, name: str | None, settings: Settings, context: ReadContext) -> Iterator[Record]:
    server = Server(name or context.source.instance)
    shown = redact_text(server.id)
    try:
        client = connected(address)
    except NoClient:
        yield Rejected(Problem(shown, "", "", "MLflow's client is not installed", EXTRA))
        return
    except NotAnswered as error:
        yield Rejected(Problem(shown, "", "", error.reason, _SERVER))
        return
    if client.has_workspaces:
        yield Noted(f"{shown} is divided into workspaces; the one that the environment names was read.")
    origin = Origin(shown, context.read_at if context.read_at is not None else context.now)
    desk = Desk(server, settings, Datasets(server), context.fingerprints)
    with closing(client):
        yield from _Reading(client, desk, origin, context).records()


@dataclass
class _Reading:
    """One server while it is read, list by list."""

    client: Client
    desk: Desk
    origin: Origin
    context: ReadContext
    missing: dict[str, str] = field(default_factory=dict[str, str])
    """Why a list was not read whole, for those that others are asked for by."""

    def records(self) -> Iterator[Record]:
        """Yield what all lists say, and then the datasets that were met in the runs."""
        for listing in LISTINGS:
            if listing.name.startswith("gateway-") and not self.client.has_gateway:
                yield Skipped(f"{listing.name}: the server has no gateway")
            elif self.missing.get(_ASKED_BY.get(listing.name, "")) == ABSENT:
                yield Skipped(f"{listing.name}: {ABSENT}")
            else:
                yield from self._list(listing)
        yield from datasets(self.desk, self.origin, self.missing.get(RUNS.name), self.context)

    def _list(self, listing: Listing) -> Iterator[Record]:
        section = Section(listing, self.desk, self.origin, self.context)
        opened, count = False, 0
        why: str | None = None
        try:
            for page in self.client.pages(listing):
                if not opened:
                    yield section.opened()
                    opened = True
                for record in page.records:
                    yield from section.records(Item(record, f"/{listing.key}/{count}"))
                    count += 1
        except NotAnswered as error:
            if error.absent and not opened and listing not in _ALWAYS_THERE:
                self.missing[listing.name] = ABSENT
                yield Skipped(f"{listing.name}: {ABSENT}")
                return
            why = NO_SERVER if error.absent else error.reason
            yield Rejected(Problem(self.origin.name, f"/{listing.key}", "", why, "the whole list"))
        if listing is EXPERIMENTS and why is None and count == 0:
            why = NO_EXPERIMENTS
        if not opened:
            yield section.opened()
        partial = section.why_partial(why or self._doubt(listing))
        yield from section.closed(partial)
        if partial is not None:
            self.missing[listing.name] = partial

    def _doubt(self, listing: Listing) -> str | None:
        """Return what speaks against a list: that what it is asked for by was not read whole.

        A server that shows not even the experiment that each has may show nothing whole.
        """
        experiments = self.missing.get(EXPERIMENTS.name)
        if experiments in (NO_EXPERIMENTS, NO_SERVER):
            return experiments
        asked_by = _ASKED_BY.get(listing.name, "")
        return (
            f"{asked_by}, by which it is asked for, were not read whole" if asked_by in self.missing else None
        )
