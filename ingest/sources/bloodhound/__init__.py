"""BloodHound OpenGraph: nodes and edges of collectors, by tables of the kinds that are documented."""

from ingest.sources.bloodhound.source import SOURCE, BloodhoundSource

__all__ = ["SOURCE", "BloodhoundSource"]
