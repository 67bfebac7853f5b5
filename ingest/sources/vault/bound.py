"""Whose tokens a role takes: a set of subjects by issuer and patterns, and on what else it depends.

A role for Kubernetes names service accounts and namespaces; a role for JSON web tokens names a
subject, or claims that are compared letter by letter or with ``*`` for any text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, optional_text
from ingest.sources.vault.fields import texts
from ingest.subjects import issuer_of

_LITERAL: Final = "the subject is the text of a pattern itself, in which * and ? stand for themselves"
_LABELS: Final = "the namespace has the labels that the role selects by"
_ADDRESSES: Final = "the request comes from an address that the role is bound to"
_SUBJECT: Final = "sub"


@dataclass(frozen=True, slots=True)
class Bound:
    """Which subjects may log in; ``issuer`` is None where nothing tells who issues the tokens."""

    issuer: str | None
    patterns: tuple[str, ...]
    audiences: tuple[str, ...]
    conditions: tuple[str, ...] = ()


def bound_accounts(role: JsonObject, config: JsonObject | None) -> Bound:
    """Return whom a role for Kubernetes takes.

    Raises:
        Misshapen: for a role of another shape, or one that is bound to nobody.
    """
    names, places = (
        texts(role, "bound_service_account_names"),
        texts(role, "bound_service_account_namespaces"),
    )
    conditions = list(_addresses(role))
    if optional_text(role, "bound_service_account_namespace_selector"):
        places = (*places, "*")
        conditions.append(_LABELS)
    if not names or not places:
        raise Misshapen(
            "/bound_service_account_names", "nothing stands here", "names and namespaces of accounts"
        )
    patterns = tuple(sorted({f"system:serviceaccount:{place}:{name}" for place in places for name in names}))
    issuer = optional_text(config, "issuer") if config else None
    audience = optional_text(role, "audience")
    return Bound(
        issuer_of(issuer) if issuer else None, patterns, (audience,) if audience else (), tuple(conditions)
    )


def bound_subjects(role: JsonObject, config: JsonObject | None) -> Bound:
    """Return whom a role for JSON web tokens, or for OpenID Connect, takes.

    Raises:
        Misshapen: for a role of another shape.
    """
    issuer = None
    for key in ("bound_issuer", "oidc_discovery_url"):
        issuer = issuer or (optional_text(config, key) if config else None)
    is_glob = optional_text(role, "bound_claims_type") == "glob"
    claims = role.get("bound_claims")
    claimed = dict(as_object(claims, "/bound_claims")) if claims else {}
    patterns = _claimed(claimed.pop(_SUBJECT, None))
    conditions = [
        *_addresses(role),
        *(f"the claim {name} is {_shown(value)}" for name, value in sorted(claimed.items())),
    ]
    exact = optional_text(role, "bound_subject")
    if exact is not None:
        if patterns:
            conditions.append(f"the claim {_SUBJECT} is also {_shown(list(patterns))}")
        patterns, is_glob = (exact,), False
    wild = "?" if is_glob else "*?"
    if any(character in pattern for pattern in patterns for character in wild):
        conditions.append(_LITERAL)
    return Bound(
        issuer_of(issuer) if issuer else None,
        patterns or ("*",),
        texts(role, "bound_audiences"),
        tuple(conditions),
    )


def _claimed(value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    members = value if isinstance(value, list) else [value]
    found: list[str] = []
    for member in members:
        if not isinstance(member, str):
            raise is_misshapen(member, "a text", f"/bound_claims/{_SUBJECT}")
        found.append(member)
    return tuple(found)


def _shown(value: Json) -> str:
    """Return what a claim must be, for a condition."""
    members = value if isinstance(value, list) else [value]
    return (
        " or ".join(str(member) for member in members if isinstance(member, str | int | bool)) or "as bound"
    )


def _addresses(role: JsonObject) -> tuple[str, ...]:
    return (_ADDRESSES,) if texts(role, "token_bound_cidrs") else ()
