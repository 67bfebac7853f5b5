"""Where settings come from, and that secrets among them stay hidden."""

from pathlib import Path

import pytest

from api.errors import InvalidSetting
from api.settings import load
from graph.errors import StoreUnavailable
from graph.store import open_store

PASSWORD = "planted-value-of-a-password"


def test_a_flag_goes_before_the_environment_before_the_file_before_the_default(monkeypatch):
    Path("holdfast.toml").write_text('store = "file.db"\nport = 1\nmax_hops = 3\n')
    monkeypatch.setenv("HOLDFAST_STORE", "environment.db")
    monkeypatch.setenv("HOLDFAST_PORT", "2")
    found = load(store="flag.db")
    settings = found.settings
    assert (settings.store, settings.port, settings.max_hops) == ("flag.db", 2, 3)
    assert settings.host == "127.0.0.1"
    named = {name: found.origins[name] for name in ("store", "port", "max_hops", "host")}
    assert named == {
        "store": "flag",
        "port": "environment HOLDFAST_PORT",
        "max_hops": "holdfast.toml",
        "host": "default",
    }


def test_an_empty_variable_is_as_none(monkeypatch):
    monkeypatch.setenv("HOLDFAST_STORE", "")
    found = load()
    assert found.settings.store == ".holdfast/estate.db"
    assert found.origins["store"] == "default"


def test_the_password_file_goes_before_the_variable_and_loses_its_line_end(monkeypatch, tmp_path):
    (tmp_path / "password").write_text("from the file\n")
    monkeypatch.setenv("HOLDFAST_STORE_PASSWORD", "from the variable")
    assert load().settings.password() == "from the variable"
    monkeypatch.setenv("HOLDFAST_STORE_PASSWORD_FILE", str(tmp_path / "password"))
    assert load().settings.password() == "from the file"


def test_a_password_file_that_is_missing_is_an_error_and_not_no_password(monkeypatch):
    monkeypatch.setenv("HOLDFAST_STORE_PASSWORD_FILE", "missing")
    with pytest.raises(InvalidSetting, match="store_password_file cannot be read"):
        load().settings.password()


def test_passwords_are_masked_wherever_they_are_shown(monkeypatch):
    monkeypatch.setenv("HOLDFAST_STORE_PASSWORD", PASSWORD)
    found = load(store=f"neo4j://ada:{PASSWORD}@localhost:7687")
    shown = found.shown()
    assert shown["store_password"] == "********"
    assert shown["store"] == "neo4j://ada:********@localhost:7687"
    assert PASSWORD not in repr(found.settings.store_password)


@pytest.mark.parametrize("password", ["hunt/er@2secret", "a#b", "a?b", "a:b"])
def test_a_password_is_masked_whatever_it_is_made_of(password: str):
    assert load(store=f"neo4j://neo4j:{password}@127.0.0.1").shown()["store"] == (
        "neo4j://neo4j:********@127.0.0.1"
    )


def test_a_store_whose_address_holds_a_password_with_a_slash_is_refused_without_repeating_it():
    with pytest.raises(StoreUnavailable, match="its address holds a password") as refused:
        open_store("neo4j://neo4j:hunt/er@2secret@127.0.0.1")
    assert "hunt" not in str(refused.value)


def test_a_password_in_the_settings_file_is_refused_without_being_repeated():
    Path("holdfast.toml").write_text(f'store_password = "{PASSWORD}"\n')
    with pytest.raises(InvalidSetting) as refused:
        load()
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('stor = "x"', "stor is not a setting"),
        ("port = 70000", "port input should be less than"),
        ('port = "planted-value"', "port input should be a valid integer"),
        ("port = ", "holdfast.toml is not TOML"),
    ],
)
def test_a_wrong_settings_file_is_named_with_what_is_wrong(text: str, says: str):
    Path("holdfast.toml").write_text(text)
    with pytest.raises(InvalidSetting, match=says) as refused:
        load()
    assert "planted-value" not in str(refused.value)
