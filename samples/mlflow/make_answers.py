# ruff: noqa: INP001, ANN401, SLF001, S310 - a script beside its output, with MLflow's own untyped client
"""Fills an empty tracking server with the sample lender's loan model, and saves what its REST API answers.

    mlflow server --backend-store-uri sqlite:///lender.db --host 127.0.0.1 --port 5000
    python samples/mlflow/make_answers.py http://127.0.0.1:5000 [FOLDER]

The server makes up ids and times; in the files they are replaced by ones that stay, so that the
same server gives the same bytes. ``README.md`` beside this file says which server answered.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SERVER = "https://mlflow.fairbank.example"
READ_AT = "2026-11-19T06:00:00Z"
PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'"

TIMES = ("creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "timestamp")
TIMES += ("creation_timestamp_ms", "last_updated_timestamp_ms", "created_at", "last_updated_at")
"""Fields that the server fills with its own clock."""

MADE_UP = re.compile(
    r"\b(?:(?:m|s|d|e|mcp|g|gc)-)?[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
)
MASKED = {"api_key": "***"}


def moment(text: str) -> int:
    """Return a time in milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


# ------------------------------------------------------------------ what the lender has


def fill(address: str) -> None:
    """Make the lender's experiments, models, prompts and keys, with MLflow's own client."""
    import mlflow
    from mlflow import MlflowClient

    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    client = MlflowClient()
    experiment = client.create_experiment("loan-default")
    model = train(client, experiment)
    evaluate(client, experiment, model)
    prompt(client, experiment)
    gateway(client)
    tools(client)


def dataset(name: str, digest: str, source_type: str, place: str, context: str) -> Any:
    """Return a dataset as a run logs it."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"uri": place})
    made = Dataset(name=name, digest=digest, source_type=source_type, source=source)
    return DatasetInput(made, [InputTag("mlflow.data.context", context)])


def train(client: Any, experiment: str) -> str:
    """Train the model whose third version is in production; return its id."""
    from mlflow.entities import LoggedModelOutput

    client.create_registered_model("loan-default", description="Chance that a loan is not paid back")
    for day, digest in (("2026-09-10", "1b77d0e4"), ("2026-10-08", "52c9ae31"), ("2026-11-12", "9f3c21aa")):
        tags = {"mlflow.user": "training", "mlflow.source.name": "score_training/train.py"}
        tags["mlflow.source.git.repoURL"] = "git@github.com:fairbank/score-training.git"
        run = client.create_run(
            experiment, start_time=moment(f"{day}T02:00:00"), run_name=f"train {day}", tags=tags
        )
        features = f"s3://fairbank-features/loans/{day[:7]}.parquet"
        client.log_inputs(run.info.run_id, [dataset("loan-features", digest, "s3", features, "training")])
        client.log_param(run.info.run_id, "max_depth", 6)
        model = client.create_logged_model(experiment, name="loan-default", source_run_id=run.info.run_id)
        client.finalize_logged_model(model.model_id, "READY")
        client.log_outputs(run.info.run_id, [LoggedModelOutput(model.model_id, 0)])
        client.set_terminated(run.info.run_id, end_time=moment(f"{day}T02:40:00"))
        source = f"models:/{model.model_id}"
        client.create_model_version("loan-default", source, run.info.run_id, model_id=model.model_id)
    client.set_registered_model_alias("loan-default", "champion", "3")
    client.set_registered_model_alias("loan-default", "previous", "2")
    return model.model_id


def evaluate(client: Any, experiment: str, model: str) -> None:
    """Evaluate that model on loans that were kept apart."""
    from mlflow.entities import LoggedModelInput

    start = moment("2026-11-12T03:00:00")
    run = client.create_run(experiment, start_time=start, run_name="evaluate 2026-11-12")
    kept = dataset("loan-holdout", "77aa10b2", "s3", "s3://fairbank-holdout/loans.parquet", "evaluation")
    client.log_inputs(run.info.run_id, [kept], [LoggedModelInput(model)])
    client.log_metric(
        run.info.run_id,
        "auc",
        0.83,
        timestamp=start,
        dataset_name="loan-holdout",
        dataset_digest="77aa10b2",
        model_id=model,
    )
    client.set_terminated(run.info.run_id, end_time=moment("2026-11-12T03:05:00"))


def prompt(client: Any, experiment: str) -> None:
    """Register the prompt of the assistant that explains decisions, and a run that tried it."""
    template = "Explain the decision on {{application}} in plain words."
    version = client.register_prompt("explain-decision", template, commit_message="plain words")
    client.set_prompt_alias("explain-decision", "live", 1)
    start = moment("2026-11-10T09:00:00")
    run = client.create_run(experiment, start_time=start, run_name="try prompt 2026-11-10")
    client.link_prompt_version_to_run(run.info.run_id, version)
    client.set_terminated(run.info.run_id, end_time=moment("2026-11-10T09:10:00"))


def gateway(client: Any) -> None:
    """Give the gateway a key, two models that it opens, and an endpoint over them."""
    from mlflow.entities import GatewayEndpointModelConfig, GatewayModelLinkageType

    store = client._tracking_client.store
    value = {"api_key": "no-key-" + "0" * 20}
    secret = store.create_gateway_secret("openai-explain", value, provider="openai")
    configs = []
    for i, (name, linkage) in enumerate((("gpt-4o", "PRIMARY"), ("gpt-4o-mini", "FALLBACK"))):
        definition = store.create_gateway_model_definition(
            name=f"explain-{name}", secret_id=secret.secret_id, provider="openai", model_name=name
        )
        sort = GatewayModelLinkageType(linkage)
        order = None if linkage == "PRIMARY" else i - 1
        configs.append(GatewayEndpointModelConfig(definition.model_definition_id, sort, fallback_order=order))
    store.create_gateway_endpoint(name="explain", model_configs=configs)


def tools(client: Any) -> None:
    """Register the MCP server that the assistant looks applications up with."""
    from mlflow.entities.mcp_server import MCPStatus, MCPTool

    name = "example.fairbank/applications"
    card = {
        "name": name,
        "version": "1.2.0",
        "description": "Applications, read only",
        "packages": [
            {
                "registryType": "npm",
                "identifier": "@fairbank/applications-mcp",
                "version": "1.2.0",
                "transport": {"type": "stdio"},
                "environmentVariables": [{"name": "APPLICATIONS_TOKEN", "isSecret": True}],
            }
        ],
        "remotes": [{"type": "streamable-http", "url": "https://applications.fairbank.example/mcp"}],
    }
    found = [MCPTool("get_application", description="One application"), MCPTool("list_applications")]
    client.create_mcp_server_version(card, status=MCPStatus.ACTIVE, tools=found)
    client.set_mcp_server_alias(name, "live", "1.2.0")
    client.create_mcp_access_endpoint(name, "https://applications.fairbank.example/mcp", server_alias="live")


# ------------------------------------------------------------------ what the server answers


def answers(address: str) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield each list with the request that asks for it, and its pages."""
    experiments = "/api/2.0/mlflow/experiments/search"
    pages = list(asked(address, experiments, {"view_type": "ALL", "max_results": 1000}))
    yield "experiments", f"POST {experiments}", pages
    ids = [found["experiment_id"] for page in pages for found in page.get("experiments", ())]
    for name, path, body in (
        ("runs", "/api/2.0/mlflow/runs/search", {"run_view_type": "ALL"}),
        ("logged-models", "/api/2.0/mlflow/logged-models/search", {}),
    ):
        yield name, f"POST {path}", list(asked(address, path, {"experiment_ids": ids, **body}))
    for name, path, only in (
        ("registered-models", "/api/2.0/mlflow/registered-models/search", ""),
        ("model-versions", "/api/2.0/mlflow/model-versions/search", ""),
        ("prompts", "/api/2.0/mlflow/registered-models/search", PROMPTS),
        ("prompt-versions", "/api/2.0/mlflow/model-versions/search", PROMPTS),
        ("gateway-secrets", "/api/3.0/mlflow/gateway/secrets/list", ""),
        ("gateway-models", "/api/3.0/mlflow/gateway/model-definitions/list", ""),
        ("gateway-endpoints", "/api/3.0/mlflow/gateway/endpoints/list", ""),
        ("gateway-bindings", "/api/3.0/mlflow/gateway/endpoints/bindings/list", ""),
        ("gateway-guardrails", "/api/3.0/mlflow/gateway/guardrails/list", ""),
        ("mcp-servers", "/api/3.0/mlflow/mcp-servers", ""),
        ("mcp-endpoints", "/api/3.0/mlflow/mcp-servers/endpoints", ""),
    ):
        query = {"filter": only} if only else {}
        pages = list(asked(address, path, query, method="GET"))
        yield name, f"GET {path}", pages
        if name == "mcp-servers":
            yield (
                "mcp-server-versions",
                f"GET {path}/NAME/versions of each server",
                [versions(address, pages)],
            )


def versions(address: str, servers: Sequence[Any]) -> dict[str, Any]:
    """Return the versions of all MCP servers as one answer; each is asked for by itself."""
    found: list[Any] = []
    for server in (one for page in servers for one in page["mcp_servers"]):
        path = f"/api/3.0/mlflow/mcp-servers/{server['name']}/versions"
        for page in asked(address, path, {}, method="GET"):
            found += page["mcp_server_versions"]
    return {"mcp_server_versions": found, "next_page_token": None}


def asked(address: str, path: str, said: Mapping[str, Any], method: str = "POST") -> Iterator[dict[str, Any]]:
    """Yield the pages of a list."""
    token = None
    while True:
        body = {**said, **({"page_token": token} if token else {})}
        url = address + path + ("?" + urllib.parse.urlencode(body) if method == "GET" else "")
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            page = json.load(response)
        yield page
        token = page.get("next_page_token")
        if not token:
            return


def in_full(address: str, page: dict[str, Any]) -> dict[str, Any]:
    """Return a page of runs with the models that they took in, which only the answer on one run names."""
    path = "/api/2.0/mlflow/runs/get"
    for i, run in enumerate(page.get("runs", ())):
        (whole,) = asked(address, path, {"run_id": run["info"]["run_id"]}, method="GET")
        page["runs"][i] = whole["run"]
    return page


def save(address: str, folder: Path, *, steady: bool = True) -> None:
    """Write one file for each list, and a sidecar beside it; with ``steady``, ids and times that stay."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, str] = {}
    for name, command, answered in answers(address):
        whole = [in_full(address, page) for page in answered] if name == "runs" else answered
        pages = [replaced(page, known) for page in whole] if steady else whole
        content: Any = pages[0] if len(pages) == 1 else pages
        write(folder / f"{name}.json", content)
        sidecar = {"command": command, "filters": [], "scope": SERVER, "read_at": READ_AT}
        write(folder / f"{name}.json.read.json", sidecar)


def write(path: Path, content: Any) -> None:
    """Write one JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def replaced(value: Any, known: dict[str, str], key: str = "") -> Any:
    """Return an answer with ids that depend on their order only, without the server's clock and folders."""
    if isinstance(value, dict):
        if set(value) >= {"masked_values"}:
            value = {**value, "masked_values": MASKED}
        return {name: replaced(item, known, name) for name, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, known) for item in value]
    if key in TIMES and isinstance(value, int):
        return moment("2026-11-12T03:10:00")
    if isinstance(value, str):
        text = MADE_UP.sub(lambda found: steady_id(found.group(), known), value)
        return re.sub(r"^(?:file://)?/.*/(?=\d+(?:/|$))", "s3://fairbank-mlflow/", text)
    return value


def steady_id(made_up: str, known: dict[str, str]) -> str:
    """Return an id of the same form that depends only on how many came before it."""
    if made_up not in known:
        digest = hashlib.sha256(f"fairbank {len(known)}".encode()).hexdigest()
        letters = iter(digest)
        prefix, dash, rest = made_up.partition("-")
        kept, rest = (prefix + dash, rest) if dash and len(prefix) < 8 else ("", made_up)
        known[made_up] = kept + "".join(letter if letter == "-" else next(letters) for letter in rest)
    return known[made_up]


def main(arguments: Sequence[str]) -> None:
    """Fill the server at an address, and save what it answers."""
    folder = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).parent / "answers"
    fill(arguments[0])
    save(arguments[0], folder)


if __name__ == "__main__":
    main(sys.argv[1:])
