"""What goes in and counts for less than whoever said it may think: types and schemes that nothing heeds.

Neither is an error, as both lists are open. Each is told once, with what may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.model import Claim, NodeFacts, SourceInstance
from graph.vocabulary import VOCABULARY, Kind
from graph.vocabulary.known_types import is_known_type, nearest_type
from graph.vocabulary.nearest import nearest
from ingest.jsontext import shown


def unheeded(claim: Claim) -> Iterator[str]:
    """Yield warnings about a claim, the same for all claims of which the same is true."""
    facts = claim.about
    if not isinstance(facts, NodeFacts):
        return
    if facts.type is not None and not is_known_type(facts.kind, facts.type):
        yield _unknown_type(facts.kind, facts.type)
    for scheme in sorted({given.scheme for given in facts.external_ids}):
        why = _why_it_joins_nothing(scheme, facts.kind, claim.scope.source)
        if why is not None:
            yield f"External ids of scheme {shown(scheme)} of {claim.scope.source} join nothing: {why}"


def _unknown_type(kind: Kind, type_: str) -> str:
    said = f"{kind} of type {type_!r}: the vocabulary does not know it, so no duty of a known type applies."
    return said + _meant(nearest_type(kind, type_))


def _why_it_joins_nothing(name: str, kind: Kind, source: SourceInstance) -> str | None:
    """Return why ids of a scheme join no nodes; None where they do, or never do whoever gives them."""
    scheme = VOCABULARY.scheme(name)
    if scheme is None:
        known = (scheme.name for scheme in VOCABULARY.schemes)
        return f"the vocabulary does not know the scheme.{_meant(nearest(name, known))}"
    if not scheme.joins:
        return None
    if scheme.may_assert is not None and source.plugin not in scheme.may_assert:
        return f"only {', '.join(sorted(scheme.may_assert))} may assert them."
    if kind not in scheme.kinds:
        return f"they are ids of {', '.join(sorted(scheme.kinds))}, and not of {kind}."
    return None


def _meant(word: str | None) -> str:
    return "" if word is None else f" Is {word} meant?"
