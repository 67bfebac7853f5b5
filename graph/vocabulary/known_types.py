"""Whether a type is one that rules and duties tell apart, and which one may have been meant.

Types are an open list: a new one is data, and never an error. But a type that is spelled in
another way than the known one is read as another type, so people are told of it.
"""

from graph.vocabulary import VOCABULARY
from graph.vocabulary.duties import LEVELS
from graph.vocabulary.nearest import nearest
from graph.vocabulary.terms import Kind

TOLD_APART = frozenset(term.kind for term in LEVELS)
"""The kinds of which a type decides what is asked of a node; of all others any type is as good."""


def is_known_type(kind: Kind, type_: str) -> bool:
    """Return whether the vocabulary lists a type of a kind, or does not tell the kind's types apart.

    >>> is_known_type(Kind.ASSET, "Agent"), is_known_type(Kind.EVIDENCE, "evaluation")
    (False, True)
    """
    return kind not in TOLD_APART or type_ in VOCABULARY.kind(kind).types


def nearest_type(kind: Kind, type_: str) -> str | None:
    """Return the known type of a kind that is spelled most like this one, None if none comes near.

    >>> nearest_type(Kind.ASSET, "modle"), nearest_type(Kind.IDENTITY, "Service Account")
    ('model', 'service_account')
    """
    return nearest(type_, VOCABULARY.kind(kind).types)
