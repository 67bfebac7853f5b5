"""The interchange format: how anyone writes a connector in any language."""

from ingest.sources.records.source import SOURCE

__all__ = ["SOURCE"]
