"""dbt: models, sources, exposures and the results of tests, from the artifacts of a project."""

from ingest.sources.dbt.source import SOURCE

__all__ = ["SOURCE"]
