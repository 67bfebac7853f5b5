"""The words in which duties are written: for what they are evaluated, what proof binds to, how it is got.

Catalogs write requirements in these words and the questions read them. A level fixes which
nodes a requirement is evaluated for, before any predicate is looked at.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.vocabulary.terms import Kind


class Level(StrEnum):
    """What a requirement is evaluated once for."""

    ORGANISATION = "organisation"
    SYSTEM = "system"
    DEPLOYMENT = "deployment"
    DATASET = "dataset"
    IDENTITY = "identity"
    SECRET = "secret"  # noqa: S105 - the name of a level


class EditionStatus(StrEnum):
    """Where an edition stands. Dates say when it applies; this says how far its text is settled."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"
    UNVERIFIED = "unverified"
    """Its adoption or its dates rest on one unofficial source: it is looked at only if it is named."""


class Binding(StrEnum):
    """What a piece of evidence has to be about before it counts for a slot."""

    VERSION = "version"
    DATASET_VERSION = "dataset-version"
    SYSTEM = "system"
    DEPLOYMENT = "deployment"
    ORGANISATION = "organisation"
    CREDENTIAL = "credential"


class Method(StrEnum):
    """How evidence is gathered: three words of OSCAL and two more."""

    EXAMINE = "EXAMINE"
    INTERVIEW = "INTERVIEW"
    TEST = "TEST"
    OBSERVE = "OBSERVE"
    ATTEST = "ATTEST"


@dataclass(frozen=True, slots=True)
class LevelTerm:
    """Which nodes a requirement of this level is evaluated for.

    ``types`` are the types that count; where they are None, all but ``except_types`` do.
    Nodes that are a version of another one are looked at through that one.
    """

    name: Level
    kind: Kind
    types: frozenset[str] | None
    except_types: frozenset[str]
    description: str

    def admits(self, type_: str) -> bool:
        """Return whether nodes of this type are looked at."""
        return type_ not in self.except_types if self.types is None else type_ in self.types


def _only(name: Level, kind: Kind, types: str, description: str) -> LevelTerm:
    return LevelTerm(name, kind, frozenset(types.split()), frozenset(), description)


def _all_but(name: Level, kind: Kind, types: str, description: str) -> LevelTerm:
    return LevelTerm(name, kind, None, frozenset(types.split()), description)


SYSTEM_TYPES: Final = "application service model agent pipeline"

LEVELS: Final = (
    _only(Level.ORGANISATION, Kind.ASSET, "organisation", "The organisation, once."),
    _only(Level.SYSTEM, Kind.ASSET, SYSTEM_TYPES, "Each system that does something for somebody."),
    _only(Level.DEPLOYMENT, Kind.ASSET, SYSTEM_TYPES, "Each system, once for each of its environments."),
    _all_but(
        Level.DATASET,
        Kind.DATASET,
        "model_artifact state_file index memory",
        "Each dataset that people or systems work with.",
    ),
    _all_but(
        Level.IDENTITY,
        Kind.IDENTITY,
        "person team group principal_set",
        "Each identity that is a machine's.",
    ),
    _all_but(Level.SECRET, Kind.SECRET, "", "Each secret that has not been revoked."),
)

LEVEL: Final = {term.name: term for term in LEVELS}
