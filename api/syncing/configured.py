"""The sources that `holdfast.toml` names: what to read, how often, and what makes the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from api.errors import InvalidSetting
from api.syncing.durations import duration_of
from graph.duration import Duration
from graph.model import SourceInstance

TABLE: Final = "source"
"""The name of the array of tables in the settings file."""


def _is_list_of_words(given: object) -> object:
    if isinstance(given, str):
        raise ValueError("a command is a list of words; no shell takes it apart")  # noqa: TRY004 - pydantic
    return given


Length = Annotated[Duration, BeforeValidator(duration_of)]
Words = Annotated[tuple[str, ...], BeforeValidator(_is_list_of_words), Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Export(_Table):
    """A command that makes a file which is then read."""

    command: Words = Field(description="The program and its arguments, one text each.")
    output: Path | None = Field(
        None, description="The file for what it prints; without one that is thrown away."
    )
    timeout: Length = Field(duration_of("10m"), description="How long it may take.")
    delete_afterwards: bool = Field(default=False, description="Delete the file once it has been read.")


class ConfiguredSource(_Table):
    """One source instance that is to be read again and again."""

    name: str = Field(min_length=1, description="A name from `holdfast sources`.")
    instance: str = Field("default", min_length=1, description="Which installation of the source this is.")
    paths: tuple[str, ...] = Field((), description="Files, folders or addresses; none where it is sent in.")
    scope: str | None = Field(None, description="What part of it the files are about.")
    complete: bool = Field(default=False, description="The files hold all of the scope.")
    live: bool = Field(
        default=False, description="The paths are the thing itself, not an export of it: true when read."
    )
    cadence: Length | None = Field(None, description="How often it is to report; each time without one.")
    timeout: Length = Field(duration_of("1h"), description="How long reading may take.")
    export: tuple[Export, ...] = Field((), description="What makes the files first.")

    @model_validator(mode="after")
    def _has_something_to_do(self) -> ConfiguredSource:
        if "-" in self.paths:
            raise ValueError("standard input cannot be read again and again")
        if self.export and not self.paths:
            raise ValueError("has exports and no paths to read")
        if self.live and self.export:
            raise ValueError("is live and has exports, which are true when they were made")
        if not self.paths and self.cadence is None:
            raise ValueError("has neither paths to read nor a cadence to be judged by")
        return self

    @property
    def source(self) -> SourceInstance:
        """Return the source instance that it speaks as."""
        return SourceInstance(self.name, self.instance)


def configured_in(tables: object) -> tuple[ConfiguredSource, ...]:
    """Return the sources that a settings file names, in its order.

    Raises:
        InvalidSetting: for a table that cannot be understood, or a source instance given twice.
    """
    if tables is None:
        return ()
    if not isinstance(tables, list):
        raise InvalidSetting(TABLE, "is an array of tables: write [[source]]")
    found = [_configured(number, table) for number, table in enumerate(cast("list[object]", tables), start=1)]
    _check_once(found)
    return tuple(found)


def _configured(number: int, table: object) -> ConfiguredSource:
    try:
        return ConfiguredSource.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = ".".join((f"{TABLE} {number}", *(str(part) for part in first["loc"])))
        if first["type"] == "extra_forbidden":
            raise InvalidSetting(name, "is not a setting") from None
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidSetting(name, reason[:1].lower() + reason[1:]) from None


def _check_once(found: Sequence[ConfiguredSource]) -> None:
    seen: set[SourceInstance] = set()
    for one in found:
        if one.source in seen:
            raise InvalidSetting(
                TABLE, f"names {one.source} twice: give one table all of its paths, or the other an instance"
            )
        seen.add(one.source)
