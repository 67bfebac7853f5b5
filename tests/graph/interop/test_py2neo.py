"""py2neo both ways, pure and through its own ``Graph`` on a real server."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import py2neo
import pytest
from hypothesis import given

from graph.errors import InvalidValue, UnknownRelation
from graph.interop.py2neo import ExtraMissing, from_py2neo, to_py2neo
from graph.ledger.change import LiftRefutation, Refute
from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Kind
from tests.graph.interop.worlds import by_text, facts, folded, folded_edge, folded_node
from tests.graph.store.neo4j_support import new_estate
from tests.support.neo4j_server import Neo4jServer
from tests.support.saying import Clock, edge, node, record

KINDS = {Uid("p"): Kind.IDENTITY, Uid("m"): Kind.ASSET}
MODEL = NodeFacts(
    Uid("m"), Kind.ASSET, "model", "Scorer", {"criticality": 3, "kind": "odd"}, (ExternalId("a=b", "c=d"),)
)
OWNED = EdgeFacts("OWNS", Uid("p"), Uid("m"), frozenset({"accountable"}), None, {"eid": 5}, Kind.IDENTITY)
STEWARD = EdgeFacts("OWNS", Uid("p"), Uid("m"), frozenset({"steward"}), None, {}, Kind.IDENTITY)


@given(facts())
def test_facts_come_back_as_they_went_out(world):
    nodes, edges, others = world
    back = from_py2neo(to_py2neo(*folded(nodes, edges, others)))
    assert by_text(back[0]) == by_text(nodes)
    assert by_text(back[1]) == by_text(edges)


def test_a_subgraph_has_kinds_as_labels_and_relations_as_types():
    made = to_py2neo([folded_node(MODEL)], [folded_edge(OWNED, 1, KINDS)])
    labels = {said["uid"]: set(said.labels) for said in made.nodes}
    assert labels == {"m": {"Entity", "Asset"}, "p": {"Entity", "Identity"}}
    (owns,) = made.relationships
    assert type(owns).__name__ == "OWNS"
    assert (owns["marks"], owns["properties.eid"], owns["valid_from"]) == (
        ["accountable"],
        5,
        1_767_225_600_000,
    )


def test_a_notebooks_own_subgraph_gives_facts_by_its_labels_and_its_key():
    table = py2neo.Node("Dataset", id="t", type="table", rows=7)
    job = py2neo.Node("Asset", "Pipeline", id="j")
    said = from_py2neo(py2neo.Subgraph([table, job], [py2neo.Relationship(job, "READS", table)]), key="id")
    assert said[0] == [
        NodeFacts(Uid("j"), Kind.ASSET),
        NodeFacts(Uid("t"), Kind.DATASET, "table", None, {"rows": 7}),
    ]
    assert [(e.relation, e.subject, e.object) for e in said[1]] == [("READS", "j", "t")]


@pytest.mark.parametrize("labels", [(), ("Thing",), ("Asset", "Dataset")])
def test_a_node_without_exactly_one_kind_is_refused(labels):
    with pytest.raises(InvalidValue, match="labels of 'n'"):
        from_py2neo(py2neo.Subgraph([py2neo.Node(*labels, uid="n")]))


def test_a_node_without_its_key_is_refused():
    with pytest.raises(InvalidValue, match="uid holds nothing"):
        from_py2neo(py2neo.Subgraph([py2neo.Node("Asset", name="n")]))


def test_a_relationship_that_is_no_relation_is_refused():
    one, two = py2neo.Node("Asset", uid="a"), py2neo.Node("Asset", uid="b")
    with pytest.raises(UnknownRelation):
        from_py2neo(py2neo.Subgraph([one, two], [py2neo.Relationship(one, "LIKES", two)]))


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "py2neo", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'holdfast\[py2neo\]'"):
        to_py2neo([], [])


@pytest.fixture
def notebook(neo4j_server: Neo4jServer) -> Iterator[py2neo.Graph]:
    """py2neo's own connection to an empty database."""
    neo4j_server.wipe()
    uri = neo4j_server.uri.replace("neo4j://", "bolt://")
    graph: Any = py2neo.Graph(
        uri, auth=(neo4j_server.user, neo4j_server.password), name=neo4j_server.database
    )
    yield graph
    graph.service.connector.close()


EVERYTHING = "MATCH (n:Entity) WHERE NOT n:Alias OPTIONAL MATCH (n)-[r]->(:Entity) RETURN n, r"


def test_what_is_created_through_py2neo_comes_back_through_it(notebook: py2neo.Graph):
    notebook.create(to_py2neo([folded_node(MODEL)], [folded_edge(OWNED, 1, KINDS)]))
    nodes, owned = from_py2neo(notebook.run(EVERYTHING).to_subgraph())
    assert by_text(nodes) == by_text([MODEL])
    assert by_text(owned) == by_text([OWNED])


def test_parallel_edges_stay_apart_until_py2neo_writes_them(notebook: py2neo.Graph):
    made = to_py2neo([], [folded_edge(OWNED, 1, KINDS), folded_edge(STEWARD, 2, KINDS)])
    assert by_text(from_py2neo(made)[1]) == by_text(
        [replace(said, object_kind=Kind.ASSET) for said in (OWNED, STEWARD)]
    )
    notebook.create(made)
    assert notebook.evaluate("MATCH ()-[r:OWNS]->() RETURN count(r)") == 1


def test_a_holdfast_database_is_read_through_py2neo(neo4j_server: Neo4jServer, notebook: py2neo.Graph):
    with new_estate(neo4j_server) as estate:
        record(
            estate.ledger,
            node("m", type_="model", name="Scorer", criticality=3),
            edge("p", "OWNS", "m", "accountable"),
        )
        (owns,) = estate.store.edge_rows([Uid("p")], estate.ledger.head().sequence)
        record(estate.ledger, Refute(owns.claim_id, "not she"))
        record(estate.ledger, LiftRefutation(owns.claim_id, "she after all"))
        nodes, owned = from_py2neo(notebook.run(EVERYTHING).to_subgraph())
        assert by_text(nodes) == by_text(
            [NodeFacts(Uid("m"), Kind.ASSET, "model", "Scorer", {"criticality": 3})]
        )
        marks = frozenset({"accountable"})
        assert by_text(owned) == by_text(
            [EdgeFacts("OWNS", Uid("p"), Uid("m"), marks, subject_kind=Kind.IDENTITY)]
        )
        again = record(Ledger(estate.store, Clock()), *nodes, *owned)
        assert again.commit is not None, "that p is an Identity was not said before"
