"""What can be told of a key without keeping it: digests of public keys and of certificates.

A private key in OpenSSH's form carries its public half unencrypted before the private one, also
where a passphrase guards the latter; so a key that was found somewhere meets the same key where
it is registered. Digests are SHA-256 in hexadecimal; ``ssh-keygen -l`` prints the same in base64.
Sources: OpenSSH's PROTOCOL.key, RFC 4253 section 6.6, RFC 8017
appendix A.1.2 (RSA), RFC 5208.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

SSH_SCHEME: Final = "ssh-key-sha256"
CERTIFICATE_SCHEME: Final = "x509-sha256"

_MAGIC: Final = b"openssh-key-v1\x00"
_PEM: Final = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]{1,40})-----(?P<body>[^-]+)-----END (?P=label)-----", re.ASCII
)
_OPENSSH: Final = "OPENSSH PRIVATE KEY"
_RSA: Final = "RSA PRIVATE KEY"
_PKCS_8: Final = "PRIVATE KEY"
_CERTIFICATE: Final = "CERTIFICATE"
_GUARDED: Final = re.compile(r"-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type:\s*4,\s*ENCRYPTED")
_SSH_RSA: Final = b"ssh-rsa"
_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02
_OCTETS: Final = 0x04
_LONG_FORM: Final = 0x80


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What is known of a private key: the digest of its public half, and whether a passphrase guards it."""

    digest: str
    encrypted: bool


def public_key_digest(line: str) -> str | None:
    """Return the digest of a public key as ``authorized_keys`` has it; None for anything else.

    >>> public_key_digest("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8s me") is None
    True
    """
    words = line.split()
    if len(words) < 2:
        return None
    blob = _decoded(words[1])
    if blob is None or _string(blob) != (words[0].encode("utf-8", "replace"), blob[4 + len(words[0]) :]):
        return None
    # Every form of key that there is has something behind its name, of the length that it tells.
    body = _string(blob[4 + len(words[0]) :])
    return hashlib.sha256(blob).hexdigest() if body is not None else None


def private_key(text: str) -> PrivateKey | None:
    """Return what is known of the first private key in a text; None where its public half cannot be told.

    Lines may also be parted by the two characters that JSON and shells write for a new line.
    """
    for found in _PEM.finditer(text.replace("\\r", "").replace("\\n", "\n")):
        body = _decoded("".join(found["body"].split()))
        read = _READERS.get(found["label"])
        known = read(body) if body is not None and read is not None else None
        if known is not None:
            return known
    return None


def is_guarded(text: str) -> bool:
    """Return whether a text is a private key in PEM form that says of itself that it is encrypted.

    >>> is_guarded("-----BEGIN ENCRYPTED PRIVATE KEY-----"), is_guarded("-----BEGIN PRIVATE KEY-----")
    (True, False)
    """
    return _GUARDED.search(text) is not None


def certificate_digest(text: str) -> str | None:
    """Return the digest of the first certificate in a text."""
    for found in _PEM.finditer(text):
        body = _decoded("".join(found["body"].split())) if found["label"] == _CERTIFICATE else None
        if body:
            return hashlib.sha256(body).hexdigest()
    return None


def _openssh(body: bytes) -> PrivateKey | None:
    if not body.startswith(_MAGIC):
        return None
    rest = body[len(_MAGIC) :]
    header: list[bytes] = []
    for _ in ("cipher", "key derivation", "its options"):
        field = _string(rest)
        if field is None:
            return None
        header.append(field[0])
        rest = field[1]
    public = _string(rest[4:]) if rest[:4] == b"\x00\x00\x00\x01" else None
    if public is None or not public[0]:
        return None
    return PrivateKey(hashlib.sha256(public[0]).hexdigest(), encrypted=header[0] != b"none")


def _rsa(body: bytes) -> PrivateKey | None:
    """Return what is known of an unencrypted RSA key in PKCS #1: version, modulus, exponent, and more."""
    outer = _element(body, _SEQUENCE)
    version = _element(outer[0], _INTEGER) if outer else None
    modulus = _element(version[1], _INTEGER) if version else None
    exponent = _element(modulus[1], _INTEGER) if modulus else None
    if modulus is None or exponent is None:
        return None
    parts = (_SSH_RSA, exponent[0], modulus[0])
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return PrivateKey(hashlib.sha256(blob).hexdigest(), encrypted=False)


def _pkcs_8(body: bytes) -> PrivateKey | None:
    """Return what is known of an RSA key in PKCS #8: version, algorithm, and the key in PKCS #1."""
    outer = _element(body, _SEQUENCE)
    version = _element(outer[0], _INTEGER) if outer else None
    algorithm = _element(version[1], _SEQUENCE) if version else None
    key = _element(algorithm[1], _OCTETS) if algorithm else None
    return _rsa(key[0]) if key else None


_READERS: Final = {_OPENSSH: _openssh, _RSA: _rsa, _PKCS_8: _pkcs_8}


def _string(data: bytes) -> tuple[bytes, bytes] | None:
    """Return the string at the start of data with what follows it; None where it ends early."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) < 4 + length:
        return None
    return data[4 : 4 + length], data[4 + length :]


def _element(data: bytes, tag: int) -> tuple[bytes, bytes] | None:
    """Return the content of the DER element at the start of data, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        return None
    length, start = data[1], 2
    if length & _LONG_FORM:
        octets = length & ~_LONG_FORM
        length, start = int.from_bytes(data[2 : 2 + octets], "big"), 2 + octets
    if len(data) < start + length:
        return None
    return data[start : start + length], data[start + length :]


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
