"""A server that answers as it is told to: as the real one of the sample did, but for what a test changes."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.ingest.sources.mlflow.lender import ANSWERS

Answer = tuple[int, str]
Rule = Callable[[dict[str, Any]], Answer]
INFO = {"store_type": "SqlStore", "workspaces_enabled": False, "features_enabled": {"gateway": True}}
V2, V3 = "/api/2.0/mlflow", "/api/3.0/mlflow"
LISTS = {
    f"{V2}/experiments/search": "experiments",
    f"{V2}/runs/search": "runs",
    f"{V2}/logged-models/search": "logged-models",
    f"{V2}/registered-models/search": "registered-models",
    f"{V2}/model-versions/search": "model-versions",
    f"{V3}/gateway/secrets/list": "gateway-secrets",
    f"{V3}/gateway/model-definitions/list": "gateway-models",
    f"{V3}/gateway/endpoints/list": "gateway-endpoints",
    f"{V3}/gateway/endpoints/bindings/list": "gateway-bindings",
    f"{V3}/gateway/guardrails/list": "gateway-guardrails",
    f"{V3}/mcp-servers": "mcp-servers",
    f"{V3}/mcp-servers/endpoints": "mcp-endpoints",
}


def answer(body: object, status: int = 200) -> Answer:
    return status, json.dumps(body)


def saved(name: str) -> Any:
    return json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))


@contextmanager
def server(rules: Mapping[str, Rule] | None = None) -> Iterator[str]:
    """Give the address of a server; ``rules`` say by path how it answers in another way."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({name: found[0] for name, found in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(json.loads(self.rfile.read(length) or b"{}"))

        def _answer(self, asked: dict[str, Any]) -> None:
            path = urlsplit(self.path).path
            rule = (rules or {}).get(path)
            status, text = rule(asked) if rule else _usual(path, asked)
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if text[:1] in "{[" else "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{found.server_address[1]}"
    finally:
        found.shutdown()
        found.server_close()
        thread.join()


def _usual(path: str, asked: dict[str, Any]) -> Answer:
    if path == f"{V3}/server-info":
        return answer(INFO)
    if path == f"{V2}/runs/get":
        return answer(
            {"run": next(r for r in saved("runs")["runs"] if r["info"]["run_id"] == asked["run_id"])}
        )
    if path.startswith(f"{V3}/mcp-servers/") and path.endswith("/versions"):
        return answer(saved("mcp-server-versions"))
    name = LISTS.get(path)
    if name is None:
        return answer({"error_code": "ENDPOINT_NOT_FOUND", "message": "planted-value"}, 404)
    if "is_prompt` = " in asked.get("filter", ""):
        name = {"registered-models": "prompts", "model-versions": "prompt-versions"}[name]
    return answer(saved(name))
