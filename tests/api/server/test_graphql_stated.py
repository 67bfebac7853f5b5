"""Answers as if, of a window or of a part say so in GraphQL, too."""

from tests.api.server.conftest import Running

STATED = """during { start end since } without { nodes edges between { relation subject object } }"""


def test_a_walk_states_what_it_was_told(server: Running):
    query = f"""{{ blastRadius(seeds: ["key"], harm: DISCLOSED, without: {{nodes: ["gateway"],
        between: [{{relation: "OWNS", subject: "ada", object: "customers"}}]}},
        during: {{start: "2026-01-02T00:00:00Z"}},
        only: {{certainty: certain, kinds: [Asset], harms: [TAINTED], minCriticality: 0}})
        {{ ... on BlastRadius {{ {STATED} walkedStates basis {{ bounds {{ name value }} }}
           only {{ kinds environments minCriticality harms certainty }} }} }} }}"""
    found = server.data(query)["blastRadius"]
    assert found["without"] == {
        "nodes": ["gateway"],
        "edges": [],
        "between": [{"relation": "OWNS", "subject": "ada", "object": "customers"}],
    }
    start = "2026-01-02T00:00:00.000Z"
    assert found["during"] == {"start": start, "end": None, "since": start}
    assert found["only"] == {
        "kinds": ["Asset"],
        "environments": [],
        "minCriticality": 0,
        "harms": ["TAINTED"],
        "certainty": "certain",
    }
    assert {bound["name"] for bound in found["basis"]["bounds"]} == {"max_hops", "max_nodes", "max_seconds"}


def test_an_answer_that_was_told_nothing_states_nothing(server: Running):
    found = server.data(
        f"""{{ blastRadius(seeds: ["key"], harm: DISCLOSED) {{ ... on BlastRadius {{
              {STATED} only {{ kinds }} }} }}
            explain(source: "key", harm: DISCLOSED, target: "model") {{ ... on Explanation {{ {STATED} }} }}
            lineage(starts: ["features"]) {{ ... on Lineage {{ during {{ start }} }} }}
            ownership {{ ... on OwnershipPage {{ askedAbout standings only {{ kinds }} }} }}
            evidence {{ ... on EvidenceMatrix {{ askedAbout requirements editions worst }} }} }}"""
    )
    for answer in found.values():
        assert set(answer.values()) == {None}


def test_owners_and_evidence_state_of_which_nodes_they_are(server: Running):
    found = server.data(
        """{ ownership(uids: ["customers"], standings: [owned], only: {environments: ["unknown"]}) {
               ... on OwnershipPage { askedAbout standings only { environments } } }
             evidence(subjects: ["gateway"], worst: [MISSING]) { ... on EvidenceMatrix { askedAbout worst } }
             explain(source: "key", harm: DISCLOSED, target: "model", without: {nodes: ["account"]}) {
               ... on Explanation { found without { nodes } } } }"""
    )
    assert found["ownership"] == {
        "askedAbout": ["customers"],
        "standings": ["owned"],
        "only": {"environments": ["unknown"]},
    }
    assert found["evidence"] == {"askedAbout": ["gateway"], "worst": ["MISSING"]}
    assert found["explain"] == {"found": False, "without": {"nodes": ["account"]}}
