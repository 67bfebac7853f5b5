"""Configurations of MCP clients: what each comes to, worked out by hand from the files beside this one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import Uid
from graph.vocabulary import Certainty, Kind
from ingest.sources.agents import SOURCE
from ingest.sources.agents.files import without_comments
from ingest.sources.agents.names import Holder
from ingest.uids import native_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

FILES = Path(__file__).parent / "files"
GITHUB = "purl:pkg:npm%2F%2540modelcontextprotocol%2Fserver-github@2025.4.8"
CURSOR = Holder("laptop-7", "cursor")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def laid(desk: Desk, name: str, place: str) -> Path:
    path = desk.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / name, path)
    return path


def written(desk: Desk, place: str, body: object) -> Path:
    path = desk.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def run(desk: Desk, *paths: Path, **options: Any) -> dict[str, Any]:
    options = {"read_at": day(2), "complete": True, "scope": "laptop-7", **options}
    return desk.run(*paths, source=SOURCE, **options).to_json()


def one(desk: Desk, server: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Read a configuration of Cursor with one server ``s``."""
    return run(desk, written(desk, ".cursor/mcp.json", {"mcpServers": {"s": server}}), **more)


def nodes(desk: Desk) -> dict[str, Any]:
    return {
        short(node.uid): node for node in desk.ledger.all_nodes(desk.ledger.at(day(20))) if node.described
    }


def edges(desk: Desk, relation: str | None = None) -> dict[str, Certainty]:
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    return {
        " ".join((short(e.subject.uid), e.relation, short(e.object.uid), *sorted(e.marks))): e.certainty
        for e in found
        if relation in (None, e.relation)
    }


def short(uid: str) -> str:
    for prefix in ("hf:asset:mcp-client:laptop-7/", "hf:secret:mcp-client:laptop-7/", "hf:asset:", "hf:"):
        uid = uid.removeprefix(prefix)
    return uid


def properties(node: Any) -> dict[str, Any]:
    return {name: value.value for name, value in node.properties.items()}


def fingerprint(value: str) -> str | None:
    return FINGERPRINTS.of_secret(value.encode())


def test_cursor(desk: Desk) -> None:
    report = run(desk, laid(desk, "cursor.json", ".cursor/mcp.json"))
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == {"server's field 'cwd'": 1}
    assert [(scope["name"], scope["complete"]) for scope in report["scopes"]] == [("laptop-7/cursor", True)]
    assert edges(desk) == dict.fromkeys(
        (
            *(
                f"cursor INVOKES cursor/server/{name} optional"
                for name in ("github", "search", "tickets", "warehouse", "notes", "bridge")
            ),
            f"cursor/server/github BUILT_FROM {GITHUB}",
            "cursor/server/github USES_SECRET cursor/variable/GITHUB_TOKEN",
            "cursor/server/github/tool/get_file_contents PART_OF cursor/server/github",
            "cursor/server/github/tool/list_issues PART_OF cursor/server/github",
            "cursor/server/search BUILT_FROM package:npm/tavily-mcp",
            "cursor/server/search USES_SECRET cursor/server/search/environment/TAVILY_API_KEY",
            "cursor/server/tickets INVOKES url:https:%2F%2Ftickets.fairbank.example%2Fmcp",
            "cursor/server/tickets USES_SECRET cursor/server/tickets/address/api_key",
            "cursor/server/tickets USES_SECRET cursor/server/tickets/address/password",
            "cursor/server/tickets USES_SECRET cursor/server/tickets/header/Authorization",
            "cursor/server/warehouse BUILT_FROM oci-image:registry.fairbank.example%2Fwarehouse-mcp:1.4",
            "cursor/server/warehouse USES_SECRET cursor/server/warehouse/environment/DB_PASSWORD",
            "cursor/server/warehouse USES_SECRET cursor/server/warehouse/environment/AWS_SECRET_ACCESS_KEY",
            "cursor/server/docs BUILT_FROM git-url:https:%2F%2Fgithub.com%2Ffairbank%2Fdocs-mcp",
            "cursor/server/bridge BUILT_FROM package:npm/mcp-remote",
            "cursor/server/bridge INVOKES url-of:laptop-7/http:%2F%2Flocalhost:3000%2Fmcp",
            "cursor/server/bridge USES_SECRET cursor/variable/BRIDGE_TOKEN",
        ),
        Certainty.CERTAIN,
    )
    found = nodes(desk)
    assert (found["cursor"].type, found["cursor"].name) == ("agent", "Cursor (laptop-7)")
    assert properties(found["cursor/server/github"]) == {
        "command": "npx",
        "args": ("-y", "@modelcontextprotocol/server-github@2025.4.8"),
        "enabled": True,
        "transport": "stdio",
        "environment_variables": ("GITHUB_PERSONAL_ACCESS_TOKEN", "LOG_LEVEL"),
        "auto_approved_tools": ("get_file_contents", "list_issues"),
    }
    assert properties(found["cursor/server/docs"])["args"][-2:] == ("--token", "[redacted]")
    assert properties(found["cursor/server/docs"])["enabled"] is False
    assert properties(found["cursor/server/tickets"]) == {
        "url": "https://tickets.fairbank.example/mcp",
        "enabled": True,
        "headers": ("Authorization", "X-Team"),
    }
    assert properties(found["package:npm/tavily-mcp"]) == {
        "package_type": "npm",
        "pinned": False,
        "version_requirement": "latest",
    }
    assert "planted-value" not in str(desk.told())


def test_values_are_known_by_their_fingerprints(desk: Desk) -> None:
    run(desk, laid(desk, "cursor.json", ".cursor/mcp.json"))
    found = {
        name: properties(n).get("fingerprint") for name, n in nodes(desk).items() if n.kind is Kind.SECRET
    }
    at = "cursor/server/"
    assert found == {
        "cursor/variable/GITHUB_TOKEN": None,
        "cursor/variable/BRIDGE_TOKEN": None,
        f"{at}search/environment/TAVILY_API_KEY": fingerprint("tvly-planted-value-0123456789"),
        f"{at}tickets/address/api_key": fingerprint("planted-value-query-1"),
        f"{at}tickets/address/password": fingerprint("planted-value-pw-0123"),
        f"{at}tickets/header/Authorization": fingerprint("planted-value-bearer-42"),
        f"{at}warehouse/environment/DB_PASSWORD": fingerprint("planted-value-db-pass-99"),
        f"{at}warehouse/environment/AWS_SECRET_ACCESS_KEY": fingerprint(
            "planted-value/secret/half/000000000000"
        ),
        f"{at}docs/argument/--token": fingerprint("planted-value-flag-7777"),
    }
    half = nodes(desk)[f"{at}warehouse/environment/AWS_SECRET_ACCESS_KEY"]
    assert half.texts("key_ids") == ("aws-access-key-id=AKIAQ3EGRZHUXB5TYPLM",)


def test_visual_studio_code(desk: Desk) -> None:
    report = run(desk, laid(desk, "vscode.json", ".vscode/mcp.json"))
    assert (report["rejected"], report["skipped"]) == ([], {})
    assert edges(desk) == {
        "vscode INVOKES vscode/server/perplexity optional": Certainty.CERTAIN,
        "vscode/server/perplexity BUILT_FROM purl:pkg:pypi%2Fperplexity-mcp@0.3.1": Certainty.CERTAIN,
        "vscode/server/perplexity USES_SECRET vscode/input/perplexity": Certainty.CERTAIN,
        "vscode INVOKES vscode/server/remote optional": Certainty.CERTAIN,
        "vscode/server/remote INVOKES url:https:%2F%2Fapi.example.com%2Fmcp": Certainty.CERTAIN,
        "vscode/server/remote USES_SECRET vscode/variable/API_KEY": Certainty.CERTAIN,
        "vscode/server/remote USES_SECRET vscode/server/remote/header/X-API-Key": Certainty.POSSIBLE,
    }
    assert (
        properties(nodes(desk)["vscode/server/perplexity"])["environment_file"] == "${workspaceFolder}/.env"
    )
    assert "planted-value" not in str(desk.told())


def test_gemini(desk: Desk) -> None:
    run(desk, laid(desk, "gemini.json", ".gemini/settings.json"))
    account = "bq-reader@fairbank-ml.iam.gserviceaccount.com"
    assert edges(desk) == {
        "gemini-cli PROMPTED_BY gemini-cli/prompt-file/GEMINI.md": Certainty.POSSIBLE,
        "gemini-cli PROMPTED_BY gemini-cli/prompt-file/RISK.md": Certainty.POSSIBLE,
        "gemini-cli INVOKES gemini-cli/server/bq optional": Certainty.CERTAIN,
        "gemini-cli/server/bq INVOKES url:https:%2F%2Fbq.fairbank.example%2Fmcp": Certainty.CERTAIN,
        "gemini-cli/server/bq/tool/query PART_OF gemini-cli/server/bq": Certainty.CERTAIN,
        f"gemini-cli/server/bq RUNS_AS identity:gcp-service-account:{account}": Certainty.CERTAIN,
    }
    told = properties(nodes(desk)["gemini-cli/server/bq"])
    assert (told["auto_approves_all"], told["excluded_tools"], told["transport"]) == (True, ("drop",), "http")
    assert [properties(nodes(desk)[f"gemini-cli/server/{n}"])["enabled"] for n in ("off", "unlisted")] == [
        False
    ] * 2


def test_continue(desk: Desk) -> None:
    report = run(desk, laid(desk, "continue.yaml", ".continue/config.yaml"))
    assert report["skipped"] == {"server that is defined elsewhere and only named here": 2}
    said = set(edges(desk))
    (rule,) = {edge for edge in said if "PROMPTED_BY" in edge} - {"continue PROMPTED_BY continue/rule/style"}
    assert said - {rule} == {
        "continue INVOKES continue/model/anthropic/Large",
        "continue USES_SECRET continue/model/anthropic/Large/model/apiKey",
        "continue PROMPTED_BY continue/rule/style",
        "continue INVOKES continue/server/sqlite optional",
        "continue/server/sqlite BUILT_FROM package:npm/mcp-sqlite",
        "continue/server/sqlite USES_SECRET continue/kept/SQLITE_TOKEN",
        "continue INVOKES continue/server/logs optional",
        "continue/server/logs INVOKES url:https:%2F%2Flogs.fairbank.example%2Fmcp",
        "continue/server/logs USES_SECRET continue/kept/LOGS_TOKEN",
    }
    assert "Never send" not in str(desk.told())
    assert "planted-value" not in str(desk.told())


def test_codex(desk: Desk) -> None:
    report = run(desk, laid(desk, "codex.toml", ".codex/config.toml"))
    assert (report["rejected"], report["skipped"]) == ([], {"server's field 'startup_timeout_sec'": 1})
    package = "purl:pkg:npm%2F%2540modelcontextprotocol%2Fserver-filesystem@2025.8.21"
    assert set(edges(desk)) == {
        "codex PROMPTED_BY codex/prompt-file/prompts%2Fhouse.md",
        "codex INVOKES codex/server/github",
        "codex/server/github INVOKES url:https:%2F%2Fapi.githubcopilot.com%2Fmcp%2F",
        "codex/server/github USES_SECRET codex/variable/GITHUB_TOKEN",
        "codex/server/github USES_SECRET codex/variable/RISK_KEY_VALUE",
        "codex/server/github/tool/get_issue PART_OF codex/server/github",
        "codex INVOKES codex/server/files optional",
        f"codex/server/files BUILT_FROM {package}",
        "codex/server/files USES_SECRET codex/variable/FILES_TOKEN",
        "codex/server/files USES_SECRET codex/server/files/environment/API_TOKEN",
    }
    told = properties(nodes(desk)["codex/server/files"])
    assert told["environment_variables"] == ("API_TOKEN", "FILES_TOKEN", "LOG_LEVEL")
    assert properties(nodes(desk)["codex/server/github"])["headers"] == (
        "Authorization",
        "X-Api-Key",
        "X-Team",
    )
    assert "planted-value" not in str(desk.told())


def test_reading_twice_commits_nothing_and_what_is_gone_ends(desk: Desk) -> None:
    path = laid(desk, "cursor.json", ".cursor/mcp.json")
    other = laid(desk, "vscode.json", ".vscode/mcp.json")
    run(desk, path, other)
    assert run(desk, path, other)["commits"]["count"] == 0
    emptied = written(desk, ".cursor/mcp.json", {"mcpServers": {}})
    partial = run(desk, emptied, read_at=day(3), complete=False)
    assert "nobody says" in partial["scopes"][0]["why"]
    assert CURSOR.server("github") in {node.uid for node in nodes(desk).values()}
    run(desk, emptied, read_at=day(4), allow_closing=True)
    assert {name for name in nodes(desk) if name.startswith("cursor")} == {"cursor"}
    # The other client is a scope of its own.
    assert "vscode/server/perplexity" in nodes(desk)


def test_an_agent_may_call_more_than_one_file_says(desk: Desk) -> None:
    one(desk, {"command": "node"})
    agent = nodes(desk)["cursor"]
    assert {r.coverage["INVOKES"].value for r in agent.reports} == {"incomplete"}


def test_several_files_of_one_agent_are_one_reading(desk: Desk) -> None:
    first = written(
        desk, "a/.cursor/mcp.json", {"mcpServers": {"a": {"command": "a"}, "b": {"command": "b"}}}
    )
    second = written(
        desk, "b/.cursor/mcp.json", {"mcpServers": {"b": {"command": "c"}, "d": {"command": "d"}}}
    )
    report = run(desk, first, second)
    (problem,) = report["rejected"]
    assert (problem["field"], report["state"]) == ("/mcpServers/b", "partial")
    assert "another file of this agent" in problem["reason"]
    assert {"cursor/server/a", "cursor/server/b", "cursor/server/d"} <= set(nodes(desk))
    assert properties(nodes(desk)["cursor/server/b"])["command"] == "b"


def test_a_file_that_cannot_be_read_keeps_the_agents_other_servers(desk: Desk) -> None:
    first = written(desk, "a/.cursor/mcp.json", {"mcpServers": {"a": {"command": "a"}}})
    second = written(desk, "b/.cursor/mcp.json", {"mcpServers": {"b": {"command": "b"}}})
    run(desk, first, second)
    second.write_text("{", encoding="utf-8")
    run(desk, first, second, read_at=day(3))
    assert "cursor/server/b" in nodes(desk)


def test_a_sidecar_says_whose_it_is_and_of_which_client(desk: Desk) -> None:
    path = written(desk, "export/mcp.json", {"mcpServers": {"s": {"command": "node"}}})
    sidecar = {
        "command": "scp laptop-9:.cursor/mcp.json export/mcp.json",
        "filters": [],
        "scope": "laptop-9",
        "read_at": "2026-01-02T00:00:00Z",
    }
    written(desk, "export/mcp.json.read.json", sidecar)
    report = desk.run(path, source=SOURCE).to_json()
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [("laptop-9/cursor", True)]
    assert report["warnings"] == []


@pytest.mark.parametrize(
    ("place", "body", "agent"),
    [
        ("claude_desktop_config.json", {"mcpServers": {"s": {"command": "node"}}}, "claude-desktop"),
        (".mcp.json", {"mcpServers": {"s": {"type": "http", "url": "https://a.example/mcp"}}}, "project"),
        (".claude.json", {"mcpServers": {"s": {"command": "node"}}, "numStartups": 3}, "claude-code"),
        (
            ".codeium/windsurf/mcp_config.json",
            {"mcpServers": {"s": {"serverUrl": "https://a.example"}}},
            "windsurf",
        ),
        (".vscode/settings.json", {"mcp": {"servers": {"s": {"command": "node"}}}}, "vscode"),
        (
            ".copilot/mcp-config.json",
            {"mcpServers": {"s": {"command": "node", "tools": ["*"]}}},
            "copilot-cli",
        ),
        ("cline_mcp_settings.json", {"mcpServers": {"s": {"command": "node", "timeout": 60}}}, "cline"),
        (
            "mcp.json",
            {"mcpServers": {"s": {"transport": {"type": "sse", "url": "https://a.example"}}}},
            "mcp",
        ),
    ],
)
def test_clients_by_the_place_of_their_file(desk: Desk, place: str, body: Any, agent: str) -> None:
    report = run(desk, written(desk, place, body))
    assert report["rejected"] == []
    assert f"{agent} INVOKES {agent}/server/s optional" in edges(desk)
    assert not [node for node in nodes(desk).values() if node.type == "tool"]


def test_servers_of_single_projects_are_counted(desk: Desk) -> None:
    body = {"projects": {"/srv/a": {"mcpServers": {"x": {"command": "node"}}}, "/srv/b": {"mcpServers": {}}}}
    report = run(desk, written(desk, ".claude.json", body))
    assert report["skipped"] == {"project's own servers in a file of all projects": 1}
    assert list(nodes(desk)) == ["claude-code"]


@pytest.mark.parametrize(
    ("command", "args", "package"),
    [
        ("npx", ["-y", "@playwright/mcp@0.0.41"], "purl:pkg:npm%2F%2540playwright%2Fmcp@0.0.41"),
        ("npx", ["@playwright/mcp@^0.0.4"], "package:npm/@playwright%2Fmcp"),
        ("npx", ["--yes", "--package=a-b@1.0.0", "run-it"], "purl:pkg:npm%2Fa-b@1.0.0"),
        ("npm", ["exec", "--", "a-b@1.0.0"], "purl:pkg:npm%2Fa-b@1.0.0"),
        ("npx -y a-b@1.0.0", [], "purl:pkg:npm%2Fa-b@1.0.0"),
        ("C:\\node\\npx.cmd", ["-y", "a-b@1.0.0"], "purl:pkg:npm%2Fa-b@1.0.0"),
        ("uvx", ["mcp_server_git@2025.1.14"], "purl:pkg:pypi%2Fmcp-server-git@2025.1.14"),
        ("uvx", ["--python", "3.12", "mcp-server-fetch>=1"], "package:pypi/mcp-server-fetch"),
        ("uv", ["tool", "run", "mcp-server-fetch"], "package:pypi/mcp-server-fetch"),
        ("pipx", ["run", "--spec", "x[cli]==1.2", "x"], "purl:pkg:pypi%2Fx@1.2"),
        (
            "docker",
            [
                "run",
                "-it",
                "--rm",
                "-v/srv:/srv",
                "--mount",
                "type=bind",
                "mcp/git@sha256:" + "a" * 64,
                "serve",
            ],
            "oci-digest:sha256:" + "a" * 64,
        ),
        ("npx", ["-y", "github:fairbank/tools"], "git-url:https:%2F%2Fgithub.com%2Ffairbank%2Ftools"),
    ],
)
def test_packages(desk: Desk, command: str, args: list[str], package: str) -> None:
    report = one(desk, {"command": command, "args": args})
    assert (report["rejected"], report["skipped"]) == ([], {})
    assert set(edges(desk, "BUILT_FROM")) == {f"cursor/server/s BUILT_FROM {package}"}


@pytest.mark.parametrize(
    ("command", "args", "why"),
    [
        (
            "npx",
            ["--strange", "x", "a-b@1.0.0"],
            "package that the arguments of a command do not tell for sure",
        ),
        ("npx", ["-y", "./server"], "package that the arguments of a command do not tell for sure"),
        (
            "docker",
            ["run", "--new-option", "x", "img"],
            "package that the arguments of a command do not tell for sure",
        ),
        (
            "npx",
            ["--registry", "https://npm.x.example", "a"],
            "package of another registry than the usual one",
        ),
        ("node", ["server.js"], None),
        ("docker", ["mcp", "gateway", "run"], None),
    ],
)
def test_packages_that_nothing_tells(desk: Desk, command: str, args: list[str], why: str | None) -> None:
    report = one(desk, {"command": command, "args": args})
    assert report["skipped"] == ({} if why is None else {why: 1})
    assert edges(desk, "BUILT_FROM") == {}


def test_a_package_is_the_one_that_a_bill_of_materials_names() -> None:
    from ingest.sources.agents.packages import package_of
    from ingest.sources.cyclonedx.names import Bom, Sort

    package = package_of("npm", "@playwright/mcp@0.0.41")
    assert package is not None
    assert package.uid == Bom("x").uid(Sort.SOFTWARE, ("purl", "pkg:npm/%40playwright/mcp@0.0.41"))


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("LOG_LEVEL", "debug", {}),
        ("API_KEY", "YOUR_API_KEY_HERE", {"server/s/environment/API_KEY": None}),
        ("API_KEY", "<your key>", {"server/s/environment/API_KEY": None}),
        ("API_KEY", "short-one", {"server/s/environment/API_KEY": None}),
        ("API_KEY", "$SOME_KEY", {"variable/SOME_KEY": None}),
        ("API_KEY", "%SOME_KEY%", {"variable/SOME_KEY": None}),
        ("API_KEY", "op://vault/item/key", {"reference/op:%2F%2Fvault%2Fitem%2Fkey": None}),
        ("API_KEY", "${file:/run/secrets/key}", {"file/%2Frun%2Fsecrets%2Fkey": None}),
        ("HOME_FOLDER", "${HOME}", {}),
        ("REGION", "${AWS_REGION}", {}),
        (
            "DATABASE_URL",
            "postgresql://app:planted-value-in-a-url@db.example/x",
            {"server/s/environment/DATABASE_URL": "planted-value-in-a-url"},
        ),
        ("DATABASE_URL", "postgresql://app:${DB_PASSWORD}@db.example/x", {"variable/DB_PASSWORD": None}),
    ],
)
def test_what_is_a_secret(desk: Desk, name: str, value: str, found: dict[str, str | None]) -> None:
    one(desk, {"command": "node", "env": {name: value}})
    said = {n: properties(s).get("fingerprint") for n, s in nodes(desk).items() if s.kind is Kind.SECRET}
    assert said == {f"cursor/{n}": fingerprint(v) if v else None for n, v in found.items()}
    assert set(edges(desk, "USES_SECRET")) == {f"cursor/server/s USES_SECRET cursor/{n}" for n in found}
    assert "planted-value" not in str(desk.told())


def test_a_value_that_only_looks_made_is_possibly_a_secret(desk: Desk) -> None:
    one(desk, {"command": "node", "env": {"MODEL": "gpt4o2024x1"}})
    assert edges(desk, "USES_SECRET") == {
        "cursor/server/s USES_SECRET cursor/server/s/environment/MODEL": Certainty.POSSIBLE
    }


@pytest.mark.parametrize("text", ["/*" * 200_000, '"' + '\\"' * 200_000, '{"a": 1,' + "/* x */" * 50_000])
def test_comments_cost_what_they_are_long(text: str) -> None:
    assert len(without_comments(text)) == len(text)


def test_an_address_with_a_key_in_its_path_is_nobody_elses(desk: Desk) -> None:
    made = "bPxRfiCY3XaMpL3K3Y9z"
    one(desk, {"url": f"https://mcp.hub.example/s/{made}/mcp"})
    (endpoint,) = [node for node in nodes(desk).values() if node.type == "endpoint"]
    assert endpoint.text("uri") == "https://mcp.hub.example/s/[redacted]/mcp"
    assert endpoint.uid == native_uid(
        Kind.ASSET, "url-of", "laptop-7", "https://mcp.hub.example/s/[redacted]/mcp"
    )
    assert set(edges(desk, "USES_SECRET").values()) == {Certainty.POSSIBLE}
    assert made not in str(desk.told())


def test_two_agents_that_call_one_address_call_one_endpoint(desk: Desk) -> None:
    server = {"mcpServers": {"s": {"url": "https://mcp.fairbank.example/mcp"}}}
    run(desk, written(desk, ".cursor/mcp.json", server), written(desk, ".roo/mcp.json", server))
    endpoints = {e.rpartition(" ")[2] for e in edges(desk, "INVOKES") if "url:" in e}
    assert endpoints == {"url:https:%2F%2Fmcp.fairbank.example%2Fmcp"}


def test_uids_are_those_of_whose_configuration_it_is() -> None:
    assert Holder("a/b", "c").server("d") == Uid("hf:asset:mcp-client:a%2Fb/c/server/d")
