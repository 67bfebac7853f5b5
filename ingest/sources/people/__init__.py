"""People and teams from CSV files, who owns what from a CSV register, and CODEOWNERS."""

from ingest.sources.people.source import SOURCE, PeopleSource

__all__ = ["SOURCE", "PeopleSource"]
