"""Where what is registered and what is observed differ: both claims side by side."""

from queries.drift.find import DEFAULT_REGISTRIES, DriftAnswer, DriftQuestion, find_drift, key_of
from queries.drift.rows import Drift, Open, Row, Side

__all__ = [
    "DEFAULT_REGISTRIES",
    "Drift",
    "DriftAnswer",
    "DriftQuestion",
    "Open",
    "Row",
    "Side",
    "find_drift",
    "key_of",
]
