"""What every decision is told: who decides and why, and all that is missing said at once."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from api.session import Session
    from queries.estate import Estate, EstateView
    from queries.governance import Actor, Decided

_ACTOR: Final = "--actor NAME (or HOLDFAST_ACTOR), who decides"
_REASON: Final = "--reason TEXT, why"
_NOTHING_MORE: Final[Mapping[str, str | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Deciding:
    """An opened ledger, and who decides something about it."""

    session: Session
    view: EstateView
    actor: Actor

    @property
    def estate(self) -> Estate:
        """Return what is decided about."""
        return self.session.estate


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOptions:
    """The options of every decision."""

    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the ledger. Required.")
    ] = None
    actor: Annotated[
        str | None,
        typer.Option(
            "--actor",
            metavar="NAME",
            help="Who decides; recorded as asserted, nobody checks it yet. Required, or HOLDFAST_ACTOR.",
        ),
    ] = None
    store: StoreOption = None
    as_json: JsonOption = False

    @property
    def because(self) -> str:
        """Return the reason."""
        return self.reason or ""

    @contextmanager
    def opened(self, required: Mapping[str, str | None] = _NOTHING_MORE) -> Generator[Deciding]:
        """Open the ledger for a decision; `required` holds further texts by what to give for each.

        What follows from several sources is derived anew once the decision is made.

        Raises:
            InvalidQuestion: where something is missing; it names all that is.
        """
        from api.ingesting import derive_again
        from api.session import opened
        from api.settings import load
        from queries.governance import Actor

        configuration = load(store=self.store, actor=self.actor)
        actor = configuration.settings.actor or ""
        check_given({**required, _REASON: self.reason, _ACTOR: actor})
        with opened(configuration) as session:
            yield Deciding(session, session.estate.view(), Actor(actor))
            derive_again(session, actor)

    def report(self, decided: Decided) -> None:
        """Print what was recorded, or that it stood already."""
        from api.cli.output import emit, emit_json
        from api.documents.decision import decided_of

        if self.as_json:
            emit_json(decided_of(decided))
            return
        commit = decided.commit
        if commit is None:
            emit(f"{decided.summary}: that stands already; no commit was made.")
        else:
            emit(f"Commit {commit.sequence} by {commit.actor} ({decided.actor.basis}): {decided.summary}.")
        for line in decided.notes:
            emit(line)


def check_given(texts: Mapping[str, str | None]) -> None:
    """Pass if every text is there, by what to give for it.

    Raises:
        InvalidQuestion: otherwise; it names all that are missing.
    """
    from graph.errors import InvalidQuestion

    missing = [what for what, text in texts.items() if not (text or "").strip()]
    if missing:
        raise InvalidQuestion("options", "something is missing for a decision", "; ".join(missing))
