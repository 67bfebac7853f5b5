"""What is known, at each moment, of how a job's inputs reach its outputs: the marks of its reading.

``refined`` where something finer tells of every open output where it comes from. Else
``coarse`` where there are several open inputs and several open outputs, so that it is
open which reaches which. Datasets with several names count once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from graph.model import Instant, Interval, Uid
from ingest.sources.openlineage.facts import TRACED, Fact
from ingest.sources.openlineage.timeline import edges_of_time, holds_at, joined, pieces_of

REFINED: Final = frozenset({"refined"})
COARSE: Final = frozenset({"coarse"})
PLAIN: Final[frozenset[str]] = frozenset()


def marks_of(
    job: Uid, spells: Mapping[Fact, list[Interval]], dataset_of: Callable[[Uid], Uid]
) -> list[tuple[Interval, frozenset[str]]]:
    """Return the marks that the job's READS carry, by stretch of time; gaps are times without edges.

    ``dataset_of`` gives the one uid that stands for all names of a dataset. Cost: edges
    times the moments at which any of them begins or ends.
    """
    relevant = {
        fact: parts
        for fact, parts in spells.items()
        if fact.relation == TRACED or (fact.subject == job and fact.relation in ("READS", "WRITES"))
    }
    moments = sorted(edges_of_time(part for parts in relevant.values() for part in parts))
    if not moments:
        return []
    whole = Interval(moments[0], moments[-1])
    return joined((part, _marks_at(part.start, relevant, dataset_of)) for part in pieces_of(whole, moments))


def _marks_at(
    moment: Instant, spells: Mapping[Fact, list[Interval]], dataset_of: Callable[[Uid], Uid]
) -> frozenset[str]:
    open_at: dict[str, set[Uid]] = {"READS": set(), "WRITES": set(), TRACED: set()}
    for fact, parts in spells.items():
        if holds_at(parts, moment):
            open_at[fact.relation].add(dataset_of(fact.object))
    inputs, outputs, traced = open_at["READS"], open_at["WRITES"], open_at[TRACED]
    if outputs and outputs <= traced:
        return REFINED
    return COARSE if len(inputs) > 1 and len(outputs) > 1 else PLAIN
