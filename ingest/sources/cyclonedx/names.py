"""How the things of a BOM are called: by their package URL, else by their reference inside the BOM.

A package URL with a version means one thing everywhere; a ``bom-ref`` means something only
inside the BOM that gives it, which is known by its serial number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from packageurl import PackageURL

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.redaction import redact_text, secret_in
from ingest.uids import native_uid

Key: TypeAlias = tuple[str, ...]
"""What names a thing: how it is named (``purl``, ``ref``, ``name``, ``party``, ``uid``), and the names."""

_SERIAL: Final = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LINK: Final = re.compile(r"urn:cdx:([0-9a-fA-F-]{36})/[1-9][0-9]*#(.+)")
_LOGIN: Final = re.compile(r"://(?!git@)[^/@\s]+@")  # ``git@`` is everybody's user
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


class Sort(StrEnum):
    """What a thing is, as far as that decides which relations it can have."""

    SOFTWARE = "software"
    SERVICE = "service"
    MODEL = "model"
    DEVICE = "device"
    DATA = "data"
    SECRET = "secret"  # noqa: S105 - a word, not a secret
    PARTY = "party"

    @property
    def kind(self) -> Kind:
        """Return the kind of node that it is."""
        return _KINDS.get(self, Kind.ASSET)


_KINDS: Final = {Sort.DATA: Kind.DATASET, Sort.SECRET: Kind.SECRET, Sort.PARTY: Kind.IDENTITY}


@dataclass(frozen=True, slots=True)
class Bom:
    """One BOM through all its versions; ``id`` is its serial number, else what names its root component."""

    id: str

    def uid(self, sort: Sort, key: Key) -> Uid:
        """Return the uid of a thing of this BOM."""
        how, *names = key
        if how == "uid":
            return Uid(names[0])
        if how == "purl":
            return native_uid(sort.kind, "purl", *names)
        return native_uid(sort.kind, f"bom-{how}", self.id, *names)

    def local(self, reference: str) -> str | None:
        """Return the ``bom-ref`` that a reference stands for; None for one into another BOM."""
        link = _LINK.fullmatch(reference)
        if link is None:
            return None if reference.startswith("urn:cdx:") else reference
        return link.group(2) if f"urn:uuid:{link.group(1)}".lower() == self.id.lower() else None


def is_serial(text: str) -> bool:
    """Return whether a text is a serial number as the specification has it.

    >>> is_serial("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"), is_serial("1")
    (True, False)
    """
    return _SERIAL.fullmatch(text) is not None


def parsed_purl(text: str) -> PackageURL:
    """Return a package URL in its canonical form.

    Raises:
        ValueError: for what is none.
    """
    return PackageURL.from_string(text)


def names_one_version(purl: PackageURL) -> bool:
    """Return whether a package URL names one version, and gives away nothing that is secret.

    >>> names_one_version(parsed_purl("pkg:npm/left-pad@1.3.0")), names_one_version(parsed_purl("pkg:npm/x"))
    (True, False)
    """
    has_login = any(_LOGIN.search(value) for value in _qualifiers(purl))
    return bool(purl.version) and not has_login and secret_in(purl.to_string(), identifier=True) is None


def image_digest(purl: PackageURL) -> str | None:
    """Return the digest of the image that a package URL of type ``oci`` names.

    That of a ``docker`` one is the id of an image, which is no digest of what a registry holds.
    """
    version = purl.version or ""
    return version if purl.type == "oci" and _DIGEST.fullmatch(version) else None


def is_image_digest(text: str) -> bool:
    """Return whether a text is the SHA-256 digest of an image."""
    return _DIGEST.fullmatch(text) is not None


def address(text: str) -> str:
    """Return an address without user, password, query and fragment.

    >>> address("https://ci:hunter2@host.example/a?token=x#y"), address("s3://bucket/key")
    ('https://host.example/a', 's3://bucket/key')
    """
    try:
        parts = urlsplit(text)
        plain = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        plain = text.partition("?")[0]
    return redact_text(plain)


def key_text(key: Key) -> str:
    """Return a key as text that sorts and compares like it."""
    return json.dumps(key)


def key_from(text: str) -> Key:
    """Return the key that ``key_text`` wrote."""
    return tuple(json.loads(text))


def _qualifiers(purl: PackageURL) -> list[str]:
    return list(purl.qualifiers.values())
