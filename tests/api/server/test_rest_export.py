"""Exports over HTTP: the same files as the command writes, in one archive."""

import hashlib
import io
import json
import tarfile

import pytest

from tests.api.server.conftest import Running


def files(server: Running, path: str) -> dict[str, bytes]:
    answer = server.ask("GET", f"/api/v1/export/{path}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-tar")
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as archive:
        members = archive.getmembers()
        return {m.name: archive.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def test_the_archive_has_the_files_and_last_the_manifest_with_their_digests(server: Running):
    found = files(server, "jsonl?as_of=2026-01-10")
    assert list(found) == ["jsonl/nodes.jsonl", "jsonl/edges.jsonl", "jsonl/manifest.json"]
    manifest = json.loads(found["jsonl/manifest.json"])
    assert manifest["as_of"] == "2026-01-10T00:00:00.000Z"
    for file in manifest["files"]:
        content = found[f"jsonl/{file['name']}"]
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert json.loads(content.splitlines()[-1]) == {"end": {"count": file["count"]}}


def test_filters_narrow_it(server: Running):
    *nodes, _ = files(server, "jsonl?as_of=2026-01-10&kind=Secret")["jsonl/nodes.jsonl"].splitlines()
    assert [json.loads(line)["uid"] for line in nodes] == ["key"]


@pytest.mark.parametrize("form", ["csv", "graphml", "openlineage"])
def test_each_form_is_there(server: Running, form: str):
    assert f"{form}/manifest.json" in files(server, form)


@pytest.mark.parametrize(
    "path", ["parquet", "csv?colour=red", "csv?kind=Key", "csv?min_criticality=9", "csv?as_of=soon"]
)
def test_what_cannot_be_asked_is_a_problem_that_names_it(server: Running, path: str):
    answer = server.ask("GET", f"/api/v1/export/{path}")
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")


def test_another_site_may_not_ask_for_it(server: Running):
    answer = server.ask("GET", "/api/v1/export/csv", host="evil.example")
    assert answer.status in (400, 403, 421)
