"""`holdfast serve`: the API and the page on this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import QuietOption, StoreOption

if TYPE_CHECKING:
    from api.session import Session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    *,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A loopback address.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free one.")
    ] = None,
    store: StoreOption = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one line of JSON with the address and a new token; logs on standard error."
        ),
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Serve GraphQL, the page and what is sent to be read in; only programs on this machine may ask.

    The first start makes a token, which every write needs, and prints it this once.
    """
    from api.session import opened
    from api.settings import load

    configuration = load(store=store, host=host, port=port)
    with opened(configuration) as session:
        run(session, quiet=quiet, as_json=as_json)


def run(session: Session, *, quiet: bool, as_json: bool = False) -> None:
    """Serve until interrupted, and say where; with `as_json` as one line on standard output.

    Raises:
        UnsafeAddress: for an address that others could reach.
        typer.Exit: with code 1 where the port is taken.
    """
    import logging
    import socket

    from api.app import server_for
    from api.cli.output import emit_json, say
    from api.errors import ExitCode

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = session.settings
    server = server_for(session, settings.host, settings.port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((server.config.host, settings.port))
            # From here on nobody is turned away: who comes before the server is ready waits.
            listening.listen(128)
        except OSError as error:
            say(f"holdfast: cannot listen on {settings.host}:{settings.port}: {error.strerror}. Give --port.")
            raise typer.Exit(ExitCode.INTERNAL) from None
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{shown}:{listening.getsockname()[1]}"
        token = None if quiet and not as_json else first_token(session)
        if as_json:
            head = session.ledger.head()
            commit = {"sequence": head.sequence, "hash": head.hash}
            told = {"url": url, "store": settings.store, "commit": commit, "write_token": token}
            emit_json(told, compact=True)
            sys.stdout.flush()
        elif not quiet:
            say(f"Serving {url} (Ctrl-C ends it).")
            if token is not None:
                say(f"What writes needs this token, which is shown only now: {token}")
        server.run(sockets=[listening])


def first_token(session: Session) -> str | None:
    """Return a new token for whoever starts the server, where there is no file of tokens yet.

    Without a place to keep it in the server only reads, and says so.
    """
    from api.access.tokens import ANY, MACHINE_USER, add_token
    from api.cli.output import say
    from api.errors import InvalidSetting
    from api.session import make_folder_of

    path = session.settings.tokens_file
    if path.exists():
        return None
    try:
        make_folder_of(path)
        return add_token(path, session.fingerprints(), MACHINE_USER, (ANY,))
    except (InvalidSetting, OSError) as error:
        say(f"holdfast: nothing can be written through this server: {error}")
        return None
