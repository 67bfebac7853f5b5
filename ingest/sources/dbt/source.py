"""The dbt plug-in: manifests and results of runs in; one scope for a project, one for what its tests found.

All files are read first, as results name tests that only the manifest knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.documents import NOT_SAID
from ingest.facts import Covered, section
from ingest.files import Unreadable
from ingest.record import Noted, ReadContext, Record, Rejected, Skipped
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.dbt.artifacts import Artifact, read_artifact
from ingest.sources.dbt.manifest import ManifestFacts
from ingest.sources.dbt.names import Project
from ingest.sources.dbt.results import ResultFacts
from ingest.times import parse_time

_SUFFIXES: Final = ("manifest.json", "run_results.json")
_SEMANTIC: Final = "semantic_manifest.json"  # it says again what the manifest says
_RESULTS_PART: Final = "results"
_NONE: Final = frozenset[str]()
_ONE_RUN: Final = Covered(_NONE, _NONE, "the results of one run are not all that tests have found")


@dataclass(frozen=True, slots=True)
class DbtSource:
    """Reads artifacts of dbt projects from files."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "dbt"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "dbt artifacts: manifest v10 to v12 (dbt 1.6 to 1.11) and run results v4 to v6, also gzip"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "the project: Asset of type pipeline; WRITES what it builds, READS its sources (refined)",
            "models, seeds, snapshots, sources: Dataset of type table or view; DERIVED_FROM by parent_map",
            "exposures: Asset of type application; READS",
            "owners of groups (steward of their models) and of exposures (contact): OWNS",
            "results of tests: Evidence of type test, ABOUT the data, COLLECTED_BY the project",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "code, columns, meta, tags, contracts, macros and doc blocks",
            "ephemeral models, metrics, semantic models, saved queries: seen through to the data before them",
            "disabled nodes, analyses, hooks, functions, unit tests, results of builds",
            "tests that did not run",
            "catalog.json and sources.json",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say.

        Memory grows with the number of names in the manifests, not with the code in them.
        """
        artifacts: list[Artifact] = []
        done = 0
        for found in inputs(paths, _SUFFIXES):
            if not isinstance(found, InputFile):
                yield found
                continue
            if found.path.name.removesuffix(".gz") == _SEMANTIC:
                yield Skipped("semantic manifest")
                continue
            try:
                artifacts.append(read_artifact(found, partial(_advance, context, done)))
            except Unreadable as error:
                yield Rejected(error.problem)
            done += found.path.stat().st_size if found.path.exists() else 0
        manifests = [artifact for artifact in artifacts if artifact.kind == "manifest"]
        for artifact in artifacts:
            if artifact.kind == "manifest":
                yield from _manifest(artifact, context)
            else:
                yield from _results(artifact, manifests, context)


def _advance(context: ReadContext, before: int, done: int) -> None:
    context.progress(before + done)


def _manifest(artifact: Artifact, context: ReadContext) -> Iterator[Record]:
    try:
        project = _project(artifact, context)
        read_at, warning = _read_at(artifact, context)
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    if warning is not None:
        yield warning
    made = ManifestFacts(artifact, project)
    facts = list(made.facts())
    yield from _asides(artifact, made.skipped)
    scope = Scope(context.source, project.name)
    # A model may read a table by its bare name, which dbt does not see: no relation is covered.
    covered = Covered(_NONE, _NONE, _why_partial(artifact, context))
    yield from section(scope, read_at, artifact.file.name, facts, covered)


def _results(artifact: Artifact, manifests: Sequence[Artifact], context: ReadContext) -> Iterator[Record]:
    manifest = _manifest_of(artifact, manifests)
    if manifest is None:
        reason = "results of a run without the manifest that names its tests"
        expected = "its manifest.json in the same folder, read in the same run"
        yield Rejected(Problem(artifact.file.name, "", "", reason, expected))
        return
    try:
        project = _project(manifest, context)
        read_at, warning = _read_at(artifact, context)
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    if warning is not None:
        yield warning
    made = ResultFacts(artifact, manifest, project, read_at)
    facts = list(made.facts())
    yield from _asides(artifact, made.skipped)
    scope = Scope(context.source, f"{project.name}/{_RESULTS_PART}")
    yield from section(scope, read_at, artifact.file.name, facts, _ONE_RUN)


def _manifest_of(artifact: Artifact, manifests: Sequence[Artifact]) -> Artifact | None:
    """Return the manifest that results belong to: the one beside them, else the only one."""
    folder = artifact.file.path.parent
    beside = [manifest for manifest in manifests if manifest.file.path.parent == folder]
    found = beside or list(manifests)
    return found[0] if len(found) == 1 else None


def _project(artifact: Artifact, context: ReadContext) -> Project:
    """Return the project that a manifest is of.

    Raises:
        Unreadable: where nothing names it.
    """
    name = context.scope or artifact.text("project_name")
    if name is None:
        problem = Problem(
            artifact.file.name, "", "/metadata/project_name", "no name of a project", "a name, or --scope"
        )
        raise Unreadable(problem)
    adapter = artifact.text("adapter_type") or "unknown"
    return Project(context.source.instance, name, adapter, context.fingerprints)


def _read_at(artifact: Artifact, context: ReadContext) -> tuple[Instant, Noted | None]:
    """Return when an artifact was made: what the person says, else the artifact, else its file."""
    generated = artifact.text("generated_at")
    if context.read_at is None and generated is not None:
        try:
            return parse_time(generated).moment, None
        except ValueError as error:
            field = "/metadata/generated_at"
            raise Unreadable(Problem(artifact.file.name, "", field, str(error), "a time")) from None
    return read_time(artifact.file, context)


def _why_partial(artifact: Artifact, context: ReadContext) -> str | None:
    if artifact.problems:
        return "not all of it could be read"
    if artifact.file.sidecar is not None:
        return artifact.file.sidecar.why_partial
    return None if context.complete else NOT_SAID


def _asides(artifact: Artifact, skipped: Sequence[str]) -> Iterator[Record]:
    yield from (Rejected(problem) for problem in artifact.problems)
    yield from (Skipped(what) for what in (*artifact.skipped, *skipped))


SOURCE: Final = DbtSource()
