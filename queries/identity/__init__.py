"""Which nodes may be one thing under two names, for a person to decide."""

from queries.identity.clue import Clue, Strength
from queries.identity.suggestions import (
    IdentityAnswer,
    IdentitySuggestion,
    SuggestionQuestion,
    suggest_identities,
)

__all__ = [
    "Clue",
    "IdentityAnswer",
    "IdentitySuggestion",
    "Strength",
    "SuggestionQuestion",
    "suggest_identities",
]
