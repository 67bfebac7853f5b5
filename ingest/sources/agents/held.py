"""Secrets in a configuration: the names of those that are referred to, and those that are written out.

A value that is written out is used here for its fingerprint and goes no further.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from ingest.redaction import denotes_value, is_secret_name, looks_made, secret_in, stands_in

_REFERENCE: Final = re.compile(
    r"\$\{\{\s*(?:secrets|inputs)\.(?P<kept>[A-Za-z0-9_./-]+)\s*\}\}|"
    r"\$\{input:(?P<input>[^{}]+)\}|"
    r"\$\{file:(?P<file>[^{}]+)\}|"
    r"\$\{(?:env:)?(?P<variable>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^{}]*))?\}"
)
_BARE: Final = re.compile(r"\$(?P<variable>[A-Za-z_][A-Za-z0-9_]*)|%(?P<windows>[A-Za-z_][A-Za-z0-9_]*)%")
_OTHERS: Final = re.compile(r"\$\{[^{}]*\}")
_PREDEFINED: Final = frozenset(
    {
        *("workspaceFolder", "workspaceFolderBasename", "userHome", "pathSeparator", "extensionPath"),
        *("HOME", "PWD", "USER", "PATH", "CLAUDE_PLUGIN_ROOT", "CLAUDE_PROJECT_DIR"),
    }
)
"""Variables that every client or shell sets by itself."""

_DEFAULT: Final = re.compile(r"(\$\{(?:env:)?[A-Za-z_][A-Za-z0-9_]*+):-[^{}]*\}")
_AUTHORISATION: Final = re.compile(r"(?i)(?P<scheme>bearer|basic|token|apikey|api-key|bot)\s+(?P<rest>\S.*)")
_PLACEHOLDER: Final = re.compile(
    r"(?i)(?:.*[-_ <])?(?:your|my|insert|enter|replace|change|changeme|placeholder|dummy|todo)(?:[-_ >].*)?|"
    r"x+|\.+|.*[-_ ]here"
)
KEY_ID: Final = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
"""The public id of an AWS access key."""

_LONG: Final = 200
MADE: Final = "the value that looks made by a machine is a secret"

_TYPES: Final = (
    ("private_key", ("private_key", "ssh_key")),
    ("client_secret", ("client_secret", "clientsecret")),
    ("password", ("password", "passwd", "pwd", "passphrase")),
    ("token", ("token", "authorization", "bearer", "jwt", "pat", "cookie")),
    ("api_key", ("key", "apikey")),
)
"""Types of secrets, and the ends of names that tell them."""


@dataclass(frozen=True, slots=True)
class Held:
    """A secret in a configuration, where it stands, and under which name.

    Either ``refers_to`` says where the client takes it from (a sort of place, and the name there), or
    ``literal`` is the value itself.
    """

    name: str
    where: str
    position: str
    refers_to: tuple[str, str] | None = None
    literal: str | None = field(default=None, repr=False)
    condition: str | None = None
    key_ids: tuple[str, ...] = ()

    @property
    def type(self) -> str | None:
        """Return the type of secret, going by its name."""
        name = (self.refers_to[1] if self.refers_to else self.name).lower().replace("-", "_")
        told = (type_ for type_, ends in _TYPES if name.endswith(ends))
        return next(told, "api_key" if self.literal is not None else None)


def held_in(
    name: str, value: str, where: str, position: str, secret_inputs: Collection[str] = ()
) -> Iterator[Held]:
    """Yield the secrets in a value that stands under a name.

    >>> [h.refers_to for h in held_in("Authorization", "Bearer ${GITHUB_TOKEN}", "header", "")]
    [('variable', 'GITHUB_TOKEN')]
    >>> [h.type for h in held_in("API_KEY", "bPxRfiCYEXAMPLEKEY", "environment", "")]
    ['api_key']
    >>> list(held_in("LOG_LEVEL", "debug", "environment", ""))
    []
    """
    here = Held(name, where, position)
    authorisation = _AUTHORISATION.fullmatch(value.strip())
    text = authorisation["rest"] if authorisation else value.strip()
    is_secret = is_secret_name(name) or authorisation is not None
    rest = text
    for found in (*_REFERENCE.finditer(text), *_only(_BARE.fullmatch(text))):
        rest = rest.replace(found[0], "")
        yield from _referred(here, found, secret_inputs, is_secret=is_secret)
    rest = _OTHERS.sub("", rest).strip()
    if rest and rest == text:
        yield from _written(here, text, authorisation, is_secret=is_secret)
    elif rest and secret_in(rest) is not None:
        yield replace(here, literal=_within(rest))


def shown_reference(text: str) -> str:
    """Return a text without the values that its variables have where they are not set.

    >>> shown_reference("--key=${API_KEY:-hunter2}")
    '--key=${API_KEY}'
    """
    return _DEFAULT.sub(r"\1}", text)


def _only(found: re.Match[str] | None) -> tuple[re.Match[str], ...]:
    return () if found is None else (found,)


def _referred(
    here: Held, found: re.Match[str], secret_inputs: Collection[str], *, is_secret: bool
) -> Iterator[Held]:
    groups = {sort: name.strip() for sort, name in found.groupdict().items() if name}
    default = groups.pop("default", "")
    sort, name = next(iter(groups.items()))
    sort = {"windows": "variable"}.get(sort, sort)
    if name in _PREDEFINED:
        return
    if is_secret or is_secret_name(name) or sort == "kept" or (sort == "input" and name in secret_inputs):
        yield replace(here, refers_to=(sort, name))
        if default and not stands_in(default) and not _is_placeholder(default):
            yield replace(here, literal=default, condition=f"the variable {name} is not set")


def _written(
    here: Held, text: str, authorisation: re.Match[str] | None, *, is_secret: bool
) -> Iterator[Held]:
    if KEY_ID.fullmatch(text):
        return  # the public half
    if stands_in(text) or _is_placeholder(text):
        if is_secret:
            yield here if "://" not in text else replace(here, refers_to=("reference", text))
        return
    named = is_secret and (authorisation is not None or denotes_value(here.name, text))
    is_known = named or secret_in(text) is not None
    if not is_known and not _is_made(text):
        return
    is_basic = authorisation is not None and authorisation["scheme"].lower() == "basic"
    literal = _of_basic(text) if is_basic else _within(text)
    yield replace(here, literal=literal, condition=None if is_known else MADE)


def _is_made(text: str) -> bool:
    """Return whether a text looks like a key of its own, and is no path, address or sentence."""
    return " " not in text and "/" not in text and looks_made(text)


def _is_placeholder(text: str) -> bool:
    return len(text) < _LONG and _PLACEHOLDER.fullmatch(text) is not None and not looks_made(text)


def _within(text: str) -> str:
    """Return the password in an address; any other text as it is."""
    try:
        password = urlsplit(text).password if "://" in text else None
    except ValueError:
        password = None
    return unquote(password) if password else text


def _of_basic(text: str) -> str:
    try:
        login = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text
    return login.partition(":")[2] or text
