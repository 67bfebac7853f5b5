"""What labels, properties and sort keys are made of, and how statements are handed out; needs no server."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import StoreUnavailable
from graph.ledger.canonical import canonical_text
from graph.model import Scope, SourceInstance
from graph.store.neo4j.place import place_of
from graph.store.neo4j.shape import (
    RELATIONSHIP_PROPERTIES,
    edge_content,
    edge_facets,
    labels_of,
    row_id,
    scope_id,
    sort_key,
)
from graph.store.neo4j.statements import names, statement, takes_relationship
from graph.vocabulary import Kind

LONGEST_UID = 4_096
LARGEST_INDEXED = 8_160

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(
    st.lists(TEXTS | st.sampled_from(["\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff", "\ud700"]))
)
def test_sort_keys_order_as_bytes_of_uids_do_by_code_point_and_by_utf_16(uids: list[str]):
    by_bytes = sorted(uids, key=lambda uid: uid.encode())
    assert sorted(uids, key=sort_key) == by_bytes
    assert sorted(uids, key=lambda uid: sort_key(uid).encode("utf-16-be")) == by_bytes


@given(st.sets(TEXTS))
def test_different_uids_have_different_sort_keys(uids: set[str]):
    assert len({sort_key(uid) for uid in uids}) == len(uids)


@pytest.mark.parametrize("character", ["a", "é", "\ud6ff", "\ufffd", "\U0001f600"])
def test_the_sort_key_of_the_longest_uid_can_be_indexed(character: str):
    uid = character * (LONGEST_UID // len(character.encode()))
    assert len(sort_key(uid).encode()) < LARGEST_INDEXED


def test_a_sort_key_can_begin_after_a_text_that_no_uid_can_be():
    assert sort_key("a") < sort_key("a\ud800").encode("utf-8").decode()


@pytest.mark.parametrize(
    ("kind", "node_type", "labels"),
    [
        (Kind.ASSET, "model_version", ["Asset", "ModelVersion"]),
        (Kind.ASSET, "mcp_server", ["Asset", "McpServer"]),
        (Kind.ASSET, None, ["Asset"]),
        (Kind.ASSET, "scope", ["Asset", "ScopeType"]),
        (Kind.DATASET, "claim", ["Dataset", "ClaimType"]),
        (Kind.IDENTITY, "secret", ["Identity", "SecretType"]),
        (Kind.DATASET, "dataset", ["Dataset"]),
        (Kind.ASSET, "Kubernetes Job", ["Asset", "KubernetesJob"]),
        (Kind.ASSET, "x` SET n.a = 1 //", ["Asset"]),
        (Kind.ASSET, "naïve", ["Asset"]),
        (Kind.ASSET, "9lives", ["Asset"]),
        (Kind.ASSET, "a" * 65, ["Asset"]),
        (Kind.UNKNOWN, None, []),
    ],
)
def test_a_type_is_a_label_only_where_it_is_a_plain_word(
    kind: Kind, node_type: str | None, labels: list[str]
):
    assert labels_of(kind, node_type) == labels


def test_content_is_left_out_where_marks_origin_and_certainty_say_it_all():
    plain = {"marks": ["accountable"], "origin": "observed", "certainty": "possible"}
    facets = edge_facets(plain)
    assert facets["content"] is None
    assert edge_content(facets["marks"], facets["origin"], facets["certainty"]) == canonical_text(plain)


@pytest.mark.parametrize(
    "content",
    [
        {"environment": "production"},
        {"properties": {"weight": 0.5}},
        {"condition": "if it runs"},
        {"marks": [], "origin": "observed"},
        {"origin": "declared"},
    ],
)
def test_content_is_kept_where_they_would_not_give_it_back_byte_for_byte(content: dict[str, Any]):
    assert edge_facets(content)["content"] == canonical_text(content)


def test_scopes_whose_words_run_together_are_told_apart():
    assert scope_id(Scope(SourceInstance("a", "b"), "c")) != scope_id(Scope(SourceInstance("a"), "b:c"))


def test_versions_of_a_row_sort_with_their_key():
    keys = ["k", "k1", "k-1", "ka"]
    assert sorted(keys, key=lambda key: row_id(key, 7)) == sorted(keys)


# Statements


def test_what_is_written_on_relationships_is_named_once():
    """So that a reader of the graph can tell it from what a source says."""
    (made,) = re.findall(r"\{([^{}]+)\}\]->\(o\)", statement("record_edges", "OWNS"))
    written = set(re.findall(r"(\w+):", made))
    for name in ("end_edges", "end_former_edges", "refute_edges", "reinstate_edges", "flag_former_edges"):
        text = statement(name, "OWNS" if takes_relationship(name) else None)
        written |= set(re.findall(r"\b[rfn]\.(\w+) = ", text))
    written |= set(re.findall(r"\bn\.(\w+) = ", statement("rehang_edges", "OWNS")))
    assert written == RELATIONSHIP_PROPERTIES


def test_only_relations_of_the_vocabulary_become_part_of_a_statement():
    assert "`OWNS`" in statement("record_edges", "OWNS")
    for hostile in ("OWNS`]->() DETACH DELETE n //", "owns", "SOMETHING"):
        with pytest.raises(ValueError, match="not a relation"):
            statement("record_edges", hostile)


def test_a_statement_takes_a_relation_if_and_only_if_it_asks_for_one():
    with pytest.raises(ValueError, match="do not go together"):
        statement("head", "OWNS")
    with pytest.raises(ValueError, match="do not go together"):
        statement("record_edges")


@pytest.mark.parametrize("name", names())
def test_nothing_deprecated_or_unsafe_stands_in_a_statement(name: str):
    text = statement(name, "OWNS" if takes_relationship(name) else None)
    assert "<<" not in text
    # The server's own ids are given again to others.
    assert not re.search(r"(?<![\w.])(id|elementId)\s*\(", text, re.IGNORECASE)
    assert "indexprovider" not in text.lower()
    # Only maps may be set as a whole: never one node or relationship to another.
    for source in re.findall(r"(?:\bSET\b|,)\s*\w+\s*=\s*(\w+)\b(?!\.)", text):
        assert re.search(rf"\bproperties\(\w+\) AS {source}\b", text), source


# Places


@pytest.mark.parametrize(
    ("target", "uri", "database", "user"),
    [
        ("neo4j://db", "neo4j://db:7687", "neo4j", None),
        ("neo4j://ada@db:1/estate", "neo4j://db:1", "estate", "ada"),
        ("bolt+s://a%40b@db", "bolt+s://db:7687", "neo4j", "a@b"),
        ("neo4j://[::1]:99", "neo4j://[::1]:99", "neo4j", None),
    ],
)
def test_a_target_names_server_database_and_user(target: str, uri: str, database: str, user: str | None):
    place = place_of(target)
    assert (place.uri, place.database, place.user) == (uri, database, user)
    assert place.shown == f"{uri}/{database}"


@pytest.mark.parametrize("target", ["neo4j://", "neo4j://db:port", "neo4j://user@"])
def test_a_target_without_a_server_is_refused(target: str):
    with pytest.raises(StoreUnavailable, match="address"):
        place_of(target)
