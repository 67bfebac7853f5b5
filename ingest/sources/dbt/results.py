"""What the tests of a run found, as evidence about the data they looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, Instant, Interval, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.disallowed import other_text
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, as_list, text_at
from ingest.sources.dbt.artifacts import Artifact
from ingest.sources.dbt.lineage import Lineage
from ingest.sources.dbt.names import Project
from ingest.sources.dbt.nodes import TEST, UNIT_TEST, Node
from ingest.times import parse_time

ASPECT: Final = "data-quality"

VERDICTS: Final[Mapping[str, str]] = {"pass": "pass", "fail": "fail", "warn": "none"}
"""What each status of a test judges. A warning found something and was told not to judge by it."""

_NOT_RUN: Final = frozenset({"error", "runtime error", "skipped", "no-op", "success", "partial success"})


@dataclass
class ResultFacts:
    """Makes evidence of the results of a run, knowing the manifest that names its tests."""

    artifact: Artifact
    manifest: Artifact
    project: Project
    read_at: Instant
    skipped: list[str] = field(default_factory=list[str])

    def facts(self) -> Iterator[Fact]:
        """Yield what tests found; what cannot be read is among the artifact's problems."""
        lineage = Lineage(self.manifest.nodes, self.manifest.parents)
        invocation = self.artifact.text("invocation_id") or str(self.read_at)
        for position, result in self.artifact.results:
            try:
                yield from self._result(result, position, invocation, lineage)
            except Misshapen as fault:
                self.artifact.reject(fault, position)

    def _result(self, result: JsonObject, position: str, invocation: str, lineage: Lineage) -> Iterator[Fact]:
        unique_id, status = text_at(result, "unique_id"), text_at(result, "status")
        if unique_id.partition(".")[0] == UNIT_TEST:
            self.skipped.append("result of a unit test")
            return
        if unique_id.partition(".")[0] != TEST:
            self.skipped.append("result of a build")
            return
        if status in _NOT_RUN:
            self.skipped.append(f"test that did not run ({status})")
            return
        if status not in VERDICTS:
            raise Misshapen("/status", other_text(status, VERDICTS), ", ".join(VERDICTS))
        node = self.manifest.nodes.get(unique_id)
        about = [] if node is None else self._about(node, lineage)
        if node is None or not about:
            self.skipped.append("test that is not about data of the manifest")
            return
        uid = self.project.result(unique_id, invocation)
        collected_at = _collected_at(result, self.read_at)
        valid = Interval(collected_at)
        yield Fact(self._evidence(uid, node, result, status, collected_at), position, valid=valid)
        for dataset in about:
            edge = EdgeFacts("ABOUT", uid, self.project.dataset(dataset), object_kind=Kind.DATASET)
            yield Fact(edge, position, valid=valid)
        collected = EdgeFacts("COLLECTED_BY", uid, self.project.uid, object_kind=Kind.ASSET)
        yield Fact(collected, position, valid=valid)

    def _evidence(
        self, uid: Uid, node: Node, result: JsonObject, status: str, collected_at: Instant
    ) -> NodeFacts:
        properties: dict[str, PropertyValue] = {
            "aspect": ASPECT,
            "verdict": VERDICTS[status],
            # Of this instance: what holds in one warehouse answers no failure in another.
            "check": f"{self.project.instance}/{node.unique_id}",
            "collected_at": collected_at,
            "method": "dbt test",
            "status": status,
        }
        failures = result.get("failures")
        if isinstance(failures, int) and not isinstance(failures, bool):
            properties["failures"] = failures
        if node.column is not None:
            properties["column"] = node.column
        return NodeFacts(uid, Kind.EVIDENCE, "test", node.name, properties)

    def _about(self, node: Node, lineage: Lineage) -> list[str]:
        """Return the data that a test is about: what it is attached to, else all that it asks."""
        attached = self.manifest.nodes.get(node.attached or "")
        if attached is not None and attached.is_dataset:
            return [attached.unique_id]
        start = node.unique_id if attached is None else attached.unique_id
        return list(lineage.data_before(start))


def _collected_at(result: JsonObject, otherwise: Instant) -> Instant:
    """Return when a test had run; the time of the file where the result bears none."""
    moments: list[Instant] = []
    for step in as_list(result.get("timing") or [], "/timing"):
        ended = step.get("completed_at") if isinstance(step, dict) else None
        if ended is not None:
            try:
                moments.append(parse_time(ended).moment)
            except ValueError as error:
                raise Misshapen("/timing", str(error), "a time such as 2026-01-31T12:00:00Z") from None
    return max(moments, default=otherwise)
