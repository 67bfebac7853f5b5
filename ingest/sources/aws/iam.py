"""Authorization details: what ``get-account-authorization-details`` prints, as one scope an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from graph.vocabulary import Kind
from ingest.documents import Document
from ingest.facts import Covered, Fact
from ingest.fingerprint import Fingerprinter
from ingest.record import Noted, ReadContext, Record, Rejected, Skipped
from ingest.shapes import JsonObject, Misshapen, as_list, as_object
from ingest.sources.aws.control import Control
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.grants import Grants
from ingest.sources.aws.identities import identity_facts
from ingest.sources.aws.listing import Known, narrowed
from ingest.sources.aws.names import Account, is_account, parse_arn
from ingest.sources.aws.policies.actions import uncounted
from ingest.sources.aws.principals import (
    GROUP,
    LISTS,
    POLICY,
    ROLE,
    USER,
    Faults,
    Place,
    read_policy,
    read_principal,
)
from ingest.sources.aws.sections import Stated, piecewise
from ingest.sources.aws.trust import Trust

_KINDS: Final = frozenset({Kind.IDENTITY.value})
_RELATIONS: Final = frozenset({"MEMBER_OF"})
_NO_USERS: Final = "no user is in it, as with --filter"
_MORE: Final = "there is another page"
_FAULTY: Final = "not all of it could be read"


@dataclass
class Pages:
    """All pages of one account that were read in this run.

    ``is_vouched`` if a sidecar names the command of each: details without users are a filter's else.
    """

    directory: Directory
    read_at: Instant
    faults: Faults = field(default_factory=Faults)
    why_partial: str | None = None
    users: int = 0
    is_vouched: bool = True

    def doubt(self, reason: str | None) -> None:
        """Note why the pages may not be all; the first reason stays."""
        self.why_partial = self.why_partial or reason


def is_details(body: JsonObject) -> bool:
    """Return whether a document has the shape of authorization details."""
    return any(name in body for name in LISTS if name != POLICY)


def users_of(body: JsonObject) -> Iterator[tuple[str, str, str]]:
    """Yield account, name and ARN of each user; what cannot be read is told of where all is read."""
    entries = body.get(USER)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            arn, name = entry.get("Arn"), entry.get("UserName")
            found = parse_arn(arn) if isinstance(arn, str) else None
            if found is not None and isinstance(arn, str) and isinstance(name, str):
                yield found.account, name, arn


def details_records(found: Sequence[Document], context: ReadContext, known: Known) -> Iterator[Record]:
    """Yield a scope for each account with its identities, and what they may do."""
    accounts: dict[str, Pages] = {}
    for document in found:
        yield from _read(document, accounts, context)
    for pages in accounts.values():
        pages.directory.buckets = frozenset(known.buckets.get(pages.directory.account.id, ()))
        yield from _account(pages, context)


def _read(document: Document, accounts: dict[str, Pages], context: ReadContext) -> Iterator[Record]:
    """Add what a document holds to the pages of its account; entries that cannot be read are yielded."""
    body = as_object(document.body)
    account = account_of(body, context.fingerprints)
    if account is None:
        expected = "the ARN of at least one user, group or role"
        yield Rejected(Problem(document.file.name, "", "", "nothing tells the account", expected))
        return
    pages = accounts.setdefault(account.id, Pages(Directory(account), document.read_at))
    pages.read_at = max(pages.read_at, document.read_at)
    pages.doubt(document.why_partial(context) or narrowed(document))
    pages.is_vouched &= document.file.sidecar is not None
    if any(body.get(name) for name in ("NextToken", "Marker", "IsTruncated")):
        pages.doubt(_MORE)
    for name in LISTS:
        if name not in body:
            pages.doubt(f"{name} is not in it")
            continue
        yield from _entries(document, body, name, pages)
    yield from (
        Skipped(f"field {key}") for key in body if key not in {*LISTS, "NextToken", "Marker", "IsTruncated"}
    )


def _entries(document: Document, body: JsonObject, name: str, pages: Pages) -> Iterator[Record]:
    try:
        entries = as_list(body[name], f"/{name}")
    except Misshapen as fault:
        pages.doubt(_FAULTY)
        yield Rejected(document.problem(fault))
        return
    for number, entry in enumerate(entries):
        place = Place(document.file.name, f"/{name}/{number}")
        try:
            _add(name, as_object(entry), place, pages)
        except Misshapen as fault:
            pages.doubt(_FAULTY)
            yield Rejected(Problem(place.file, place.pointer, fault.pointer, fault.reason, fault.expected))


def _add(name: str, entry: JsonObject, place: Place, pages: Pages) -> None:
    directory = pages.directory
    if name == POLICY:
        policy = read_policy(entry, place)
        directory.policies[policy.arn] = policy
        return
    principal = read_principal(name, entry, place, pages.faults)
    found = parse_arn(principal.arn)
    if found is None or found.account != directory.account.id:
        raise Misshapen("/Arn", "an ARN of another account", f"one of {directory.account.id}")
    directory.principals[principal.arn] = principal
    pages.users += name == USER


def account_of(body: JsonObject, fingerprints: Fingerprinter) -> Account | None:
    """Return the account whose users, groups and roles these are."""
    for name in (ROLE, USER, GROUP):
        entries = body.get(name)
        for entry in entries if isinstance(entries, list) else ():
            arn = entry.get("Arn") if isinstance(entry, dict) else None
            found = parse_arn(arn) if isinstance(arn, str) else None
            if found is not None and is_account(found.account):
                return Account(found.account, found.partition, fingerprints)
    return None


def _account(pages: Pages, context: ReadContext) -> Iterator[Record]:
    for place, fault in pages.faults.found:
        pages.doubt(_FAULTY)
        yield Rejected(Problem(place.file, place.pointer, fault.pointer, fault.reason, fault.expected))
    if not pages.users and not pages.is_vouched:
        pages.doubt(_NO_USERS)
    missing = _missing(pages.directory)
    if missing:
        yield Noted(
            f"{missing} managed policies that identities bear are not in the input, so nothing they allow "
            "is known, and what others allow is possible only"
        )
        pages.doubt(_FAULTY)
    asides = list(_unmapped(pages.directory))
    scope = Scope(context.source, f"{pages.directory.account.id}/iam")
    covered = Covered(_KINDS, _RELATIONS, pages.why_partial)
    yield from piecewise(scope, pages.read_at, _pieces(pages.directory, asides), covered)
    yield from (Skipped(what) for what in asides)


def _pieces(directory: Directory, asides: list[str]) -> Iterator[list[Stated]]:
    """Yield the facts of an account, those about one identity together."""
    trust, grants = Trust(directory, skipped=asides), Grants(directory)
    control = Control(directory, trust)
    identities = [*directory.acting(), *directory.of_sort(GROUP)]
    for principal in identities:
        place = principal.place
        account = Fact(directory.account.facts(), place.pointer)
        found = [account, *identity_facts(principal, directory)]
        yield [Stated(fact, place.file) for fact in found]
    for role in directory.of_sort(ROLE):
        found = list(trust.facts(role))
        nodes = [Fact(node, role.place.pointer) for node in trust.nodes.taken()]
        yield [Stated(fact, role.place.file) for fact in (*nodes, *found)]
    for principal in directory.acting():
        found = [*grants.facts(principal), *control.facts(principal)]
        yield [Stated(fact, principal.place.file) for fact in found]
        directory.forget(principal)


def _missing(directory: Directory) -> int:
    borne = {
        arn
        for p in directory.principals.values()
        for arn in (*p.attached, *([p.boundary] if p.boundary else ()))
    }
    return len(borne - directory.policies.keys())


def _unmapped(directory: Directory) -> Iterator[str]:
    """Yield, for each action that an Allow names, why nothing follows from it."""
    statements = [s for p in directory.principals.values() for s in p.inline]
    statements += [s for policy in directory.policies.values() for s in policy.statements]
    for statement in statements:
        if statement.allows and not statement.but_actions:
            yield from (why for action in statement.actions if (why := uncounted(action)) is not None)
