"""Verifying finds whatever was changed by hand beside the log, and names the table that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from _pytest.mark.structures import ParameterSet

from graph.ledger.change import Close, Cover, LiftRefutation, Merge, Refute, Unmerge
from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.ledger.port import Store
from graph.ledger.verifying.verify import Verification, verify
from graph.model import EdgeFacts, Uid
from graph.vocabulary import Kind
from tests.support.neo4j_server import LINES
from tests.support.places import Place, SqlitePlace
from tests.support.saying import RECORDS, Clock, day, days, edge, node, record

ENTITY = "MATCH (n:Entity {uid: 'app'}) SET"


@dataclass(frozen=True, slots=True)
class Tampering:
    """One change by hand, in the language of each engine that keeps such a thing."""

    what: str
    table: str
    sqlite: str | None
    neo4j: str | None


TAMPERINGS = [
    Tampering(
        "what a commit says of itself",
        "log",
        "UPDATE commits SET summary = 'something else' WHERE sequence = 2",
        "MATCH (c:Commit {seq: 2}) SET c.summary = 'something else'",
    ),
    Tampering(
        "a commit's operations",
        "log",
        "UPDATE operations SET bytes = (SELECT bytes FROM operations WHERE sequence = 3) WHERE sequence = 2",
        "MATCH (o:Operations {seq: 2}), (p:Operations {seq: 3}) SET o.bytes = p.bytes",
    ),
    Tampering(
        "where the head is",
        "log",
        "UPDATE head SET sequence = 3, hash = (SELECT hash FROM commits WHERE sequence = 4)",
        "MATCH (h:Head), (c:Commit {seq: 4}) SET h.sequence = 3, h.hash = c.hash",
    ),
    Tampering(
        "that a commit's operations can be read",
        "log",
        "UPDATE operations SET bytes = x'00' WHERE sequence = 2",
        "MATCH (o:Operations {seq: 2}) REMOVE o.bytes",
    ),
    Tampering(
        "that a commit's digests can be read",
        "log",
        "UPDATE commits SET digests = x'00' WHERE sequence = 2",
        None,
    ),
    Tampering("that there is a head", "log", "DELETE FROM head", None),
    Tampering(
        "that a claim can be read", "claims", "UPDATE claims SET basis = '?' WHERE relation = 'READS'", None
    ),
    Tampering(
        "that what a scope covers can be read",
        "coverage",
        "UPDATE coverage SET kinds = '{'",
        "MATCH (v:Coverage) REMOVE v.kinds",
    ),
    Tampering(
        "that a personal value can be read",
        "personal",
        "UPDATE personal SET value = '{' WHERE field = 'properties.phone'",
        "MATCH (p:Personal {field: 'properties.phone'}) SET p.value = '{'",
    ),
    Tampering(
        "what a node's claim says",
        "claims",
        """UPDATE claims SET content = replace(content, 'Scorer', 'Sorter') WHERE content LIKE '%Scorer%'""",
        "MATCH (c:Claim {uid: 'app'}) SET c.content = replace(c.content, 'Scorer', 'Sorter')",
    ),
    Tampering(
        "what an edge's claim says",
        "claims",
        """UPDATE claims SET content = '{"marks":["optional"]}' WHERE relation = 'READS'""",
        "MATCH ()-[r:READS]->() SET r.marks = ['optional']",
    ),
    Tampering(
        "the digest that a refutation names",
        "claims",
        "UPDATE claims SET content_digest = 'another' WHERE relation = 'READS'",
        None,
    ),
    Tampering(
        "since when a claim holds",
        "claims",
        "UPDATE claims SET valid_from = valid_from - 1 WHERE relation = 'READS'",
        "MATCH ()-[r:READS]->() SET r.valid_from = r.valid_from - 1",
    ),
    Tampering(
        "which scope a claim is of",
        "claims",
        "UPDATE scopes SET name = 'another' WHERE name = 'estate'",
        "MATCH (p:Scope {name: 'estate'}) SET p.name = 'another'",
    ),
    Tampering(
        "which node an edge leads to",
        "claims",
        "UPDATE claims SET object = subject WHERE relation = 'READS'",
        "MATCH ()-[r:READS]->() SET r.said_object = 'app'",
    ),
    Tampering(
        "that a row of a node was ended",
        "claims",
        "UPDATE claims SET recorded_to = recorded_to + 1 WHERE object IS NULL AND recorded_to < 100",
        "MATCH (c:Claim) WHERE c.recorded_to IS NOT NULL SET c.recorded_to = c.recorded_to + 1",
    ),
    Tampering(
        "that a row of an edge was ended",
        "claims",
        "UPDATE claims SET recorded_to = recorded_to + 1 WHERE relation IS NOT NULL AND recorded_to < 100",
        "MATCH ()-[r:FORMERLY]->() WHERE r.recorded_to IS NOT NULL SET r.recorded_to = r.recorded_to + 1",
    ),
    Tampering(
        "that a row was ever there",
        "claims",
        "DELETE FROM claims WHERE relation = 'READS'",
        "MATCH ()-[r:READS]->() DELETE r",
    ),
    Tampering(
        "a row that nobody recorded",
        "claims",
        """INSERT INTO claims SELECT id + 100, 'k', claim_id, scope, relation, object, subject, discriminator,
           subject_kind, object_kind, valid_from, valid_to, basis, content, content_digest, locator,
           read_at, said_in, recorded_from, recorded_to FROM claims WHERE relation = 'READS'""",
        """MATCH (s)-[r:READS]->(o)
           CREATE (o)-[:READS {key: 'k', claim: r.claim, scope: r.scope, valid_from: r.valid_from,
           valid_to: r.valid_to, origin: r.origin, certainty: r.certainty, recorded_from: 1}]->(s)""",
    ),
    Tampering(
        "what a scope covers",
        "coverage",
        """UPDATE coverage SET relations = '["OWNS"]'""",
        "MATCH (v:Coverage) SET v.relations = ['OWNS']",
    ),
    Tampering(
        "since when a scope covers it",
        "coverage",
        "UPDATE coverage SET read_at = read_at - 1",
        "MATCH (v:Coverage) SET v.read_at = v.read_at - 1",
    ),
    Tampering(
        "that a scope covers anything", "coverage", "DELETE FROM coverage", "MATCH (v:Coverage) DELETE v"
    ),
    Tampering(
        "what a person decided about two uids",
        "same_as",
        "UPDATE same_as SET same = 1 - same WHERE first = 'c'",
        "MATCH (d:SameAs {first: 'c'}) SET d.same = NOT d.same",
    ),
    Tampering(
        "that a person decided about them",
        "same_as",
        "DELETE FROM same_as WHERE first = 'c'",
        "MATCH (d:SameAs {first: 'c'}) DELETE d",
    ),
    Tampering(
        "that a claim was refuted",
        "refutations",
        "DELETE FROM refutations WHERE reason = 'wrong'",
        "MATCH (d:Refutation {reason: 'wrong'}) DELETE d",
    ),
    Tampering(
        "until when a refutation stood",
        "refutations",
        "UPDATE refutations SET recorded_to = recorded_to + 1 WHERE reason = 'doubtful'",
        "MATCH (d:Refutation {reason: 'doubtful'}) SET d.recorded_to = d.recorded_to + 1",
    ),
    Tampering(
        "the kind that a node is described as",
        "kinds",
        "UPDATE claims SET subject_kind = 'Secret' WHERE subject_kind = 'Dataset'",
        "MATCH (c:Claim {kind: 'Dataset'}) SET c.kind = 'Secret'",
    ),
    Tampering(
        "the kind that an edge gives its end",
        "kinds",
        "UPDATE claims SET object_kind = NULL WHERE object_kind = 'Asset'",
        "MATCH ()-[r:INVOKES]->() REMOVE r.object_kind",
    ),
    Tampering(
        "a text by which a node is found",
        "texts",
        "UPDATE texts SET folded = replace(folded, 'scorer', 'sorter') WHERE commitment IS NULL",
        "MATCH (c:Claim {uid: 'app'}) SET c.texts = ['sorter']",
    ),
    Tampering(
        "a personal text by which a node is found",
        "texts",
        "DELETE FROM texts WHERE folded = 'ada lovelace'",
        "MATCH (p:Personal) WHERE 'ada lovelace' IN p.texts SET p.texts = ['someone else']",
    ),
    Tampering(
        "an external id",
        "external_ids",
        "UPDATE external_ids SET value = 'arn:2' WHERE value = 'arn:1'",
        "MATCH (x:ExternalId {value: 'arn:1'}) SET x.value = 'arn:2'",
    ),
    Tampering(
        "where an external id leads",
        "external_ids",
        "UPDATE external_ids SET subject = subject + 1 WHERE value = 'arn:1'",
        "MATCH (x:ExternalId {value: 'arn:1'}) SET x.id = 'another'",
    ),
    Tampering(
        "a personal value",
        "personal",
        """UPDATE personal SET value = '"0"' WHERE field = 'properties.phone'""",
        """MATCH (p:Personal {field: 'properties.phone'}) SET p.value = '"0"', p.texts = ['0']""",
    ),
    Tampering(
        "a personal value that nobody committed to",
        "personal",
        "INSERT INTO personal SELECT 'c', claim_id, field, salt, value FROM personal LIMIT 1",
        "CREATE (:Personal {commitment: 'c', claim: 'c', field: 'name', salt: '00', value: '1'})",
    ),
    Tampering(
        "the text by which a uid is found",
        "names",
        "UPDATE uids SET folded = 'other' WHERE uid = 'app'",
        f"{ENTITY} n.folded = 'other'",
    ),
    Tampering(
        "that an edge is set aside as refuted",
        "moves",
        None,
        "MATCH ()-[r:FORMERLY {relation: 'RUNS_ON'}]->() REMOVE r.refuted",
    ),
    Tampering(
        "that an edge which nobody refuted is not",
        "moves",
        None,
        "MATCH ()-[r:READS]->() SET r.refuted = true",
    ),
    Tampering(
        "that a refuted edge has left those that are claimed",
        "moves",
        None,
        """MATCH (s)-[f:FORMERLY {relation: 'RUNS_ON'}]->(o)
           CREATE (s)-[r:RUNS_ON]->(o) SET r = properties(f), r.key = split(f.key, '#')[0] DELETE f""",
    ),
    Tampering(
        "since when an edge is set aside",
        "moves",
        None,
        "MATCH ()-[r:FORMERLY {relation: 'RUNS_ON'}]->() SET r.moves = [1]",
    ),
    Tampering(
        "that an edge was set aside and came back",
        "moves",
        None,
        "MATCH ()-[r:PRODUCES]->() REMOVE r.moves",
    ),
    Tampering(
        "at which of two nodes that are one an edge hangs",
        "moves",
        None,
        """MATCH (b:Entity {uid: 'b'})
           MATCH (:Entity {uid: 'a'})-[r:PART_OF]->(o)
           WITH b, o, r, properties(r) AS said DELETE r CREATE (b)-[n:PART_OF]->(o) SET n = said""",
    ),
    Tampering(
        "that an edge was over when it was learned",
        "moves",
        None,
        "MATCH ()-[r:FORMERLY {relation: 'RUNS_ON'}]->() SET r.belated = true",
    ),
    Tampering("the place of a uid in lists", "names", None, f"{ENTITY} n.sort_key = 'zzz'"),
    Tampering(
        "that a node is listed", "names", None, "MATCH (:Entity {uid: 'last'})-[k:CLAIMED]->() DELETE k"
    ),
    Tampering("the name that a node shows", "portraits", None, f"{ENTITY} n.name = 'Sorter'"),
    Tampering("the type that a node shows", "portraits", None, f"{ENTITY} n.type = 'agent'"),
    Tampering("the kind that a node shows", "portraits", None, f"{ENTITY} n.kind = 'Secret'"),
    Tampering("that a node is described", "portraits", None, f"{ENTITY} n.described = false"),
    Tampering("when a node was shown so", "portraits", None, f"{ENTITY} n.shown_at = null"),
    Tampering(
        "which node stands for another",
        "names",
        None,
        "MATCH (n:Entity {uid: 'b'}) SET n.canonical = null",
    ),
]


def fill(ledger: Ledger) -> None:
    """Say something of every sort, with rows and a refutation that have ended."""
    record(
        ledger,
        node("app", type_="service", name="Scorer", ids=[("arn", "arn:1")]),
        node("db", Kind.DATASET, type_="table"),
        node("p1", Kind.IDENTITY, type_="person", name="Ada Lovelace", phone="0123456789"),
        edge("app", "READS", "db"),
        EdgeFacts("INVOKES", Uid("app"), Uid("other"), object_kind=Kind.ASSET),
        node("a", name="one"),
        node("b", name="another"),
        edge("b", "PART_OF", "app"),
        Cover(RECORDS, frozenset({"Asset"}), frozenset({"READS"}), day(1)),
    )
    old = record(ledger, node("old", name="before"), edge("old", "INVOKES", "app"))
    record(ledger, node("old", name="after"), read_at=day(2))
    record(ledger, Close(old.steps[1].keys, day(3)))
    record(ledger, Merge((Uid("a"), Uid("b")), "one thing"))
    record(ledger, Unmerge((Uid("c"), Uid("d")), "two things"))
    claims = {uid: ledger.claims(Uid(uid), ledger.at(day(1)))[0].claim_id for uid in ("db", "old")}
    record(ledger, Refute(claims["db"], "doubtful"), Refute(claims["old"], "wrong"))
    record(ledger, LiftRefutation(claims["db"], "it was right"))
    refute_edges(ledger)
    record(ledger, node("last"))


def refute_edges(ledger: Ledger) -> None:
    """Refute edges for good, for a while, and twice, and such as are over, in every order of doing so."""
    record(ledger, edge("app", "WRITES", "log"), valid=days(1, 3))
    record(ledger, edge("app", "PRODUCES", "model"), edge("app", "RUNS_ON", "host"))
    moved = record(ledger, edge("app", "BUILT_FROM", "base"))
    claims = {
        row.about.relation: row.claim_id
        for row in ledger.store.edge_rows([Uid("app")], ledger.head().sequence)
        if isinstance(row.about, EdgeKey)
    }
    for relation in ("WRITES", "PRODUCES", "RUNS_ON", "BUILT_FROM"):
        record(ledger, Refute(claims[relation], "nobody believes it"))
    record(ledger, LiftRefutation(claims["PRODUCES"], "somebody does"))
    # What goes on of a refuted edge is refuted from its beginning; what ended stays so.
    record(ledger, Close(moved.steps[0].keys, day(60)))
    record(ledger, LiftRefutation(claims["BUILT_FROM"], "so do I"), LiftRefutation(claims["WRITES"], "and I"))
    record(ledger, Refute(claims["BUILT_FROM"], "no longer"))


def cases() -> Iterator[ParameterSet]:
    """Each tampering with each engine on which it can be done."""
    for tampering in TAMPERINGS:
        if tampering.sqlite:
            yield pytest.param("sqlite", tampering.sqlite, tampering.table, id=f"sqlite-{tampering.what}")
        for line in LINES if tampering.neo4j else ():
            yield pytest.param(
                f"neo4j-{line}",
                tampering.neo4j,
                tampering.table,
                id=f"neo4j-{line}-{tampering.what}",
                marks=pytest.mark.neo4j,
            )


@pytest.fixture(scope="module")
def filled() -> dict[str, object]:
    """What an engine keeps of a ledger that was filled, by engine; filling takes longer than copying."""
    return {}


@pytest.fixture
def filled_place(engine: str, place: Place, filled: dict[str, object]) -> Place:
    if engine not in filled:
        with closing(place.open()) as store:
            fill(Ledger(store, Clock()))
        filled[engine] = place.everything()
    place.put_back(filled[engine])
    return place


def verified(place: Place) -> Verification:
    """What a handle finds that has read nothing before."""
    with closing(place.open()) as store:
        return verify(store)


def test_what_nobody_has_touched_is_intact(filled_place: Place):
    report = verified(filled_place)
    assert (report.intact, report.table, report.reason, report.erased) == (True, None, None, 0)


@pytest.mark.parametrize(("engine", "by_hand", "table"), list(cases()), indirect=["engine"])
def test_what_is_changed_by_hand_is_found_and_named(filled_place: Place, by_hand: str, table: str):
    assert filled_place.by_hand(by_hand) > 0
    report = verified(filled_place)
    assert not report.intact
    assert report.table == table, report.reason
    assert report.reason


def test_the_first_break_by_commit_is_the_one_that_is_named(place: Place, store: Store):
    ledger = Ledger(store, Clock())
    record(ledger, node("a", name="one"))
    record(ledger, node("b", name="two"))
    record(ledger, node("c", name="three"))
    for uid in ("c", "b"):
        if isinstance(place, SqlitePlace):
            place.by_hand(f"DELETE FROM claims WHERE subject = (SELECT id FROM uids WHERE uid = '{uid}')")
        else:
            place.by_hand(f"MATCH (c:Claim {{uid: '{uid}'}}) DETACH DELETE c")
    report = verify(store)
    assert (report.broken_at, report.table, report.commits) == (2, "claims", 3)
    assert "is gone from the store" in (report.reason or "")


def test_what_was_erased_is_counted_and_is_no_break(ledger: Ledger):
    fill(ledger)
    assert ledger.erase_personal(Uid("p1"), actor="test", reason="as was asked for").count == 2
    report = ledger.verify()
    assert (report.intact, report.reason, report.erased) == (True, None, 2)


class Busy:
    """A store that is written to whenever a table of it begins to be read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._turn = 0

    def __getattr__(self, name: str) -> object:
        if name in ("all_edge_rows", "derived", "all_personal", "names", "kept_edges", "portraits"):
            self._turn += 1
            ledger, turn = self._ledger, self._turn
            said = node("p1", Kind.IDENTITY, type_="person", name=f"Ada {turn}")
            record(ledger, said, node("app", name=f"Scorer {turn}"), read_at=day(turn + 3))
            record(ledger, edge("app", "INVOKES", f"new-{turn}"), Merge((Uid("x"), Uid(f"y{turn}")), "one"))
            outcome = record(ledger, edge("app", "READS", "db"), read_at=day(turn + 3))
            record(ledger, Close(outcome.steps[0].keys, day(turn + 4)))
            edges = self._ledger.store.edge_rows([Uid("app")], ledger.head().sequence)
            refuted = {row.claim_id for row in self._ledger.refutations(ledger.head().sequence)}
            claims = {row.claim_id for row in edges}
            record(ledger, *(LiftRefutation(claim, "it is right") for claim in sorted(claims & refuted)))
            record(ledger, *(Refute(claim, "it is wrong") for claim in sorted(claims - refuted)))
        return getattr(self._ledger.store, name)


def test_what_is_written_while_it_is_verified_is_no_break(ledger: Ledger):
    fill(ledger)
    before = ledger.head().sequence
    report = verify(Busy(ledger))  # type: ignore[arg-type]  # a store in all but its type
    assert (report.reason, report.commits) == (None, before)
    assert ledger.head().sequence > before + 10
    assert ledger.verify().reason is None
