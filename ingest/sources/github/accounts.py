"""Accounts and what they were given: organisations, people, teams and apps, as their lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ingest.redaction import Json, redact_text
from ingest.shapes import JsonObject, Misshapen, as_object, object_at, optional_text, text_at
from ingest.sources.github.fields import flag, named_at, number_at


class Access(StrEnum):
    """What somebody may do with a repository."""

    NONE = "none"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


_ROLES: Final = (
    (Access.ADMIN, frozenset({"admin"})),
    (Access.WRITE, frozenset({"maintain", "push"})),
    (Access.READ, frozenset({"triage", "pull"})),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, and what all of its members may do with all of its repositories."""

    number: int
    login: str
    base: Access


@dataclass(frozen=True, slots=True)
class User:
    """An account of somebody, or of a program; ``access`` is to the repository that the list is of."""

    number: int
    login: str
    is_person: bool
    access: Access


@dataclass(frozen=True, slots=True)
class Team:
    """A team; ``access`` is to the repository that the list is of."""

    number: int
    slug: str
    name: str
    parent: str | None
    access: Access


@dataclass(frozen=True, slots=True)
class Granted:
    """A repository of a list of those that a team was given."""

    full_name: str
    access: Access


@dataclass(frozen=True, slots=True)
class Installation:
    """An app where it is installed, with its permissions in order."""

    number: int
    app_number: int
    slug: str
    of_all_repositories: bool
    permissions: tuple[tuple[str, str], ...]
    suspended: bool


def organisation(entry: Json, pointer: str) -> Organisation:
    """Return what is kept of an organisation."""
    item = as_object(entry, pointer)
    base = optional_text(item, "default_repository_permission", pointer) or Access.NONE
    if base not in set(Access):
        place = f"{pointer}/default_repository_permission"
        raise Misshapen(place, "text that is no permission", "none, read, write or admin")
    return Organisation(number_at(item, "id", pointer), named_at(item, "login", pointer), Access(base))


def user(entry: Json, pointer: str) -> User:
    """Return what is kept of a user."""
    item = as_object(entry, pointer)
    return User(
        number=number_at(item, "id", pointer),
        login=named_at(item, "login", pointer),
        is_person=item.get("type") != "Bot",
        access=_access(item, pointer),
    )


def team(entry: Json, pointer: str) -> Team:
    """Return what is kept of a team."""
    item = as_object(entry, pointer)
    parent, above = item.get("parent"), f"{pointer}/parent"
    return Team(
        number=number_at(item, "id", pointer),
        slug=named_at(item, "slug", pointer),
        name=named_at(item, "name", pointer),
        parent=None if parent is None else named_at(as_object(parent, above), "slug", above),
        access=_access(item, pointer),
    )


def granted(entry: Json, pointer: str) -> Granted:
    """Return a repository that a team was given."""
    item = as_object(entry, pointer)
    return Granted(named_at(item, "full_name", pointer), _access(item, pointer))


def installation(entry: Json, pointer: str) -> Installation:
    """Return what is kept of an installed app."""
    item = as_object(entry, pointer)
    given = object_at(item, "permissions", pointer)
    levels = {name: text_at(given, name, f"{pointer}/permissions") for name in given}
    permissions = [(redact_text(name), redact_text(level)) for name, level in levels.items()]
    return Installation(
        number=number_at(item, "id", pointer),
        app_number=number_at(item, "app_id", pointer),
        slug=named_at(item, "app_slug", pointer),
        of_all_repositories=text_at(item, "repository_selection", pointer) == "all",
        permissions=tuple(sorted(permissions)),
        suspended=item.get("suspended_at") is not None,
    )


def _access(item: JsonObject, pointer: str) -> Access:
    """Return what permissions come to; a list that is not of a repository gives none."""
    if item.get("permissions") is None:
        return Access.NONE
    given = as_object(item["permissions"], f"{pointer}/permissions")
    held = {name for name in given if flag(given, name, f"{pointer}/permissions")}
    found = (access for access, names in _ROLES if held & names)
    return next(found, Access.NONE)
