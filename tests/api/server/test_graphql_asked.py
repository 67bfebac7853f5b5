"""What GraphQL refuses to be asked, and what it takes an empty or a zero for."""

import pytest

from tests.api.server.conftest import Running

REFUSED = "... on InvalidQuestion { part message }"


@pytest.mark.parametrize(
    "question",
    [
        'blastRadius(seeds: ["key"], harm: DISCLOSED, only: {environments: ["%s"]})',
        'exposure(targets: ["key"], harm: DISCLOSED, only: {environments: ["%s"]})',
        'ownershipGaps(only: {environments: ["%s"]})',
        'ownership(only: {environments: ["%s"]})',
        'evidence(environments: ["%s"])',
    ],
)
def test_an_environment_that_there_is_not_is_refused(server: Running, question: str):
    for name in ("produktion", "Production"):
        [refused] = server.data(f"{{ {question % name} {{ {REFUSED} }} }}").values()
        assert refused["part"] == "environments"
        assert "one of production, staging" in refused["message"]


def test_messages_are_spelled_as_graphql_is(server: Running):
    [refused] = server.data(
        f"{{ ownershipGaps(only: {{minCriticality: 9}}) {{ __typename {REFUSED} }} }}"
    ).values()
    assert refused["part"] == "minCriticality"
    assert refused["message"].startswith("minCriticality: 9")


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("ownership(uids: [])", "uids"),
        ("ownershipGaps(uids: [])", "uids"),
        ("evidence(subjects: [])", "subjects"),
        ("blastRadius(seeds: [], harm: DISCLOSED)", "seeds"),
        ("exposure(targets: [], harm: DISCLOSED)", "targets"),
        ("lineage(starts: [])", "starts"),
        ("nodes(ids: [])", "ids"),
    ],
)
def test_to_ask_about_no_node_is_no_question(server: Running, question: str, part: str):
    [refused] = server.data(f"{{ {question} {{ {REFUSED} }} }}").values()
    assert refused["part"] == part


BOUNDS = "basis { bounds { name value } }"


def test_zero_is_without_a_bound_but_the_servers_own(server: Running):
    found = server.data(
        f"""{{ lineage(starts: ["features"], bounds: {{maxHops: 0, maxFanOut: 0, maxNodes: 0}}) {{
                 ... on Lineage {{ {BOUNDS} }} }}
               blastRadius(seeds: ["key"], harm: DISCLOSED,
                 bounds: {{maxHops: 0, maxNodes: 0, maxSeconds: 0}}) {{
                 ... on BlastRadius {{ {BOUNDS} }} }} }}"""
    )
    said = {
        name: {b["name"]: b["value"] for b in answer["basis"]["bounds"]} for name, answer in found.items()
    }
    assert said["lineage"] == {"max_hops": None, "max_fan_out": None, "max_nodes": 10_000}
    assert said["blastRadius"] == {"max_hops": None, "max_nodes": 100_000, "max_seconds": 30}


def test_a_bound_that_is_none_is_refused_under_its_name(server: Running):
    for bounds, part in (
        ("maxNodes: -1", "maxNodes"),
        ("maxSeconds: 31", "maxSeconds"),
        ("maxHops: -1", "maxHops"),
    ):
        question = f'blastRadius(seeds: ["key"], harm: DISCLOSED, bounds: {{{bounds}}})'
        assert server.data(f"{{ {question} {{ {REFUSED} }} }}")["blastRadius"]["part"] == part
