"""Files that are read in with the real command."""

import json
from pathlib import Path

from typer.testing import CliRunner

from api.cli.main import app


def half_gone(folder: Path, store: Path) -> None:
    """Read 200 nodes in, and then half of them as if they were all: a closing that is refused."""
    for name, count, date in (("whole", 200, "2026-01-01"), ("half", 100, "2026-01-02")):
        lines = [
            {"scope": {"name": "all", "read_at": f"{date}T00:00:00Z"}},
            *({"node": {"uid": f"n{n}", "kind": "Asset"}} for n in range(count)),
            {"end": {"scope": "all", "count": count}},
        ]
        file = folder / f"{name}.jsonl"
        file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        arguments = ["ingest", "records", str(file), "--instance", "a", "--store", str(store)]
        CliRunner().invoke(app, arguments)
