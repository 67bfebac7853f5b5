"""Who decides, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.errors import InvalidQuestion

ASSERTED: Final = "asserted"
"""The basis of an actor whom nobody has authenticated."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a decision, by the name that is recorded.

    Nobody is authenticated yet, so there is one basis, and no way to claim another.

    >>> Actor("eve").basis
    'asserted'
    """

    name: str

    @property
    def basis(self) -> str:
        """Return how it is known that this is who decides."""
        return ASSERTED


def check_may_decide(actor: Actor, reason: str) -> None:
    """Pass if the actor may decide what this release lets people decide: whoever is named, with a reason.

    More cannot be asked of a name that nobody checks. What it decides is recorded as
    asserted, and no evidence that rests on that alone is OK.

    Raises:
        InvalidQuestion: where nobody is named, or no reason is given.
    """
    if not actor.name.strip():
        raise InvalidQuestion("actor", "nobody is named who decides this", "the name of whoever decides")
    if not reason.strip():
        raise InvalidQuestion("reason", "there is none", "why it is decided so, in words")
