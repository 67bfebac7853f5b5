"""Facts that no single source knows, worked out from what several of them say."""

from ingest.derivers.deriving import derive
from ingest.derivers.rule import SOURCE

__all__ = ["SOURCE", "derive"]
