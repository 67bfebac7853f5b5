"""The client: one server, asked, filled and exported from."""

from __future__ import annotations

from datetime import datetime
from typing import final

import httpx

from holdfast_client.connection import Connection, token_from, url_from
from holdfast_client.ingest import Content, Sending, send
from holdfast_client.questions import Questions
from holdfast_client.report import IngestReport


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
