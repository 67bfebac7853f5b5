"""Access keys of users, and the credential report with the ages of passwords, keys and certificates."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, Instant, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, text_at
from ingest.sources.aws.fields import moment_at, present
from ingest.sources.aws.listing import At, Form, Known
from ingest.sources.aws.names import Account, arn_id, arn_uid, is_account, key_uid, parse_arn
from ingest.times import EXPECTED, parse_time
from ingest.uids import native_uid

REPORT: Final = "iam.credential-report"
REPORT_KINDS: Final = frozenset({Kind.SECRET.value})
COLUMNS: Final = ("user", "arn", "password_enabled", "access_key_1_active", "access_key_2_active")

_SECRETS: Final = frozenset({Kind.SECRET.value})
_AUTHENTICATES: Final = frozenset({"AUTHENTICATES"})
_NO_PATH: Final = "no path stands before the name of the user"
_ABSENT: Final = frozenset({"", "N/A", "n/a", "not_supported", "no_information", "NOT_SUPPORTED"})
_ROOT: Final = "<root_account>"
_KEYS: Final = ("1", "2")


def key_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an access key, and whom it opens. The list names the user without its path."""
    key_id, user = text_at(entry, "AccessKeyId"), text_at(entry, "UserName")
    status = text_at(entry, "Status")
    if status not in {"Active", "Inactive", "Expired"}:
        raise Misshapen("/Status", "another word", "Active or Inactive")
    node = NodeFacts(
        key_uid(key_id),
        Kind.SECRET,
        type="api_key",
        name=f"access key of {user}",
        properties=present(created=moment_at(entry, "CreateDate"), revoked=status != "Active"),
        external_ids=(ExternalId("aws-access-key-id", key_id),),
    )
    yield Fact(node, pointer)
    arn = at.known.users.get((at.account.id, user))
    guess = f"arn:{at.account.partition}:iam::{at.account.id}:user/{user}"
    edge = EdgeFacts("AUTHENTICATES", node.uid, arn_uid(Kind.IDENTITY, arn or guess))
    if arn is None:
        yield Fact(edge, pointer, Certainty.POSSIBLE, _NO_PATH)
    else:
        yield Fact(edge, pointer)


def note_key(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:  # noqa: ARG001 - a reader's
    """Take note of when a key was made, by which the credential report can be told to speak of it."""
    created = moment_at(entry, "CreateDate")
    if created is not None:
        at.known.keys[text_at(entry, "UserName"), created // 1000] = text_at(entry, "AccessKeyId")
    return iter(())


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of the credential report, from 1 for the header."""

    number: int
    cells: Mapping[str, str]

    def moment(self, column: str) -> Instant | None:
        """Return the time in a column; None where there is none.

        Raises:
            Misshapen: where something else stands there.
        """
        text = self.cells.get(column, "")
        if text in _ABSENT:
            return None
        try:
            return parse_time(text).moment
        except ValueError as error:
            raise Misshapen(f"/{column}", str(error), EXPECTED) from None

    def flag(self, column: str) -> bool | None:
        """Return whether a column says true; None where it says neither that nor false."""
        return {"true": True, "false": False}.get(self.cells.get(column, "").lower())


def decoded_report(body: JsonObject) -> str:
    """Return the CSV that ``get-credential-report`` prints in base64.

    Raises:
        Misshapen: where it is none.
    """
    try:
        return base64.b64decode(text_at(body, "Content"), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Misshapen("/Content", "text that is not base64 of UTF-8", "the report in base64") from None


def report_rows(text: str) -> list[ReportRow] | None:
    """Return the lines of a credential report; None where the header is of something else."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        if reader.fieldnames is None or not set(COLUMNS) <= set(reader.fieldnames):
            return None
        return [
            ReportRow(reader.line_num, {k: v for k, v in row.items() if isinstance(v, str)}) for row in reader
        ]
    except csv.Error:
        return None


def report_account(rows: list[ReportRow]) -> Account | None:
    """Return the account that a report is of."""
    for row in rows:
        found = parse_arn(row.cells.get("arn", ""))
        if found is not None and is_account(found.account):
            return Account(found.account, found.partition)
    return None


def row_facts(row: ReportRow, known: Known) -> Iterator[Fact]:
    """Yield the credentials of one user. An access key is known by when it was made, or by its number.

    Raises:
        Misshapen: where a column holds what it should not.
    """
    arn = row.cells.get("arn", "")
    if parse_arn(arn) is None:
        raise Misshapen("/arn", "no ARN stands here", "the ARN of the user")
    user, owner, place = row.cells.get("user", ""), arn_uid(Kind.IDENTITY, arn), f"line {row.number}"
    if user == _ROOT:
        root = NodeFacts(owner, Kind.IDENTITY, name="root user", external_ids=arn_id(arn))
        yield Fact(root, place)
    properties = present(mfa_enabled=row.flag("mfa_active"), last_used=row.moment("password_last_used"))
    if row.flag("password_enabled") or (user == _ROOT and row.moment("password_last_changed")):
        more = present(
            last_rotated=row.moment("password_last_changed"),
            next_rotation=row.moment("password_next_rotation"),
        )
        uid = native_uid(Kind.SECRET, "aws-password", arn)
        yield from _credential(
            uid, "password", f"console password of {user}", {**properties, **more}, owner, place
        )
    for number in _KEYS:
        yield from _key(row, number, known, owner, place)
        yield from _certificate(row, number, owner, place)


def _key(row: ReportRow, number: str, known: Known, owner: Uid, place: str) -> Iterator[Fact]:
    """Yield an access key of a user: one that was never made leaves no time."""
    made = row.moment(f"access_key_{number}_last_rotated")
    active = row.flag(f"access_key_{number}_active")
    if made is None and not active:
        return
    user, arn = row.cells["user"], row.cells["arn"]
    key_id = None if made is None else known.keys.get((user, made // 1000))
    uid = native_uid(Kind.SECRET, "aws-access-key", arn, number) if key_id is None else key_uid(key_id)
    properties = present(
        created=made,
        last_used=row.moment(f"access_key_{number}_last_used_date"),
        revoked=None if active is None else not active,
    )
    yield from _credential(uid, "api_key", f"access key of {user}", properties, owner, place)


def _certificate(row: ReportRow, number: str, owner: Uid, place: str) -> Iterator[Fact]:
    made, active = row.moment(f"cert_{number}_last_rotated"), row.flag(f"cert_{number}_active")
    if made is None and not active:
        return
    uid = native_uid(Kind.SECRET, "aws-signing-certificate", row.cells["arn"], number)
    properties = present(created=made, revoked=None if active is None else not active)
    name = f"signing certificate of {row.cells['user']}"
    yield from _credential(uid, "certificate", name, properties, owner, place)


def _credential(
    uid: Uid, sort: str, name: str, properties: dict[str, PropertyValue], owner: Uid, place: str
) -> Iterator[Fact]:
    yield Fact(NodeFacts(uid, Kind.SECRET, sort, name, properties), place)
    yield Fact(EdgeFacts("AUTHENTICATES", uid, owner), place)


ACCESS_KEYS: Final = Form(
    "iam.access-keys",
    "AccessKeyMetadata",
    "AccessKeyId",
    key_facts,
    _SECRETS,
    _AUTHENTICATES,
    part="UserName",
)
