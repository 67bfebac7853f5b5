"""How a source repository is called, wherever its address comes from.

One repository has many addresses (``git@``, ``ssh://``, ``https://``, with and without
``.git``); all sources use this one form, so that they speak of one node.
"""

from __future__ import annotations

import re
from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.redaction import redact_text
from ingest.uids import native_uid

_ADDRESS: Final = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/]*@)?(?P<host>[^/:@]+)(?P<port>:\d+)?/(?P<path>.+)"
)
_SHORT: Final = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:@]+):(?P<path>[^/:].*)")
_USUAL_PORTS: Final = frozenset({None, ":22", ":80", ":443"})


def repository_address(address: str) -> str:
    """Return the one form of a repository's address; what is no address of a git host stays as it is.

    Users, passwords and the ending ``.git`` are left out, the host is in lower case.

    >>> repository_address("git@github.com:fairbank/pipelines.git")
    'https://github.com/fairbank/pipelines'
    >>> repository_address("https://ci:hunter2@GitHub.com/fairbank/pipelines/")
    'https://github.com/fairbank/pipelines'
    """
    found = _ADDRESS.fullmatch(address) or _SHORT.fullmatch(address)
    if found is None:
        return redact_text(address)
    groups = found.groupdict()
    port = "" if groups.get("port") in _USUAL_PORTS else groups["port"]
    path = groups["path"].strip("/").removesuffix(".git")
    return redact_text(f"https://{groups['host'].lower()}{port}/{path}")


def repository_uid(address: str) -> Uid:
    """Return the uid of the repository at an address.

    >>> repository_uid("https://github.com/fairbank/pipelines.git")
    'hf:asset:git-url:https:%2F%2Fgithub.com%2Ffairbank%2Fpipelines'
    """
    return native_uid(Kind.ASSET, "git-url", repository_address(address))
