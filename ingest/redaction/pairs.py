"""The secret half of a pair of keys, which has no mark of its own and is known by the id beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ingest.redaction.tokens import shape

_WHAT: Final = "the secret half of an AWS access key"
_HINTS: Final = "akia asia abia acca"
_ID: Final = r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
_HALF: Final = (
    r"(?<![A-Za-z0-9+])(?P<value>(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])"
    r"(?:[A-Za-z0-9/+]{40}|(?=[A-Za-z/+]{0,39}[0-9])[A-Za-z0-9/+]{35,44}))(?![A-Za-z0-9+])"
)
"""Forty characters of base64, or about so many where a digit is among them: it may be cut off or mistyped.

Letters of both cases are among them, as they never are in a digest in hexadecimal.
"""

_BETWEEN: Final = r"[\s\S]{1,80}?"
"""A pair is written in many ways, and words may stand between its halves."""

PAIRS: Final = (
    shape(_WHAT, _HINTS, _ID + _BETWEEN + _HALF),
    shape(_WHAT, _HINTS, _HALF + _BETWEEN + _ID),
)
"""Shapes of which only the group ``value`` is a secret."""

_HAS_ID: Final = re.compile(_ID)
_IS_HALF: Final = re.compile(_HALF)


def halves_among(items: Sequence[object]) -> Iterator[int]:
    """Yield which items of a list are the secret half of a pair whose id stands next to them.

    >>> list(halves_among(["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-1"]))
    [1]
    """
    ids = {i for i, item in enumerate(items) if isinstance(item, str) and _HAS_ID.search(item)}
    for i in sorted({beside for at in ids for beside in (at - 1, at + 1)} & set(range(len(items)))):
        item = items[i]
        if isinstance(item, str) and _IS_HALF.fullmatch(item):
            yield i
