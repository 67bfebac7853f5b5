"""`holdfast token`: who may write over the network, and as which source instances."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import JsonOption

app = typer.Typer(help="Tokens for what is written over the network.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who has it; stands in the log as token:NAME.")],
    *,
    sources: Annotated[
        list[str],
        typer.Option(
            "--source",
            metavar="SOURCE/INSTANCE",
            help="What it may speak as: openlineage/eu, mlflow/* or * for everything; can be repeated.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it; only a digest of it is kept."""
    from api.access.tokens import add_token
    from api.cli.output import emit, emit_json
    from api.session import fingerprints_of, make_folder_of
    from api.settings import load

    settings = load().settings
    make_folder_of(settings.tokens_file)
    text = add_token(settings.tokens_file, fingerprints_of(settings), name, sources)
    if as_json:
        emit_json({"name": name, "sources": sources, "token": text})
    else:
        emit(text)


@app.command("list")
def list_tokens(*, as_json: JsonOption = False) -> None:
    """Print the tokens' names and what each may speak as."""
    from api.access.tokens import load_tokens
    from api.cli.output import emit_json, emit_table
    from api.settings import load

    tokens = load_tokens(load().settings.tokens_file)
    if as_json:
        emit_json({"tokens": [{"name": token.name, "sources": list(token.sources)} for token in tokens]})
    else:
        emit_table(("token", "may speak as"), [(token.name, ", ".join(token.sources)) for token in tokens])


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name from `holdfast token list`.")],
) -> None:
    """Take a token away; from then on nothing can be written with it."""
    from api.access.tokens import remove_token
    from api.settings import load

    remove_token(load().settings.tokens_file, name)
