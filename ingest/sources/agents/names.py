"""How agents, their servers and their secrets are called: by whose configuration it is, and of which client.

No id of a server is worldwide: two configurations that call a server ``github`` may mean two things.
What is known by an address that everybody reaches is one node, whoever names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.jsontext import ascii_safe
from ingest.redaction import redact_text
from ingest.uids import native_uid

CLIENT_SCHEME: Final = "mcp-client"
CARD_SCHEME: Final = "a2a"
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose configuration it is (a machine, a project, a team) and of which client."""

    whose: str
    client: str

    @property
    def agent(self) -> Uid:
        """Return the uid of the agent: this client, as it is configured here."""
        return native_uid(Kind.ASSET, CLIENT_SCHEME, self.whose, self.client)

    def server(self, name: str) -> Uid:
        """Return the uid of a server as it is configured here.

        >>> Holder("laptop-7", "cursor").server("github")
        'hf:asset:mcp-client:laptop-7/cursor/server/github'
        """
        return native_uid(Kind.ASSET, CLIENT_SCHEME, self.whose, self.client, "server", name)

    def tool(self, server: str, name: str) -> Uid:
        """Return the uid of a tool of a server."""
        return native_uid(Kind.ASSET, CLIENT_SCHEME, self.whose, self.client, "server", server, "tool", name)

    def part(self, sort: str, *native: str) -> Uid:
        """Return the uid of another asset that only this client knows."""
        return native_uid(Kind.ASSET, CLIENT_SCHEME, self.whose, self.client, sort, *native)

    def secret(self, *native: str) -> Uid:
        """Return the uid of a secret that only this client knows."""
        return native_uid(Kind.SECRET, CLIENT_SCHEME, self.whose, self.client, *native)


def below(position: str, key: str) -> str:
    r"""Return the place of what stands under a key that people chose: shortened, printable, without secrets.

    >>> below("/servers", "token=hunter2"), below("", "a\ud800")
    ('/servers/token=[redacted]', '/a\\ud800')
    """
    told = ascii_safe(redact_text(key))
    return f"{position}/{told if len(told) <= _SHOWN else told[:_SHOWN] + '…'}"


def edge(
    relation: str,
    subject: Uid,
    object_: Uid,
    position: str,
    *,
    to: Kind = Kind.ASSET,
    marks: frozenset[str] = frozenset(),
) -> Fact:
    """Return that an asset is related to another node."""
    facts = EdgeFacts(relation, subject, object_, marks, subject_kind=Kind.ASSET, object_kind=to)
    return Fact(facts, position)
