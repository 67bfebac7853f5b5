"""The gateway and the registry of MCP servers, on answers written by hand."""

from tests.ingest.sources.mlflow.server import MADE, edges, node, read

KEY = {
    "secret_id": "s-1",
    "secret_name": "openai-prod",
    "masked_values": {"api_key": "sk-planted-value"},
    "auth_config": {"planted-value": "planted-value"},
    "created_at": MADE,
    "last_updated_at": MADE + 1,
    "provider": "openai",
    "created_by": "ada@x.example",
}


def definition(native: str, key: str | None = "s-1"):
    found = {
        "model_definition_id": native,
        "name": f"the {native}",
        "provider": "openai",
        "model_name": "gpt-4o",
    }
    return {**found, "secret_id": key} if key else found


def mapping(target, linkage="PRIMARY"):
    return {"model_definition_id": target, "linkage_type": linkage, "weight": 1.0}


def endpoint(native, *mappings):
    return {"endpoint_id": native, "name": f"the {native}", "model_mappings": list(mappings)}


def test_a_key_of_the_gateway_is_its_name_its_times_and_never_its_letters(ledger, tmp_path):
    read(ledger, tmp_path, {"gateway-secrets": {"secrets": [KEY]}}, complete=True)
    found = node(ledger, "gateway-secret/s-1")
    assert (found.kind, found.type, found.name) == ("Secret", "api_key", "openai-prod")
    assert (found.integer("created"), found.integer("last_updated")) == (MADE, MADE + 1)
    assert found.integer("last_rotated") is None
    assert "planted" not in repr(found)
    (owner,) = edges(ledger)
    assert owner.endswith("OWNS gateway-secret/s-1 [contact]")


def test_a_key_of_several_parts_has_no_type(ledger, tmp_path):
    key = {**KEY, "masked_values": {"aws_access_key_id": "AKI…", "aws_secret_access_key": "…"}}
    read(ledger, tmp_path, {"gateway-secrets": {"secrets": [key]}})
    assert node(ledger, "gateway-secret/s-1").type is None


def test_a_leaked_key_leads_to_the_models_and_the_endpoints_that_it_pays_for(ledger, tmp_path):
    answers = {
        "gateway-models": {
            "model_definitions": [definition("d-1"), definition("d-2"), definition("d-3", None)]
        },
        "gateway-endpoints": {
            "endpoints": [
                endpoint("e-1", mapping("d-1"), mapping("d-2", "FALLBACK"), mapping("d-1", "FALLBACK"))
            ]
        },
    }
    report = read(ledger, tmp_path, answers)
    assert edges(ledger) == {
        "gateway-model/d-1 USES_SECRET gateway-secret/s-1",
        "gateway-model/d-2 USES_SECRET gateway-secret/s-1",
        "gateway-endpoint/e-1 SERVES gateway-model/d-1 (unknown)",
        "gateway-endpoint/e-1 SERVES gateway-model/d-2 (unknown) [optional]",
    }
    assert report.skipped == {"gateway model without a secret": 1}
    assert node(ledger, "gateway-model/d-1").text("provider_model") == "gpt-4o"


def test_scorers_and_guardrails_call_endpoints(ledger, tmp_path):
    binding = {"endpoint_id": "e-1", "resource_type": "scorer", "resource_id": "x", "display_name": "polite"}
    guardrail = {"guardrail_id": "g-1", "name": "no cards", "stage": "BEFORE", "action_endpoint_id": "e-1"}
    answers = {"gateway-bindings": {"bindings": [binding]}, "gateway-guardrails": {"guardrails": [guardrail]}}
    read(ledger, tmp_path, answers)
    assert edges(ledger) == {
        "gateway-caller/scorer/x INVOKES gateway-endpoint/e-1",
        "gateway-guardrail/g-1 INVOKES gateway-endpoint/e-1",
    }
    assert node(ledger, "gateway-caller/scorer/x").type == "evaluation"
    assert node(ledger, "gateway-guardrail/g-1").type == "guardrail"


CARD = {
    "description": "Tickets",
    "packages": [
        {
            "registryType": "npm",
            "identifier": "@x/tickets",
            "version": "1.0.0",
            "environmentVariables": [{"name": "TICKETS_TOKEN", "isSecret": True, "value": "planted-value"}],
            "packageArguments": [{"type": "named", "name": "--token", "value": "planted-value"}],
        }
    ],
    "remotes": [
        {
            "type": "sse",
            "url": "https://u:planted-value@tickets.example/mcp?key=planted-value",
            "headers": [{"name": "Authorization", "value": "Bearer planted-value"}],
        }
    ],
}


def test_an_mcp_server_has_versions_with_tools_and_what_its_card_says(ledger, tmp_path):
    version = {
        "name": "com.x/tickets",
        "version": "1.0.0",
        "server_json": CARD,
        "status": "draft",
        "tools": [{"name": "get", "description": "One ticket"}],
    }
    answers = {
        "mcp-servers": {
            "mcp_servers": [
                {
                    "name": "com.x/tickets",
                    "aliases": [{"alias": "live", "version": "1.0.0"}],
                    "status": "active",
                }
            ]
        },
        "mcp-server-versions": {"mcp_server_versions": [version]},
    }
    read(ledger, tmp_path, answers, settings='[aliases]\nlive = "staging"\n')
    server, one = "mcp-server/com.x%2Ftickets", "mcp-server-version/com.x%2Ftickets/1.0.0"
    assert edges(ledger) == {
        f"{one} VERSION_OF {server}",
        f"{server} DEPLOYED_AS {one} (staging)",
        f"mcp-tool/com.x%2Ftickets/1.0.0/get PART_OF {one}",
    }
    found = node(ledger, one)
    assert (found.type, found.text("lifecycle"), found.text("description")) == (
        "mcp_server",
        "experimental",
        "Tickets",
    )
    assert found.texts("packages") == ("npm @x/tickets 1.0.0",)
    assert found.texts("remotes") == ("https://tickets.example/mcp",)
    assert found.texts("environment_variables") == ("TICKETS_TOKEN",)
    assert "planted" not in repr(found)
    assert node(ledger, server).text("lifecycle") is None


def test_an_mcp_endpoint_serves_the_version_that_its_alias_or_number_leads_to(ledger, tmp_path):
    def access(native, **said):
        return {"id": native, "server_name": "com.x/t", "url": f"https://t.example/{native}?a=b", **said}

    answers = {
        "mcp-endpoints": {
            "mcp_access_endpoints": [
                access("a", server_alias="live", resolved_version={"version": "2"}),
                access("b", server_version="1"),
                access("c"),
            ]
        }
    }
    report = read(ledger, tmp_path, answers, settings='[aliases]\nlive = "production"\n')
    assert edges(ledger) == {
        "mcp-endpoint/a SERVES mcp-server-version/com.x%2Ft/2 (production)",
        "mcp-endpoint/b SERVES mcp-server-version/com.x%2Ft/1 (unknown)",
    }
    assert report.skipped == {"MCP endpoint that leads to no version": 1}
    assert node(ledger, "mcp-endpoint/a").text("uri") == "https://t.example/a"
