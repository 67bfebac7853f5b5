"""The console command `holdfast`: what it is made of, and how errors leave it.

Exit codes: 0 done; 1 something went wrong inside; 2 the command, a setting or the question
cannot be understood; 3 the answer has what --fail-on names; 4 not found; 5 the store cannot
be reached or used; 6 not all of the input went in; 7 it is not known whether the answer has
what --fail-on names; 141 whoever read the output went away before its end.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import (
    config_command,
    decide_command,
    demo_command,
    drift_command,
    erase_command,
    evidence_command,
    explain_command,
    export_command,
    history_command,
    identity_command,
    ingest_command,
    init_command,
    inventory_command,
    lineage_command,
    log_command,
    ownership_command,
    reach_command,
    report_command,
    runs_command,
    search_command,
    serve_command,
    sources_command,
    sync_command,
    token_command,
    vocabulary_command,
)

if TYPE_CHECKING:
    from graph.errors import HoldfastError


class HoldfastGroup(TyperGroup):
    """The command group that turns errors into one line on standard error and an exit code.

    A reader that goes away early (`holdfast ... | head -1`) is no error, but no success
    either: what had not been printed yet had perhaps not been judged.
    """

    def make_context(self, *given: Any, **more: Any) -> Any:  # noqa: ANN401 - typer's own, of no public type
        """Read the command line; what it prints itself, such as help, may find no reader."""
        with _for_a_reader():
            return super().make_context(*given, **more)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run a command; what it raises leaves as an exit code."""
        from graph.errors import HoldfastError

        try:
            with _for_a_reader():
                return super().invoke(ctx)
        except HoldfastError as error:
            raise typer.Exit(_told(error)) from None
        except (typer.Exit, typer.Abort, typer.TyperException, KeyboardInterrupt):
            raise
        except Exception as error:
            if _is_usage(error):
                raise
            raise typer.Exit(_crashed(error, is_debugging=bool(ctx.params.get("debug")))) from None


app = typer.Typer(
    name="holdfast",
    cls=HoldfastGroup,
    help=(
        "Lineage and dependencies of AI and data systems, for security governance: "
        "what a leak reaches, who answers for what, and what proves it."
    ),
    epilog=(
        "Exit codes: 0 done, 1 internal, 2 usage, 3 the answer has what --fail-on names, 4 not found, "
        "5 store unreachable or unusable, 6 not all input went in, 7 not known whether the answer has what "
        "--fail-on names, 141 the reader of the output went away."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _module in (
    demo_command,
    serve_command,
    init_command,
    ingest_command,
    sync_command,
    sources_command,
    runs_command,
    reach_command,
    lineage_command,
    ownership_command,
    evidence_command,
    inventory_command,
    drift_command,
    explain_command,
    search_command,
    history_command,
    decide_command,
    erase_command,
    export_command,
    vocabulary_command,
):
    _module.register(app)
app.add_typer(log_command.app, name="log")
app.add_typer(config_command.app, name="config")
app.add_typer(identity_command.app, name="identity")
app.add_typer(report_command.app, name="report")
app.add_typer(token_command.app, name="token")


@app.callback()
def _options(
    *,
    debug: Annotated[  # noqa: ARG001 - read from the context when something breaks
        bool, typer.Option("--debug", help="Show where in the code an internal error happened.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"holdfast {version_of('holdfast')}")
        raise typer.Exit


def main() -> None:
    """Run the command line; the console script `holdfast`."""
    try:
        app()
    except SystemExit as ended:
        sys.exit(_written_out(ended.code))


def _written_out(code: str | int | None) -> str | int | None:
    """Return the exit code of a command once all of its output is out.

    Where nobody takes it any more that is the command's own if it is not 0, else 141.
    """
    try:
        with _for_a_reader():
            sys.stdout.flush()
            sys.stderr.flush()
    except typer.Exit as unread:
        return code or unread.exit_code
    return code


@contextmanager
def _for_a_reader() -> Generator[None]:
    """Leave quietly, with code 141, where whoever reads the output has gone."""
    try:
        yield
    except BrokenPipeError:
        from api.cli.output import silence
        from api.errors import ExitCode

        silence()
        raise typer.Exit(ExitCode.PIPE_CLOSED) from None


def _told(error: HoldfastError) -> int:
    """Print what went wrong and what to do about it, and return the exit code."""
    from api.cli.output import say
    from api.errors import rule_of

    for line in str(error).splitlines():
        say(f"holdfast: {line}")
    return int(rule_of(error)[1].exit_code)


def _is_usage(error: Exception) -> bool:
    """Return whether it is typer's own error about how it was called; it prints those itself."""
    return hasattr(error, "exit_code") and hasattr(error, "format_message")


def _crashed(error: Exception, *, is_debugging: bool) -> int:
    """Print that something broke; messages of strangers may quote input, so only the place is shown."""
    from api.cli.output import say
    from api.errors import ExitCode

    say(f"holdfast: something went wrong inside ({type(error).__name__}).")
    if is_debugging:
        for line in traceback.format_tb(error.__traceback__):
            sys.stderr.write(line)
    else:
        say("`holdfast log verify` says whether what the store holds is damaged. If it is intact, run")
        say("`holdfast --debug ...` again to see where it happened, and report it.")
    return int(ExitCode.INTERNAL)
