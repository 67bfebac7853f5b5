"""Lengths of time as people write them in a settings file: 24h, or in full ISO 8601."""

from __future__ import annotations

import re
from typing import Final

from graph.duration import Duration

_SHORT: Final = re.compile(r"(\d{1,6})([smhdw])")
_FORMS: Final = {"s": "PT{}S", "m": "PT{}M", "h": "PT{}H", "d": "P{}D", "w": "P{}W"}


def duration_of(text: object) -> Duration:
    """Return the length of time that a text states.

    Raises:
        ValueError: for anything else, and for no time at all.

    >>> duration_of("24h").text, duration_of("P1M").months
    ('PT24H', 1)
    """
    if not isinstance(text, str):
        raise ValueError("a length of time is a text such as 24h, 7d or P1M")  # noqa: TRY004 - pydantic
    short = _SHORT.fullmatch(text)
    try:
        return Duration.parse(_FORMS[short[2]].format(short[1]) if short else text)
    except ValueError:
        raise ValueError("a length of time is written 30s, 90m, 24h, 7d, 2w or P1M") from None
