"""The servers that other tests stand on are real, of the line they say, and closed to strangers."""

import neo4j
import pytest
from neo4j.exceptions import AuthError

from tests.support.neo4j_server import Neo4jServer


def test_the_server_answers_and_is_of_its_line(neo4j_server: Neo4jServer):
    with neo4j_server.driver() as driver:
        records, _, _ = driver.execute_query("RETURN 1 AS one", database_=neo4j_server.database)
    assert [record["one"] for record in records] == [1]
    assert neo4j_server.version().startswith(neo4j_server.line)


def test_a_wrong_password_is_refused(neo4j_server: Neo4jServer):
    with (
        neo4j.GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, "not-it")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_only_the_calendar_line_reads_queries_as_cypher_25(neo4j_server: Neo4jServer):
    setting = "SHOW SETTINGS 'db.query.default_language' YIELD value"
    with neo4j_server.driver() as driver, driver.session(database=neo4j_server.database) as session:
        says_25 = session.run(setting).value() == ["CYPHER_25"]
    assert says_25 == (neo4j_server.line == "2026")


def test_wiping_leaves_neither_data_nor_schema(empty_neo4j: Neo4jServer):
    with empty_neo4j.driver() as driver, driver.session(database=empty_neo4j.database) as session:
        session.run("CREATE CONSTRAINT `odd ``name` FOR (e:Entity) REQUIRE e.uid IS UNIQUE").consume()
        session.run("CREATE INDEX by_name FOR (e:Entity) ON (e.name)").consume()
        session.run(
            "UNWIND range(1, 6000) AS i CREATE (:Entity {uid: i})-[:NEXT]->(:Entity {uid: -i})"
        ).consume()
        empty_neo4j.wipe(keep_schema=True)
        assert session.run("MATCH (n) RETURN count(n)").value() == [0]
        assert len(session.run("SHOW CONSTRAINTS").data()) == 1
        empty_neo4j.wipe()
        assert session.run("SHOW CONSTRAINTS").data() == []
        assert {row["type"] for row in session.run("SHOW INDEXES").data()} <= {"LOOKUP"}


def test_a_deprecated_statement_fails_a_test(neo4j_server: Neo4jServer):
    with neo4j_server.driver() as driver, pytest.raises(Warning, match="deprecated"):
        driver.execute_query("MATCH (n) RETURN id(n)", database_=neo4j_server.database)
