"""What an installation is told once instead of at every command, and where each value comes from.

A value is taken from the first place that has it: a flag of the command, an environment
variable ``HOLDFAST_<NAME>``, the file ``holdfast.toml`` in the current directory, the default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from api.errors import InvalidSetting
from api.syncing.configured import TABLE, ConfiguredSource, configured_in

FILE: Final = "holdfast.toml"
"""The name of the settings file; it is looked for in the current directory."""

PREFIX: Final = "HOLDFAST_"


class Settings(BaseSettings):
    """Every setting with its default; bounds of 0 mean without bound."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    store: str = Field(
        ".holdfast/estate.db", description="The ledger: a file path, or neo4j://user@host:port."
    )
    store_password: SecretStr | None = Field(
        None, description="The store's password, from the environment only."
    )
    store_password_file: Path | None = Field(
        None, description="A file that holds the store's password; it goes before store_password."
    )
    store_database: str | None = Field(
        None, description="The database on a Neo4j server; without it the user's home database."
    )
    key_file: Path = Field(
        Path(".holdfast/key"), description="The installation's key for fingerprints; made when missing."
    )
    tokens_file: Path = Field(
        Path(".holdfast/tokens.json"),
        description="The tokens that may write over the network, as digests; made when missing.",
    )
    spool_folder: Path = Field(
        Path(".holdfast/spool"),
        description="Where what is received waits until it is in the ledger; made when missing.",
    )
    locks_folder: Path = Field(
        Path(".holdfast/locks"),
        description="Where a sync notes which source it is reading; made when missing.",
    )
    max_ingest_bytes: int = Field(
        1024**3, ge=1, description="The longest body that is taken over the network, after unpacking."
    )
    actor: str | None = Field(None, description="Who decides, for commands that take --actor.")
    host: str = Field("127.0.0.1", description="The loopback address that `holdfast serve` listens on.")
    port: int = Field(8321, ge=0, le=65535, description="The port that `holdfast serve` listens on.")
    max_hops: int = Field(50, ge=0, description="How many hops an answer walks; 0 is without bound.")
    max_nodes: int = Field(
        10_000, ge=0, description="How many (node, harm) states an answer keeps; 0 is without bound."
    )
    max_seconds: float = Field(
        10.0, ge=0, description="How long an answer walks before it is cut; 0 is without bound."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, the strongest first."""
        return (init_settings, env_settings, SettingsFile(settings_cls))

    def password(self) -> str | None:
        """Return the store's password; what the file holds goes before what the environment does.

        Raises:
            InvalidSetting: where the file cannot be read.
        """
        if self.store_password_file is not None:
            try:
                return self.store_password_file.read_text(encoding="utf-8").strip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it is not text"
                raise InvalidSetting("store_password_file", f"cannot be read: {reason}") from None
        return None if self.store_password is None else self.store_password.get_secret_value()


class SettingsFile(PydanticBaseSettingsSource):
    """The settings file; a secret in it is refused, because such files get shared.

    Its tables of sources are no setting: they are left out here, see `api.syncing.configured`.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return nothing: all values are given at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the settings that the file gives."""
        said = self.whole()
        said.pop(TABLE, None)
        return said

    def whole(self) -> dict[str, Any]:
        """Return all that the file says; nothing where there is none.

        Raises:
            InvalidSetting: where it cannot be read, or keeps a password.
        """
        try:
            said = tomllib.loads(Path(FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise InvalidSetting(FILE, f"cannot be read: {reason}") from None
        except tomllib.TOMLDecodeError as error:
            raise InvalidSetting(FILE, f"is not TOML: {error}") from None
        if "store_password" in said:
            raise InvalidSetting(
                f"store_password in {FILE}", "would keep a password in a file that gets shared"
            )
        return said


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force, for each the place that its value comes from, and the configured sources."""

    settings: Settings
    origins: Mapping[str, str]
    sources: tuple[ConfiguredSource, ...] = ()

    def shown(self) -> dict[str, str | int | float | None]:
        """Return each setting as it may be printed: secrets masked, paths as text."""
        return {name: _shown(name, getattr(self.settings, name)) for name in Settings.model_fields}


def load(**flags: Any) -> Configuration:  # noqa: ANN401 - flags are of many types; pydantic checks them
    """Return the settings in force; flags that are None were not given.

    Raises:
        InvalidSetting: for a name that no setting has, or a value that one cannot take.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise _invalid(error) from None
    return Configuration(settings, _origins(given), configured_in(SettingsFile(Settings).whole().get(TABLE)))


def _origins(flags: Mapping[str, Any]) -> dict[str, str]:
    """Return where each value comes from, by asking the places in order which of them has it."""
    in_file = SettingsFile(Settings)()
    in_environment = {name.upper() for name, value in os.environ.items() if value}
    origins: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}"
        if name in flags:
            origins[name] = "flag"
        elif variable in in_environment:
            origins[name] = f"environment {variable}"
        else:
            origins[name] = FILE if name in in_file else "default"
    return origins


def _invalid(error: ValidationError) -> InvalidSetting:
    """Return the first problem without the value that caused it, which may be secret."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return InvalidSetting(name, "is not a setting")
    return InvalidSetting(name, first["msg"][:1].lower() + first["msg"][1:])


def _shown(name: str, value: object) -> str | int | float | None:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, SecretStr):
        return "********"
    return without_password(value) if name == "store" and isinstance(value, str) else str(value)


def without_password(target: str) -> str:
    """Return a store's address with the password masked that it should not hold.

    >>> without_password("neo4j://ada:hunter2@localhost:7687"), without_password("estate.db")
    ('neo4j://ada:********@localhost:7687', 'estate.db')
    """
    # Not urlsplit: a password may hold a slash, and then its "netloc" ends within the password.
    scheme, _, rest = target.partition("://")
    login, at, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    return f"{scheme}://{user}:********@{place}" if at and colon else target
