"""The questions as GraphQL: answers, expected outcomes, pages that stay in place."""

import json
import sqlite3

import pytest

from graph.ledger.claims import claim_id_of, edge_id_of, row_key_of
from graph.ledger.ledger import Ledger
from graph.model import Uid
from graph.slot import Freshness, Slot, slot_json
from graph.store import open_store
from graph.vocabulary import Kind
from graph.vocabulary.duties import Binding, Method
from graph.vocabulary.publish import published
from tests.api.conftest import PEOPLE, say_estate
from tests.api.server.conftest import Running
from tests.support.saying import day, days, edge, node, record

BLAST = """query ($after: String, $first: Int!, $at: At) {
  blastRadius(seeds: ["key"], harm: DISCLOSED, first: $first, after: $after, at: $at) {
    __typename
    ... on BlastRadius {
      basis { asOf commit { sequence } truncated { reason } }
      totals { complete states nodes harms { harm certain possible } }
      states { harm hops certainty sentence node { uid name kind criticality }
               path { fromUid relation toUid harm edge along certainty } }
      pageInfo { hasNextPage endCursor }
    }
    ... on NotFound { uid message }
    ... on InvalidQuestion { code part message }
  }
}"""

STATES = [
    ("key", "DISCLOSED"),
    ("account", "CONTROLLED"),
    ("customers", "DISCLOSED"),
    ("features", "TAINTED"),
    ("features", "UNPROVEN"),
    ("features", "UNAVAILABLE"),
    ("model", "TAINTED"),
    ("model", "UNPROVEN"),
]


def blast(server: Running, **variables):
    return server.data(BLAST, {"first": 100, **variables})["blastRadius"]


def listed(answer: dict) -> list[tuple[str, str]]:
    return [(state["node"]["uid"], state["harm"]) for state in answer["states"]]


def test_blast_radius_gives_states_with_their_paths(server: Running):
    answer = blast(server, at={"asOf": "2026-01-05T00:00:00Z"})
    assert answer["basis"]["asOf"] == "2026-01-05T00:00:00.000Z"
    assert listed(answer) == STATES
    customers = answer["states"][2]
    assert customers["node"]["criticality"] == 4
    assert [(step["fromUid"], step["relation"], step["toUid"]) for step in customers["path"]] == [
        ("key", "AUTHENTICATES", "account"),
        ("account", "CAN_READ", "customers"),
    ]
    assert customers["sentence"].endswith("because gateway account can read customers.")


def test_pages_of_one_answer_make_the_whole(server: Running):
    seen, after = [], None
    for _ in range(8):
        page = blast(server, first=3, after=after)
        seen += listed(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == STATES


def test_pages_stay_in_place_while_ingest_writes(own_server, tmp_path):
    from graph.ledger.ledger import Ledger
    from graph.store import open_store

    with own_server(say_estate) as server:
        first = blast(server, first=2)
        store = open_store(str(tmp_path / "estate.db"))
        record(Ledger(store), node("aaa", name="new", criticality=4), edge("account", "CAN_ADMIN", "aaa"))
        store.close()
        rest = blast(server, first=100, after=first["pageInfo"]["endCursor"])
        assert listed(first) + listed(rest) == STATES
        assert rest["basis"]["commit"]["sequence"] == first["basis"]["commit"]["sequence"] == 2
        assert ("aaa", "CONTROLLED") in listed(blast(server))


def test_a_cursor_of_another_answer_is_refused(server: Running):
    cursor = blast(server, first=2)["pageInfo"]["endCursor"]
    other = blast(server, after=cursor, at={"knownCommit": 1})
    assert (other["__typename"], other["part"]) == ("InvalidQuestion", "after")
    for wrong in ("x", "", "e30=", "WzEsInIiXQ=="):
        assert blast(server, after=wrong)["__typename"] == "InvalidQuestion"


def test_what_is_not_there_and_what_cannot_be_asked_are_outcomes(server: Running):
    found = server.data(
        """{
          none: blastRadius(seeds: ["nowhere"], harm: DISCLOSED) { __typename ... on NotFound { message } }
          wrong: blastRadius(seeds: ["key"], harm: TAINTED) { __typename ... on InvalidQuestion { code } }
          empty: blastRadius(seeds: [], harm: TAINTED) { __typename }
          page: blastRadius(seeds: ["key"], harm: DISCLOSED, first: 101) { __typename }
          bounds: blastRadius(seeds: ["key"], harm: DISCLOSED, bounds: {maxNodes: 1000000}) { __typename }
          times: node(id: "key", at: {asOf: "2026-01-05T00:00:00"}) { __typename }
          commit: node(id: "key", at: {knownCommit: 99}) {
            __typename ... on InvalidQuestion { part message } }
        }"""
    )
    assert found["none"]["__typename"] == "NotFound"
    assert "The field search finds nodes by name" in found["none"]["message"]
    assert "holdfast" not in found["none"]["message"]
    assert "--" not in found["none"]["message"]
    assert found["wrong"] == {"__typename": "InvalidQuestion", "code": "invalid_question"}
    assert {found[name]["__typename"] for name in ("empty", "page", "bounds", "times", "commit")} == {
        "InvalidQuestion"
    }
    assert found["commit"]["part"] == "knownCommit"
    assert found["commit"]["message"] == "knownCommit: there is no commit 99. Expected 0 to 2."


def test_a_bound_that_cuts_is_said(server: Running):
    found = server.data(
        """{ blastRadius(seeds: ["key"], harm: DISCLOSED, bounds: {maxHops: 1}) { ... on BlastRadius {
             basis { truncated { reason limit completeToHops } } totals { complete } } } }"""
    )["blastRadius"]
    assert found["basis"]["truncated"] == {"reason": "max_hops", "limit": 1.0, "completeToHops": 1}
    assert found["totals"]["complete"] is False


def test_columns_hold_every_listed_state_whatever_the_page(server: Running):
    found = server.data(
        """{ blastRadius(seeds: ["key"], harm: DISCLOSED, first: 1) { ... on BlastRadius {
             columns { uid name kind harm hops certainty } } } }"""
    )["blastRadius"]["columns"]
    assert list(zip(found["uid"], found["harm"], strict=True)) == STATES
    assert {len(values) for values in found.values()} == {8}


def test_what_if_and_filters_are_taken(server: Running):
    found = server.data(
        """{ a: blastRadius(seeds: ["key"], harm: DISCLOSED, without: {nodes: ["account"]}) {
               ... on BlastRadius { states { node { uid } } } }
             b: blastRadius(seeds: ["key"], harm: DISCLOSED, without: {between:
                 [{subject: "key", relation: "AUTHENTICATES", object: "account"}]}) {
               ... on BlastRadius { states { node { uid } } } }
             c: blastRadius(seeds: ["key"], harm: DISCLOSED, only: {kinds: [Asset], minCriticality: 0}) {
               ... on BlastRadius { hiddenForUnknownCriticality walkedStates states { node { uid } } } } }"""
    )
    assert found["a"]["states"] == found["b"]["states"] == [{"node": {"uid": "key"}}]
    assert found["c"] == {"hiddenForUnknownCriticality": 1, "walkedStates": 8, "states": []}


def test_the_other_questions_answer_too(server: Running):
    found = server.data(
        """{
          exposure(targets: ["model"], harm: TAINTED, first: 3) {
            ... on Exposure { states { node { uid } harm } pageInfo { hasNextPage } } }
          lineage(starts: ["features"]) {
            ... on Lineage { sides { direction nodes { uid } edges { relation } } } }
          explain(source: "key", harm: DISCLOSED, target: "model", targetHarm: TAINTED) {
            ... on Explanation { found hops sentence path { toName } } }
          ownershipGaps { ... on OwnershipGaps { totalCount standings { standing count } } }
          ownership(uids: ["customers"]) { ... on OwnershipPage { nodes { standing owners { label life } } } }
          evidence { ... on EvidenceMatrix { totalCount scores { complete } } }
          search(text: "gateway", first: 2) { ... on SearchResults {
            matches nodes { uid } pageInfo { hasNextPage endCursor } } }
          node(id: "key") { ... on Node { brief { name } sources members } }
          nodes(ids: ["key", "nowhere", "key"]) { ... on Nodes { nodes { uid } notFound } }
          history(uid: "key", edges: false) { ... on History { events { what commit recorded { says } } } }
          runs { ... on Runs { runs { source } nextBefore } }
          head { commit { sequence } }
        }"""
    )
    assert [s["node"]["uid"] for s in found["exposure"]["states"]] == ["model", "model", "features"]
    assert found["lineage"]["sides"][1]["edges"]["relation"] == ["TRAINED_ON"]
    assert (found["explain"]["found"], found["explain"]["hops"]) == (True, 3)
    assert found["ownershipGaps"]["standings"] == [
        {"standing": "not_assessed", "count": 5},
        {"standing": "owned", "count": 1},
    ]
    assert found["ownership"]["nodes"][0]["owners"] == [{"label": "Ada Morris", "life": "alive"}]
    assert found["evidence"] == {"totalCount": 0, "scores": {"complete": None}}
    assert [n["uid"] for n in found["search"]["nodes"]] == ["gateway", "account"]
    assert found["node"]["brief"]["name"] == "gateway key"
    assert found["nodes"] == {"nodes": [{"uid": "key"}], "notFound": ["nowhere"]}
    assert [e["what"] for e in found["history"]["events"]] == ["said"]
    assert found["head"]["commit"]["sequence"] == 2


def test_a_name_is_no_uid_and_its_uid_is_one_search_away(server: Running):
    found = server.data(
        """{ node(id: "gateway key") { __typename ... on NotFound { uid message } }
             search(text: "gateway key", match: prefix) { ... on SearchResults { nodes { uid name } } } }"""
    )
    assert (found["node"]["__typename"], found["node"]["uid"]) == ("NotFound", "gateway key")
    assert found["search"]["nodes"] == [{"uid": "key", "name": "gateway key"}]


def test_words_of_a_commands_json_are_words_of_graphql_and_back(server: Running):
    [said] = [kind for kind in published()["kinds"] if kind["name"] == "Secret"]
    query = """query ($kinds: [Kind!], $harm: Harm!) {
      search(text: "key", kinds: $kinds) { ... on SearchResults { nodes { kind } } }
      blastRadius(seeds: ["key"], harm: $harm) { ... on BlastRadius { states { certainty } } } }"""
    found = server.data(query, {"kinds": [said["name"]], "harm": said["harms"][0]})
    assert {node["kind"] for node in found["search"]["nodes"]} == {said["name"]}
    assert {state["certainty"] for state in found["blastRadius"]["states"]} == {"certain", "possible"}


def test_search_goes_on_after_the_page_before(server: Running):
    query = """query ($after: String) { search(text: "gateway", first: 2, after: $after) {
        ... on SearchResults { nodes { uid } pageInfo { hasNextPage endCursor } } } }"""
    first = server.data(query)["search"]
    second = server.data(query, {"after": first["pageInfo"]["endCursor"]})["search"]
    assert [n["uid"] for n in first["nodes"] + second["nodes"]] == ["gateway", "account", "key"]
    assert second["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_store_whose_file_is_another_one_is_not_ready(own_server, tmp_path, is_replaced):
    with own_server(say_estate) as server:
        assert blast(server)["__typename"] == "BlastRadius"
        (tmp_path / "estate.db").unlink()
        if is_replaced:
            open_store(str(tmp_path / "estate.db")).close()
        ready = server.ask("GET", "/readyz")
        assert (ready.status, ready.json()["code"]) == (503, "store_unavailable")
        assert ready.headers["content-type"] == "application/problem+json"
        [error] = server.graphql('{ node(id: "key") { __typename } }').json()["errors"]
        assert error["extensions"]["code"] == "store_unavailable"


def test_a_store_that_breaks_is_masked_and_has_a_code(own_server, tmp_path):
    with own_server(say_estate) as server:
        assert server.ask("GET", "/readyz").status == 200
        connection = sqlite3.connect(tmp_path / "estate.db")
        connection.execute("DROP TABLE head")
        connection.close()
        answer = server.graphql('{ node(id: "key") { __typename } }')
        [error] = answer.json()["errors"]
        assert error["extensions"] == {
            "code": "store_unavailable",
            "requestId": answer.headers["x-request-id"],
        }
        assert error["message"] == "The store cannot be used"
        assert answer.json()["data"] is None
        ready = server.ask("GET", "/readyz")
        assert (ready.status, ready.json()["code"]) == (503, "store_unavailable")
        assert ready.headers["content-type"] == "application/problem+json"
        assert "estate.db" not in answer.body.decode() + ready.body.decode()
        assert server.ask("GET", "/livez").status == 200


def test_history_names_each_row_and_when_its_source_was_read(server: Running):
    found = server.data(
        """{ history(uid: "ada", edges: false) { ... on History { conflicts { reason } contested { name }
             events { run said { row } recorded {
               claim row contentDigest readAt saidIn recordedFrom run condition supports } } } } }"""
    )["history"]
    [event] = found["events"]
    [row] = event["recorded"]
    claim = claim_id_of(PEOPLE, Uid("ada"))
    assert (row["claim"], row["row"]) == (claim, row_key_of(claim, day(1)))
    assert len(row["contentDigest"]) == 64
    assert (row["readAt"], row["saidIn"], row["recordedFrom"]) == ("2026-01-02T00:00:00.000Z", 2, 2)
    assert (event["said"], found["conflicts"], found["contested"]) == ([], [], [])


def test_what_sources_contradict_each_other_on_is_shown_at_the_node(own_server):
    def say(ledger: Ledger) -> None:
        record(ledger, node("x", size=1, region="eu"), valid=days(1))
        record(ledger, node("x", size=1, region="us"), scope=PEOPLE, valid=days(1))

    with own_server(say) as server:
        found = server.data(
            """{ node(id: "x") { ... on Node { contested { name readings { values } } } }
                 history(uid: "x") { ... on History { contested { name readings { values } } } } }"""
        )
    contested = [{"name": "region", "readings": [{"values": ["eu"]}, {"values": ["us"]}]}]
    assert found == {"node": {"contested": contested}, "history": {"contested": contested}}


def test_owners_come_with_the_edges_that_prove_them(server: Running):
    found = server.data(
        """{ ownership(uids: ["customers", "key"]) { ... on OwnershipPage { nodes {
               certainty uncoveredRelations
               proof { owns { edge relation subject object certainty } via { edge } } } } }
             search(text: "customers") { ... on SearchResults { types { kind type count } } } }"""
    )
    customers, key = found["ownership"]["nodes"]
    owns = {
        "edge": edge_id_of("OWNS", Uid("ada"), Uid("customers"), "accountable"),
        "relation": "OWNS",
        "subject": "ada",
        "object": "customers",
        "certainty": "certain",
    }
    assert (customers["certainty"], customers["proof"]) == ("certain", [{"owns": [owns], "via": []}])
    assert (key["certainty"], key["proof"]) == (None, [])
    assert key["uncoveredRelations"] == ["OWNS", "VERSION_OF", "WITHIN"]
    assert found["search"]["types"] == [{"kind": "Dataset", "type": "table", "count": 1}]


def test_a_cell_shows_what_it_rests_on_as_the_command_does(own_server):
    slot = Slot(
        key="test",
        title="A test",
        types=("test",),
        aspect="accuracy",
        binding=Binding.VERSION,
        freshness=Freshness(None, ()),
        minimum_assurance=0,
        method=Method.EXAMINE,
        group="one",
    )
    predicate = {"fact": "region", "in": ["eu"]}

    def say(ledger: Ledger) -> None:
        record(
            ledger,
            node("app", type_="service", name="app", region="eu"),
            node("app-2", type_="model_version", digest="sha256:aa"),
            edge("app", "DEPLOYED_AS", "app-2", environment="production"),
            node("law", Kind.REGULATION, type_="framework", applies_from=day(1)),
            node(
                *("rule", Kind.REQUIREMENT),
                type_="control",
                label="1",
                level="system",
                weight=2.0,
                applicability=json.dumps(predicate),
                slots=json.dumps([slot_json(slot)]),
            ),
            edge("law", "REQUIRES", "rule"),
            valid=days(1),
        )

    with own_server(say) as server:
        [cell] = server.data(
            """{ evidence { ... on EvidenceMatrix { cells {
                 level weight link facts { subject name values source }
                 slots { binding group state versions { version state proof { facts { name } } } } } } } }"""
        )["evidence"]["cells"]
    assert (cell["level"], cell["weight"], cell["link"]) == ("system", 2.0, None)
    fact = {"subject": "app", "name": "region", "values": ["eu"], "source": "records/default"}
    assert cell["facts"] == [fact]
    versions = [{"version": "app-2", "state": "MISSING", "proof": None}]
    assert cell["slots"] == [{"binding": "version", "group": "one", "state": "MISSING", "versions": versions}]
