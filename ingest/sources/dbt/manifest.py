"""What a manifest says: the project, its data, what comes from what, who uses it and who owns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.jsonstream import pointer_of
from ingest.people import is_address
from ingest.redaction import redact_text
from ingest.shapes import Misshapen
from ingest.sources.dbt.artifacts import Artifact
from ingest.sources.dbt.lineage import Lineage
from ingest.sources.dbt.names import Project
from ingest.sources.dbt.nodes import BUILT, EPHEMERAL, SEEN_THROUGH, Exposure, Node, Owner

GROUP_ROLE: Final = "steward"
EXPOSURE_ROLE: Final = "contact"
"""A group's owner looks after its models; an exposure's is whom to ask. Neither says who answers for it."""


@dataclass
class ManifestFacts:
    """Makes facts of a manifest; ``skipped`` is what is left out."""

    artifact: Artifact
    project: Project
    skipped: list[str] = field(default_factory=list[str])

    def facts(self) -> Iterator[Fact]:
        """Yield what the manifest says."""
        lineage = Lineage(self.artifact.nodes, self.artifact.parents)
        if not lineage.is_whole:
            self.artifact.reject(
                Misshapen("/parent_map", "some nodes have no entry here", "one for each node"), ""
            )
        yield Fact(self._project(), "/metadata")
        read = lineage.sources_read()
        for node in self.artifact.nodes.values():
            if node.is_dataset:
                yield from self._dataset(node, lineage, read)
            elif node.materialized == EPHEMERAL:
                self.skipped.append("ephemeral model, seen through")
            elif node.kind in SEEN_THROUGH:
                self.skipped.append(f"{node.kind.replace('_', ' ')}, seen through")
        for exposure in self.artifact.exposures.values():
            yield from self._exposure(exposure, lineage)
        self.skipped.extend("parent that is not in the manifest" for _ in sorted(lineage.unknown))

    def _project(self) -> NodeFacts:
        properties: dict[str, PropertyValue] = {"adapter": self.project.adapter, "tool": "dbt"}
        version = self.artifact.text("dbt_version")
        if version is not None:
            properties["tool_version"] = version
        return NodeFacts(self.project.uid, Kind.ASSET, "pipeline", self.project.name, properties)

    def _dataset(self, node: Node, lineage: Lineage, read: Mapping[str, bool]) -> Iterator[Fact]:
        uid = self.project.dataset(node.unique_id)
        yield Fact(self._description(node, uid), node.position)
        if node.unique_id in read:
            # Where it is not known of each output what it comes from, taint goes through the project.
            marks = [
                "refined" if lineage.is_whole else "coarse",
                *(() if read[node.unique_id] else ("optional",)),
            ]
            yield Fact(EdgeFacts("READS", self.project.uid, uid, frozenset(marks)), node.position)
        elif node.kind in BUILT:
            yield Fact(EdgeFacts("WRITES", self.project.uid, uid), node.position)
        for parent in lineage.data_before(node.unique_id):
            edge = EdgeFacts(
                "DERIVED_FROM",
                uid,
                self.project.dataset(parent),
                subject_kind=Kind.DATASET,
                object_kind=Kind.DATASET,
            )
            yield Fact(edge, pointer_of(("parent_map", node.unique_id)))
        yield from self._group(node, uid)

    def _description(self, node: Node, uid: Uid) -> NodeFacts:
        known = {
            "namespace": ".".join(part for part in (node.database, node.schema) if part),
            "description": node.description,
            "dbt_resource": node.kind,
            "materialized": node.materialized,
            "dbt_group": node.group,
            "version": node.version,
            "code_digest": node.digest,
        }
        properties: dict[str, PropertyValue] = {key: value for key, value in known.items() if value}
        ids = self.project.table_ids(node.database, node.schema, node.table)
        return NodeFacts(uid, Kind.DATASET, node.type, node.table or node.name, properties, ids)

    def _group(self, node: Node, uid: Uid) -> Iterator[Fact]:
        if node.group is None:
            return
        package = node.unique_id.split(".")[1:2]
        group = self.artifact.groups.get(".".join(["group", *package, node.group]))
        if group is None:
            self.skipped.append("group that is not in the manifest")
            return
        yield from self._owned(group.owner, uid, GROUP_ROLE, group.position)

    def _exposure(self, exposure: Exposure, lineage: Lineage) -> Iterator[Fact]:
        uid = self.project.exposure(exposure.unique_id)
        known = {
            "exposure_type": exposure.type,
            "description": exposure.description,
            "maturity": exposure.maturity,
            "address": None if exposure.url is None else _address(exposure.url),
        }
        properties: dict[str, PropertyValue] = {key: value for key, value in known.items() if value}
        yield Fact(NodeFacts(uid, Kind.ASSET, "application", exposure.name, properties), exposure.position)
        for parent in lineage.data_before(exposure.unique_id):
            edge = EdgeFacts("READS", uid, self.project.dataset(parent))
            yield Fact(edge, pointer_of(("parent_map", exposure.unique_id)))
        yield from self._owned(exposure.owner, uid, EXPOSURE_ROLE, exposure.position)

    def _owned(self, owner: Owner, uid: Uid, role: str, position: str) -> Iterator[Fact]:
        """Yield who owns something, in which role: by address where there is one, else by name."""
        identities = [self.project.owner_at(address) for address in owner.addresses if is_address(address)]
        self.skipped.extend("owner's text that is no address" for a in owner.addresses if not is_address(a))
        if not identities and owner.name is not None:
            identities = [self.project.owner(owner.name)]
            # Nobody says whether it is a person or a team; without a type its name is erasable.
            yield Fact(NodeFacts(identities[0], Kind.IDENTITY, name=owner.name), position)
        for identity in identities:
            yield Fact(EdgeFacts("OWNS", identity, uid, frozenset({role}), object_kind=_kind(uid)), position)


def _kind(uid: Uid) -> Kind:
    return Kind.DATASET if uid.startswith("hf:dataset:") else Kind.ASSET


def _address(url: str) -> str:
    """Return an address without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        plain = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        plain = url.partition("?")[0]
    return redact_text(plain)
