"""A path in words, and the shortest path by which a harm at one node brings harm to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.errors import InvalidQuestion, NodeNotFound
from graph.model import EdgeId, Hop, Node, Path, State, Uid
from graph.vocabulary import Certainty, Harm, Kind, Vocabulary
from graph.walk import Direction, Forest, Reached
from queries.basis import Basis
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.reach import Walked, WalkTerms, basis_of_walk, nodes_met, relations_leading_on, walked

STARTS: Final[Mapping[Harm, str]] = {
    Harm.CONTROLLED: "{} is controlled by an attacker",
    Harm.DISCLOSED: "{} is disclosed",
    Harm.TAINTED: "{} is tainted",
    Harm.UNAVAILABLE: "{} is unavailable",
    Harm.UNPROVEN: "{} is no longer proven",
    Harm.ORPHANED: "{} is orphaned",
}
"""How the first harm of a path is said, after the word if."""

FOLLOWS: Final[Mapping[Harm, tuple[str, str]]] = {
    Harm.CONTROLLED: ("an attacker can act as {}", "an attacker might be able to act as {}"),
    Harm.DISCLOSED: ("an attacker can read {}", "an attacker might be able to read {}"),
    Harm.TAINTED: (
        "what {} holds or puts out cannot be trusted",
        "what {} holds or puts out might not be trustworthy",
    ),
    Harm.UNAVAILABLE: ("{} can no longer be used", "{} might no longer be usable"),
    Harm.UNPROVEN: (
        "what was established about {} no longer holds",
        "what was established about {} might no longer hold",
    ),
    Harm.ORPHANED: ("nobody answers for {} any more", "nobody might answer for {} any more"),
}
"""How a harm that follows is said, for certain and as possible."""

_OF_ASSET: Final = ("an attacker can run code in {}", "an attacker might be able to run code in {}")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A path in words: one sentence, and the same step by step in the order of the path."""

    sentence: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainQuestion:
    """Ask how a harm at one node brings harm to another; without `target_harm`, whichever is nearest."""

    source: Uid
    harm: Harm
    target: Uid
    target_harm: Harm | None = None
    terms: WalkTerms = field(default_factory=WalkTerms)
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """The path and its explanation; None where there is no path within the bounds.

    `harm` is what was asked about at the source, `target_harm` at the target, None for any.
    `terms` are those of the question: what it takes away is in no path. `labels` are what
    the explanation calls the nodes that the walk met, by uid.
    """

    basis: Basis
    terms: WalkTerms
    source: Node
    harm: Harm
    target: Node
    target_harm: Harm | None
    reached: Reached | None
    path: Path | None
    explanation: Explanation | None
    labels: Mapping[Uid, str]


def explain_harm(estate: Estate, question: ExplainQuestion) -> ExplainAnswer:
    """Return the shortest path by which the harm gets there, certain ones before possible ones.

    Raises:
        NodeNotFound: for an end that nothing describes or mentions at these times.
        InvalidQuestion: for a harm that cannot happen to the source's kind, or the target's.

    Cost: that of a blast radius.
    """
    view = estate.view(question.standpoint)
    found = walked(view, [question.source], question.harm, Direction.FORWARD, question.terms)
    target = _target(view, found, question.target)
    _check_can_happen(view.rules, target, question.target_harm)
    reached = _nearest(found.forest, target, question.target_harm)
    path = None if reached is None else found.forest.path_to(target.uid, reached.state.harm)
    explanation, labels = None, {uid: node.label for uid, node in found.nodes.items()}
    if path is not None:
        state = State(found.seeds[0].ref, question.harm)
        explanation = explain_path(view.rules, state, path, labels, conditions_on(view, [path]))
    return ExplainAnswer(
        basis=basis_of_walk(found, relations_leading_on),
        terms=found.terms,
        source=found.seeds[0],
        harm=question.harm,
        target=target,
        target_harm=question.target_harm,
        reached=reached,
        path=path,
        explanation=explanation,
        labels=labels,
    )


def _target(view: EstateView, found: Walked, uid: Uid) -> Node:
    """Return a node that exists at the date, or at some time of the window of a walk.

    Raises:
        NodeNotFound: for another.
    """
    name = view.canonical(uid)
    if name not in found.nodes:
        during = found.terms.during
        number = view.topology.find(name)
        if number is None or not view.topology.view(view.at.valid, during).exists(number):
            raise NodeNotFound(uid)
        return nodes_met(view, [name], during)[name]
    return found.nodes[name]


def _check_can_happen(rules: Vocabulary, target: Node, harm: Harm | None) -> None:
    can = rules.harms_of(target.kind)
    if harm is not None and harm not in can:
        reason = f"{harm} cannot happen to {target.uid!r}, which is of the kind {target.kind}"
        names = [name.value for name in Harm if name in can]
        raise InvalidQuestion("target_harm", reason, f"one of {', '.join(names) or 'none'} for this kind")


def explain_path(
    rules: Vocabulary,
    start: State,
    path: Path,
    labels: Mapping[Uid, str],
    conditions: Mapping[EdgeId, str] | None = None,
) -> Explanation:
    """Return a path as a sentence.

    `start` is the state that it begins with, which an empty path does not name. `labels`
    gives names by uid, `conditions` what must hold for an edge that is only possible.
    """
    words = _Words(rules, labels, conditions or {})
    first = f"If {STARTS[start.harm].format(words.name(start))}"
    if not path.hops:
        return Explanation(f"{first}: that is where it begins.", ())
    steps: list[str] = []
    is_possible = False
    for hop in path.hops:
        # What follows from something that is only possible is only possible, however sure the step is.
        is_possible = is_possible or _is_possible(hop)
        steps.append(words.step(hop, is_possible=is_possible))
    return Explanation(f"{first}, {'; then '.join(steps)}.", tuple(steps))


@dataclass(frozen=True)
class _Words:
    """Finds the words for the steps of one path."""

    rules: Vocabulary
    labels: Mapping[Uid, str]
    conditions: Mapping[EdgeId, str]

    def name(self, state: State) -> str:
        return self.labels.get(state.node.uid, state.node.uid)

    def step(self, hop: Hop, *, is_possible: bool) -> str:
        """Return what follows, whether for certain or possibly, and because of which fact."""
        what = _phrases(hop.end)[is_possible].format(self.name(hop.end))
        if hop.relation is None:
            return f"with that {what}"
        subject, object_ = (hop.start, hop.end) if hop.along else (hop.end, hop.start)
        phrase = self.rules.relation(hop.relation).phrase
        condition = self.conditions.get(hop.edge) if hop.edge is not None else None
        only = f" (if {condition})" if condition else ""
        return f"{what}, because {self.name(subject)} {phrase} {self.name(object_)}{only}"


def _phrases(state: State) -> tuple[str, str]:
    if state.harm is Harm.CONTROLLED and state.node.kind is Kind.ASSET:
        return _OF_ASSET
    return FOLLOWS[state.harm]


def _nearest(forest: Forest, target: Node, harm: Harm | None) -> Reached | None:
    """Return the state to be explained: certain before possible, then fewest hops, then by name of harm."""
    harms = forest.harms if harm is None else (harm,)
    found = [reached for h in harms if (reached := forest.find(target.uid, h)) is not None]
    order = list(Certainty)
    return min(found, key=lambda r: (order.index(r.certainty), r.hops, r.state.harm), default=None)


def conditions_on(view: EstateView, paths: Iterable[Path]) -> Mapping[EdgeId, str]:
    """Return what must hold for the possible edges of some paths, in the words of their sources.

    By edge; edges of which no source says it are absent. Cost: one read of the store.
    """
    doubtful = [hop for path in paths for hop in path.hops if hop.edge and _is_possible(hop)]
    if not doubtful:
        return {}
    wanted = {hop.edge for hop in doubtful}
    edges = view.edges({hop.end.node.uid for hop in doubtful})
    return {e.eid: " or ".join(e.conditions) for e in edges if e.eid in wanted and e.conditions}


def _is_possible(hop: Hop) -> bool:
    return hop.certainty is Certainty.POSSIBLE
