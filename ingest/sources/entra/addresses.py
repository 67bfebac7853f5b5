"""What a file is a list of, going by the address that was asked, the command, or the context it bears."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from ingest.shapes import Misshapen
from ingest.sources.entra.names import folded, is_guid

RECYCLE_BIN: Final = ("user", "group", "application", "servicePrincipal")
"""The types that ``directory/deletedItems`` keeps for a while."""

_LISTS: Final = (
    "users",
    "groups",
    "applications",
    "servicePrincipals",
    "organization",
    "oauth2PermissionGrants",
)
_ROLES: Final = (
    "roleAssignments",
    "roleAssignmentScheduleInstances",
    "roleEligibilitySchedules",
    "roleEligibilityScheduleInstances",
)
_OF_ONE: Final = re.compile(
    r"(groups|applications|servicePrincipals)/([^/]+)/"
    r"(members|owners|federatedIdentityCredentials|appRoleAssignedTo|appRoleAssignments|oauth2PermissionGrants)"
)
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+/([A-Za-z0-9.]+)/(.*)", re.DOTALL)
_VERSIONS: Final = ("v1.0", "beta")
_SELECTING: Final = frozenset({"$filter", "$search", "$skip"})
_CLI: Final[Mapping[tuple[str, ...], str]] = {
    ("ad", "user", "list"): "users",
    ("ad", "group", "list"): "groups",
    ("ad", "app", "list"): "applications",
    ("ad", "sp", "list"): "servicePrincipals",
    ("ad", "group", "member", "list"): "groups/members",
    ("ad", "group", "owner", "list"): "groups/owners",
}
_FIRST_HUNDRED: Final = frozenset({"applications", "servicePrincipals"})
_CLI_SELECTING: Final = frozenset(
    {
        *(
            "--app-id",
            "--display-name",
            "--filter",
            "--identifier-uri",
            "--max-items",
            "--query",
            "--show-mine",
        ),
        *("--spn", "--upn"),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the resource, of which object where it is a list of one object's, and how.

    ``partial`` says why the answer is not the whole list; ``is_later_page`` that it is one page
    of it and not the first.
    """

    resource: str
    owner: str | None = None
    address: str | None = None
    partial: str | None = None
    is_later_page: bool = False


def asked_by_command(command: str) -> Asked | None:
    """Return what a command asks for; None where its words do not tell.

    Raises:
        Misshapen: for an address of another version of the API.

    >>> asked_by_command("az rest --method get --url https://graph.microsoft.com/v1.0/users?$top=999").resource
    'users'
    >>> asked_by_command("az ad app list").partial
    'its command prints the first hundred only (--all)'
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    address = next((word for word in words if _ADDRESS.fullmatch(word)), None)
    address = address or next(
        (w.partition("=")[2] for w in words if w.startswith(("--url=", "--uri="))), None
    )
    found = asked_by_address(address) if address else _asked_of_cli(words)
    if found is None or found.partial is not None:
        return found
    flags = {word.partition("=")[0] for word in words}
    if "|" in words:
        why = "its command hands the list to another one"
    elif flags & _CLI_SELECTING:
        why = "its command selects objects"
    elif not address and found.resource in _FIRST_HUNDRED and "--all" not in flags:
        why = "its command prints the first hundred only (--all)"
    else:
        return found
    return Asked(found.resource, found.owner, found.address, why, found.is_later_page)


def asked_by_address(address: str) -> Asked | None:
    """Return what an address of Microsoft Graph asks for; None where it is of no resource that is read.

    Raises:
        Misshapen: for an address of another version of the API.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    _check_version(found.group(1))
    path, _, query = found.group(2).partition("?")
    resource = _resource(unquote(path))
    if resource is None:
        return None
    options = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    why = "its address selects objects" if options & _SELECTING else None
    return Asked(*resource, address, why, "$skiptoken" in options)


def asked_by_context(context: str) -> Asked | None:
    """Return what an answer says that it is an answer to; None where it tells no resource that is read.

    Raises:
        Misshapen: for an answer of another version of the API.

    >>> asked_by_context("https://graph.microsoft.com/v1.0/$metadata#users(id,displayName)")
    Asked(resource='users', owner=None, address=None, partial=None, is_later_page=False)
    """
    head, _, fragment = context.partition("#")
    found = _ADDRESS.fullmatch(head)
    if found is None:
        return None
    _check_version(found.group(1))
    is_one = fragment.endswith("/$entity")
    resource = _resource(fragment.removesuffix("/$entity"))
    if resource is None:
        return None
    return Asked(*resource, partial="it is a single object and no list" if is_one else None)


def _check_version(version: str) -> None:
    if version not in _VERSIONS:
        expected = f"version {' or '.join(_VERSIONS)}"
        raise Misshapen("/@odata.context", "another version of Microsoft Graph", expected)


def _resource(path: str) -> tuple[str, str | None] | None:
    """Return a resource by its path, and the object of which it is a list.

    Raises:
        Misshapen: where an object is named by its client id, which is not what it goes by here.

    >>> _resource("applications('A1')/federatedIdentityCredentials"), _resource("groups(members())")
    (('applications/federatedIdentityCredentials', 'A1'), ('groups', None))
    """
    if "(appId=" in path:
        raise Misshapen("/@odata.context", "the list of an object by its client id", "one by its object id")
    plain = re.sub(r"\('([^']*)'\)", r"/\1", path.strip("/"))
    plain = re.sub(r"\(.*\)$", "", plain, flags=re.DOTALL)
    if plain in _LISTS:
        return plain, None
    head, _, last = plain.rpartition("/")
    if head == "roleManagement/directory" and last in _ROLES:
        return plain, None
    if head == "directory/deletedItems" and last.removeprefix("microsoft.graph.") in RECYCLE_BIN:
        return f"deleted {last.removeprefix('microsoft.graph.')}s", None
    found = _OF_ONE.fullmatch(plain)
    return (f"{found.group(1)}/{found.group(3)}", folded(found.group(2))) if found else None


def _asked_of_cli(words: list[str]) -> Asked | None:
    verbs = tuple(word for word in words[1:5] if not word.startswith("-"))
    for length in (4, 3):
        resource = _CLI.get(verbs[:length])
        if resource is None:
            continue
        if "/" not in resource:
            return Asked(resource)
        group = next(
            (words[i + 1] for i, word in enumerate(words[:-1]) if word in ("--group", "-g")),
            "",
        )
        return Asked(resource, folded(group)) if is_guid(group) else None
    return None
