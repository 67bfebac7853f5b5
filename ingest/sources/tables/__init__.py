"""Any table, CSV or JSON lines, by a mapping that a person writes: the way in for a CMDB or a spreadsheet."""

from ingest.sources.tables.source import SOURCE, TablesSource

__all__ = ["SOURCE", "TablesSource"]
