"""What an edition and its requirements come to in the ledger: nodes and edges, valid from adoption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from graph.model import Claim, EdgeFacts, Interval, NodeFacts, PropertyValue, Scope, Uid
from graph.vocabulary import Kind
from ingest.sources.catalog.reading import Edition, StatedRequirement
from ingest.uids import native_uid

SCHEME: Final = "catalog"


def regulation_uid(catalog_id: str) -> Uid:
    """Return the uid of a regulation without regard to its edition."""
    return native_uid(Kind.REGULATION, SCHEME, catalog_id)


def edition_uid(catalog_id: str, edition: str) -> Uid:
    """Return the uid of an edition of a regulation.

    >>> edition_uid("owasp-nhi", "2025")
    'hf:regulation:catalog:owasp-nhi/2025'
    """
    return native_uid(Kind.REGULATION, SCHEME, catalog_id, edition)


def requirement_uid(catalog_id: str, edition: str, requirement: str) -> Uid:
    """Return the uid of a requirement of an edition."""
    return native_uid(Kind.REQUIREMENT, SCHEME, catalog_id, edition, requirement)


def edition_claims(edition: Edition, digest: str, scope: Scope, locator: str) -> Iterator[Claim]:
    """Yield what is said about a regulation and its edition."""
    regulation = regulation_uid(edition.catalog_id)
    uid = edition_uid(edition.catalog_id, edition.name)
    properties: dict[str, PropertyValue] = {
        "edition": edition.name,
        "digest": digest,
        "status": edition.status,
        "status_source": edition.status_source,
        "date_sources": json.dumps(edition.date_sources, sort_keys=True, ensure_ascii=False),
        "checked_at": edition.checked_at,
        "voluntary": edition.voluntary,
        **{name.replace("-", "_"): moment for name, moment in edition.dates.items()},
    }
    if edition.link is not None:
        properties["link"] = edition.link
    facts = (
        NodeFacts(regulation, Kind.REGULATION, edition.type, edition.regulation),
        NodeFacts(uid, Kind.REGULATION, edition.type, edition.title, properties),
        EdgeFacts("VERSION_OF", uid, regulation),
    )
    for fact in facts:
        yield Claim(scope, fact, Interval(edition.adopted), locator=locator)


def requirement_claims(
    edition: Edition, requirement: StatedRequirement, scope: Scope, locator: str
) -> Iterator[Claim]:
    """Yield what is said about a requirement, and where it belongs."""
    uid = requirement_uid(edition.catalog_id, edition.name, requirement.id)
    facts = NodeFacts(uid, Kind.REQUIREMENT, requirement.type, requirement.title, _properties(requirement))
    yield Claim(scope, facts, Interval(edition.adopted), locator=locator)
    if requirement.within is None:
        belongs = EdgeFacts("REQUIRES", edition_uid(edition.catalog_id, edition.name), uid)
    else:
        around = requirement_uid(edition.catalog_id, edition.name, requirement.within)
        belongs = EdgeFacts("PART_OF", uid, around, object_kind=Kind.REQUIREMENT)
    yield Claim(scope, belongs, Interval(edition.adopted), locator=locator)


def _properties(requirement: StatedRequirement) -> dict[str, PropertyValue]:
    optional = {
        "applicability": requirement.applicability,
        "description": requirement.statement,
        "link": requirement.link,
        "group": requirement.group,
    }
    return {
        "label": requirement.label,
        "level": requirement.level,
        "weight": requirement.weight,
        "slots": requirement.slots_text,
        **{name: moment for name, moment in optional.items() if moment is not None},
        **({"aliases": requirement.aliases} if requirement.aliases else {}),
        **{name.replace("-", "_"): moment for name, moment in requirement.dates.items()},
    }
