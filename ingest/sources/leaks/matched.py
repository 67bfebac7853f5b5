"""What is kept of a text in which a scanner found a secret: never the text.

A keyed fingerprint tells equal values; the public id of a cloud key, and the digest of a key's
public half or of a certificate, tell whom it opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ingest.fingerprint import Fingerprinter
from ingest.keymaterial import certificate_digest, is_guarded, private_key

_KEY_ID: Final = re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")
_HALF: Final = re.compile(r"[A-Za-z0-9/+]{40}")
_PRIVATE: Final = "PRIVATE KEY-----"
_MASKED: Final = re.compile(
    r"REDACTED|REDACT|\[?redacted\]?|.*\*{4}.*|.*\.\.\.|[*xX]+", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Matched:
    """What is known of a matched text.

    ``key_id`` is the public id of an AWS key that stands in it; ``id_only`` if nothing else does.
    ``is_half`` if it has the form of such a key's secret half. ``redacted`` if the scanner had
    taken the value out before. ``guarded`` if a passphrase keeps the key, ``public_only`` if it is a
    certificate without its key.
    """

    fingerprint: str | None = None
    key_id: str | None = None
    id_only: bool = False
    is_half: bool = False
    ssh_digest: str | None = None
    guarded: bool = False
    certificate: str | None = None
    public_only: bool = False
    redacted: bool = False


NOTHING: Final = Matched()


def matched(text: str, fingerprints: Fingerprinter) -> Matched:
    """Return what is known of a matched text.

    >>> matched("AKIAIOSFODNN7EXAMPLE", Fingerprinter(b"k")).id_only
    True
    """
    value = text.strip()
    if not value:
        return NOTHING
    if _MASKED.fullmatch(value):
        return Matched(redacted=True)
    found = _KEY_ID.search(value)
    # A key's secret half is the value that others may hold, too; its id is no secret.
    secret = value if found is None else (value[: found.start()] + value[found.end() :]).strip(" :,;|")
    key, certificate = private_key(value), certificate_digest(value)
    return Matched(
        fingerprint=fingerprints.of_secret(secret.encode("utf-8", "surrogatepass")) if secret else None,
        key_id=found.group() if found is not None else None,
        id_only=found is not None and not secret,
        is_half=_HALF.fullmatch(secret) is not None,
        ssh_digest=key.digest if key is not None else None,
        guarded=is_guarded(value) or (key is not None and key.encrypted),
        certificate=certificate,
        public_only=certificate is not None and _PRIVATE not in value,
    )
