"""Search results as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of, counts_of
from queries.search import Facets, SearchAnswer


def search_of(answer: SearchAnswer) -> Document:
    """Return a page of nodes, and how many there are of each kind and type.

    `matching` counts those of the kinds and types asked for; None where there are too many to count.
    """
    return {
        **basis_of(answer.basis),
        "nodes": [brief_of(node) for node in answer.nodes],
        "matching": answer.matching,
        "facets": None if answer.facets is None else facets_of(answer.facets),
    }


def facets_of(facets: Facets) -> Document:
    """Return the counts of all matches; where they are not complete, there are more."""
    return {
        "complete": facets.complete,
        "matches": facets.matches,
        "kinds": counts_of(facets.kinds),
        "types": [
            {"kind": kind.value, "type": type_ or None, "count": count}
            for (kind, type_), count in facets.types.items()
        ],
    }
