"""`holdfast sources`: what can be read in, and what of it is knowingly left out."""

from __future__ import annotations

import typer

from api.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sources")(sources)


def sources(*, as_json: JsonOption = False) -> None:
    """List the installed sources with what each maps and what it knowingly does not."""
    from api.cli.output import emit, emit_json
    from api.plugins import installed

    found = installed()
    if as_json:
        emit_json({"sources": [plugin.document() for plugin in found]})
        return
    for plugin in found:
        if plugin.source is None:
            emit(f"{plugin.name}: cannot be loaded ({plugin.fault})")
            continue
        emit(f"{plugin.name}: {plugin.source.summary}")
        for line in plugin.source.maps:
            emit(f"  + {line}")
        for line in plugin.source.does_not_map:
            emit(f"  - {line}")
