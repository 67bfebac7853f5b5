"""Which application a file configures, going by its name and the folders that it lies in.

Sources: the documentation of each client (2026-11): Claude Desktop and Claude Code, Cursor, VS Code,
Windsurf, Gemini CLI, Continue, Cline, Roo Code, Kilo Code, GitHub Copilot CLI, Amazon Q,
Codex.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final


@dataclass(frozen=True, slots=True)
class Client:
    """An application that calls MCP servers: the word it goes by in uids, and its name."""

    id: str
    name: str


ANY: Final = Client("mcp", "MCP client")
"""The client of a file whose name says nothing of it."""

_PROJECT: Final = Client("project", "agents that read the project's .mcp.json")
_CLAUDE_CODE: Final = Client("claude-code", "Claude Code")
_WINDSURF: Final = Client("windsurf", "Windsurf")
_VSCODE: Final = Client("vscode", "Visual Studio Code")
_GEMINI: Final = Client("gemini-cli", "Gemini CLI")
_CLINE: Final = Client("cline", "Cline")
_CONTINUE: Final = Client("continue", "Continue")
_COPILOT: Final = Client("copilot-cli", "GitHub Copilot CLI")

_PATHS: Final[tuple[tuple[str, Client], ...]] = (
    ("claude_desktop_config.json", Client("claude-desktop", "Claude Desktop")),
    (".mcp.json", _PROJECT),
    (".claude.json", _CLAUDE_CODE),
    ("managed-mcp.json", _CLAUDE_CODE),
    (".cursor/mcp.json", Client("cursor", "Cursor")),
    (".vscode/mcp.json", _VSCODE),
    (".vscode/settings.json", _VSCODE),
    ("User/mcp.json", _VSCODE),
    ("User/settings.json", _VSCODE),
    ("windsurf/mcp_config.json", _WINDSURF),
    (".windsurf/mcp_config.json", _WINDSURF),
    (".gemini/settings.json", _GEMINI),
    ("gemini-cli/settings.json", _GEMINI),
    ("cline_mcp_settings.json", _CLINE),
    (".roo/mcp.json", Client("roo-code", "Roo Code")),
    (".kilocode/mcp.json", Client("kilo-code", "Kilo Code")),
    (".copilot/mcp-config.json", _COPILOT),
    (".codex/config.toml", Client("codex", "Codex")),
    (".amazonq/mcp.json", Client("amazon-q", "Amazon Q Developer")),
    (".continue/config.yaml", _CONTINUE),
    (".continue/config.json", _CONTINUE),
)
_FOLDERS: Final = ((".continue/mcpServers", _CONTINUE),)


def client_at(path: str) -> Client | None:
    """Return the client whose file lies at such a path; None where the path does not tell.

    >>> client_at("ada/.cursor/mcp.json").id, client_at("export/mcp.json")
    ('cursor', None)
    """
    parts = PurePosixPath(path.replace("\\", "/")).parts
    for known, client in _PATHS:
        end = PurePosixPath(known).parts
        if parts[-len(end) :] == end:
            return client
    for known, client in _FOLDERS:
        end = PurePosixPath(known).parts
        if parts[-len(end) - 1 : -1] == end:
            return client
    return None


def client_in(command: str) -> Client | None:
    """Return the client whose file a command reads, going by the paths in it.

    >>> client_in("scp laptop-7:.gemini/settings.json settings.json").id
    'gemini-cli'
    """
    words = (client_at(word.rpartition(":")[2].strip("\"'")) for word in command.split())
    return next((client for client in words if client is not None), None)
