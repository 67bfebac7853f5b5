"""Words of the vocabulary as people type them: in any case, and refused with the words that there are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from graph.errors import InvalidQuestion
from graph.ledger.matching import Match
from graph.vocabulary import Harm, Kind

Word = TypeVar("Word", bound=StrEnum)


def word(choices: type[Word], text: str, field: str) -> Word:
    """Return the member of an enumeration that a text names, in whatever case it is typed.

    Raises:
        InvalidQuestion: for a text that names none; it lists those that there are.

    >>> word(Harm, "disclosed", "harm")
    <Harm.DISCLOSED: 'DISCLOSED'>
    """
    for member in choices:
        if member.value.casefold() == text.strip().casefold():
            return member
    expected = f"one of {', '.join(member.value for member in choices)}"
    raise InvalidQuestion(field, f"{text!r} is none", expected)


def words(choices: type[Word], texts: Iterable[str] | None, field: str) -> frozenset[Word]:
    """Return the members that texts name; none for None.

    Raises:
        InvalidQuestion: for a text that names none.
    """
    return frozenset(word(choices, text, field) for text in texts or ())


def harm(text: str) -> Harm:
    """Return the harm that a text names."""
    return word(Harm, text, "harm")


def environments(texts: Iterable[str] | None) -> frozenset[str]:
    """Return the environments that texts name, none for None; the question refuses those that there are not.

    >>> environments(["Production"])
    frozenset({'production'})
    """
    return frozenset(text.strip().casefold() for text in texts or ())


def kinds(texts: Iterable[str] | None) -> frozenset[Kind]:
    """Return the kinds that texts name."""
    return words(Kind, texts, "kind")


def match(text: str) -> Match:
    """Return the way of matching that a text names."""
    return word(Match, text, "match")
