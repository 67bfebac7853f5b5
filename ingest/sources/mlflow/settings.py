"""What MLflow does not know and people do: which server this is, and which environment an alias stands for.

A file ``mlflow.toml`` among the inputs says it:

    server = "https://mlflow.example"

    [aliases]
    champion = "production"
    candidate = "none"

    [models."loan-default".aliases]
    champion = "staging"

``none`` says that an alias deploys nothing. An alias that stands nowhere leaves open where its
version runs, and whether it does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from graph.errors import Problem
from ingest.files import Unreadable, document
from ingest.jsontext import shown
from ingest.record import Rejected
from ingest.sidecar import InputFile
from ingest.sources.mlflow.names import server_name

ENDING: Final = ".toml"
NOT_DEPLOYED: Final = "none"
ENVIRONMENTS: Final = ("production", "staging", "development", "unknown", NOT_DEPLOYED)

_LIMIT: Final = 1024 * 1024
_KEYS: Final = ("server", "aliases", "models")


@dataclass(frozen=True, slots=True)
class Settings:
    """What people say of a server; ``of_models`` holds what they say of the aliases of one model."""

    server: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    of_models: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def environment(self, model: str, alias: str) -> str | None:
        """Return the environment that an alias stands for; None where nobody says.

        >>> Settings(aliases={"live": "production"}).environment("m", "live")
        'production'
        """
        return self.of_models.get(model, {}).get(alias) or self.aliases.get(alias)


@dataclass
class _Wrong(Exception):
    field: str
    reason: str
    expected: str


def read_settings(file: InputFile) -> Settings | Rejected:
    """Return what a file says, or what is wrong with it; a wrong one counts for nothing."""
    try:
        return _settings(tomllib.loads(document(file.path, limit=_LIMIT)))
    except Unreadable as error:
        return Rejected(error.problem)
    except tomllib.TOMLDecodeError:
        return Rejected(Problem(file.name, "", "", "text that is not TOML", "a TOML document"))
    except _Wrong as wrong:
        return Rejected(Problem(file.name, "", wrong.field, wrong.reason, wrong.expected))


def _settings(body: Mapping[str, object]) -> Settings:
    for key in body:
        if key not in _KEYS:
            raise _Wrong("", f"the key {shown(key)}", f"one of {', '.join(_KEYS)}")
    server = body.get("server")
    if server is not None and (not isinstance(server, str) or not server):
        raise _Wrong("server", "what is no text", "the address or the name of the server")
    models = _table(body.get("models", {}), "models")
    of_models = {
        name: _aliases(
            _table(said, f"models.{shown(name)}").get("aliases", {}), f"models.{shown(name)}.aliases"
        )
        for name, said in models.items()
    }
    return Settings(server and server_name(server), _aliases(body.get("aliases", {}), "aliases"), of_models)


def _aliases(value: object, place: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for alias, environment in _table(value, place).items():
        if not isinstance(environment, str) or environment not in ENVIRONMENTS:
            expected = f"one of {', '.join(ENVIRONMENTS)}"
            raise _Wrong(f"{place}.{shown(alias)}", "what is no environment", expected)
        found[alias] = environment
    return found


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Wrong(place, "what is no table", "a table")
    return cast("Mapping[str, object]", value)
