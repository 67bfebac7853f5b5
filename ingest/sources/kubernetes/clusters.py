"""Which cluster files are of: by the uid of its kube-system namespace, else by what a person says."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from graph.errors import Problem
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.sources.kubernetes.names import Cluster
from ingest.sources.kubernetes.resources import NAMESPACES
from ingest.sources.kubernetes.sections import TimedReading


def find_cluster(
    readings: Sequence[TimedReading], issuers: Sequence[str], context: ReadContext
) -> Generator[Record, None, Cluster]:
    """Return the cluster that the files are of, after yielding what there is to say about that.

    ``issuers`` are those that the files name for the tokens of its service accounts.

    Files of another cluster than the first are taken out of the readings' objects: one
    run reads one cluster.
    """
    instance = context.source.instance
    known: str | None = None
    for timed in readings:
        for item in timed.reading.objects:
            if item.type == NAMESPACES and item.name == "kube-system" and item.uid is not None:
                if known is None:
                    known = item.uid
                elif known != item.uid:
                    yield Rejected(_of_another(timed, item.position))
                    timed.reading.objects.clear()
                    timed.reading.types.clear()
                    break
    if known is not None:
        return Cluster(known, instance, context.fingerprints, tuple(issuers))
    said = context.scope or next(
        (timed.reading.file.sidecar.scope for timed in readings if timed.reading.file.sidecar), None
    )
    name = said or instance
    yield Noted(
        f"No file holds the namespace kube-system, whose uid names a cluster; {name!r} was taken instead. "
        "Read `kubectl get namespaces -o json` too, or name the cluster with --instance."
    )
    return Cluster(name, instance, context.fingerprints, tuple(issuers))


def _of_another(timed: TimedReading, position: str) -> Problem:
    return Problem(
        timed.reading.file.name,
        position,
        "/metadata/uid",
        "a kube-system namespace of another cluster; the file was left out",
        "files of one cluster in one run",
    )
