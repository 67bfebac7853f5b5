"""Which known word may have been meant by one that is none of them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LIKENESS: Final = 0.7
_LONGEST: Final = 100
"""Comparing takes the product of the lengths, and no known word is as long."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelled most like this one, None if none comes near.

    Case does not count, nor whether a hyphen, an underscore or a blank stands between parts.

    >>> nearest("modle", ["agent", "model"]), nearest("OIDC subject", ["arn", "oidc-subject"])
    ('model', 'oidc-subject')
    >>> nearest("cmdb-key", ["arn", "oidc-subject"]) is None
    True
    """
    spelled = {_folded(one): one for one in known}
    found = get_close_matches(_folded(word[:_LONGEST]), spelled, n=1, cutoff=_LIKENESS)
    return spelled[found[0]] if found else None


def _folded(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")
