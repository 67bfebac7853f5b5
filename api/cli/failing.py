"""The end of a command that can fail a pipeline."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from api.cli.output import say
from api.errors import ExitCode
from api.fail_on import Condition, met


def fail_if(conditions: tuple[Condition, ...], counts: Mapping[str, int], *, cut: bool) -> None:
    """Leave with exit code 3 where an answer's counts meet a condition, and say which.

    Raises:
        typer.Exit: with code 3.
    """
    found = met(conditions, counts, are_least=cut)
    for condition in found:
        say(f"Failing on {condition}.")
    if found:
        raise typer.Exit(ExitCode.FINDINGS)
