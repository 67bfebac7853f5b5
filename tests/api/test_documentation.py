"""The pages name every command, setting and exit code there is, and the README shows real output."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from api.cli.main import app
from api.errors import ExitCode
from api.settings import Settings
from tests.api.conftest import Cli
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


def test_the_evidence_that_the_records_page_shows_is_accepted(tmp_path: Path):
    page = (ROOT / "docs/records.md").read_text(encoding="utf-8")
    _, example = re.findall(r"```jsonl\n(.*?)```", page, re.DOTALL)
    lines = tmp_path / "example.jsonl"
    lines.write_text(example)
    cli = Cli(tmp_path / "estate.db")
    for what in (("records", str(lines)), ("catalog", "house")):
        report = cli.json("ingest", *what)
        assert (report["state"], report["warnings"], report["pending"]) == ("completed", [], [])
    found = cli.json("evidence", "--as-of", "2026-11-20")
    states = {row["requirement"]["label"]: row["state"] for row in found["cells"]}
    assert states == {"House 1": "GAP", "House 2": "GAP", "House 3": "SATISFIED", "House 5": "SATISFIED"}
    gaps = cli.json("ownership-gaps", "--as-of", "2026-11-20")
    assert {node["uid"]: node["uncovered_relations"] for node in gaps["gaps"]} == {
        "model:scoring": [],
        "model:scoring@7": [],
    }


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
