"""Dates as people write them."""

from datetime import datetime

import pytest

from api.times import instant_of, moment, standpoint
from graph.errors import InvalidQuestion
from graph.model import OPEN_END, CommitNumber, Instant
from queries.estate import Standpoint

NEW_YEAR = Instant(1_767_225_600_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01", NEW_YEAR),
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01T00:00:00.250Z", NEW_YEAR + 250),
        ("2025-12-31T19:00:00-05:00", NEW_YEAR),
        (" 2026-01-01 ", NEW_YEAR),
        ("2026-01-01t00:00:00z", NEW_YEAR),
    ],
)
def test_a_date_is_its_first_moment_in_utc_and_a_time_has_its_zone(text: str, expected: int):
    assert moment(text, "as_of") == expected


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00", "today", "", "2026-13-01", "20260101T000000", "12"])
def test_everything_else_is_refused_with_what_was_expected(text: str):
    with pytest.raises(InvalidQuestion, match=r"as_of: .* Expected a date"):
        moment(text, "as_of")


def test_what_was_expected_is_what_would_be_taken():
    with pytest.raises(InvalidQuestion, match=r"a zone .*, or the number of a commit\."):
        standpoint(known_at="yesterday")
    with pytest.raises(InvalidQuestion, match=r"Expected a time with a zone \("):
        instant_of(datetime(2026, 1, 1), "asOf")  # noqa: DTZ001 - it has none


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"]
)
def test_a_time_outside_the_calendar_is_refused_and_never_taken_for_its_end(text: str):
    with pytest.raises(InvalidQuestion, match=r"as_of: .* is outside the calendar"):
        moment(text, "as_of")


def test_the_last_moment_of_the_calendar_is_a_time_like_any_other():
    assert moment("9999-12-31T23:59:59.998Z", "as_of") == OPEN_END - 1


def test_known_at_is_a_commit_or_a_time():
    assert standpoint(known_at="7") == Standpoint(known=CommitNumber(7))
    assert standpoint(known_at="2026-01-01") == Standpoint(known_at=NEW_YEAR)
    assert standpoint("2026-01-01", None, 1) == Standpoint(as_of=NEW_YEAR, rules_version=1)
