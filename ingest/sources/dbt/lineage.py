"""Which data of a project comes from which, through what holds none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ingest.sources.dbt.nodes import BUILT, SOURCE, Node


@dataclass
class Lineage:
    """The nodes of a project and their parents; ``unknown`` are parents that no node bears."""

    nodes: Mapping[str, Node]
    parents: Mapping[str, tuple[str, ...]]
    unknown: set[str] = field(default_factory=set[str])

    def data_before(self, unique_id: str) -> Iterator[str]:
        """Yield the data that a node comes from; what is seen through stands for what is before it."""
        seen = {unique_id}
        waiting = list(self.parents.get(unique_id, ()))
        while waiting:
            parent = waiting.pop(0)
            if parent in seen:
                continue
            seen.add(parent)
            found = self.nodes.get(parent)
            if found is None:
                self.unknown.add(parent)
            elif found.is_dataset:
                yield parent
            else:
                waiting.extend(self.parents.get(parent, ()))

    @property
    def is_whole(self) -> bool:
        """Return whether it says of everything that the project builds what that comes from."""
        return all(node.unique_id in self.parents for node in self.nodes.values() if node.kind in BUILT)

    def sources_read(self) -> Mapping[str, bool]:
        """Return the sources that anything is built from, and whether all that is built needs each."""
        built = [node.unique_id for node in self.nodes.values() if node.is_dataset and node.kind in BUILT]
        from_data = {child for child in built if self.parents.get(child)}
        children = self._children(built)
        return {
            node.unique_id: _after(node.unique_id, children) >= from_data
            for node in self.nodes.values()
            if node.kind == SOURCE and node.unique_id in children
        }

    def _children(self, built: Iterable[str]) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for child in built:
            for parent in self.data_before(child):
                children.setdefault(parent, []).append(child)
        return children


def _after(source: str, children: Mapping[str, list[str]]) -> set[str]:
    """Return all that comes from a source."""
    seen: set[str] = set()
    waiting = [source]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return seen
