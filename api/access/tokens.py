"""The file of tokens: a name, a keyed digest and the allowed source instances for each, never a token.

The digest is keyed with the installation's key, so that a line put into the file by
somebody without the key admits nobody, and no copy of the file can be tried against.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from api.errors import InvalidSetting
from graph.errors import InvalidQuestion
from graph.model import SourceInstance
from ingest.door import secret_in_identifier
from ingest.fingerprint import Fingerprinter

ANY: Final = "*"
"""What stands for every source, or behind a slash for every instance of one."""

MACHINE_USER: Final = "machine-user"
"""The name of the token that `holdfast serve` makes for whoever starts it first."""

_MARK: Final = "hft_"
_RANDOM_BYTES: Final = 32
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SOURCE: Final = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63}/(\*|[^\s*]{1,200})")
_EXPECTED_FILE: Final = 'is not {"tokens": [{"name", "digest", "sources"}, ...]}'


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. ``sources`` are ``plugin/instance``, ``plugin/*`` or ``*``."""

    name: str
    digest: str
    sources: tuple[str, ...]

    @property
    def actor(self) -> str:
        """Return who answers in the log for what is written with it."""
        return actor_of(self.name)

    def may_speak_as(self, source: SourceInstance) -> bool:
        """Return whether claims of a source instance may be written with it.

        >>> token = Token("ci", "", ("openlineage/eu", "mlflow/*"))
        >>> [token.may_speak_as(SourceInstance(*one.split("/"))) for one in
        ...  ("openlineage/eu", "openlineage/us", "mlflow/any", "mlflow2/any")]
        [True, False, True, False]
        """
        named = {ANY, f"{source.plugin}/{ANY}", f"{source.plugin}/{source.instance}"}
        return not named.isdisjoint(self.sources)

    def only_instance_of(self, plugin: str) -> str | None:
        """Return the one instance of a source that it names; None where it names none or several.

        >>> Token("ci", "", ("openlineage/eu", "mlflow/*")).only_instance_of("openlineage")
        'eu'
        """
        named = [source.partition("/")[2] for source in self.sources if source.startswith(f"{plugin}/")]
        return named[0] if len(named) == 1 and named[0] != ANY and ANY not in self.sources else None


def actor_of(name: str) -> str:
    """Return who answers in the log for what is written with a token of a name."""
    return f"token:{name}"


def load_tokens(path: Path) -> tuple[Token, ...]:
    """Return the tokens that a file lists; none where there is no file.

    Raises:
        InvalidSetting: where the file cannot be read, or is not one of tokens.
    """
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InvalidSetting("tokens_file", f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InvalidSetting("tokens_file", _EXPECTED_FILE) from None
    try:
        return tuple(_token(one) for one in said["tokens"])
    except (TypeError, KeyError, ValueError):
        raise InvalidSetting("tokens_file", _EXPECTED_FILE) from None


def add_token(path: Path, fingerprints: Fingerprinter, name: str, sources: Sequence[str]) -> str:
    """Make a token, keep its digest in the file, and return it; it cannot be had again.

    Raises:
        InvalidQuestion: for a name that is taken or unfit, or sources of another form.
        InvalidSetting: where the file cannot be read or written.
    """
    if _NAME.fullmatch(name) is None or secret_in_identifier(actor_of(name)) is not None:
        expected = "letters, digits, points, dashes and underscores, at most 64, and no secret"
        raise InvalidQuestion("name", "no name for a token", expected)
    for source in sources:
        check_source(source)
    text = _MARK + secrets.token_urlsafe(_RANDOM_BYTES)
    with _alone(path):
        tokens = load_tokens(path)
        if any(token.name == name for token in tokens):
            raise InvalidQuestion("name", f"there is a token {name!r} already", "another name")
        _save(path, (*tokens, Token(name, fingerprints.of_bearer(text), tuple(sources))))
    return text


def remove_token(path: Path, name: str) -> None:
    """Take a token out of the file; from then on it admits nobody.

    Raises:
        InvalidQuestion: where the file lists none of that name.
        InvalidSetting: where the file cannot be read or written.
    """
    with _alone(path):
        tokens = load_tokens(path)
        kept = tuple(token for token in tokens if token.name != name)
        if len(kept) == len(tokens):
            names = ", ".join(token.name for token in tokens) or "none: there is no token"
            raise InvalidQuestion("name", f"there is no token {name!r}", f"one of {names}")
        _save(path, kept)


def check_source(source: str) -> None:
    """Pass if a text says which source instances are allowed.

    Raises:
        InvalidQuestion: for any other.
    """
    if _SOURCE.fullmatch(source) is None:
        expected = "a source and its instance (openlineage/eu), all instances (mlflow/*), or * for all"
        raise InvalidQuestion("source", f"{source!r} names no source instance", expected)


def _token(one: Any) -> Token:  # noqa: ANN401 - a JSON value
    match one:
        case {"name": str(name), "digest": str(digest), "sources": [*sources]} if _NAME.fullmatch(name):
            # A source of another form allows nothing; to guess what it meant could allow too much.
            return Token(name, digest, tuple(str(source) for source in cast("list[object]", sources)))
        case _:
            raise ValueError("not a token")


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Keep others from changing the file meanwhile: of two who change it at once, none loses a token."""
    import fcntl  # not on every system, and not needed to look tokens up

    try:
        lock = path.with_name(f".{path.name}.lock").open("w", encoding="ascii")
    except OSError as error:
        raise _unwritable(error) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unwritable(error: OSError) -> InvalidSetting:
    return InvalidSetting("tokens_file", f"cannot be written: {error.strerror}")


def _save(path: Path, tokens: Sequence[Token]) -> None:
    """Replace the file as a whole; it is its owner's only."""
    listed = [{"name": t.name, "digest": t.digest, "sources": list(t.sources)} for t in tokens]
    try:
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"tokens": listed}, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError as error:
        raise _unwritable(error) from None
