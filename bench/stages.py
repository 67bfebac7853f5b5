"""How the time of one ingest is divided: ``python -m bench.stages SOURCE FOLDER [--profile FILE]``.

Does what ``holdfast ingest`` does, in this process and on a new store, and prints as JSON how many
seconds the reading and the derivation took. With ``--profile`` it keeps a profile of both besides.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.inputs.writing import READ_AT
from graph.ledger.ledger import Ledger
from graph.store import open_store
from ingest.derivers import derive
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.registry import load_source
from ingest.times import parse_time


def stages(source: str, folder: Path, options: Sequence[str], store: str) -> dict[str, float]:
    """Return how many seconds reading and deriving took."""
    given = options_of(options)
    ledger = Ledger(open_store(store))
    try:
        began = time.perf_counter()
        run_job(ledger, load_source(source), [folder], given)
        read = time.perf_counter()
        derive(ledger, given)
        return {"reading": read - began, "deriving": time.perf_counter() - read}
    finally:
        ledger.store.close()


def options_of(options: Sequence[str]) -> JobOptions:
    """Return options of the command, as far as inputs have any, for the job itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--complete", action="store_true")
    parser.add_argument("--scope")
    parser.add_argument("--instance", default="bench")
    said = parser.parse_args(options)
    return JobOptions(
        actor="bench",
        fingerprints=Fingerprinter(b"k" * 32),
        instance=said.instance,
        scope=said.scope,
        read_at=parse_time(READ_AT).moment,
        complete=said.complete,
    )


def main() -> None:
    """Print the seconds of one ingest."""
    parser = argparse.ArgumentParser(prog="python -m bench.stages", description=__doc__)
    parser.add_argument("source")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", type=Path, metavar="FILE", help="keep a profile (pstats) of it")
    said, options = parser.parse_known_args()
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as place:
        store = str(Path(place) / "bench.db")
        if said.profile is None:
            found = stages(said.source, said.folder, options, store)
        else:
            found = profile.runcall(stages, said.source, said.folder, options, store)
            profile.dump_stats(said.profile)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
