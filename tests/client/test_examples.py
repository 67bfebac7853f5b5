"""The examples run against a real server, and print what the client's README says they print."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graph.store import open_store
from tests.api.server.conftest import Running, serving

CLIENT = Path(__file__).parents[2] / "clients/python"
README = (CLIENT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"    \$ python examples/(\w+\.py)\n((?:    .+\n)*)", README)


def run_example(python: Path | str, name: str, folder: Path, server: Running, **more: str) -> str:
    """What an example prints that has the two variables it needs, in a folder of its own."""
    env = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        "HOLDFAST_URL": server.url,
        "HOLDFAST_TOKEN": server.token,
        "XDG_STATE_HOME": str(folder / "state"),
        **more,
    }
    done = subprocess.run(
        [python, "-W", "error", CLIENT / "examples" / name],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert server.token not in done.stdout
    return done.stdout


def test_the_readme_shows_every_example():
    assert sorted(name for name, _ in SHOWN) == sorted(
        path.name for path in (CLIENT / "examples").glob("*.py")
    )


@pytest.fixture
def empty_server(tmp_path: Path):
    """A server of its own, as the README begins with an empty one."""
    open_store(str(tmp_path / "estate.db")).close()
    with serving(tmp_path / "estate.db", tmp_path) as running:
        yield running


def test_the_examples_print_what_the_readme_says(empty_server: Running, tmp_path: Path):
    for name, shown in SHOWN:
        printed = run_example(sys.executable, name, tmp_path, empty_server, PYTHONPATH=str(CLIENT))
        assert printed == re.sub("^    ", "", shown, flags=re.MULTILINE), name


def test_the_pipeline_runs_without_a_server(tmp_path: Path):
    env = {**os.environ, "PYTHONPATH": str(CLIENT), "HOLDFAST_URL": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, CLIENT / "examples/pipeline.py"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("14.0\nsome wait in the spool\nStatus(waiting=4, sent=0,")
