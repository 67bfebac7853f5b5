"""The command that starts a server: the packages that it runs, and what stands among its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from ingest.redaction import MARK, Json, is_secret_name, looks_made, redact_items, redact_text
from ingest.redaction.arguments import hidden_among
from ingest.sources.agents.addresses import Address, address_of
from ingest.sources.agents.held import Held, held_in, shown_reference
from ingest.sources.agents.options import RUNNERS, Runner, taken_apart
from ingest.sources.agents.packages import NOT_TOLD, OF_OTHER_REGISTRY, Package, package_of

_BRIDGES: Final = frozenset({"mcp-remote", "mcp-proxy", "supergateway"})
"""Packages that pass everything on to the server whose address is among their arguments."""

_REGISTRY_NAMES: Final = frozenset(
    {
        *("NPM_CONFIG_REGISTRY", "PIP_INDEX_URL"),
        *("UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL"),
    }
)
_HEADER_FLAGS: Final = frozenset({"--header", "-H", "--headers"})
_ENV_FLAGS: Final = frozenset({"-e", "--env"})
_ASSIGNED: Final = re.compile(
    r"(?P<name>--?[A-Za-z][A-Za-z0-9_.-]*|[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, without what only starts another one (``cmd /c``)."""

    program: str
    arguments: tuple[str, ...]
    first: int = 0
    """The place of the first argument among those of the file."""

    @property
    def base(self) -> str:
        r"""Return the program's name without folders and endings.

        >>> Command("C:\\node\\npx.cmd", ()).base
        'npx'
        """
        name = re.split(r"[\\/]", self.program)[-1]
        return re.sub(r"(?i)\.(?:exe|cmd|bat)$", "", name)


def command_of(program: str, arguments: Sequence[str]) -> Command:
    """Return a command; one line with all words in it is taken apart where its first word runs packages."""
    words = program.split()
    if not arguments and len(words) > 1 and Command(words[0], ()).base in RUNNERS:
        return Command(words[0], tuple(words[1:]))
    is_shell = Command(program, ()).base.lower() == "cmd" and len(arguments) > 1
    if is_shell and arguments[0].lower() in ("/c", "/k"):
        return Command(arguments[1], tuple(arguments[2:]), 2)
    return Command(program, tuple(arguments))


def packages_in(command: Command, variables: Mapping[str, str]) -> Iterator[tuple[Package, int] | str]:
    """Yield the packages that a command runs, with their places; in words what cannot be told."""
    runner, start = _runner(command)
    if runner is None:
        return
    words = taken_apart(command.arguments, runner.options, start)
    if words is None:
        yield NOT_TOLD
        return
    is_other = any(name.upper() in _REGISTRY_NAMES for name in variables)
    if runner.sort != "image" and (is_other or words.of(runner.options.registries)):
        yield OF_OTHER_REGISTRY
        return
    named = words.of(runner.options.instead) or list(words.rest[:1])
    for word, at in (*named, *words.of(runner.options.besides)):
        package = package_of(runner.sort, word)
        yield NOT_TOLD if package is None else (package, at)


def variables_in(command: Command) -> list[tuple[str, str, int]]:
    """Return the variables that a container is given by its command, with their places.

    One without a value is passed on from the client's own environment.
    """
    runner, start = _runner(command)
    words = taken_apart(command.arguments, runner.options, start) if runner else None
    if runner is None or runner.sort != "image" or words is None:
        return []
    given = ((*value.partition("="), at) for value, at in words.of(_ENV_FLAGS))
    return [(name, value if equals else f"${{{name}}}", at) for name, equals, value, at in given if name]


def held_by_arguments(command: Command, position: str) -> Iterator[Held]:
    """Yield the secrets among arguments that are no variables of a container."""
    arguments = command.arguments
    taken = {at for _, _, at in variables_in(command)}
    hidden = {found.word: found for found in hidden_among(arguments, command.base)}
    for at, word in enumerate(arguments):
        place = f"{position}/{at + command.first}"
        before = arguments[at - 1] if at else ""
        if at in taken:
            continue
        if before in _HEADER_FLAGS and ":" in word:
            name, _, value = word.partition(":")
            yield from held_in(name.strip(), value.strip(), "header", place)
        elif (assigned := _ASSIGNED.fullmatch(word)) is not None:
            yield from _assigned(assigned, place)
        elif at in hidden or (is_secret_name(before) and before.startswith("-") and not word.startswith("-")):
            yield from held_in(before, word, "argument", place)
        elif (address := address_of(word, place)) is not None:
            yield from address.held
        else:
            yield from held_in(f"argument {at + command.first + 1}", word, "argument", place)


def addresses_behind(
    command: Command, packages: Sequence[Package], position: str
) -> Iterator[tuple[Address, str]]:
    """Yield the addresses to which a bridge passes everything on, with their places."""
    if command.base not in _BRIDGES and not any(package.name in _BRIDGES for package in packages):
        return
    for at, word in enumerate(command.arguments):
        place = f"{position}/{at + command.first}"
        address = address_of(word, place) if "://" in word else None
        if address is not None and address.text.startswith("http"):
            yield address, place


def shown_arguments(command: Command) -> tuple[str, ...]:
    """Return arguments as they may be told: without values that are secret, or that variables are given."""
    texts = [shown_reference(word) for word in command.arguments]
    for name, _, at in variables_in(command):
        before = texts[at].partition(name)[0]
        texts[at] = f"{before}{name}"
    for at, word in enumerate(texts):
        if at and texts[at - 1] in _HEADER_FLAGS and ":" in word:
            texts[at] = f"{word.partition(':')[0]}: {MARK}"
    clean = redact_items(cast("list[Json]", texts), program=command.base)
    return tuple(_shown(str(word)) for word in clean)


def _shown(word: str) -> str:
    address = address_of(word, "") if "://" in word else None
    if address is not None:
        return address.text
    if looks_made(word) and "/" not in word and "@" not in word:
        return MARK
    return redact_text(word)


def _assigned(found: re.Match[str], place: str) -> Iterator[Held]:
    name, value = found["name"], found["value"]
    if name in _HEADER_FLAGS and ":" in value:
        name, _, value = value.partition(":")
        yield from held_in(name.strip(), value.strip(), "header", place)
        return
    yield from held_in(name, value, "argument", place)


def _runner(command: Command) -> tuple[Runner | None, int]:
    for runner in RUNNERS.get(command.base, ()):
        if command.arguments[: len(runner.words)] == runner.words:
            return runner, len(runner.words)
    return None, 0
