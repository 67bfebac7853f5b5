"""The compiled picture of the graph that walks run on: built from timelines, kept in step by splicing."""

from graph.topology.build import build
from graph.topology.topology import Topology
from graph.topology.view import DatedView

__all__ = ["DatedView", "Topology", "build"]
