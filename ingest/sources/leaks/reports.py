"""Which format a report is, and its findings: gitleaks, SARIF, or trufflehog line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from graph.errors import Problem
from ingest.files import document, lines
from ingest.fingerprint import Fingerprinter
from ingest.jsontext import NotJson, parse_json
from ingest.record import Rejected, Skipped
from ingest.redaction import Json
from ingest.shapes import Misshapen
from ingest.sidecar import InputFile
from ingest.sources.leaks import gitleaks, trufflehog
from ingest.sources.leaks.finding import Finding
from ingest.sources.leaks.gitleaks import gitleaks_finding, is_gitleaks
from ingest.sources.leaks.sarif import is_sarif, sarif_finding, sarif_runs
from ingest.sources.leaks.trufflehog import is_trufflehog, trufflehog_finding

_EXPECTED: Final = "a report of gitleaks (a list), trufflehog (JSON lines), or SARIF 2.1.0"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, and the tool that reports it."""

    tool: str
    finding: Finding


Item: TypeAlias = Found | Rejected | Skipped | str
"""What a report yields; a text is the name of a tool that reports in it, perhaps nothing."""


def findings(file: InputFile, fingerprints: Fingerprinter) -> Iterator[Item]:
    """Yield the findings of a report, what of it is none, and what cannot be read.

    Raises:
        Unreadable: where the file cannot be read to its end.
    """
    if _is_by_lines(file):
        yield from _of_lines(file, fingerprints)
        return
    try:
        body = parse_json(document(file.path))
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        yield Rejected(Problem(file.name, place, "", error.reason, error.expected))
        return
    if is_sarif(body):
        yield from _of_sarif(body, file, fingerprints)
    elif is_gitleaks(body):
        yield from _of_gitleaks(body, file, fingerprints)
    else:
        yield Rejected(Problem(file.name, "", "", "a document of another format", _EXPECTED))


def _is_by_lines(file: InputFile) -> bool:
    """Return whether a report has one finding a line; one without any says so by its command."""
    for line in lines(file.path):
        if line.text.strip():
            try:
                return is_trufflehog(parse_json(line.text))
            except NotJson:
                return False
    return file.sidecar is not None and trufflehog.TOOL in file.sidecar.command


def _of_lines(file: InputFile, fingerprints: Fingerprinter) -> Iterator[Item]:
    yield trufflehog.TOOL
    for line in lines(file.path):
        position = f"line {line.number}"
        if line.problem is not None:
            yield Rejected(line.problem)
        elif line.text.strip():
            try:
                found = trufflehog_finding(parse_json(line.text), position, fingerprints)
            except NotJson as error:
                yield Rejected(Problem(file.name, position, "", error.reason, error.expected))
            except Misshapen as fault:
                yield Rejected(Problem(file.name, position, fault.pointer, fault.reason, fault.expected))
            else:
                yield Found(trufflehog.TOOL, found)


def _of_gitleaks(body: Json, file: InputFile, fingerprints: Fingerprinter) -> Iterator[Item]:
    yield gitleaks.TOOL
    for i, entry in enumerate(body if isinstance(body, list) else ()):
        try:
            yield Found(gitleaks.TOOL, gitleaks_finding(entry, f"/{i}", fingerprints))
        except Misshapen as fault:
            yield Rejected(Problem(file.name, f"/{i}", fault.pointer, fault.reason, fault.expected))


def _of_sarif(body: Json, file: InputFile, fingerprints: Fingerprinter) -> Iterator[Item]:
    try:
        runs = list(sarif_runs(body))
    except Misshapen as fault:
        yield Rejected(Problem(file.name, "", fault.pointer, fault.reason, fault.expected))
        return
    for run in runs:
        if run.scans_for_secrets:
            yield run.tool
        for pointer, result in run.results:
            try:
                found = sarif_finding(run, result, pointer, fingerprints)
            except Misshapen as fault:
                yield Rejected(Problem(file.name, pointer, fault.pointer, fault.reason, fault.expected))
            else:
                yield found if isinstance(found, Skipped) else Found(run.tool, found)
