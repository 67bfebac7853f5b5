"""networkx both ways: everything goes out, and the facts come back as they were."""

from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given

from graph.errors import InvalidValue, UnknownKind, UnknownRelation
from graph.interop.networkx import MultiDiGraph, from_networkx, to_networkx
from graph.interop.node_link import to_node_link
from graph.model import EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Kind
from tests.graph.interop.worlds import by_text, facts, folded, folded_edge, folded_node

MODEL = NodeFacts(
    Uid("m"),
    Kind.ASSET,
    "model",
    "Scorer",
    {"criticality": 3, "regions": ("eu",)},
    (ExternalId("purl", "pkg:x"),),
)
OWNED = EdgeFacts("OWNS", Uid("p"), Uid("m"), frozenset({"accountable"}), None, {"since": "2026"})
KINDS = {Uid("p"): Kind.IDENTITY, Uid("m"): Kind.ASSET}


@given(facts())
def test_facts_come_back_as_they_went_out(world):
    nodes, edges, others = world
    back = from_networkx(to_networkx(*folded(nodes, edges, others)))
    assert by_text(back[0]) == by_text(nodes)
    assert by_text(back[1]) == by_text(edges)


def test_a_graph_has_uids_as_keys_and_plain_attributes():
    made = to_networkx([folded_node(MODEL)], [folded_edge(OWNED, 7, KINDS)])
    assert isinstance(made, nx.MultiDiGraph)
    assert made.nodes["m"]["kind"] == "Asset"
    assert made.nodes["m"]["properties"] == {"criticality": 3, "regions": ["eu"]}
    assert made.nodes["m"]["external_ids"] == [{"scheme": "purl", "value": "pkg:x"}]
    ((subject, target, key, said),) = made.edges(keys=True, data=True)
    assert (subject, target, key) == ("p", "m", f"{7:032x}")
    assert (said["relation"], said["marks"], said["certainty"]) == ("OWNS", ["accountable"], "certain")
    assert (said["valid_from"], said["valid_to"]) == ("2026-01-01T00:00:00.000Z", None)


def test_what_is_open_goes_out_as_such():
    contested = replace(folded_node(MODEL), contested={"criticality": (3, 4), "type": ("model", "service")})
    open_marks = replace(folded_edge(OWNED, 7, KINDS), possible_marks=frozenset({"steward"}))
    made = to_networkx([contested], [open_marks])
    assert made.nodes["m"]["contested"] == ["criticality", "type"]
    ((_, _, said),) = made.edges(data=True)
    assert (said["marks"], said["possible_marks"]) == (["accountable"], ["steward"])


def test_an_end_that_is_not_among_the_nodes_is_there_as_mentioned():
    made = to_networkx([folded_node(MODEL)], [folded_edge(OWNED, 7, KINDS)])
    assert made.nodes["p"] == {"kind": "Identity", "described": False}
    nodes, (edge,) = from_networkx(made)
    assert [said.uid for said in nodes] == ["m"]
    assert (edge.subject_kind, edge.object_kind) == (Kind.IDENTITY, None)


def test_parallel_edges_stay_apart():
    steward = EdgeFacts("OWNS", Uid("p"), Uid("m"), frozenset({"steward"}))
    made = to_networkx([], [folded_edge(OWNED, 1, KINDS), folded_edge(steward, 2, KINDS)])
    assert made.number_of_edges("p", "m") == 2


def test_node_link_json_is_read_by_networkx_as_the_same_graph():
    nodes, edges = (
        [folded_node(MODEL)],
        [folded_edge(OWNED, 7, KINDS)],
    )
    read = nx.node_link_graph(to_node_link(nodes, edges), edges="edges")
    made = to_networkx(nodes, edges)
    assert dict(read.nodes["m"]) == dict(made.nodes["m"])
    assert read["p"]["m"] == made["p"]["m"]


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({}, InvalidValue),
        ({"kind": "Thing"}, UnknownKind),
        ({"kind": "Asset", "properties": {"a": {}}}, InvalidValue),
    ],
)
def test_a_node_that_cannot_be_claimed_is_refused_by_name(attributes, error):
    made: MultiDiGraph = nx.MultiDiGraph()
    made.add_node("n", **attributes)
    with pytest.raises(error):
        from_networkx(made)


@pytest.mark.parametrize(
    ("attributes", "error"), [({}, InvalidValue), ({"relation": "LIKES"}, UnknownRelation)]
)
def test_an_edge_that_cannot_be_claimed_is_refused_by_name(attributes, error):
    made: MultiDiGraph = nx.MultiDiGraph()
    made.add_node("n", kind="Asset")
    made.add_edge("n", "n", **attributes)
    with pytest.raises(error):
        from_networkx(made)


def test_a_key_that_is_no_text_is_refused():
    made: MultiDiGraph = nx.MultiDiGraph()
    made.add_node(7, kind="Asset")
    with pytest.raises(InvalidValue, match="uid holds a int"):
        from_networkx(made)
