"""Tables as spreadsheets write them: every row comes back with the line it begins on, whatever is in it."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from graph.errors import Problem
from ingest.csvtable import Row, opened

COLUMNS = ("kind", "id", "name")

cells = st.text('ab;,\t"\n é', max_size=6)
rows = st.lists(st.tuples(cells, cells, cells), max_size=6)
plain_rows = st.lists(st.tuples(*[st.text("ab é", min_size=1, max_size=6)] * 3), min_size=1, max_size=8)


def read(text: str) -> list[Row | Problem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_text(text, encoding="utf-8", newline="")
        table = opened(path)
        assert not isinstance(table, Problem)
        assert table.columns == COLUMNS
        return list(table.rows())


@given(rows, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(given_rows: list[tuple[str, ...]], delimiter: str, end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(COLUMNS)
    expected: list[tuple[int, tuple[str, ...]]] = []
    for row in given_rows:
        line = text.getvalue().count("\n") + 1
        writer.writerow(row)
        if any(cell.strip() for cell in row):
            expected.append((line, tuple(cell.strip() for cell in row)))
    found = read(text.getvalue())
    assert [(row.line, tuple(row.cells.values())) for row in found if isinstance(row, Row)] == expected
    assert len(found) == len(expected)


@given(plain_rows, st.data())
def test_a_quotation_mark_that_is_not_closed_costs_its_row_alone(
    given_rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    broken = data.draw(st.integers(0, len(given_rows) - 1))
    lines = [",".join(COLUMNS), *(",".join(row) for row in given_rows)]
    lines[broken + 1] = '"' + lines[broken + 1]
    found = read("\n".join(lines) + "\n")
    told = [one for one in found if isinstance(one, Problem)]
    assert [(problem.position, problem.reason) for problem in told] == [
        (f"line {broken + 2}", "a quotation mark that is not closed")
    ]
    kept = [i + 2 for i, row in enumerate(given_rows) if i != broken and any(cell.strip() for cell in row)]
    assert [row.line for row in found if isinstance(row, Row)] == kept
