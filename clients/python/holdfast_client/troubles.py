"""What went wrong on the way, counted and logged now and then, and never raised."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from holdfast_client.events import BadName
from holdfast_client.spool import SpoolFull

LOG = logging.getLogger("holdfast_client")


@dataclass
class Troubles:
    """Counts by what was lost or hindered. Its texts hold no value of anybody's, and no token."""

    counts: Counter[str] = field(default_factory=Counter[str])

    def tell(self, what: str, why: str) -> None:
        """Count a trouble, and log the first of its sort, then the 10th, the 100th and so on."""
        self.counts[what] += 1
        number = self.counts[what]
        if str(number).strip("0") == "1":
            with suppress(Exception):  # a handler of the application's own
                LOG.warning("Holdfast: %s (%s); %d so far", what, why, number)

    @contextmanager
    def kept_from_the_pipeline(self, what: str) -> Generator[None]:
        """Let no error out of the block; what was to be done in it is then not done, and counted."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - nothing of ours may break what we only watch
            self.tell(what, reason_of(error))


def reason_of(error: BaseException) -> str:
    """Return why something went wrong, without texts that strangers made."""
    if isinstance(error, BadName | SpoolFull):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
