"""Who may write over the network: whoever has a token, and only as what the token stands for."""

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.access.tokens import add_token, load_tokens
from api.cli.main import app
from api.errors import InvalidSetting
from api.graphql.schema import build_schema
from graph.errors import InvalidQuestion
from graph.ledger.ledger import Ledger
from ingest.fingerprint import Fingerprinter
from tests.api.conftest import say_estate
from tests.api.server.conftest import Running, serving

KEYS = Fingerprinter(b"k" * 32)
WRITES = (
    ("PUT", "/api/v1/ingest/records"),
    ("POST", "/api/v1/lineage"),
    ("POST", "/api/v1/lineage/batch"),
)


def records(source: str = "records/ci", name: str = "estate") -> bytes:
    lines: list[dict[str, Any]] = [
        {"scope": {"name": name, "source": source, "read_at": "2026-11-19T06:00:00Z"}},
        {"node": {"uid": f"key:{source}", "kind": "Secret", "name": "A key"}},
        {"end": {"scope": name, "count": 1}},
    ]
    return "\n".join(map(json.dumps, lines)).encode()


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A server that the tests of this module write to, and its folder."""
    from graph.store import open_store

    folder = tmp_path_factory.mktemp("writable")
    open_store(str(folder / "estate.db")).close()
    with serving(folder / "estate.db", folder) as running:
        yield running, folder


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token_missing"),
        ("Bearer hft_wrong", "token_unknown"),
        ("Bearer ", "token_unknown"),
        ("Basic YTpi", "token_unknown"),
        pytest.param(f"Bearer {'x' * 600}", "token_unknown", id="long"),
    ],
)
def test_every_write_needs_a_token(writable, method: str, path: str, header: str | None, code: str):
    running, _ = writable
    headers = {} if header is None else {"authorization": header}
    answer = running.ask(method, path, b"[]", **headers)
    assert (answer.status, answer.json()["code"]) == (401, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_reading_needs_none_and_there_is_nothing_to_write_in_graphql(writable):
    running, _ = writable
    assert running.data("{ head { runPosition } }")["head"]["runPosition"] >= 0
    assert build_schema()._schema.mutation_type is None


def test_a_page_of_another_origin_is_refused_even_with_the_token(writable):
    running, _ = writable
    answer = running.ask(
        "PUT", "/api/v1/ingest/records", records(), origin="http://evil.example", **bearer(running.token)
    )
    assert (answer.status, answer.json()["code"]) == (403, "wrong_origin")


def test_the_token_is_shown_once_and_kept_as_a_digest_for_its_owner_only(writable):
    running, folder = writable
    kept = folder / ".holdfast/tokens.json"
    assert running.token.startswith("hft_")
    assert running.token not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    [token] = load_tokens(kept)
    assert (token.name, token.sources) == ("machine-user", ("*",))


def test_a_second_start_makes_no_token_and_the_first_still_counts(
    with_ledger: Callable[[Callable[[Ledger], None]], Path], tmp_path: Path
):
    store = with_ledger(say_estate)
    with serving(store, tmp_path) as first:
        token = first.token
    with serving(store, tmp_path) as second:
        assert second.token == ""
        answer = second.ask("PUT", "/api/v1/ingest/records?instance=ci", records(), **bearer(token))
        assert answer.status == 200


def test_a_token_speaks_only_as_the_sources_that_it_stands_for(writable):
    running, folder = writable
    path, keys = folder / ".holdfast/tokens.json", folder / ".holdfast/key"
    bound = add_token(
        path, Fingerprinter(bytes.fromhex(keys.read_text().strip())), "ci", ["records/ci", "aws/prod"]
    )
    put = "/api/v1/ingest/records"
    refused = running.ask("PUT", put, records(), **bearer(bound))
    assert (refused.status, refused.json()["code"]) == (403, "source_not_allowed")
    refused = running.ask("PUT", "/api/v1/ingest/people?instance=ci", b"", **bearer(bound))
    assert (refused.status, refused.json()["code"]) == (403, "source_not_allowed")
    assert running.ask("PUT", f"{put}?instance=ci", records(), **bearer(bound)).status == 200


def test_a_scope_in_a_file_that_speaks_as_another_is_rejected_and_the_rest_goes_in(writable):
    running, folder = writable
    path, keys = folder / ".holdfast/tokens.json", folder / ".holdfast/key"
    names = ["records/default", "aws/prod"]
    bound = add_token(path, Fingerprinter(bytes.fromhex(keys.read_text().strip())), "connector", names)
    body = records("people/hr", "staff") + b"\n" + records("aws/prod", "account")
    answer = running.ask("PUT", "/api/v1/ingest/records", body, **bearer(bound))
    assert (answer.status, answer.json()["code"]) == (422, "source_rejected")
    report = answer.json()["report"]
    assert report["state"] == "partial"
    assert [(p["position"], p["field"]) for p in report["rejected"]] == [
        ("scope staff", "scope.source"),
        ("line 2", "scope.source"),
    ]
    assert report["records"] == {"read": 3, "accepted": 1, "rejected": 2}
    found = running.data('{ search(text: "key:") { ... on SearchResults { nodes { uid } } } }')["search"]
    assert {"uid": "key:aws/prod"} in found["nodes"]
    assert {"uid": "key:people/hr"} not in found["nodes"]


def test_what_is_written_bears_the_tokens_name_in_the_log(writable):
    running, folder = writable
    running.ask("PUT", "/api/v1/ingest/records", records("records/named"), **bearer(running.token))
    shown = CliRunner().invoke(app, ["log", "show", "--json", "--store", str(folder / "estate.db")])
    assert "token:machine-user" in {commit["actor"] for commit in json.loads(shown.stdout)["commits"]}


# The file of tokens, and the commands on it


def test_a_removed_token_admits_nobody(tmp_path: Path):
    made = CliRunner().invoke(app, ["token", "add", "ci", "--source", "openlineage/eu", "--json"])
    assert made.exit_code == 0, made.output
    token = json.loads(made.stdout)["token"]
    listed = CliRunner().invoke(app, ["token", "list", "--json"])
    assert json.loads(listed.stdout)["tokens"] == [{"name": "ci", "sources": ["openlineage/eu"]}]
    assert token not in listed.stdout + (tmp_path / ".holdfast/tokens.json").read_text()
    assert CliRunner().invoke(app, ["token", "remove", "ci"]).exit_code == 0
    assert load_tokens(tmp_path / ".holdfast/tokens.json") == ()
    assert CliRunner().invoke(app, ["token", "remove", "ci"]).exit_code == 2


@pytest.mark.parametrize("source", ["openlineage", "", "*/eu", "open*/eu", "openlineage/", "a b/c", "x/e*"])
def test_a_source_of_another_form_is_refused(tmp_path: Path, source: str):
    with pytest.raises(InvalidQuestion):
        add_token(tmp_path / "tokens.json", KEYS, "ci", [source])


@pytest.mark.parametrize("name", ["", "a b", "-a", "ä", "x" * 65, "a\n"])
def test_a_name_that_a_log_cannot_bear_is_refused(tmp_path: Path, name: str):
    with pytest.raises(InvalidQuestion):
        add_token(tmp_path / "tokens.json", KEYS, name, ["*"])


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", '{"tokens": 1}', '{"tokens": [{"name": "x"}]}'),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_file_that_is_none_of_tokens_is_an_error_and_not_no_token(tmp_path: Path, text: str):
    path = tmp_path / "tokens.json"
    path.write_text(text)
    with pytest.raises(InvalidSetting, match="tokens_file"):
        load_tokens(path)


def test_a_digest_made_without_the_installations_key_is_another_one():
    other = Fingerprinter(b"j" * 32)
    assert KEYS.of_bearer("hft_x") != other.of_bearer("hft_x")


def test_a_server_that_cannot_keep_a_token_reads_all_the_same(
    with_ledger: Callable[[Callable[[Ledger], None]], Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    from api.cli.serve_command import first_token
    from api.session import opened
    from api.settings import load

    (tmp_path / "closed").write_text("a file in the place of a folder")
    caplog.set_level(logging.DEBUG)
    with opened(
        load(store=str(with_ledger(say_estate)), tokens_file=tmp_path / "closed/tokens.json")
    ) as session:
        assert first_token(session) is None
    assert "hft_" not in caplog.text
