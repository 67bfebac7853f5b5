"""The list of people and teams: one row each, with status, dates and the teams they are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import Claim, EdgeFacts, ExternalId, NodeFacts, PropertyValue, Scope
from graph.vocabulary import Kind
from ingest.record import ReadContext, Record, Rejected, Said
from ingest.sources.people.names import person_digest, person_uid, team_uid
from ingest.sources.people.table import Row
from ingest.times import EXPECTED, parse_time
from ingest.uids import address_digest, address_uid

REQUIRED: Final = ("kind", "id")
OPTIONAL: Final = ("name", "email", "status", "suspended_at", "departed_at", "teams")
KINDS: Final = frozenset({Kind.IDENTITY.value})
RELATIONS: Final = frozenset({"MEMBER_OF"})

_DATES: Final = ("suspended_at", "departed_at")
_STATUSES: Final = ("active", "suspended", "departed", "unknown")


def read_row(row: Row, scope: Scope, context: ReadContext) -> Iterator[Record]:
    """Yield a person or a team and its memberships; a row with any bad cell is rejected whole."""
    kind, native_id, email = row.cell("kind").lower(), row.cell("id"), row.cell("email")
    if kind not in ("person", "team"):
        yield Rejected(row.problem("kind", "is neither a person nor a team", "person or team"), scope)
        return
    if not native_id:
        yield Rejected(row.problem("id", "is empty", "an id"), scope)
        return
    properties = _properties(row)
    if isinstance(properties, Rejected):
        yield Rejected(properties.problem, scope)
        return
    is_person = kind == "person"
    uid = person_uid(native_id, context) if is_person else team_uid(native_id, context)
    ids = _external_ids(native_id, email, context) if is_person else ()
    name = row.cell("name") or None
    facts = NodeFacts(uid, Kind.IDENTITY, kind, name, properties, ids)
    yield Said(Claim(scope, facts, locator=_locator(row)), row.file, row.position())
    if email and is_person:
        yield Said(
            Claim(scope, _address(email, context), locator=_locator(row)), row.file, row.position("email")
        )
    for team in row.several("teams"):
        member = EdgeFacts("MEMBER_OF", uid, team_uid(team, context))
        yield Said(Claim(scope, member, locator=_locator(row)), row.file, row.position("teams"))


def _external_ids(native_id: str, email: str, context: ReadContext) -> tuple[ExternalId, ...]:
    ids = (ExternalId("people-id", person_digest(native_id, context)),)
    return (*ids, ExternalId("email", email.lower()), _digest(email, context)) if email else ids


def _address(email: str, context: ReadContext) -> NodeFacts:
    """Return the address as a node of its own: the same person while the list says so."""
    uid = address_uid(email, context.fingerprints)
    return NodeFacts(uid, Kind.IDENTITY, "person", external_ids=(_digest(email, context),))


def _digest(email: str, context: ReadContext) -> ExternalId:
    return ExternalId("email-digest", address_digest(email, context.fingerprints))


def _properties(row: Row) -> dict[str, PropertyValue] | Rejected:
    properties: dict[str, PropertyValue] = {}
    if status := row.cell("status").lower():
        if status not in _STATUSES:
            expected = f"one of {', '.join(_STATUSES)}, or nothing"
            return Rejected(row.problem("status", "is no status", expected))
        properties["status"] = status
    for column in _DATES:
        if row.cell(column):
            try:
                properties[column] = parse_time(row.cell(column)).moment
            except ValueError as error:
                return Rejected(row.problem(column, f"holds {error}", EXPECTED))
    return properties


def _locator(row: Row) -> str:
    return f"{row.file}: {row.position()}"
