"""What a person with a Cypher prompt sees: labels, relationships and properties that need no explanation."""

from collections.abc import Iterator

import pytest

from graph.ledger.change import Close, LiftRefutation, Merge, Refute, Unmerge
from graph.ledger.ledger import Ledger
from graph.model import Interval, NodeFacts, PropertyValue, Scope, SourceInstance, Uid
from graph.store.neo4j import paging
from graph.vocabulary import Kind
from tests.graph.store.neo4j_support import Estate, new_estate
from tests.support.neo4j_server import Neo4jServer
from tests.support.saying import JANUARY, day, days, edge, node, record

OTHERS = Scope(SourceInstance("kubernetes"), "cluster")


@pytest.fixture
def estate(neo4j_server: Neo4jServer) -> Iterator[Estate]:
    with new_estate(neo4j_server) as made:
        yield made


def labels(estate: Estate, uid: str) -> set[str]:
    ((found,),) = estate.ask("MATCH (n:Entity {uid: $uid}) RETURN labels(n)", uid=uid)
    return set(found)


def test_a_node_has_its_kind_and_type_as_labels_and_its_properties_beside_its_name(estate: Estate):
    said = node("m", type_="model_version", name="Scorer 7", criticality=3, regions=("eu", "us"))
    record(estate.ledger, said)
    assert labels(estate, "m") == {"Entity", "Asset", "ModelVersion"}
    shown = (
        "MATCH (n:ModelVersion) RETURN n.uid, n.kind, n.type, n.name, n.criticality, n.regions, n.described"
    )
    assert estate.ask(shown) == [["m", "Asset", "model_version", "Scorer 7", 3, ["eu", "us"], True]]


def test_an_edge_is_a_relationship_of_its_own_type(estate: Estate):
    record(estate.ledger, edge("p", "OWNS", "m", "accountable"), run="run-1")
    shown = """
        MATCH (s:Entity)-[r:OWNS]->(o:Entity)
        RETURN s.uid, o.uid, r.marks, r.origin, r.certainty, r.valid_from, r.run, r.recorded_from
    """
    assert estate.ask(shown) == [["p", "m", ["accountable"], "declared", "certain", JANUARY, "run-1", 1]]


def test_a_node_that_is_only_mentioned_has_the_kind_that_its_edges_allow(estate: Estate):
    record(estate.ledger, edge("p", "OWNS", "m", "accountable"))
    assert labels(estate, "p") == {"Entity", "Identity"}
    assert labels(estate, "m") == {"Entity"}
    assert estate.ask("MATCH (n:Entity {uid: 'm'}) RETURN n.kind, n.described") == [["unknown", False]]


def test_a_described_node_takes_on_and_loses_labels_and_properties_with_its_claims(estate: Estate):
    record(estate.ledger, node("d", Kind.DATASET, type_="table", rows=5, owner_hint="x"))
    record(estate.ledger, node("d", Kind.DATASET, type_="view", rows=6), read_at=day(2))
    assert labels(estate, "d") == {"Entity", "Dataset", "View"}
    assert estate.ask("MATCH (n:Entity) RETURN n.rows, n.owner_hint") == [[6, None]]


def test_two_sources_are_two_relationships_and_one_of_them_may_end(estate: Estate):
    record(estate.ledger, edge("a", "INVOKES", "b"))
    record(estate.ledger, edge("a", "INVOKES", "b"), scope=OTHERS)
    assert estate.ask("MATCH ()-[r:INVOKES]->() RETURN count(r), count(DISTINCT r.eid)") == [[2, 1]]
    (row,) = estate.store.scope_rows(OTHERS, estate.ledger.head().sequence, after=None, limit=9)
    record(estate.ledger, Close((row.key,), day(5)))
    assert estate.ask("MATCH ()-[r:INVOKES]->() RETURN count(r)") == [[1]]
    formerly = (
        "MATCH ()-[r:FORMERLY]->() RETURN r.relation, r.recorded_from, r.recorded_to, r.valid_to = $until"
    )
    assert sorted(estate.ask(formerly, until=day(5)), key=str) == [
        ["INVOKES", 2, 3, False],
        ["INVOKES", 3, None, True],
    ]


def test_what_was_over_when_it_was_learned_is_never_a_relationship_of_the_present(estate: Estate):
    record(estate.ledger, edge("a", "INVOKES", "b"), valid=days(1, 3))
    assert estate.ask("MATCH ()-[r:INVOKES]->() RETURN r.key") == []
    assert estate.ask("MATCH ()-[r:FORMERLY]->() RETURN r.relation, r.valid_to") == [["INVOKES", day(3)]]


def test_a_merged_node_hangs_at_the_canonical_one_and_goes_back_exactly(estate: Estate):
    record(estate.ledger, node("m", name="M"), edge("m", "INVOKES", "z"), edge("y", "INVOKES", "m"))
    everything = """
        MATCH (n:Entity) OPTIONAL MATCH (n)-[r]->(o)
        RETURN n.uid, labels(n), n {.*, shown_at: null}, type(r), properties(r), coalesce(o.uid, o.row)
    """
    before = sorted(estate.ask(everything), key=str)
    record(estate.ledger, Merge((Uid("a"), Uid("m")), "one service"))
    hung = "MATCH (s)-[r:INVOKES]->(o) RETURN s.uid, r.said_subject, o.uid, r.said_object"
    assert sorted(estate.ask(hung)) == [["a", "m", "z", None], ["y", None, "a", "m"]]
    assert labels(estate, "a") == {"Entity", "Asset"}
    assert labels(estate, "m") == {"Entity", "Alias"}
    assert estate.ask("MATCH (n:Alias) RETURN n.uid, n.canonical, n.name") == [["m", "a", None]]
    assert estate.ask("MATCH (n:Asset)-[:CLAIMED]->(c:Claim) RETURN n.uid, n.name, c.uid") == [
        ["a", "M", "m"]
    ]
    record(estate.ledger, Unmerge((Uid("a"), Uid("m")), "two after all"))
    after = [line for line in estate.ask(everything) if line[0] != "a"]
    assert sorted(after, key=str) == before


def test_external_ids_join_at_the_canonical_node_and_part_again(estate: Estate):
    shared = [("purl", "pkg:pypi/scorer@1")]
    record(estate.ledger, node("a", type_="package", ids=shared))
    record(estate.ledger, node("b", type_="package", ids=shared), edge("b", "INVOKES", "c"), scope=OTHERS)
    joined = estate.ledger.identity(estate.ledger.head().sequence).canonical(Uid("b"))
    assert estate.ask("MATCH (s)-[:INVOKES]->() RETURN s.uid") == [[joined]]
    record(estate.ledger, node("b", type_="package"), scope=OTHERS, read_at=day(2))
    parted = estate.ledger.identity(estate.ledger.head().sequence).canonical(Uid("b"))
    assert estate.ask("MATCH (s)-[:INVOKES]->() RETURN s.uid") == [[parted]]


def test_a_refuted_description_is_not_shown(estate: Estate):
    outcome = record(estate.ledger, node("m", name="Wrong"))
    assert outcome.commit is not None
    (claim,) = estate.store.node_rows([Uid("m")], outcome.commit.sequence)
    record(estate.ledger, Refute(claim.claim_id, "there is no such thing"))
    assert estate.ask("MATCH (n:Entity {uid: 'm'}) RETURN n.name, n.described") == [[None, False]]


EVERY_RELATIONSHIP = (
    "MATCH (s)-[r]->(o) WHERE r.claim IS NOT NULL RETURN s.uid, type(r), o.uid, properties(r)"
)


def test_a_refuted_edge_is_no_longer_claimed_until_the_refutation_is_lifted(estate: Estate):
    record(estate.ledger, edge("a", "READS", "d", "optional", note="x"), edge("a", "INVOKES", "b"))
    before = estate.ask(EVERY_RELATIONSHIP)
    (row,) = estate.store.edge_rows([Uid("d")], estate.ledger.head().sequence)
    record(estate.ledger, Refute(row.claim_id, "it never did"))
    assert estate.ask("MATCH ()-[r:READS]->() RETURN r.key") == []
    assert estate.ask(
        "MATCH (s)-[r:FORMERLY]->(o) RETURN s.uid, r.relation, o.uid, r.refuted, r.recorded_to"
    ) == [["a", "READS", "d", True, None]]
    # Nothing of it is lost to the ledger, which knows what was refuted when.
    head = estate.ledger.head().sequence
    assert estate.store.edge_rows([Uid("d")], head) == [row]
    assert set(estate.store.all_edge_rows(head)) == set(estate.store.edge_rows([Uid("a")], head))
    record(estate.ledger, LiftRefutation(row.claim_id, "it does"))
    after = estate.ask(EVERY_RELATIONSHIP)
    for line in after:
        assert line[3].pop("moves", [2, 3]) == [2, 3]
    assert sorted(after, key=str) == sorted(before, key=str)


def test_what_is_recorded_of_a_refuted_edge_is_not_claimed_either(estate: Estate):
    (said,) = record(estate.ledger, edge("a", "READS", "d")).steps
    (row,) = estate.store.edge_rows([Uid("d")], estate.ledger.head().sequence)
    record(estate.ledger, Refute(row.claim_id, "it never did"))
    record(estate.ledger, Close(said.keys, day(60)))
    assert estate.ask("MATCH ()-[r:READS]->() RETURN r.key") == []
    assert estate.ask(
        "MATCH ()-[r:FORMERLY]->() RETURN count(r), count(r.refuted), count(r.recorded_to)"
    ) == [[2, 2, 1]]
    record(estate.ledger, LiftRefutation(row.claim_id, "it does"))
    assert estate.ask("MATCH ()-[r:READS]->() RETURN r.valid_to") == [[day(60)]]
    assert estate.ask("MATCH ()-[r:FORMERLY]->() RETURN r.refuted") == [[None]]
    # A claim that says something else is not the one that was refuted.
    record(estate.ledger, Refute(row.claim_id, "no"))
    record(estate.ledger, edge("a", "READS", "d", "optional"), read_at=day(3))
    assert estate.ask("MATCH ()-[r:READS]->() RETURN r.marks") == [[["optional"]]]


@pytest.mark.parametrize("pages_before", [1, 2, 3])
def test_going_through_all_edges_meets_each_once_while_refutations_come_and_go(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, pages_before: int
):
    monkeypatch.setattr(paging, "_EDGES", 2)
    record(estate.ledger, *(edge(f"n{i}", "INVOKES", "b") for i in range(5)))
    head = estate.ledger.head().sequence
    claims = [row.claim_id for row in estate.store.all_edge_rows(head)]
    record(estate.ledger, Refute(claims[0], "no"), Refute(claims[4], "no"))
    pages = estate.store.all_edge_rows(head)
    met = [next(pages) for _ in range(pages_before)]
    record(
        estate.ledger,
        LiftRefutation(claims[0], "yes"),
        Refute(claims[1], "no"),
        Refute(claims[2], "no"),
        LiftRefutation(claims[4], "yes"),
    )
    met += pages
    assert sorted(row.claim_id for row in met) == sorted(claims)


def test_an_erased_name_is_gone_from_every_node(estate: Estate):
    record(
        estate.ledger,
        node("p", Kind.IDENTITY, type_="person", name="Lovelace", ids=[("email", "lovelace@x.example")]),
    )
    # The name has letters that no digest is written with: "ada" stands in one digest of sixty by chance.
    anywhere = """
        MATCH (n) UNWIND keys(n) AS key WITH n, key, n[key] AS value
        WHERE toLower(toString(CASE WHEN value IS :: STRING THEN value ELSE '' END)) CONTAINS 'lovelace'
           OR (value IS :: LIST<STRING> AND any(item IN value WHERE toLower(item) CONTAINS 'lovelace'))
        RETURN labels(n), key
    """
    assert estate.ask("MATCH (n:Person) RETURN n.name") == [["Lovelace"]]
    assert estate.ask(anywhere) != []
    assert estate.ledger.erase_personal(Uid("p"), actor="test", reason="as was asked for").count > 0
    assert estate.ask(anywhere) == []


def test_hostile_types_and_property_names_stay_in_the_claim(estate: Estate):
    hostile = "x`) DETACH DELETE n //"
    properties: dict[str, PropertyValue] = {hostile: "v", "uid": "stolen", "sort_key": "stolen", "naïve": 1}
    said = NodeFacts(Uid("m"), Kind.ASSET, hostile, None, properties)
    record(estate.ledger, said, edge("m", "INVOKES", "b"))
    assert labels(estate, "m") == {"Entity", "Asset"}
    assert estate.ask("MATCH (n:Asset {described: true}) RETURN n.uid, n.sort_key, n.type") == [
        ["m", "m", hostile]
    ]
    (row,) = estate.store.node_rows([Uid("m")], estate.ledger.head().sequence)
    assert hostile in row.content
    assert estate.ledger.nodes([Uid("m")], estate.ledger.at())[Uid("m")].get("uid") == "stolen"


def test_relationships_that_other_people_draw_are_left_alone(estate: Estate):
    record(estate.ledger, node("a"), node("b"), edge("a", "INVOKES", "b"))
    estate.ask("MATCH (a:Entity {uid: 'a'}), (b:Entity {uid: 'b'}) CREATE (a)-[:NOTED {by: 'me'}]->(b)")
    fresh = Ledger(estate.store)
    known = estate.ledger.head().sequence
    assert [e.relation for e in fresh.edges([Uid("a")], fresh.at())] == ["INVOKES"]
    assert len(list(estate.store.all_edge_rows(known))) == 1
    assert len(estate.store.history(Uid("a"))) == 2
    assert list(estate.store.uids(known, after=None, limit=9)) == ["a", "b"]
    record(estate.ledger, node("a", name="A"), read_at=day(2))
    assert estate.ask("MATCH ()-[r:NOTED]->() RETURN r.by") == [["me"]]


def test_every_text_of_four_kilobytes_that_is_indexed_fits(estate: Estate):
    longest = "ü" * 2_048
    record(
        estate.ledger,
        node(longest, name=longest, ids=[("arn", longest)], namespace=longest),
        edge(longest, "INVOKES", "\U0001f600" * 1_024),
        scope=Scope(SourceInstance("records"), longest),
        valid=Interval(JANUARY),
    )
    assert estate.ask("MATCH (n:Entity) WHERE n.name = $name RETURN n.uid = n.namespace", name=longest) == [
        [True]
    ]
    assert len(estate.store.uids(estate.ledger.head().sequence, after=None, limit=9)) == 2
