"""Save secrets and identities as CSV, each file checked, to the folder `estate-csv`."""

from datetime import datetime, timezone

from holdfast_client import Client

with Client() as client:
    export = client.export(
        "csv", "estate-csv", kinds=["Secret", "Identity"], as_of=datetime(2026, 11, 20, tzinfo=timezone.utc)
    )

for file in export.files:
    print(f"{file.path.name}: {file.count} rows")
print(f"as of {export.manifest['as_of']}")
