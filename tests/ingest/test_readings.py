"""Which files are one reading, of what time, and when it is whole."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from graph.model import Instant, SourceInstance
from ingest.documents import NOT_SAID
from ingest.readings import PartOfScope, Reading, readings
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.sidecar import InputFile, Sidecar
from tests.ingest.jobs import FINGERPRINTS

CONTEXT = ReadContext(SourceInstance("tables"), FINGERPRINTS, Instant(0))


def file(folder: Path, name: str, at: int | None = None, sidecar: Sidecar | None = None) -> InputFile:
    """A file that was changed at a second of 1970, or that is not there."""
    path = folder / name
    if at is not None:
        path.touch()
        os.utime(path, (at, at))
    return InputFile(path, sidecar)


def planned(*parts: PartOfScope, context: ReadContext = CONTEXT) -> tuple[tuple[Reading, ...], list[Record]]:
    told: list[Record] = []
    planning = readings(parts, context)
    while True:
        try:
            told.append(next(planning))
        except StopIteration as done:
            return done.value, told


def said(of: tuple[Reading, ...]) -> list[tuple[str, int, int, str | None]]:
    return [(one.scope.name, one.read_at, len(one.parts), one.why_partial) for one in of]


def sidecar(at: int, *filters: str) -> Sidecar:
    return Sidecar("export", filters, "s", Instant(at))


def test_files_without_a_time_have_that_of_the_newest(tmp_path: Path) -> None:
    parts = [PartOfScope(file(tmp_path, f"{at}.csv", at), "s") for at in (7, 9, 8)]
    of, told = planned(*parts)
    assert said(of) == [("s", 9_000, 3, NOT_SAID)]
    assert [type(one) for one in told] == [Noted] * 3


def test_files_of_two_times_are_two_readings_in_their_order(tmp_path: Path) -> None:
    parts = [PartOfScope(file(tmp_path, f"{at}.csv", 1, sidecar(at)), "s") for at in (9, 7, 9)]
    assert said(planned(*parts)[0]) == [("s", 7, 1, None), ("s", 9, 2, None)]


def test_one_part_that_is_not_whole_keeps_all_from_being_it(tmp_path: Path) -> None:
    whole = PartOfScope(file(tmp_path, "a.csv", 1, sidecar(5)), "s")
    for other, why in (
        (
            PartOfScope(file(tmp_path, "b.csv", 1, sidecar(5, "live")), "s"),
            "it was read with the filters live",
        ),
        (PartOfScope(file(tmp_path, "b.csv", 1, sidecar(5)), "s", why_partial="a filter"), "a filter"),
        (PartOfScope(file(tmp_path, "b.csv", 1), "s", read_at=Instant(5)), NOT_SAID),
    ):
        assert said(planned(whole, other)[0]) == [("s", 5, 2, why)]


def test_who_runs_the_job_goes_before_the_files(tmp_path: Path) -> None:
    context = replace(CONTEXT, read_at=Instant(3), complete=True)
    parts = (
        PartOfScope(file(tmp_path, "a.csv", 1), "s", read_at=Instant(5)),
        PartOfScope(file(tmp_path, "b.csv", 1), "t", why_partial="a filter"),
    )
    assert said(planned(*parts, context=context)[0]) == [("s", 3, 1, None), ("t", 3, 1, "a filter")]


def test_what_the_mapping_says_counts_where_nobody_else_does(tmp_path: Path) -> None:
    part = PartOfScope(file(tmp_path, "a.csv", 1), "s", read_at=Instant(5), is_whole=True)
    assert said(planned(part)[0]) == [("s", 5, 1, None)]


def test_a_file_that_is_not_there_is_a_problem_of_its_scope(tmp_path: Path) -> None:
    of, (problem,) = planned(PartOfScope(file(tmp_path, "gone.csv"), "s"))
    assert of == ()
    assert isinstance(problem, Rejected)
    assert problem.scope is not None
    assert problem.scope.name == "s"
