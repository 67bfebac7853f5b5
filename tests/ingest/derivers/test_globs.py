"""Patterns, held against all texts of a small alphabet."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ingest.derivers.globs import covers, literal_prefix, matches, overlap

TEXTS = ["".join(letters) for length in range(6) for letters in product("ab", repeat=length)]
PATTERNS = st.text(alphabet="ab*?", max_size=5)


def is_in(pattern: str, text: str) -> bool:
    """Matching as it is defined, letter by letter; written apart from the code under test."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        return any(is_in(rest, text[i:]) for i in range(len(text) + 1))
    return bool(text) and head in (text[0], "?") and is_in(rest, text[1:])


@given(PATTERNS, st.sampled_from(TEXTS))
def test_a_pattern_takes_in_what_it_is_defined_to(pattern, text):
    assert matches(pattern, text) == is_in(pattern, text)


@given(PATTERNS, PATTERNS)
def test_what_is_covered_takes_in_nothing_more(wide, narrow):
    if covers(wide, narrow):
        assert [text for text in TEXTS if is_in(narrow, text) and not is_in(wide, text)] == []


@given(PATTERNS)
def test_a_pattern_covers_itself_and_what_it_takes_in(pattern):
    assert covers(pattern, pattern)
    for text in TEXTS:
        assert covers(pattern, text) == is_in(pattern, text)


@given(PATTERNS, PATTERNS)
def test_two_overlap_if_and_only_if_one_text_is_in_both(first, second):
    shared = [text for text in TEXTS if is_in(first, text) and is_in(second, text)]
    # The shortest text that two patterns share is no longer than both together without their stars.
    longest = max(len(text) for text in TEXTS)
    if shared or len(first.replace("*", "")) + len(second.replace("*", "")) <= longest:
        assert overlap(first, second) == bool(shared)


@given(PATTERNS)
def test_all_that_a_pattern_takes_in_begins_with_its_fixed_beginning(pattern):
    prefix = literal_prefix(pattern)
    assert all(text.startswith(prefix) for text in TEXTS if is_in(pattern, text))


def test_characters_of_regular_expressions_are_themselves():
    assert matches("a.b[c]+(d)", "a.b[c]+(d)")
    assert not matches("a.b", "axb")
    assert matches("a*", "a\nb")


def test_many_stars_are_no_slower():
    assert not matches("*a" * 50 + "*b", "a" * 5_000)
