"""What a sync runs, when, and that one source's failure is no other's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.session import opened
from api.settings import load
from api.syncing.locks import lock_file, reading
from api.syncing.sync import SyncOptions
from graph.duration import Duration
from graph.model import Instant, SourceInstance
from tests.api.conftest import Cli
from tests.api.syncing.conftest import HOUR, MORNING, Syncs

ONE = '[[source]]\nname = "records"\npaths = ["a.jsonl"]\ncadence = "10h"\n'
TWO = ONE + '[[source]]\nname = "records"\ninstance = "b"\npaths = ["b.jsonl"]\n'


def test_what_was_never_read_is_due_and_then_only_shortly_before_it_would_be_overdue(syncs: Syncs):
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    assert syncs.states() == ["completed"]
    # Nine of ten hours later it is due: an hour is left in which to read it.
    syncs.now = Instant(MORNING + 9 * HOUR - 1)
    [synced] = syncs.run()
    assert (synced.state, synced.last_reported, synced.due_at) == ("not_due", MORNING, MORNING + 9 * HOUR)
    syncs.now = Instant(MORNING + 9 * HOUR)
    assert syncs.states() == ["completed"]


def test_an_old_file_that_is_read_again_does_not_make_a_source_current(syncs: Syncs):
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    syncs.now = Instant(MORNING + 20 * HOUR)
    assert syncs.states() == ["completed"]
    assert syncs.states() == ["completed"], "its file is 20 hours old, so it is looked at each time"
    syncs.write("a.jsonl", "x")
    assert syncs.states() == ["completed"]
    assert syncs.states() == ["not_due"]


def test_what_is_live_holds_when_it_is_read(syncs: Syncs):
    people = '[[source]]\nname = "people"\nscope = "https://git.example/a/b"\npaths = ["CODEOWNERS"]\n'
    syncs.configure(people + 'live = true\ncadence = "10h"\n')
    (syncs.folder / "CODEOWNERS").write_text("* @ada\n")
    os.utime(syncs.folder / "CODEOWNERS", (1, 1))
    [synced] = syncs.run()
    assert (synced.state, synced.last_reported) == ("completed", MORNING)


def test_without_a_cadence_it_is_run_each_time(syncs: Syncs):
    syncs.configure(ONE.replace('cadence = "10h"\n', ""))
    syncs.write("a.jsonl", "x")
    assert [syncs.states(), syncs.states()] == [["completed"], ["completed"]]


def test_names_and_all_run_what_is_not_due(syncs: Syncs):
    syncs.configure(TWO)
    syncs.write("a.jsonl", "x")
    syncs.write("b.jsonl", "y")
    assert syncs.states() == ["completed", "completed"]
    assert syncs.states("records/default") == ["completed"]
    assert syncs.states("records") == ["completed", "completed"]
    assert [s.state for s in syncs.run(options=SyncOptions(always=True))] == ["completed", "completed"]
    assert syncs.states() == ["not_due", "completed"]


def test_one_that_fails_keeps_no_other_from_running_and_is_due_again(syncs: Syncs):
    broken = '[[source]]\nname = "nothing"\npaths = ["a.jsonl"]\ncadence = "10h"\n'
    missing = '[[source]]\nname = "records"\ninstance = "c"\npaths = ["missing.jsonl"]\ncadence = "10h"\n'
    syncs.configure(broken + missing + ONE)
    syncs.write("a.jsonl", "x")
    first, second, third = syncs.run()
    assert [first.state, second.state, third.state] == ["failed", "failed", "completed"]
    assert "no source 'nothing'" in (first.why or "")
    assert "there is no 'missing.jsonl'" in (second.why or "")
    assert syncs.states() == ["failed", "failed", "not_due"]


def test_a_plug_in_that_breaks_is_told_without_its_message(syncs: Syncs, monkeypatch: pytest.MonkeyPatch):
    def breaks(name: str) -> None:
        raise RuntimeError("planted-value in a message")

    monkeypatch.setattr("api.syncing.sync.load_source", breaks)
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    [synced] = syncs.run()
    assert (synced.state, synced.why) == ("failed", "it stopped with RuntimeError")


def test_what_was_partly_taken_in_has_reported_and_what_held_nothing_has_not(syncs: Syncs):
    syncs.configure(TWO.replace('instance = "b"\n', 'instance = "b"\ncadence = "10h"\n'))
    syncs.write("a.jsonl", "x")
    with (syncs.folder / "a.jsonl").open("a") as file:
        file.write("not JSON\n")
    (syncs.folder / "b.jsonl").touch()
    first, second = syncs.run()
    assert (first.state, first.last_reported) == ("partial", MORNING)
    assert "holdfast runs" in (first.why or "")
    assert (second.state, second.last_reported) == ("partial", None)
    assert syncs.states() == ["not_due", "partial"]


def test_a_source_that_is_sent_in_is_not_run(syncs: Syncs):
    syncs.configure('[[source]]\nname = "openlineage"\ninstance = "eu"\ncadence = "1h"\n')
    assert syncs.states() == ["sent_in"]


def test_two_syncs_never_read_one_source_at_once(syncs: Syncs):
    syncs.configure(TWO)
    syncs.write("a.jsonl", "x")
    syncs.write("b.jsonl", "y")
    with reading(load().settings, SourceInstance("records")):
        first, second = syncs.run()
    assert (first.state, second.state) == ("busy", "completed")
    assert "process " in (first.why or "")
    assert syncs.states() == ["completed", "completed"]


def test_what_a_dead_process_left_behind_is_taken_over(syncs: Syncs):
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    path = lock_file(load().settings, SourceInstance("records"))
    path.parent.mkdir(parents=True)
    path.write_text("process 1 since 2020-01-01T00:00:00.000Z\n")
    assert syncs.states() == ["completed"]
    assert "process 1 " not in path.read_text()


def test_locks_tell_stores_and_sources_apart(tmp_path: Path):
    settings, other = load().settings, load(store="other.db").settings
    kubernetes = SourceInstance("kubernetes", "eu-1")
    files = {lock_file(s, i) for s in (settings, other) for i in (kubernetes, SourceInstance("kubernetes"))}
    assert len(files) == 4
    assert lock_file(load(store=str(tmp_path / ".holdfast/estate.db")).settings, kubernetes) in files


def test_a_job_whose_time_is_up_is_stopped_and_says_so(syncs: Syncs):
    # A pipe that nobody writes to: without the limit, it would be waited for for ever.
    syncs.configure(
        ONE.replace('"a.jsonl"', '"pipe.jsonl"').replace("cadence", 'timeout = "1s"\ncadence')
        + TWO.replace(ONE, "")
    )
    syncs.write("b.jsonl", "y")
    os.mkfifo(syncs.folder / "pipe.jsonl")
    first, second = syncs.run()
    assert (first.state, second.state) == ("timed_out", "completed")
    assert first.why == "its time (PT1S) was up; what was committed stays"
    assert first.report is not None
    assert (first.report.state, first.last_reported) == ("timed_out", None)


def test_a_dry_run_says_what_is_due_and_runs_nothing(syncs: Syncs):
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    [synced] = syncs.run(options=SyncOptions(only_looks=True))
    assert (synced.state, synced.report) == ("due", None)
    assert syncs.states() == ["completed"]


def test_somebody_who_interrupts_ends_the_sync(syncs: Syncs, monkeypatch: pytest.MonkeyPatch):
    def stops(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.syncing.sync.load_source", stops)
    syncs.configure(TWO)
    syncs.write("a.jsonl", "x")
    syncs.write("b.jsonl", "y")
    assert syncs.states() == ["interrupted"]


# The command


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["sync", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_reports_on_each_and_exits_with_6_when_one_fails(syncs: Syncs):
    syncs.configure(TWO)
    syncs.write("a.jsonl", "x")
    code, out, _ = run("--json")
    assert code == 6
    first, second = json.loads(out)["sources"]
    assert (first["state"], first["cadence"], first["report"]["records"]["accepted"]) == (
        "completed",
        "PT10H",
        1,
    )
    assert (second["state"], second["report"]) == ("failed", None)
    code, out, _ = run("--quiet")
    assert code == 6
    assert "records/b" in out
    assert "FAILED" in out
    assert "records/default" not in out
    syncs.write("b.jsonl", "y")
    code, out, _ = run()
    assert (code, "FAILED" in out) == (0, False)


def test_a_dry_run_makes_no_ledger(syncs: Syncs):
    syncs.configure(ONE)
    code, out, _ = run("--dry-run", "--json")
    assert (code, [synced["state"] for synced in json.loads(out)["sources"]]) == (0, ["due"])
    assert not (syncs.folder / ".holdfast").exists()


@pytest.mark.parametrize(
    ("text", "names", "says"),
    [
        ("", [], "holdfast init"),
        (ONE, ["kubernetes"], "'kubernetes' is not configured"),
        (ONE + ONE, [], "names records/default twice"),
        (ONE.replace("10h", "soon"), [], "written 30s, 90m, 24h"),
        (ONE.replace("cadence", "cadense"), [], "source 1.cadense is not a setting"),
        (ONE.replace('"a.jsonl"', '"-"'), [], "standard input"),
        (ONE + '[[source.export]]\ncommand = "kubectl get pods"\n', [], "is a list of words"),
        (ONE + 'live = true\n[[source.export]]\ncommand = ["true"]\n', [], "is live and has exports"),
        ('source = "records"\n', [], "write [[source]]"),
        ('[[source]]\nname = "records"\n', [], "neither paths to read nor a cadence"),
    ],
)
def test_what_is_configured_wrongly_is_refused_before_anything_is_run(
    syncs: Syncs, text: str, names: list[str], says: str
):
    syncs.configure(text)
    code, _, err = run(*names)
    assert code == 2
    assert says in err
    assert not (syncs.folder / ".holdfast").exists()


def test_the_estate_knows_the_cadences(cli: Cli, syncs: Syncs):
    syncs.configure(ONE)
    with opened(load(store=str(cli.store))) as session:
        assert session.estate.cadences == {SourceInstance("records"): Duration.parse("PT10H")}


HOLDER = """
import sys
from api.settings import load
from api.syncing.locks import reading
from graph.model import Instant, SourceInstance
with reading(load().settings, SourceInstance("records")):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_of_a_process_that_is_killed_goes_with_it(syncs: Syncs):
    syncs.configure(ONE)
    syncs.write("a.jsonl", "x")
    command = [sys.executable, "-P", "-c", HOLDER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        [synced] = syncs.run()
        assert synced.state == "busy"
        assert f"process {holder.pid} since" in (synced.why or "")
        holder.kill()
        holder.wait()
    assert syncs.states() == ["completed"]


def test_a_signal_to_end_stops_it_like_ctrl_c_and_the_run_is_in_the_log(syncs: Syncs):
    syncs.configure(TWO.replace('"a.jsonl"', '"pipe.jsonl"'))
    syncs.write("b.jsonl", "y")
    os.mkfifo(syncs.folder / "pipe.jsonl")
    holdfast = Path(sys.executable).with_name("holdfast")
    with subprocess.Popen([holdfast, "sync", "--json"], stdout=subprocess.PIPE, text=True) as process:
        with (syncs.folder / "pipe.jsonl").open("w"):  # opens once it is being read
            process.terminate()
            assert process.stdout is not None
            [synced] = json.loads(process.stdout.read())["sources"]
        assert process.wait() == 130
    assert (synced["source"], synced["state"]) == ("records/default", "interrupted")
    assert synced["report"]["state"] == "interrupted"
    [run] = json.loads(CliRunner().invoke(app, ["runs", "--json"]).stdout)["runs"]
    assert run["state"] == "interrupted"
