"""Keeping in step: what commits changed, applied to an old picture, gives the new one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.change import Assert, Change, Close, Merge, Refute, Step, Unmerge, Withdraw
from graph.ledger.ledger import Ledger
from graph.ledger.timeline import EdgeTimeline, NodeTimeline
from graph.model import (
    Claim,
    CommitNumber,
    EdgeFacts,
    ExternalId,
    Instant,
    Interval,
    NodeFacts,
    Scope,
    SourceInstance,
    Uid,
)
from graph.store import open_store
from graph.vocabulary import Kind, Origin

UIDS = [Uid(name) for name in "abcd"]
SCOPES = [Scope(SourceInstance("records"), "one"), Scope(SourceInstance("openlineage"), "two")]

times = st.integers(0, 6).map(Instant)
intervals = st.none() | st.tuples(times, st.integers(1, 9)).map(
    lambda pair: Interval(pair[0], Instant(pair[0] + pair[1]))
)
nodes = st.builds(
    lambda uid, type_, criticality, ids: NodeFacts(
        uid, Kind.ASSET, type_, None, {"criticality": criticality}, ids
    ),
    st.sampled_from(UIDS),
    st.sampled_from([None, "agent", "service"]),
    st.integers(0, 2),
    st.sampled_from([(), (ExternalId("openlineage", "x"),)]),
)
edges = st.builds(
    EdgeFacts,
    st.sampled_from(["INVOKES", "RUNS_ON"]),
    st.sampled_from(UIDS),
    st.sampled_from(UIDS),
    st.sampled_from([frozenset[str](), frozenset({"optional"})]),
)
assertions = st.builds(
    lambda scope, about, valid, origin: Assert(Claim(scope, about, valid, origin)),
    st.sampled_from(SCOPES),
    nodes | edges,
    intervals,
    st.sampled_from([Origin.DECLARED, Origin.ASSUMED]),
)
pairs = st.lists(st.sampled_from(UIDS), min_size=2, max_size=2, unique=True).map(
    lambda uids: (uids[0], uids[1])
)


@st.composite
def steps(draw: st.DrawFn, ledger: Ledger) -> Step:
    """Draw a step that means something in this ledger."""
    rows = [row for uid in UIDS for row in ledger.history(uid)]
    standing = sorted({(row.key, row.claim_id) for row in rows if row.recorded_to > 2**60})
    choices: list[st.SearchStrategy[Step]] = [
        assertions,
        pairs.map(lambda pair: Merge(pair, "")),
        pairs.map(lambda pair: Unmerge(pair, "")),
    ]
    if standing:
        one = st.sampled_from(standing)
        choices.append(st.builds(lambda row, at: Close((row[0],), at), one, times))
        choices.append(one.map(lambda row: Withdraw((row[0],))))
        choices.append(one.map(lambda row: Refute(row[1], "")))
    return draw(st.one_of(choices))


def timelines(ledger: Ledger) -> tuple[dict[Uid, NodeTimeline], dict[object, EdgeTimeline]]:
    head = ledger.head().sequence
    found = {_key(edge): edge for edge in ledger.edge_timelines(head)}
    return {node.uid: node for node in ledger.node_timelines(head)}, found


def _key(edge: EdgeTimeline) -> object:
    return edge.relation, edge.subject, edge.object, edge.discriminator


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changes_turn_the_old_timelines_into_the_new_ones(data: st.DataObject) -> None:
    store = open_store(":memory:")
    ledger = Ledger(store)
    for number in range(data.draw(st.integers(1, 4))):
        change = [data.draw(steps(ledger)) for _ in range(data.draw(st.integers(1, 5)))]
        before, (nodes_then, edges_then) = ledger.head().sequence, timelines(ledger)
        ledger.commit(Change("t", f"{number}", tuple(change), read_at=data.draw(times)))
        changes = ledger.timeline_changes(before, ledger.head().sequence)
        assert changes is not None
        spliced_nodes = nodes_then | {node.uid: node for node in changes.nodes}
        for uid in changes.removed_nodes:
            spliced_nodes.pop(uid, None)
        spliced_edges = edges_then | {_key(edge): edge for edge in changes.edges}
        spliced_edges = {key: edge for key, edge in spliced_edges.items() if edge.spells}
        assert (spliced_nodes, spliced_edges) == timelines(ledger)
    store.close()


def test_no_commits_no_changes() -> None:
    ledger = Ledger(open_store(":memory:"))
    changes = ledger.timeline_changes(CommitNumber(0), CommitNumber(0))
    assert changes is not None
    assert (list(changes.nodes), list(changes.edges)) == ([], [])
    ledger.store.close()


def test_a_leaving_date_ends_a_spell_though_the_status_says_active() -> None:
    ledger = Ledger(open_store(":memory:"))
    facts = NodeFacts(
        Uid("p"), Kind.IDENTITY, "person", None, {"status": "active", "departed_at": 5, "suspended_at": 9}
    )
    said = Assert(Claim(SCOPES[0], facts, Interval(Instant(1), Instant(20))))
    ledger.commit(Change("t", "t", (said,)))
    (person,) = ledger.node_timelines(ledger.head().sequence)
    spells = [(s.valid.start, s.valid.end, s.properties["status"]) for s in person.spells]
    assert spells == [(1, 5, "active"), (5, 20, "departed")]
    ledger.store.close()
