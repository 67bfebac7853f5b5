"""``python -m bench``: measure the sources and print a table, or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Final

from bench.inputs import INPUTS
from bench.measuring import TIMES, Measurement, Size, measure, measure_start
from bench.process import CommandFailed
from ingest.registry import source_names

_COLUMNS: Final = (
    "source",
    "records",
    "records/s",
    "claims/s",
    "pace",
    "derived",
    "MB",
    "MB x4",
    "growth",
    "KB each",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0; 1 where something failed or grew more than was allowed."""
    said = _parser().parse_args(arguments)
    found: list[Measurement] = []
    failures: list[str] = []
    start = measure_start(said.repeats)
    for source in said.source or [name for name in source_names() if name in INPUTS]:
        _tell(f"measuring {source}")
        try:
            found.append(measure(source, said.records, said.repeats, start))
        except CommandFailed as failed:
            failures.append(str(failed))
    missing = [] if said.source else [name for name in source_names() if name not in INPUTS]
    sys.stdout.write(_json(found, missing) if said.json else _table(found, missing))
    for failure in failures:
        _tell(failure)
    grown = [m.source for m in found if said.fail_on_growth is not None and m.growth > said.fail_on_growth]
    if grown:
        _tell(f"memory grew by more than {said.fail_on_growth}: {', '.join(grown)}")
    return 1 if failures or grown else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("source", nargs="*", type=_known, help="only these; else all installed ones")
    parser.add_argument(
        "--records", type=_positive, default=2_000, metavar="N", help="records of the smaller input"
    )
    parser.add_argument(
        "--repeats", type=_positive, default=3, metavar="N", help="how often each is measured"
    )
    parser.add_argument("--json", action="store_true", help="print every measurement as JSON")
    parser.add_argument(
        "--fail-on-growth",
        type=float,
        metavar="X",
        help=f"exit with 1 where the peak at {TIMES} N is more than X times that at N",
    )
    return parser


def _known(text: str) -> str:
    if text not in INPUTS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(INPUTS)}")
    return text


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 on is expected")
    return number


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _table(found: Sequence[Measurement], missing: Sequence[str]) -> str:
    rows = [_COLUMNS, *(_row(m) for m in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    lines = ["  ".join(_aligned(cell, i, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]
    lines += [f"{name}: not measured, no input of any size can be made for it" for name in missing]
    return "\n".join((*lines, ""))


def _aligned(cell: str, column: int, width: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)


def _row(m: Measurement) -> tuple[str, ...]:
    return (
        m.source,
        f"{m.small.records}, {m.large.records}",
        f"{m.rate:.0f}",
        f"{m.rate * m.large.claims / m.large.records:.0f}",
        f"{m.pace:.2f}",
        f"{m.deriving:.0%}",
        f"{m.small.megabytes:.0f}",
        f"{m.large.megabytes:.0f}",
        f"{m.growth:.2f}",
        f"{m.kilobytes_per_record:.1f}",
    )


def _json(found: Sequence[Measurement], missing: Sequence[str]) -> str:
    body = {"sources": [_measurement_json(m) for m in found], "not_measured": list(missing)}
    return f"{json.dumps(body, indent=1)}\n"


def _measurement_json(m: Measurement) -> dict[str, object]:
    return {
        "source": m.source,
        "record": m.record,
        "start_seconds": round(m.start.seconds, 3),
        "records_per_second": round(m.rate, 1),
        "pace": round(m.pace, 3),
        "deriving_share": round(m.deriving, 3),
        "memory_growth": round(m.growth, 3),
        "kilobytes_per_record": round(m.kilobytes_per_record, 2),
        "sizes": [_size_json(size) for size in (m.small, m.large)],
    }


def _size_json(size: Size) -> dict[str, object]:
    return {
        "records": size.records,
        "claims": size.claims,
        "seconds": [round(run.seconds, 3) for run in size.runs],
        "processor_seconds": [round(run.processor_seconds, 3) for run in size.runs],
        "peak_bytes": [run.peak_bytes for run in size.runs],
    }


if __name__ == "__main__":
    sys.exit(main())
