"""The one place that keeps secret values out: every source, and the job's door, ask here.

Two signs give a value away: the name that it stands under (``password``) and its shape or
surroundings (``ghp_…``, a PEM block, ``user:password@`` in an address). What is taken out
is reported by field and sort; the value itself goes nowhere, no part of it, not its length.
"""

from ingest.redaction.cleaning import Json, RedactedJson, redact_items, redact_json, redact_text, secret_in
from ingest.redaction.names import denotes_value, is_secret_name
from ingest.redaction.values import MARK, looks_made, stands_in

__all__ = [
    "MARK",
    "Json",
    "RedactedJson",
    "denotes_value",
    "is_secret_name",
    "looks_made",
    "redact_items",
    "redact_json",
    "redact_text",
    "secret_in",
    "stands_in",
]
