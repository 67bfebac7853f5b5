"""Exports, saved from a real server; and what is not saved from one that breaks off or lies."""

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from holdfast_client import BrokenExport, Client, NotReached, Refused

AS_OF = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("form", ["jsonl", "csv", "graphml", "openlineage"])
def test_each_form_is_saved_and_checked(client: Client, tmp_path: Path, form: Any):
    export = client.export(form, tmp_path / "deep" / form, as_of=AS_OF)
    assert export.manifest["format"] == form
    assert export.manifest["as_of"] == "2026-01-10T00:00:00.000Z"
    assert {path.name for path in export.folder.iterdir()} == {f.path.name for f in export.files} | {
        "manifest.json"
    }
    for file in export.files:
        assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
        assert (file.path.stat().st_size, stat.S_IMODE(file.path.stat().st_mode)) == (file.size, 0o600)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == [form]


def test_filters_are_those_of_the_questions(client: Client, tmp_path: Path):
    export = client.export("jsonl", tmp_path / "keys", kinds=["Secret"], as_of=AS_OF)
    nodes = next(file for file in export.files if file.path.name == "nodes.jsonl")
    assert (nodes.count, export.manifest["filters"]["kinds"]) == (1, ["Secret"])


def test_a_folder_with_something_in_it_is_left_alone(client: Client, tmp_path: Path):
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(FileExistsError):
        client.export("csv", tmp_path)
    with pytest.raises(FileExistsError):
        client.export("csv", tmp_path / "mine")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["kept"]
    (tmp_path / "empty").mkdir()
    assert client.export("csv", tmp_path / "empty").files


def test_a_form_that_there_is_not_is_refused(client: Client, tmp_path: Path):
    with pytest.raises(Refused) as refused:
        client.export("parquet", tmp_path / "out")  # type: ignore[arg-type]
    assert (refused.value.status, refused.value.code) == (422, "invalid_question")
    with pytest.raises(ValueError, match="no form"):
        client.export("../livez", tmp_path / "out")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- servers that lie, or break off

GOOD = b'{"uid": "a"}\n{"end": {"count": 1}}\n'


def manifest(**files: tuple[bytes, int]) -> bytes:
    listed = [
        {"name": f"{name}.jsonl", "count": n, "bytes": len(c), "sha256": hashlib.sha256(c).hexdigest()}
        for name, (c, n) in files.items()
    ]
    return json.dumps({"format": "jsonl", "files": listed}).encode()


def packed(*entries: tuple[str, bytes | str]) -> bytes:
    """An archive; a text in place of bytes is where a link leads."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


NODES = ("jsonl/nodes.jsonl", GOOD)
LISTED = ("jsonl/manifest.json", manifest(nodes=(GOOD, 1)))
WHOLE = packed(NODES, LISTED)


@pytest.fixture
def other() -> Iterator[tuple[Client, dict[str, Any]]]:
    """A server that sends what the test says."""
    says: dict[str, Any] = {"body": WHOLE, "length": None}

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            length = says["length"] or len(says["body"])
            if length != "none":
                self.send_header("content-length", str(length))
            self.end_headers()
            self.wfile.write(says["body"])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        with Client(f"http://127.0.0.1:{http.server_port}") as client:
            yield client, says
        http.shutdown()


def test_a_server_that_does_well_is_believed(other: Any, tmp_path: Path):
    client, _ = other
    assert [f.count for f in client.export("jsonl", tmp_path / "out").files] == [1]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(packed(LISTED), "other files", id="a file is missing"),
        pytest.param(packed(NODES), "not finished", id="no manifest"),
        pytest.param(packed(NODES, ("jsonl/more.jsonl", GOOD), LISTED), "other files", id="a file too many"),
        pytest.param(packed(("jsonl/nodes.jsonl", GOOD + b"\n"), LISTED), "content", id="another content"),
        pytest.param(
            packed(NODES, ("jsonl/manifest.json", manifest(nodes=(GOOD, 2)))), "count 1", id="another count"
        ),
        pytest.param(
            packed(("jsonl/nodes.jsonl", b"{}\n"), ("jsonl/manifest.json", manifest(nodes=(b"{}\n", 1)))),
            "count None",
            id="no end",
        ),
        pytest.param(packed(NODES, NODES, LISTED), "plain file", id="twice"),
        pytest.param(packed(("jsonl/../../out.jsonl", GOOD), LISTED), "plain file", id="dots"),
        pytest.param(packed(("/tmp/out.jsonl", GOOD), LISTED), "plain file", id="absolute"),
        pytest.param(packed(("jsonl/deeper/nodes.jsonl", GOOD), LISTED), "plain file", id="deeper"),
        pytest.param(packed(("jsonl/..", GOOD), LISTED), "plain file", id="parent"),
        pytest.param(packed(("other/nodes.jsonl", GOOD), LISTED), "plain file", id="another folder"),
        pytest.param(packed(("jsonl/nodes.jsonl", "../../secret"), LISTED), "plain file", id="a link"),
        pytest.param(WHOLE[:700], "unpacked|not finished", id="cut off and said so"),
        pytest.param(b"<p>Log in</p>" * 100, "unpacked", id="no archive"),
        pytest.param(packed(NODES, ("jsonl/manifest.json", b"[]")), "object", id="manifest of another shape"),
        pytest.param(
            packed(NODES, ("jsonl/manifest.json", b'{"files": [{"name": "../x"}]}')), "without", id="names"
        ),
    ],
)
def test_what_is_not_as_it_was_sent_is_not_kept(other: Any, tmp_path: Path, body: bytes, why: str):
    client, says = other
    says["body"] = body
    with pytest.raises(BrokenExport, match=why):
        client.export("jsonl", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_is_an_error(other: Any, tmp_path: Path):
    client, says = other
    says["length"] = len(WHOLE) + 1
    with pytest.raises(NotReached):
        client.export("jsonl", tmp_path / "out")
    says["length"] = "none"  # then nobody could tell that it broke off
    with pytest.raises(BrokenExport, match="bytes of None"):
        client.export("jsonl", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
