"""CycloneDX: bills of materials of software, services, models, data and cryptographic assets."""

from ingest.sources.cyclonedx.source import SOURCE

__all__ = ["SOURCE"]
