"""The lists that a tracking server gives out: how each is recognised, mapped, and what it covers.

Data logged beside a run is what people chose to log, so that none is named means nothing: no list
covers TRAINED_ON, READS or anything else of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from graph.vocabulary import Kind
from ingest.shapes import JsonObject
from ingest.sources.mlflow import gateway, mcp
from ingest.sources.mlflow.fields import tags_of
from ingest.sources.mlflow.prompts import is_prompt, prompt, prompt_version
from ingest.sources.mlflow.reading import Mapper
from ingest.sources.mlflow.registry import model_version, registered_model
from ingest.sources.mlflow.tracking import experiment, logged_model, run

_ASSETS: Final = frozenset({Kind.ASSET.value})
_NONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: ``key`` is where its records stand in an answer, ``single`` where one alone stands.

    ``name`` is also the scope's, and the beginning of the name of a file that holds an answer.
    """

    name: str
    key: str
    mapper: Mapper
    single: str | None = None
    kinds: frozenset[str] = _ASSETS
    relations: frozenset[str] = field(default=_NONE)


EXPERIMENTS: Final = Listing("experiments", "experiments", experiment, "experiment")
RUNS: Final = Listing("runs", "runs", run, "run", relations=frozenset({"WITHIN"}))
LOGGED_MODELS: Final = Listing(
    "logged-models", "models", logged_model, "model", relations=frozenset({"WITHIN"})
)
REGISTERED_MODELS: Final = Listing(
    "registered-models", "registered_models", registered_model, "registered_model"
)
MODEL_VERSIONS: Final = Listing(
    "model-versions", "model_versions", model_version, "model_version", relations=frozenset({"VERSION_OF"})
)
PROMPTS: Final = Listing("prompts", "registered_models", prompt)
PROMPT_VERSIONS: Final = Listing(
    "prompt-versions", "model_versions", prompt_version, relations=frozenset({"VERSION_OF"})
)
GATEWAY_SECRETS: Final = Listing(
    "gateway-secrets", "secrets", gateway.secret, kinds=frozenset({Kind.SECRET.value})
)
GATEWAY_MODELS: Final = Listing(
    "gateway-models", "model_definitions", gateway.model, relations=frozenset({"USES_SECRET"})
)
GATEWAY_ENDPOINTS: Final = Listing(
    "gateway-endpoints", "endpoints", gateway.endpoint, relations=frozenset({"SERVES"})
)
GATEWAY_BINDINGS: Final = Listing("gateway-bindings", "bindings", gateway.binding)
GATEWAY_GUARDRAILS: Final = Listing("gateway-guardrails", "guardrails", gateway.guardrail)
MCP_SERVERS: Final = Listing("mcp-servers", "mcp_servers", mcp.server)
MCP_SERVER_VERSIONS: Final = Listing(
    "mcp-server-versions", "mcp_server_versions", mcp.version, relations=frozenset({"VERSION_OF"})
)
MCP_ENDPOINTS: Final = Listing("mcp-endpoints", "mcp_access_endpoints", mcp.access)

LISTINGS: Final = (
    EXPERIMENTS,
    RUNS,
    LOGGED_MODELS,
    REGISTERED_MODELS,
    MODEL_VERSIONS,
    PROMPTS,
    PROMPT_VERSIONS,
    GATEWAY_SECRETS,
    GATEWAY_MODELS,
    GATEWAY_ENDPOINTS,
    GATEWAY_BINDINGS,
    GATEWAY_GUARDRAILS,
    MCP_SERVERS,
    MCP_SERVER_VERSIONS,
    MCP_ENDPOINTS,
)
"""In the order in which they are asked for."""

_OF_PROMPTS: Final[Mapping[str, Listing]] = MappingProxyType(
    {REGISTERED_MODELS.name: PROMPTS, MODEL_VERSIONS.name: PROMPT_VERSIONS}
)
_BY_KEY: Final[Mapping[str, Listing]] = MappingProxyType(
    {listing.key: listing for listing in reversed(LISTINGS)}
)
KEYS: Final = frozenset(_BY_KEY)
"""Under which lists stand in answers."""

_BY_SINGLE: Final[Mapping[str, Listing]] = MappingProxyType(
    {listing.single: listing for listing in LISTINGS if listing.single is not None}
)


def listing_by_key(key: str) -> Listing:
    """Return which list stands under a key of an answer; of those that share one, the first."""
    return _BY_KEY[key]


def listing_by_single(fields: JsonObject) -> Listing | None:
    """Return the list of which one record stands alone in an answer; None where none does."""
    return next((_BY_SINGLE[key] for key in fields if key in _BY_SINGLE), None)


def listing_named(file: str) -> Listing | None:
    """Return the list that a file's name says it is of: ``runs.json``, ``runs-2026-11.json``.

    >>> listing_named("model-versions-2.json").name, listing_named("notes.json")
    ('model-versions', None)
    """
    stem = file.partition(".")[0]
    fitting = [one for one in LISTINGS if stem == one.name or stem.startswith(f"{one.name}-")]
    return max(fitting, key=lambda one: len(one.name), default=None)


def listing_for(record: JsonObject, listing: Listing) -> Listing:
    """Return the list that one record is of: prompts stand where models do, and have a tag.

    Raises:
        Misshapen: for tags of another shape.
    """
    other = _OF_PROMPTS.get(listing.name)
    return other if other is not None and is_prompt(tags_of(record)) else listing


def names() -> Sequence[str]:
    """Return the names of all lists."""
    return tuple(listing.name for listing in LISTINGS)
