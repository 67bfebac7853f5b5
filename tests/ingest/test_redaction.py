"""Secret values are known by their names and their shapes, and everything else is left alone."""

import string
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.vocabulary import VOCABULARY
from ingest.redaction import (
    MARK,
    denotes_value,
    is_secret_name,
    looks_made,
    redact_items,
    redact_json,
    redact_text,
    secret_in,
)
from ingest.redaction.pairs import PAIRS
from ingest.redaction.surroundings import ADDRESSES, STATEMENTS
from ingest.redaction.tokens import PRIVATE_KEY
from ingest.redaction.tokens import TOKENS as KNOWN_TOKENS
from tests.ingest.secret_texts import HARMLESS, IN_TEXT, TOKENS, VALUE, WRAPPED

SECRETS = (*(text.replace("@@", VALUE) for text in IN_TEXT), *TOKENS)


def test_both_tables_are_long_enough_to_mean_something() -> None:
    assert min(len(set(IN_TEXT)), len(set(HARMLESS))) >= 60


@pytest.mark.parametrize("text", IN_TEXT)
def test_a_value_in_a_text_is_found_and_taken_out(text: str) -> None:
    planted = text.replace("@@", VALUE)
    assert secret_in(planted) is not None
    clean = redact_text(planted)
    assert VALUE not in clean
    assert MARK in clean
    assert secret_in(clean) is None
    assert redact_text(clean) == clean


@pytest.mark.parametrize("text", TOKENS)
def test_a_token_is_known_by_itself_wherever_it_stands(text: str) -> None:
    for around in (text, f"before {text} after", f'"{text}"', f"({text})", f"_{text}", f"{text}\n"):
        clean = redact_text(around)
        assert text not in clean
        assert secret_in(clean) is None


@pytest.mark.parametrize("text", WRAPPED)
def test_a_value_inside_another_coding_is_taken_out(text: str) -> None:
    assert secret_in(f"see {text}") is not None
    clean = redact_text(f"see {text}")
    assert text not in clean
    assert VALUE not in unquote(unquote(clean))
    assert redact_text(clean) == clean


@pytest.mark.parametrize("identifier", [False, True])
@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_a_little_like_one_stays(text: str, identifier: bool) -> None:
    assert secret_in(text, identifier=identifier) is None
    assert redact_text(text, identifier=identifier) == text


@settings(deadline=None)
@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*IN_TEXT, *HARMLESS, " ", "=", ":", '"', "'", "%3A", "[redacted]", ";"]), max_size=5
    )
)
def test_redacting_what_was_put_together_twice_changes_nothing_more(pieces: list[str]) -> None:
    once = redact_text("".join(pieces).replace("@@", VALUE))
    assert redact_text(once) == once


@settings(deadline=None)
@given(st.text(), st.sampled_from(SECRETS), st.text())
def test_no_surroundings_hide_a_token_behind_a_word_border(before: str, secret: str, after: str) -> None:
    assert secret not in redact_text(f"{before} {secret} {after}")


made = st.text(string.ascii_letters + string.digits + "+!$*~_", min_size=12, max_size=40)
"""What a machine makes as a password."""


@settings(deadline=None)
@given(made, st.sampled_from([text for text in IN_TEXT if "@@" in text]))
def test_any_value_that_looks_made_goes(value: str, text: str) -> None:
    assume(looks_made(value))
    assume(not value.startswith("$"))
    assert value not in redact_text(text.replace("@@", value))


def test_every_shape_is_found_by_its_hints() -> None:
    """A hint that does not occur where its pattern matches would switch the pattern off."""
    for shape in (PRIVATE_KEY, *ADDRESSES, *PAIRS, *STATEMENTS, *KNOWN_TOKENS):
        for text in (*SECRETS, *PAIRED):
            for found in shape.pattern.finditer(text):
                assert any(hint in found.group().lower() for hint in shape.hints), (shape.what, text)
                if shape.begins:
                    assert found.group().lower().startswith(shape.hints), (shape.what, text)


HALF = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
PAIRED = (
    f"AKIAIOSFODNN7EXAMPLE / {HALF}",
    f"aws key AKIAIOSFODNN7EXAMPLE:{HALF}",
    f"AKIAIOSFODNN7EXAMPLE/{HALF}",
    f"{HALF} (of ASIAIOSFODNN7EXAMPLE)",
    f"id AKIAIOSFODNN7EXAMPLE, and what belongs to it: {HALF}.",
    f"AKIAIOSFODNN7EXAMPLE {HALF}\nAKIAIOSFODNN7EXAMPL2 {HALF}",
    f"aws_access_key_id=AKIAIOSFODNN7EXAMPLE,{HALF}",
)


@pytest.mark.parametrize("half", [f"{HALF}9", f"{HALF[:-5]}7", f"9{HALF}/x2"])
def test_a_half_that_is_cut_off_or_mistyped_goes_too(half: str) -> None:
    assert half not in redact_text(f"AKIAIOSFODNN7EXAMPLE / {half}")
    assert redact_items(["AKIAIOSFODNN7EXAMPLE", half])[1] == MARK


@pytest.mark.parametrize("identifier", [False, True])
@pytest.mark.parametrize("text", PAIRED)
def test_the_secret_half_of_a_pair_is_known_by_the_id_beside_it(text: str, identifier: bool) -> None:
    clean = redact_text(text, identifier=identifier)
    assert HALF not in clean
    assert redact_text(clean, identifier=identifier) == clean


@pytest.mark.parametrize(
    "beside",
    [
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        f"{HALF.replace('/', 'x')}{HALF}",
        HALF[:30],
        "reports/MonthlyBillingOfTheGatewayService",
        "used by the service that bills customers",
    ],
)
def test_what_stands_beside_the_id_of_a_key_and_is_no_half_stays(beside: str) -> None:
    assert (
        redact_text(f"AKIAIOSFODNN7EXAMPLE: {beside}", identifier=True) == f"AKIAIOSFODNN7EXAMPLE: {beside}"
    )


def test_an_access_key_id_may_stand_where_ids_belong() -> None:
    assert secret_in("AKIAIOSFODNN7EXAMPLE") == "an AWS access key id"
    assert secret_in("AKIAIOSFODNN7EXAMPLE", identifier=True) is None


@pytest.mark.parametrize(
    "uid", ["password:reset-flow", "secret:K8sAdmin1Eu2", "svc:token:eu1A2b3C4d", "db_pw:prod"]
)
def test_a_colon_joins_the_parts_of_a_uid(uid: str) -> None:
    assert secret_in(uid, identifier=True) is None


def test_a_uid_may_not_hold_a_value_all_the_same() -> None:
    for uid in (f"password:{VALUE}", f"svc:x?token={VALUE}", f"password: {VALUE}"):
        assert secret_in(uid, identifier=True) is not None


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


PIECES = (
    *(
        "token:",
        "password=",
        'password="',
        "<password>",
        "<a",
        "name: x value: ",
        "a%41 ",
        "QUJDQUJDQUJDQUJD\n",
    ),
    *("{", "[", '"', "a:b@", "aaaaaaaa:bbbbbbbb@", "cookie: ", "authorization: basic ", "'", 'sh -c "'),
    *("password=a,", 'password:\\"', "IDENTIFIED BY ", "scott/", "jdbc:oracle:thin:", " =", "a.", "-", "_"),
)


def test_long_hostile_texts_take_no_time_worth_mentioning() -> None:
    """No pattern backtracks: these would take minutes if one did."""
    for piece in (
        *PIECES,
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
        "db_pw",
        "userpass",
        "salt",
        "seed",
        "session_id",
        "sessionID",
        "cookie",
        "Set-Cookie",
        "pgpassword",
        "AWS_SESSION_TOKEN",
        "dbpwd",
        "clientsecret",
        "AccountKey",
        "SharedAccessKey",
        "fs.azure.account.key.lake.dfs.core.windows.net",
        "spark.hadoop.fs.s3a.secret.key",
        "recoveryCodes",
        "VAULT_SECRET_ID",
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
        "partition_key",
        "public_key",
        "eos_token",
        "stopTokens",
        "first_pass",
        "seeds",
        "secret_id",
        "session",
        "cookie_policy",
        "password_reset",
        "token_service",
        "secret_store",
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
    assert not denotes_value("random_seed", 42)
    assert not denotes_value("seed", "42")
    assert denotes_value("seed", "abandon ability able")
    assert denotes_value("salt", "c2FsdA==")
    assert not denotes_value("pass", 12)


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
    assert clean.value == {"args": ["--password", MARK, "--port", "80", "-u", f"ada:{MARK}"]}
    assert clean.pointers == ("/args/1", "/args/5")


@pytest.mark.parametrize(
    ("payload", "clean"),
    [
        # A sibling says that the value is a secret.
        ({"key": "spark.ssl.keyPassword", "value": "x"}, {"key": "spark.ssl.keyPassword", "value": MARK}),
        (
            {"ParameterKey": "DbPassword", "ParameterValue": "x"},
            {"ParameterKey": "DbPassword", "ParameterValue": MARK},
        ),
        ({"k": "DB_PASSWORD", "v": "x"}, {"k": "DB_PASSWORD", "v": MARK}),
        ({"name": "DB_PASSWORD", "val": "x"}, {"name": "DB_PASSWORD", "val": MARK}),
        (
            {"name": "DB_PASSWORD", "value": {"stringValue": "x"}},
            {"name": "DB_PASSWORD", "value": {"stringValue": MARK}},
        ),
        (
            [["spark.app.name", "x"], ["spark.db.password", "x"]],
            [["spark.app.name", "x"], ["spark.db.password", MARK]],
        ),
        # Arguments, in one list and beside their command.
        (["mysql", "-uroot", "-p", "x"], ["mysql", "-uroot", "-p", MARK]),
        ({"command": ["mysql"], "args": ["-px9"]}, {"command": ["mysql"], "args": [f"-p{MARK}"]}),
        ({"args": ["--set", "db.password=x"]}, {"args": ["--set", f"db.password={MARK}"]}),
        ({"args": ["sh", "-c", "deploy --token x"]}, {"args": ["sh", "-c", f"deploy --token {MARK}"]}),
        (["AKIAIOSFODNN7EXAMPLE", HALF, "eu-1"], [MARK, MARK, "eu-1"]),
        # The lines of a key, one by one.
        (
            ["a", "-----BEGIN PRIVATE KEY-----", "MIIE", "x", "-----END PRIVATE KEY-----", "b"],
            ["a", MARK, MARK, MARK, MARK, "b"],
        ),
        (
            {"kty": "RSA", "n": "0vx7", "e": "AQAB", "d": "x"},
            {"kty": "RSA", "n": "0vx7", "e": "AQAB", "d": MARK},
        ),
        ({"text": '{"password": "x", "b": 1}'}, {"text": f'{{"password": "{MARK}", "b": 1}}'}),
    ],
)
def test_a_payload_tells_by_its_structure_what_is_secret(payload: Any, clean: Any) -> None:
    redacted = redact_json(payload)
    assert redacted.value == clean
    assert redacted.pointers != ()
    assert redact_json(redacted.value).pointers == ()


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "password", "type": "string", "description": "hashed by the application"},
        {"name": "user_tokens", "fields": [{"name": "token", "type": "varchar"}]},
        {"name": "db", "valueFrom": {"secretKeyRef": {"name": "db-credentials", "key": "password"}}},
        {"password": "${DB_PASSWORD}", "secret": "arn:aws:secretsmanager:eu-1:123456789012:secret:prod/db"},
        {"seeds": ["raw_customers"], "random_seed": 7, "seed": "42", "data_seed": [1, 2]},
        {"eos_token": "</s>", "special_tokens": ["<pad>", "<unk>"], "max_tokens": 512},
        {"columns": ["password", "email"]},
        {"command": ["docker", "run"], "args": ["-p", "8080:80", "--user", "1000:1000"]},
        ["-----BEGIN CERTIFICATE-----", "MIIB", "-----END CERTIFICATE-----"],
        {"kty": "RSA", "n": "0vx7", "e": "AQAB"},
        {"d": "0.5", "k": "8", "p": "0.95"},
    ],
)
def test_a_payload_without_a_secret_stays_as_it_is(payload: Any) -> None:
    assert redact_json(payload).value == payload
    assert redact_json(payload).pointers == ()


def test_a_list_keeps_what_is_no_text() -> None:
    assert redact_items([1, True, "--password", 2.5, "x"]) == [1, True, "--password", 2.5, "x"]
