"""The one byte form in which things are hashed; ``docs/ledger.md`` specifies it with test vectors.

JSON in UTF-8: object keys sorted by code point, no spaces, integers in decimal
digits, finite floats in the shortest form that reads back as the same number
(always with a point or an exponent), strings as they are with only the escapes
that JSON demands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""Anything that JSON can hold; tuples are written as arrays."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: JsonValue) -> bytes:
    """Return a value's canonical bytes.

    Raises:
        ValueError: for NaN and infinities, which have no JSON form.

    >>> canonical({"b": 1, "a": [True, None, 0.1, "é"]}).decode()
    '{"a":[true,null,0.1,"é"],"b":1}'
    """
    return canonical_text(value).encode("utf-8")


def canonical_text(value: JsonValue) -> str:
    """Return a value's canonical form as text; see ``canonical``."""
    return _ENCODER.encode(value)


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def short_digest(value: JsonValue) -> str:
    """Return the first 128 bits of a value's SHA-256 as 32 hexadecimal digits; used for ids."""
    return hashlib.sha256(canonical(value)).hexdigest()[:32]
