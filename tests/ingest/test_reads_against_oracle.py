"""Random readings of a scope, in any order, against an oracle that goes through the days one by one."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.model import CommitNumber
from tests.ingest.jobs import Desk, d, edge, node, shown
from tests.support.reading_oracle import LAST_DAY, Read, Stated, seen_on, stated_days
from tests.support.saying import DAY, day


@dataclass(frozen=True)
class Sort:
    """A claim that the readings speak of: how it is written, and whether it lasts."""

    line: Mapping[str, Any]
    lasting: bool = False

    def said(self, content: str, stated: Stated | None = None) -> dict[str, Any]:
        ((what, fields),) = self.line.items()
        times: dict[str, Any] = {}
        if stated is not None:
            times = {"valid_from": d(stated.start)}
            times |= {} if stated.end is None else {"valid_to": d(stated.end)}
        return {what: {**fields, "properties": {"said": content}, **times}}


SEEN = {
    "a": Sort(node("a")),
    "a INVOKES b": Sort(edge("a", "INVOKES", "b")),
    "e": Sort(node("e", "Evidence", type="test"), lasting=True),
    "e ABOUT a": Sort(edge("e", "ABOUT", "a"), lasting=True),
}
STATED = {
    "p": Sort(node("p")),
    "p INVOKES b": Sort(edge("p", "INVOKES", "b")),
    "f": Sort(node("f", "Evidence", type="test"), lasting=True),
}
contents = st.sampled_from("xy")


@st.composite
def statements(draw: st.DrawFn) -> list[Stated]:
    """A few intervals without a common day, of the past and of what is only to come."""
    bounds = sorted(draw(st.sets(st.integers(1, 20), min_size=2, max_size=4)))
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    if draw(st.booleans()):
        start, _ = pairs.pop()
        return [*(Stated(s, e, draw(contents)) for s, e in pairs), Stated(start, None, draw(contents))]
    return [Stated(start, end, draw(contents)) for start, end in pairs]


@st.composite
def readings(draw: st.DrawFn) -> list[Read]:
    """Readings of different days, in the order in which they arrive."""
    days = draw(st.lists(st.integers(2, 12), min_size=1, max_size=6, unique=True))
    return [
        Read(
            on,
            draw(st.booleans()),
            draw(st.dictionaries(st.sampled_from(sorted(SEEN)), contents)),
            draw(st.dictionaries(st.sampled_from(sorted(STATED)), statements())),
        )
        for on in days
    ]


def only(claim: str, *reads: tuple[int, bool, list[Stated]]) -> list[Read]:
    return [Read(on, whole, {}, {claim: said} if said else {}) for on, whole, said in reads]


@settings(max_examples=150, deadline=None)
@given(readings(), st.integers(1, 5))
@example(only("p", (5, False, [Stated(2, 9, "x")]), (8, False, [Stated(4, 6, "y")]), (3, True, [])), 1)
@example(only("p", (5, False, [Stated(2, None, "x")]), (6, True, [])), 2)
@example(only("p", *((on, False, [Stated(1, 9, "x")]) for on in (2, 6)), (4, False, [Stated(1, 12, "y")])), 1)
def test_what_stands_after_any_readings_in_any_order(arriving: list[Read], batch_size: int) -> None:
    """At every day, and as known after every reading; and reading all of it again changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        heads: list[CommitNumber] = []
        for read in arriving:
            tell(desk, read, batch_size)
            assert tell(desk, read, batch_size) == 0, "saying it again is nothing new"
            heads.append(desk.ledger.head().sequence)
        for count, known in enumerate(heads, start=1):
            assert held(desk, known) == expected(arriving[:count]), f"after {count} readings"
        assert desk.ledger.verify().intact
        says_who_said_it(desk, arriving)
        desk.store.close()


def tell(desk: Desk, read: Read, batch_size: int) -> int:
    lines = [SEEN[claim].said(content) for claim, content in sorted(read.seen.items())]
    lines += [
        STATED[claim].said(one.content, one) for claim, said in sorted(read.stated.items()) for one in said
    ]
    report = desk.read(*lines, on=read.day, end=read.complete, batch_size=batch_size)
    assert report.rejected == []
    assert [scope.complete for scope in report.scopes] == [read.complete]
    return report.commits


def expected(arrived: Sequence[Read]) -> dict[tuple[str, int], str]:
    """What is said on each day, by claim and day."""
    found: dict[tuple[str, int], str] = {}
    for claim, sort in SEEN.items():
        for on in range(1, LAST_DAY + 1):
            said = seen_on(arrived, claim, on, lasting=sort.lasting)
            if said is not None:
                found[claim, on] = said
    for claim, sort in STATED.items():
        for on, said in stated_days(arrived, claim, lasting=sort.lasting).items():
            found[claim, on] = said
    return found


def held(desk: Desk, known: CommitNumber) -> dict[tuple[str, int], str]:
    """The same of the ledger."""
    rows = [*desk.store.all_node_rows(known), *desk.store.all_edge_rows(known)]
    return {
        (shown(row.about), on): json.loads(row.content)["properties"]["said"]
        for row in rows
        for on in range(1, LAST_DAY + 1)
        if row.valid.holds_at(day(on))
    }


def says_who_said_it(desk: Desk, arrived: Sequence[Read]) -> None:
    """Every row names a reading that said just this of its claim."""
    by_day = {read.day: read for read in arrived}
    known = desk.ledger.head().sequence
    for row in (*desk.store.all_node_rows(known), *desk.store.all_edge_rows(known)):
        assert row.read_at is not None
        read = by_day[(row.read_at - day(1)) // DAY + 1]
        claim, said = shown(row.about), json.loads(row.content)["properties"]["said"]
        stated = [one.content for one in read.stated.get(claim, ())]
        assert said in [read.seen.get(claim), *stated]
        runs = [record.run for record in desk.store.runs(before=None, limit=99) if record.run == row.run]
        assert runs, "its run is in the log"
