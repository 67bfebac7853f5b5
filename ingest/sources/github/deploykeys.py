"""Deploy keys: whoever holds one may read a repository, or change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.keymaterial import SSH_SCHEME, public_key_digest
from ingest.sources.github.answers import Answers
from ingest.sources.github.objects import DeployKey, times

_DISABLED: Final = "deploy keys are allowed in the repository again"
_ARCHIVED: Final = "the repository is no longer archived"


def key_facts(key: DeployKey, full_name: str, answers: Answers, pointer: str) -> Iterator[Fact]:
    """Yield a key, the account that it opens, and what that may do.

    A key that was switched off, and a right to write to what is archived, are possible only.
    """
    server = answers.server
    secret, account = server.key_uid(key.number), server.key_account_uid(key.number)
    digest = public_key_digest(key.public_key)
    properties: dict[str, PropertyValue] = times(created=key.created, last_used=key.last_used)
    ids = (ExternalId(SSH_SCHEME, digest),) if digest is not None else ()
    name = _name(key)
    yield Fact(NodeFacts(secret, Kind.SECRET, "private_key", name, properties, ids), pointer)
    yield Fact(
        NodeFacts(
            account,
            Kind.IDENTITY,
            "service_account",
            f"deploy key of {full_name}: {name}",
            external_ids=(server.id_of("deploy-key", key.number),),
        ),
        pointer,
    )
    yield _edge(EdgeFacts("AUTHENTICATES", secret, account), pointer, None if key.enabled else _DISABLED)
    repository = server.repository_uid(full_name)
    yield _edge(EdgeFacts("CAN_READ", account, repository), pointer, None)
    if not key.read_only:
        archived = _ARCHIVED if answers.is_archived(full_name) else None
        yield _edge(EdgeFacts("CAN_WRITE", account, repository), pointer, archived)


def _name(key: DeployKey) -> str:
    """Return a key's title, but for one like ``ada@laptop``, as ssh-keygen proposes: it names a person."""
    return str(key.number) if not key.title or "@" in key.title else key.title


def _edge(edge: EdgeFacts, pointer: str, condition: str | None) -> Fact:
    certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
    return Fact(edge, pointer, certainty, condition)
