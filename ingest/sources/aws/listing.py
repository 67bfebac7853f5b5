"""Lists of what an account holds: how each is recognised, and the scope that it is.

A scope is one account, one region (where the service has regions) and one sort of list, so that no
list closes another. Where no entry tells the account, the sidecar or ``--scope`` must:
``123456789012`` or ``123456789012/eu-west-1``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from graph.model import Scope
from ingest.documents import Document
from ingest.facts import Covered, Fact
from ingest.fingerprint import Fingerprinter
from ingest.record import Noted, ReadContext, Record, Rejected, Skipped
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, text_at
from ingest.sources.aws.names import Account, is_account, parse_arn
from ingest.sources.aws.sections import Stated, joined, scope_records

_TOKENS: Final = (
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "IsTruncated",
    "ContinuationToken",
    "Prefix",
)
"""What says that a list is a part of one; ``Prefix`` is a filter that S3 prints back."""

_MORE: Final = "there is another page, or a filter"
_SEVERAL: Final = "it holds more than one account or region"
_FAULTY: Final = "not all of its entries could be read"
_REGION: Final = re.compile(r"--region[ =]([a-z0-9-]+)")
_NARROWING: Final = re.compile(
    r"--(?:filter|filters|query|max-items|starting-token|prefix|name-contains|status-equals|"
    r"creation-time-(?:after|before)|last-modified-time-(?:after|before))(?![\w-])"
)
_PAGES: Final = "several files of this run are of it"
_WHOSE: Final = "--scope or a sidecar's scope such as 123456789012 or 123456789012/eu-west-1"


def narrowed(document: Document) -> str | None:
    """Return why a command asked for less than everything, whatever else is said; None where it did not.

    >>> _NARROWING.search("aws s3api list-buckets --prefix a").group()
    '--prefix'
    """
    sidecar = document.file.sidecar
    found = None if sidecar is None else _NARROWING.search(sidecar.command)
    return None if found is None else f"its command asks for less than everything ({found.group()})"


@dataclass
class Known:
    """What other files of the same run tell that a list leaves out.

    ``users`` are the ARNs of users by account and name, ``fixed`` the repositories of images whose
    tags can (False) or cannot (True) be moved, ``served`` the models of endpoint configurations,
    ``buckets`` the names of buckets by account, ``readings`` how many files are of a scope,
    ``keys`` the ids of keys by user and second.
    """

    users: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    fixed: dict[str, bool] = field(default_factory=dict[str, bool])
    served: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    buckets: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    readings: Counter[str] = field(default_factory=Counter[str])
    keys: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])


@dataclass(frozen=True, slots=True)
class At:
    """Where a list was read, and what its entries are read with. ``region`` is empty for global services."""

    account: Account
    region: str
    fingerprints: Fingerprinter
    known: Known
    skipped: list[str]


Reader = Callable[[JsonObject, At, str], Iterable[Fact]]
"""Makes facts of an entry, given where it was read and its JSON pointer.

Raises:
    Misshapen: where it has another shape than the service gives it.
"""


@dataclass(frozen=True, slots=True)
class Form:
    """A list, or one thing by itself (without ``key``), and what is made of it.

    ``marker`` is a field that every entry has, and by which an entry is told from those of other
    lists; where it holds an ARN, that tells the account. ``part`` is the field that says of what
    alone the list is; another list of the same sort does not close it then.
    """

    name: str
    key: str
    marker: str
    reader: Reader
    kinds: frozenset[str]
    relations: frozenset[str] = frozenset()
    part: str = ""
    inside: str = ""

    def entries(self, body: JsonObject) -> list[tuple[str, JsonObject]] | None:
        """Return the entries of a document with their pointers; None where it is another one's.

        Raises:
            Misshapen: where a list of this name is none.
        """
        if self.key:
            if self.key not in body:
                return None
            found = as_list(body[self.key], f"/{self.key}")
            pairs = [(f"/{self.key}/{i}", entry) for i, entry in enumerate(found)]
            objects = [(pointer, entry) for pointer, entry in pairs if isinstance(entry, dict)]
            fits = not objects or any(self.marker in entry for _, entry in objects)
            return [*objects, *_no_objects(pairs)] if fits else None
        inner = body.get(self.inside) if self.inside else body
        fits = isinstance(inner, dict) and self.marker in inner
        return (
            [(f"/{self.inside}" if self.inside else "", inner)] if isinstance(inner, dict) and fits else None
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """A document that is of a form, with its entries."""

    form: Form
    document: Document
    entries: list[tuple[str, JsonObject]]
    tokens: tuple[str, ...]

    def records(self, context: ReadContext, known: Known) -> Iterator[Record]:
        """Yield a scope for each account and region that the list speaks of; there is mostly one."""
        groups: dict[tuple[Account, str, str], list[tuple[str, JsonObject]]] = {}
        lost = False
        for pointer, entry in self.entries:
            where = self._where(entry, context)
            if where is None:
                lost = True
                yield Rejected(self._lost(entry, pointer))
                continue
            groups.setdefault(where, []).append((pointer, entry))
        if not self.entries:
            told = self._told(context)
            if told is None or self.form.part:
                yield Noted(f"{self.document.file.name}: the list is empty, and nothing tells of what it is")
                return
            groups[told[0], told[1], ""] = []
        for (account, region, part), entries in groups.items():
            at = At(account, region, context.fingerprints, known, [])
            why = _SEVERAL if len(groups) > 1 else _FAULTY if lost else None
            yield from self._scope(at, part, entries, context, why)

    def scopes(self, context: ReadContext) -> set[str]:
        """Return the names of the scopes that the list is of."""
        found = {self._where(entry, context) for _, entry in self.entries}
        return {self._scope_name(*where) for where in found if where is not None}

    def _scope_name(self, account: Account, region: str, part: str) -> str:
        return "/".join(text for text in (account.id, region, self.form.name, part) if text)

    def note(self, reader: Reader, context: ReadContext, known: Known) -> None:
        """Let a reader take note of what other lists need; what cannot be read is told of later."""
        for pointer, entry in self.entries:
            where = self._where(entry, context)
            if where is not None:
                at = At(where[0], where[1], context.fingerprints, known, [])
                with suppress(Misshapen):
                    list(reader(entry, at, pointer))

    def _scope(
        self,
        at: At,
        part: str,
        entries: list[tuple[str, JsonObject]],
        context: ReadContext,
        doubt: str | None,
    ) -> Iterator[Record]:
        name = self._scope_name(at.account, at.region, part)
        stated: list[Stated] = [Stated(Fact(at.account.facts(), ""), self.document.file.name)]
        faulty = False
        for pointer, entry in entries:
            try:
                facts = list(self.form.reader(entry, at, pointer))
            except Misshapen as fault:
                faulty = True
                yield Rejected(self.document.problem(fault, pointer))
            else:
                stated.extend(Stated(fact, self.document.file.name) for fact in facts)
        yield from (Skipped(what) for what in at.skipped)
        why = self.document.why_partial(context)
        why = why or narrowed(self.document) or (_MORE if self.tokens else None) or doubt
        why = why or (_PAGES if at.known.readings[name] > 1 else None)
        why = why or (_FAULTY if faulty else None)
        covered = Covered(self.form.kinds, self.form.relations, why)
        scope = Scope(context.source, name)
        yield from scope_records(scope, self.document.read_at, joined(stated), covered)

    def _lost(self, entry: JsonObject, pointer: str) -> Problem:
        """Return why an entry cannot be told to be of an account."""
        try:
            text_at(entry, self.form.marker)
        except Misshapen as fault:
            return self.document.problem(fault, pointer)
        return Problem(self.document.file.name, pointer, "", "nothing tells the account", _WHOSE)

    def _where(self, entry: JsonObject, context: ReadContext) -> tuple[Account, str, str] | None:
        value = entry.get(self.form.marker)
        found = parse_arn(value) if isinstance(value, str) else None
        part = str(entry.get(self.form.part, "")) if self.form.part else ""
        if "@" in part:
            part = context.fingerprints.opaque_id(part)
        if found is not None and is_account(found.account):
            return Account(found.account, found.partition, context.fingerprints), found.region, part
        told = self._told(context)
        return None if told is None else (*told, part)

    def _told(self, context: ReadContext) -> tuple[Account, str] | None:
        """Return the account and region that the person or the sidecar says the list is of."""
        sidecar = self.document.file.sidecar
        text = context.scope or (sidecar.scope if sidecar is not None else "")
        account, _, region = text.partition("/")
        if not is_account(account):
            return None
        command = "" if sidecar is None else sidecar.command
        asked = _REGION.search(command)
        made = Account(account, fingerprints=context.fingerprints)
        return made, region or (asked.group(1) if asked and not _is_global(self.form) else "")


def _no_objects(pairs: Iterable[tuple[str, Json]]) -> Iterator[tuple[str, JsonObject]]:
    """Yield what is no object as an empty one, which its reader then finds lacking."""
    yield from ((pointer, {}) for pointer, entry in pairs if not isinstance(entry, dict))


def listing_of(document: Document, forms: Iterable[Form]) -> Listing | None:
    """Return a document as the list that its shape shows it to be; None where it is none of them.

    Raises:
        Misshapen: where a list of a known name has another shape.
    """
    body = document.body
    if not isinstance(body, dict):
        return None
    for form in forms:
        entries = form.entries(body)
        if entries is not None:
            tokens = tuple(name for name in _TOKENS if body.get(name))
            return Listing(form, document, entries, tokens)
    return None


def _is_global(form: Form) -> bool:
    return form.name.startswith(("iam.", "s3."))
