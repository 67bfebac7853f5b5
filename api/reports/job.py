"""The job: a row for each node, written one by one, so that one that was stopped goes on where it was.

The folder first gets ``question.json``: what is asked, of which commit and date. Then a row at a
time goes to ``rows.unfinished``. Whoever runs the same question again in the same folder goes on at
that commit and that date, so that all rows of one report are answers to one question. At the end the
rows are written as JSON lines, a table and a page, and last the manifest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from api.documents.common import Document
from api.exports.cells import row, table
from api.exports.files import MANIFEST, Folder
from api.reports.page import page_lines
from graph.errors import InvalidQuestion
from graph.vocabulary import Certainty, Harm

QUESTION: Final = "question.json"
UNFINISHED: Final = "rows.unfinished"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about, as it is kept beside it; ``pinned`` are the commit and the date."""

    question: Document
    pinned: Document


def begun(folder: Path, question: Document) -> Asked | None:
    """Return what a folder's report is about, None for a new folder.

    Raises:
        InvalidQuestion: where another report is in it, something else, or one that is finished.
    """
    file = folder / QUESTION
    if not file.exists():
        if folder.exists() and any(folder.iterdir()):
            raise InvalidQuestion("out", f"there is something in {folder} already", "a new or empty folder")
        return None
    if (folder / MANIFEST).exists():
        raise InvalidQuestion("out", f"the report in {folder} is finished", "another folder for a new one")
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        asked = Asked(said["question"], said["pinned"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InvalidQuestion(
            "out", f"{file} cannot be read", "a folder that a report was begun in"
        ) from None
    check_same(folder, asked, question)
    return asked


def check_same(folder: Path, asked: Asked, question: Document) -> None:
    """Pass if a report that was begun asks for this.

    Raises:
        InvalidQuestion: otherwise; it names what differs.
    """
    differing = sorted(name for name in question if asked.question.get(name) != question[name])
    if differing:
        reason = f"the report begun in {folder} asks for other {', '.join(differing)}"
        raise InvalidQuestion("out", reason, "the same question, or another folder")


def begin(folder: Path, asked: Asked) -> None:
    """Make the folder, for its owner only, and keep in it what is asked."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps({"question": asked.question, "pinned": asked.pinned}, indent=2)
    _append(folder / QUESTION, [text])


def rows_so_far(folder: Path) -> dict[str, Document]:
    """Return the rows written so far by uid; a last one that was cut off is taken away."""
    file = folder / UNFINISHED
    if not file.exists():
        return {}
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    rows: dict[str, Document] = {}
    for line in whole.splitlines():
        row: Document = json.loads(line)
        rows[row["uid"]] = row
    file.write_bytes(whole + b"\n" if whole else b"")
    return rows


def write_rows(
    folder: Path, uids: Sequence[str], answer: Callable[[str], Document], told: Callable[[int], None]
) -> list[Document]:
    """Return the row of each node in order; those that are there already are not worked out again."""
    rows = rows_so_far(folder)
    for done, uid in enumerate(uids, start=1):
        if uid not in rows:
            rows[uid] = answer(uid)
            _append(folder / UNFINISHED, [json.dumps(rows[uid], allow_nan=False)])
        told(done)
    return [rows[uid] for uid in uids]


def finish(folder: Path, rows: Sequence[Document], said: dict[str, Any]) -> None:
    """Write the report's files and the manifest, and take away what was only for going on."""
    files = Folder(folder)
    lines = (json.dumps(found, allow_nan=False) for found in rows)
    end = json.dumps({"end": {"count": len(rows)}})
    files.write("rows.jsonl", chain(lines, [end]), len(rows))
    files.write("rows.csv", chain(table(_COLUMNS, map(_cells, rows)), [row(["#end", len(rows)])]), len(rows))
    files.write("report.html", page_lines(rows, said), len(rows))
    files.finish(said)
    (folder / UNFINISHED).unlink(missing_ok=True)


_COLUMNS: Final = (
    "uid",
    "kind",
    "type",
    "name",
    "harm",
    "nodes",
    "certain",
    "possible",
    "highest_criticality",
    "unknown_criticality",
    "owners",
    "unowned",
    "unknown_owners",
    "cut_short",
    "worst",
    "worst_path",
    *(f"{harm.value.lower()}_{certainty.value}" for harm in Harm for certainty in Certainty),
)


def _cells(found: Document) -> Sequence[object]:
    worst: Document = found["worst"][0] if found["worst"] else {}
    named = "; ".join(owner["name"] or owner["uid"] for owner in found["owners"])
    return (
        *(found[name] for name in _COLUMNS[:10]),
        named + (f"; and {found['more_owners']} more" if found["more_owners"] else ""),
        found["unowned"],
        found["unknown_owners"],
        found["truncated"] is not None,
        f"{worst['name'] or worst['uid']} {worst['harm']} ({worst['certainty']})" if worst else "",
        worst.get("path", ""),
        *(found["harms"].get(h.value, {}).get(c.value, 0) for h in Harm for c in Certainty),
    )


def _append(file: Path, lines: Iterable[str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        for line in lines:
            opened.write(f"{line}\n".encode())
        opened.flush()
        os.fsync(opened.fileno())


def totals_over(rows: Iterable[Document]) -> Iterator[tuple[str, int]]:
    """Yield the counts over all rows that a gate may name: sums, and the highest known criticality."""
    found = list(rows)
    yield "sources", len(found)
    yield "reached", sum(row["certain"] + row["possible"] for row in found)
    for name in ("certain", "possible", "nodes", "unknown_criticality"):
        yield name, sum(row[name] for row in found)
    yield "criticality", max((row["highest_criticality"] or 0 for row in found), default=0)
