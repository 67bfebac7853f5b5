"""What a store takes out of a claim's sealed content, so that it can be searched and joined on.

Personal values are opened here and nowhere else in a store. Each comes out with the
commitment it stands behind, so that erasing the commitment finds it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graph.ledger.personal import COMMITMENT_FIELD, Commitment


@dataclass(frozen=True, slots=True)
class SearchText:
    """One case-folded text by which a node row can be found."""

    text: str
    commitment: Commitment | None


@dataclass(frozen=True, slots=True)
class OpenedExternalId:
    """One external id of a node row, in the open."""

    scheme: str
    value: str
    commitment: Commitment | None


def search_texts(content: Mapping[str, Any], values: Mapping[Commitment, str]) -> list[SearchText]:
    """Return every text by which a node row can be found beside its uid, without repetitions.

    These are the name, the type, the value of each external id, and each property
    that is text or a list of texts. ``values`` holds the canonical JSON of personal
    values; one that is not there (it was erased) is left out.

    >>> [t.text for t in search_texts({"type": "Service", "properties": {"n": 1, "s": "Ab"}}, {})]
    ['service', 'ab']
    """
    said = [content.get("type"), content.get("name")]
    said.extend(content.get("properties", {}).values())
    said.extend(value for _, value in content.get("external_ids", ()))
    found = {
        SearchText(text.casefold(), commitment): None
        for item in said
        for text, commitment in _texts(item, values)
    }
    return list(found)


def external_ids(content: Mapping[str, Any], values: Mapping[Commitment, str]) -> list[OpenedExternalId]:
    """Return the external ids of a node row; those whose value was erased are left out."""
    return [
        OpenedExternalId(scheme, text, commitment)
        for scheme, said in content.get("external_ids", ())
        for text, commitment in _texts(said, values)
    ]


def _texts(said: object, values: Mapping[Commitment, str]) -> Iterator[tuple[str, Commitment | None]]:
    """Yield the texts in a value, each with its commitment where it is personal."""
    commitment: Commitment | None = None
    if isinstance(said, dict):
        sealed = cast("Mapping[str, str]", said)
        commitment = Commitment(sealed[COMMITMENT_FIELD])
        known = values.get(commitment)
        said = None if known is None else json.loads(known)
    items = cast("Sequence[object]", said) if isinstance(said, list | tuple) else (said,)
    for item in items:
        if isinstance(item, str):
            yield item, commitment
