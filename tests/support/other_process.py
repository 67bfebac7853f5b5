"""Another process that writes to a store: run as ``python -m tests.support.other_process``.

It reads one JSON object a line and answers each with one. ``{"do": "write", ...}`` makes commits
and answers with their numbers. ``{"do": "die", "after": n, ...}`` lets a child of its own begin one
commit and kill itself, with a real SIGKILL, before its n-th statement; the answer says whether the
child died or had fewer statements than that. ``{"do": "read_unlogged", "path": ...}`` does the same with a
child that reads a file, just before its run is logged.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.ledger.operations import NodesMerged, ScopeCovered
from graph.ledger.personal import PersonalValue, commitment_of
from graph.ledger.port import Store
from graph.model import Uid
from graph.store import open_store
from graph.store.sqlite import open_sqlite
from graph.store.sqlite.connections import connect
from graph.vocabulary import Kind
from ingest.job import run_job
from ingest.sources.records import SOURCE as RECORDS_SOURCE
from tests.ingest.jobs import job_options
from tests.support.places import Place
from tests.support.saying import RECORDS, append, day, edge, ended, node, record, recorded

HUB = "hub"
REPLACED = recorded(node("replaced", name="before"))
"""What the store must hold, from its first commit, before a child is told to die."""


class OtherProcess:
    """The process as the test sees it."""

    def __init__(self, place: Place) -> None:
        self._address = {"target": place.target, "password": place.password}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.other_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def tell(self, **what: Any) -> None:
        assert self._process.stdin is not None
        print(json.dumps(what | self._address), file=self._process.stdin, flush=True)

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the other process ended with {self._process.wait()}"
        return json.loads(line)

    def ask(self, **what: Any) -> Any:
        self.tell(**what)
        return self.answer()

    def end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@contextmanager
def other_process(place: Place) -> Iterator[OtherProcess]:
    """Another process for the length of a test."""
    process = OtherProcess(place)
    try:
        yield process
    finally:
        process.end()


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        asked_for = asked.pop("do")
        answer = _WAYS[asked_for](**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


# Writing


def write(target: str, password: str | None, name: str, count: int) -> list[int]:
    """Make so many commits, each with a node of this process and an edge from it to the hub."""
    store = open_store(target, password=password)
    ledger = Ledger(store)
    numbers: list[int] = []
    for number in range(count):
        uid = f"{name}-{number}"
        outcome = record(ledger, node(uid), edge(uid, "INVOKES", HUB))
        assert outcome.commit is not None
        numbers.append(outcome.commit.sequence)
    store.close()
    return numbers


# Dying


def die(target: str, password: str | None, after: int) -> bool:
    """Return whether a child that dies before its n-th statement got that far."""
    child = os.fork()
    if child == 0:
        begin_and_die(target, password, after)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def read_unlogged(target: str, password: str | None, path: str) -> bool:
    """Return whether a child that reads a file is killed when it comes to log its run."""
    child = os.fork()
    if child == 0:
        store = open_store(target, password=password)
        store.add_run = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign,assignment]
        run_job(Ledger(store), RECORDS_SOURCE, [Path(path)], job_options())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def begin_and_die(target: str, password: str | None, after: int) -> None:
    """Write a commit with an operation of every sort, up to the n-th statement."""
    left = after

    def before_statement(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store = watched_store(target, password, before_statement)
    claim = recorded(node("p", Kind.IDENTITY, type_="person"))
    value = PersonalValue(commitment_of("00", "name", '"Ada"'), claim.claim_id, "name", "00", '"Ada"')
    append(
        store,
        ended(REPLACED, 1),
        recorded(node("replaced", name="after", ids=[("arn", "1")], size=2)),
        recorded(edge("replaced", "INVOKES", "new")),
        recorded(
            node("p", Kind.IDENTITY, type_="person"),
            seal=lambda said: {**said, "name": {"commitment": value.commitment}},
        ),
        ScopeCovered(RECORDS, ("Asset",), ("INVOKES",), day(2)),
        NodesMerged((Uid("new"), Uid("other")), "same"),
        personal=[value],
    )


def watched_store(target: str, password: str | None, before_statement: Callable[..., None]) -> Store:
    """Return a store that calls back before each statement that it runs from now on."""
    if password is not None:
        return watched_neo4j(target, password, before_statement)

    def make(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.set_trace_callback(before_statement)
        return connection

    open_sqlite(target).close()
    return open_sqlite(target, make_connection=make)


def watched_neo4j(target: str, password: str, before_statement: Callable[..., None]) -> Store:
    import neo4j

    store = open_store(target, password=password)
    for transaction in (neo4j.ManagedTransaction, neo4j.Transaction):
        run, commit = transaction.run, transaction._commit

        def watched_run(self: Any, *arguments: Any, original: Any = run, **named: Any) -> Any:
            before_statement()
            return original(self, *arguments, **named)

        def watched_commit(self: Any, original: Any = commit) -> Any:
            before_statement()
            return original(self)

        transaction.run = watched_run  # type: ignore[method-assign]
        transaction._commit = watched_commit  # type: ignore[method-assign]
    return store


_WAYS: dict[str, Callable[..., Any]] = {"write": write, "die": die, "read_unlogged": read_unlogged}

__all__ = ["HUB", "REPLACED", "OtherProcess", "other_process"]

if __name__ == "__main__":
    main()
