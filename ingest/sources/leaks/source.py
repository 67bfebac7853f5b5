"""The leaks plug-in: reports of secret scanners in, secrets that stand where they should not out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.documents import NOT_SAID
from ingest.facts import Covered, section
from ingest.files import Unreadable
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.leaks.facts import finding_facts
from ingest.sources.leaks.finding import Finding, Place, repository_at
from ingest.sources.leaks.reports import Found, findings

_SUFFIXES: Final = (".json", ".jsonl", ".sarif")
_RELATIONS: Final = frozenset({"FOUND_IN"})
_NO_PLACE: Final = "the report does not say of which repository it speaks"
_PLACE: Final = "--scope or a sidecar with the address of the repository, such as https://host/owner/name"
_UNREAD: Final = "not all of its findings could be read"
_PARTS: Final = 5
"""How many parts between slashes the address ``https://host/owner/name`` has."""

_NARROWING: Final = (
    *("--baseline-path", "--log-opts", "--staged", "--pre-commit", "--only-verified", "--results"),
    *("--since-commit", "--branch", "--max-depth", "--include-paths", "--exclude-paths", "--enable-rule"),
)
"""Options of scanners that leave findings out."""


@dataclass
class _Report:
    """One report: its findings by place, and what was wrong with it."""

    file: InputFile
    read_at: Instant
    by_place: dict[tuple[str, Place], list[Finding]] = field(
        default_factory=lambda: defaultdict[tuple[str, Place], list[Finding]](list)
    )
    tools: list[str] = field(default_factory=list[str])
    problems: int = 0
    redacted: int = 0


class LeaksSource:
    """Reads reports of secret scanners from files."""

    name = "leaks"
    summary = "reports of secret scanners: gitleaks 8 JSON, trufflehog 3 JSON lines, SARIF 2.1.0"
    maps = (
        "secrets that were found, by a keyed fingerprint or the public id of the key: Secret",
        "where they stand, with tool, rule, file, line, commit and liveness: FOUND_IN",
        "AWS key ids, digests of SSH keys and of certificates: ids by which a leak meets whom it opens",
    )
    does_not_map = (
        "the matched text, and who wrote it: dropped while the report is parsed",
        "results of SARIF rules that are not about secrets, and suppressed ones: counted",
        "how often, and in how many commits, one secret stands in one file",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the reports say, one scope for each scanner and place; one report is held at a time."""
        done = 0
        for found in inputs(paths, _SUFFIXES):
            if not isinstance(found, InputFile):
                yield found
                continue
            try:
                yield from _read(found, context)
            except Unreadable as error:
                yield Rejected(error.problem)
            done += found.path.stat().st_size if found.path.exists() else 0
            context.progress(done)


def _read(file: InputFile, context: ReadContext) -> Iterator[Record]:
    read_at, warning = read_time(file, context)
    if warning is not None:
        yield warning
    report = _Report(file, read_at)
    given = _given_place(file, context)
    for item in findings(file, context.fingerprints):
        if isinstance(item, Found):
            yield from _take(item, report, given)
        elif isinstance(item, str):
            report.tools.append(item)
        else:
            report.problems += isinstance(item, Rejected)
            yield item
    if report.redacted:
        yield Noted(
            f"{file.name}: {report.redacted} findings are without their text, which the scanner had "
            "taken out; such secrets are known by their place only and meet no other"
        )
    if given is not None:
        for tool in dict.fromkeys(report.tools):
            report.by_place.setdefault((tool, given), [])
    yield from _sections(report, context)


def _take(item: Found, report: _Report, given: Place | None) -> Iterator[Record]:
    place = item.finding.place or given
    if place is None:
        report.problems += 1
        yield Rejected(Problem(report.file.name, item.finding.position, "scope", _NO_PLACE, _PLACE))
        return
    report.redacted += item.finding.matched.redacted
    report.by_place[item.tool, place].append(item.finding)


def _sections(report: _Report, context: ReadContext) -> Iterator[Record]:
    why = _why_partial(report, context)
    for (tool, place), found in report.by_place.items():
        facts = finding_facts(found, place, tool, context.source.instance)
        scope = Scope(context.source, f"{place.name} {tool}")
        covered = Covered(frozenset(), _RELATIONS, why)
        yield from section(scope, report.read_at, report.file.name, facts, covered)


def _given_place(file: InputFile, context: ReadContext) -> Place | None:
    """Return the repository that somebody says the report is about."""
    name = context.scope or (file.sidecar.scope if file.sidecar is not None else None)
    place = repository_at(name) if name is not None else None
    # An organisation's address has one part behind the server: its reports name the repositories.
    return place if place is not None and len(place.name.split("/")) >= _PARTS else None


def _why_partial(report: _Report, context: ReadContext) -> str | None:
    """Return why the report may not name all that stands in the place."""
    if report.problems:
        return _UNREAD
    sidecar = report.file.sidecar
    if sidecar is None:
        return None if context.complete else NOT_SAID
    narrowed = next((option for option in _NARROWING if option in sidecar.command), None)
    return sidecar.why_partial or (f"its command has {narrowed}" if narrowed is not None else None)


SOURCE: Final = LeaksSource()
