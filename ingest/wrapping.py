"""A source around another one, which says of itself what the inner one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.record import Source


@dataclass(frozen=True)
class WrappedSource:
    """What a source that reads in place of another has in common with it."""

    source: Source

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return self.source.name

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return self.source.summary

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps to the vocabulary."""
        return self.source.maps

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out."""
        return self.source.does_not_map
