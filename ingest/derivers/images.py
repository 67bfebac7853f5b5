"""Image digests and the workloads that run them: what is known of an image under another name.

A cluster knows by which digest a workload runs; a registry, a bill of materials or a build
tells of the image with that digest. An equal digest is the same content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.model import EdgeFacts
from graph.vocabulary import End, Kind
from ingest.derivers.conclusions import Conclusion, NodePremise, Premise, conclude
from ingest.derivers.rule import Edges


@dataclass
class ImageDigest:
    """What is built from an image is built from whatever else is described with that image's digest."""

    name: str = "image-digest"
    words: frozenset[str] = frozenset({"digest", "digests", "oci-digest"})
    reads: frozenset[tuple[str, End]] = frozenset({("BUILT_FROM", End.OBJECT)})
    _images: dict[str, list[NodePremise]] = field(default_factory=lambda: defaultdict(list))

    def take(self, node: NodePremise) -> bool:
        """Take note of an image under its digest."""
        if node.facts.kind is not Kind.ASSET or node.facts.type not in ("container_image", "application"):
            return False
        digests = {*node.texts("digest"), *node.texts("digests"), *node.ids("oci-digest")}
        for digest in digests:
            self._images[digest].append(node)
        return bool(digests)

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:
        """Yield what workloads are built from besides what their cluster says."""
        for images in self._images.values():
            if len({edges.canonical(image.uid) for image in images}) > 1:
                for image in images:
                    yield from _shared(image, images, edges)


def _shared(image: NodePremise, images: list[NodePremise], edges: Edges) -> Iterator[Conclusion]:
    for row, facts in edges.at([image.uid], "BUILT_FROM", End.OBJECT):
        for other in images:
            if edges.canonical(other.uid) not in (edges.canonical(image.uid), edges.canonical(facts.subject)):
                edge = EdgeFacts("BUILT_FROM", facts.subject, other.uid)
                premises = (Premise.of(row), image.premise, other.premise)
                found = conclude(edge, premises)
                if found is not None:
                    yield found
