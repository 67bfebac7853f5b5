"""What can go wrong when a server is asked: one error for each situation, with fields to act on.

No error holds a token or the content of what was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast_client.report import IngestReport


class HoldfastClientError(Exception):
    """Anything that this library raises of its own."""


class NotReached(HoldfastClientError):
    """No answer came: nobody listens, the connection broke, or it took too long."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.url} gave no answer: {self.reason}."


class NotFound(HoldfastClientError):
    """No source says anything about a node at the times asked about."""

    def __init__(self, uid: str, message: str) -> None:
        super().__init__(uid, message)
        self.uid = uid
        self.message = message

    def __str__(self) -> str:
        return self.message


class InvalidQuestion(HoldfastClientError):
    """A question that cannot be asked that way; ``part`` is which argument it is, where it is one."""

    def __init__(self, code: str, part: str | None, message: str) -> None:
        super().__init__(code, part, message)
        self.code = code
        self.part = part
        self.message = message

    def __str__(self) -> str:
        return self.message


class Refused(HoldfastClientError):
    """The server refused a request, or something broke there: its problem, with the stable ``code``."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, code, detail, request_id, retry_after)
        self.status = status
        self.code = code
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"


class NotAllIn(Refused):
    """Not all of what was sent went in; ``report`` says what did, and names the rest."""

    def __init__(
        self, status: int, code: str, detail: str, request_id: str | None, report: IngestReport
    ) -> None:
        super().__init__(status, code, detail, request_id)
        self.args = (status, code, detail, request_id, report)
        self.report = report


class UnexpectedAnswer(HoldfastClientError):
    """An answer of another shape than this version knows; perhaps of another server, or a newer one."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(place, expected)
        self.place = place
        self.expected = expected

    def __str__(self) -> str:
        return f"The answer cannot be read: {self.place} is not {self.expected}."


class BrokenExport(HoldfastClientError):
    """An export that did not arrive as it was sent; nothing of it was kept."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return f"The export cannot be used, and was not kept. {self.file}: {self.reason}."
