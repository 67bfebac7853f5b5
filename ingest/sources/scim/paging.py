"""Whether the pages that were read are a whole list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ingest.documents import NOT_SAID
from ingest.record import ReadContext
from ingest.sidecar import InputFile
from ingest.sources.scim.listing import GROUPS, USERS, Page

_FILTER: Final = re.compile(r"\bfilter(=|%3D)|/\.search\b", re.IGNORECASE)
_PATH: Final = re.compile(rf"/({USERS}|{GROUPS})(?=[/?'\"\s]|$)")


def asked_for(file: InputFile) -> str | None:
    """Return of which list a file is by the command that its sidecar names; None where it tells nothing."""
    found = _PATH.search(file.sidecar.command) if file.sidecar else None
    return found[1] if found else None


def why_part(file: InputFile, context: ReadContext) -> str | None:
    """Return why a file may not be all that was asked for; None where somebody says that it is."""
    if file.sidecar is None:
        return None if context.complete else NOT_SAID
    if file.sidecar.why_partial is None and _FILTER.search(file.sidecar.command):
        return "its command filters"
    return file.sidecar.why_partial


@dataclass
class Pages:
    """The pages of one list, as far as they were read; ``flaw`` speaks against its being whole."""

    read: list[Page] = field(default_factory=list[Page])
    flaw: str | None = None

    def add(self, page: Page, flaw: str | None) -> None:
        """Take note of a page, and of what speaks against the list's being whole."""
        self.read.append(page)
        self.flaw = self.flaw or flaw

    def why_partial(self) -> str | None:
        """Return why the pages may not be the whole list; None where they are."""
        if self.flaw is not None or not self.read:
            return self.flaw or "it was not read to its end"
        totals = {page.total for page in self.read}
        if len(totals) > 1:
            return "its pages say different totals, so that it changed while it was read"
        following = 1
        for page in sorted(self.read, key=lambda page: page.start):
            if page.start > following:
                return f"the page from {following} on is missing"
            if page.start < following and page.count:
                return f"two pages hold number {page.start}"
            following = page.start + page.count
        (total,) = totals
        return None if following > total else f"{following - 1} of {total} were read"
