"""The end of a question that can fail a pipeline: `--fail-on`, and what passes no gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.fail_on import Condition
    from queries.basis import Basis


@dataclass(frozen=True, slots=True)
class Held:
    """An answer as a gate sees it.

    `counts` are what conditions name. `nothing` says in words why the answer looked at
    nothing; None where it looked at something. `may_grow` says that a bound cut the counts.
    """

    counts: Mapping[str, int]
    basis: Basis
    nothing: str | None = None
    may_grow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The options of every question that can fail a pipeline."""

    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="COUNT>N",
            help="Exit with 3 when the answer has this, such as 'certain>=10', and with 7 when that is not "
            "known; may be given several times.",
        ),
    ] = None
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="An answer that looked at nothing may pass --fail-on.")
    ] = False

    def conditions(self, names: Iterable[str]) -> tuple[Condition, ...]:
        """Return the conditions given, which may name these counts and those of every answer.

        Raises:
            InvalidQuestion: for a text that is none.
        """
        from api.fail_on import EVERY_ANSWER, parsed

        return parsed(self.fail_on, [*names, *EVERY_ANSWER])

    def check(self, conditions: tuple[Condition, ...], held: Held) -> None:
        """Pass where it is known that the answer meets no condition; else say which, or what is not known.

        Raises:
            typer.Exit: with code 3 where a condition is met, with 7 where one may be.
        """
        from api.cli.output import say
        from api.errors import ExitCode
        from api.fail_on import counts_of_every_answer, judged

        if not conditions:
            return
        counts = {**held.counts, **counts_of_every_answer(held.basis)}
        verdict = judged(conditions, counts, may_grow=held.may_grow)
        for words in verdict.met:
            say(f"Failing on {words}.")
        if verdict.met:
            raise typer.Exit(ExitCode.FINDINGS)
        for words in verdict.open:
            say(f"Not known: {words}.")
        if held.nothing is not None:
            say(f"Nothing was looked at: {held.nothing}. That passes with --allow-empty only.")
        if verdict.open or (held.nothing is not None and not self.allow_empty):
            raise typer.Exit(ExitCode.UNDECIDED)
        for words in verdict.beside:
            say(f"Passing on what is known: {words}.")
