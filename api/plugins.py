"""The sources that are installed, found by their entry points; a broken one never hides the others."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, cast

from graph.errors import InvalidQuestion
from ingest.record import Source

GROUP: Final = "holdfast.sources"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A source by name; without `source` it could not be loaded, and `fault` says why."""

    name: str
    package: str
    source: Source | None
    fault: str | None = None

    def document(self) -> dict[str, Any]:
        """Return the plug-in as JSON values."""
        return {
            "name": self.name,
            "package": self.package,
            "summary": None if self.source is None else self.source.summary,
            "maps": [] if self.source is None else list(self.source.maps),
            "does_not_map": [] if self.source is None else list(self.source.does_not_map),
            "fault": self.fault,
        }


def installed() -> tuple[Plugin, ...]:
    """Return every installed source by name; each is imported."""
    return tuple(_loaded(entry) for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name))


def source_named(name: str) -> Source:
    """Return one source; only this one is imported.

    Raises:
        InvalidQuestion: where there is none of that name, or it cannot be loaded.
    """
    entries = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in entries:
        raise InvalidQuestion(
            "source", f"there is no source {name!r}", f"one of {', '.join(sorted(entries))}"
        )
    plugin = _loaded(entries[name])
    if plugin.source is None:
        raise InvalidQuestion(
            "source", f"{name} cannot be loaded: {plugin.fault}", "a plug-in that fits this release"
        )
    return plugin.source


def _loaded(entry: EntryPoint) -> Plugin:
    package = entry.dist.name if entry.dist is not None else ""
    try:
        return Plugin(entry.name, package, cast("Source", entry.load()))
    except Exception as error:  # noqa: BLE001 - a plug-in may break in any way
        return Plugin(entry.name, package, None, f"{type(error).__name__}: {error}")
