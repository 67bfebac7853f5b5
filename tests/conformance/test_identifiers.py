"""Identifiers are compared byte for byte: whatever they hold, each is itself and no other."""

import unicodedata

import pytest

from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, ExternalId, NodeFacts, Scope, SourceInstance, Uid
from tests.support.saying import edge, node, record

LONGEST = 4096

FAMILIES = {
    "case": ["Service", "service", "SERVICE", "straße", "STRASSE", "strasse", "\u0131", "I", "i", "\u0130"],
    "unicode form": [
        unicodedata.normalize("NFC", "Ångström"),
        unicodedata.normalize("NFD", "Ångström"),
        "\ufb01le",
        "file",
        "\u2126",
        "\u03a9",
        "한",
        unicodedata.normalize("NFD", "한"),
    ],
    "length": ["x" * LONGEST, "x" * (LONGEST - 1), "x" * (LONGEST - 1) + "y", "é" * (LONGEST // 2)],
    "punctuation": ["a:b", "a/b", "a%b", "a%2Fb", "a%2fb", "a#b", "a?b", "a&b=c", "a\\b", "a", "a:b/"],
    "space": ["a b", "a  b", " a b", "a b ", "a\tb", "a\nb", "a\u00a0b", "a\u200bb", " "],
    "emoji": ["👩", "👩\u200d🔬", "👩🏽\u200d🔬", "👩🏽", "🔬", "\U0001f52c\ufe0f", "\U00010000", "\uffff"],
    "quotes": ["'a'", '"a"', "`a`", "a'", 'a"', "''a''", "\\'a", "“a”", "{a}", "[a]", "(a)", "$a", "${a}"],
    "queries": [
        "'}) DETACH DELETE n //",
        '"}) DETACH DELETE n //',
        "`) MATCH (n) DETACH DELETE n //",
        "$uid",
        "$asked",
        "'; DROP TABLE claims; --",
        "x' OR '1'='1",
        "%",
        "_",
        "*",
        ".*",
    ],
    "look of other values": ["0", "00", "0.0", "1", "1e0", "true", "null", "None", "NaN", "-", "{}", "[]"],
}
ALL = [uid for family in FAMILIES.values() for uid in family]


def test_the_cases_are_different_and_fit():
    assert len(set(ALL)) == len(ALL)
    assert max(len(uid.encode()) for uid in ALL) == LONGEST


@pytest.mark.parametrize("family", FAMILIES)
def test_every_identifier_is_itself_and_no_other(family: str, ledger: Ledger):
    uids = FAMILIES[family]
    record(
        ledger,
        *(node(uid, name=f"node {number}", number=number) for number, uid in enumerate(uids)),
        *(edge(uid, "INVOKES", "hub", note=uid) for uid in uids),
    )
    at = ledger.at()
    for number, uid in enumerate(uids):
        found = ledger.nodes([Uid(uid)], at)
        assert {key: value.uid for key, value in found.items()} == {uid: uid}
        assert found[Uid(uid)].integer("number") == number
        (found_edge,) = ledger.edges([Uid(uid)], at)
        assert (found_edge.subject.uid, found_edge.object.uid) == (uid, "hub")
        assert found_edge.properties["note"].value == uid
        assert [row.claim.about.uid for row in ledger.claims(Uid(uid), at)] == [uid]  # type: ignore[union-attr]
        assert len(ledger.history(Uid(uid))) == 2
    assert ledger.verify().intact


def test_all_identifiers_are_listed_in_byte_order(ledger: Ledger):
    record(ledger, *(node(uid) for uid in reversed(ALL)))
    listed: list[str] = []
    after = None
    while True:
        page = ledger.page(ledger.at(), after=after, limit=7)
        listed += [found.uid for found in page.items]
        if page.next_after is None:
            break
        after = Uid(page.next_after)
    assert listed == sorted(ALL, key=str.encode)


def test_saying_all_of_it_again_says_nothing_new(ledger: Ledger):
    said: list[NodeFacts | EdgeFacts] = [
        *(node(uid) for uid in ALL),
        *(edge(uid, "INVOKES", uid) for uid in ALL),
    ]
    record(ledger, *said)
    assert record(ledger, *said).commit is None
    assert ledger.head().sequence == 1


def test_external_ids_are_compared_byte_for_byte(ledger: Ledger):
    pairs = {
        # These schemes join nodes by themselves; a k8s id may be asserted by kubernetes.
        f"node {number}": ("k8s", value)
        for number, value in enumerate(uid for family in FAMILIES.values() for uid in family)
    }
    scope = Scope(SourceInstance("kubernetes"), "cluster")
    record(ledger, *(node(uid, ids=[pair]) for uid, pair in pairs.items()), scope=scope)
    found = {node.uid: node.external_ids for node in ledger.all_nodes(ledger.at())}
    assert found == {uid: (ExternalId(*pair),) for uid, pair in pairs.items()}


@pytest.mark.parametrize("name", ["'; DROP TABLE claims; --", "prod: a/b", "é", "e\u0301", "PROD", "prod"])
def test_scopes_and_sources_are_compared_byte_for_byte(name: str, ledger: Ledger):
    scopes = [Scope(SourceInstance("records", instance), name) for instance in ("a", "A")]
    for scope in scopes:
        record(ledger, node("n"), scope=scope)
    record(ledger, node("n"), scope=Scope(SourceInstance("records", "a"), name + "x"))
    for scope in scopes:
        (row,) = ledger.store.scope_rows(scope, ledger.head().sequence, after=None, limit=9)
        assert row.scope == scope
    assert len(ledger.claims(Uid("n"), ledger.at())) == 3
