"""Cryptographic assets: keys, passwords, tokens and certificates, known by name, state and dates.

A BOM may hold the value of a key. It is fingerprinted where it stands and goes no further.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingest.disallowed import other_text
from ingest.fingerprint import Fingerprinter
from ingest.shapes import Misshapen
from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Thing

_MATERIAL: Final = "related-crypto-material"
_CERTIFICATE: Final = "certificate"

_TYPES: Final[Mapping[str, str]] = {
    "private-key": "private_key",
    "secret-key": "secret_key",
    "key": "key",
    "shared-secret": "shared_secret",
    "seed": "seed",
    "password": "password",
    "credential": "credential",
    "token": "token",
    "other": "other",
    "unknown": "unknown",
}
"""What each type of material is here: only what has to be kept secret is a secret."""

_PUBLIC: Final = frozenset(
    {
        "public-key", "ciphertext", "signature", "digest", "initialization-vector",
        "nonce", "salt", "tag", "additional-data",
    }
)  # fmt: skip
_NOT_SECRET: Final = frozenset({"algorithm", "protocol"})
_REVOKED: Final = frozenset({"revoked"})


def secret_type(fields: Fields) -> str | None:
    """Return which type of secret an asset is; None, and counted, where it is none."""
    crypto = fields.object("cryptoProperties")
    asset = crypto.text("assetType") if crypto is not None else None
    if crypto is not None and asset == _CERTIFICATE:
        return "certificate"
    if crypto is None or asset != _MATERIAL:
        fields.asides.skip(
            f"cryptographic asset ({asset})" if asset in _NOT_SECRET else "cryptographic asset"
        )
        return None
    material = crypto.object("relatedCryptoMaterialProperties")
    given = material.text("type") if material is not None else None
    if given in _PUBLIC:
        fields.asides.skip(f"cryptographic material that is not secret ({given})")
        return None
    if given is not None and given not in _TYPES:
        fault = Misshapen("/type", other_text(given, _TYPES), ", ".join((*_TYPES, *sorted(_PUBLIC))))
        fields.asides.reject(fault, f"{fields.position}/cryptoProperties/relatedCryptoMaterialProperties")
    return _TYPES.get(given or "unknown", "unknown")


def describe_asset(fields: Fields, thing: Thing, fingerprints: Fingerprinter) -> None:
    """Add what is known of a secret: its state and dates, never its value."""
    crypto = fields.object("cryptoProperties")
    if crypto is None:
        return
    if thing.type == "certificate":
        _certificate(crypto.object("certificateProperties"), thing)
    else:
        _material(crypto.object("relatedCryptoMaterialProperties"), thing, fingerprints)


def _material(material: Fields | None, thing: Thing, fingerprints: Fingerprinter) -> None:
    if material is None:
        return
    known = {
        "created": material.time("creationDate"),
        "activated": material.time("activationDate"),
        "expires": material.time("expirationDate"),
        "state": material.text("state"),
        "material_id": material.text("id"),
        "material_format": material.text("format"),
    }
    value = material.text("value")
    if value is not None:
        known["fingerprint"] = fingerprints.of_secret(value.encode("utf-8", "surrogatepass"))
    thing.properties.update({key: found for key, found in known.items() if found is not None})


def _certificate(certificate: Fields | None, thing: Thing) -> None:
    if certificate is None:
        return
    states = {state.text("state") for state in certificate.objects("certificateState")}
    known = {
        "created": certificate.time("notValidBefore"),
        "expires": certificate.time("notValidAfter"),
        "subject_name": certificate.text("subjectName"),
        "issuer_name": certificate.text("issuerName"),
        "state": ", ".join(sorted(filter(None, states))) or None,
        "revoked": True if states & _REVOKED else None,
    }
    thing.properties.update({key: found for key, found in known.items() if found is not None})
