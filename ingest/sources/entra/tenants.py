"""Which tenant files are of; no list of Microsoft Graph says it, and no id means anything without it.

It is what ``--scope`` names, else what the run's organization document says, else the scope of
the file's own sidecar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from graph.errors import Problem
from graph.model import Scope
from ingest.facts import Covered, Fact, section
from ingest.record import ReadContext, Record, Rejected
from ingest.shapes import Misshapen, as_object, optional_text, text_at
from ingest.sources.entra.listings import Item, Listing
from ingest.sources.entra.names import Tenant, folded, is_guid

_EXPECTED: Final = (
    "the tenant's id: --scope, the organization document in the same run, or the scope of a sidecar"
)


def organization_of(listings: Sequence[Listing]) -> str | Problem | None:
    """Return the tenant that the run's organization document names, or what is wrong with it."""
    found: str | None = None
    for item in _organizations(listings):
        try:
            named = _named(item, found)
        except Misshapen as fault:
            return item.document.problem(fault, item.position)
        found = named
    return found


def tenant_of(listing: Listing, known: str | None, context: ReadContext) -> str | Problem:
    """Return the tenant that a file is of, or why that cannot be told."""
    file = listing.document.file
    beside = file.sidecar.scope if file.sidecar else None
    tenant = context.scope or known or beside
    if tenant is None or not is_guid(tenant):
        return Problem(file.name, "", "scope", "nothing says of which tenant this is", _EXPECTED)
    if beside is not None and is_guid(beside) and folded(beside) != folded(tenant):
        reason = "its sidecar names another tenant"
        return Problem(file.name, "", "scope", reason, "files of one tenant in one run")
    return folded(tenant)


def organization_section(
    listings: Sequence[Listing], tenant: Tenant, context: ReadContext
) -> Iterator[Record]:
    """Yield the scope of the tenant itself, with its name."""
    for item in _organizations(listings):
        body, document = as_object(item.value), item.document
        if folded(text_at(body, "id")) != tenant.id:
            continue
        try:
            fact = Fact(tenant.facts(optional_text(body, "displayName")), item.position)
        except Misshapen as fault:
            yield Rejected(document.problem(fault, item.position))
            continue
        scope = Scope(context.source, f"{tenant.id}/organization")
        covered = Covered(frozenset(), frozenset(), document.why_partial(context))
        yield from section(scope, document.read_at, document.file.name, [fact], covered)


def _named(item: Item, found: str | None) -> str:
    named = text_at(as_object(item.value), "id")
    if not is_guid(named):
        raise Misshapen("/id", "no GUID stands here", "the tenant's id")
    if found not in (None, folded(named)):
        raise Misshapen("/id", "another tenant than in another document", "one tenant in one run")
    return folded(named)


def _organizations(listings: Sequence[Listing]) -> Iterator[Item]:
    for listing in listings:
        if listing.asked.resource == "organization":
            yield from listing.items
