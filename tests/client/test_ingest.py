"""Sending what is to be read in, to a real server."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from holdfast_client import Client, IngestReport, NotAllIn, Refused
from tests.api.server.conftest import Running

READ_AT = datetime(2026, 2, 1, tzinfo=UTC)


def records(scope: str, *uids: str) -> list[dict[str, Any]]:
    nodes = [{"node": {"uid": uid, "kind": "Secret", "name": uid}} for uid in uids]
    return [{"scope": {"name": scope}}, *nodes, {"end": {"scope": scope, "count": len(nodes)}}]


def in_lines(scope: str, *uids: str) -> bytes:
    return "\n".join(map(json.dumps, records(scope, *uids))).encode()


def test_a_file_bytes_an_open_file_and_records_are_the_same(client: Client, tmp_path: Path):
    path = tmp_path / "keys.jsonl"
    path.write_bytes(in_lines("s", "in:1"))

    def one_by_one() -> Iterator[dict[str, Any]]:
        yield from records("s", "in:1")

    created = []
    for content in (
        path,
        path.read_bytes(),
        io.BytesIO(path.read_bytes()),
        records("s", "in:1"),
        one_by_one(),
    ):
        report = client.ingest("records", content, instance="same", read_at=READ_AT)
        assert isinstance(report, IngestReport)
        assert (report.state, report.source, report.records.rejected) == ("completed", "records/same", 0)
        assert report.scopes[0].read_at == READ_AT
        created.append((report.nodes.created, report.commits.count > 0))
    assert created == [(1, True)] + 4 * [(0, False)]


def test_a_folder_is_sent_with_its_files(client: Client, tmp_path: Path):
    (tmp_path / "out/deeper").mkdir(parents=True)
    (tmp_path / "out/one.jsonl").write_bytes(in_lines("one", "dir:1"))
    (tmp_path / "out/deeper/two.jsonl").write_bytes(in_lines("two", "dir:2"))
    report = client.ingest("records", tmp_path / "out", instance="folder", read_at=READ_AT)
    assert (report.nodes.created, len(report.scopes)) == (2, 2)
    (tmp_path / "out/link").symlink_to("one.jsonl")
    with pytest.raises(ValueError, match="link"):
        client.ingest("records", tmp_path / "out", instance="folder", read_at=READ_AT)


def test_what_did_not_go_in_is_in_the_report_of_the_error(client: Client, tmp_path: Path):
    path = tmp_path / "half.jsonl"
    path.write_bytes(in_lines("half", "half:1").replace(b'"Secret"', b'"Nonsense"'))
    with pytest.raises(NotAllIn) as refused:
        client.ingest("records", path, instance="half", read_at=READ_AT)
    assert (refused.value.status, refused.value.code) == (422, "source_rejected")
    [problem] = [p for p in refused.value.report.rejected if p.field]
    assert (problem.file, problem.position, problem.field) == ("half.jsonl", "line 2", "node.kind")


def test_a_refusal_has_its_code(client: Client, server: Running):
    with pytest.raises(Refused) as refused:
        client.ingest("nothing/of the sort", b"x")
    assert (refused.value.status, refused.value.code) in [(422, "unknown_source"), (404, "no_such_address")]
    with pytest.raises(Refused) as refused:
        client.ingest("records", b"")
    assert (refused.value.code, bool(refused.value.request_id)) == ("empty_body", True)
    with Client(server.url) as without, pytest.raises(Refused) as refused:
        without.ingest("records", b"x")
    assert (refused.value.status, refused.value.code) == (401, "token_missing")
    with Client(server.url, token="planted-value") as other, pytest.raises(Refused) as refused:
        other.ingest("records", b"x")
    assert (refused.value.status, refused.value.code) == (401, "token_unknown")
    assert "planted-value" not in repr(refused.value)


def test_the_token_of_the_environment_is_used(server: Running, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOLDFAST_URL", f"{server.url}/")
    monkeypatch.setenv("HOLDFAST_TOKEN", f"{server.token}\n")
    with Client() as client:
        assert client.ingest("records", records("env", "env:1"), read_at=READ_AT).nodes.created == 1


def test_records_that_break_in_the_middle_leave_nothing(client: Client):
    before = client.head()

    def breaking() -> Iterator[dict[str, Any]]:
        yield from records("broken", "broken:1")
        raise OSError("the query broke off")

    with pytest.raises(OSError, match="broke off"):
        client.ingest("records", breaking(), instance="broken", read_at=READ_AT)
    assert client.head() == before


@pytest.mark.parametrize("content", ["keys.jsonl", {"node": {}}, ["keys.jsonl"], io.StringIO("{}")])
def test_what_is_no_content_is_not_taken_for_some(client: Client, content: Any):
    with pytest.raises(TypeError, match=r"content is|a record is|mode 'rb'"):
        client.ingest("records", content)
