"""A2A agent cards in both shapes: what each comes to, worked out by hand from the files beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.vocabulary import Kind
from ingest.sources.agents import SOURCE
from tests.ingest.jobs import Desk
from tests.ingest.sources.agents.test_configurations import (
    FILES,
    desk,
    edges,
    fingerprint,
    nodes,
    properties,
    written,
)
from tests.support.saying import day

__all__ = ["desk"]

AGENT = "a2a:https:%2F%2Fagents.fairbank.example%2Fa2a"


def run(desk: Desk, path: Path, **options: Any) -> dict[str, Any]:
    return desk.run(path, source=SOURCE, **{"read_at": day(2), "complete": True, **options}).to_json()


def card(**fields: Any) -> dict[str, Any]:
    body = {"name": "Desk", "url": "https://agents.fairbank.example/a2a", "version": "1", "skills": []}
    return {**body, **fields}


def test_the_older_shape(desk: Desk) -> None:
    report = run(desk, FILES / "card-0.3.json")
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == {
        "agent card's field 'iconUrl'": 1,
        "signature of an agent card, which is not verified": 1,
    }
    (scope,) = report["scopes"]
    assert (scope["name"], scope["complete"]) == ("card https://agents.fairbank.example/a2a", True)
    assert set(edges(desk)) == {
        f"url:https:%2F%2Fagents.fairbank.example%2Fa2a SERVES {AGENT}",
        f"url:https:%2F%2Fgrpc.fairbank.example%2Fa2a SERVES {AGENT}",
    }
    agent = nodes(desk)[AGENT]
    assert (agent.kind, agent.type, agent.name) == (Kind.ASSET, "agent", "Credit desk")
    assert properties(agent) == {
        "description": "Answers questions on loans",
        "version": "1.2.0",
        "interfaces": (
            "JSONRPC https://agents.fairbank.example/a2a",
            "GRPC https://grpc.fairbank.example/a2a",
        ),
        "input_modes": ("text/plain",),
        "output_modes": ("text/plain",),
        "skills": ("Quote a loan",),
        "security_schemes": ("login: openIdConnect", "key: http bearer"),
        "token_issuers": ("https://idp.fairbank.example",),
        "provider": "Fairbank",
        "provider_url": "https://fairbank.example",
        "signatures": 1,
        "streaming": True,
        "push_notifications": False,
    }
    assert run(desk, FILES / "card-0.3.json")["commits"]["count"] == 0


def test_the_newer_shape(desk: Desk) -> None:
    report = run(desk, FILES / "card-1.0.json")
    assert (report["state"], report["rejected"]) == ("completed", [])
    assert report["skipped"] == {"interface of an agent card in another version of the protocol": 1}
    (scope,) = report["scopes"]
    assert scope["name"] == "card https://agents.fairbank.example/a2a/v1 eu"
    assert scope["why"] == "callers that log in are shown another card, which may say more"
    assert set(edges(desk)) == {f"url:https:%2F%2Fagents.fairbank.example%2Fa2a%2Fv1 SERVES {AGENT}%2Fv1/eu"}
    agent = nodes(desk)[f"{AGENT}%2Fv1/eu"]
    assert properties(agent)["interfaces"] == (
        "JSONRPC https://agents.fairbank.example/a2a/v1 eu",
        "HTTP+JSON https://agents.fairbank.example/a2a/v1 eu",
    )
    assert properties(agent)["security_schemes"] == ("key: apiKey",)


def test_an_interface_that_is_gone_ends(desk: Desk) -> None:
    more = [{"url": "https://grpc.fairbank.example/a2a", "transport": "GRPC"}]
    run(desk, written(desk, "card.json", card(additionalInterfaces=more)))
    assert len(edges(desk, "SERVES")) == 2
    run(desk, written(desk, "card.json", card()), read_at=day(3))
    assert len(edges(desk, "SERVES")) == 1


def test_credentials_in_a_card_are_found_there(desk: Desk) -> None:
    given = {"schemes": ["Bearer"], "credentials": "planted-value-credentials"}
    run(desk, written(desk, "card.json", card(authentication=given)))
    (secret,) = [node for node in nodes(desk).values() if node.kind is Kind.SECRET]
    assert secret.text("fingerprint") == fingerprint("planted-value-credentials")
    assert len(edges(desk, "FOUND_IN")) == 1
    assert "planted-value" not in str(desk.told())


@pytest.mark.parametrize("whose", ["team-a", "team-b"])
def test_a_card_on_a_machine_of_ones_own_is_of_that_machine(desk: Desk, whose: str) -> None:
    run(desk, written(desk, "card.json", card(url="http://localhost:9999/")), scope=whose)
    assert f"a2a:{whose}/http:%2F%2Flocalhost:9999" in nodes(desk)


def test_an_endpoint_is_the_one_that_a_configuration_names(desk: Desk) -> None:
    run(desk, written(desk, "card.json", card()))
    server = {"mcpServers": {"desk": {"url": "https://agents.fairbank.example/a2a"}}}
    run(desk, written(desk, ".cursor/mcp.json", server), scope="laptop-7")
    assert "cursor/server/desk INVOKES url:https:%2F%2Fagents.fairbank.example%2Fa2a" in edges(desk)
    assert f"url:https:%2F%2Fagents.fairbank.example%2Fa2a SERVES {AGENT}" in edges(desk)
