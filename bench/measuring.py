"""What one source takes for N and for four times as many records, and what follows from the two.

Everything is compared within one run on one machine: what counts is how speed and memory change
with the number of records, not how fast the machine is.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.inputs import INPUTS
from bench.inputs.writing import READ_AT
from bench.process import ROOT, CommandFailed, Taken, measured

TIMES: Final = 4
"""How many times as many records the larger input has."""

_HOLDFAST: Final = str(Path(sys.executable).with_name("holdfast"))
_MIB: Final = 1024 * 1024
_SHORTEST: Final = 0.001


@dataclass(frozen=True, slots=True)
class Size:
    """What ingests of one number of records took, each in seconds and bytes; the claims that they made."""

    records: int
    claims: int
    runs: tuple[Taken, ...]

    @property
    def seconds(self) -> float:
        """Return the shortest time: what else the machine does can only add to it."""
        return min(run.seconds for run in self.runs)

    @property
    def processor_seconds(self) -> float:
        """Return the shortest time that a processor worked for it."""
        return min(run.processor_seconds for run in self.runs)

    @property
    def megabytes(self) -> float:
        """Return the median of the peaks."""
        return median(run.peak_bytes for run in self.runs) / _MIB


@dataclass(frozen=True, slots=True)
class Measurement:
    """A source at N and at four times N records. ``start`` is what an ingest of next to nothing takes."""

    source: str
    record: str
    start: Size
    small: Size
    large: Size
    deriving: float

    @property
    def rate(self) -> float:
        """Return how many records a second go in at the larger size, the start of the program left out."""
        return self.large.records / max(self.large.seconds - self.start.seconds, _SHORTEST)

    @property
    def pace(self) -> float:
        """Return the speed at the larger size by that at the smaller one: 1 if size does not matter.

        By processor time, which other programs hardly disturb.
        """
        small, large = (
            max(size.processor_seconds - self.start.processor_seconds, _SHORTEST) / size.records
            for size in (self.small, self.large)
        )
        return small / large

    @property
    def growth(self) -> float:
        """Return the peak at the larger size by that at the smaller one: 1 if memory does not grow."""
        return self.large.megabytes / self.small.megabytes

    @property
    def kilobytes_per_record(self) -> float:
        """Return by how much the peak rises with each further record."""
        more = self.large.megabytes - self.small.megabytes
        return 1024 * more / (self.large.records - self.small.records)


def measure_start(repeats: int) -> Size:
    """Return what the program takes to start, and to read one record."""
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as place:
        return _size("records", 1, repeats, Path(place))


def measure(source: str, records: int, repeats: int, start: Size) -> Measurement:
    """Return what a source takes.

    Raises:
        CommandFailed: where input cannot be written or read, or some of it did not go in.
    """
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as place:
        folder = Path(place)
        small, large = (_size(source, n, repeats, folder) for n in (records, TIMES * records))
        deriving = _share_of_deriving(source, folder)
    return Measurement(source, INPUTS[source].record, start, small, large, deriving)


def _size(source: str, records: int, repeats: int, folder: Path) -> Size:
    given = folder / "input"
    shutil.rmtree(given, ignore_errors=True)
    given.mkdir()
    written = folder / "written"
    measured([sys.executable, "-m", "bench.inputs", source, str(records), str(given)], ROOT, written)
    runs: list[Taken] = []
    claims = 0
    for _ in range(repeats):
        taken, claims = _ingest(source, given, folder)
        runs.append(taken)
    return Size(records, claims, tuple(runs))


def _ingest(source: str, given: Path, folder: Path) -> tuple[Taken, int]:
    """Return what one ingest on a new store took, and how many claims went in."""
    for file in folder.glob("estate.db*"):
        file.unlink()
    command = [_HOLDFAST, "ingest", source, str(given), "--store", str(folder / "estate.db"), "--json"]
    taken = measured(
        [*command, "--quiet", "--read-at", READ_AT, *_options(source)], folder, folder / "report"
    )
    report = json.loads((folder / "report").read_text(encoding="utf-8"))
    if report["state"] != "completed" or not report["records"]["accepted"]:
        raise CommandFailed(f"{source}: not all of the input went in: {json.dumps(report['rejected'][:3])}")
    return taken, report["records"]["accepted"]


def _options(source: str) -> tuple[str, ...]:
    options = INPUTS[source].options
    return options if "--instance" in options else (*options, "--instance", "bench")


def _share_of_deriving(source: str, folder: Path) -> float:
    """Return the part of reading and deriving the larger input that is deriving."""
    output = folder / "stages"
    command = [sys.executable, "-m", "bench.stages", source, str(folder / "input"), *_options(source)]
    measured(command, folder, output)
    seconds: dict[str, float] = json.loads(output.read_text(encoding="utf-8"))
    return seconds["deriving"] / max(seconds["reading"] + seconds["deriving"], _SHORTEST)
