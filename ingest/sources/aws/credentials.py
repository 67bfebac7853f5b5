"""Access keys of users, and the credential report with the ages of passwords, keys and certificates."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.model import EdgeFacts, ExternalId, Instant, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.shapes import JsonObject, Misshapen, text_at
from ingest.sources.aws.fields import moment_at, present
from ingest.sources.aws.listing import At, Form, Known
from ingest.sources.aws.names import Account, address_in, arn_id, identity_uid, is_account, key_uid, parse_arn
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
_NUMBERS: Final = ("1", "2")


def key_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an access key, and whom it opens. The list names the user without its path."""
    key_id, user = text_at(entry, "AccessKeyId"), text_at(entry, "UserName")
    status = text_at(entry, "Status")
    if status not in {"Active", "Inactive", "Expired"}:
        raise Misshapen("/Status", "another word", "Active or Inactive")
    arn = at.known.users.get((at.account.id, user))
    guess = f"arn:{at.account.partition}:iam::{at.account.id}:user/{user}"
    shown = user if address_in(guess) is None else "a person"
    node = NodeFacts(
        key_uid(key_id),
        Kind.SECRET,
        type="api_key",
        name=f"access key of {shown}",
        properties=present(created=moment_at(entry, "CreateDate"), revoked=status != "Active"),
        external_ids=(ExternalId("aws-access-key-id", key_id),),
    )
    yield Fact(node, pointer)
    edge = EdgeFacts("AUTHENTICATES", node.uid, identity_uid(arn or guess, at.fingerprints))
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

    @property
    def place(self) -> str:
        """Return where the row stands."""
        return f"line {self.number}"

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


def report_account(rows: list[ReportRow], fingerprints: Fingerprinter) -> Account | None:
    """Return the account that a report is of."""
    for row in rows:
        found = parse_arn(row.cells.get("arn", ""))
        if found is not None and is_account(found.account):
            return Account(found.account, found.partition, fingerprints)
    return None


def row_facts(row: ReportRow, known: Known, account: Account) -> Iterator[Fact]:
    """Yield the credentials of one user. An access key is known by when it was made, or by its number.

    Raises:
        Misshapen: where a column holds what it should not.
    """
    arn = row.cells.get("arn", "")
    if parse_arn(arn) is None:
        raise Misshapen("/arn", "no ARN stands here", "the ARN of the user")
    holder = _Holder(row, identity_uid(arn, account.fingerprints), arn, row.cells.get("user", ""))
    if address_in(arn) is not None:
        # The address of a person stands in no name and no uid.
        holder = replace(holder, native=account.fingerprints.opaque_id(arn), shown="a person")
    if holder.is_root:
        root = NodeFacts(holder.uid, Kind.IDENTITY, name="root user", external_ids=arn_id(arn))
        yield Fact(root, row.place)
    yield from _password(holder)
    for number in _NUMBERS:
        yield from _key(holder, number, known)
        yield from _certificate(holder, number)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose credentials a row tells of: as a node, and how that stands in uids and names."""

    row: ReportRow
    uid: Uid
    native: str
    shown: str

    @property
    def is_root(self) -> bool:
        return self.row.cells.get("user") == _ROOT

    def credential(
        self, uid: Uid, sort: str, name: str, properties: dict[str, PropertyValue]
    ) -> Iterator[Fact]:
        """Yield a credential, and whom it opens."""
        yield Fact(NodeFacts(uid, Kind.SECRET, sort, f"{name} of {self.shown}", properties), self.row.place)
        yield Fact(EdgeFacts("AUTHENTICATES", uid, self.uid), self.row.place)


def _password(holder: _Holder) -> Iterator[Fact]:
    """Yield the password for the console; that of the root user is told of by its dates alone."""
    row = holder.row
    changed = row.moment("password_last_changed")
    if not (row.flag("password_enabled") or (holder.is_root and changed)):
        return
    properties = present(
        mfa_enabled=row.flag("mfa_active"),
        last_used=row.moment("password_last_used"),
        last_rotated=changed,
        next_rotation=row.moment("password_next_rotation"),
    )
    uid = native_uid(Kind.SECRET, "aws-password", holder.native)
    yield from holder.credential(uid, "password", "console password", properties)


def _key(holder: _Holder, number: str, known: Known) -> Iterator[Fact]:
    """Yield an access key of a user: one that was never made leaves no time."""
    row = holder.row
    made = row.moment(f"access_key_{number}_last_rotated")
    active = row.flag(f"access_key_{number}_active")
    if made is None and not active:
        return
    key_id = None if made is None else known.keys.get((row.cells["user"], made // 1000))
    uid = (
        native_uid(Kind.SECRET, "aws-access-key", holder.native, number)
        if key_id is None
        else key_uid(key_id)
    )
    properties = present(
        created=made,
        last_used=row.moment(f"access_key_{number}_last_used_date"),
        revoked=None if active is None else not active,
    )
    yield from holder.credential(uid, "api_key", "access key", properties)


def _certificate(holder: _Holder, number: str) -> Iterator[Fact]:
    row = holder.row
    made, active = row.moment(f"cert_{number}_last_rotated"), row.flag(f"cert_{number}_active")
    if made is None and not active:
        return
    uid = native_uid(Kind.SECRET, "aws-signing-certificate", holder.native, number)
    properties = present(created=made, revoked=None if active is None else not active)
    yield from holder.credential(uid, "certificate", "signing certificate", properties)


ACCESS_KEYS: Final = Form(
    "iam.access-keys",
    "AccessKeyMetadata",
    "AccessKeyId",
    key_facts,
    _SECRETS,
    _AUTHENTICATES,
    part="UserName",
)
