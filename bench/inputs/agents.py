"""What clients of MCP servers are configured with: a file for every ten servers of one owner."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.inputs.writing import Json, write_json

_IN_FILE: Final = 10


def write_agents(folder: Path, count: int) -> None:
    """Write configurations as projects keep them; half of the servers are started, half are called."""
    for start in range(0, count, _IN_FILE):
        several = range(start, min(start + _IN_FILE, count))
        write_json(
            folder / f"project-{start}" / "mcp.json",
            {"mcpServers": {f"server-{n}": _server(n) for n in several}},
        )


def _server(number: int) -> Json:
    if number % 2:
        return {
            "url": f"https://tools-{number}.fairbank.example/mcp",
            "headers": {"Authorization": "Bearer ${TOOLS_TOKEN}", "X-Team": f"team-{number}"},
        }
    return {
        "command": "npx",
        "args": ["-y", f"@fairbank/server-{number}@1.0.{number % 10}"],
        "env": {"API_TOKEN": "${env:API_TOKEN}", "LOG_LEVEL": "info"},
        "autoApprove": ["list", "get"],
    }
