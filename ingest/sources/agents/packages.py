"""Packages by the words that a runner takes: what is fetched and run, and whether its version is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from packageurl import PackageURL

from graph.model import NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.redaction import redact_text, secret_in
from ingest.repositories import repository_address, repository_uid
from ingest.sources.agents.names import edge
from ingest.uids import native_uid

NOT_TOLD: Final = "package that the arguments of a command do not tell for sure"
OF_OTHER_REGISTRY: Final = "package of another registry than the usual one"

_LONGEST: Final = 500
_NPM: Final = re.compile(r"(?P<name>(?:@[a-z0-9~._-]+/)?[a-zA-Z0-9~._-]+)(?:@(?P<wanted>[^@/]+))?")
_NPM_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_PYPI: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[A-Za-z0-9,._ -]*\])?"
    r"(?:(?P<how>==|@|[~<>!=]=?)\s*(?P<wanted>[^\s;]+))?"
)
_PYPI_VERSION: Final = re.compile(r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.post|\.dev)\d+)*")
_GIT: Final = re.compile(
    r"(?:git\+)?(?P<address>(?:https?|ssh|git)://[^#\s]+?)(?:\.git)?(?:@(?P<ref>[^/@#]+))?(?:#.*)?"
)
_GITHUB: Final = re.compile(r"(?:github:)(?P<name>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)(?:#(?P<ref>.+))?")
_IMAGE: Final = re.compile(r"[a-z0-9][A-Za-z0-9._:/-]*(?:@(?P<digest>sha256:[0-9a-f]{64}))?")


@dataclass(frozen=True, slots=True)
class Package:
    """What a server is started from; ``wanted`` is what is asked for where no one version is."""

    uid: Uid
    type: str
    name: str
    properties: dict[str, PropertyValue]

    def facts(self, server: Uid, position: str) -> Iterator[Fact]:
        """Yield the package, and that a server is built from it."""
        node = NodeFacts(self.uid, Kind.ASSET, self.type, self.name, self.properties)
        yield Fact(node, position)
        yield edge("BUILT_FROM", server, self.uid, position)


def package_of(sort: str, word: str) -> Package | None:
    """Return the package that a word stands for; None for a path, and for what is not known.

    >>> package_of("npm", "@playwright/mcp@0.0.41").uid
    'hf:asset:purl:pkg:npm%2F%2540playwright%2Fmcp@0.0.41'
    >>> package_of("npm", "@playwright/mcp@latest").properties
    {'package_type': 'npm', 'pinned': False, 'version_requirement': 'latest'}
    """
    if (
        len(word) > _LONGEST
        or secret_in(word, identifier=True) is not None
        or word.startswith((".", "/", "~", "file:"))
    ):
        return None
    if sort == "image":
        return _image(word)
    found = _repository(word)
    if found is not None:
        return found
    return _npm(word) if sort == "npm" else _pypi(word)


def _image(word: str) -> Package | None:
    found = _IMAGE.fullmatch(word)
    if found is None:
        return None
    digest = found["digest"]
    if digest:
        uid = native_uid(Kind.ASSET, "oci-digest", digest)
        name = word.partition("@")[0]
        return Package(uid, "container_image", name, {"digest": digest})
    return Package(native_uid(Kind.ASSET, "oci-image", word), "container_image", word, {})


def _repository(word: str) -> Package | None:
    short = _GITHUB.fullmatch(word)
    found = short or _GIT.fullmatch(word)
    if found is None:
        return None
    address = f"https://github.com/{found['name']}" if short else found["address"]
    told = repository_address(address)
    properties: dict[str, PropertyValue] = {}
    return Package(repository_uid(address), "repository", told, properties)


def _npm(word: str) -> Package | None:
    found = _NPM.fullmatch(word)
    if found is None:
        return None
    wanted = found["wanted"]
    is_pinned = wanted is not None and _NPM_VERSION.fullmatch(wanted) is not None
    return _of_registry("npm", found["name"], wanted, is_pinned=is_pinned)


def _pypi(word: str) -> Package | None:
    found = _PYPI.fullmatch(word)
    if found is None:
        return None
    wanted, how = found["wanted"], found["how"]
    is_pinned = how in ("==", "@") and _PYPI_VERSION.fullmatch(wanted) is not None
    if wanted is not None and how not in ("==", "@"):
        wanted = f"{how}{wanted}"
    return _of_registry("pypi", found["name"], wanted, is_pinned=is_pinned)


def _of_registry(type_: str, name: str, wanted: str | None, *, is_pinned: bool) -> Package:
    scope, _, own = name.rpartition("/")
    purl = PackageURL(type_, scope or None, own, wanted if is_pinned else None)
    full_name = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    properties: dict[str, PropertyValue] = {"package_type": type_, "pinned": is_pinned}
    if is_pinned and wanted is not None:
        uid = native_uid(Kind.ASSET, "purl", purl.to_string())
        return Package(uid, "package", full_name, {**properties, "version": wanted})
    if wanted is not None:
        properties["version_requirement"] = redact_text(wanted)
    return Package(native_uid(Kind.ASSET, "package", type_, full_name), "package", full_name, properties)
