"""Reads regulation editions from OSCAL catalogs: `holdfast ingest catalog [PATH|NAME]…`."""

from ingest.record import Source
from ingest.sources.catalog.source import CatalogSource, shipped_names

SOURCE: Source = CatalogSource()

__all__ = ["SOURCE", "shipped_names"]
