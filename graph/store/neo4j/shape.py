"""What labels, properties and sort keys are made of, so that people and machines both find their way.

Types and property names are open data: they become labels and property names only
where they are plain words, and otherwise stay in the claim's content, where nothing
is lost. Nothing of them is ever written into a statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast

from graph.ledger.canonical import canonical_text, sha256_hex, short_digest
from graph.model import Instant, Node, Scope
from graph.vocabulary import VOCABULARY, Certainty, Kind, Origin

ENTITY_PROPERTIES: Final = frozenset(
    {"uid", "sort_key", "folded", "canonical", "kind", "type", "name", "described", "shown_at"}
)
"""What every Entity has from us; a source's property of such a name stays in its claim."""

RELATIONSHIP_PROPERTIES: Final = frozenset(
    {
        *("eid", "key", "claim", "scope", "relation", "discriminator", "said_subject", "said_object"),
        *("marks", "origin", "certainty", "environment", "condition", "subject_kind", "object_kind"),
        *("valid_from", "valid_to", "stated", "content", "locator", "run", "read_at", "said_in"),
        *("recorded_from", "recorded_to", "belated", "refuted", "moves"),
    }
)
"""What the relationship of an edge's row may have; what else its source says of it is in ``content``."""

OWN_LABELS: Final = frozenset(
    {
        *("Entity", "Alias", "Claim", "ExternalId", "Personal", "Scope", "Coverage", "SameAs"),
        *(
            "Refutation",
            "Commit",
            "Operations",
            "Head",
            "Holdfast",
            "Run",
            "Volatile",
            "Raw",
            "Reading",
            "Mention",
        ),
    }
)

_KIND_LABELS: Final = frozenset(term.name.value for term in VOCABULARY.kinds)
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_PLAIN_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _.-]{0,63}")
_PLAIN_PROPERTY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_FIRST_ESCAPED: Final = 0xD700
_DIGIT_BITS: Final = 7
_SEPARATOR: Final = "#"


def labels_of(kind: Kind, node_type: str | None) -> list[str]:
    """Return the labels that a described node has beside ``Entity``.

    A type that would pass for a kind, or for a label of ours, gets ``Type`` behind it.

    >>> labels_of(Kind.ASSET, "model_version"), labels_of(Kind.ASSET, "scope")
    (['Asset', 'ModelVersion'], ['Asset', 'ScopeType'])
    >>> labels_of(Kind.DATASET, "x`) DETACH DELETE n //"), labels_of(Kind.UNKNOWN, None)
    (['Dataset'], [])
    """
    labels = [kind.value] if kind is not Kind.UNKNOWN else []
    if node_type is not None and _PLAIN_TYPE.fullmatch(node_type):
        label = "".join(word[0].upper() + word[1:] for word in _WORD.findall(node_type))
        if label != kind.value:
            labels.append(f"{label}Type" if label in OWN_LABELS | _KIND_LABELS else label)
    return labels


def shown_properties(node: Node, at: Instant) -> dict[str, Any]:
    """Return what an Entity shows of a node as of a moment: who it is, and its resolved plain properties."""
    shown: dict[str, Any] = {
        name: list(resolved.value) if isinstance(resolved.value, tuple) else resolved.value
        for name, resolved in node.properties.items()
        if _PLAIN_PROPERTY.fullmatch(name) and name not in ENTITY_PROPERTIES
    }
    shown |= {"kind": node.kind.value, "described": node.described, "type": node.type, "name": node.name}
    return shown | {"shown_at": at}


def sort_key(uid: str) -> str:
    """Return a text whose order among others is the byte order of uids, however it is compared.

    The server compares by code point where an index gives the order, but by UTF-16
    code unit where it sorts by itself, so that an emoji comes before U+FFFD in one plan
    and after it in the other. The two orders agree below U+D800: what lies above is
    written as one character from U+D700 on, which holds the high bits, and two of
    seven bits each.

    >>> sort_key("svc:scoring")
    'svc:scoring'
    >>> sorted(["\U0001f600", "\ufffd", "é"], key=sort_key) == ["é", "\ufffd", "\U0001f600"]
    True
    """
    if not uid or max(uid) < chr(_FIRST_ESCAPED):
        return uid
    return "".join(c if ord(c) < _FIRST_ESCAPED else _escaped(ord(c)) for c in uid)


def _escaped(code: int) -> str:
    mask = (1 << _DIGIT_BITS) - 1
    high = _FIRST_ESCAPED + (code >> 2 * _DIGIT_BITS)
    return chr(high) + chr(code >> _DIGIT_BITS & mask) + chr(code & mask)


def folded_if_other(uid: str) -> str | None:
    """Return the case-folded uid where that is another text, else None."""
    folded = uid.casefold()
    return None if folded == uid else folded


def scope_id(scope: Scope) -> str:
    """Return what stands for a scope on claims and relationships."""
    return short_digest([scope.source.plugin, scope.source.instance, scope.name])


def row_id(key: str, recorded_from: int) -> str:
    """Return what names one recorded version of a row.

    >>> row_id("5f", 12), key_of(row_id("5f", 12))
    ('5f#12', '5f')
    """
    return f"{key}{_SEPARATOR}{recorded_from}"


def key_of(identifier: str) -> str:
    """Return the row key that ``row_id`` was given."""
    return identifier.rpartition(_SEPARATOR)[0]


def edge_facets(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a relationship shows of an edge claim's content.

    Where marks, origin and certainty say all of it, the content itself is left out
    and made again by ``edge_content``.
    """
    facets: dict[str, Any] = {
        "marks": list(content.get("marks", ())) or None,
        "origin": content.get("origin", Origin.DECLARED.value),
        "certainty": content.get("certainty", Certainty.CERTAIN.value),
        "environment": content.get("environment"),
        "condition": content.get("condition"),
        "subject_kind": content.get("subject_kind"),
        "object_kind": content.get("object_kind"),
    }
    text = canonical_text(content)
    rebuilt = edge_content(facets["marks"], facets["origin"], facets["certainty"])
    return facets | {"content": None if rebuilt == text else text}


def edge_content(marks: list[str] | None, origin: str, certainty: str) -> str:
    """Return the content of an edge claim that says nothing but these."""
    said: dict[str, Any] = {}
    if marks:
        said["marks"] = marks
    if origin != Origin.DECLARED:
        said["origin"] = origin
    if certainty != Certainty.CERTAIN:
        said["certainty"] = certainty
    return canonical_text(said)


@lru_cache(maxsize=4_096)
def digest_of(content: str) -> str:
    """Return the digest of a content's canonical text; edges mostly share a few."""
    return sha256_hex(content.encode("utf-8"))


def is_storable(text: str) -> bool:
    """Return whether a text could be in the store at all: no NUL, no half surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def texts_in(value: str) -> list[str]:
    """Return the case-folded texts in a personal value's canonical JSON."""
    said = json.loads(value)
    items = cast("list[object]", said) if isinstance(said, list) else [said]
    return [item.casefold() for item in items if isinstance(item, str)]
