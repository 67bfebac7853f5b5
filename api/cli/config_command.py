"""`holdfast config show`: every setting, and where its value comes from."""

from __future__ import annotations

import typer

from api.cli.options import JsonOption, StoreOption

app = typer.Typer(help="Settings.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `show` a command of a group although it is the only one."""


@app.command("show")
def show(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Print every setting, its value and where that comes from; secrets are masked."""
    from api.cli.output import emit_json, emit_table
    from api.settings import Settings, load

    configuration = load(store=store)
    values = configuration.shown()
    if as_json:
        rows = [{"name": n, "value": v, "source": configuration.origins[n]} for n, v in values.items()]
        emit_json({"settings": rows})
        return
    emit_table(
        ("setting", "value", "source", "what it is"),
        [
            (
                name,
                "" if value is None else str(value),
                configuration.origins[name],
                Settings.model_fields[name].description or "",
            )
            for name, value in values.items()
        ],
    )
