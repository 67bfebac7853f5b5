"""The compiled picture of the graph that walks run on: built from timelines, kept in step by splicing."""

from graph.topology.build import build
from graph.topology.current import CurrentTopology, TimelineSource
from graph.topology.topology import Topology
from graph.topology.view import DatedView

__all__ = ["CurrentTopology", "DatedView", "TimelineSource", "Topology", "build"]
