"""The walk over (node, harm) states: blast radius, exposure, lineage and what-if are all this one walk."""

from graph.walk.bounds import NOTHING, UNBOUNDED, Bounds, CutBy, Direction, EdgeBetween, Truncation, Without
from graph.walk.forest import Forest, Reached
from graph.walk.lineage import (
    ALL_LINEAGE,
    Lineage,
    LineageBounds,
    LineageDirection,
    LineageEdge,
    LineageNode,
    lineage,
)
from graph.walk.tables import RuleTables
from graph.walk.walk import When, walk

__all__ = [
    "ALL_LINEAGE",
    "NOTHING",
    "UNBOUNDED",
    "Bounds",
    "CutBy",
    "Direction",
    "EdgeBetween",
    "Forest",
    "Lineage",
    "LineageBounds",
    "LineageDirection",
    "LineageEdge",
    "LineageNode",
    "Reached",
    "RuleTables",
    "Truncation",
    "When",
    "Without",
    "lineage",
    "walk",
]
