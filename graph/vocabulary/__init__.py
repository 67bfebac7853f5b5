"""The vocabulary: what kinds, relations and harms there are, declared once and versioned.

`VOCABULARY` is the edition in force. Older editions stay available, so that an old answer can be
given again under the rules it was given under.
"""

from graph.errors import UnknownRulesVersion
from graph.vocabulary.edition import Vocabulary
from graph.vocabulary.harms import CONDITIONS, HARMS, IMPLICATIONS, MARKS
from graph.vocabulary.history import HISTORY
from graph.vocabulary.kinds import KINDS, UNKNOWN_KIND
from graph.vocabulary.ownership import OWNABLE, OWNERSHIP_STEPS
from graph.vocabulary.properties import PROPERTIES
from graph.vocabulary.relations import RELATIONS
from graph.vocabulary.schemes import SCHEMES
from graph.vocabulary.terms import (
    Certainty,
    Condition,
    Discriminator,
    End,
    Harm,
    HarmRule,
    HarmTerm,
    Implication,
    Kind,
    KindTerm,
    Mark,
    MarkSupport,
    Origin,
    Ownable,
    OwnershipStep,
    Property,
    Relation,
    RulesEdition,
    Scheme,
    ValueType,
)

VOCABULARY = Vocabulary(
    rules_version=HISTORY[-1].rules_version,
    kinds=KINDS,
    unknown_kind=UNKNOWN_KIND,
    harms=HARMS,
    implications=IMPLICATIONS,
    marks=MARKS,
    conditions=CONDITIONS,
    relations=RELATIONS,
    properties=PROPERTIES,
    schemes=SCHEMES,
    ownership_steps=OWNERSHIP_STEPS,
    ownable=OWNABLE,
    history=HISTORY,
)
"""The edition in force."""

_EDITIONS = {edition.rules_version: edition for edition in (VOCABULARY,)}


def vocabulary_for(rules_version: int) -> Vocabulary:
    """Returns the edition with this number.

    Raises:
        UnknownRulesVersion: if this release does not carry it.

    >>> vocabulary_for(1).rules_version
    1
    """
    try:
        return _EDITIONS[rules_version]
    except KeyError:
        raise UnknownRulesVersion(rules_version, sorted(_EDITIONS)) from None


__all__ = [
    "VOCABULARY",
    "Certainty",
    "Condition",
    "Discriminator",
    "End",
    "Harm",
    "HarmRule",
    "HarmTerm",
    "Implication",
    "Kind",
    "KindTerm",
    "Mark",
    "MarkSupport",
    "Origin",
    "Ownable",
    "OwnershipStep",
    "Property",
    "Relation",
    "RulesEdition",
    "Scheme",
    "ValueType",
    "Vocabulary",
    "vocabulary_for",
]
