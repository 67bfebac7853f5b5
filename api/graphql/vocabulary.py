"""The words that questions are asked in, and where the ledger stands."""

from __future__ import annotations

import strawberry
from strawberry import field

from api.graphql.at import time_of
from api.graphql.basis import CommitStamp
from api.graphql.context import Info
from graph.vocabulary import VOCABULARY, Harm, Kind


@strawberry.type(description="A kind of node.")
class KindTerm:
    """A kind."""

    kind: Kind = field(description="The kind.")
    description: str = field(description="What it means.")
    types: list[str] = field(description="The types known so far; the list is open.")
    harms: list[Harm] = field(description="What can happen to such nodes.")


@strawberry.type(description="A relation between nodes.")
class RelationTerm:
    """A relation."""

    name: str = field(description="Its name.")
    phrase: str = field(description="How it reads, subject first.")
    marks: list[str] = field(description="The marks that its edges may carry.")


@strawberry.type(description="The vocabulary in force; holdfast vocabulary --json has all of it.")
class Vocabulary:
    """Words."""

    rules_version: int = field(description="The version of the harm rules.")
    kinds: list[KindTerm] = field(description="The kinds of nodes.")
    relations: list[RelationTerm] = field(description="The relations.")


@strawberry.type(description="Where the ledger stands.")
class Head:
    """The head of the ledger."""

    commit: CommitStamp = field(description="The newest commit.")
    run_position: int = field(description="How many runs the run log holds.")


def resolve_vocabulary() -> Vocabulary:
    """Answer `vocabulary`."""
    return Vocabulary(
        rules_version=VOCABULARY.rules_version,
        kinds=[
            KindTerm(
                kind=term.name,
                description=term.description,
                types=list(term.types),
                harms=[harm for harm in Harm if harm in term.harms],
            )
            for term in VOCABULARY.kinds
        ],
        relations=[
            RelationTerm(name=term.name, phrase=term.phrase, marks=list(term.marks))
            for term in VOCABULARY.relations
        ],
    )


def resolve_head(info: Info) -> Head:
    """Answer `head`."""
    head = info.context.session.ledger.head()
    recorded = time_of(head.recorded_at) if head.sequence else None
    stamp = CommitStamp(sequence=head.sequence, hash=head.hash, recorded_at=recorded)
    return Head(commit=stamp, run_position=head.runs)


@strawberry.type
class VocabularyQuery:
    """Words, and the head."""

    vocabulary: Vocabulary = field(resolver=resolve_vocabulary, description="The words of the vocabulary.")
    head: Head = field(resolver=resolve_head, description="Where the ledger stands.")
