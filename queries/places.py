"""Where something runs, by one rule for all questions: by the edges that deploy it, else by what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty, End
from queries.estate import EstateView
from queries.filters import UNKNOWN

PRODUCTION: Final = "production"
DEPLOYING: Final = ("DEPLOYED_AS", "SERVES")
"""Relations of which an edge says that its subject runs in the edge's environment."""

PLACING: Final = (*DEPLOYING, "VERSION_OF")
"""The relations that tell where something runs: by itself, or as a version that something serves."""

Places = Mapping[str, bool]
"""Environments in order, each with whether it is certain that something runs there."""


def places(stated: str | None, deployed: Iterable[tuple[str, bool]]) -> Places:
    """Return where something runs, from the environment that it states and those that edges give it.

    Where no edge says it for certain, the stated environment counts as well, `unknown` if
    there is none. A place is certain too where it is the only one.

    >>> places("production", []), places("production", [("staging", False)])
    ({'production': True}, {'production': False, 'staging': False})
    """
    found: dict[str, bool] = {}
    for environment, is_certain in deployed:
        found[environment] = found.get(environment, False) or is_certain
    if not any(found.values()):
        found.setdefault(stated or UNKNOWN, False)
    return {place: certain or len(found) == 1 for place, certain in sorted(found.items())}


def stated_environment(node: Node) -> str | None:
    """Return the environment of a node, None where no source says one, or sources contradict each other."""
    return None if "environment" in node.contested else node.text("environment")


def places_at(
    view: EstateView, nodes: Collection[Node], edges: Iterable[Edge] | None = None
) -> Mapping[Uid, Places]:
    """Return where nodes run. `edges` are those of `PLACING` in the whole estate, None to read them.

    Cost: without `edges` three reads of the store, whatever the number of nodes.
    """
    deployed: dict[Uid, list[tuple[str, bool]]] = defaultdict(list)
    found = _edges_around(view, {node.uid for node in nodes}) if edges is None else list(edges)
    for edge in found:
        if edge.relation in DEPLOYING:
            deployed[edge.subject.uid].append((edge.discriminator or UNKNOWN, _is_sure(edge)))
    serving = [edge for edge in found if edge.relation == "SERVES"]
    versions = [edge for edge in found if edge.relation == "VERSION_OF"]
    served: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in serving:
        served[edge.object.uid].append(edge)
    for made in versions:
        for edge in served.get(made.subject.uid, ()):
            certain = _is_sure(edge) and _is_sure(made)
            deployed[made.object.uid].append((edge.discriminator or UNKNOWN, certain))
    return {node.uid: places(stated_environment(node), deployed.get(node.uid, ())) for node in nodes}


def _edges_around(view: EstateView, uids: Collection[Uid]) -> list[Edge]:
    own = view.edges(uids, relations=DEPLOYING, end=End.SUBJECT)
    versions = view.edges(uids, relations=["VERSION_OF"], end=End.OBJECT)
    made = {edge.subject.uid for edge in versions}
    serving = view.edges(made, relations=["SERVES"], end=End.OBJECT)
    return [*{edge.eid: edge for edge in (*own, *versions, *serving)}.values()]


def _is_sure(edge: Edge) -> bool:
    return edge.certainty is Certainty.CERTAIN
