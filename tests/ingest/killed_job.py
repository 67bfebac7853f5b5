"""A process whose children run a job and are killed in the middle: ``python -m tests.ingest.killed_job``.

Arguments are a prepared store, an input file and a stride. For every stride-th statement that the
job sends to its store, a child on a copy of the store kills itself, with a real SIGKILL, right
before that statement. Prints the copies' names, a JSON list; ends with the first child that got through.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from tests.ingest.jobs import Desk
from tests.support.other_process import watched_store


def main() -> None:
    store, source, stride = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    copies: list[str] = []
    for after in range(1, 1_000_000, stride):
        copy = store.with_name(f"killed-{after}.db")
        shutil.copy(store, copy)
        child = os.fork()
        if child == 0:
            read_and_die(copy, source, after)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        copies.append(str(copy))
        if not os.WIFSIGNALED(status):
            if os.waitstatus_to_exitcode(status):
                sys.exit("a child failed before it was killed")
            break
    sys.stdout.write(json.dumps(copies))


def read_and_die(store: Path, source: Path, after: int) -> None:
    left = after

    def before_statement(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    desk = Desk(store.parent)
    desk.use(watched_store(str(store), None, before_statement))
    desk.run(source, batch_size=4)


if __name__ == "__main__":
    main()
