"""Known leaks: secrets that stand where they were found, and which of them count."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import field

from api.graphql.at import standpoint_of, time_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, brief_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from graph.model import Instant
from graph.vocabulary import Certainty
from queries import known_leaks as leaks
from queries.known_leaks import KnownLeaksQuestion, LeftOut, find_known_leaks


@strawberry.type(description="A place in which a secret stands.")
class LeakPlace:
    """A place, as the edge tells it."""

    node: NodeBrief = field(description="The repository, or what else holds it.")
    edge: strawberry.ID = field(description="The edge's id.")
    certainty: Certainty = field(description="Whether whoever reads the place has the secret for certain.")
    tool: str | None = field(description="What found it.")
    rule: str | None = field(description="By which of its rules.")
    file: str | None = field(description="The file; of several the first.")
    line: int | None = field(description="The line in it.")
    commit: str | None = field(description="The commit.")
    liveness: str | None = field(description="Whether it still opens something: active, inactive or unknown.")
    found_at: datetime | None = field(description="Since when it stands there, as far as the report says.")


@strawberry.type(description="A secret that was found somewhere.")
class KnownLeak:
    """A leak."""

    secret: NodeBrief = field(description="The secret.")
    left_out: LeftOut | None = field(description="Why it does not count; null where it does.")
    conditions: list[str] = field(description="On what it depends, where it is only possible.")
    places: list[LeakPlace] = field(description="Where it stands.")


@strawberry.type(description="A scope that reports all secrets found in a place.")
class CoveringScope:
    """A scope."""

    scope: str = field(description="The source instance and the name of the scope.")
    since: datetime | None = field(description="When it was first read wholly.")
    last_read: datetime | None = field(description="When it was last read wholly.")


@strawberry.type(description="The secrets that are known to have leaked; seeds for a blast radius.")
class KnownLeaks:
    """Known leaks."""

    basis: Basis = field(description="On what the answer stands.")
    leaks: list[KnownLeak] = field(description="Those that count, by uid.")
    left_out: list[KnownLeak] = field(description="Those that were found and do not count, with the reason.")
    covered_by: list[CoveringScope] = field(
        description="Who would tell of others; empty means that nobody has looked."
    )


KnownLeaksResult = Annotated[
    KnownLeaks | NotFound | InvalidQuestion,
    strawberry.union("KnownLeaksResult", description="Known leaks, or why the question has no answer."),
]


def resolve_known_leaks(info: Info, at: AtArgument = None) -> KnownLeaksResult:
    """Answer `knownLeaks`."""

    def answer() -> KnownLeaks:
        question = KnownLeaksQuestion(standpoint_of(at))
        known = find_known_leaks(info.context.session.estate, question)
        return KnownLeaks(
            basis=basis_of(known.basis),
            leaks=[_leak(leak) for leak in known.leaks],
            left_out=[_leak(leak) for leak in known.left_out],
            covered_by=[
                CoveringScope(scope=str(c.scope), since=time_of(c.since), last_read=time_of(c.last))
                for c in known.covered_by
            ],
        )

    return asked(answer)


def _leak(leak: leaks.Leak) -> KnownLeak:
    return KnownLeak(
        secret=brief_of(leak.secret),
        left_out=leak.left_out,
        conditions=list(leak.conditions),
        places=[_place(found) for found in leak.places],
    )


def _place(found: leaks.FoundAt) -> LeakPlace:
    said = {name: resolved.value for name, resolved in found.edge.properties.items()}
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    line, found_at = said.get("line"), said.get(leaks.FOUND_AT)
    return LeakPlace(
        node=brief_of(found.place),
        edge=strawberry.ID(found.edge.eid),
        certainty=found.edge.certainty,
        tool=texts.get("tool"),
        rule=texts.get("rule"),
        file=texts.get("file"),
        line=line if isinstance(line, int) else None,
        commit=texts.get("commit"),
        liveness=texts.get(leaks.LIVENESS),
        found_at=time_of(Instant(found_at)) if isinstance(found_at, int) else None,
    )


@strawberry.type
class LeaksQuery:
    """The question about known leaks."""

    known_leaks: KnownLeaksResult = field(
        resolver=resolve_known_leaks,
        description="Which secrets are known to have leaked; what a blast radius may start from.",
    )
