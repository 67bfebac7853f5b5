"""``-`` is standard input: a real pipe, plain or gzip, which has no name and no time of its own."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

import pytest

from graph.model import EdgeFacts, Uid
from ingest.files import STANDARD_INPUT, Unreadable, document, lines
from ingest.folders import expand
from ingest.registry import load_source
from ingest.report import RunReport, RunState
from tests.ingest.jobs import Desk, edge, node, section
from tests.support.saying import day

HOLDFAST = Path(sys.executable).with_name("holdfast")
RECORDS = "".join(f"{json.dumps(line)}\n" for line in section(node("a"), edge("a", "INVOKES", "b"), on=5))
UNDATED = RECORDS.replace(f', "read_at": {day(5)}', "")

Pipe = Callable[[bytes], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """Lets bytes come in through standard input, in small pieces, as a slow writer would send them."""
    with ExitStack() as opened:

        def feed(content: bytes) -> None:
            reading, writing = os.pipe()

            def write() -> None:
                # Whoever has read enough may leave.
                with suppress(BrokenPipeError), os.fdopen(writing, "wb", buffering=0) as end:
                    for start in range(0, len(content), 7):
                        end.write(content[start : start + 7])

            writer = Thread(target=write)
            opened.callback(writer.join)
            monkeypatch.setattr(sys, "stdin", opened.enter_context(os.fdopen(reading)))
            writer.start()

        yield feed


def ingest(desk: Desk, source: str = "records", **options: object) -> RunReport:
    return desk.run(STANDARD_INPUT, source=load_source(source), **options)


@pytest.mark.parametrize("packed", [False, True])
def test_records_come_in_through_a_pipe(desk: Desk, pipe: Pipe, packed: bool) -> None:
    content = RECORDS.encode()
    pipe(gzip.compress(content) if packed else content)
    report = ingest(desk)
    assert (report.state, report.nodes.created, report.edges.created) == (RunState.COMPLETED, 1, 1)
    assert desk.when("a") == [(5, None)]
    (first,) = [row for row in desk.ledger.history(Uid("a")) if not isinstance(row.claim.about, EdgeFacts)]
    assert first.claim.locator == "standard input: line 2"


def test_a_stream_has_no_time_of_its_own(desk: Desk, pipe: Pipe) -> None:
    pipe(UNDATED.encode())
    report = ingest(desk)
    problem = report.rejected[0]
    assert (problem.file, problem.position, problem.field) == ("standard input", "line 1", "scope.read_at")
    assert "--read-at" in problem.expected
    assert desk.ledger.head().sequence == 0


def test_the_flag_says_when_a_stream_was_read(desk: Desk, pipe: Pipe) -> None:
    pipe(UNDATED.encode())
    assert ingest(desk, read_at=day(7)).state is RunState.COMPLETED
    assert desk.when("a") == [(7, None)]


def test_a_stream_that_breaks_off_says_where(desk: Desk, pipe: Pipe) -> None:
    pipe(gzip.compress(RECORDS.encode() * 500)[:-20])
    report = ingest(desk)
    assert report.rejected[-1].file == "standard input"
    assert report.rejected[-1].reason == "a gzip stream that ends early or is broken"


def test_nothing_came_in(desk: Desk, pipe: Pipe) -> None:
    pipe(b"")
    report = ingest(desk)
    assert report.state is RunState.PARTIAL
    assert "Nothing was read" in report.warnings[0]


def test_one_stream_is_read_once_however_often_it_is_named(desk: Desk, pipe: Pipe) -> None:
    pipe(RECORDS.encode())
    report = desk.run(STANDARD_INPUT, desk.file(*section(node("c"), on=5, name="other")), STANDARD_INPUT)
    assert (report.state, report.nodes.created) == (RunState.COMPLETED, 2)
    assert list(expand([STANDARD_INPUT, STANDARD_INPUT])) == [STANDARD_INPUT]


def test_a_document_comes_in_whole(pipe: Pipe) -> None:
    pipe(b"\xef\xbb\xbf{}\n")
    assert document(STANDARD_INPUT) == "{}\n"


def test_lines_come_with_how_much_has_been_read(pipe: Pipe) -> None:
    pipe(b"one\ntwo\n")
    found = list(lines(STANDARD_INPUT))
    assert [(line.number, line.text) for line in found] == [(1, "one"), (2, "two")]
    assert found[-1].done == 8


def test_without_a_standard_input_there_is_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Unreadable):
        document(STANDARD_INPUT)


# Other sources


def test_a_list_of_objects_needs_a_time_beside_it(desk: Desk, pipe: Pipe) -> None:
    text = json.dumps(
        {"apiVersion": "v1", "kind": "NamespaceList", "items": [{"metadata": {"name": "prod"}}]}
    )
    pipe(text.encode())
    report = ingest(desk, "kubernetes", instance="eu-1")
    assert [(p.file, p.field) for p in report.rejected] == [("standard input", "read_at")]
    pipe(text.encode())
    assert ingest(desk, "kubernetes", instance="eu-1", read_at=day(3)).state is RunState.COMPLETED
    assert desk.ledger.head().sequence > 0


def test_a_table_needs_a_scope_too(desk: Desk, pipe: Pipe) -> None:
    text = b"kind,id\nteam,a\n"
    pipe(text)
    report = ingest(desk, "people", read_at=day(3))
    assert [(p.file, p.field) for p in report.rejected] == [("standard input", "scope")]
    pipe(text)
    assert ingest(desk, "people", read_at=day(3), scope="teams").nodes.created == 1


def test_no_sidecar_is_looked_for(
    desk: Desk, pipe: Pipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-.read.json").write_text("{", encoding="utf-8")
    pipe(b"kind,id\nteam,a\n")
    assert ingest(desk, "people", read_at=day(3), scope="teams").rejected_count == 0


# The command


@pytest.mark.parametrize("packed", [False, True])
def test_the_command_reads_what_is_piped_into_it(tmp_path: Path, packed: bool) -> None:
    content = RECORDS.encode()
    done = subprocess.run(
        [HOLDFAST, "ingest", "records", "-", "--json", "--store", str(tmp_path / "store.db")],
        input=gzip.compress(content) if packed else content,
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert json.loads(done.stdout)["nodes"]["created"] == 1
