"""Which answer of the REST API a file holds: said by its sidecar, by where it lies, or by its content.

Most answers do not name what they are about: the list of a repository's environments says
nothing of the repository. So a file is called by the address it was read from, with ``.json``
behind it: ``repos/fairbank/loan-forms/environments.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from ingest.redaction import Json, redact_text


class Sort(StrEnum):
    """What an answer is a list, or an object, of."""

    ORGANISATION = "organisation"
    REPOSITORIES = "repositories"
    REPOSITORY = "repository"
    ENVIRONMENTS = "environments"
    DEPLOY_KEYS = "deploy keys"
    SECRETS = "secrets"
    SECRETS_OF_ORGANISATION = "secrets of the organisation"
    SELECTED_REPOSITORIES = "selected repositories"
    VARIABLES = "variables"
    SUBJECTS = "subjects"
    CODEOWNERS = "CODEOWNERS"
    MEMBERS = "members"
    OWNERS = "owners"
    TEAMS = "teams"
    COLLABORATORS = "collaborators"
    TEAM_REPOSITORIES = "repositories given"
    INSTALLATIONS = "installations"


_TEMPLATES: Final = (
    ("orgs/{owner}", Sort.ORGANISATION),
    ("orgs/{owner}/repos", Sort.REPOSITORIES),
    ("orgs/{owner}/members", Sort.MEMBERS),
    ("orgs/{owner}/owners", Sort.OWNERS),
    ("orgs/{owner}/teams", Sort.TEAMS),
    ("orgs/{owner}/teams/{team}/members", Sort.MEMBERS),
    ("orgs/{owner}/teams/{team}/repos", Sort.TEAM_REPOSITORIES),
    ("orgs/{owner}/installations", Sort.INSTALLATIONS),
    ("orgs/{owner}/actions/secrets", Sort.SECRETS),
    ("orgs/{owner}/actions/secrets/{secret}/repositories", Sort.SELECTED_REPOSITORIES),
    ("orgs/{owner}/actions/variables", Sort.VARIABLES),
    ("orgs/{owner}/actions/oidc/customization/sub", Sort.SUBJECTS),
    ("repos/{owner}/{name}", Sort.REPOSITORY),
    ("repos/{owner}/{name}/environments", Sort.ENVIRONMENTS),
    ("repos/{owner}/{name}/environments/{environment}/secrets", Sort.SECRETS),
    ("repos/{owner}/{name}/environments/{environment}/variables", Sort.VARIABLES),
    ("repos/{owner}/{name}/keys", Sort.DEPLOY_KEYS),
    ("repos/{owner}/{name}/actions/secrets", Sort.SECRETS),
    ("repos/{owner}/{name}/actions/organization-secrets", Sort.SECRETS_OF_ORGANISATION),
    ("repos/{owner}/{name}/actions/variables", Sort.VARIABLES),
    ("repos/{owner}/{name}/actions/oidc/customization/sub", Sort.SUBJECTS),
    ("repos/{owner}/{name}/collaborators", Sort.COLLABORATORS),
    ("repos/{owner}/{name}/teams", Sort.TEAMS),
    ("repos/{owner}/{name}/contents/CODEOWNERS", Sort.CODEOWNERS),
    ("repos/{owner}/{name}/contents/docs/CODEOWNERS", Sort.CODEOWNERS),
    ("repos/{owner}/{name}/contents/.github/CODEOWNERS", Sort.CODEOWNERS),
)
_FORMS: Final = tuple(
    (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))), sort)
    for template, sort in _TEMPLATES
)
_ROOTS: Final = ("orgs", "repos")
_ENDING: Final = re.compile(r"\.json(\.gz)?$")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of an answer below the API's root, and what it is about.

    ``owner`` is an organisation or user; the other parts are empty where the address has none.
    """

    sort: Sort
    owner: str
    name: str = ""
    environment: str = ""
    team: str = ""
    secret: str = ""

    @property
    def full_name(self) -> str:
        """Return the repository as GitHub writes it; empty for what belongs to an organisation."""
        return f"{self.owner}/{self.name}" if self.name else ""


def endpoint_at(address: str) -> Endpoint | None:
    """Return what stands at an address below the API's root; None for one that is not read.

    >>> endpoint_at("/repos/fairbank/loan-forms/environments/pre%2Dprod/secrets?per_page=100").environment
    'pre-prod'
    >>> endpoint_at("repos/fairbank/loan-forms/pulls") is None
    True
    """
    path = urlsplit(address).path.removeprefix("/api/v3").strip("/")
    for form, sort in _FORMS:
        found = form.fullmatch(path)
        if found is not None:
            parts = {
                key: redact_text(unquote(part), identifier=True) for key, part in found.groupdict().items()
            }
            return Endpoint(sort, **parts)
    return None


def endpoint_of_path(path: Path) -> Endpoint | None:
    """Return which address a file is called by: the end of its path, from ``orgs`` or ``repos`` on.

    >>> endpoint_of_path(Path("/exports/repos/2026/orgs/fairbank/repos.json")).sort.value
    'repositories'
    """
    parts = [*path.absolute().parts[1:-1], _ENDING.sub("", path.name)]
    for i, part in enumerate(parts):
        if part in _ROOTS:
            found = endpoint_at("/".join(parts[i:]))
            if found is not None:
                return found
    return None


def endpoint_in(entries: Sequence[Json], *, alone: bool = False) -> Endpoint | None:
    """Return what a list is, going by the addresses in its first entry; None where they do not say.

    ``alone`` if it is no list, but the entry itself.
    """
    first = entries[0] if entries else None
    if not isinstance(first, dict):
        return None
    full_name, owner = first.get("full_name"), first.get("owner")
    if isinstance(full_name, str) and isinstance(owner, dict):
        return endpoint_at(f"repos/{full_name}" if alone else f"orgs/{owner.get('login')}/repos")
    return _endpoint_of_entry(first)


def _endpoint_of_entry(entry: Mapping[str, Json]) -> Endpoint | None:
    address = entry.get("url")
    if not isinstance(address, str):
        return None
    # Of an entry of a list the address goes on behind that of the list: with its id, or its name.
    return endpoint_at(address) or endpoint_at(address.partition("?")[0].rpartition("/")[0])
