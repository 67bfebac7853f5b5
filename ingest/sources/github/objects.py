"""What is kept of an answer's entries; all else, such as the values of variables, is dropped here."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from graph.model import Instant, PropertyValue
from ingest.redaction import Json, redact_text
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_list,
    as_object,
    is_misshapen,
    object_at,
    objects_at,
    optional_text,
    text_at,
)
from ingest.sources.github.fields import flag, named_at, number_at, time_at

_REVIEWERS: Final = "required_reviewers"
_BRANCHES: Final = "branch_policy"
_WAIT: Final = "wait_timer"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: its numbers tell it from another that had its name before."""

    number: int
    full_name: str
    address: str
    owner: str
    owner_number: int
    owner_is_organisation: bool
    visibility: str
    created: Instant | None
    archived: bool
    description: str | None


@dataclass(frozen=True, slots=True)
class NamedRepository:
    """A repository of which only the name counts: one of a list of those that get something."""

    full_name: str


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment of a repository, and in words on what it depends that a job gets into it."""

    number: int
    name: str
    conditions: tuple[str, ...]
    created: Instant | None


@dataclass(frozen=True, slots=True)
class SecretName:
    """The name of a secret; who of an organisation gets it is ``all``, ``private`` or ``selected``."""

    name: str
    created: Instant | None
    updated: Instant | None
    visibility: str | None


@dataclass(frozen=True, slots=True)
class DeployKey:
    """A key that opens one repository."""

    number: int
    title: str
    public_key: str
    created: Instant | None
    last_used: Instant | None
    read_only: bool
    enabled: bool


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file CODEOWNERS."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """How the subjects of a repository's tokens are put together.

    ``keys`` is None where the file says none: GitHub's own are then used, unless the repository
    does not ``use_default``; then those of its organisation. ``prefix`` is how GitHub names the
    repository in them, where it says so.
    """

    use_default: bool
    keys: tuple[str, ...] | None
    immutable: bool | None
    prefix: str | None


def repository(entry: Json, pointer: str) -> Repository:
    """Return what is kept of a repository.

    Raises:
        Misshapen: where something that it needs is missing or of another type; so do all below.
    """
    item = as_object(entry, pointer)
    owner = object_at(item, "owner", pointer)
    return Repository(
        number=number_at(item, "id", pointer),
        full_name=named_at(item, "full_name", pointer),
        address=text_at(item, "html_url", pointer),
        owner=named_at(owner, "login", f"{pointer}/owner"),
        owner_number=number_at(owner, "id", f"{pointer}/owner"),
        owner_is_organisation=owner.get("type") == "Organization",
        visibility=optional_text(item, "visibility", pointer) or _visibility(item, pointer),
        created=time_at(item, "created_at", pointer),
        archived=flag(item, "archived", pointer, default=False),
        description=optional_text(item, "description", pointer),
    )


def named_repository(entry: Json, pointer: str) -> NamedRepository:
    """Return the name of a repository."""
    return NamedRepository(named_at(as_object(entry, pointer), "full_name", pointer))


def environment(entry: Json, pointer: str) -> Environment:
    """Return what is kept of an environment."""
    item = as_object(entry, pointer)
    return Environment(
        number=number_at(item, "id", pointer),
        name=named_at(item, "name", pointer),
        conditions=_conditions(item, pointer),
        created=time_at(item, "created_at", pointer),
    )


def secret_name(entry: Json, pointer: str) -> SecretName:
    """Return what is kept of a secret: never more than its name and times."""
    item = as_object(entry, pointer)
    return SecretName(
        name=named_at(item, "name", pointer),
        created=time_at(item, "created_at", pointer),
        updated=time_at(item, "updated_at", pointer),
        visibility=optional_text(item, "visibility", pointer),
    )


def variable_name(entry: Json, pointer: str) -> str:
    """Return a variable's name; its value, which anybody may have made a secret, goes nowhere."""
    return named_at(as_object(entry, pointer), "name", pointer)


def deploy_key(entry: Json, pointer: str) -> DeployKey:
    """Return what is kept of a deploy key."""
    item = as_object(entry, pointer)
    return DeployKey(
        number=number_at(item, "id", pointer),
        title=redact_text(optional_text(item, "title", pointer) or ""),
        public_key=text_at(item, "key", pointer),
        created=time_at(item, "created_at", pointer),
        last_used=time_at(item, "last_used", pointer),
        read_only=flag(item, "read_only", pointer),
        enabled=flag(item, "enabled", pointer, default=True),
    )


def content(entry: Json, pointer: str) -> Content:
    """Return the text of a file, which the API breaks into lines of base64."""
    item = as_object(entry, pointer)
    if item.get("encoding") != "base64":
        raise Misshapen(f"{pointer}/encoding", "another encoding, as of a file that is too large", "base64")
    try:
        packed = "".join(text_at(item, "content", pointer).split())
        text = base64.b64decode(packed, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Misshapen(f"{pointer}/content", "text that is not base64 of UTF-8", "a file in UTF-8") from None
    return Content(optional_text(item, "path", pointer) or "CODEOWNERS", text)


def template(entry: Json, pointer: str) -> Template:
    """Return how subjects are put together; an organisation's template has nothing but keys."""
    item = as_object(entry, pointer)
    keys: list[str] = []
    for i, key in enumerate(as_list(item.get("include_claim_keys") or [], f"{pointer}/include_claim_keys")):
        if not isinstance(key, str):
            raise is_misshapen(key, "a text", f"{pointer}/include_claim_keys/{i}")
        keys.append(redact_text(key))
    has_flag = "use_immutable_subject" in item
    return Template(
        use_default=flag(item, "use_default", pointer, default=not keys),
        keys=tuple(keys) or None,
        immutable=flag(item, "use_immutable_subject", pointer) if has_flag else None,
        prefix=optional_text(item, "sub_claim_prefix", pointer),
    )


def times(**given: Instant | None) -> dict[str, PropertyValue]:
    """Return the times that are known, as properties."""
    return {name: value for name, value in given.items() if value is not None}


def _conditions(item: JsonObject, pointer: str) -> tuple[str, ...]:
    """Return on what it depends that a job gets in; waiting keeps nobody out who can wait."""
    found: list[str] = []
    for place, rule in objects_at(item, "protection_rules", pointer):
        sort = text_at(rule, "type", place)
        if sort == _REVIEWERS:
            found.append("somebody approves the deployment")
        elif sort not in (_BRANCHES, _WAIT):
            found.append("a protection rule of the environment lets the job in")
    policy = item.get("deployment_branch_policy")
    if policy is not None:
        protected = as_object(policy, f"{pointer}/deployment_branch_policy").get("protected_branches")
        admitted = "is protected" if protected is True else "is one that the environment admits"
        found.append(f"the branch {admitted}")
    return tuple(dict.fromkeys(found))


def _visibility(item: JsonObject, pointer: str) -> str:
    return "private" if flag(item, "private", pointer) else "public"
