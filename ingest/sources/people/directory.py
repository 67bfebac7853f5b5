"""The list of people and teams: one row each, with status, dates and the teams they are in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.model import Claim, EdgeFacts, ExternalId, NodeFacts, PropertyValue, Scope
from graph.vocabulary import Kind
from ingest.csvtable import Row
from ingest.people import NO_ADDRESS, is_address
from ingest.record import ReadContext, Record, Rejected, Said, Skipped
from ingest.sources.people.names import person_digest, person_uid, team_uid
from ingest.times import parse_time
from ingest.uids import address_digest, address_uid

REQUIRED: Final = ("kind", "id")
OPTIONAL: Final = ("name", "email", "status", "suspended_at", "departed_at", "teams")
KINDS: Final = frozenset({Kind.IDENTITY.value})
RELATIONS: Final = frozenset({"MEMBER_OF"})

_DATE_EXPECTED: Final = "a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z"
_ADDRESS_EXPECTED: Final = "one address such as ada@example.org, or nothing"
_DATES: Final = ("suspended_at", "departed_at")
_STATUSES: Final = ("active", "suspended", "departed", "unknown")


@dataclass
class _BadCell(Exception):
    """A cell that cannot be what stands in it."""

    column: str
    reason: str
    expected: str


def read_row(row: Row, scope: Scope, context: ReadContext) -> Iterator[Record]:
    """Yield a person or a team and its memberships; a row with any bad cell is rejected whole."""
    try:
        facts = _facts(row, context)
    except _BadCell as bad:
        yield Rejected(row.problem(bad.column, bad.reason, bad.expected), scope)
        return
    yield Said(Claim(scope, facts, locator=_locator(row)), row.file, row.position())
    email = row.cell("email")
    if email and facts.type == "person":
        address = Claim(scope, _address(email, context), locator=_locator(row))
        yield Said(address, row.file, row.position("email"))
    elif email:
        yield Skipped("e-mail address of a team")
    for team in row.several("teams"):
        member = EdgeFacts("MEMBER_OF", facts.uid, team_uid(team, context))
        yield Said(Claim(scope, member, locator=_locator(row)), row.file, row.position("teams"))


def _facts(row: Row, context: ReadContext) -> NodeFacts:
    kind, native_id, email = row.cell("kind").lower(), row.cell("id"), row.cell("email")
    if kind not in ("person", "team"):
        raise _BadCell("kind", "is neither a person nor a team", "person or team")
    if not native_id:
        raise _BadCell("id", "is empty", "an id")
    properties, name = _properties(row), row.cell("name") or None
    if kind == "team":
        return NodeFacts(team_uid(native_id, context), Kind.IDENTITY, kind, name, properties)
    if email and not is_address(email):
        raise _BadCell("email", NO_ADDRESS, _ADDRESS_EXPECTED)
    ids = _external_ids(native_id, email, context)
    return NodeFacts(person_uid(native_id, context), Kind.IDENTITY, kind, name, properties, ids)


def _external_ids(native_id: str, email: str, context: ReadContext) -> tuple[ExternalId, ...]:
    ids = (ExternalId("people-id", person_digest(native_id, context)),)
    return (*ids, ExternalId("email", email.lower()), _digest(email, context)) if email else ids


def _address(email: str, context: ReadContext) -> NodeFacts:
    """Return the address as a node of its own: the same person while the list says so."""
    uid = address_uid(email, context.fingerprints)
    return NodeFacts(uid, Kind.IDENTITY, "person", external_ids=(_digest(email, context),))


def _digest(email: str, context: ReadContext) -> ExternalId:
    return ExternalId("email-digest", address_digest(email, context.fingerprints))


def _properties(row: Row) -> dict[str, PropertyValue]:
    properties: dict[str, PropertyValue] = {}
    if status := row.cell("status").lower():
        if status not in _STATUSES:
            raise _BadCell("status", "is no status", f"one of {', '.join(_STATUSES)}, or nothing")
        properties["status"] = status
    for column in _DATES:
        if row.cell(column):
            try:
                properties[column] = parse_time(row.cell(column)).moment
            except ValueError as error:
                raise _BadCell(column, f"holds {error}", _DATE_EXPECTED) from None
    return properties


def _locator(row: Row) -> str:
    return f"{row.file}: {row.position()}"
