"""The source ``agents``: configurations of MCP clients, and A2A agent cards.

The files of one client of one holder are one reading, so that none of them ends what another one says;
each card is a scope of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Extent, NodeFacts, Scope
from graph.vocabulary import Kind
from ingest.facts import Fact, merged, said
from ingest.files import Unreadable
from ingest.readings import PartOfScope, Reading, readings
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import JsonObject, Misshapen, as_object
from ingest.sidecar import InputFile, inputs
from ingest.sources.agents.cards import EXTENDED, Card, card_of, is_card
from ingest.sources.agents.clients import ANY, Client, client_at, client_in
from ingest.sources.agents.entries import Configuration, configuration, is_configuration
from ingest.sources.agents.files import ENDINGS, read_body
from ingest.sources.agents.names import Holder
from ingest.sources.agents.servers import Reader
from ingest.sources.agents.settings import settings_facts

_KINDS: Final = frozenset({Kind.ASSET, Kind.SECRET, Kind.IDENTITY})
_RELATIONS: Final = frozenset(
    {"INVOKES", "USES_SECRET", "BUILT_FROM", "PART_OF", "PROMPTED_BY", "RUNS_AS", "SERVES", "FOUND_IN"}
)
_OPEN: Final[Mapping[str, Extent]] = dict.fromkeys(
    ("INVOKES", "USES_SECRET", "PROMPTED_BY", "RUNS_AS"), Extent.INCOMPLETE
)
"""An agent also has what its other files, and its own program, give it."""

_NEITHER: Final = "neither the configuration of an MCP client nor an A2A agent card"
_EXPECTED: Final = "mcpServers, servers, or a card with name, url and skills"
_AGAIN: Final = "a server of the same name stands in another file of this agent, and says something else"
_APART: Final = "a scope of its own in a sidecar, or --scope"


@dataclass(frozen=True, slots=True)
class _Configured:
    """A file of a client: whose it is, and what stands in it."""

    file: InputFile
    holder: Holder
    client: Client
    configuration: Configuration

    @property
    def scope(self) -> str:
        """Return the name of the scope that the file is a part of."""
        return f"{self.holder.whose}/{self.holder.client}"


@dataclass(frozen=True, slots=True)
class _Carded:
    """A file that is a card."""

    file: InputFile
    card: Card


class AgentsSource:
    """Reads configurations of MCP clients and agent cards."""

    name = "agents"
    summary = "MCP client configurations (JSON with comments, YAML, TOML), A2A agent cards 0.2, 0.3 and 1.0"
    maps = (
        "the client as it is configured: Asset of type agent; INVOKES each server that is switched on",
        "MCP servers: Asset of type mcp_server with command and redacted arguments; INVOKES its address",
        "tools that are listed: Asset of type tool; PART_OF the server",
        "packages and images that a command runs: BUILT_FROM",
        "secrets: by name where one is referred to, by fingerprint where one is written out; USES_SECRET",
        "models, rules and files of instructions, where a configuration names them: INVOKES, PROMPTED_BY",
        "A2A cards: Asset of type agent; each of its addresses SERVES it",
    )
    does_not_map = (
        "values of variables and headers: never kept; names are properties",
        "what an envFile, a referenced block or a project's part of a file of all projects holds: counted",
        "packages of other registries, and those that a command does not tell for sure: counted",
        "signatures of cards: counted, not verified",
        "other fields: counted by name",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say."""
        found: dict[InputFile, _Configured | _Carded] = {}
        done = 0
        for file in inputs(paths, ENDINGS):
            if not isinstance(file, InputFile):
                yield file
                continue
            whose, client = _of(file, context)
            # What cannot be read may hold servers of this agent: its scope is then not read whole.
            scope = Scope(context.source, f"{whose}/{client.id}") if client else None
            try:
                found[file] = _read(file, whose, client)
            except Unreadable as error:
                yield Rejected(error.problem, scope)
            except Misshapen as fault:
                yield _rejected(file, fault, scope)
            done += file.path.stat().st_size if file.path.exists() else 0
            context.progress(done)
        for reading in (yield from readings(map(_part, found.values()), context)):
            yield from _records(reading, found, context)


def _of(file: InputFile, context: ReadContext) -> tuple[str, Client | None]:
    """Return whose file it is, and of which client, where its place or its sidecar tells that."""
    named = context.scope or (file.sidecar.scope if file.sidecar else None)
    client = client_at(str(file.path)) or (client_in(file.sidecar.command) if file.sidecar else None)
    return named or context.source.instance, client


def _read(file: InputFile, whose: str, client: Client | None) -> _Configured | _Carded:
    body = as_object(read_body(file))
    if client is None and not is_configuration(body):
        if is_card(body):
            return _Carded(file, card_of(body, whose))
        raise Misshapen("", _NEITHER, _EXPECTED)
    client = client or ANY
    return _Configured(file, Holder(whose, client.id), client, configuration(body))


def _part(one: _Configured | _Carded) -> PartOfScope:
    if isinstance(one, _Carded):
        return PartOfScope(one.file, one.card.scope, why_partial=EXTENDED if one.card.is_partial else None)
    return PartOfScope(one.file, one.scope)


def _records(
    reading: Reading, found: dict[InputFile, _Configured | _Carded], context: ReadContext
) -> Iterator[Record]:
    yield ScopeOpened(reading.scope, reading.read_at, kinds=_KINDS, relations=_RELATIONS)
    told: list[tuple[str, Fact]] = []
    servers = _Servers()
    for part in reading.parts:
        one = found[part.file]
        if isinstance(one, _Carded):
            yield from _carded(one, reading.scope, context, told)
        else:
            yield from servers.records(one, reading.scope, context, told)
    files = {id(fact): name for name, fact in told}
    for fact in merged(fact for _, fact in told):
        yield said(fact, reading.scope, files[id(fact)])
    why = reading.why_partial
    yield ScopeClosed(reading.scope, complete=why is None, reason=why)


def _carded(
    one: _Carded, scope: Scope, context: ReadContext, told: list[tuple[str, Fact]]
) -> Iterator[Record]:
    try:
        found = list(one.card.facts(context.fingerprints))
    except Misshapen as fault:
        yield _rejected(one.file, fault, scope)
        return
    told += [(one.file.name, fact) for fact in found if isinstance(fact, Fact)]
    yield from (skipped for skipped in found if isinstance(skipped, Skipped))


@dataclass
class _Servers:
    """The servers of one agent, from all its files."""

    seen: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])

    def records(
        self, one: _Configured, scope: Scope, context: ReadContext, told: list[tuple[str, Fact]]
    ) -> Iterator[Record]:
        """Yield what is wrong with a file, and add what it says."""
        name = one.file.name
        agent = NodeFacts(one.holder.agent, Kind.ASSET, "agent", _shown(one), coverage=_OPEN)
        told.append((name, Fact(agent, "")))
        reader = Reader(one.holder, one.configuration.secret_inputs)
        for entry in one.configuration.entries():
            if isinstance(entry, Skipped):
                yield entry
                continue
            try:
                if isinstance(entry, Misshapen):
                    raise entry
                if self.seen.setdefault(entry.name, entry.body) != entry.body:
                    raise Misshapen(entry.pointer, _AGAIN, _APART)
                facts = list(reader.facts(entry, context.fingerprints))
            except Misshapen as fault:
                yield _rejected(one.file, fault, scope)
                continue
            told += [(name, fact) for fact in facts if isinstance(fact, Fact)]
            yield from (skipped for skipped in facts if isinstance(skipped, Skipped))
        for found in settings_facts(one.configuration.body, one.holder, context.fingerprints):
            if isinstance(found, Fact):
                told.append((name, found))
            elif isinstance(found, Misshapen):
                yield _rejected(one.file, found, scope)
            else:
                yield found


def _shown(one: _Configured) -> str:
    return f"{one.client.name} ({one.holder.whose})"


def _rejected(file: InputFile, fault: Misshapen, scope: Scope | None) -> Rejected:
    return Rejected(Problem(file.name, "", fault.pointer, fault.reason, fault.expected), scope)


SOURCE: Final = AgentsSource()
