"""A real server with an estate of Cartography's shape: the graph that it comes to, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from graph.errors import StoreUnavailable
from graph.model import EdgeFacts, Instant, NodeFacts, SourceInstance, Uid
from graph.store.neo4j.foreign import ForeignDatabase
from graph.vocabulary import Certainty
from ingest.record import ReadContext, Said, ScopeClosed
from ingest.sources.graph import SOURCE
from ingest.sources.graph.claims import NOT_SEEN
from ingest.sources.graph.sections import NOT_NEWEST, SEVERAL_RUNS
from tests.ingest.jobs import FINGERPRINTS
from tests.ingest.sources.graph.conftest import Estate
from tests.ingest.sources.graph.estate import ACCOUNT, NEW, OLD, OTHER, PLANTED, VALUES
from tests.support.neo4j_server import LINES

LATER = NEW + 86_400
IAM = f"arn:aws:iam::{ACCOUNT}:"
KEY = VALUES["key"]
SECRET = VALUES["secret"]
ARN_ADA = FINGERPRINTS.opaque_id(f"{IAM}user/ada@fairbank.example")
ADA = f"{ACCOUNT}/{ARN_ADA}"

NODES = {
    ACCOUNT: ("Asset", "scope", "fairbank"),
    OTHER: ("Asset", "scope", "research"),
    f"{IAM}role/score-training-ci": ("Identity", "role", "score-training-ci"),
    f"{IAM}role/score-trainer": ("Identity", "role", "score-trainer"),
    f"{IAM}user/report-export": ("Identity", None, "report-export"),
    ADA: ("Identity", "person", "ada@fairbank.example"),
    f"{IAM}group/analysts": ("Identity", "group", "analysts"),
    KEY: ("Secret", "api_key", None),
    "arn:aws:s3:::fairbank-features": ("Asset", "storage", "fairbank-features"),
    SECRET: ("Secret", None, "loan-db"),
    VALUES["function"]: ("Asset", "workload", "score"),
    VALUES["elsewhere"]: ("Identity", "role", "lab"),
    "github.com/organisation/fairbank": ("Asset", "organisation", "fairbank"),
    "https://github.com/fairbank/score-training": ("Asset", "repository", "fairbank/score-training"),
    "https://github.com/fairbank/attic": ("Asset", "repository", "fairbank/attic"),
    "fairbank/ml": ("Identity", "team", "ml"),
    "ada-l": ("Identity", "person", "ada-l"),
    "github.com/actions-secret/2/fairbank/score-training/MODEL_STORE": ("Secret", None, "MODEL_STORE"),
}

TRAINER, CI, EXPORT = (
    f"{IAM}{name}" for name in ("role/score-trainer", "role/score-training-ci", "user/report-export")
)
REPOSITORY, ATTIC = (f"https://github.com/fairbank/{name}" for name in ("score-training", "attic"))
ORGANISATION = "github.com/organisation/fairbank"
HELD = [TRAINER, CI, EXPORT, ADA, f"{IAM}group/analysts", SECRET, VALUES["function"]]
EDGES = {
    *(f"{uid} WITHIN {ACCOUNT}" for uid in [*HELD, "arn:aws:s3:::fairbank-features"]),
    f"{VALUES['elsewhere']} WITHIN {OTHER}",
    f"{KEY} AUTHENTICATES {EXPORT}",
    f"{ADA} MEMBER_OF {IAM}group/analysts",
    f"{EXPORT} CAN_ASSUME {TRAINER}?",
    f"{VALUES['function']} RUNS_AS {TRAINER}",
    f"{TRAINER} CAN_READ arn:aws:s3:::fairbank-features?",
    f"{TRAINER} CAN_READ {SECRET}",
    f"{IAM}group/analysts CAN_READ {SECRET}?",
    f"{CI} CAN_READ {SECRET}?",
    f"{REPOSITORY} WITHIN {ORGANISATION}",
    f"{ATTIC} WITHIN {ORGANISATION}",
    "ada-l MEMBER_OF fairbank/ml",
    f"fairbank/ml CAN_WRITE {REPOSITORY}",
    f"fairbank/ml CAN_ADMIN {ATTIC}",
    f"github.com/actions-secret/2/fairbank/score-training/MODEL_STORE WITHIN {REPOSITORY}",
}
SKIPPED = {
    "node with 'AWSPolicyStatement'": 1,
    "node with 'AWSPrincipal', 'AWSRootPrincipal'": 1,
    "node with 'GitHubActionsVariable'": 1,
    "relationship 'CAN_PASS_ROLE'": 1,
    "relationship 'MEMBER_OF'": 1,
    "relationship 'RESOURCE' between other nodes": 4,
    "relationship 'TRUSTS_AWS_PRINCIPAL' between other nodes": 1,
    "relationship 'WRITE' between other nodes": 1,
}


def short(uid: str) -> str:
    """The native part of a uid, readable; of the user on GitHub, whom no uid shows, the name."""
    native = unquote(uid.split(":", 3)[3])
    return "ada-l" if uid.startswith("hf:identity:graph:") else native


def test_the_graph_is_the_one_worked_out_by_hand(estate: Estate) -> None:
    before = contents(estate)
    report = estate.read(complete=True)
    assert (report.state.value, report.rejected) == ("completed", [])
    assert report.skipped == SKIPPED
    at = estate.at()
    found = {short(n.uid): (n.kind.value, n.type, n.name) for n in estate.ledger.all_nodes(at)}
    assert found == NODES
    edges = estate.ledger.all_edges(at)
    assert {
        f"{short(e.subject.uid)} {e.relation} {short(e.object.uid)}"
        + ("?" if e.certainty is Certainty.POSSIBLE else "")
        for e in edges
    } == EDGES
    assert estate.read(complete=True).commits == 0
    assert contents(estate) == before


def test_scopes_are_lists_of_one_account_at_the_time_of_their_run(estate: Estate) -> None:
    scopes = {s.scope.name: s for s in estate.read(complete=True).scopes}
    roles = scopes[f"cartography/{ACCOUNT}/nodes/role"]
    elsewhere = scopes[f"cartography/{OTHER}/nodes/role"]
    assert (roles.read_at, roles.complete) == (NEW * 1000, True)
    assert (elsewhere.read_at, elsewhere.complete) == (OLD * 1000, True)


def test_nothing_closes_without_a_word(estate: Estate) -> None:
    assert not any(scope.complete for scope in estate.read().scopes)


def test_what_the_next_run_removed_ends_and_other_accounts_stay(estate: Estate) -> None:
    estate.read(complete=True)
    estate.change("MATCH (n {name: 'report-export'}) DETACH DELETE n")
    estate.change(
        "MATCH (n) WHERE n.lastupdated = $new SET n.lastupdated = $later "
        "WITH count(*) AS done MATCH ()-[r]->() WHERE r.lastupdated = $new SET r.lastupdated = $later",
        new=NEW,
        later=LATER,
    )
    report = estate.read(complete=True)
    assert report.rejected == []
    at = estate.ledger.at(Instant((LATER + 1) * 1000))
    names = {node.name for node in estate.ledger.all_nodes(at)}
    assert "report-export" not in names
    assert {"lab", "score-trainer", "ada-l"} <= names
    assert not [e for e in estate.ledger.all_edges(at) if e.relation in ("AUTHENTICATES", "CAN_ASSUME")]


def test_what_an_older_run_left_is_possible_and_keeps_the_list_from_closing(estate: Estate) -> None:
    estate.read(complete=True)
    estate.change("MATCH (n:AWSPrincipal) WHERE n.name <> 'lab' SET n.lastupdated = $later", later=LATER)
    estate.change(
        "MATCH (:AWSRole)-[r:GET_SECRET]->() WHERE r.has_condition = false SET r.lastupdated = $later",
        later=LATER,
    )
    said = [r for r in records(estate) if isinstance(r, Said) and "reads_secret" in str(r.claim.locator)]
    conditions = {
        short(r.claim.about.subject): r.claim.condition for r in said if isinstance(r.claim.about, EdgeFacts)
    }
    assert conditions[TRAINER] is None
    assert str(conditions[CI]).endswith(NOT_SEEN)
    report = estate.read(complete=True)
    closed = [r for r in records(estate) if isinstance(r, ScopeClosed)]
    reasons = {r.reason for r in closed if r.scope.name.endswith(f"{ACCOUNT}/edges/reads_secret")}
    assert reasons == {NOT_NEWEST, SEVERAL_RUNS}
    assert report.rejected == []
    assert estate.read(complete=True).commits == 0


def test_what_cannot_be_read_is_told_and_the_rest_goes_in(estate: Estate) -> None:
    estate.change("CREATE (:AWSRole {name: 'no-arn', lastupdated: $new})", new=NEW)
    estate.change("CREATE (:AWSRole {arn: 'arn:aws:iam::1:role/x', name: 'never seen'})")
    estate.change("CREATE (:GitHubTeam {id: 'no address', name: 'x', lastupdated: $new})", new=NEW)
    estate.change(
        "CREATE (:S3Bucket {arn: 'arn:aws:s3:::odd', region: point({x: 1, y: 2}), lastupdated: $new})",
        new=NEW,
    )
    report = estate.read(complete=True)
    told = {(p.position, p.field, p.reason) for p in report.rejected}
    assert told == {
        ("nodes/role", "arn", "holds no single value"),
        ("nodes/role", "", "says of 1 of these not when a run saw them"),
        ("nodes/team", "id", "lacks a part that the uid names"),
        ("nodes/bucket", "region", "holds a CartesianPoint"),
    }
    assert len(list(estate.ledger.all_nodes(estate.at()))) == len(NODES)


def test_secrets_and_people_show_nowhere(estate: Estate, tmp_path: Path) -> None:
    said = [r.claim.about for r in records(estate) if isinstance(r, Said)]
    assert PLANTED not in repr(said)
    ids = [i for about in said if isinstance(about, NodeFacts) for i in about.external_ids]
    assert not [i for i in ids if "@" in i.value]
    uids = [about.uid for about in said if isinstance(about, NodeFacts)]
    assert not [uid for uid in uids if "ada" in uid.lower().replace(ARN_ADA, "")]


def test_reading_cannot_write(estate: Estate) -> None:
    database = ForeignDatabase(estate.address, user=estate.server.user, password=estate.server.password)
    with pytest.raises(StoreUnavailable, match=r"(?i)access ?mode|read access"):
        database._database.ask("CREATE (n:Written) RETURN n", 10, {})
    database.close()
    assert "Written" not in repr(contents(estate))


def test_pages_of_one_element_give_the_same(estate: Estate) -> None:
    from ingest.sources.graph.reading import read_mapping
    from ingest.sources.graph.sections import Reading
    from ingest.sources.graph.source import SHIPPED

    mapping = read_mapping("cartography.yaml", (SHIPPED / "cartography.yaml").read_text(encoding="utf-8"))
    assert not isinstance(mapping, list)
    small = ForeignDatabase(estate.address, user=estate.server.user, password=estate.server.password, page=1)
    assert list(Reading(small, mapping, context(estate)).records()) == records(estate)
    small.close()


def test_a_wrong_password_and_no_server_are_told_without_it(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(f"{PLANTED}\n", encoding="utf-8")
    monkeypatch.setenv("HOLDFAST_GRAPH_PASSWORD_FILE", str(tmp_path / "password"))
    report = estate.read()
    assert [(p.reason, p.file) for p in report.rejected] == [
        ("it refuses the user name or the password", estate.address)
    ]
    assert PLANTED not in repr(report.to_json())
    (nobody,) = estate.read(addresses=("neo4j://127.0.0.1:1/neo4j",)).rejected
    assert nobody.reason == "no server answers there"


@pytest.mark.parametrize("line", LINES)
def test_any_other_database_by_a_mapping(estate: Estate, tmp_path: Path) -> None:
    estate.change("MATCH (n) DETACH DELETE n")
    estate.change(
        "CREATE (a:App {key: 7, title: 'Scoring', token: 'planted-value-012345', since: date('2025-02-01')})"
        "-[:`talks to` {checked: 'yes'}]->(b:App {key: 8, title: 'Ledger'}), (p:Person {mail: 'a@b.example'})"
        "-[:RUNS]->(a), (a)-[:TODO]->(p), (:Site {code: 'dc-1'})<-[:AT]-(a)"
    )
    mapping = tmp_path / "apps.yaml"
    mapping.write_text(
        "graph: 1\nname: apps\nzone: UTC\n"
        "tenants:\n  site: {labels: [Site], id: code, relationships: [AT]}\nnodes:\n"
        "  app:\n    labels: [App]\n    tenant: site\n    "
        "kind: Asset\n    type: application\n    id: key\n    name: title\n"
        "    properties: {live_since: {property: since, type: date}}\n"
        "  person:\n    labels: [Person]\n    kind: Identity\n    type: person\n    id: mail\n"
        "edges:\n"
        "  talks:\n    relationship: talks to\n    from: app\n    to: app\n    relation: INVOKES\n"
        "    condition: somebody has checked it\n    certain_where: {checked: 'yes'}\n"
        "  runs:\n    relationship: RUNS\n    from: person\n    to: app\n    relation: OWNS\n"
        "    marks: [steward]\n",
        encoding="utf-8",
    )
    report = estate.read(mapping, read_at=NEW * 1000, complete=True)
    assert report.rejected == []
    assert report.skipped == {"node with 'Site'": 1, "relationship 'AT'": 1, "relationship 'TODO'": 1}
    scopes = {scope.scope.name for scope in report.scopes if scope.scope.name.endswith("nodes/app")}
    assert scopes == {"apps/dc-1/nodes/app", "apps/nodes/app"}
    at = estate.at()
    names = {n.uid: n.name for n in estate.ledger.all_nodes(at)}
    assert names[Uid("hf:asset:graph:default/app/7")] == "Scoring"
    assert not [uid for uid in names if "b.example" in uid]
    said = {(e.relation, e.certainty.value, tuple(sorted(e.marks))) for e in estate.ledger.all_edges(at)}
    assert said == {("INVOKES", "certain", ()), ("OWNS", "certain", ("steward",))}


def context(estate: Estate) -> ReadContext:
    return ReadContext(
        SourceInstance("graph"),
        FINGERPRINTS,
        Instant(LATER * 1000),
        complete=True,
        addresses=(estate.address,),
    )


def records(estate: Estate) -> list:
    return list(SOURCE.read([Path("cartography")], context(estate)))


def contents(estate: Estate) -> list:
    """Everything that the database holds, and what it has indexes for."""
    with (
        estate.server.driver() as driver,
        driver.session(database=estate.server.database) as session,
    ):
        nodes = session.run("MATCH (n) RETURN elementId(n), labels(n), properties(n) ORDER BY elementId(n)")
        found = [repr(line) for line in nodes.values()]
        edges = session.run("MATCH ()-[r]->() RETURN elementId(r), properties(r) ORDER BY elementId(r)")
        found += [repr(line) for line in edges.values()]
        return found + session.run("SHOW INDEXES YIELD name ORDER BY name").value()
