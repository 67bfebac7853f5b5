"""From cards and answers to facts: the repository as it is now, and the commit that was seen.

What a card says holds for the commit that it stands in; of a card of which no commit is known, for the
repository. A commit stays what it is, so it is a scope of its own and ends with no later reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import EdgeFacts, Extent, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.sources.huggingface.card import Card, Named
from ingest.sources.huggingface.names import DATASET, MAIN, Repository

ANY_WORD: Final = "the word is the id of a repository, and not the author's own"
SECOND_HAND: Final = "it was used to train this model, and not only what this model was made of"
IF_MAIN: Final = "the answer was asked of the branch main"
ITSELF: Final = "repository that names itself as what it was made of"
UNKNOWN: Final = "unknown"

_RETOLD: Final = frozenset({"quantized", "merge"})
"""Ways of making in which nothing is learned: cards then repeat what the base model was trained on."""

_OPEN: Final[Mapping[str, Extent]] = {
    "DERIVED_FROM": Extent.INCOMPLETE,
    "TRAINED_ON": Extent.INCOMPLETE,
    "EVALUATED_ON": Extent.INCOMPLETE,
}
"""No card claims to name all that a model or a dataset was made of."""


def repository_facts(repository: Repository, name: str | None, properties: dict[str, PropertyValue]) -> Fact:
    """Return the repository, as it is now."""
    type_ = None if repository.sort == DATASET else "model"
    shown = redact_text(name) if name else repository.id
    told: dict[str, PropertyValue] = {"repository": repository.id, **properties}
    return Fact(
        NodeFacts(repository.uid, repository.kind, type_, shown, told, coverage=_coverage(repository)), ""
    )


def version_facts(
    repository: Repository, commit: str, properties: dict[str, PropertyValue]
) -> Iterator[Fact]:
    """Yield a repository at a commit, with the id by which others may know it."""
    uid = repository.version(commit)
    type_ = None if repository.sort == DATASET else "model_version"
    node = NodeFacts(
        uid,
        repository.kind,
        type_,
        f"{repository.id} {commit[:12]}",
        {"repository": repository.id, "revision": commit, **properties},
        (repository.external_id(commit),),
        _coverage(repository),
    )
    yield Fact(node, "")
    yield _edge("VERSION_OF", uid, repository.uid, repository.kind, repository.kind, "")


def is_current(repository: Repository) -> bool:
    """Return whether what was asked for may be what a name stands for now: the branch main."""
    return repository.revision in (None, MAIN)


def current_facts(repository: Repository, commit: str) -> Iterator[Fact]:
    """Yield that whoever takes a model by its name gets it at this commit."""
    if repository.sort == DATASET or not is_current(repository):
        return
    facts = EdgeFacts(
        "DEPLOYED_AS",
        repository.uid,
        repository.version(commit),
        environment=UNKNOWN,
        subject_kind=Kind.ASSET,
        object_kind=Kind.ASSET,
    )
    if repository.revision == MAIN:
        yield Fact(facts, "")
    else:
        yield Fact(facts, "", Certainty.POSSIBLE, IF_MAIN)


def card_facts(card: Card, repository: Repository, subject: Uid) -> Iterator[Fact | Skipped]:
    """Yield what a model or a dataset was made of, trained on and evaluated on."""
    properties: dict[str, PropertyValue] = {"made_by": card.relation} if card.relation else {}
    second_hand = SECOND_HAND if card.relation in _RETOLD else None
    for named in (*card.bases, *card.sources):
        if named.repository.uid == repository.uid:
            yield Skipped(ITSELF)
        else:
            yield _said("DERIVED_FROM", subject, repository.kind, named, None, properties)
    for named in card.trained:
        yield _said("TRAINED_ON", subject, repository.kind, named, second_hand)
    for named in card.evaluated:
        yield _said("EVALUATED_ON", subject, repository.kind, named, None)


def _said(
    relation: str,
    subject: Uid,
    kind: Kind,
    named: Named,
    condition: str | None,
    properties: dict[str, PropertyValue] | None = None,
) -> Fact:
    other = named.repository
    target = other.version(named.commit) if named.commit else other.uid
    conditions = [*([] if other.has_name else [ANY_WORD]), *([condition] if condition else [])]
    fact = _edge(relation, subject, target, kind, other.kind, named.position, properties)
    if not conditions:
        return fact
    return Fact(fact.about, fact.position, Certainty.POSSIBLE, ", and ".join(conditions))


def _edge(
    relation: str,
    subject: Uid,
    target: Uid,
    kind: Kind,
    to: Kind,
    position: str,
    properties: dict[str, PropertyValue] | None = None,
) -> Fact:
    facts = EdgeFacts(
        relation, subject, target, properties=properties or {}, subject_kind=kind, object_kind=to
    )
    return Fact(facts, position)


def _coverage(repository: Repository) -> dict[str, Extent]:
    if repository.sort == DATASET:
        return {"DERIVED_FROM": Extent.INCOMPLETE}
    return {**_OPEN, "DEPLOYED_AS": Extent.INCOMPLETE}
