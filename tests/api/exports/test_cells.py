"""Cells: whatever a name holds, a table keeps its rows and runs nothing."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exports.cells import cell, row


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=5))
def test_a_row_is_read_back_as_the_cells_that_it_was_made_of(texts):
    read = list(csv.reader(io.StringIO(row(texts) + "\n", newline="")))
    assert read == [[cell(text) for text in texts]]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"])
def test_no_cell_begins_like_a_formula(text):
    assert cell(text) == f"'{text}"
