"""Changes: told to a real server as they happen, and never in the way of the pipeline."""

import asyncio
import errno
import json
import logging
import os
import socket
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import holdfast_client
from holdfast_client import Client, Dataset, Parent, Recorder, change
from holdfast_client.spool import FileLock, Spool
from tests.api.server.conftest import Running

CLIENTS = Path(__file__).parents[2] / "clients/python"
NOBODY = "http://127.0.0.1:9"
FEATURES = "s3://fairbank-features/loans/2026-11.parquet"


@pytest.fixture
def made() -> Iterator[Callable[..., Recorder]]:
    """Make recorders, and close them when the test is over."""
    recorders: list[Recorder] = []

    def make(url: str, **more: Any) -> Recorder:
        recorders.append(Recorder(url, **more))
        return recorders[-1]

    yield make
    for recorder in recorders:
        recorder.close()


@pytest.fixture
def recorder(server: Running, made: Callable[..., Recorder], tmp_path: Path) -> Recorder:
    """A recorder for the real server."""
    return made(server.url, token=server.token, spool=tmp_path / "spool")


def files(folder: Path, pattern: str = "*.json") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in files(folder)]


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what happens in another thread or process."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def told_of(client: Client, job: str) -> set[str]:
    """The relations that the server has of a job, from its START and COMPLETE."""
    found = [node for node in client.search(job).nodes if node.type == "pipeline"]
    said = [v.says for node in found for e in client.history(node.uid).events for v in e.recorded]
    return {word for text in said for word in text.split() if word in ("READS", "WRITES")}


# ---------------------------------------------------------------- what arrives


def test_a_run_reaches_the_graph(recorder: Recorder, client: Client, tmp_path: Path):
    with change("train-a", namespace="fairbank", recorder=recorder) as run:
        run.uses(FEATURES)
        run.produces("loan-default", dataset_type="MODEL", version="3")
    assert recorder.flush(20)
    assert recorder.status() == holdfast_client.Status(waiting=0, sent=2, refused=0, not_recorded=0)
    assert files(tmp_path / "spool") == []
    until(lambda: told_of(client, "train-a") == {"READS", "WRITES"})
    [model] = [n for n in client.search("loan-default").nodes if n.kind == "Dataset"]
    assert (model.type, model.described) == ("model_artifact", True)
    [data] = [n for n in client.search("2026-11.parquet").nodes if n.kind == "Dataset"]
    assert "fairbank-features" in data.uid


def test_the_same_event_twice_is_one(recorder: Recorder, client: Client, server: Running, tmp_path: Path):
    waiting = Recorder(server.url, token="", spool=tmp_path / "kept")  # without a token nothing is sent
    with change("twice", recorder=waiting, uses=["in"], produces=["out"]):
        pass
    waiting.close()
    kept = [path.read_bytes() for path in files(tmp_path / "kept")]
    assert len(kept) == 2
    for body in (*kept, *kept):
        answer = server.ask("POST", "/api/v1/lineage", body, authorization=f"Bearer {server.token}")
        assert answer.status == 200
    until(lambda: server.ask("GET", "/readyz").json()["events_waiting"] == 0)
    head = client.head().commit
    for body in kept:
        server.ask("POST", "/api/v1/lineage", body, authorization=f"Bearer {server.token}")
    until(lambda: server.ask("GET", "/readyz").json()["events_waiting"] == 0)
    assert client.head().commit == head


def test_an_exception_goes_through_unchanged_and_fails_the_run(made: Any, tmp_path: Path):
    raised = ValueError("planted-value")
    with (
        pytest.raises(ValueError, match="planted") as seen,
        change("fails", recorder=made(NOBODY, spool=tmp_path)),
    ):
        raise raised
    assert seen.value is raised
    assert seen.value.__cause__ is None
    start, fail = events(tmp_path)
    assert (start["eventType"], fail["eventType"]) == ("START", "FAIL")
    assert fail["run"]["facets"]["errorMessage"]["message"] == "ValueError"
    assert "planted-value" not in json.dumps([start, fail])


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (SystemExit(0), "COMPLETE"),
        (SystemExit(), "COMPLETE"),
        (SystemExit(3), "FAIL"),
        (KeyboardInterrupt(), "FAIL"),
    ],
)
def test_leaving_the_process_is_an_end_too(made: Any, tmp_path: Path, error: BaseException, end: str):
    with pytest.raises(type(error)), change("leaves", recorder=made(NOBODY, spool=tmp_path)):
        raise error
    assert [event["eventType"] for event in events(tmp_path)] == ["START", end]


def test_an_event_has_what_the_specification_wants(made: Any, tmp_path: Path):
    into = made(NOBODY, spool=tmp_path)
    with (
        change("outer", namespace="ours", recorder=into) as outer,
        change(
            "inner",
            namespace="ours",
            recorder=into,
            parent=outer,
            uses=[Dataset("postgres://db:5432", "lake.public.loans", "TABLE", "7")],
            job_facets={"documentation": {"description": "trains"}},
            run_facets={"fairbank_build": {"number": 7}},
        ) as inner,
    ):
        inner.uses("plain")
        inner.uses("plain", facets={"fairbank_rows": {"rows": 3}})
        inner.produces("file:///tmp/model.bin")
    end = next(e for e in events(tmp_path) if (e["job"]["name"], e["eventType"]) == ("inner", "COMPLETE"))
    assert uuid.UUID(end["run"]["runId"]).version == 7
    assert end["eventTime"].endswith("Z")
    assert end["run"]["facets"]["parent"]["run"] == {"runId": outer.run_id}
    assert end["run"]["facets"]["fairbank_build"]["number"] == 7
    assert end["job"]["facets"]["documentation"]["description"] == "trains"
    assert [(d["namespace"], d["name"]) for d in end["inputs"]] == [
        ("postgres://db:5432", "lake.public.loans"),
        ("ours", "plain"),
    ]
    assert end["inputs"][0]["facets"]["version"]["datasetVersion"] == "7"
    assert end["inputs"][1]["facets"]["fairbank_rows"]["rows"] == 3
    assert [(d["namespace"], d["name"]) for d in end["outputs"]] == [("file", "/tmp/model.bin")]
    facets = [f for part in (*end["inputs"], end["run"], end["job"]) for f in part["facets"].values()]
    assert all(facet["_producer"] and facet["_schemaURL"] for facet in facets)


# ---------------------------------------------------------------- decorators, threads, repetition


def test_each_call_of_a_decorated_function_is_a_run(made: Any, tmp_path: Path):
    into = made(NOBODY, spool=tmp_path)

    @change("decorated", recorder=into, uses=["in"])
    def train(number: int, *, twice: bool = False) -> int:
        """Train."""
        run = holdfast_client.current()
        assert run is not None
        run.produces(f"out-{number}")
        return train(number + 1) if twice else number

    assert (train.__name__, train.__doc__) == ("train", "Train.")
    assert (train(1, twice=True), holdfast_client.current()) == (2, None)
    ends = [e for e in events(tmp_path) if e["eventType"] == "COMPLETE"]
    assert len({e["run"]["runId"] for e in ends}) == 2
    assert sorted(e["outputs"][0]["name"] for e in ends) == ["out-1", "out-2"]


def test_coroutines_and_generators_end_when_they_end(made: Any, tmp_path: Path):
    into = made(NOBODY, spool=tmp_path)

    @change("awaited", recorder=into)
    async def wait() -> str:
        await asyncio.sleep(0)
        assert [e["eventType"] for e in events(tmp_path)] == ["START"]
        return "done"

    assert asyncio.run(wait()) == "done"

    @change("generated", recorder=into)
    def numbers() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError

    found = numbers()
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(LookupError):
        next(found)
    assert [e["eventType"] for e in events(tmp_path)] == ["START", "COMPLETE", "START", "FAIL"]


def test_a_change_that_is_entered_again_is_another_run(made: Any, tmp_path: Path):
    again = change("again", recorder=made(NOBODY, spool=tmp_path), uses=["always"])
    with again as run:
        run.uses("once")
    with again:
        pass
    first, second = [e for e in events(tmp_path) if e["eventType"] == "COMPLETE"]
    assert first["run"]["runId"] != second["run"]["runId"]
    assert [[d["name"] for d in e["inputs"]] for e in (first, second)] == [["always", "once"], ["always"]]
    again.uses("too late")
    assert len(events(tmp_path)) == 4


def test_many_threads_tell_one_change(made: Any, tmp_path: Path):
    with change("threads", recorder=made(NOBODY, spool=tmp_path)) as run:

        def use(worker: int) -> None:
            for number in range(50):
                run.uses(f"in-{worker}-{number}")

        threads = [threading.Thread(target=use, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(events(tmp_path)[-1]["inputs"]) == 400


# ---------------------------------------------------------------- nothing of ours in the way


def test_without_a_server_the_pipeline_goes_on_and_the_events_wait(made: Any, tmp_path: Path):
    into = made(NOBODY, token="planted-value-token", spool=tmp_path)
    with change("alone", recorder=into):
        pass
    assert into.flush(10) is False
    assert (into.status().waiting, into.status().not_recorded) == (2, 0)
    for path in files(tmp_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert b"planted-value" not in path.read_bytes()


@pytest.fixture
def answers() -> Iterator[tuple[str, list[tuple[int, dict[str, str], bytes]], list[bytes]]]:
    """A server that gives the listed answers, then success, and notes what it was sent."""
    listed: list[tuple[int, dict[str, str], bytes]] = []
    seen: list[bytes] = []

    class Listed(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append(body)
            said, headers, answer = listed.pop(0) if listed else (200, {}, b'{"status": "success"}')
            self.send_response(said)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listed) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", listed, seen
        http.shutdown()


@pytest.mark.parametrize(
    "trouble",
    [
        (500, {}, b""),
        (503, {"retry-after": "1"}, b""),
        (429, {}, b""),
        (302, {"location": "http://127.0.0.1:9/"}, b""),
        (200, {"content-type": "text/html"}, b"<p>Log in</p>"),
    ],
)
def test_what_hinders_is_tried_again_with_the_same_bytes(
    made: Any, answers: Any, tmp_path: Path, trouble: Any
):
    url, listed, seen = answers
    listed.extend([trouble, trouble])
    into = made(url, token="t", spool=tmp_path)
    with change("retried", recorder=into):
        pass
    until(lambda: into.status().waiting == 0)
    assert into.status().sent == 2
    assert len(seen) == 4
    assert len(set(seen)) == 2


def test_what_the_server_refuses_is_set_aside_with_the_reason(made: Any, answers: Any, tmp_path: Path):
    url, listed, seen = answers
    problem = {"code": "broken_event", "detail": "The event cannot be used.", "request_id": "r1"}
    listed.append((400, {"content-type": "application/problem+json"}, json.dumps(problem).encode()))
    into = made(url, token="t", spool=tmp_path)
    with change("refused", recorder=into):
        pass
    until(lambda: into.status().waiting == 0)
    assert (into.status().sent, into.status().refused) == (1, 1)
    [event], [reason] = files(tmp_path, "refused/*.json"), files(tmp_path, "refused/*.reason")
    assert json.loads(event.read_bytes())["eventType"] == "START"
    assert json.loads(reason.read_bytes()) == {"status": 400, **problem}
    assert into.send_refused_again() == 1
    until(lambda: into.status().sent == 2)
    assert files(tmp_path, "refused/*") == []
    assert seen[0] == seen[-1]


def test_a_token_that_is_refused_loses_no_event(server: Running, made: Any, tmp_path: Path, caplog: Any):
    into = made(server.url, token="planted-value-token", spool=tmp_path)
    with change("unknown", recorder=into):
        pass
    until(lambda: into.status().waiting == 0)
    assert json.loads(files(tmp_path, "refused/*.reason")[0].read_bytes())["code"] == "token_unknown"
    assert len(files(tmp_path, "refused/*.json")) == 2
    assert "planted-value" not in caplog.text + repr(into) + repr(vars(into))


def test_a_spool_that_cannot_be_written_is_counted(made: Any, tmp_path: Path, caplog: Any):
    (tmp_path / "file").write_bytes(b"")
    into = made(NOBODY, spool=tmp_path / "file")
    with change("nowhere", recorder=into) as run:
        run.uses("in")
    assert into.status().not_recorded == 2
    assert "an event was not recorded (Not a directory); 1 so far" in caplog.text


def test_a_full_disk_is_counted_and_leaves_nothing_behind(made: Any, tmp_path: Path, monkeypatch: Any):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    into = made(NOBODY, spool=tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with change("full", recorder=into):
        pass
    assert into.status().not_recorded == 2
    assert files(tmp_path, "*") == []


def test_a_full_spool_refuses_new_events_and_keeps_the_old(made: Any, tmp_path: Path, caplog: Any):
    into = made(NOBODY, spool=tmp_path, most_events=3)
    for number in range(12):
        with change(f"run-{number}", recorder=into):
            pass
    assert [e["job"]["name"] for e in events(tmp_path)] == ["run-0", "run-0", "run-1"]
    assert (into.status().waiting, into.status().not_recorded) == (3, 21)
    said = [r.getMessage() for r in caplog.records if "not recorded" in r.getMessage()]
    assert [text.rpartition("; ")[2] for text in said] == ["1 so far", "10 so far"]
    small = made(NOBODY, spool=tmp_path / "small", most_bytes=100)
    with change("long", recorder=small):
        pass
    assert small.status() == holdfast_client.Status(0, 0, 0, 2)


@pytest.mark.parametrize(
    "name", [None, 7, "", " ", "a\nb", b"bytes", ["x"], "s3://", "s3://bucket", "http://[planted-value/x"]
)
def test_names_that_are_none_are_counted_and_break_nothing(made: Any, tmp_path: Path, name: Any, caplog: Any):
    into = made(NOBODY, spool=tmp_path)
    with change("named", recorder=into) as run:
        run.uses(name)
        run.produces("good")
    assert [d["name"] for d in events(tmp_path)[-1]["outputs"]] == ["good"]
    assert events(tmp_path)[-1]["inputs"] == []
    assert "a dataset was not recorded" in caplog.text
    assert "planted-value" not in caplog.text


@pytest.mark.parametrize("job", [None, 7, "", "a\nb"])
def test_a_job_without_a_name_is_not_recorded_and_runs(made: Any, tmp_path: Path, job: Any):
    with change(job, recorder=made(NOBODY, spool=tmp_path), uses=None) as run:  # type: ignore[arg-type]
        run.uses("in")
    assert files(tmp_path) == []


def test_one_name_is_not_taken_for_a_list_of_letters(made: Any, tmp_path: Path):
    with change("one", recorder=made(NOBODY, spool=tmp_path), uses="loans", produces=Dataset("n", "model")):  # type: ignore[arg-type]
        pass
    end = events(tmp_path)[-1]
    assert [[d["name"] for d in end[side]] for side in ("inputs", "outputs")] == [["loans"], ["model"]]


def test_facets_that_are_no_json_cost_the_facets_only(made: Any, tmp_path: Path):
    into = made(NOBODY, spool=tmp_path)
    bad: Any = {"x": {"f": object()}}
    with change("facets", recorder=into, job_facets=bad, run_facets={"y": {"n": float("nan")}}) as run:
        run.uses("in", facets=bad)
    assert [d["name"] for d in events(tmp_path)[-1]["inputs"]] == ["in"]
    assert into.troubles.counts["facets were not recorded"] == 2


def test_what_may_be_secret_in_an_address_is_left_out(made: Any, tmp_path: Path):
    with change("secret", recorder=made(NOBODY, spool=tmp_path)) as run:
        run.uses("postgres://ada:planted-value@db:5432/lake.loans")
        run.uses("s3://bucket/key?X-Amz-Signature=planted-value")
        run.uses("loans", namespace="postgres://ada:planted-value@db:5432")
        run.uses("abfss://container@account.dfs.core.windows.net/loans")
    assert "planted-value" not in "".join(path.read_text() for path in files(tmp_path))
    assert [(d["namespace"], d["name"]) for d in events(tmp_path)[-1]["inputs"]] == [
        ("postgres://db:5432", "lake.loans"),
        ("s3://bucket", "key"),
        ("postgres://db:5432", "loans"),
        ("abfss://container@account.dfs.core.windows.net", "loans"),
    ]


def test_disabled_it_does_nothing_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any):
    monkeypatch.setenv("HOLDFAST_DISABLED", "1")
    monkeypatch.setenv("HOLDFAST_SPOOL", str(tmp_path / "spool"))
    before = threading.active_count()
    with change("off") as run:
        run.uses(None)  # type: ignore[arg-type]
    assert change("off")(lambda: 7)() == 7
    assert (list(tmp_path.iterdir()), threading.active_count(), caplog.text) == ([], before, "")


@pytest.mark.parametrize(
    "settings", [{"HOLDFAST_URL": "ftp://planted-value@x"}, {"HOLDFAST_TOKEN": "a b planted-value"}]
)
def test_settings_that_are_none_break_nothing(
    settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    into = Recorder(spool=tmp_path)
    with change("set", recorder=into):
        pass
    into.close()
    assert "Holdfast: " in caplog.text
    assert "planted-value" not in caplog.text


def test_a_log_that_breaks_breaks_nothing(made: Any, tmp_path: Path):
    class Broken(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise RuntimeError

    log, broken = logging.getLogger("holdfast_client"), Broken()
    log.addFilter(broken)
    try:
        with change("logged", recorder=made(NOBODY, spool=tmp_path)) as run:
            run.uses("")
    finally:
        log.removeFilter(broken)


# ---------------------------------------------------------------- other processes


def run_python(code: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(CLIENTS), **settings}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


TELL = """
import holdfast_client
with holdfast_client.change("{job}") as run:
    run.uses("in")
"""


def test_a_process_sends_before_it_ends_and_a_later_one_what_it_could_not(server: Running, tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"HOLDFAST_SPOOL": str(tmp_path), "HOLDFAST_TOKEN": server.token}
    alone = run_python(TELL.format(job="one"), HOLDFAST_URL=f"http://127.0.0.1:{port}", **settings)
    assert (alone.returncode, alone.stdout) == (0, "")
    assert server.token not in alone.stderr
    [folder] = tmp_path.iterdir()
    assert len(files(folder)) == 2
    # What waits is for that address alone; as if it had been the server's, it is put where that one looks.
    sent = run_python(TELL.format(job="two"), HOLDFAST_URL=server.url, **settings)
    assert (sent.returncode, sent.stderr) == (0, "")
    [other] = [path for path in tmp_path.iterdir() if path != folder]
    assert (len(files(folder)), files(other)) == (2, [])
    for path in files(folder):
        path.rename(other / path.name)
    sent = run_python(TELL.format(job="three"), HOLDFAST_URL=server.url, **settings)
    assert (sent.returncode, sent.stderr, files(other)) == (0, "", [])


def test_the_end_of_a_process_waits_for_a_bounded_time(tmp_path: Path):
    with socket.socket() as silent:  # takes connections, and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        # It comes to its end at all: nobody ever answers it.
        done = run_python(
            TELL.format(job="slow"),
            HOLDFAST_URL=url,
            HOLDFAST_TOKEN="t",
            HOLDFAST_SPOOL=str(tmp_path),
            HOLDFAST_FLUSH_SECONDS="1",
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert len(files(tmp_path)) == 2


def test_a_forked_process_records_too(server: Running, tmp_path: Path):
    code = """
import os, holdfast_client
with holdfast_client.change("parent") as run:
    child = os.fork()
    if not child:
        with holdfast_client.change("child", parent=run):
            pass
        os._exit(0 if holdfast_client.flush(20) else 1)
    assert os.waitpid(child, 0)[1] == 0
"""
    settings = {"HOLDFAST_SPOOL": str(tmp_path), "HOLDFAST_TOKEN": server.token, "HOLDFAST_URL": server.url}
    done = run_python(code, **settings)
    assert (done.returncode, done.stderr, files(tmp_path)) == (0, "", [])


def test_two_processes_do_not_send_at_the_same_time(made: Any, answers: Any, tmp_path: Path):
    url, _, seen = answers
    waiting = Recorder(url, token="", spool=tmp_path)
    with change("locked", recorder=waiting):
        pass
    waiting.close()
    [folder] = tmp_path.iterdir()
    lock = FileLock(folder / "lock")
    until(lock.take)
    into = made(url, token="t", spool=tmp_path)
    assert into.flush(0.5) is False
    assert seen == []
    lock.release()
    until(lambda: into.status().waiting == 0)
    assert len(seen) == 2
    lock.forget()


def test_what_a_killed_process_was_writing_is_deleted_later(tmp_path: Path):
    spool = Spool(tmp_path)
    spool.put(b"{}")
    old, new = tmp_path / "old.unfinished", tmp_path / "new.unfinished"
    old.write_bytes(b"{")
    new.write_bytes(b"{")
    os.utime(old, (0, 0))
    spool.clean()
    assert (old.exists(), new.exists(), len(spool.waiting())) == (False, True, 1)


def test_an_event_that_is_finished_while_others_clean_hinders_nobody(tmp_path: Path):
    spool = Spool(tmp_path)
    spool.put(b"{}")
    # Listed, and gone when it is looked at: as a file is that another process has just renamed.
    (tmp_path / "gone.unfinished").symlink_to(tmp_path / "nowhere")
    spool.clean()
    assert len(spool.waiting()) == 1


def test_a_parent_may_be_named(made: Any, tmp_path: Path):
    parent = Parent("ours", "dag", str(uuid.uuid4()))
    with change("task", recorder=made(NOBODY, spool=tmp_path), parent=parent):
        pass
    assert events(tmp_path)[0]["run"]["facets"]["parent"]["job"] == {"namespace": "ours", "name": "dag"}
