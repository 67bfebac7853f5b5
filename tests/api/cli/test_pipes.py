"""A reader that stops reading, over real pipes: the command ends quietly, and passes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import Cli

HOLDFAST = Path(sys.executable).with_name("holdfast")


def unread(*arguments: str, reads: int = 0) -> tuple[int, str]:
    """Run a command whose reader takes so many bytes and goes; return the exit code and standard error."""
    end, start = os.pipe()
    process = subprocess.Popen([HOLDFAST, *arguments], stdout=start, stderr=subprocess.PIPE, text=True)
    os.close(start)
    if reads:
        os.read(end, reads)
    os.close(end)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.parametrize(
    "arguments",
    [
        ("vocabulary", "--json"),
        ("vocabulary",),
        ("--help",),
        ("blast-radius", "key", "--harm", "DISCLOSED", "--all"),
        ("history", "key"),
    ],
)
@pytest.mark.parametrize("reads", [0, 1])
def test_a_closed_pipe_ends_a_command_quietly(cli: Cli, arguments: tuple[str, ...], reads: int):
    with_store = (
        (*arguments, "--store", str(cli.store)) if arguments[0] in ("blast-radius", "history") else arguments
    )
    code, said = unread(*with_store, reads=reads)
    assert said == ""
    # Whoever has read something may have been given all of it before it went.
    assert code == 141 if not reads else code in (0, 141)


def test_a_gate_that_nobody_read_does_not_pass(cli: Cli):
    question = ("ownership-gaps", "--store", str(cli.store), "--fail-on", "gaps>99", "--quiet")
    assert unread(*question)[0] == 141


def test_what_the_command_had_to_say_itself_goes_first(cli: Cli):
    code, said = unread("history", "nowhere", "--store", str(cli.store))
    assert (code, "nowhere" in said) == (4, True)
