"""YAML of one document or several: what is read, where it stands, and what is refused."""

from __future__ import annotations

import pytest

from ingest.yamltext import Document, Malformed, Mark, read_document, read_documents

SEVERAL = """\
%YAML 1.2
---
# nothing in it
---
name: a  # the first
text: |
  ---
  not a document
--- {name: b}
---
name: c
name: d
---\r
name: e
...
"""


def test_documents_have_lines_of_their_own_and_a_broken_one_keeps_no_other_out() -> None:
    found = list(read_documents(SEVERAL))
    assert [
        (one.value, one.line(())) if isinstance(one, Document) else (one.reason, one.line) for one in found
    ] == [
        ({"name": "a", "text": "---\nnot a document\n"}, 5),
        ({"name": "b"}, 9),
        ("the field 'name' stands there twice", 12),
        ({"name": "e"}, 14),
    ]


@pytest.mark.parametrize("text", ["", "---\n", "# only a comment\n", "---\n---\n...\n"])
def test_nothing_is_no_document(text: str) -> None:
    assert list(read_documents(text)) == []


def test_scalars_are_texts_where_only_texts_are_asked_for() -> None:
    text = "a: on\nb: 007\nc: 2026-01-31\nd: null\ne: ~\nf: 'null'\ng:\nh: 1.50\ni: 0x1F\n"
    assert read_document(text, only_texts=True).value == {
        "a": "on",
        "b": "007",
        "c": "2026-01-31",
        "d": None,
        "e": None,
        "f": "null",
        "g": None,
        "h": "1.50",
        "i": "0x1F",
    }


def test_values_and_names_of_fields_have_their_places() -> None:
    document = read_document("tables:\n  apps: {kind: Asset}\n  keys:\n    kind: Secret\n")
    assert document.mark(("tables", "apps", "kind")) == Mark(2, 16)
    assert document.mark(("tables", "apps", "kind"), of_name=True) == Mark(2, 10)
    assert document.mark(("tables", "keys")) == Mark(4, 5)
    assert document.mark(("tables", "keys"), of_name=True) == Mark(3, 3)
    # What is missing is looked for where it should stand.
    assert document.mark(("tables", "apps", "id")) == Mark(2, 9)
    assert document.line(("tables", "more", "id")) == 2


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: &x 1\nb: *x\n", 1, "an anchor or alias"),
        ("a: 1\nb: !!str 2\n", 2, "a tag"),
        ("a: 1\n---\nb: 1\n", 2, "a second document"),
        ("a: 1\n? [b]\n: 1\n", 2, "a field whose name is not text"),
        ("a: [1\n", 2, "text that is no YAML"),
        ("a: 1\nb: \x00\n", 2, "a character that YAML does not allow"),
        ("a: " + "[" * 100, 1, "nested too deeply"),
        ("", 1, "the file is empty"),
    ],
)
def test_what_is_refused_is_told_by_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_document(text)
    assert (refused.value.line, refused.value.reason) == (line, reason)
