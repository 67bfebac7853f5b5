"""The Entra plug-in: lists as Microsoft Graph answers with them in, claims by list out.

All files are read first: pages belong together, and one document may name the tenant of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.documents import Document, documents
from ingest.record import ReadContext, Record, Rejected, Skipped
from ingest.shapes import Misshapen
from ingest.sources.entra.listings import Listing, NotRead, listing_of
from ingest.sources.entra.names import Tenant
from ingest.sources.entra.sections import sections
from ingest.sources.entra.tenants import organization_of, organization_section, tenant_of


@dataclass(frozen=True, slots=True)
class EntraSource:
    """Reads lists of Microsoft Entra objects from files."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "entra"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "Microsoft Entra ID: Microsoft Graph v1.0 and beta JSON as `az rest` and `az ad` print it"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "users: Identity of type person, with status and address; those in the recycle bin have departed",
            "groups: Identity of type group; MEMBER_OF",
            "applications: Asset of type application; RUNS_AS their service principal",
            "client secrets and certificates: Secret with created and expires; AUTHENTICATES the principal",
            "service principals and managed identities: Identity of type oauth_app, workload_identity",
            "federated credentials: Identity of type principal_set, with issuer and patterns; CAN_ASSUME",
            "owners: OWNS as steward, and CAN_ADMIN",
            "directory roles with control over identities, active or eligible: CAN_ADMIN, by a table",
            "application roles and delegated permissions: CAN_INVOKE; CAN_ADMIN for a few of Microsoft Graph",
            "the tenant and all its objects of one type: Asset of type tenant, scope; WITHIN",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "directory roles that are not in the table, the tenant's own among them: counted by id",
            "roles for a part of the tenant (an administrative unit, one object): counted",
            "groups, applications and service principals in the recycle bin: counted",
            "devices and contacts as members: counted",
            "keys with which the tenant signs for an application: counted",
            "federated credentials of managed identities, which Azure Resource Manager keeps",
            "conditional access, authentication methods, sign-ins, licences and Azure's own role assignments",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say of one tenant. Memory grows with what is in them."""
        listings: list[Listing] = []
        for found in documents(paths, context):
            if not isinstance(found, Document):
                yield found
                continue
            try:
                listings.append(listing_of(found))
            except Misshapen as fault:
                yield Rejected(found.problem(fault))
            except NotRead as other:
                yield Skipped(f"list of {other.what}")
        known = organization_of(listings)
        if isinstance(known, Problem):
            yield Rejected(known)
            return
        yield from _by_tenant(listings, known, context)


def _by_tenant(listings: Sequence[Listing], known: str | None, context: ReadContext) -> Iterator[Record]:
    same: dict[str, list[Listing]] = {}
    for listing in listings:
        named = tenant_of(listing, known, context)
        if isinstance(named, Problem):
            yield Rejected(named)
        else:
            same.setdefault(named, []).append(listing)
    for tenant_id, of_tenant in sorted(same.items()):
        tenant = Tenant(tenant_id, context.fingerprints)
        yield from organization_section(of_tenant, tenant, context)
        yield from sections(of_tenant, tenant, context)


SOURCE: Final = EntraSource()
