"""The approved version against the one that runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty, Kind
from queries.drift.rows import Drift, Found, Open, Row, Side, claims_behind
from queries.estate import EstateView
from queries.places import DEPLOYING


def find_other_versions(view: EstateView, nodes: Mapping[Uid, Node], edges: Iterable[Edge]) -> Found:
    """Return what runs in a version that was not approved, while another one of it was.

    Approvals that have expired by the date count no longer.
    """
    found = Found()
    running, approved, versions = _sorted_out(view, nodes, edges)
    for subject, deployments in running.items():
        for deployed in deployments:
            siblings = sorted(versions.siblings(deployed.object.uid))
            approvals = [edge for version in siblings for edge in approved.get(version, ())]
            if not approvals:
                found.leave_open(Open.NOT_APPROVED, subject)
            elif not approved.get(deployed.object.uid) and subject in nodes:
                sure = versions.are_sure(deployed.object.uid, approvals)
                found.rows.append(_row(view, nodes, deployed, approvals, sure=sure))
    return found


class _Versions:
    """Which versions are of one thing."""

    def __init__(self) -> None:
        self.of: dict[Uid, set[Uid]] = defaultdict(set)
        self.made: dict[Uid, set[Uid]] = defaultdict(set)
        self._sure: set[tuple[Uid, Uid]] = set()

    def add(self, edge: Edge) -> None:
        self.of[edge.subject.uid].add(edge.object.uid)
        self.made[edge.object.uid].add(edge.subject.uid)
        if edge.certainty is Certainty.CERTAIN:
            self._sure.add((edge.subject.uid, edge.object.uid))

    def siblings(self, version: Uid) -> set[Uid]:
        """Return all versions of what this is a version of, itself included."""
        return {version}.union(*(self.made[whole] for whole in self.of.get(version, ())))

    def are_sure(self, version: Uid, approvals: Iterable[Edge]) -> bool:
        """Return whether any approval is certain, and of what is certainly a version of the same thing."""
        return any(
            approval.certainty is Certainty.CERTAIN
            and any(
                (version, whole) in self._sure and (approval.object.uid, whole) in self._sure
                for whole in self.of.get(version, ())
            )
            for approval in approvals
        )


def _sorted_out(
    view: EstateView, nodes: Mapping[Uid, Node], edges: Iterable[Edge]
) -> tuple[Mapping[Uid, list[Edge]], Mapping[Uid, list[Edge]], _Versions]:
    running: dict[Uid, list[Edge]] = defaultdict(list)
    approved: dict[Uid, list[Edge]] = defaultdict(list)
    versions = _Versions()
    for edge in edges:
        decision = nodes.get(edge.subject.uid)
        if edge.relation in DEPLOYING:
            running[edge.subject.uid].append(edge)
        elif edge.relation == "VERSION_OF":
            versions.add(edge)
        elif edge.relation == "ABOUT" and decision is not None and _approves(view, decision):
            approved[edge.object.uid].append(edge)
    return running, approved, versions


def _approves(view: EstateView, decision: Node) -> bool:
    expires = decision.integer("expires")
    still = expires is None or view.at.valid < expires
    return decision.kind is Kind.DECISION and decision.type == "approval" and still


def _row(
    view: EstateView, nodes: Mapping[Uid, Node], deployed: Edge, approvals: list[Edge], *, sure: bool
) -> Row:
    where = f" in {deployed.environment}" if deployed.environment else ""
    version = nodes.get(deployed.object.uid)
    runs = version.label if version is not None else deployed.object.uid
    right = sorted({nodes[e.object.uid].label for e in approvals if e.object.uid in nodes})
    return Row(
        Drift.VERSION,
        nodes[deployed.subject.uid],
        Side(f"approved is {', '.join(right)}", claims_behind(view, approvals)),
        Side(f"{runs} runs{where}", claims_behind(view, [deployed])),
        Certainty.CERTAIN if sure and deployed.certainty is Certainty.CERTAIN else Certainty.POSSIBLE,
        deployed.object.uid,
    )
