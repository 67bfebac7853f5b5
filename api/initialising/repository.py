"""Which repository the current folder is a copy of."""

from __future__ import annotations

from typing import Final

from api.initialising.surroundings import Surroundings
from ingest.repositories import repository_address

_ORIGIN: Final = '[remote "origin"]'


def origin_of(here: Surroundings) -> str | None:
    """Return the address of the remote origin in its one form, without login; None where there is none."""
    section = ""
    for line in here.lines_of(".git/config"):
        text = line.strip()
        if text.startswith("["):
            section = text
        name, _, value = text.partition("=")
        if section == _ORIGIN and name.strip() == "url":
            address = repository_address(value.strip())
            # What is no address of a host (a path, say) would name no repository that others know.
            return address if address.startswith("https://") and address.isprintable() else None
    return None
