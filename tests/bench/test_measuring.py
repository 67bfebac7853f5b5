"""What follows from measurements, worked out by hand, and one real measurement of the smallest sort."""

import json

import pytest

from bench.__main__ import main
from bench.measuring import Measurement, Size
from bench.process import CommandFailed, Taken, measured

MIB = 1024 * 1024


def size(records: int, *runs: tuple[float, float, int]) -> Size:
    return Size(records, 2 * records, tuple(Taken(wall, cpu, mib * MIB) for wall, cpu, mib in runs))


def test_time_is_the_shortest_and_memory_the_median():
    three = size(100, (3.0, 2.5, 80), (2.0, 1.5, 90), (9.0, 1.75, 200))
    assert (three.seconds, three.processor_seconds, three.megabytes) == (2.0, 1.5, 90)


def test_the_start_of_the_program_does_not_count_as_speed():
    start, small, large = size(1, (1.0, 1.0, 50)), size(100, (2.0, 2.0, 60)), size(400, (9.0, 5.0, 90))
    found = Measurement("x", "rows", start, small, large, 0.0)
    assert (found.rate, found.pace) == (50.0, 1.0)


def test_growth_is_that_of_the_peak():
    start, small, large = size(1, (1.0, 1.0, 50)), size(100, (2.0, 2.0, 60)), size(400, (9.0, 5.0, 90))
    found = Measurement("x", "rows", start, small, large, 0.0)
    assert (found.growth, found.kilobytes_per_record) == (1.5, 102.4)


def test_a_command_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(CommandFailed, match="ended with 3"):
        measured(["python3", "-c", "raise SystemExit(3)"], tmp_path, tmp_path / "output")


def test_one_source_is_measured(capsys):
    assert main(["records", "--records", "5", "--repeats", "1", "--json", "--fail-on-growth", "100"]) == 0
    [found] = json.loads(capsys.readouterr().out)["sources"]
    assert (found["source"], [s["records"] for s in found["sizes"]]) == ("records", [5, 20])
    assert [s["claims"] for s in found["sizes"]] == [10, 40]
    assert all(s["peak_bytes"][0] > 10 * MIB for s in found["sizes"])


def test_growth_fails_only_where_it_is_asked_for(capsys):
    assert main(["records", "--records", "1", "--repeats", "1", "--fail-on-growth", "0.1"]) == 1
    assert "memory grew by more than 0.1: records" in capsys.readouterr().err
