"""An explained path as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of
from api.documents.reach import path_of
from api.documents.stated import terms_of
from queries.explain import ExplainAnswer


def explanation_of(answer: ExplainAnswer) -> Document:
    """Return the path and its sentence; both None where there is no path within the bounds.

    `source_harm` and `target_harm` (None for any) are what was asked, `harm` is what is felt.
    """
    reached, explained = answer.reached, answer.explanation
    return {
        **basis_of(answer.basis),
        **terms_of(answer.terms),
        "source": brief_of(answer.source),
        "source_harm": answer.harm.value,
        "target": brief_of(answer.target),
        "target_harm": None if answer.target_harm is None else answer.target_harm.value,
        "harm": None if reached is None else reached.state.harm.value,
        "hops": None if reached is None else reached.hops,
        "certainty": None if reached is None else reached.certainty.value,
        "path": None if answer.path is None else path_of(answer.path),
        "sentence": None if explained is None else explained.sentence,
        "steps": None if explained is None else list(explained.steps),
    }
