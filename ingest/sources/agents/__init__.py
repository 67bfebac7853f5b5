"""Agents: which MCP servers a client starts and calls, and what A2A agents say of themselves."""

from ingest.sources.agents.source import SOURCE

__all__ = ["SOURCE"]
