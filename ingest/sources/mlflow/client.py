"""MLflow's own client, asked for lists page by page; its answers in the form of the REST API.

Only what reads is called, and nothing that decrypts. What the client raises quotes what a server
answered, which may be anything, so that none of it is passed on but the sort of error and the status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ingest.jsontext import NotJson, parse_json
from ingest.shapes import JsonObject
from ingest.sources.mlflow import lists
from ingest.sources.mlflow.entities import record_of
from ingest.sources.mlflow.lists import Listing
from ingest.sources.mlflow.modules import NoClient, module

PAGE: Final = 1_000
SMALL_PAGE: Final = 100
"""For lists of which a server gives no more at once."""

AT_ONCE: Final = 100
"""Experiments whose runs or models are asked for in one request."""

MOST_PAGES: Final = 100_000
ENDLESS: Final = "its pages do not end"

ALL_STAGES: Final = 3
"""MLflow's number for what is there together with what was deleted and can be restored."""

PROMPTS: Final = "tags.`mlflow.prompt.is_prompt` = 'true'"

NO_SERVER: Final = "what answers is no tracking server of MLflow"

_OTHER_SCHEMA: Final = "database schema"
_SERVER_INFO: Final = "/api/3.0/mlflow/server-info"
_TELLS_NOTHING: Final[JsonObject] = MappingProxyType({})
_ABSENT: Final = frozenset({404, 405, 501})
_NO_ENDPOINT: Final = frozenset({"ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED"})
_NO_ROUTE: Final = {"detail": "Not Found"}


@dataclass
class NotAnswered(Exception):
    """A list that a server did not give; ``absent`` if it has no such list at all."""

    reason: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, and the token with which the next ones are asked for."""

    records: Sequence[JsonObject]
    token: str | None


_AskPage = Callable[[str | None], Page]


@dataclass(frozen=True, slots=True)
class _Ask:
    """How a list is asked for: a method of the client or of its store, how much at once, and what else."""

    method: str
    at_once: int | None = SMALL_PAGE
    of_store: bool = False
    said: Mapping[str, object] = field(default_factory=dict[str, object])


_ASKS: Final[Mapping[str, _Ask]] = MappingProxyType(
    {
        "experiments": _Ask("search_experiments", PAGE, said={"view_type": ALL_STAGES}),
        "runs": _Ask("search_runs", PAGE, said={"run_view_type": ALL_STAGES}),
        "logged-models": _Ask("search_logged_models"),
        "registered-models": _Ask("search_registered_models"),
        "model-versions": _Ask("search_model_versions", PAGE),
        "prompts": _Ask("search_registered_models", said={"filter_string": PROMPTS}),
        "prompt-versions": _Ask("search_model_versions", PAGE, said={"filter_string": PROMPTS}),
        # The client has no methods of its own for the gateway.
        "gateway-secrets": _Ask("list_secret_infos", None, of_store=True),
        "gateway-models": _Ask("list_gateway_model_definitions", None, of_store=True),
        "gateway-endpoints": _Ask("list_gateway_endpoints", None, of_store=True),
        "gateway-bindings": _Ask("list_endpoint_bindings", None, of_store=True),
        "gateway-guardrails": _Ask("list_gateway_guardrails", of_store=True),
        "mcp-servers": _Ask("search_mcp_servers"),
        "mcp-server-versions": _Ask("search_mcp_server_versions"),
        "mcp-endpoints": _Ask("search_mcp_access_endpoints"),
    }
)


@dataclass
class Client:
    """A tracking server, or a store, as MLflow's client shows it."""

    _client: Any
    _info: JsonObject
    _experiments: list[str] = field(default_factory=list[str])
    _mcp_servers: list[str] = field(default_factory=list[str])

    @property
    def has_workspaces(self) -> bool:
        """Return whether the server says that it is divided into workspaces, of which one is read."""
        return self._info.get("workspaces_enabled") is True

    @property
    def has_gateway(self) -> bool:
        """Return whether there may be a gateway: not where the server says that it has none."""
        features = self._info.get("features_enabled")
        return not (isinstance(features, dict) and features.get("gateway") is False)

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list.

        Runs and logged models are asked for by the experiments that were read before, versions of
        MCP servers by those servers.

        Raises:
            NotAnswered: for a list, or a page of it, that the server does not give, and for pages
                that lead back into themselves, or do not end.
        """
        for ask in self._asks(listing):
            seen: set[str] = set()
            token: str | None = None
            while True:
                page = _answered(ask, token)
                self._note(listing, page)
                yield page
                token = page.token
                if token is None:
                    break
                if token in seen or len(seen) >= MOST_PAGES:
                    raise NotAnswered(ENDLESS)
                seen.add(token)

    def close(self) -> None:
        """Let go of the files of a store."""
        for store in (self._store, lambda: self._client._get_registry_client().store):  # noqa: SLF001
            with suppress(AttributeError):
                store().engine.dispose()

    def _store(self) -> Any:  # noqa: ANN401 - the client's types are not ours to name
        return self._client._tracking_client.store  # noqa: SLF001

    def _note(self, listing: Listing, page: Page) -> None:
        """Remember what other lists are asked for by."""
        if listing is lists.EXPERIMENTS:
            self._experiments += [str(found.get("experiment_id")) for found in page.records]
        elif listing is lists.MCP_SERVERS:
            self._mcp_servers += [str(found.get("name")) for found in page.records]

    def _asks(self, listing: Listing) -> Iterator[_AskPage]:
        """Yield what asks for a list: one function, or one for each part that is asked for by itself."""
        ask = _ASKS[listing.name]
        if listing in (lists.RUNS, lists.LOGGED_MODELS):
            for start in range(0, len(self._experiments), AT_ONCE):
                part = self._experiments[start : start + AT_ONCE]
                yield partial(self._asked, ask, {"experiment_ids": part}, whole=listing is lists.RUNS)
        elif listing is lists.MCP_SERVER_VERSIONS:
            for name in self._mcp_servers:
                yield partial(self._asked, ask, {"name": name})
        else:
            yield partial(self._asked, ask, {})

    def _asked(self, ask: _Ask, of: Mapping[str, object], token: str | None, *, whole: bool = False) -> Page:
        method = getattr(self._store() if ask.of_store else self._client, ask.method, None)
        if method is None:
            raise NotAnswered("MLflow's client that is installed does not ask for it", absent=True)
        paging = {} if ask.at_once is None else {"max_results": ask.at_once, "page_token": token}
        found = method(**of, **ask.said, **paging)
        entities = map(self._whole, found) if whole else found
        return Page([record_of(one) for one in entities], getattr(found, "token", None) or None)

    def _whole(self, run: Any) -> Any:  # noqa: ANN401
        """Return a run with the models that it took in, which only the answer on that run alone names.

        They say nothing where the run names no dataset and put out no model.
        """
        inputs, outputs = run.inputs, run.outputs
        matters = (inputs and inputs.dataset_inputs) or (outputs and outputs.model_outputs)
        return self._client.get_run(run.info.run_id) if matters else run


def connected(address: str) -> Client:
    """Return the client of a server, which was asked what it offers, or of a store.

    Raises:
        NoClient: where MLflow's client is not installed.
        NotAnswered: where what answers at the address is no tracking server.
    """
    made = module("mlflow").MlflowClient
    is_server = address.lower().startswith(("http://", "https://"))
    try:
        return Client(made(address, address), _server_info(address) if is_server else _TELLS_NOTHING)
    except NotAnswered:
        raise
    except Exception as error:  # noqa: BLE001 - other people's code, whose errors quote what they were given
        raise _not_answered(error) from None


def _server_info(address: str) -> JsonObject:
    """Return what a server says of itself; nothing where it is too old to do so."""
    try:
        credentials = module("mlflow.utils.credentials").get_default_host_creds(address)
        ask = module("mlflow.utils.rest_utils").http_request
        answer = ask(credentials, _SERVER_INFO, "GET", raise_on_status=False)
        status, body = int(answer.status_code), str(answer.text)
    except NoClient:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        raise _not_answered(error) from None
    if status in _ABSENT:
        return _TELLS_NOTHING
    if status != 200:
        raise NotAnswered(f"the server answers with status {status}")
    try:
        info = parse_json(body)
    except NotJson:
        info = None
    if not isinstance(info, dict) or "store_type" not in info:
        raise NotAnswered(NO_SERVER)
    return info


def _answered(ask: _AskPage, token: str | None) -> Page:
    try:
        return ask(token)
    except NotAnswered:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        raise _not_answered(error) from None


def _not_answered(error: Exception) -> NotAnswered:
    if isinstance(error, NotImplementedError):
        return NotAnswered("the store does not have it", absent=True)
    if _OTHER_SCHEMA in str(error):
        return NotAnswered(
            "the store's schema is not that of the client that is installed (mlflow db upgrade)"
        )
    status = getattr(error, "get_http_status_code", lambda: None)()
    named = type(error).__name__
    if status is None:
        return NotAnswered(f"the client stopped with {named}")
    return NotAnswered(f"the client stopped with {named}, status {status}", absent=_is_absent(error, status))


def _is_absent(error: Exception, status: int) -> bool:
    """Return whether a server has no such list; that it did not find something is another thing."""
    said = getattr(error, "json", None)
    if said is None:
        return status in _ABSENT
    return said == _NO_ROUTE or said.get("error_code") in _NO_ENDPOINT
