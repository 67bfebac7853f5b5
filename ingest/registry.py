"""Which sources there are: entry points in ``holdfast.sources``, our own and other people's.

Names are listed without importing anything. A third party's plug-in is a callable that
takes a list of paths and yields records as dictionaries; it needs to import nothing of
ours. One that cannot be loaded is reported, and keeps nobody from using the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from inspect import getdoc
from pathlib import Path
from typing import Any, Final, cast

from graph.errors import HoldfastError
from ingest.record import ReadContext, Record, Source
from ingest.rejections import safe
from ingest.sources.records.fields import is_list, items_of
from ingest.sources.records.reader import RecordsReader

GROUP: Final = "holdfast.sources"


@dataclass(eq=False)
class UnknownSource(HoldfastError):
    """A source that no installed package offers."""

    name: str
    known: Sequence[str]
    code = "unknown_source"

    def message(self) -> str:
        """Return what happened, as one sentence."""
        return f"There is no source {safe(self.name)!r}."

    def remedy(self) -> str:
        """Return what can be done about it."""
        return f"Use one of: {', '.join(self.known)}."


@dataclass(eq=False)
class BrokenSource(HoldfastError):
    """A source that is installed and cannot be used."""

    name: str
    provider: str
    reason: str
    code = "broken_source"

    def message(self) -> str:
        """Return what happened, as one sentence."""
        return f"The source {safe(self.name)!r} of {self.provider} cannot be used: {self.reason}."

    def remedy(self) -> str:
        """Return what can be done about it."""
        return "Mend or uninstall that package; the other sources are not affected."


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source as ``holdfast sources`` shows it; ``error`` is set where it cannot be used."""

    name: str
    provider: str
    source: Source | None
    error: BrokenSource | None


@dataclass(frozen=True)
class PluginSource:
    """A third party's callable, wearing the shape of a source."""

    name: str
    summary: str
    maps: tuple[str, ...]
    does_not_map: tuple[str, ...]
    produce: Callable[[list[str]], Iterable[object]]

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the plug-in's records say; each scope must say when it was read."""
        reader = RecordsReader(self.name, context, read_at=None)
        for number, value in enumerate(self.produce([str(path) for path in paths]), start=1):
            yield from reader.feed(value, f"record {number}")
        yield from reader.finish()


def source_names() -> list[str]:
    """Return the names of all installed sources, in order; imports none of them."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def load_source(name: str) -> Source:
    """Return a source by its name.

    Raises:
        UnknownSource: where no package offers it.
        BrokenSource: where it cannot be imported, is no source, or two packages offer it.
    """
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        raise UnknownSource(name, source_names())
    return _load(name, found)


def list_sources() -> list[ListedSource]:
    """Return every installed source in order of names, each loaded or with what is wrong with it."""
    listed: list[ListedSource] = []
    for name in source_names():
        found = list(entry_points(group=GROUP, name=name))
        try:
            listed.append(ListedSource(name, _providers(found), _load(name, found), None))
        except BrokenSource as error:
            listed.append(ListedSource(name, _providers(found), None, error))
    return listed


def _load(name: str, found: Sequence[EntryPoint]) -> Source:
    provider = _providers(found)
    if len({(entry.value, _provider(entry)) for entry in found}) > 1:
        raise BrokenSource(name, provider, "more than one package offers it")
    try:
        plug_in: object = found[0].load()
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {safe(str(error))}"
        raise BrokenSource(name, provider, reason) from error
    if hasattr(plug_in, "read") and hasattr(plug_in, "name"):
        return cast("Source", plug_in)
    if callable(plug_in):
        return _adapted(name, plug_in)
    raise BrokenSource(name, provider, "it is neither a source nor a callable that yields records")


def _adapted(name: str, plug_in: Callable[..., Any]) -> PluginSource:
    documented = (getdoc(plug_in) or "").strip().splitlines()
    return PluginSource(
        name=name,
        summary=safe(documented[0]) if documented else "a plug-in without a description",
        maps=_said(plug_in, "maps"),
        does_not_map=_said(plug_in, "does_not_map"),
        produce=plug_in,
    )


def _said(plug_in: object, attribute: str) -> tuple[str, ...]:
    """Return what a plug-in says of itself in an attribute, if it says anything."""
    said: object = getattr(plug_in, attribute, ())
    return tuple(safe(str(line)) for line in items_of(said)) if is_list(said) else ()


def _providers(found: Sequence[EntryPoint]) -> str:
    return " and ".join(sorted({_provider(entry) for entry in found}))


def _provider(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.module
