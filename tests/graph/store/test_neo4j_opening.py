"""Opening a database: what is begun, what is refused, and that no credentials are ever told."""

import pytest

from graph.errors import SchemaUnknown, StoreUnavailable
from graph.store.neo4j import open_neo4j
from tests.graph.store.neo4j_support import opened
from tests.support.neo4j_server import Neo4jServer


def test_an_empty_database_is_begun_with_its_constraints(empty_neo4j: Neo4jServer):
    store = opened(empty_neo4j)
    assert store.head().sequence == 0
    store.close()
    with empty_neo4j.driver() as driver, driver.session(database=empty_neo4j.database) as session:
        unique = session.run("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN *").values()
        assert [["Entity"], ["uid"]] in unique
        assert [["FORMERLY"], ["key"]] in unique
        indexed = session.run(
            "SHOW INDEXES YIELD labelsOrTypes, properties WHERE properties IS NOT NULL RETURN *"
        ).values()
        assert all([["Entity"], [name]] in indexed for name in ("name", "namespace", "kind"))
        assert session.run("MATCH (h:Holdfast) RETURN h.schema").values() == [[1]]


def test_a_beginning_that_was_cut_short_is_begun_again(empty_neo4j: Neo4jServer):
    with empty_neo4j.driver() as driver, driver.session(database=empty_neo4j.database) as session:
        session.run(
            "CREATE CONSTRAINT holdfast_entity_uid FOR (n:Entity) REQUIRE (n.uid) IS UNIQUE"
        ).consume()
    store = opened(empty_neo4j)
    assert store.head().sequence == 0
    store.close()


def test_a_database_with_something_else_in_it_is_left_as_it_is(empty_neo4j: Neo4jServer):
    with empty_neo4j.driver() as driver, driver.session(database=empty_neo4j.database) as session:
        session.run("CREATE (:Entity {uid: 'theirs'})").consume()
        with pytest.raises(SchemaUnknown, match="labels of the first: Entity"):
            opened(empty_neo4j)
        assert session.run("MATCH (n) RETURN properties(n)").value() == [{"uid": "theirs"}]
        assert session.run("SHOW CONSTRAINTS").values() == []


def test_a_schema_that_is_no_number_is_not_ours(empty_neo4j: Neo4jServer):
    with empty_neo4j.driver() as driver, driver.session(database=empty_neo4j.database) as session:
        session.run("CREATE (:Holdfast {schema: 'new'})").consume()
    with pytest.raises(SchemaUnknown, match="not a number"):
        opened(empty_neo4j)


def test_a_wrong_password_is_refused_and_not_repeated(neo4j_server: Neo4jServer):
    with pytest.raises(StoreUnavailable, match="refuses the user name or the password") as refused:
        open_neo4j(neo4j_server.uri, user="ada-l", password="hunter-2-hunter")
    said = f"{refused.value} {refused.value!r}"
    assert "hunter" not in said
    assert "ada-l" not in said


def test_a_database_that_is_not_there_is_named(neo4j_server: Neo4jServer):
    with pytest.raises(StoreUnavailable, match="no database of this name") as refused:
        open_neo4j(
            neo4j_server.uri, user=neo4j_server.user, password=neo4j_server.password, database="elsewhere"
        )
    assert "/elsewhere" in str(refused.value)


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(StoreUnavailable, match="no server answers there") as refused:
        open_neo4j("bolt://127.0.0.1:1", user="neo4j", password="hunter-2-hunter")
    assert "bolt://127.0.0.1:1/neo4j" in str(refused.value)
    assert "hunter" not in str(refused.value)


def test_the_database_in_the_target_is_opened(neo4j_server: Neo4jServer):
    neo4j_server.wipe(keep_schema=True)
    target = f"{neo4j_server.uri}/{neo4j_server.database}"
    store = open_neo4j(target, user=neo4j_server.user, password=neo4j_server.password)
    assert store.target == target
    store.close()
