"""Keyed fingerprints of secret values: equal values are recognised, none can be read back.

The key belongs to the installation and never enters a store, so that whoever has a
copy of the ledger cannot try values against it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MINIMUM_BYTES: Final = 16
"""Shorter values could be guessed even from a keyed fingerprint by whoever holds the key."""

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Fingerprinter:
    """Makes fingerprints with one installation's key; the key is never shown."""

    key: bytes = field(repr=False)

    def of_secret(self, value: bytes) -> str | None:
        """Return a secret value's fingerprint, ``hmac-sha256:<hex>``; None if it is too short.

        >>> Fingerprinter(b"k" * 32).of_secret(b"short") is None
        True
        """
        if len(value) < MINIMUM_BYTES:
            return None
        return f"hmac-sha256:{self._digest(b'secret', value)}"

    def of_payload(self, canonical: bytes) -> str:
        """Return the idempotency hash of a payload in canonical form."""
        return self._digest(b"payload", canonical)

    def opaque_id(self, native_id: str) -> str:
        """Return an id that does not show the native one; for people.

        >>> len(Fingerprinter(b"k" * 32).opaque_id("ada@example.org"))
        32
        """
        return self._digest(b"identity", native_id.encode("utf-8", "surrogatepass"))[:32]

    def of_bearer(self, token: str) -> str:
        """Return the digest by which a bearer token is known again.

        >>> Fingerprinter(b"k" * 32).of_bearer("a")[:12]
        'hmac-sha256:'
        """
        return f"hmac-sha256:{self._digest(b'bearer', token.encode('utf-8', 'surrogatepass'))}"

    def _digest(self, purpose: bytes, value: bytes) -> str:
        return hmac.new(self.key, purpose + b"\x00" + value, hashlib.sha256).hexdigest()


def load_fingerprinter(path: Path) -> Fingerprinter:
    """Return the fingerprinter whose key a file holds; without a file, one is made for its owner only.

    Raises:
        OSError: where the file can neither be read nor made.
        ValueError: for a file that holds no key of 32 bytes in hexadecimal.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(key) != _KEY_BYTES:
            raise ValueError(f"{path} does not hold a key of {_KEY_BYTES} bytes") from None
        return Fingerprinter(key)
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return Fingerprinter(key)
