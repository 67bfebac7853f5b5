"""The pages name every command, setting and exit code there is, and the README shows real output."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from api.cli.main import app
from api.errors import ExitCode
from api.settings import Settings
from tests.api.test_sample_estate import demo

ROOT = Path(__file__).parents[2]
USAGE = (ROOT / "docs/usage.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> set[str]:
    return set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_usage_page_names_every_command_setting_and_exit_code():
    assert {name for name in commands() if f"`{name}" not in USAGE} == set()
    assert {name for name in Settings.model_fields if f"`{name}`" not in USAGE} == set()
    assert {int(code) for code in ExitCode if f"| {int(code)} | " not in USAGE} == set()


def test_every_command_that_the_pages_show_exists():
    shown = set(re.findall(r"^    holdfast ([a-z-]+)", README + USAGE, re.MULTILINE))
    assert shown
    assert shown - commands() == set()


def transcript() -> list[str]:
    """The lines of the README's first long block, from the demo's title on."""
    begin = README.index("    Fairbank Credit")
    end = README.index("\nAsk on,")
    return [line.removeprefix("    ") for line in README[begin:end].splitlines() if line.strip()]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return demo(tmp_path_factory.mktemp("readme") / "demo").splitlines()


def test_the_readmes_transcript_is_the_demos_output(printed: list[str]):
    rest = iter(printed)
    made_up = [line for line in transcript() if line != "..." and line not in rest]
    assert made_up == [], "paste the output of `NO_SERVE=1 holdfast demo` into the README"
