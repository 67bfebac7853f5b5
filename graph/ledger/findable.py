"""What a store takes out of a claim's sealed content, so that it can be searched and joined on.

Personal values are opened here and nowhere else in a store. Each comes out with the
commitment it stands behind, so that erasing the commitment finds it again. Verifying
works the same out from the log, and holds what a store keeps against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graph.ledger.operations import ClaimRecorded, EdgeKey
from graph.ledger.personal import COMMITMENT_FIELD, Commitment
from graph.ledger.port import Derived, DerivedSort
from graph.model import CommitNumber


@dataclass(frozen=True, slots=True)
class OpenedText:
    """One case-folded text by which a node row can be found."""

    text: str
    commitment: Commitment | None


@dataclass(frozen=True, slots=True)
class OpenedExternalId:
    """One external id of a node row, in the open."""

    scheme: str
    value: str
    commitment: Commitment | None


def search_texts(content: Mapping[str, Any], values: Mapping[Commitment, str]) -> list[OpenedText]:
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
        OpenedText(text.casefold(), commitment): None
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


def derived_from(
    operation: ClaimRecorded, number: CommitNumber, values: Mapping[Commitment, str]
) -> Iterator[Derived]:
    """Yield all that a store takes out of a row which a commit recorded; see ``port.Derived``."""
    content = operation.content

    def derived(sort: DerivedSort, *said: str | None) -> Derived:
        return Derived(sort, operation.key, number, said)

    is_edge = isinstance(operation.about, EdgeKey)
    kinds = content.get("subject_kind" if is_edge else "kind"), content.get("object_kind")
    if any(kinds):
        yield derived(DerivedSort.KINDS, *kinds)
    if is_edge:
        return
    for text in search_texts(content, values):
        if text.text:
            yield derived(DerivedSort.TEXTS, text.text, text.commitment)
    for found in external_ids(content, values):
        yield derived(DerivedSort.EXTERNAL_IDS, found.scheme, found.value, found.commitment)


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
