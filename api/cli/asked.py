"""What every question may be told, and the opened ledger that it is then asked of."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.cli.options import AsOfOption, JsonOption, KnownAtOption, QuietOption, RulesOption, StoreOption

if TYPE_CHECKING:
    from api.cursors import Place
    from api.session import Session
    from api.uids import Meant
    from graph.model import Interval
    from queries.estate import Estate, EstateView, Standpoint


@dataclass(frozen=True, slots=True)
class Asking:
    """An opened ledger at the standpoint that a command was told.

    `standpoint` is pinned: whatever is asked from it, the answers are of one commit and one date.
    `place` is where a page begins, and makes the cursors of the next.
    """

    session: Session
    view: EstateView
    standpoint: Standpoint
    place: Place

    @property
    def estate(self) -> Estate:
        """Return what questions are asked of."""
        return self.session.estate

    def meant(self, words: Sequence[str], during: Interval | None = None) -> tuple[Meant, ...]:
        """Return the nodes that words mean; see `api.uids.meant_by`."""
        from api.uids import meant_by

        return meant_by(self.view, words, during)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of every question."""

    store: StoreOption = None
    as_of: AsOfOption = None
    known_at: KnownAtOption = None
    as_json: JsonOption = False
    quiet: QuietOption = False

    @property
    def rules_version(self) -> int | None:
        """Return the version of the rules that is asked for; None for the newest."""
        return None

    @contextmanager
    def opened(self, after: str | None = None) -> Generator[Asking]:
        """Open the ledger for the question, and close it afterwards.

        With `after` it is asked from where the page before was, which that cursor tells.

        Raises:
            InvalidQuestion: for times that cannot be read, or a cursor that is none or of others.
            HoldfastError: where the ledger cannot be opened; see `api.session.opened`.
        """
        from api.cursors import resumed
        from api.session import opened
        from api.settings import load
        from api.times import standpoint
        from queries.estate import Standpoint

        rules = self.rules_version
        place = resumed(after, standpoint(self.as_of, self.known_at, rules))
        with opened(load(store=self.store)) as session:
            view = session.estate.view(place.standpoint)
            pinned = Standpoint(view.at.valid, known=view.at.known, rules_version=rules)
            yield Asking(session, view, pinned, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByRules(Asked):
    """The options of every question whose answer depends on the harm rules."""

    rules: RulesOption = None

    @property
    def rules_version(self) -> int | None:
        """Return the version of the rules that is asked for; None for the newest."""
        return self.rules
