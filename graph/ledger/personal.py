"""Personal data kept out of the hash chain: a commitment goes in, the value stays erasable.

A personal value enters an operation as the SHA-256 of a random salt and the value.
Value and salt live in a side table. Erasing them leaves the chain whole, and nobody
can find the value again by guessing, as the salt is gone with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NewType

from graph.ledger.canonical import JsonValue, canonical, canonical_text, sha256_hex
from graph.model import ClaimId, NodeFacts
from graph.vocabulary import VOCABULARY, Kind

Commitment = NewType("Commitment", str)
"""64 hexadecimal digits that stand for a personal value."""

COMMITMENT_FIELD: Final = "commitment"
_SALT_BYTES: Final = 16
_IMPERSONAL: Final = VOCABULARY.kind(Kind.IDENTITY).impersonal_types


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """A row of the side table: what a commitment stands for.

    ``field`` is ``name``, ``properties.<name>`` or ``external_ids.<scheme>``;
    ``value`` is the value's canonical JSON.
    """

    commitment: Commitment
    claim_id: ClaimId
    field: str
    salt: str
    value: str


def commitment_of(salt: str, field: str, value: str) -> Commitment:
    """Return the commitment for a value given as canonical JSON.

    >>> commitment_of("00", "name", '"Ada"')[:12]
    '2d7c004d5a63'
    """
    return Commitment(sha256_hex(canonical([salt, field, value])))


class Sealer:
    """Replaces the personal values of one batch of claims by commitments.

    A value that the claim already held gets the commitment it had, so that reading
    the same input again says nothing new and a refutation keeps standing.
    """

    def __init__(self, known: Iterable[PersonalValue]) -> None:
        self._known = {(p.claim_id, p.field, p.value): p.commitment for p in known}
        self.added: list[PersonalValue] = []

    def seal(
        self, claim_id: ClaimId, facts: NodeFacts, content: dict[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return a node claim's content with its personal values replaced by commitments."""
        if not may_be_personal(facts.kind):
            return content

        def sealed(field: str, value: JsonValue) -> JsonValue:
            return {COMMITMENT_FIELD: self._commitment(claim_id, field, value)}

        return _replace_personal(facts, content, sealed)

    def _commitment(self, claim_id: ClaimId, field: str, value: JsonValue) -> Commitment:
        text = canonical_text(value)
        known = self._known.get((claim_id, field, text))
        if known is not None:
            return known
        salt = secrets.token_hex(_SALT_BYTES)
        commitment = commitment_of(salt, field, text)
        self._known[claim_id, field, text] = commitment
        self.added.append(PersonalValue(commitment, claim_id, field, salt, text))
        return commitment


def may_be_personal(kind: Kind) -> bool:
    """Return whether nodes of this kind can hold personal data at all."""
    return kind is Kind.IDENTITY


def is_personal_property(name: str, node_type: str | None) -> bool:
    """Return whether a property of an identity of this type is personal data.

    A person's properties are personal unless the vocabulary declares the property
    and does not list persons: what nobody has thought about must not enter a chain
    that cannot forget. Nor must a type: only those that the vocabulary lists as nobody's
    are, and an identity without one may be a person.

    >>> is_personal_property("name", "employee"), is_personal_property("name", "team")
    (True, False)
    """
    if node_type in _IMPERSONAL:
        return False
    declared = VOCABULARY.property(name)
    return declared is None or "person" in declared.personal_types


def is_personal_scheme(scheme: str, node_type: str | None) -> bool:
    """Return whether an external id of an identity of this type names a human being."""
    if node_type in _IMPERSONAL:
        return False
    declared = VOCABULARY.scheme(scheme)
    return declared is None or declared.personal


def commitments_in(content: Mapping[str, Any]) -> list[Commitment]:
    """Return every commitment that a node claim's content holds."""
    return [commitment for _, commitment in personal_fields(content)]


def personal_fields(content: Mapping[str, Any]) -> list[tuple[str, Commitment]]:
    """Return every commitment that a node claim's content holds, each with the field it stands in."""
    said: list[tuple[str, object]] = [("name", content.get("name"))]
    said.extend((f"properties.{name}", value) for name, value in content.get("properties", {}).items())
    said.extend((f"external_ids.{scheme}", value) for scheme, value in content.get("external_ids", ()))
    return [(field, Commitment(digest)) for field, value in said if (digest := _commitment_in(value))]


def _commitment_in(said: object) -> str | None:
    """Return the commitment that stands in a value's place; None for a value in the open."""
    match said:
        case {"commitment": str(digest)}:
            return digest
        case _:
            return None


def opened(
    content: Mapping[str, Any], values: Mapping[Commitment, JsonValue]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a content with its commitments replaced by values, and the names of what is erased."""
    erased: list[str] = []

    def is_open(field: str, said: object) -> bool:
        """Return whether a value can be read, noting the field where it was erased."""
        commitment = _commitment_in(said)
        known = commitment is None or commitment in values
        if not known:
            erased.append(field)
        return known

    def plain(said: JsonValue) -> JsonValue:
        commitment = _commitment_in(said)
        return said if commitment is None else values[Commitment(commitment)]

    said = dict(content)
    if "name" in said and is_open("name", said["name"]):
        said["name"] = plain(said["name"])
    else:
        said.pop("name", None)
    said["properties"] = {
        name: plain(value)
        for name, value in content.get("properties", {}).items()
        if is_open(f"properties.{name}", value)
    }
    said["external_ids"] = [
        [scheme, plain(value)]
        for scheme, value in content.get("external_ids", ())
        if is_open(f"external_ids.{scheme}", value)
    ]
    return said, tuple(erased)


def _replace_personal(
    facts: NodeFacts,
    content: dict[str, JsonValue],
    sealed: Callable[[str, JsonValue], JsonValue],
) -> dict[str, JsonValue]:
    replaced = dict(content)
    if facts.name is not None and is_personal_property("name", facts.type):
        replaced["name"] = sealed("name", facts.name)
    if facts.properties:
        replaced["properties"] = {
            name: sealed(f"properties.{name}", value) if is_personal_property(name, facts.type) else value
            for name, value in facts.properties.items()
        }
    if facts.external_ids:
        replaced["external_ids"] = [
            [i.scheme, sealed(f"external_ids.{i.scheme}", i.value)]
            if is_personal_scheme(i.scheme, facts.type)
            else [i.scheme, i.value]
            for i in sorted(set(facts.external_ids))
        ]
    return replaced
