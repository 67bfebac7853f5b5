"""Backstage's software catalog: `holdfast ingest backstage PATH…` with catalog-info.yaml files."""

from ingest.sources.backstage.source import SOURCE, BackstageSource

__all__ = ["SOURCE", "BackstageSource"]
