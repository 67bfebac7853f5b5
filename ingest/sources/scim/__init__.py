"""Users and groups as SCIM 2.0 servers list them: `holdfast ingest scim PATH…`."""

from ingest.sources.scim.source import SOURCE, ScimSource

__all__ = ["SOURCE", "ScimSource"]
