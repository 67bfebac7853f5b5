"""Commands that make files: what becomes of their output, and that none of it is told."""

import json
import logging
import os
import stat
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.syncing.configured import Export
from api.syncing.exporting import export
from graph.model import as_text
from tests.api.syncing.conftest import MORNING, Syncs, lines

PLANTED = "planted-value-in-what-a-tool-prints"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def configured(code: str, **export: object) -> str:
    given = {"command": python(code), "output": "made/a.jsonl", **export}
    table = "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())
    return (
        f'[[source]]\nname = "records"\npaths = ["made/a.jsonl"]\ncadence = "10h"\n[[source.export]]\n{table}'
    )


def test_what_a_command_prints_is_read_as_of_when_it_began(syncs: Syncs):
    undated = lines("x").replace(f', "read_at": "{as_text(MORNING)}"', "")
    assert "read_at" not in undated
    syncs.configure(configured(f"print({undated!r}, end='')"))
    [synced] = syncs.run()
    assert (synced.state, synced.last_reported) == ("completed", MORNING)
    [exported] = synced.exports
    assert (exported.exit_code, exported.stdout_bytes, exported.stderr_bytes) == (0, len(undated), 0)
    made = syncs.folder / "made/a.jsonl"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made.stat().st_mtime == MORNING / 1000
    assert [path.name for path in made.parent.iterdir()] == ["a.jsonl"]


def test_a_command_that_fails_leaves_the_file_as_it_was_and_nothing_is_read(syncs: Syncs):
    syncs.configure(configured(f"import sys; print({PLANTED!r}); print('no', file=sys.stderr); sys.exit(3)"))
    (syncs.folder / "made").mkdir()
    syncs.write("made/a.jsonl", "x")
    before = (syncs.folder / "made/a.jsonl").read_text()
    [synced] = syncs.run()
    assert (synced.state, synced.report) == ("failed", None)
    program = Path(sys.executable).name
    printed = f"({len(PLANTED) + 1} bytes on standard output, 3 on standard error)"
    assert synced.why == f"{program} ended with exit code 3 {printed}"
    assert (syncs.folder / "made/a.jsonl").read_text() == before
    assert len(list((syncs.folder / "made").iterdir())) == 1


def test_nothing_of_what_a_command_prints_is_told(syncs: Syncs, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    code = f"import sys; print({PLANTED!r}); print({PLANTED!r}, file=sys.stderr); sys.exit(1)"
    syncs.configure(configured(code))
    for arguments in (["sync"], ["sync", "--json"]):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 6
        assert PLANTED not in result.output
    assert PLANTED not in caplog.text
    kept = [path for path in syncs.folder.rglob("*") if path.is_file() and path.name != "holdfast.toml"]
    assert [path for path in kept if PLANTED.encode() in path.read_bytes()] == []


def test_a_command_whose_time_is_up_is_ended_with_what_it_started(tmp_path: Path):
    # The child tells its number and then sleeps longer than any test.
    child = "import os, time; open('child', 'w').write(str(os.getpid())); time.sleep(600)"
    code = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(600)"
    )
    wanted = Export.model_validate({"command": python(code), "timeout": "2s"})
    exported = export(wanted, lambda: MORNING)
    assert exported.exit_code is None
    assert "was ended when its time was up" in (exported.why or "")
    number = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while is_running(number) and time.monotonic() < deadline:
        os.sched_yield()
    assert not is_running(number)


def is_running(number: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_program_that_is_not_there_is_told(syncs: Syncs):
    wanted = Export.model_validate({"command": ["no-such-program", PLANTED], "output": "made/a"})
    exported = export(wanted, lambda: MORNING)
    assert exported.why == "no-such-program cannot be run: no such file or directory"
    assert list((syncs.folder / "made").iterdir()) == []


def test_no_shell_takes_the_words_apart_and_our_variables_stay_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOLDFAST_STORE_PASSWORD", PLANTED)
    monkeypatch.setenv("OTHER", "kept")
    code = "import os, sys; print(sys.argv[1:], sorted(n for n in os.environ if n in sys.argv[2:]))"
    words = [*python(code), "a b; $(touch c) > d", "HOLDFAST_STORE_PASSWORD", "OTHER"]
    wanted = Export.model_validate({"command": words, "output": "made"})
    assert export(wanted, lambda: MORNING).why is None
    assert (tmp_path / "made").read_text() == f"{words[3:]} ['OTHER']\n"


def test_a_file_that_holds_secrets_is_deleted_once_it_has_been_read(syncs: Syncs):
    syncs.configure(configured(f"print({lines('x')!r}, end='')", delete_afterwards=True))
    assert syncs.states() == ["completed"]
    assert list((syncs.folder / "made").iterdir()) == []
    syncs.configure(configured("print('not JSON')", delete_afterwards=True))
    assert syncs.states("records") == ["partial"]
    assert list((syncs.folder / "made").iterdir()) == []
