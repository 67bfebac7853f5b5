"""The client: one server, asked, filled and exported from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import final

import httpx

from holdfast_client.connection import Connection, token_from, url_from
from holdfast_client.export import Export, Exporting, Form, save
from holdfast_client.ingest import Content, Sending, send
from holdfast_client.questions import Questions
from holdfast_client.report import IngestReport
from holdfast_client.words import Kind


@final
class Client(Questions):
    """Asks a Holdfast server. Safe to share between threads; close it, or use it with ``with``.

    ``url`` is HOLDFAST_URL or ``http://127.0.0.1:8321`` if absent, ``token`` HOLDFAST_TOKEN; only
    writes need one. ``timeout`` is how many seconds an answer may take.
    """

    def __init__(self, url: str | None = None, *, token: str | None = None, timeout: float = 60.0) -> None:
        limits = httpx.Timeout(timeout, connect=min(timeout, 5.0))
        super().__init__(Connection(url_from(url), token_from(token), limits))

    def __repr__(self) -> str:
        return f"Client({self._connection.url!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()

    def ingest(
        self,
        source: str,
        content: Content,
        *,
        instance: str | None = None,
        scope: str | None = None,
        read_at: datetime | None = None,
        complete: bool = False,
        allow_closing: bool = False,
        file: str | None = None,
    ) -> IngestReport:
        """Send content to be read in by a source, streamed, and return the run's report.

        Args:
            source: as ``holdfast sources`` lists it.
            content: a file or a folder (a Path), an open binary file, bytes, or records, which are
                sent as JSON lines.
            instance: which installation of the source it is.
            scope: which part of it.
            read_at: when the content was made, with a zone; needed where it does not say so itself.
            complete: that it is all there is, so that what it no longer has has ended.
            allow_closing: that much may end by it.
            file: how it is called in problems; a Path's own name if absent.

        Raises:
            NotAllIn: where some of it did not go in; the error has the report.
            Refused: where none of it was read, or there is no token.
            NotReached: where no answer came. Sending the same again changes nothing.
        """
        sending = Sending(instance, scope, read_at, complete, allow_closing, file)
        return send(self._connection, source, content, sending)

    def export(
        self,
        form: Form,
        folder: Path | str,
        *,
        kinds: Iterable[Kind] = (),
        environments: Iterable[str] = (),
        min_criticality: int | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Export:
        """Save the estate at one date as files, each checked, to a new or an empty folder.

        Args:
            form: which form.
            folder: where to; it is there once the export is whole.
            kinds: only nodes of these kinds.
            environments: only nodes in these environments.
            min_criticality: only nodes of this criticality and above.
            as_of: when the facts hold; now if absent.
            known_at: as it was known then.

        Raises:
            FileExistsError: where something is in the folder already.
            Refused: where the server refused it.
            BrokenExport: where it did not arrive whole and as it was sent; nothing of it is kept.
            NotReached: where no answer came, or it broke off; nothing of it is kept.
        """
        exporting = Exporting(kinds, environments, min_criticality, as_of, known_at)
        return save(self._connection, form, Path(folder), exporting)
