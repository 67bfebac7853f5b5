"""Send records to be read in, and look at the report. Needs HOLDFAST_TOKEN."""

from datetime import datetime, timezone
from typing import Any

from holdfast_client import Client, NotAllIn

RECORDS: list[dict[str, Any]] = [
    {"scope": {"name": "handbook"}},
    {"node": {"uid": "handbook:key", "kind": "Secret", "type": "api_key", "name": "Handbook key"}},
    {"node": {"uid": "handbook:bot", "kind": "Identity", "type": "service_account", "name": "Handbook bot"}},
    {"node": {"uid": "handbook:faq", "kind": "Dataset", "type": "table", "name": "Handbook questions"}},
    {"edge": {"subject": "handbook:key", "relation": "AUTHENTICATES", "object": "handbook:bot"}},
    {"edge": {"subject": "handbook:bot", "relation": "CAN_WRITE", "object": "handbook:faq"}},
    {"end": {"scope": "handbook", "count": 5}},
]

with Client() as client:
    try:
        report = client.ingest(
            "records", RECORDS, instance="handbook", read_at=datetime(2026, 11, 19, 6, tzinfo=timezone.utc)
        )
    except NotAllIn as error:
        raise SystemExit(f"{error}\n{error.report.rejected}") from None

print(f"{report.source}: {report.state}")
print(f"{report.records.accepted} of {report.records.read} records, {report.nodes.created} new nodes")
