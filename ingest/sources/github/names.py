"""How things of a GitHub server are called: uids, and external ids by their numbers.

A repository goes by its address, as every source calls it; its number joins it to itself under a
former name. Pipelines and secrets go by the repository's name, as GitHub gives them no number.
People show in no uid: their number leads to their name on the public site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.redaction import Json, redact_text
from ingest.repositories import repository_uid
from ingest.uids import external_id, native_uid

SCHEME: Final = "github-id"
LOGIN: Final = "github-login"
PUBLIC_HOST: Final = "github.com"

_OWN: Final = "github"
TENANTS: Final = ".ghe.com"


def host_of(address: str) -> str | None:
    """Return the server that an address of a page, or of the API, belongs to; None where it has none.

    >>> host_of("https://github.com/fairbank/loan-forms"), host_of("https://api.bank.ghe.com/orgs/o")
    ('github.com', 'bank.ghe.com')
    """
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    page = (host or "").removeprefix("api.")
    return page if page == PUBLIC_HOST or page.endswith(TENANTS) else host


def server_of(entry: Json) -> str | None:
    """Return the server that an entry's own addresses name; None where it has none."""
    if isinstance(entry, dict):
        for key in ("html_url", "url"):
            address = entry.get(key)
            if isinstance(address, str) and (host := host_of(address)) is not None:
                return redact_text(host)
    return None


@dataclass(frozen=True, slots=True)
class Server:
    """One GitHub server, and how the things on it are called."""

    host: str
    fingerprints: Fingerprinter

    @property
    def issuer(self) -> str:
        """Return who issues the tokens of its workflows.

        >>> Server("bank.ghe.com", Fingerprinter(b"k")).issuer
        'https://token.actions.bank.ghe.com'
        """
        if self.host == PUBLIC_HOST:
            return "https://token.actions.githubusercontent.com"
        if self.host.endswith(TENANTS):
            return f"https://token.actions.{self.host}"
        return f"https://{self.host}/_services/token"

    def organisation_uid(self, login: str) -> Uid:
        """Return an organisation's uid."""
        return native_uid(Kind.ASSET, _OWN, self.host, "organisation", login)

    def all_repositories_uid(self, login: str) -> Uid:
        """Return the uid of the typed sub-scope in which all repositories of an organisation stand."""
        return native_uid(Kind.ASSET, _OWN, self.host, "organisation", login, "repositories")

    def repository_uid(self, full_name: str) -> Uid:
        """Return a repository's uid, the same from every source."""
        return repository_uid(self.address(full_name))

    def address(self, full_name: str) -> str:
        """Return the address of a repository's page."""
        return f"https://{self.host}/{full_name}"

    def pipeline_uid(self, full_name: str, environment: str | None = None) -> Uid:
        """Return the uid of a repository's pipeline, or of the one of an environment."""
        parts = (*full_name.split("/"), *([environment] if environment is not None else []))
        return native_uid(Kind.ASSET, _OWN, self.host, "pipeline", *parts)

    def subjects_uid(self, full_name: str, environment: str | None = None) -> Uid:
        """Return the uid of whatever subjects the tokens of a pipeline have, where that is not one."""
        parts = (*full_name.split("/"), *([environment] if environment is not None else []))
        return native_uid(Kind.IDENTITY, _OWN, self.host, "subjects", *parts)

    def secret_uid(self, holder: str, name: str, environment: str | None = None) -> Uid:
        """Return the uid of a secret that an organisation, a repository or an environment holds."""
        parts = (*holder.split("/"), *([environment] if environment is not None else []))
        return native_uid(Kind.SECRET, _OWN, self.host, "actions-secret", str(len(parts)), *parts, name)

    def key_uid(self, number: int) -> Uid:
        """Return the uid of a deploy key, as a secret."""
        return native_uid(Kind.SECRET, SCHEME, self.host, "deploy-key", str(number))

    def key_account_uid(self, number: int) -> Uid:
        """Return the uid of whoever holds a deploy key."""
        return native_uid(Kind.IDENTITY, SCHEME, self.host, "deploy-key", str(number))

    def installation_uid(self, number: int) -> Uid:
        """Return the uid of an app where it is installed."""
        return native_uid(Kind.IDENTITY, SCHEME, self.host, "installation", str(number))

    def team_uid(self, organisation: str, slug: str) -> Uid:
        """Return a team's uid, the same as where CODEOWNERS names it."""
        return native_uid(Kind.IDENTITY, "github-team", f"{organisation}/{slug}")

    def members_uid(self, organisation: str) -> Uid:
        """Return the uid of all members of an organisation."""
        return native_uid(Kind.IDENTITY, _OWN, self.host, "members", organisation)

    def user_uid(self, number: int) -> Uid:
        """Return a user's uid, which does not show who it is."""
        return native_uid(Kind.IDENTITY, "github-user", self._digest(number))

    def user_id(self, number: int) -> ExternalId:
        """Return a user's external id, by a keyed digest of the number."""
        return external_id(SCHEME, self.host, "user", self._digest(number))

    def id_of(self, sort: str, number: int) -> ExternalId:
        """Return the external id of something that has a number."""
        return external_id(SCHEME, self.host, sort, str(number))

    def _digest(self, number: int) -> str:
        return self.fingerprints.opaque_id(f"{self.host}/user/{number}")
