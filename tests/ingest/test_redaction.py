"""Secret values are known by their names and their shapes, and everything else is left alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.vocabulary import VOCABULARY
from ingest.redaction import MARK, denotes_value, is_secret_name, redact_json, redact_text, secret_in
from ingest.redaction_tables import SHAPES

SECRETS = [
    "ghp_a1B2a1B2a1B2a1B2a1B2",
    "github_pat_11ABCDEFG0abcdefghij_klm",
    "glpat-abcdefghij0123456789",
    "xoxb-123456789012-abcdefabcdef",
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX",
    "sk-ant-api03-abcdefghijklmnop",
    "sk-proj-abcdefghijkl0123",
    "sk_live_abcdefghijklmnop",
    "AIzaSyA0123456789abcdefghijklmnopqrstuv",
    "hf_abcdefghijklmnopqrstuvwx",
    "npm_abcdefghijklmnopqrstuvwxyz0123456789",
    "hvs.abcdefghijklmnopqrstuvwx",
    "dapi0123456789abcdef0123456789abcdef",
    "SG.abcdefghijklmnop.abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\ncut off in the middle",
    "postgres://app:hunter2@db.example/shop",
    "postgres:%2F%2Fapp:hunter2@db.example/shop",
    "redis://:hunter2@cache:6379/0",
    "mongodb+srv://app:p@ss@cluster.example/",
    "https://a1b2c3d4e5f6a7b8c9@git.example/x",
    "jdbc:postgresql://h/db?user=u&password=hunter2",
    "Server=db;User=sa;Password=hunter2;",
    "--api-key=hunter2",
    "TOKEN='two words'",
    '{"dbPassword": "hun\\"ter2"}',
    "Authorization: Bearer abcdefghijklmnop1234",
    "https://x.blob.example/c?sv=2020&sig=abc%2Fdef&se=1",
    "AKIAIOSFODNN7EXAMPLE",
    "password: hunter2",
    "X-Api-Key: hunter2",
    "DB_PASS=hunter2",
    "mysql -uroot -phunter2 shop",
    "curl -u ada:hunter2 https://api.example/",
    "deploy --password hunter2",
    "docker login -u ada -p hunter2",
    "postgres://u:hunter2/ss@db.example/shop",
    "CREATE USER ada IDENTIFIED BY 'hunter2'",
    "ALTER ROLE ada PASSWORD 'it''s hunter2'",
]

HARMLESS = [
    "",
    "svc:scoring",
    "postgres://db.example:5432/shop",
    "postgres://app@db.example/shop",
    "ssh://git@github.com:22/o/r.git",
    "git@github.com:o/r.git",
    "https://ada.morris@host.example/",
    "arn:aws:iam::123456789012:role/deploy",
    "spiffe://example.org/ns/prod/sa/scoring",
    "pkg:npm/%40angular/core@12.3.1",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sk-learn-random-forest-classifier-v2",
    "the token expires in May; basic authentication required",
    "password policy: at least 16 characters",
    "postgres://app:${DB_PASSWORD}@db.example/shop",
    "postgres://app:***@db.example/shop",
    "hf:dataset:openlineage:s3:%2F%2Fbucket/daily%2Fscores.parquet",
    "Server=db;User=sa;Password=[redacted];",
    "Authorization: Bearer [redacted]",
    "docker://registry.example:5000/scoring@sha256:9f86d081",
    "docker run -u 1000:1000 -p 8080:80 x; mkdir -p a/b",
    "deploy --token-file token.txt --password --verbose",
    "hf:secret:k8s:prod/db",
    "an asset is identified by the hash of its bytes",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_value_of_a_known_shape_is_found_and_taken_out(text: str) -> None:
    assert secret_in(text) is not None
    clean = redact_text(f"before {text} after")
    assert MARK in clean
    assert "hunter2" not in clean
    assert text not in clean
    assert secret_in(clean) is None


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_a_little_like_one_stays(text: str) -> None:
    assert secret_in(text) is None
    assert redact_text(text) == text


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@given(st.text(), st.sampled_from(SECRETS), st.text())
def test_no_surroundings_hide_a_token_behind_a_word_border(before: str, secret: str, after: str) -> None:
    assert secret not in redact_text(f"{before} {secret} {after}")


def test_every_shape_is_found_by_its_hints() -> None:
    """A hint that does not occur where its pattern matches would switch the pattern off."""
    for shape in SHAPES:
        for text in SECRETS:
            if shape.pattern.search(text):
                assert any(hint in text.lower() for hint in shape.hints), (shape.what, text)


def test_an_access_key_id_may_stand_where_ids_belong() -> None:
    assert secret_in("AKIAIOSFODNN7EXAMPLE") == "an AWS access key id"
    assert secret_in("AKIAIOSFODNN7EXAMPLE", identifier=True) is None


FLAGS = (
    "http://a:",
    "--password ",
    "--a-",
    "mysql ",
    "mysql -",
    "login ",
    "-u a",
    "PASSWORD '",
    "password: ",
    "a: ",
)


def test_long_hostile_texts_take_no_time_worth_mentioning() -> None:
    """No pattern backtracks: these would take minutes if one did."""
    for piece in (
        "-----BEGIN RSA PRIVATE KEY-----",
        "http://",
        "a:",
        '"password": "',
        "eyJ",
        "token=",
        "x.",
        *FLAGS,
    ):
        redact_text(piece * (60_000 // len(piece)))


def test_no_property_of_the_vocabulary_goes_by_the_name_of_a_value() -> None:
    assert [p.name for p in VOCABULARY.properties if is_secret_name(p.name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "api-key",
        "x-api-key",
        "APIKey",
        "client.secret",
        "privateKey",
        "DB_PASS",
        "PGPASS",
        "SECRET_KEY_BASE",
        "passwords",
        "api_keys",
        "creds",
        "password2",
        "secret_1",
        "sessionid",
    ],
)
def test_names_of_values(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "secret_name",
        "tokenCount",
        "max_token_length",
        "key_id",
        "passwordPolicy",
        "key",
        "tokenizer",
        "passport",
        "bypass",
        "compass",
        "passes",
        "auth0",
        "sha256",
        "primary_keys",
        "1",
        "",
        "名",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


def test_numbers_under_plurals_are_counts_and_truth_values_never_secret() -> None:
    assert not denotes_value("max_tokens", 512)
    assert not denotes_value("passwords", 3)
    assert denotes_value("password2", 1234)
    assert denotes_value("tokens", ["a"])
    assert denotes_value("pin", 1234)
    assert not denotes_value("password", False)


PAYLOAD: dict[str, Any] = {
    "run": {"facets": {"environmentVariables": {"environmentVariables": [
        {"name": "DB_PASSWORD", "value": "hunter2"},
        {"name": "MODE", "value": "nightly"},
    ]}}},
    "producer": "https://ci:hunter2@example.org/x",
    "credentials": {"user": "app", "attempts": 3, "rotate": True, "nested": ["hunter2"]},
    "a/b~c": {"token": "hunter2"},
    "size": 12,
}  # fmt: skip


def test_a_payload_keeps_its_structure_and_tells_what_was_taken_out() -> None:
    clean = redact_json(PAYLOAD)
    assert clean.pointers == (
        "/run/facets/environmentVariables/environmentVariables/0/value",
        "/producer",
        "/credentials/user",
        "/credentials/attempts",
        "/credentials/nested/0",
        "/a~1b~0c/token",
    )
    assert "hunter2" not in str(clean.value)
    assert isinstance(clean.value, dict)
    assert clean.value["producer"] == "https://ci:[redacted]@example.org/x"
    assert clean.value["credentials"] == {"user": MARK, "attempts": MARK, "rotate": True, "nested": [MARK]}
    assert clean.value["size"] == 12


def test_a_clean_payload_comes_back_equal() -> None:
    payload: Any = {"a": [1, 2.5, None, True, "x"], "b": {}}
    assert redact_json(payload).value == payload
    assert redact_json(payload).pointers == ()


def test_depth_is_no_matter() -> None:
    deep: Any = {"password": "hunter2"}
    for _ in range(5_000):
        deep = [deep]
    assert redact_json(deep).pointers == ("/0" * 5_000 + "/password",)


def test_an_argument_after_a_secret_flag_goes_from_a_list() -> None:
    clean = redact_json({"args": ["--password", "hunter2", "--port", "80", "-u", "ada:hunter2"]})
    assert clean.value == {"args": ["--password", MARK, "--port", "80", "-u", MARK]}
    assert clean.pointers == ("/args/1", "/args/5")
