"""The Kubernetes plug-in: lists as ``kubectl get -A -o json`` prints them in, claims by type of object out.

All files are read first, as bindings need roles and pods what made them. Then each type
of object is a scope of its own, so that a second file does not close the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.files import Unreadable
from ingest.record import ReadContext, Record, Rejected, Skipped
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.kubernetes.clusters import find_cluster
from ingest.sources.kubernetes.lists import FileReading, read_file
from ingest.sources.kubernetes.sections import TimedReading, sections
from ingest.subjects import issuer_of

_SUFFIXES: Final = (".json",)


@dataclass(frozen=True, slots=True)
class KubernetesSource:
    """Reads lists of Kubernetes objects from files."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "kubernetes"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "Kubernetes 1.34 API lists as `kubectl get -A -o json` prints them, also typed ones and gzip"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "pods and their top controllers: Asset of type workload; RUNS_AS, USES_SECRET, PART_OF",
            "nodes: Asset of type compute; RUNS_ON, marked privileged where a pod can break out",
            "namespaces and all objects of one type in each: Asset of type scope; WITHIN",
            "service accounts, users, groups: Identity; MEMBER_OF the system's groups",
            "the issuer of their tokens (/.well-known/openid-configuration): external ids oidc-subject",
            "secrets: Secret with the names of its keys and fingerprints; AUTHENTICATES for account tokens",
            "roles and bindings: CAN_READ, CAN_WRITE, CAN_ADMIN at the scope of the binding, by type",
            "images: Asset of type container_image, by digest where pods tell it; BUILT_FROM",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "ConfigMaps, Services, Ingresses, volumes, policies and custom resources: counted by kind",
            "secrets to pull images or mount volumes with: the node is given them, the pod is not",
            "admission policies and pod security levels, which may forbid what a role allows",
            "rights over a node's API (nodes/proxy), and verbs such as use, approve and sign",
            "annotations that name a service account's cloud role: what the role itself trusts decides",
            "pods and Jobs that have finished",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say of one cluster.

        Memory grows with the largest file, and with what is kept of all objects.
        """
        readings: list[TimedReading] = []
        issuers: set[str] = set()
        done = 0
        for found in inputs(paths, _SUFFIXES):
            if not isinstance(found, InputFile):
                yield found
                continue
            reading = read_file(found, context.fingerprints)
            yield from (Rejected(problem) for problem, _ in reading.problems)
            yield from (Skipped(what) for what in reading.skipped)
            if reading.issuer is not None:
                issuers.add(issuer_of(reading.issuer))
            if reading.types:
                yield from _timed(reading, readings, context)
            done += found.path.stat().st_size if found.path.exists() else 0
            context.progress(done)
        if readings:
            readings.sort(key=lambda timed: (timed.read_at, timed.reading.file.name))
            cluster = yield from find_cluster(readings, sorted(issuers), context)
            yield from sections(readings, cluster, context)


def _timed(reading: FileReading, readings: list[TimedReading], context: ReadContext) -> Iterator[Record]:
    """Add what a file holds to the readings with its time, and yield what there is to say of that."""
    try:
        read_at, warning = read_time(reading.file, context)
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    readings.append(TimedReading(reading, read_at))
    if warning is not None:
        yield warning


SOURCE: Final = KubernetesSource()
