"""Neo4j databases that somebody else fills, by a mapping of their labels; Cartography's comes with it."""

from ingest.sources.graph.source import SOURCE, GraphSource

__all__ = ["SOURCE", "GraphSource"]
