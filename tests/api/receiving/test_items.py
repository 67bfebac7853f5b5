"""The items of a batch are told apart as JSON has them, whatever stands in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.rest.lineage import items_of
from api.rest.problems import Refused

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1]), st.booleans())
def test_each_item_is_found_as_it_was_written(items: list[object], indent: int | None, ascii_only: bool):
    text = json.dumps(items, indent=indent, ensure_ascii=ascii_only)
    assert [json.loads(one) for one in items_of(f" \n{text}\t")] == items


@given(st.text(alphabet='[]{},"\\ 1a:'))
def test_what_is_no_array_is_refused_and_breaks_nothing(text: str):
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if isinstance(expected, list):
        assert [json.loads(one) for one in items_of(text)] == expected
    else:
        with pytest.raises(Refused):
            items_of(text)
