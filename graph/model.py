"""The values that everything else passes around: nodes, edges, claims, commits and times.

All of them are frozen. A node, an edge or a time never crosses a module boundary
as a bare dictionary, string or number: times are ``Instant`` (milliseconds since
1970 in UTC), recorded times are ``CommitNumber`` values, and intervals are
half-open, ``[start, end)``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType, TypeAlias

from graph.vocabulary import Certainty, Harm, Kind, Origin

Uid = NewType("Uid", str)
"""What a source calls a node; compared byte for byte, never folded or normalised."""

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00:00Z."""

CommitNumber = NewType("CommitNumber", int)
"""The number of a commit; 0 is the empty ledger, the first commit is 1."""

RunId = NewType("RunId", str)
"""The name of one execution of an ingest job."""

ClaimId = NewType("ClaimId", str)
"""Digest of who says what about which thing; the same for every version of the claim."""

RowKey = NewType("RowKey", str)
"""Digest of a claim id and the start of its validity; one claim may hold at several intervals."""

EdgeId = NewType("EdgeId", str)
"""Digest of a folded edge: relation, canonical subject, canonical object, discriminator."""

OPEN_END: Final = Instant(253_402_300_799_999)
"""9999-12-31T23:59:59.999Z: the end of an interval that nobody has ended."""

OPEN_RECORD: Final = CommitNumber(2**62)
"""The recorded end of a row that no later commit has ended."""

Scalar: TypeAlias = bool | int | float | str
PropertyValue: TypeAlias = bool | int | float | str | tuple[bool | int | float | str, ...]
Properties: TypeAlias = Mapping[str, PropertyValue]

NO_PROPERTIES: Final[Properties] = MappingProxyType({})
NO_CONTEST: Final[Mapping[str, tuple[PropertyValue, ...]]] = MappingProxyType({})


def no_properties() -> Properties:
    """Return the empty properties; the default of every field that holds some."""
    return NO_PROPERTIES


def _nothing_read() -> Mapping[Scope, Instant]:
    return MappingProxyType({})


def _nothing_contested() -> Mapping[str, tuple[PropertyValue, ...]]:
    return NO_CONTEST


def now() -> Instant:
    """Return the present time of this machine's clock."""
    return Instant(time.time_ns() // 1_000_000)


def instant(moment: datetime) -> Instant:
    """Return a date as milliseconds in UTC; one without a zone is taken to be UTC.

    >>> instant(datetime(2026, 1, 1, tzinfo=UTC))
    1767225600000
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # Integer arithmetic: a float of seconds loses milliseconds in far years.
    return Instant((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def as_datetime(moment: Instant) -> datetime:
    """Return an instant as a date in UTC.

    >>> as_datetime(Instant(1767225600000)).isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)


def as_text(moment: Instant) -> str:
    """Return an instant in RFC 3339 with milliseconds and ``Z``; an open end reads ``open``.

    >>> as_text(Instant(1767225600000)), as_text(OPEN_END)
    ('2026-01-01T00:00:00.000Z', 'open')
    """
    if moment >= OPEN_END:
        return "open"
    return as_datetime(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open stretch of valid time, ``[start, end)``."""

    start: Instant
    end: Instant = OPEN_END

    def holds_at(self, moment: Instant) -> bool:
        """Return whether the moment lies inside."""
        return self.start <= moment < self.end

    def overlaps(self, other: Interval) -> bool:
        """Return whether the two share any moment."""
        return self.start < other.end and other.start < self.end


ALWAYS: Final = Interval(Instant(-(2**62)), OPEN_END)
"""From before anything to the open end."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The two times that every answer is an answer for.

    ``valid`` is when the facts held in the world, ``known`` is the commit up to
    which the ledger is read.
    """

    valid: Instant
    known: CommitNumber


@dataclass(frozen=True, slots=True, order=True)
class SourceInstance:
    """One installation of a source plug-in: which program speaks, and for which system."""

    plugin: str
    instance: str = "default"

    def __str__(self) -> str:
        return f"{self.plugin}/{self.instance}"

    @classmethod
    def parse(cls, text: str) -> SourceInstance:
        """Return the instance that ``str()`` printed; without a slash the instance is default.

        >>> SourceInstance.parse("kubernetes/eu-1")
        SourceInstance(plugin='kubernetes', instance='eu-1')
        """
        plugin, _, instance = text.partition("/")
        return cls(plugin, instance or "default")


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """The part of a source that can be read completely: an account, a namespace, a file."""

    source: SourceInstance
    name: str

    def __str__(self) -> str:
        return f"{self.source}:{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class ExternalId:
    """A name that another system gives a node, such as an ARN or an e-mail address."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}={self.value}"


class Extent(StrEnum):
    """Whether a source names all edges of a relation that a node has."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


NO_EXTENTS: Final[Mapping[str, Extent]] = MappingProxyType({})


def no_extents() -> Mapping[str, Extent]:
    """Return that a claim leaves what it covers to its scope; the default."""
    return NO_EXTENTS


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What one claim says about a node.

    ``coverage`` says for single relations whether the source names all of this node's
    edges; for those that it leaves out, what the scope covers counts.
    """

    uid: Uid
    kind: Kind
    type: str | None = None
    name: str | None = None
    properties: Properties = field(default_factory=no_properties)
    external_ids: tuple[ExternalId, ...] = ()
    coverage: Mapping[str, Extent] = field(default_factory=no_extents)


@dataclass(frozen=True, slots=True)
class EdgeFacts:
    """What one claim says about an edge; the ends are named as the source names them."""

    relation: str
    subject: Uid
    object: Uid
    marks: frozenset[str] = frozenset()
    environment: str | None = None
    properties: Properties = field(default_factory=no_properties)
    subject_kind: Kind | None = None
    object_kind: Kind | None = None


class Basis(StrEnum):
    """Where the start of a validity comes from."""

    STATED = "stated"
    FIRST_SEEN = "first_seen"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source instance says in one scope about one node or edge.

    ``valid`` is None where the source states no time; the claim then holds from
    the read's ``read_at``. ``locator`` says where in the source it stands.
    ``supports`` names the claims that a derived claim rests on.
    """

    scope: Scope
    about: NodeFacts | EdgeFacts
    valid: Interval | None = None
    origin: Origin = Origin.DECLARED
    certainty: Certainty = Certainty.CERTAIN
    condition: str | None = None
    locator: str | None = None
    supports: tuple[ClaimId, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as the ledger holds it: with an interval, and the commits between which it stood.

    ``claim.valid`` is always set. ``content_digest`` is what a refutation names: it
    changes whenever what the claim says changes. ``run``, ``read_at`` and ``said_in``
    are the run, the time of reading and the commit that first said it; a later commit
    may have recorded this part of it. ``erased`` names the personal properties whose
    value has been erased.
    """

    key: RowKey
    claim_id: ClaimId
    claim: Claim
    basis: Basis
    content_digest: str
    run: RunId | None
    read_at: Instant | None
    said_in: CommitNumber
    recorded_from: CommitNumber
    recorded_to: CommitNumber = OPEN_RECORD
    erased: tuple[str, ...] = ()

    @property
    def valid(self) -> Interval:
        """Return the interval in which the claim holds."""
        # A stored row always has an interval; the fallback only satisfies the type.
        return self.claim.valid or ALWAYS

    def holds(self, at: AsOf) -> bool:
        """Return whether the row stood in the ledger, and held in the world, at these times."""
        return self.recorded_from <= at.known < self.recorded_to and self.valid.holds_at(at.valid)


@dataclass(frozen=True, slots=True, order=True)
class NodeRef:
    """A node by its canonical uid and its kind; the kind may be unknown."""

    uid: Uid
    kind: Kind


@dataclass(frozen=True, slots=True)
class ResolvedValue:
    """A property's value with the claim it comes from."""

    value: PropertyValue
    claim_id: ClaimId
    source: SourceInstance
    since: Instant


@dataclass(frozen=True, slots=True)
class NodeReport:
    """What one claim that describes a node says of its own completeness, and since when it says so."""

    scope: Scope
    since: Instant
    coverage: Mapping[str, Extent]


@dataclass(frozen=True, slots=True)
class Node:
    """A node as all sources together describe it at one pair of times.

    ``members`` are all uids that are the same as this one, the canonical first.
    ``described`` is False where sources only mention it in edges; ``scopes`` are those
    whose claims describe it. ``contested`` holds the values between which nothing decides,
    of each property (and of ``type``) in which sources of equal precedence contradict.
    ``reports`` are what its claims say of their completeness, one a claim; none where no
    claim says anything of it. ``first_read`` is for each scope when that reading of its
    source was made which showed the node first; of several uids, the last of them.
    """

    ref: NodeRef
    described: bool
    type: str | None
    name: str | None
    properties: Mapping[str, ResolvedValue]
    external_ids: tuple[ExternalId, ...]
    members: tuple[Uid, ...]
    claims: tuple[ClaimId, ...]
    scopes: tuple[Scope, ...]
    contested: Mapping[str, tuple[PropertyValue, ...]] = field(default_factory=_nothing_contested)
    reports: tuple[NodeReport, ...] = ()
    first_read: Mapping[Scope, Instant] = field(default_factory=_nothing_read)

    @property
    def sources(self) -> tuple[SourceInstance, ...]:
        """Return the source instances that describe the node, in order."""
        return tuple(sorted({scope.source for scope in self.scopes}))

    @property
    def uid(self) -> Uid:
        """Return the canonical uid."""
        return self.ref.uid

    @property
    def kind(self) -> Kind:
        """Return the kind, ``unknown`` where nothing tells it."""
        return self.ref.kind

    @property
    def label(self) -> str:
        """Return what a person would call the node: its name, else its uid."""
        return self.name or self.ref.uid

    def get(self, name: str) -> PropertyValue | None:
        """Return a property's resolved value, or None where no source gives one."""
        resolved = self.properties.get(name)
        return None if resolved is None else resolved.value

    def readings(self, name: str) -> tuple[PropertyValue | None, ...]:
        """Return every value that a property (or ``type``) may have: several where sources contradict."""
        stated = self.type if name == "type" else self.get(name)
        return self.contested.get(name, (stated,))

    def text(self, name: str) -> str | None:
        """Return a property's value where it is text, else None."""
        value = self.get(name)
        return value if isinstance(value, str) else None

    def integer(self, name: str) -> int | None:
        """Return a property's value where it is a whole number (not a bool), else None."""
        value = self.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a property's value where it is a list of texts (or one text), else an empty tuple."""
        value = self.get(name)
        if isinstance(value, str):
            return (value,)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A folded edge: what all live claims about one fact together say at one pair of times.

    ``certainty`` is that of the strongest claim. ``conditions`` are the words of the
    claims that make it possible only; empty where it is certain. ``possible_marks`` are
    those of which its claims leave it open whether it has them.
    """

    eid: EdgeId
    relation: str
    subject: NodeRef
    object: NodeRef
    discriminator: str
    marks: frozenset[str]
    certainty: Certainty
    origins: tuple[Origin, ...]
    environment: str | None
    properties: Mapping[str, ResolvedValue]
    valid: Interval
    conditions: tuple[str, ...]
    claims: tuple[ClaimId, ...]
    sources: tuple[SourceInstance, ...]
    possible_marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class State:
    """One harm at one node."""

    node: NodeRef
    harm: Harm


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, from one state to the next.

    ``relation`` and ``edge`` are None where the harm turns into another on the same
    node. ``along`` is True where the step leads from the edge's subject to its object.
    """

    start: State
    relation: str | None
    end: State
    edge: EdgeId | None
    certainty: Certainty
    along: bool = True


@dataclass(frozen=True, slots=True)
class Path:
    """How a harm gets from where it begins to where it is felt; empty for the beginning itself."""

    hops: tuple[Hop, ...]

    @property
    def length(self) -> int:
        """Return the number of edges on it; implications on a node do not count."""
        return sum(1 for hop in self.hops if hop.edge is not None)

    @property
    def certainty(self) -> Certainty:
        """Return certain if every step is."""
        certain = all(hop.certainty is Certainty.CERTAIN for hop in self.hops)
        return Certainty.CERTAIN if certain else Certainty.POSSIBLE


@dataclass(frozen=True, slots=True)
class Commit:
    """One atomic change: who, when, why, and the hash that chains it to the one before.

    ``hash`` is SHA-256 in hexadecimal over the canonical form that ``docs/ledger.md``
    specifies; ``operation_digests`` are what it covers, in order.
    """

    sequence: CommitNumber
    previous: str
    hash: str
    recorded_at: Instant
    actor: str
    source: str | None
    run: RunId | None
    summary: str
    operation_digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger stands: the newest commit, and how many runs the run log holds."""

    sequence: CommitNumber
    hash: str
    recorded_at: Instant
    runs: int
