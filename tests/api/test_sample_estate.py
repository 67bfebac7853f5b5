"""The demo's output is the same everywhere, so that the README may show it."""

import subprocess
from pathlib import Path

from tests.api.cli.test_commands import HOLDFAST


def demo(folder: Path) -> str:
    """What the demo prints on a new store, with a new installation key, which makes people's uids."""
    folder.mkdir()
    ran = subprocess.run(
        [HOLDFAST, "demo", "--no-serve"],
        cwd=folder,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_two_installations_print_the_same(tmp_path: Path):
    first, second = demo(tmp_path / "one"), demo(tmp_path / "two")
    assert "rejected" not in first
    assert first == second
