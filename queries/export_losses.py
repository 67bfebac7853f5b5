"""What only the ledger knows and a copy of it by `records` will not, counted.

A records file holds what is so, at any date; it has no words for who decided, undid or
refuted something here, nor for what was known earlier. Whoever reads it in has the same
graph and another past, so what is lost is counted rather than left to be found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.model import NodeFacts
from graph.vocabulary import Kind
from queries.estate import EstateView
from queries.export_sections import Exported


class LedgerOnly(StrEnum):
    """What is not in a records file."""

    DECISION_TIMES = "decision_times"
    MERGES = "merges"
    UNMERGES = "unmerges"
    KEPT_APART = "kept_apart"
    REFUTATIONS = "refutations"
    DERIVED = "derived"
    LOOPS = "loops"
    FIRST_READS = "first_reads"
    COMMITS = "commits"


@dataclass(frozen=True, slots=True)
class Loss:
    """A thing in words: one of it, several, and what becomes of it in a copy."""

    one: str
    several: str
    becomes: str

    def text(self, count: int) -> str:
        """Return how many there are and what becomes of them, a sentence without its end.

        >>> Loss("commit", "commits", "the log begins anew").text(2)
        '2 commits: the log begins anew'
        """
        return f"{count} {self.one if count == 1 else self.several}: {self.becomes}"


LOSSES: Final[Mapping[LedgerOnly, Loss]] = {
    LedgerOnly.DECISION_TIMES: Loss(
        "decision",
        "decisions",
        "in a copy they count from the time of reading it in, so what rests on them differs",
    ),
    LedgerOnly.MERGES: Loss(
        "decision that two nodes are one",
        "decisions that two nodes are one",
        "what is said of both is written under one uid",
    ),
    LedgerOnly.UNMERGES: Loss(
        "decision that two nodes are two",
        "decisions that two nodes are two",
        "an external id that a source gives both would join them in a copy",
    ),
    LedgerOnly.KEPT_APART: Loss(
        "external id", "external ids", "left out where they would join two nodes that are two"
    ),
    LedgerOnly.REFUTATIONS: Loss(
        "refutation", "refutations", "what they refute is left out, and a copy would believe its source again"
    ),
    LedgerOnly.DERIVED: Loss(
        "derived claim",
        "derived claims",
        "left out, as they follow from others and are derived anew in a copy",
    ),
    LedgerOnly.LOOPS: Loss("claim", "claims", "left out, as merging made one node of the two ends"),
    LedgerOnly.FIRST_READS: Loss(
        "description of a node that an earlier reading showed",
        "descriptions of nodes that an earlier reading showed",
        "in a copy it is known only from their scope's newest complete reading on what such a node lacks",
    ),
    LedgerOnly.COMMITS: Loss(
        "commit", "commits", "in a copy the log begins anew, and what was known earlier is not known"
    ),
}


def losses_of(view: EstateView, exported: Exported) -> Mapping[LedgerOnly, int]:
    """Return how much is lost of everything of which something is."""
    store, known = view.ledger.store, view.at.known
    same_as = store.same_as(known)
    found = {
        LedgerOnly.DECISION_TIMES: _decisions(exported),
        LedgerOnly.MERGES: sum(row.same for row in same_as),
        LedgerOnly.UNMERGES: sum(not row.same for row in same_as),
        LedgerOnly.KEPT_APART: sum(len(ids) for ids in exported.apart.values()),
        LedgerOnly.REFUTATIONS: len(store.refutations(known)),
        LedgerOnly.DERIVED: exported.derived,
        LedgerOnly.LOOPS: exported.loops,
        LedgerOnly.FIRST_READS: exported.covered_later,
        LedgerOnly.COMMITS: int(known),
    }
    return {what: count for what, count in found.items() if count}


def losses_in_words(losses: Mapping[LedgerOnly, int]) -> Sequence[str]:
    """Return a sentence without its end for each thing that is lost, in the order of `LedgerOnly`."""
    return tuple(LOSSES[what].text(losses[what]) for what in LedgerOnly if what in losses)


def _decisions(exported: Exported) -> int:
    abouts = (claim.about for section in exported.sections for claim in section.claims)
    return len(
        {facts.uid for facts in abouts if isinstance(facts, NodeFacts) and facts.kind is Kind.DECISION}
    )
