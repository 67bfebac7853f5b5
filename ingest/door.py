"""What every claim passes on its way in, whichever source says it: nothing secret, volatile or vouched for.

Sources keep secret values out themselves; this is the second look, so that a source
that forgot one place does not put it into a log that cannot forget. What changes at
every look (``last_used``) is taken aside for the run log. That somebody was
authenticated is not for a source to say: who decided something is asserted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast
from urllib.parse import unquote

from graph.errors import InvalidValue
from graph.ledger.canonical import canonical_text
from graph.model import Claim, EdgeFacts, ExternalId, NodeFacts, Properties, PropertyValue
from graph.vocabulary import VOCABULARY, Kind
from ingest.jsontext import NotJson, parse_json, shown
from ingest.record import Observed
from ingest.redaction import (
    MARK,
    denotes_value,
    is_secret_name,
    redact_items,
    redact_json,
    redact_text,
    secret_in,
)
from ingest.uids import escaped

NAMED_VALUE: Final = "a secret value, going by the name"

BASIS: Final = "actor_basis"
ASSERTED: Final = "asserted"
NOT_VOUCHED: Final = "properties.actor_basis was set to asserted: no source can vouch for who decided"

_SECRET_RELATIONS: Final = frozenset({"FOUND_IN", "SAME_VALUE", "USES_SECRET"})
_JSON: Final = frozenset(p.name for p in VOCABULARY.properties if p.value == "json")
_VOLATILE: Final = frozenset(p.name for p in VOCABULARY.properties if p.volatile)

_PREFIX: Final = re.compile(r"^hf:[a-z]+:[^:]+:")
"""What stands before the native id in a uid that a built-in source makes."""

_ESCAPED_MARK: Final = escaped(MARK)
_TAKEN_OUT: Final = re.compile(re.escape(MARK) + r"(?![\w+~.:@=-])")
"""The mark of a value that was taken out, with nothing behind it that may be more of the value."""

Item: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Removed:
    """A field that was left out or shortened, and what it held, in words."""

    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A claim as it may go in, what was taken out of it, and what belongs to the run log.

    ``amended`` says in words what was set to another value.
    """

    claim: Claim
    removed: tuple[Removed, ...]
    observed: tuple[Observed, ...]
    amended: tuple[str, ...] = ()


def admit(claim: Claim) -> Admitted:
    """Return a claim without secret values and volatile properties, in which nobody is authenticated.

    Raises:
        InvalidValue: where what identifies something holds a secret of a known shape;
            such a claim cannot be told without it.
    """
    _check_identifiers(claim)
    removed: list[Removed] = []
    condition = _clean_text(claim.condition, "condition", removed)
    locator = claim.locator and redact_text(claim.locator)
    if isinstance(claim.about, EdgeFacts):
        facts = _clean_edge(claim.about, removed)
        clean = replace(claim, about=facts, condition=condition, locator=locator)
        return Admitted(clean, tuple(removed), ())
    node = _clean_node(claim.about, removed)
    observed = tuple(_observed(node))
    if observed:
        stable = {name: value for name, value in node.properties.items() if name not in _VOLATILE}
        node = replace(node, properties=stable)
    amended = () if node.properties.get(BASIS, ASSERTED) == ASSERTED else (NOT_VOUCHED,)
    if amended:
        # Of whatever kind it says it is: another claim may make the same node a Decision.
        node = replace(node, properties={**node.properties, BASIS: ASSERTED})
    clean = replace(claim, about=node, condition=condition, locator=locator)
    return Admitted(clean, tuple(removed), observed, amended)


def _check_identifiers(claim: Claim) -> None:
    for field, text in _identifiers(claim):
        what = secret_in_identifier(text)
        if what is not None:
            raise InvalidValue(field, f"what looks like {what}", "a name for the secret, never its value")


def secret_in_identifier(text: str) -> str | None:
    """Return what a uid, an external id or the name of a scope gives away, in words, or None.

    A built-in source escapes what it builds a uid from and joins the parts with slashes, so
    each part is looked at as its source had it, too. What was taken out of a part leaves its
    mark; a value that is no longer there does not go on in the next part.

    >>> secret_in_identifier("hf:asset:k8s:eu-1//Secret/prod/gateway-key") is None
    True
    >>> secret_in_identifier("hf:identity:team:hr/password%3DSw0rdfish-and-more") is None
    False
    """
    parts = text.split("/")
    whole = "/".join(part for part in parts if not _TAKEN_OUT.search(unquote(part)))
    looked_at = (
        whole.replace(_ESCAPED_MARK, MARK),
        unquote(whole),
        *(unquote(_PREFIX.sub("", part)) for part in parts),
    )
    found = (secret_in(piece, identifier=True) for piece in dict.fromkeys(looked_at))
    return next((what for what in found if what is not None), None)


def _identifiers(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "scope", claim.scope.name
    facts = claim.about
    if isinstance(facts, NodeFacts):
        yield "uid", facts.uid
    else:
        yield "relation", facts.relation
        yield "subject", facts.subject
        yield "object", facts.object
        yield from (("marks", mark) for mark in facts.marks)


def _clean_node(facts: NodeFacts, removed: list[Removed]) -> NodeFacts:
    kept = tuple(i for i in facts.external_ids if not _is_secret_id(i))
    if len(kept) < len(facts.external_ids):
        removed.append(Removed("external_ids", "an id that looks like a secret value"))
    return replace(
        facts,
        type=_clean_text(facts.type, "type", removed),
        name=_clean_text(facts.name, "name", removed, identifier=True),
        properties=_clean_properties(facts.properties, removed, on_secret=facts.kind is Kind.SECRET),
        external_ids=kept,
    )


def _is_secret_id(given: ExternalId) -> bool:
    if is_secret_name(given.scheme):
        return True
    return any(secret_in_identifier(text) is not None for text in (given.value, given.scheme))


def _clean_edge(facts: EdgeFacts, removed: list[Removed]) -> EdgeFacts:
    return replace(
        facts,
        environment=_clean_text(facts.environment, "environment", removed),
        properties=_clean_properties(
            facts.properties, removed, on_secret=facts.relation in _SECRET_RELATIONS
        ),
    )


def _clean_text(
    text: str | None, field: str, removed: list[Removed], *, identifier: bool = False
) -> str | None:
    if text is None:
        return None
    clean = redact_text(text, identifier=identifier)
    if clean != text:
        removed.append(Removed(field, secret_in(text, identifier=identifier) or NAMED_VALUE))
    return clean


def _clean_properties(properties: Properties, removed: list[Removed], *, on_secret: bool) -> Properties:
    clean: dict[str, PropertyValue] = {}
    for name, value in properties.items():
        field = f"properties.{shown(name)[1:-1]}"
        if denotes_value(name, value, on_secret=on_secret):
            removed.append(Removed(field, NAMED_VALUE))
        elif (what := secret_in(name)) is not None:
            removed.append(Removed(field, what))
        else:
            clean[name] = _clean_value(name, value, field, removed)
    return clean if clean != properties else properties


def _clean_value(name: str, value: PropertyValue, field: str, removed: list[Removed]) -> PropertyValue:
    # A public key id may stand in a property that is made for ids.
    identifier = name.lower().endswith(("id", "ids"))
    if isinstance(value, str) and name in _JSON:
        return _clean_json(value, field, removed)
    if isinstance(value, str):
        return _clean_text(value, field, removed, identifier=identifier) or ""
    if not isinstance(value, tuple):
        return value
    return _clean_items(value, field, removed, identifier=identifier)


def _clean_items(
    items: tuple[Item, ...], field: str, removed: list[Removed], *, identifier: bool
) -> tuple[Item, ...]:
    clean = cast("list[Item]", redact_items(items, identifier=identifier))
    for before, after in zip(items, clean, strict=True):
        if before != after:
            what = secret_in(before, identifier=identifier) if isinstance(before, str) else None
            removed.append(Removed(field, what or NAMED_VALUE))
    return tuple(clean)


def _clean_json(text: str, field: str, removed: list[Removed]) -> str:
    """Return JSON text without secrets; text that is none is cleaned as text."""
    try:
        clean = redact_json(parse_json(text))
    except NotJson:
        return _clean_text(text, field, removed) or ""
    if not clean.pointers:
        return text
    removed.extend(Removed(f"{field}{pointer}", NAMED_VALUE) for pointer in clean.pointers)
    return canonical_text(clean.value)


def _observed(facts: NodeFacts) -> Iterator[Observed]:
    properties: Mapping[str, PropertyValue] = facts.properties
    for name in sorted(_VOLATILE & properties.keys()):
        value = properties[name]
        yield Observed(facts.uid, name, value if isinstance(value, str) else json.dumps(value))
