"""How a harm at one node brings harm to another."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import field

from api.graphql.at import standpoint_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, UidArgument, brief_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.reach import HarmArgument, Hop, hop_of
from api.graphql.stated import Window, Without, window_stated, without_of
from api.graphql.walking import BoundsArgument, DuringArgument, WithoutArgument, terms_of
from graph.model import Uid
from graph.vocabulary import Certainty, Harm
from queries.explain import ExplainAnswer, ExplainQuestion, explain_harm


@strawberry.type(description="The shortest path from a harm at one node to a harm at another.")
class Explanation:
    """A path in words; empty where there is none within the bounds."""

    basis: Basis = field(description="On what the answer stands.")
    without: Without | None = field(description="What is taken for not being there; null for nothing.")
    during: Window | None = field(description="The window that counts; null for the date alone.")
    source: NodeBrief = field(description="Where the harm begins.")
    source_harm: Harm = field(description="The harm asked about there.")
    target: NodeBrief = field(description="Where it is felt.")
    target_harm: Harm | None = field(description="The harm asked about there; null for any.")
    found: bool = field(description="Whether there is a path within the bounds.")
    harm: Harm | None = field(description="The harm that is felt; null without a path.")
    hops: int | None = field(description="How many edges the path has.")
    certainty: Certainty | None = field(description="Whether the path is certain.")
    path: list[Hop] = field(description="Its steps.")
    sentence: str | None = field(description="The path in words.")


ExplainResult = Annotated[
    Explanation | NotFound | InvalidQuestion,
    strawberry.union("ExplainResult", description="An explanation, or why there is none."),
]


def resolve_explain(
    info: Info,
    source: UidArgument,
    harm: HarmArgument,
    target: UidArgument,
    target_harm: Annotated[
        Harm | None, strawberry.argument(description="The harm that is felt; the nearest if absent.")
    ] = None,
    bounds: BoundsArgument = None,
    without: WithoutArgument = None,
    during: DuringArgument = None,
    at: AtArgument = None,
) -> ExplainResult:
    """Answer `explain`."""

    def answer() -> Explanation:
        terms = terms_of(bounds, without, during)
        question = ExplainQuestion(Uid(source), harm, Uid(target), target_harm, terms, standpoint_of(at))
        return _explanation_of(explain_harm(info.context.session.estate, question))

    return asked(answer)


def _explanation_of(found: ExplainAnswer) -> Explanation:
    reached, hops = found.reached, () if found.path is None else found.path.hops
    return Explanation(
        basis=basis_of(found.basis),
        without=without_of(found.terms.without),
        during=window_stated(found.terms.during, found.terms.since),
        source=brief_of(found.source),
        source_harm=found.harm,
        target=brief_of(found.target),
        target_harm=found.target_harm,
        found=reached is not None,
        harm=None if reached is None else reached.state.harm,
        hops=None if reached is None else reached.hops,
        certainty=None if reached is None else reached.certainty,
        path=[hop_of(hop, found.labels) for hop in hops],
        sentence=None if found.explanation is None else found.explanation.sentence,
    )


@strawberry.type
class ExplainQuery:
    """Explanations."""

    explain: ExplainResult = field(
        resolver=resolve_explain,
        description="The shortest path by which a harm gets from one node to another, in words.",
    )
