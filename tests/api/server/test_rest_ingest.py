"""Files that are sent to be read in: as with the command, whole or not at all, one after the other."""

import gzip
import http.client
import io
import json
import sqlite3
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.rest import bodies
from api.rest.archives import untar
from api.rest.ingest import MOST_WAITING
from api.rest.problems import Refused
from graph.store import open_store
from tests.api.server.conftest import Answer, Running, serving

MOST = 4_000_000
"""The bound on bodies of the server that is tested."""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A server with a small bound on bodies, and its folder."""
    folder = tmp_path_factory.mktemp("writable")
    open_store(str(folder / "estate.db")).close()
    with serving(folder / "estate.db", folder, {"HOLDFAST_MAX_INGEST_BYTES": str(MOST)}) as running:
        yield running, folder


def line(uid: str, **more: Any) -> dict[str, Any]:
    return {"node": {"uid": uid, "kind": "Secret", "name": "A key", **more}}


def records(*lines: dict[str, Any], name: str = "estate", **scope: str) -> bytes:
    whole = [{"scope": {"name": name, **scope}}, *lines, {"end": {"scope": name, "count": len(lines)}}]
    return "\n".join(map(json.dumps, whole)).encode()


def put(running: Running, query: str, body: bytes, source: str = "records", **headers: str) -> Answer:
    headers = {"authorization": f"Bearer {running.token}", **headers}
    return running.ask("PUT", f"/api/v1/ingest/{source}{query}", body, **headers)


def head(running: Running) -> tuple[int, int]:
    ready = running.ask("GET", "/readyz").json()
    return ready["commit"], ready["run_position"]


def left_over(folder: Path) -> list[Path]:
    return [path for path in (folder / ".holdfast/spool/incoming").rglob("*") if path.is_file()]


def test_the_answer_is_the_report_and_the_graph_has_what_was_said(writable):
    running, folder = writable
    answer = put(running, "?instance=ci&read_at=2026-11-19T06:00:00Z&file=keys.jsonl", records(line("k:1")))
    report = answer.json()
    assert (answer.status, report["state"], report["source"]) == (200, "completed", "records/ci")
    assert report["scopes"][0]["complete"] is True
    assert report["scopes"][0]["read_at"] == "2026-11-19T06:00:00.000Z"
    again = put(running, "?instance=ci&read_at=2026-11-19T06:00:00Z", records(line("k:1"))).json()
    assert again["commits"]["count"] == 0
    found = running.data('{ search(text: "k:1") { ... on SearchResults { nodes { uid } } } }')["search"]
    assert found["nodes"] == [{"uid": "k:1"}]
    assert left_over(folder) == []


@pytest.mark.parametrize("layers", ["encoding", "file", "both"])
def test_gzip_is_unpacked_however_it_is_sent(writable, layers: str):
    running, _ = writable
    body = gzip.compress(records(line(f"packed:{layers}")))
    body = gzip.compress(body) if layers == "both" else body
    headers = {} if layers == "file" else {"content_encoding": "gzip"}
    answer = put(running, "?read_at=2026-11-19", body, **headers)
    assert (answer.status, answer.json()["nodes"]["created"]) == (200, 1)


def test_what_cannot_be_read_is_named_by_file_position_and_field(writable):
    running, _ = writable
    body = records(line("bad:1", kind="Nonsense"), line("good:1"))
    answer = put(running, "?read_at=2026-11-19&file=keys.jsonl", body)
    assert (answer.status, answer.json()["code"]) == (422, "source_rejected")
    assert answer.headers["content-type"] == "application/problem+json"
    [problem] = answer.json()["report"]["rejected"]
    assert (problem["file"], problem["position"], problem["field"]) == ("keys.jsonl", "line 2", "node.kind")
    assert answer.json()["report"]["nodes"]["created"] == 1


def test_when_it_was_received_is_not_taken_for_when_it_was_read(writable):
    running, _ = writable
    answer = put(
        running, "?file=pods.json", b'{"kind": "PodList", "apiVersion": "v1", "items": []}', "kubernetes"
    )
    assert answer.status == 422
    assert [problem["field"] for problem in answer.json()["report"]["rejected"]] == ["read_at"]


def test_a_closing_that_is_refused_is_said_and_can_be_allowed(writable):
    running, _ = writable
    full = records(*(line(f"much:{i}") for i in range(20)), name="much")
    few = records(line("much:0"), name="much")
    assert put(running, "?instance=much&read_at=2026-11-18", full).status == 200
    refused = put(running, "?instance=much&read_at=2026-11-19", few)
    assert (refused.status, refused.json()["code"]) == (409, "closing_refused")
    allowed = put(running, "?instance=much&read_at=2026-11-19&allow_closing=true", few)
    assert (allowed.status, allowed.json()["nodes"]["closed"]) == (200, 19)


def bomb(size: int) -> bytes:
    return gzip.compress(b" " * size, 9)


PACKED = {"content_encoding": "gzip"}
NESTED = gzip.compress(gzip.compress(gzip.compress(b"{}")))


@pytest.mark.parametrize(
    ("query", "source", "body", "headers", "status", "code"),
    [
        ("", "nothing", b"", {}, 422, "unknown_source"),
        ("?colour=red", "records", b"", {}, 422, "invalid_question"),
        ("?instance=a&instance=b", "records", b"", {}, 422, "invalid_question"),
        ("?read_at=yesterday", "records", b"", {}, 422, "invalid_question"),
        ("?complete=perhaps", "records", b"", {}, 422, "invalid_question"),
        ("?file=..%2Fkey", "records", b"", {}, 422, "invalid_question"),
        ("?file=.hidden", "records", b"", {}, 422, "invalid_question"),
        ("?file=a.read.json", "records", b"", {}, 422, "invalid_question"),
        ("?file=", "records", b"", {}, 422, "invalid_question"),
        ("", "records", b"x", {"content_encoding": "br"}, 415, "unsupported_encoding"),
        ("", "records", b"plain", PACKED, 400, "broken_gzip"),
        ("", "records", b"", PACKED, 400, "broken_gzip"),
        pytest.param("", "records", gzip.compress(b"x" * 999)[:-9], {}, 400, "broken_gzip", id="cut off"),
        pytest.param("", "records", NESTED, {}, 400, "gzip_in_gzip", id="nested"),
        pytest.param("", "records", b" " * (MOST + 1), {}, 413, "body_too_long", id="long"),
        pytest.param("", "records", bomb(MOST + 1), {}, 413, "body_too_long", id="long file"),
        pytest.param("", "records", bomb(200 * MOST), PACKED, 413, "body_too_long", id="long unpacked"),
        ("?instance=hft-password%3DSw0rdfish-and-more", "records", b"x", {}, 422, "invalid_value"),
        ("?complete=true", "backstage", b"", {}, 400, "empty_body"),
        pytest.param("", "records", gzip.compress(b""), PACKED, 400, "empty_body", id="packed nothing"),
    ],
)
def test_a_request_that_is_refused_has_had_no_effect(
    writable, query: str, source: str, body: bytes, headers: dict[str, str], status: int, code: str
):
    running, folder = writable
    before = head(running)
    answer = put(running, query, body, source, **headers)
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert head(running) == before
    assert left_over(folder) == []


def test_a_body_without_a_length_is_bounded_too(writable):
    running, folder = writable
    before = head(running)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    connection.putrequest("PUT", "/api/v1/ingest/records")
    connection.putheader("Authorization", f"Bearer {running.token}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    piece = b"%x\r\n%s\r\n" % (1 << 16, b" " * (1 << 16))
    try:
        for _ in range(MOST // (1 << 16) + 2):
            connection.send(piece)
        connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was refused before it was over
    else:
        assert connection.getresponse().status == 413
    connection.close()
    assert head(running) == before
    assert left_over(folder) == []


def test_a_body_that_becomes_far_larger_than_it_is_is_a_bomb(tmp_path: Path):
    packed = tmp_path / "body"
    packed.write_bytes(bomb(bodies.UNSUSPICIOUS + bodies.PIECE))
    with pytest.raises(Refused) as refused:
        bodies.unpack(packed, 1 << 40, packed=True)
    assert (refused.value.status, refused.value.code) == (413, "gzip_bomb")


def test_what_is_sent_at_once_waits_its_turn_and_what_is_too_much_is_sent_away(writable):
    running, folder = writable
    answers: dict[int, Answer] = {}

    def send(number: int) -> None:
        answers[number] = put(
            running, f"?instance=w{number}&read_at=2026-11-19", records(line(f"w:{number}"))
        )

    with closing(sqlite3.connect(folder / "estate.db", isolation_level=None)) as holding:
        holding.execute("BEGIN IMMEDIATE")  # as another process's long write does
        threads = [threading.Thread(target=send, args=(number,)) for number in range(MOST_WAITING + 2)]
        for thread in threads:
            thread.start()
        until, pause = time.monotonic() + 60, threading.Event()
        while len(answers) < 2 and time.monotonic() < until:
            pause.wait(0.05)
        assert {answer.json()["code"] for answer in answers.values()} == {"busy"}
        assert {answer.headers["retry-after"] for answer in answers.values()} == {"30"}
        assert running.ask("GET", "/livez").status == 200
        holding.execute("ROLLBACK")
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status for answer in answers.values()) == [200] * MOST_WAITING + [503] * 2


def test_values_of_secrets_are_in_no_answer_and_no_file(writable):
    running, folder = writable
    secret = "planted-value-0123456789abcdef"
    body = records(line("s:1", properties={"password": secret}), line("s:2", name=f"password={secret}"))
    answer = put(running, "?read_at=2026-11-19&instance=planted", body)
    assert secret.encode() not in answer.body
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert all(secret.encode() not in path.read_bytes() for path in kept)


# Several files in one body


def packed(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def member(name: str, type_: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime = type_, link, 1_790_000_000
    return info


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_archive_is_read_as_a_folder_is_with_its_sidecars(writable, mode: str):
    running, folder = writable
    pods = b'{"kind": "PodList", "apiVersion": "v1", "items": []}'
    sidecar = {"command": "kubectl get pods -A -o json", "filters": [], "scope": mode[-1]}
    body = packed(
        (member("./export", tarfile.DIRTYPE), b""),
        (member("./export/pods.json"), pods),
        (
            member("./export/pods.json.read.json"),
            json.dumps({**sidecar, "read_at": "2026-11-19T06:00:00Z"}).encode(),
        ),
        mode=mode,
    )
    answer = put(running, "?instance=eu-1", body, "kubernetes", content_type="application/x-tar")
    report = answer.json()
    assert answer.status == 200
    assert not any("when it was read" in warning for warning in report["warnings"])
    assert {scope["read_at"] for scope in report["scopes"]} == {"2026-11-19T06:00:00.000Z"}
    assert all(scope["complete"] for scope in report["scopes"])
    assert left_over(folder) == []


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ([(member("../outside.json"), b"{}")], 400, "broken_archive"),
        ([(member("/etc/outside.json"), b"{}")], 400, "broken_archive"),
        ([(member("a\x1bb.json"), b"{}")], 400, "broken_archive"),
        ([(member("/".join("abcdefghijklmnopqrstuvw")), b"{}")], 400, "broken_archive"),
        ([(member("a", tarfile.SYMTYPE, "/etc"), b""), (member("a/b.json"), b"{}")], 400, "broken_archive"),
        ([(member("a", tarfile.LNKTYPE, "/etc/passwd"), b"")], 400, "broken_archive"),
        ([(member("a", tarfile.FIFOTYPE), b"")], 400, "broken_archive"),
        ([(member("a.json"), b"{}"), (member("a.json"), b"{}")], 400, "broken_archive"),
        ([(member("a.json"), b"{}"), (member("a.json/b"), b"{}")], 400, "broken_archive"),
        ([(member("a" * 300), b"{}")], 400, "broken_archive"),
        ([(member("a.json"), b" " * (MOST + 1))], 413, "body_too_long"),
        ([(member(f"{i}.json"), b" " * (MOST // 2)) for i in range(3)], 413, "body_too_long"),
        ([(member("a.json.gz"), bomb(MOST + 1))], 413, "body_too_long"),
        ([(member(f"{i}.json.gz"), bomb(MOST // 2)) for i in range(3)], 413, "body_too_long"),
        ([(member("a.json.gz"), gzip.compress(b"{}")[:-9])], 400, "broken_gzip"),
    ],
)
def test_an_archive_that_leads_elsewhere_is_refused_as_a_whole(
    writable, members: list[tuple[tarfile.TarInfo, bytes]], status: int, code: str
):
    running, folder = writable
    before = head(running)
    answer = put(running, "", packed(*members), "kubernetes", content_type="application/x-tar")
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert head(running) == before
    assert left_over(folder) == []
    assert not (folder.parent / "outside.json").exists()


@pytest.mark.parametrize(
    "body",
    [
        b"no archive",
        pytest.param(packed((member("a"), b"x" * 5000), mode="w")[:700], id="cut off"),
    ],
)
def test_what_is_no_archive_is_refused(writable, body: bytes):
    running, _ = writable
    answer = put(running, "", body, "kubernetes", content_type="application/x-tar")
    assert (answer.status, answer.json()["code"]) == (400, "broken_archive")


def test_an_archive_cannot_fill_memory_with_what_describes_a_file(tmp_path: Path):
    info = member("a")
    info.pax_headers = {"comment": "x" * (4 * bodies.PIECE)}
    path = tmp_path / "a.tar"
    path.write_bytes(packed((info, b"{}"), mode="w"))
    with pytest.raises(Refused) as refused:
        untar(path, tmp_path / "files", 1 << 40)
    assert "what describes a file is too long" in refused.value.detail
