"""The Vault plug-in: answers of the command line with ``-format=json`` and policies in, claims by list out.

All files are read first: what a role gives stands in its policies, and what those give in the mounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.documents import Document
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.sources.vault.answers import Answer, answers_of, read_documents
from ingest.sources.vault.estate import Estate, estates
from ingest.sources.vault.names import Server
from ingest.sources.vault.sections import Sections


@dataclass(frozen=True, slots=True)
class VaultSource:
    """Reads what the command line of Vault or OpenBao prints."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "vault"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "HashiCorp Vault 1.x and OpenBao 2.x: `vault … -format=json` and policies in HCL or JSON"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "the server, its mounts and ways to log in: Asset of type vault, service; WITHIN",
            "names of keys and values: Secret with its age; STORED_IN the mount",
            "roles, entities, groups, holders of tokens: Identity; MEMBER_OF",
            "whose tokens a role takes: Identity of type principal_set, with patterns; CAN_ASSUME the role",
            "secret ids and tokens, by their accessors: Secret; AUTHENTICATES",
            "policies: CAN_READ, CAN_WRITE, CAN_ADMIN on the paths at which the deciding rule gives it",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "values, role ids, custom metadata, and configurations but for who issues tokens",
            "listing, which gives names only",
            "whom roles of other ways to log in than kubernetes, jwt, oidc and approle take",
            "Sentinel policies, quotas, audit devices, leases and what dynamic engines make",
            "other paths: counted by their beginning",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say of one server. Memory grows with what is in them."""
        documents: list[Document] = []
        for found in read_documents(paths, context):
            if isinstance(found, Document):
                documents.append(found)
            else:
                yield found
        answers: list[Answer] = []
        for answer in answers_of(documents):
            if isinstance(answer, Rejected):
                yield answer
            else:
                answers.append(answer)
        if not answers:
            return
        found_estates = estates(answers)
        cluster, label, warning = _cluster(found_estates, answers, context)
        if warning is not None:
            yield warning
        for estate in found_estates:
            server = Server(cluster, estate.namespace, label, context.fingerprints)
            yield from Sections(estate, server, context).records()


def _cluster(
    found: Sequence[Estate], answers: Sequence[Answer], context: ReadContext
) -> tuple[str, str | None, Noted | None]:
    """Return the cluster's id and name, and a warning where no file tells the id."""
    for estate in found:
        if estate.status is None:
            continue
        status = estate.status.data
        named, label = status.get("cluster_id"), status.get("cluster_name")
        if isinstance(named, str) and named:
            return named, label if isinstance(label, str) and label else None, None
    sidecars = (answer.document.file.sidecar for answer in answers)
    said = context.scope or next((s.scope for s in sidecars if s is not None), None)
    name = said or context.source.instance
    message = (
        f"No file holds the status of the server, whose cluster_id names it; {name!r} was taken instead. "
        "Read `vault status -format=json` too."
    )
    return name, name, Noted(message)


SOURCE: Final = VaultSource()
