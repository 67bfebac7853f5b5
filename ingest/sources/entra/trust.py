"""Federated credentials: which tokens of which issuer let their bearer act as a service principal.

An exact subject is compared letter by letter. A flexible credential has an expression instead,
clauses of ``claims['sub'] matches 'pattern'`` or ``eq 'text'`` with ``and`` between them; ``*`` in
a pattern stands for any text, ``?`` for any character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.shapes import JsonObject, Misshapen, as_list, is_misshapen, object_at, optional_text, text_at
from ingest.sources.entra.found import Found
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant
from ingest.subjects import SET_TYPE, issuer_of

_CLAUSE: Final = re.compile(r"claims\['([A-Za-z0-9_.:-]+)'\] (matches|eq) '((?:[^']|'')*)'")
_AND: Final = " and "
_LANGUAGE: Final = 1
_EXPECTED: Final = "clauses such as claims['sub'] matches 'repo:o/r:*', with and between them"
_LITERAL: Final = "the subject is the text of the pattern itself, in which * and ? stand for themselves"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Which subjects are trusted, and under what condition where a pattern alone cannot tell."""

    patterns: tuple[str, ...]
    condition: str | None = None


def read_federated(items: Iterable[Item], tenant: Tenant, application: str, client: Uid) -> Found:
    """Return what the list of one application's federated credentials says."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        say_trust(found, body, item, "", tenant, application, client)

    found.each(items, read)
    return found


def say_trust(
    found: Found, body: JsonObject, item: Item, place: str, tenant: Tenant, application: str, client: Uid
) -> None:
    """Say one federated credential: a set of subjects that can assume a service principal.

    Raises:
        Misshapen: for one of another shape, or an expression that is not understood.
    """
    issuer = issuer_of(text_at(body, "issuer", place))
    subjects = _subjects(body, place)
    properties: dict[str, PropertyValue] = {"issuer": issuer, "subject_patterns": subjects.patterns}
    audiences = _audiences(body, place)
    if audiences:
        properties["audiences"] = audiences
    uid = tenant.trust_uid(application, text_at(body, "id", place))
    facts = NodeFacts(
        uid, Kind.IDENTITY, type=SET_TYPE, name=optional_text(body, "name", place), properties=properties
    )
    found.say(item, facts)
    certainty = Certainty.CERTAIN if subjects.condition is None else Certainty.POSSIBLE
    found.say(item, EdgeFacts("CAN_ASSUME", uid, client), certainty, subjects.condition)


def subjects_of(expression: str, pointer: str = "") -> Subjects:
    """Return which subjects an expression takes in.

    A further clause narrows what a pattern takes in, which a pattern cannot say: trust is then
    possible, on that condition.

    Raises:
        Misshapen: for an expression in another form.

    >>> subjects_of("claims['sub'] matches 'repo:o/r:ref:refs/heads/*'").patterns
    ('repo:o/r:ref:refs/heads/*',)
    >>> subjects_of("claims['sub'] eq 's' and claims['job_workflow_ref'] matches 'o/*'").condition
    "claims['job_workflow_ref'] matches 'o/*'"
    """
    clauses: list[tuple[str, str, str]] = []
    position = 0
    while True:
        found = _CLAUSE.match(expression, position)
        if found is None:
            raise Misshapen(pointer, "an expression of another form stands here", _EXPECTED)
        clauses.append((found.group(1), found.group(2), found.group(3)))
        position = found.end()
        if position == len(expression):
            break
        if not expression.startswith(_AND, position):
            raise Misshapen(pointer, "an expression of another form stands here", _EXPECTED)
        position += len(_AND)
    return _of_clauses(clauses)


def _of_clauses(clauses: list[tuple[str, str, str]]) -> Subjects:
    of_subject = [clause for clause in clauses if clause[0] == "sub"]
    # An exact text narrows most, then the longer pattern; what is left over becomes the condition.
    chosen = max(of_subject, key=lambda clause: (clause[1] == "eq", len(clause[2])), default=None)
    others = [
        f"claims['{name}'] {verb} '{text}'" for name, verb, text in clauses if (name, verb, text) != chosen
    ]
    if chosen is None:
        return Subjects(("*",), " and ".join(others))
    text = chosen[2].replace("''", "'")
    if chosen[1] == "eq" and _has_wildcard(text):
        others.append(_LITERAL)
    return Subjects((text,), " and ".join(others) or None)


def _subjects(body: JsonObject, place: str) -> Subjects:
    subject = optional_text(body, "subject", place)
    if subject is not None:
        return Subjects((subject,), _LITERAL if _has_wildcard(subject) else None)
    if body.get("claimsMatchingExpression") is None:
        raise Misshapen(f"{place}/subject", "nothing stands here", "a subject, or claimsMatchingExpression")
    expression = object_at(body, "claimsMatchingExpression", place)
    place = f"{place}/claimsMatchingExpression"
    if expression.get("languageVersion", _LANGUAGE) != _LANGUAGE:
        raise Misshapen(f"{place}/languageVersion", "another version of the language", f"{_LANGUAGE}")
    return subjects_of(text_at(expression, "value", place), f"{place}/value")


def _audiences(body: JsonObject, place: str) -> tuple[str, ...]:
    value = body.get("audiences")
    if value is None:
        return ()
    found: list[str] = []
    for i, entry in enumerate(as_list(value, f"{place}/audiences")):
        if not isinstance(entry, str):
            raise is_misshapen(entry, "a text", f"{place}/audiences/{i}")
        found.append(entry)
    return tuple(found)


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text
