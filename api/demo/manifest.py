"""`samples/demo.toml`: which files make up the sample estate, and which questions the demo asks of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.times import moment
from graph.errors import InvalidQuestion
from graph.model import Instant

NAME: Final = "demo.toml"

_Text = Annotated[str, StringConstraints(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Leak(_Strict):
    """The node that leaks, by uid or unique name, and the harm that this is."""

    node: _Text
    harm: _Text = "DISCLOSED"


class Trace(_Strict):
    """A way to be shown step by step: from a harm at one node to a harm at another, both as in `Leak`."""

    title: _Text
    node: _Text
    harm: _Text = "DISCLOSED"
    target: _Text
    target_harm: _Text


class Read(_Strict):
    """One job, told what `holdfast ingest` is told; paths are relative to the manifest's folder."""

    source: _Text
    paths: tuple[_Text, ...] = ()
    instance: _Text | None = None
    scope: _Text | None = None
    read_at: _Text | None = None
    complete: bool = False
    allow_closing: bool = False


class Decide(_Strict):
    """Two uids, or unique names, that are one thing."""

    merge: tuple[_Text, _Text]
    reason: _Text


class _Said(_Strict):
    title: _Text = "The sample estate"
    as_of: _Text
    recorded_at: _Text | None = None
    leak: Leak
    read: tuple[Read, ...] = Field(min_length=1)
    decide: tuple[Decide, ...] = ()
    trace: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The sample estate: its files in the order in which they are read, and the dates it is about.

    `recorded_at` is what the sample's own clock shows: its commits are recorded then, so that
    what is decided in it has a date in its story. None is the clock of this machine.
    """

    folder: Path
    title: str
    as_of: Instant
    recorded_at: Instant | None
    leak: Leak
    reads: tuple[Read, ...]
    decisions: tuple[Decide, ...]
    traces: tuple[Trace, ...] = ()

    def paths(self, read: Read) -> list[Path]:
        """Return the files and folders of one job."""
        return [self.folder / path for path in read.paths]


def load_manifest(folder: Path) -> Manifest:
    """Return the sample estate of a folder.

    Raises:
        InvalidQuestion: where there is no manifest, or one that cannot be read.
    """
    path = folder / NAME
    try:
        said = _Said.model_validate(_parsed(path))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{path}: {place}: {first['msg']}"
        raise InvalidQuestion("samples", reason, "the format of demo.toml") from None
    recorded_at = None if said.recorded_at is None else moment(said.recorded_at, "recorded_at")
    return Manifest(
        folder,
        said.title,
        moment(said.as_of, "as_of"),
        recorded_at,
        said.leak,
        said.read,
        said.decide,
        said.trace,
    )


def _parsed(path: Path) -> Mapping[str, object]:
    expected = f"a folder with a {NAME}, such as samples/ of the source tree"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InvalidQuestion("samples", f"{path}: {reason}", expected) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidQuestion("samples", f"{path} is not TOML: {error}", expected) from None
