"""Which source's value is shown, at any date and as known at any commit, against an oracle in words.

Several sources read one identity again and again. Of those that speak of it on a date, the one
that precedence names first is believed; then the one whose value holds since the latest day;
then the one that said it in the latest commit; then the first by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.change import Close, Cover
from graph.ledger.ledger import Ledger
from graph.model import CommitNumber, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from tests.support.saying import day, node, record

X = Uid("x")
SOURCES = ("entra", "kubernetes", "people", "records")
STATUS_ORDER = {"people": 0, "entra": 1}
"""The order that the vocabulary declares for ``status``; all others come last, together."""


@dataclass(frozen=True)
class Look:
    """A complete read of one source on a day: what it says, or None where it no longer says anything."""

    source: str
    day: int
    values: tuple[str, int] | None
    commit: int = 0


@st.composite
def looks(draw: st.DrawFn) -> list[Look]:
    """Every source in the order of its days, the sources in any order among each other."""
    values = st.none() | st.tuples(st.sampled_from(["active", "suspended"]), st.integers(1, 2))
    left = {
        source: sorted(draw(st.sets(st.integers(1, 8), max_size=4)))
        for source in draw(st.permutations(SOURCES))
    }
    found: list[Look] = []
    while waiting := [source for source, days in left.items() if days]:
        source = draw(st.sampled_from(waiting))
        found.append(Look(source, left[source].pop(0), draw(values)))
    return found


@settings(max_examples=80, deadline=None)
@given(looks())
def test_the_value_that_is_shown(told: list[Look]) -> None:
    ledger = Ledger(open_store(":memory:"))
    recorded = [Look(look.source, look.day, look.values, tell(ledger, look)) for look in told]
    for known in range(ledger.head().sequence + 1):
        learned = [look for look in recorded if look.commit <= known]
        for on in range(1, 10):
            found = ledger.nodes([X], ledger.at(day(on), known=CommitNumber(known)))
            shown = (found[X].get("status"), found[X].get("size")) if found else (None, None)
            assert shown == (winner(learned, on, 0), winner(learned, on, 1)), (on, known)
    ledger.store.close()


def tell(ledger: Ledger, look: Look) -> int:
    """Record a look; return the commit after which it is known."""
    scope = Scope(SourceInstance(look.source), "all")
    cover = Cover(scope, frozenset({"Identity"}), frozenset(), day(look.day), complete_at=day(look.day))
    if look.values is None:
        held = ledger.store.scope_rows(scope, ledger.head().sequence, after=None, limit=99)
        record(ledger, Close(tuple(row.key for row in held), day(look.day)), cover, read_at=day(look.day))
    else:
        status, size = look.values
        said = node("x", Kind.IDENTITY, type_="service_account", status=status, size=size)
        record(ledger, said, cover, scope=scope, read_at=day(look.day))
    return ledger.head().sequence


def winner(learned: Sequence[Look], on: int, which: int) -> object:
    """The value of the first property (``which`` is 0) or the second on a day."""
    candidates: list[tuple[tuple[int, int, int, str], object]] = []
    for source in SOURCES:
        looked = [look for look in learned if look.source == source and look.day <= on]
        if not looked or looked[-1].values is None:
            continue
        since = looked[-1]
        for earlier in reversed(looked):
            if earlier.values != since.values:
                break
            since = earlier
        rank = STATUS_ORDER.get(source, 9) if which == 0 else 0
        candidates.append(((rank, -since.day, -since.commit, f"{source}/default"), since.values[which]))  # type: ignore[index]
    return min(candidates)[1] if candidates else None
