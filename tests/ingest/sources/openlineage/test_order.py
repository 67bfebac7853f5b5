"""The graph is a function of the set of events: order, repetition, batches and packing do not show."""

import gzip
import json
import random
import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from graph.ledger.ledger import Ledger
from graph.store import open_store
from tests.ingest.sources.openlineage.world import (
    columns,
    complete,
    dataset,
    dataset_event,
    entity,
    ingest,
    job_event,
    lineage,
    new_ledger,
    read,
    resolved,
    run,
    standing,
)
from tests.support.neo4j_server import LINES, server_or_skip

DAYS = (0.5, 1.5, 2.5, 4.5, 7.5, 12.5, 40)


def link(name):
    return {"identifiers": [{"namespace": "db", "name": name, "type": "TABLE"}]}


def lifecycle(change, previous=None):
    former = {"previousIdentifier": {"namespace": "db", "name": previous}} if previous else {}
    return {"lifecycleStateChange": change, **former}


DELETED = {"_deleted": True}

STORY = [
    run("START", 1, "r1", ["a", "b"], ["x"]),
    run("COMPLETE", 2, "r1", [], [dataset("x", columnLineage=columns(c="a.c"))]),
    run("FAIL", 3, "r2", ["a"], ["y"]),
    complete(4, ["a"], ["x", "y"]),
    complete(5, ["a"], ["x"], job_facets=lineage(x=[entity("a")])),
    dataset_event(6, "p", symlinks=link("a")),
    complete(6, ["p"], ["x"]),
    job_event(6, ["c"], ["z"], ownership={"owners": [{"name": "team:a"}]}),
    dataset_event(7, "x", lifecycleStateChange=lifecycle("DROP")),
    complete(8, ["p"], ["x"]),
    dataset_event(9, "n", lifecycleStateChange=lifecycle("RENAME", "z")),
    dataset_event(9.5, "z", lifecycleStateChange=lifecycle("DROP")),
    complete(
        10,
        ["n"],
        ["w"],
        job="k",
        run_facets={"parent": {"run": {"runId": "p"}, "job": {"namespace": "jobs", "name": "j"}}},
    ),
    complete(11, ["n"], ["z"], job="k"),
    complete(12, ["a"], [dataset("x", ownership={"owners": [{"name": "team:b"}]})]),
    # A run that outlasts three others, lineage that is taken back, runs that fail, sources that are dropped.
    run("START", 3.5, "long", ["q"], ["y"], job="l"),
    *(complete(day, ["b"], ["y"], job="l") for day in (4, 5, 6)),
    run("COMPLETE", 7, "long", job="l"),
    complete(8, ["b"], [dataset("y", columnLineage=columns(c="b.c"))], job="l"),
    complete(9, ["b"], [dataset("y", columnLineage=DELETED)], job="l"),
    run("START", 10, "f", ["b"], [dataset("v", columnLineage=columns(c="b.c"))], job="f"),
    run("START", 10, "f", [], [dataset("b", lifecycleStateChange=lifecycle("DROP"))], job="f"),
    run("FAIL", 11, "f", job="f"),
    dataset_event(4, "s", columnLineage=columns(c="q.c")),
    dataset_event(5, "q2", symlinks=link("q")),
    dataset_event(8, "q2", lifecycleStateChange=lifecycle("DROP")),
    dataset_event(9, "q2", symlinks=DELETED),
]


def _lines(events, path: Path) -> Path:
    path.write_text("\n".join(json.dumps(event) for event in events), encoding="utf-8")
    return path


def _ways(folder: Path) -> dict[str, list[Path]]:
    shuffled = random.Random(7).sample(STORY, len(STORY))
    singles = [_lines([event], folder / f"single-{i:02}.json") for i, event in enumerate(shuffled)]
    array = folder / "array.json"
    array.write_text(json.dumps(STORY, indent=2), encoding="utf-8")
    packed = folder / "packed.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(STORY[::-1]).encode()))
    return {
        "forward": [_lines(STORY, folder / "forward.jsonl")],
        "reversed": [_lines(STORY[::-1], folder / "reversed.jsonl")],
        "doubled": [_lines(STORY + STORY, folder / "doubled.jsonl")],
        "one at a time": singles,
        "one at a time, backwards": singles[::-1],
        "as one pretty array": [array],
        "gzipped": [packed],
    }


def _graph(paths, folder: Path) -> list[object]:
    ledger = new_ledger(folder)
    for path in paths:
        assert ingest(ledger, path).rejected_count == 0
    found = [*standing(ledger), *resolved(ledger, DAYS)]
    ledger.store.close()
    return found


def test_every_order_and_packing_gives_one_identical_graph(tmp_path):
    graphs = {}
    for number, (name, paths) in enumerate(_ways(tmp_path).items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        graphs[name] = _graph(paths, folder)
    assert len(graphs["forward"]) > 100
    for name, graph in graphs.items():
        assert graph == graphs["forward"], name


def test_reading_again_makes_no_commit(ledger, tmp_path):
    read(ledger, tmp_path, STORY)
    head = ledger.head().sequence
    report = read(ledger, tmp_path, STORY[::-1])
    assert (report.commits, report.retained, ledger.head().sequence) == (0, 0, head)


NAMES = st.sampled_from(["a", "b", "c"])
ANY_NAME = st.sampled_from(["a", "b", "c", "e"])
SYMLINKS = st.sampled_from([link("a"), link("d"), DELETED])
DERIVED = st.sampled_from([columns(c="a.c"), columns(c="b.c"), DELETED])
LINEAGE = st.sampled_from([{"inputs": [entity("a")]}, {"inputs": [entity("b"), entity("k", "JOB")]}, DELETED])
CHANGES = st.one_of(
    st.builds(lifecycle, st.sampled_from(["DROP", "DROP", "CREATE"])),
    st.builds(lifecycle, st.just("RENAME"), st.sampled_from(["a", "e"])),
)


def facets(**kinds):
    """Each of these facets or none, so that most datasets have few."""
    return st.fixed_dictionaries({}, optional=kinds)


USED = st.builds(
    lambda name, found: dataset(name, **found),
    ANY_NAME,
    facets(symlinks=SYMLINKS, columnLineage=DERIVED, lifecycleStateChange=CHANGES),
)
LISTS = st.lists(st.one_of(NAMES, NAMES, USED), max_size=2)
JOB_FACETS = st.sampled_from(
    [{}, {}, {}, lineage(b=[entity("a")]), lineage(c=[entity("a"), entity("b")]), {"lineage": DELETED}]
)
RUN_DAYS = st.integers(1, 9)
EVENTS = st.one_of(
    st.builds(
        run,
        st.sampled_from(["START", "COMPLETE", "COMPLETE", "FAIL", "OTHER"]),
        RUN_DAYS,
        st.sampled_from(["r1", "r2", "r3", "r4", "r5"]),
        LISTS,
        LISTS,
        st.sampled_from(["j", "k"]),
        JOB_FACETS,
    ),
    st.builds(lambda *event: job_event(*event[:3], **event[3]), RUN_DAYS, LISTS, LISTS, JOB_FACETS),
    st.builds(
        lambda day, name, found: dataset_event(day, name, **found),
        RUN_DAYS,
        ANY_NAME,
        facets(symlinks=SYMLINKS, columnLineage=DERIVED, lineage=LINEAGE, lifecycleStateChange=CHANGES),
    ),
    st.builds(
        lambda day, name, change: dataset_event(day, name, lifecycleStateChange=change),
        RUN_DAYS,
        ANY_NAME,
        CHANGES,
    ),
)


# A failing case is small enough as it is; shrinking it would read hundreds of ledgers.
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(events=st.lists(EVENTS, min_size=2, max_size=9), data=st.data())
def test_any_events_in_any_order_and_batches_give_one_graph(events, data):
    order = data.draw(st.permutations(range(len(events))))
    cut = data.draw(st.integers(1, len(events)))
    other = [events[i] for i in order]
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder, "one"), Path(folder, "two")
        one.mkdir()
        two.mkdir()
        first, second = new_ledger(one), new_ledger(two)
        read(first, one, events)
        read(second, two, other[:cut], other[cut:] + other[:1])
        assert standing(first) == standing(second)
        assert resolved(first, DAYS) == resolved(second, DAYS)
        first.store.close()
        second.store.close()


def test_neo4j_gives_the_same_graph_as_sqlite(tmp_path, neo4j_servers):
    # One line of servers and the start of the story are enough here: the stores have a suite of their own.
    server = server_or_skip(neo4j_servers, LINES[0])
    server.wipe()
    short = STORY[:9]
    expected = _graph([_lines(short, tmp_path / "forward.jsonl")], tmp_path)
    ledger = Ledger(open_store(server.uri, password=server.password))
    # The later half first, so that what it comes to is taken back and worked out again.
    for number, half in enumerate((short[5:], short[:5])):
        ingest(ledger, _lines(half[::-1], tmp_path / f"half-{number}.jsonl"))
    assert [*standing(ledger), *resolved(ledger, DAYS)] == expected
    ledger.store.close()
