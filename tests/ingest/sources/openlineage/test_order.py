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


STORY = [
    run("START", 1, "r1", ["a", "b"], ["x"]),
    run("COMPLETE", 2, "r1", [], [dataset("x", columnLineage=columns(c="a.c"))]),
    run("FAIL", 3, "r2", ["a"], ["y"]),
    complete(4, ["a"], ["x", "y"]),
    complete(5, ["a"], ["x"], job_facets=lineage(x=[entity("a")])),
    dataset_event(6, "p", symlinks=link("a")),
    complete(6, ["p"], ["x"]),
    job_event(6, ["c"], ["z"], ownership={"owners": [{"name": "team:a"}]}),
    dataset_event(7, "x", lifecycleStateChange={"lifecycleStateChange": "DROP"}),
    complete(8, ["p"], ["x"]),
    dataset_event(
        9,
        "n",
        lifecycleStateChange={
            "lifecycleStateChange": "RENAME",
            "previousIdentifier": {"namespace": "db", "name": "z"},
        },
    ),
    complete(
        10,
        ["n"],
        ["w"],
        job="k",
        run_facets={"parent": {"run": {"runId": "p"}, "job": {"namespace": "jobs", "name": "j"}}},
    ),
    complete(11, ["n"], ["z"], job="k"),
    complete(12, ["a"], [dataset("x", ownership={"owners": [{"name": "team:b"}]})]),
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
MAYBE_LINKED = st.builds(
    lambda name, other, traced: dataset(
        name,
        **({"symlinks": link(other)} if other else {}),
        **({"columnLineage": columns(c=f"{traced}.c")} if traced else {}),
    ),
    NAMES,
    st.sampled_from([None, None, None, "a", "d"]),
    st.sampled_from([None, None, "a", "b"]),
)
LISTS = st.lists(st.one_of(NAMES, MAYBE_LINKED), max_size=2)
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
    ),
    st.builds(job_event, RUN_DAYS, LISTS, LISTS),
    st.builds(
        lambda day, name, kind, previous: dataset_event(
            day,
            name,
            lifecycleStateChange={
                "lifecycleStateChange": kind,
                **({"previousIdentifier": {"namespace": "db", "name": previous}} if kind == "RENAME" else {}),
            },
        ),
        RUN_DAYS,
        NAMES,
        st.sampled_from(["DROP", "RENAME", "CREATE"]),
        st.sampled_from(["a", "e"]),
    ),
)


# A failing case is small enough as it is; shrinking it would read hundreds of ledgers.
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
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
