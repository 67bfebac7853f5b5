"""`holdfast sources`: what can be read in, and what of it is knowingly left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.options import JsonOption

if TYPE_CHECKING:
    from api.documents.common import Document
    from ingest.registry import ListedSource


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sources")(sources)


def sources(*, as_json: JsonOption = False) -> None:
    """List the installed sources with what each maps (+) and what it knowingly does not (-)."""
    from api.cli.output import emit, emit_json
    from ingest.registry import list_sources

    found = list_sources()
    if as_json:
        emit_json({"sources": [_source_of(listed) for listed in found]})
        return
    for listed in found:
        if listed.source is None:
            emit(f"{listed.name} ({listed.provider}): {listed.error}")
            continue
        emit(f"{listed.name}: {listed.source.summary}")
        for line in listed.source.maps:
            emit(f"  + {line}")
        for line in listed.source.does_not_map:
            emit(f"  - {line}")


def _source_of(listed: ListedSource) -> Document:
    source = listed.source
    return {
        "name": listed.name,
        "provider": listed.provider,
        "summary": None if source is None else source.summary,
        "maps": [] if source is None else list(source.maps),
        "does_not_map": [] if source is None else list(source.does_not_map),
        "error": None if listed.error is None else str(listed.error),
    }
