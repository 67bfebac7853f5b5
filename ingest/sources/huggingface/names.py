"""How repositories of the hub and their revisions are called, and what names one: a path, a command, a scope.

A commit is what a revision is known by; a branch or a tag can be moved and names none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.uids import external_id, native_uid

SCHEME: Final = "hf"
MODEL: Final = "model"
DATASET: Final = "dataset"
MAIN: Final = "main"

_PART: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}"
_ID: Final = re.compile(rf"{_PART}(?:/{_PART})?")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_HOST: Final = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<path>\S+)")
_CACHED: Final = re.compile(
    rf"(?:^|/)(?P<sort>model|dataset)s--(?P<id>{_PART}?(?:--{_PART})?)(?:/snapshots/(?P<revision>[0-9a-f]{{40}}))?(?:/|$)"
)
_SCOPE: Final = re.compile(rf"(?P<sort>model|dataset)s/(?P<id>{_PART}(?:/{_PART})?)(?:@(?P<revision>\S+))?")
_API: Final = re.compile(
    rf"api/(?P<sort>model|dataset)s/(?P<id>{_PART}(?:/(?!revision/){_PART})?)(?:/revision/(?P<revision>[^/?\s]+))?/?"
)
_FILE: Final = re.compile(
    rf"(?:(?P<sort>dataset)s/)?(?P<id>{_PART}(?:/{_PART})??)/(?:raw|resolve|blob|tree)/(?P<revision>[^/?\s]+)/.*"
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of the hub. ``revision`` is what was asked for, if that is told: a commit, or a branch."""

    sort: str
    id: str
    revision: str | None = None

    @property
    def kind(self) -> Kind:
        """Return the kind of node that it is."""
        return Kind.DATASET if self.sort == DATASET else Kind.ASSET

    @property
    def commit(self) -> str | None:
        """Return the commit that was asked for; None where a branch was, or nothing."""
        return self.revision if self.revision and _COMMIT.fullmatch(self.revision) else None

    @property
    def has_name(self) -> bool:
        """Return whether the id says whose it is; any word may be an id without that."""
        return "/" in self.id

    @property
    def uid(self) -> Uid:
        """Return the uid of the repository, whatever stands in it.

        >>> Repository("model", "fairbank/loan-default").uid
        'hf:asset:hf:model/fairbank%2Floan-default'
        """
        return native_uid(self.kind, SCHEME, self.sort, self.id)

    def version(self, commit: str) -> Uid:
        """Return the uid of the repository at a commit."""
        return native_uid(self.kind, SCHEME, self.sort, self.id, commit)

    def external_id(self, commit: str) -> ExternalId:
        """Return the external id of the repository at a commit; without one there is none."""
        return external_id(SCHEME, self.sort, self.id, commit)

    @property
    def scope(self) -> str:
        """Return the name of the scope of what is said of the repository as it is now."""
        return f"{self.sort}s/{self.id}"


def is_commit(text: str) -> bool:
    """Return whether a text is a commit."""
    return _COMMIT.fullmatch(text) is not None


def repository_of(text: str, sort: str) -> Repository | None:
    """Return the repository that an entry of a card names; None for a path, and for what is no id.

    >>> repository_of("https://huggingface.co/datasets/fairbank/loans", "dataset").id
    'fairbank/loans'
    >>> repository_of("./checkpoints/last", "model") is None
    True
    """
    found = _HOST.fullmatch(text.strip())
    named = found["path"].removeprefix("datasets/").rstrip("/") if found else text.strip()
    if _ID.fullmatch(named) is None or ".." in named or "--" in named:
        return None
    return Repository(sort, named)


def named_by_scope(text: str) -> Repository | None:
    """Return the repository that a scope names.

    >>> named_by_scope("datasets/fairbank/loans@main")
    Repository(sort='dataset', id='fairbank/loans', revision='main')
    """
    return _repository(_SCOPE.fullmatch(text))


def named_by_path(path: str) -> Repository | None:
    """Return the repository that a folder of the hub's cache names.

    >>> named_by_path("hub/models--fairbank--loan-default/README.md").id
    'fairbank/loan-default'
    """
    found = _repository(_CACHED.search(path.replace("\\", "/")))
    return None if found is None else replace(found, id=found.id.replace("--", "/", 1))


def named_by_command(command: str) -> Repository | None:
    """Return the repository whose address stands in a command; what the API is asked for without one is main.

    >>> named_by_command("curl https://huggingface.co/api/models/fairbank/loan-default")
    Repository(sort='model', id='fairbank/loan-default', revision='main')
    """
    for word in command.split():
        found = _HOST.fullmatch(word.strip("\"'"))
        path = found["path"].partition("?")[0] if found else ""
        asked = _repository(_API.fullmatch(path))
        if asked is not None:
            return replace(asked, revision=asked.revision or MAIN)
        named = _repository(_FILE.fullmatch(path))
        if named is not None:
            return named
    return None


def _repository(found: re.Match[str] | None) -> Repository | None:
    if found is None:
        return None
    return Repository(found["sort"] or MODEL, found["id"], found["revision"])
