"""Every question that a server answers, as a method with a typed answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from holdfast_client.answers.basis import Head
from holdfast_client.answers.estate import DriftReport, Inventory
from holdfast_client.answers.evidence import EvidenceMatrix
from holdfast_client.answers.history import History
from holdfast_client.answers.identity import IdentitySuggestions
from holdfast_client.answers.leaks import KnownLeaks
from holdfast_client.answers.lineage import Lineage
from holdfast_client.answers.nodes import Node, Nodes, SearchResults
from holdfast_client.answers.ownership import OwnershipGaps, OwnershipPage
from holdfast_client.answers.reach import BlastRadius, Explanation, Exposure
from holdfast_client.answers.runs import Runs
from holdfast_client.asked import At, During, LineageBounds, Only, TakenAway, WalkBounds
from holdfast_client.connection import Connection
from holdfast_client.errors import UnexpectedAnswer
from holdfast_client.pages import Pages
from holdfast_client.question import Question, ask, graphql, outcome
from holdfast_client.reading import read, selection_of
from holdfast_client.words import (
    Drift,
    Harm,
    InventoryGround,
    Kind,
    LineageDirection,
    Match,
    SlotState,
    Standing,
)

_AT: Final = {"at": "At"}
_WALK: Final = {
    **_AT,
    "harm": "Harm!",
    "bounds": "WalkBounds",
    "during": "During",
    "without": "WithoutInput",
}
_ENDS: Final = {"source": "ID!", "target": "ID!", "targetHarm": "Harm"}
_CELLS: Final = {
    "subjects": "[ID!]",
    "editions": "[ID!]",
    "requirements": "[String!]",
    "environments": "[String!]",
    "lawAt": "DateTime",
    "catalogsKnown": "Int",
    "worst": "[SlotState!]",
}

BLAST_RADIUS: Final = Question(
    "blastRadius", BlastRadius, {**_WALK, "seeds": "[ID!]!", "only": "ReachFilter"}, 50, "after"
)
EXPOSURE: Final = Question(
    "exposure", Exposure, {**_WALK, "targets": "[ID!]!", "only": "ReachFilter"}, 50, "after"
)
EXPLAIN: Final = Question("explain", Explanation, {**_WALK, **_ENDS})
LINEAGE: Final = Question(
    "lineage",
    Lineage,
    {
        **_AT,
        "starts": "[ID!]!",
        "directions": "[LineageDirection!]",
        "bounds": "LineageBounds",
        "during": "During",
    },
)
OWNERSHIP_GAPS: Final = Question(
    "ownershipGaps", OwnershipGaps, {**_AT, "uids": "[ID!]", "only": "ReachFilter"}, 50, "after"
)
OWNERSHIP: Final = Question(
    "ownership",
    OwnershipPage,
    {**_AT, "uids": "[ID!]", "only": "ReachFilter", "standings": "[Standing!]"},
    50,
    "after",
)
EVIDENCE: Final = Question("evidence", EvidenceMatrix, {**_AT, **_CELLS}, 20, "after")
SEARCH: Final = Question(
    "search",
    SearchResults,
    {**_AT, "text": "String!", "match": "Match!", "kinds": "[Kind!]", "types": "[String!]"},
    50,
    "after",
)
NODE: Final = Question("node", Node, {**_AT, "id": "ID!"})
NODES: Final = Question("nodes", Nodes, {**_AT, "ids": "[ID!]!"})
HISTORY: Final = Question("history", History, {**_AT, "uid": "ID!", "edges": "Boolean!"}, 20, "before")
IDENTITY_SUGGESTIONS: Final = Question(
    "identitySuggestions", IdentitySuggestions, {**_AT, "kinds": "[Kind!]"}, 50, "after"
)
INVENTORY: Final = Question(
    "inventory",
    Inventory,
    {
        **_AT,
        "kinds": "[Kind!]",
        "environments": "[String!]",
        "minCriticality": "Int",
        "grounds": "[InventoryGround!]",
    },
    100,
    "after",
)
DRIFT: Final = Question(
    "drift",
    DriftReport,
    {**_AT, "kinds": "[Kind!]", "sorts": "[Drift!]", "registries": "[String!]"},
    100,
    "after",
)
KNOWN_LEAKS: Final = Question("knownLeaks", KnownLeaks, _AT)
RUNS: Final = Question("runs", Runs, {}, 20, "before")


class Questions:
    """The questions. All take uids, byte for byte; `search` gives the uid of a name or an external id.

    Each raises `NotFound`, `InvalidQuestion`, `Refused` or `NotReached` in place of an answer, and each
    answer has a ``basis``: for which date and commit it is, where it was cut short (``truncated``),
    where nobody has looked (``coverage``) and which sources are overdue (``stale``).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def blast_radius(
        self,
        *seeds: str,
        harm: Harm,
        at: At | None = None,
        during: During | None = None,
        without: TakenAway | None = None,
        only: Only | None = None,
        bounds: WalkBounds | None = None,
        page: int | None = None,
    ) -> BlastRadius:
        """Return what else is harmed if a harm comes to these nodes, each with its path."""
        asked = {"seeds": seeds, "harm": harm, "during": during, "without": without, "only": only}
        return ask(self._connection, BLAST_RADIUS, {**asked, "at": at, "bounds": bounds}, page=page)

    def exposure(
        self,
        *targets: str,
        harm: Harm,
        at: At | None = None,
        during: During | None = None,
        without: TakenAway | None = None,
        only: Only | None = None,
        bounds: WalkBounds | None = None,
        page: int | None = None,
    ) -> Exposure:
        """Return what could bring a harm to these nodes, the likeliest first."""
        asked = {"targets": targets, "harm": harm, "during": during, "without": without, "only": only}
        return ask(self._connection, EXPOSURE, {**asked, "at": at, "bounds": bounds}, page=page)

    def explain(
        self,
        source: str,
        target: str,
        *,
        harm: Harm,
        target_harm: Harm | None = None,
        at: At | None = None,
        during: During | None = None,
        without: TakenAway | None = None,
        bounds: WalkBounds | None = None,
    ) -> Explanation:
        """Return the shortest path by which a harm gets from one node to another; ``found`` says if any."""
        asked = {"source": source, "target": target, "harm": harm, "targetHarm": target_harm}
        return ask(
            self._connection,
            EXPLAIN,
            {**asked, "at": at, "during": during, "without": without, "bounds": bounds},
        )

    def lineage(
        self,
        *starts: str,
        directions: Iterable[LineageDirection] | None = None,
        at: At | None = None,
        during: During | None = None,
        bounds: LineageBounds | None = None,
    ) -> Lineage:
        """Return where the data of these nodes comes from and where it goes."""
        asked = {"starts": starts, "directions": directions, "at": at, "during": during}
        return ask(self._connection, LINEAGE, {**asked, "bounds": bounds})

    def ownership_gaps(
        self, *uids: str, only: Only | None = None, at: At | None = None, page: int | None = None
    ) -> OwnershipGaps:
        """Return what no living person answers for, the gravest first; of all nodes if none is named."""
        asked = {"uids": uids or None, "only": only, "at": at}
        return ask(self._connection, OWNERSHIP_GAPS, asked, page=page)

    def ownership(
        self,
        *uids: str,
        standings: Iterable[Standing] | None = None,
        only: Only | None = None,
        at: At | None = None,
        page: int | None = None,
    ) -> OwnershipPage:
        """Return who answers for nodes; for all if none is named."""
        asked = {"uids": uids or None, "standings": standings, "only": only, "at": at}
        return ask(self._connection, OWNERSHIP, asked, page=page)

    def evidence(
        self,
        *subjects: str,
        editions: Iterable[str] | None = None,
        requirements: Iterable[str] | None = None,
        environments: Iterable[str] | None = None,
        worst: Iterable[SlotState] | None = None,
        law_at: datetime | None = None,
        catalogs_known: int | None = None,
        at: At | None = None,
        page: int | None = None,
    ) -> EvidenceMatrix:
        """Return which requirements these subjects meet, with proof or the first failing test."""
        asked = {"subjects": subjects or None, "editions": editions, "requirements": requirements}
        more = {"environments": environments, "worst": worst, "lawAt": law_at}
        return ask(
            self._connection,
            EVIDENCE,
            {**asked, **more, "catalogsKnown": catalogs_known, "at": at},
            page=page,
        )

    def search(
        self,
        text: str,
        *,
        match: Match = "substring",
        kinds: Iterable[Kind] | None = None,
        types: Iterable[str] | None = None,
        at: At | None = None,
        page: int | None = None,
    ) -> SearchResults:
        """Return nodes whose names, uids, external ids or texts match, best first.

        ``basis.truncated`` with the reason ``limit`` is about the first page; iterating gets the others.
        """
        asked = {"text": text, "match": match, "kinds": kinds, "types": types, "at": at}
        return ask(self._connection, SEARCH, asked, page=page)

    def node(self, uid: str, *, at: At | None = None) -> Node:
        """Return everything that all sources together say about a node."""
        return ask(self._connection, NODE, {"id": uid, "at": at})

    def nodes(self, *uids: str, at: At | None = None) -> Nodes:
        """Return several nodes; those about which no source says anything are in ``not_found``."""
        return ask(self._connection, NODES, {"ids": uids, "at": at})

    def history(
        self, uid: str, *, edges: bool = True, at: At | None = None, page: int | None = None
    ) -> History:
        """Return what was ever said about a node; ``events`` begin with the newest."""
        return ask(self._connection, HISTORY, {"uid": uid, "edges": edges, "at": at}, page=page)

    def identity_suggestions(
        self, *, kinds: Iterable[Kind] | None = None, at: At | None = None, page: int | None = None
    ) -> IdentitySuggestions:
        """Return what may be one thing under two names, with every reason; nothing is joined by it."""
        return ask(self._connection, IDENTITY_SUGGESTIONS, {"kinds": kinds, "at": at}, page=page)

    def inventory(
        self,
        *,
        kinds: Iterable[Kind] | None = None,
        environments: Iterable[str] | None = None,
        min_criticality: int | None = None,
        grounds: Iterable[InventoryGround] | None = None,
        at: At | None = None,
        page: int | None = None,
    ) -> Inventory:
        """Return the governed part of the estate, each node with what brings it into scope."""
        asked = {"kinds": kinds, "environments": environments, "grounds": grounds, "at": at}
        return ask(self._connection, INVENTORY, {**asked, "minCriticality": min_criticality}, page=page)

    def drift(
        self,
        *,
        kinds: Iterable[Kind] | None = None,
        sorts: Iterable[Drift] | None = None,
        registries: Iterable[str] | None = None,
        at: At | None = None,
        page: int | None = None,
    ) -> DriftReport:
        """Return where what is registered and what is observed differ, with both accounts."""
        asked = {"kinds": kinds, "sorts": sorts, "registries": registries, "at": at}
        return ask(self._connection, DRIFT, asked, page=page)

    def known_leaks(self, *, at: At | None = None) -> KnownLeaks:
        """Return which secrets are known to have leaked; none without ``covered_by`` is unknown, not none."""
        return ask(self._connection, KNOWN_LEAKS, {"at": at})

    def runs(self, *, page: int | None = None) -> Runs:
        """Return what was read in, the newest run first."""
        return ask(self._connection, RUNS, {}, page=page)

    def head(self) -> Head:
        """Return where the ledger stands."""
        query = f"{{ head {selection_of(Head)} }}"
        return read(Head, outcome(graphql(self._connection, query, {}), "head"), follow=_no_pages)


def _no_pages(place: object) -> Pages[object]:
    raise UnexpectedAnswer(str(place), "an answer without pages")
