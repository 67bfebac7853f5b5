"""The AWS plug-in: what the AWS CLI prints as JSON in, claims by account and sort of list out.

Each file is recognised by its shape. All are read first, as a list of keys leaves out what the
authorization details tell of their users; then each list is a scope of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Scope
from ingest.documents import Document
from ingest.facts import Covered, Fact
from ingest.files import Unreadable, document
from ingest.jsontext import NotJson, parse_json
from ingest.record import ReadContext, Record, Rejected
from ingest.shapes import Misshapen
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.aws import credentials, functions, holdings, learning
from ingest.sources.aws.fields import moment_at
from ingest.sources.aws.iam import details_records, is_details, users_of
from ingest.sources.aws.listing import Known, Listing, Reader, listing_of
from ingest.sources.aws.sections import Stated, joined, scope_records

_UNKNOWN: Final = "nothing that is recognised"
_EXPECTED: Final = "what one of the commands in docs/sources/aws.md prints"
_FAULTY: Final = "not all of its lines could be read"

FORMS: Final = (credentials.ACCESS_KEYS, *holdings.FORMS, *functions.FORMS, *learning.FORMS)
_NOTES: Final[tuple[tuple[str, Reader], ...]] = (
    (credentials.ACCESS_KEYS.name, credentials.note_key),
    (holdings.BUCKETS.name, holdings.note_bucket),
    (holdings.REPOSITORIES.name, holdings.note_mutability),
    (learning.CONFIGURATION.name, learning.note_configuration),
)
"""What is learned from some lists before any is told of."""


@dataclass
class _Read:
    """All documents of a run, by what they are."""

    details: list[Document]
    listings: list[Listing]
    reports: list[tuple[Document, str]]


@dataclass(frozen=True, slots=True)
class AwsSource:
    """Reads what the AWS CLI prints."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "aws"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return (
            "AWS accounts as AWS CLI 2 prints them in JSON (shapes of botocore 1.44): rights, keys, resources"
        )

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "users, groups, roles: Identity; MEMBER_OF, WITHIN the account",
            "policies, evaluated: CAN_READ, CAN_WRITE, CAN_ADMIN, CAN_INVOKE on typed scopes of ARN patterns",
            "trust policies: CAN_ASSUME, also for services, other accounts and subjects of tokens",
            "PassRole with an action that creates, and rights over one's own rights: CAN_ADMIN",
            "access keys, passwords, certificates: Secret with its dates; AUTHENTICATES the user",
            "Secrets Manager: Secret with its dates; S3, ECR: Asset; images by tag and by digest",
            "Lambda: Asset of type workload; RUNS_AS, BUILT_FROM, its environment as a Secret without values",
            "SageMaker, Bedrock: models, endpoints, jobs, notebooks, agents; RUNS_AS, READS, TRAINED_ON, ...",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "policies of resources (buckets, keys, queues), of the organisation and of sessions",
            "actions of services without data, and actions that only describe: counted",
            "what users would gain by joining groups other than those of administrators",
            "tags and descriptions, networks, code, hyperparameters and instructions of agents",
            "published versions of functions: counted",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say. Memory grows with all of them together."""
        read = _Read([], [], [])
        done = 0
        for found in inputs(paths, (".json", ".csv")):
            if not isinstance(found, InputFile):
                yield found
                continue
            is_table = found.path.name.removesuffix(".gz").endswith(".csv")
            yield from (_table if is_table else _json)(found, context, read)
            done += found.path.stat().st_size if found.path.exists() else 0
            context.progress(done)
        known = _known(read, context)
        yield from details_records(read.details, context, known)
        for listing in read.listings:
            yield from listing.records(context, known)
        for body, text in read.reports:
            yield from _report(body, text, context, known)


def _json(file: InputFile, context: ReadContext, read: _Read) -> Iterator[Record]:
    """Add a JSON file to what was read, or yield what is wrong with it."""
    try:
        body = parse_json(document(file.path))
        read_at, warning = read_time(file, context)
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        yield Rejected(Problem(file.name, place, "", error.reason, error.expected))
        return
    if warning is not None:
        yield warning
    found = Document(file, body, read_at)
    try:
        known = _sort(found, read)
    except Misshapen as fault:
        yield Rejected(found.problem(fault))
        return
    if not known:
        yield Rejected(Problem(file.name, "", "", _UNKNOWN, _EXPECTED))


def _sort(found: Document, read: _Read) -> bool:
    """Add a document to those of its sort; return False where it is of none."""
    body = found.body
    if not isinstance(body, dict):
        return False
    if is_details(body):
        read.details.append(found)
        return True
    if "Content" in body and "ReportFormat" in body:
        # A report may have been made hours before it was fetched.
        made_at = moment_at(body, "GeneratedTime") or found.read_at
        read.reports.append((replace(found, read_at=made_at), credentials.decoded_report(body)))
        return True
    listing = listing_of(replace(found, body=dict(functions.whole_function(body))), FORMS)
    if listing is not None:
        read.listings.append(listing)
    return listing is not None


def _table(file: InputFile, context: ReadContext, read: _Read) -> Iterator[Record]:
    """Add a decoded credential report to what was read, or yield what is wrong with it."""
    try:
        text = document(file.path)
        read_at, warning = read_time(file, context)
    except Unreadable as error:
        yield Rejected(error.problem)
        return
    if warning is not None:
        yield warning
    read.reports.append((Document(file, None, read_at), text))


def _known(read: _Read, context: ReadContext) -> Known:
    known = Known()
    for found in read.details:
        if isinstance(found.body, dict):
            known.users.update({(account, name): arn for account, name, arn in users_of(found.body)})
    for listing in read.listings:
        known.readings.update(listing.scopes(context))
    for name, reader in _NOTES:
        for listing in read.listings:
            if listing.form.name == name:
                listing.note(reader, context, known)
    return known


def _report(found: Document, text: str, context: ReadContext, known: Known) -> Iterator[Record]:
    """Yield the credentials that a report tells of."""
    rows = credentials.report_rows(text)
    account = None if rows is None else credentials.report_account(rows, context.fingerprints)
    if rows is None or account is None:
        expected = f"a credential report with the columns {', '.join(credentials.COLUMNS)}, ..."
        yield Rejected(Problem(found.file.name, "", "", _UNKNOWN, expected))
        return
    stated = [Stated(Fact(account.facts(), ""), found.file.name)]
    why = found.why_partial(context)
    for row in rows:
        try:
            facts = list(credentials.row_facts(row, known, account))
        except Misshapen as fault:
            why = why or _FAULTY
            yield Rejected(found.problem(fault, f"line {row.number}"))
        else:
            stated.extend(Stated(fact, found.file.name) for fact in facts)
    covered = Covered(credentials.REPORT_KINDS, frozenset({"AUTHENTICATES"}), why)
    scope = Scope(context.source, f"{account.id}/{credentials.REPORT}")
    yield from scope_records(scope, found.read_at, joined(stated), covered)


SOURCE: Final = AwsSource()
