"""Reading JSON while it arrives gives what reading it whole gives, wherever the text is cut."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import jsonstream
from ingest.jsonstream import Entered, Given, Left, pointer_of, stream_json
from ingest.jsontext import NotJson, parse_json

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=25,
)
TEXTS = st.builds(
    lambda value, ascii_only, indent: json.dumps(value, ensure_ascii=ascii_only, indent=indent),
    VALUES,
    st.booleans(),
    st.sampled_from([None, 0, 1]),
)
MARKS = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', "\\", "NaN", "-Infinity", "1", ".", "e", "-", "\\ud800", "tru", "\n"]
)
DEPTHS = st.integers(0, 4)


def cut(text: str, sizes: list[int]) -> list[str]:
    """The text in pieces of these sizes, over and over."""
    pieces, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        pieces.append(text[at : at + size])
        at, turn = at + size, turn + 1
    return pieces


def rebuilt(pieces, enter) -> Any:
    """The value that the steps through a document give."""
    made: list[Any] = []
    top: Any = None
    for step in stream_json(pieces, enter):
        match step:
            case Entered(path, is_list):
                made.append((path, is_list, {}))
            case Left(path):
                inner_path, is_list, inner = made.pop()
                assert inner_path == path
                whole = list(inner.values()) if is_list else inner
                if not made:
                    top = whole
                else:
                    made[-1][2][path[-1]] = whole
            case Given(path, value):
                if not made:
                    top = value
                else:
                    made[-1][2][path[-1]] = value
    assert not made
    return top


@settings(max_examples=300)
@given(TEXTS, DEPTHS, st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_it_gives_what_the_whole_text_gives(text, depth, sizes):
    found = rebuilt(cut(text, sizes), lambda path: len(path) < depth)
    assert repr(found) == repr(parse_json(text))


@settings(max_examples=600)
@given(TEXTS, DEPTHS, st.integers(0, 200), st.integers(0, 3), st.lists(MARKS, max_size=3), st.integers(1, 9))
def test_it_refuses_what_is_refused_of_the_whole_text(text, depth, at, gone, marks, size):
    """A text broken at any place is refused by both or by none."""
    at = min(at, len(text))
    broken = text[:at] + "".join(marks) + text[at + gone :]
    expected, fault = tried(lambda: parse_json(broken))
    found, told = tried(lambda: rebuilt(cut(broken, [size]), lambda path: len(path) < depth))
    assert (told is None) == (fault is None)
    if fault is None:
        assert repr(found) == repr(expected)
    elif told is not None and fault.line and fault.reason == told.reason and depth == 0:
        assert (told.line, told.column) == (fault.line, fault.column)


def tried(read: Callable[[], Any]) -> tuple[Any, NotJson | None]:
    try:
        return read(), None
    except NotJson as error:
        return None, error


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing"),
        (" \n", "nothing"),
        ('{"a": [1, 2', "JSON that ends early"),
        ('{"a": "b', "JSON that ends early"),
        ('{"a": 1} x', "more after the end of the value"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
        ('{"a": {"b": 1, "b": 2}}', "the key 'b' stands twice in one object"),
        ('{"a": NaN}', "NaN, which is no JSON number"),
        ('{"a": -Infinity}', "-Infinity, which is no JSON number"),
        ('{"a": [1,]}', "text that is not JSON"),
        ('{"a": 1,}', "text that is not JSON"),
        ('{"a" 1}', "text that is not JSON"),
        ("{'a': 1}", "text that is not JSON"),
        ('{"a": 01}', "text that is not JSON"),
        ('{"a": "\n"}', "text that is not JSON"),
    ],
)
def test_what_is_wrong_is_told_as_for_a_whole_text(text, reason, depth, size):
    with pytest.raises(NotJson) as told:
        list(stream_json(cut(text, [size]), lambda path: len(path) < depth))
    assert told.value.reason == reason


@pytest.mark.parametrize("depth", [0, 1, 50, 200])
def test_depth_is_bounded_over_what_is_entered_and_what_is_not(depth):
    def enter(path):
        return len(path) < depth

    fits, deeper = "[" * 100 + "]" * 100, "[" * 101 + "]" * 101
    assert list(stream_json([fits], enter))
    with pytest.raises(NotJson, match="deeper than 100 levels") as told:
        list(stream_json(["\n", deeper], enter))
    assert told.value.line == 2


def test_what_stands_before_a_fault_is_given_first():
    steps = stream_json(['{"items": [1, 2, ', '3, "planted-value'], lambda path: True)
    with pytest.raises(NotJson) as told:
        list(steps)
    assert (told.value.line, told.value.column) == (1, 21)
    assert "planted" not in str(told.value)
    assert [
        step.path for step in _until_fault(['{"items": [1, 2, ', "3, x]}"]) if isinstance(step, Given)
    ] == [("items", 0), ("items", 1), ("items", 2)]


def _until_fault(pieces):
    try:
        yield from stream_json(pieces, lambda path: True)
    except NotJson:
        return


def test_a_fault_far_in_is_told_with_its_line():
    lines = ["["] + ['{"a": "' + "x" * 3000 + '"},'] * 200 + ["oops]"]
    with pytest.raises(NotJson) as told:
        list(stream_json(cut("\n".join(lines), [1000]), lambda path: len(path) < 1))
    assert (told.value.line, told.value.column) == (202, 1)


def test_memory_does_not_grow_with_the_list():
    def peak(count: int) -> int:
        pieces = ['{"items": [', *('{"name": "' + "x" * 200 + '"},' for _ in range(count)), '{"name": 1}]}']
        tracemalloc.start()
        for _ in stream_json(iter(pieces), lambda path: len(path) < 2):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < peak(2_000) + 400_000


def test_pointers():
    assert pointer_of(()) == ""
    assert pointer_of(("a~b", 0, "c/d")) == "/a~0b/0/c~1d"
    assert pointer_of(("\ud800\x1b",)) == "/\\ud800\\x1b"


def test_a_value_that_is_too_large_to_be_given_as_one_is_refused(monkeypatch):
    monkeypatch.setattr(jsonstream, "VALUE_LIMIT", 200_000)
    large = '{"a": [' + "1," * 400_000 + "1]}"
    with pytest.raises(NotJson, match="too large"):
        list(stream_json(cut(large, [1000]), lambda path: not path))
    assert len(list(stream_json(cut(large, [1000]), lambda path: True))) == 400_001 + 4


def test_text_without_an_end_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(jsonstream, "VALUE_LIMIT", 200_000)
    read = []

    def endless():
        while True:
            read.append(1)
            yield "x" * 10_000 if len(read) > 1 else '{"a": "'

    with pytest.raises(NotJson, match="too large"):
        list(stream_json(endless(), lambda path: True))
    assert len(read) < 200
