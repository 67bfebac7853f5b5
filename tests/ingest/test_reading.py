"""Files, JSON and times as sources find them: read within bounds, or refused with a place."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import Problem
from graph.model import Instant
from graph.vocabulary import Kind
from ingest.files import Unreadable, document, lines
from ingest.folders import HIDDEN, OTHER_SORT, expand
from ingest.jsontext import NotJson, ascii_safe, parse_json, shown
from ingest.record import Rejected, Skipped
from ingest.times import parse_date, parse_time
from ingest.uids import native_uid

# Uids


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_different_native_ids_give_different_uids(one: list[str], other: list[str]) -> None:
    def uid(parts: list[str]) -> str:
        return native_uid(Kind.ASSET, "k8s", *parts)

    assert (uid(one) == uid(other)) == (one == other)


@given(st.text(), st.text())
def test_schemes_and_ids_do_not_run_into_each_other(scheme: str, native: str) -> None:
    assert native_uid(Kind.ASSET, scheme + ":x", native) != native_uid(Kind.ASSET, scheme, "x:" + native)


def test_a_uid_without_a_native_part_would_be_everybodys() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        native_uid(Kind.ASSET, "arn")


# Files


def written(folder: Path, content: bytes) -> Path:
    path = folder / "input"
    path.write_bytes(content)
    return path


def read(path: Path, limit: int = 100) -> list[tuple[int, str | None]]:
    return [(line.number, None if line.problem else line.text) for line in lines(path, limit=limit)]


@pytest.mark.parametrize("packed", [False, True])
def test_lines_come_one_by_one_whatever_ends_them(tmp_path: Path, packed: bool) -> None:
    content = b"\xef\xbb\xbfone\r\ntwo\n\nfour"
    path = written(tmp_path, gzip.compress(content) if packed else content)
    assert read(path) == [(1, "one"), (2, "two"), (3, ""), (4, "four")]
    assert document(path) == "one\r\ntwo\n\nfour"


@pytest.mark.parametrize("end", [b"", b"\n", b"\nnext\n"])
@pytest.mark.parametrize("size", [11, 12, 22, 23, 1_000])
def test_a_line_that_is_too_long_is_passed_over_whole(tmp_path: Path, size: int, end: bytes) -> None:
    path = written(tmp_path, b"first\n" + b"x" * size + end)
    after = [(3, "next")] if end == b"\nnext\n" else []
    assert read(path, limit=10) == [(1, "first"), (2, None), *after]


def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path, b"x" * 10 + b"\ny\n"), limit=10) == [(1, "x" * 10), (2, "y")]


def test_bytes_that_are_not_utf_8_spoil_their_line_only(tmp_path: Path) -> None:
    path = written(tmp_path, b"one\ntw\xf6\nthree\n")
    assert read(path) == [(1, "one"), (2, None), (3, "three")]
    with pytest.raises(Unreadable) as caught:
        document(path)
    assert caught.value.problem.position == "line 2"


def test_a_document_beyond_its_limit_is_refused_however_small_it_is_packed(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"x" * 1_000_000))
    assert path.stat().st_size < 2_000
    with pytest.raises(Unreadable) as caught:
        document(path, limit=10_000)
    assert caught.value.problem.reason == "a document that is too large"


def in_folder(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text("")


def test_a_folder_stands_for_its_files_in_order_and_counts_hidden_ones(tmp_path: Path) -> None:
    in_folder(tmp_path, "b/2", "a", "b/1", ".git/config", ".git/head", "b/.hidden")
    found = list(expand([tmp_path]))
    assert [str(p.relative_to(tmp_path)) for p in found if isinstance(p, Path)] == ["a", "b/1", "b/2"]
    # The hidden folder is one thing that was passed over, whatever is in it.
    assert [r for r in found if not isinstance(r, Path)] == [Skipped(HIDDEN)] * 2


def test_what_does_not_fit_is_counted_in_a_folder_and_read_when_named(tmp_path: Path) -> None:
    in_folder(tmp_path, "a.csv", "b.txt", "c/d.txt", ".github/e.csv")
    found = list(expand([tmp_path], lambda name: name.endswith(".csv")))
    assert found == [Skipped(HIDDEN), tmp_path / "a.csv", Skipped(OTHER_SORT), Skipped(OTHER_SORT)]
    named = [tmp_path / "b.txt", tmp_path / ".github/e.csv"]
    assert list(expand(named, lambda name: name.endswith(".csv"))) == named


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_folder(tmp_path, "a", "closed/b")
    scandir = os.scandir

    def refusing(place: str) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", place)
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)  # rights do not bind an administrator, who may run this
    problem = Problem("closed", "", "", "permission denied", "a folder that can be read")
    assert list(expand([tmp_path])) == [Rejected(problem), tmp_path / "a"]


# JSON


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing"),
        ("  ", "nothing"),
        ('{"a": ', "JSON that ends early"),
        ('"open', "JSON that ends early"),
        ("{a: 1}", "text that is not JSON"),
        ("[1] [2]", "more after the end of the value"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' stands twice in one object"),
        ('[{"x": {"a": 1, "a": 1}}]', "the key 'a' stands twice in one object"),
        ("[NaN]", "NaN, which is no JSON number"),
        ("[-Infinity]", "-Infinity, which is no JSON number"),
        ("[" * 101 + "]" * 101, "nesting deeper than 100 levels"),
    ],
)
def test_what_is_no_json(text: str, reason: str) -> None:
    with pytest.raises(NotJson) as caught:
        parse_json(text)
    assert caught.value.reason == reason


def test_depth_is_counted_and_not_brackets() -> None:
    assert parse_json("[" * 100 + "]" * 100) is not None
    assert parse_json(str([[] for _ in range(1_000)])) == [[] for _ in range(1_000)]
    assert parse_json('["' + "[" * 1_000 + '"]') == ["[" * 1_000]
    assert parse_json('["\\"' + "[" * 1_000 + '"]') == ['"' + "[" * 1_000]


def test_an_integer_beyond_any_store_stays_beyond_it() -> None:
    assert parse_json("9" * 10_000) == int("9" * 40)


def test_names_are_shown_without_secrets_and_without_what_a_terminal_obeys() -> None:
    assert shown("na\x1b[31mme\u202e") == "'na\\x1b[31mme\\u202e'"
    assert shown("sk-proj-abcdefghijkl0123") == "'[redacted]'"
    assert ascii_safe("größe \x07 \ud800") == "größe \\x07 \\ud800"


# Times


@pytest.mark.parametrize(
    ("value", "moment", "zoned"),
    [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000, True),
        ("2026-01-01t00:00:00z", 1_767_225_600_000, True),
        ("2026-01-01 02:00:00+02:00", 1_767_225_600_000, True),
        ("2025-12-31T23:59:59.9999999-00:00", 1_767_225_599_999, True),
        ("2026-01-01T00:00:00.5", 1_767_225_600_500, False),
        ("2026-01-01", 1_767_225_600_000, False),
        (0, 0, True),
        (-62_135_596_800_000, -62_135_596_800_000, True),
        ("1969-12-31T23:59:59.999Z", -1, True),
    ],
)
def test_times(value: object, moment: int, zoned: bool) -> None:
    assert (parse_time(value).moment, parse_time(value).zoned) == (moment, zoned)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2026-02-30",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:00",
        "20260101T000000Z",
        "2026-W01-1",
        "0001-01-01T00:00:00+23:59",
        "٢٠٢٦-01-01",
        "2026-01-01T00:00:00Z ",
        253_402_300_799_999,
        10**18,
        1.5,
        True,
        None,
        [],
    ],
)
def test_what_is_no_time(value: object) -> None:
    with pytest.raises(ValueError, match=r"time|milliseconds"):
        parse_time(value)


def test_a_date_is_its_first_moment() -> None:
    assert parse_date("2026-01-01") == Instant(1_767_225_600_000)
