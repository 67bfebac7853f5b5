"""How harm travels through agents: from a package or an address to the agent that calls it, and on."""

from __future__ import annotations

from graph.model import Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from tests.ingest.jobs import Desk
from tests.ingest.sources.agents.test_configurations import GITHUB, desk, laid, run, short, written
from tests.support.saying import day

__all__ = ["desk"]


def harmed(desk: Desk, seed: str, harm: Harm) -> set[str]:
    """What is harmed and how, ``?`` after what only may be."""
    question = BlastRadiusQuestion((Uid(seed),), harm, standpoint=Standpoint(as_of=day(20)))
    return {
        f"{short(row.node.uid)} {row.harm.value}{' ?' if row.certainty is Certainty.POSSIBLE else ''}"
        for row in find_blast_radius(Estate(desk.ledger), question)
        if row.hops
    }


def test_a_tainted_package_reaches_the_agent_and_the_secret_of_its_own_server(desk: Desk) -> None:
    run(desk, laid(desk, "cursor.json", ".cursor/mcp.json"))
    found = harmed(desk, f"hf:asset:{GITHUB}", Harm.TAINTED)
    assert {"cursor/server/github CONTROLLED", "cursor TAINTED", "cursor CONTROLLED ?"} <= found
    assert {one for one in found if "variable/" in one or "/environment/" in one} == {
        "cursor/variable/GITHUB_TOKEN DISCLOSED"
    }


def test_a_server_that_is_switched_off_reaches_nobody(desk: Desk) -> None:
    run(desk, laid(desk, "cursor.json", ".cursor/mcp.json"))
    repository = "hf:asset:git-url:https:%2F%2Fgithub.com%2Ffairbank%2Fdocs-mcp"
    found = harmed(desk, repository, Harm.TAINTED)
    assert {one.partition(" ")[0] for one in found if one.startswith("cursor")} == {"cursor/server/docs"}


def test_an_agent_goes_on_without_a_server(desk: Desk) -> None:
    server = {"mcpServers": {"s": {"url": "https://mcp.fairbank.example/mcp"}}}
    run(desk, written(desk, ".cursor/mcp.json", server))
    endpoint = "hf:asset:url:https:%2F%2Fmcp.fairbank.example%2Fmcp"
    assert harmed(desk, endpoint, Harm.UNAVAILABLE) == {"cursor/server/s UNAVAILABLE"}
    assert {"cursor/server/s TAINTED", "cursor TAINTED"} <= harmed(desk, endpoint, Harm.TAINTED)
