"""What a source yields while it is read, and what it is given to read with.

A source turns its own format into these typed records and knows nothing of stores,
batches or commits; the job does the rest. Records come in this order: a scope is
opened, things are said in it, and it is closed; scopes do not overlap. Problems,
notes and skipped things may come anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from graph.errors import Problem
from graph.ledger.port import RawRecord
from graph.model import Claim, Instant, Scope, SourceInstance, Uid
from ingest.fingerprint import Fingerprinter


@dataclass(frozen=True, slots=True)
class ScopeOpened:
    """A scope begins. Claims that state no time hold from ``read_at``.

    With ``states_history`` the source says all that was ever true in the scope, each
    claim with its interval: what a whole reading no longer says is taken back, not
    ended. ``kinds`` and ``relations`` are what a complete read covers; None means
    those that occur in it. ``covered_from`` is when that coverage begins, if not at
    ``read_at``. A source that ``restates`` tells at each reading the whole history of what
    it shows, so that coverage holds for what is shown for the first time from its beginning
    on; what states its history always does.
    """

    scope: Scope
    read_at: Instant
    states_history: bool = False
    kinds: frozenset[str] | None = None
    relations: frozenset[str] | None = None
    covered_from: Instant | None = None
    restates: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One claim in the scope that is open, with its place in the input."""

    claim: Claim
    file: str
    position: str


@dataclass(frozen=True, slots=True)
class ScopeClosed:
    """The scope ends. ``complete`` if all that it holds has been said; else why it may not be."""

    scope: Scope
    complete: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that could not be read. ``scope`` is the one it belonged to, if that is known."""

    problem: Problem
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something of this kind was read and is knowingly not mapped; counted, never guessed."""

    what: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A warning for the person who runs the job."""

    message: str


@dataclass(frozen=True, slots=True)
class Observed:
    """A volatile property (last used, last seen): kept in the run log, never in a commit."""

    uid: Uid
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Retained:
    """A redacted payload to be kept, so that claims can be worked out again from all of them."""

    record: RawRecord


Record: TypeAlias = ScopeOpened | Said | ScopeClosed | Rejected | Skipped | Noted | Observed | Retained


def _nothing_retained(group: str) -> Iterator[RawRecord]:  # noqa: ARG001 - the shape of a callback
    """Return no payloads."""
    return iter(())


def _no_progress(done: int) -> None:
    """Take note of progress by doing nothing."""


@dataclass(frozen=True)
class ReadContext:
    """What the person who runs a job said, and what the job offers to a source.

    ``instance`` is whose files these are; ``scope`` and ``read_at`` override what the
    files say, ``complete`` says that a file is the whole of its scope. ``addresses`` are for
    a source that is ``Addressed``, as they were given. ``retained`` gives a group's payloads
    in order of time, those yielded a moment ago included.
    ``progress`` may be called with the number of input bytes read so far.
    """

    source: SourceInstance
    fingerprints: Fingerprinter
    now: Instant
    scope: str | None = None
    read_at: Instant | None = None
    complete: bool = False
    addresses: Sequence[str] = ()
    retained: Callable[[str], Iterator[RawRecord]] = _nothing_retained
    progress: Callable[[int], None] = _no_progress


class Source(Protocol):
    """A source plug-in: the object that an entry point in ``holdfast.sources`` names."""

    @property
    def name(self) -> str:
        """Return the plug-in's name, as precedence and external ids know it."""
        ...

    @property
    def summary(self) -> str:
        """Return in one line what it reads, with the format's versions."""
        ...

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps to the vocabulary, one line each."""
        ...

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        ...

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what files or folders say.

        What cannot be read is yielded as Rejected and the rest goes on; nothing is
        raised for bad input. The value of a secret is never yielded in any form.
        """
        ...


@runtime_checkable
class Shipping(Protocol):
    """A source that brings inputs of its own, which may be named in place of files."""

    @property
    def shipped(self) -> Sequence[str]:
        """Return their names, in order."""
        ...


@runtime_checkable
class Addressed(Protocol):
    """A source that also asks servers, or opens what no path leads to.

    What it is asked to read there stands in ``ReadContext.addresses``. It only reads; it takes
    credentials from the environment, as an address is logged and listed by the system.
    """

    @property
    def schemes(self) -> Sequence[str]:
        """Return the schemes of the addresses that it takes: what stands before ``://``."""
        ...


def schemes_of(source: Source) -> Sequence[str]:
    """Return the schemes of the addresses that a source takes; none for most."""
    return source.schemes if isinstance(source, Addressed) else ()


def shipped_by(source: Source) -> Sequence[str]:
    """Return the names of the inputs that come with a source; none for most."""
    return source.shipped if isinstance(source, Shipping) else ()
