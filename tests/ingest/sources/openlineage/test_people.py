"""People in events: of those that are kept no name or address is, and the graph is the same without."""

import json
import random

import pytest

from graph.model import Uid
from ingest.fingerprint import Fingerprinter
from ingest.sources.openlineage.names import Name, dataset_group, job_group
from ingest.uids import address_uid
from tests.ingest.sources.openlineage.world import (
    complete,
    dataset,
    dataset_event,
    edges,
    job_event,
    new_ledger,
    read,
    standing,
)

KEYS = Fingerprinter(b"k" * 32)
OWNERS = {"owners": [{"name": "Ada Lovelace"}, {"name": "mailto:ada@bank.example"}, {"name": "team:data"}]}
NAMES = ("Lovelace", "lovelace", "ada@bank", "jdoe", "Grace")


def kept(ledger) -> str:
    """Every payload that is kept of the job and the datasets of these tests, as text."""
    groups = [job_group(Name("jobs", "j")), *(dataset_group(Name("db", name)) for name in ("a", "x"))]
    store = ledger.store
    return "\n".join(r.payload for group in groups for r in store.raw("openlineage/default", group))


def owners_of(ledger) -> set[Uid]:
    return {e.subject.uid for e in ledger.all_edges(ledger.at()) if e.relation == "OWNS"}


def test_owners_are_kept_by_their_uids(ledger, tmp_path):
    read(
        ledger,
        tmp_path,
        [
            complete(1, ["a"], [dataset("x", ownership=OWNERS)], job_facets={"ownership": OWNERS}),
            dataset_event(2, "a", ownership=OWNERS),
        ],
    )
    assert "team:data" in kept(ledger)
    assert not [name for name in NAMES if name in kept(ledger)]
    found = owners_of(ledger)
    assert len(found) == 3
    assert address_uid("ada@bank.example", KEYS) in found


def test_what_is_taken_out_is_listed(ledger, tmp_path):
    read(ledger, tmp_path, [dataset_event(2, "a", ownership=OWNERS)])
    (record,) = ledger.store.raw("openlineage/default", dataset_group(Name("db", "a")))
    assert record.redacted == (
        "/dataset/facets/ownership/owners/0/name",
        "/dataset/facets/ownership/owners/1/name",
    )


def test_the_same_events_again_change_nothing(ledger, tmp_path):
    events = [dataset_event(day, "a", ownership=OWNERS) for day in (1, 3)]
    read(ledger, tmp_path, events)
    before = standing(ledger)
    report = read(ledger, tmp_path, events)
    assert (report.retained, report.commits) == (0, 0)
    assert standing(ledger) == before


def test_worked_out_anew_from_what_is_kept_an_owner_is_who_it_was(ledger, tmp_path):
    read(ledger, tmp_path, [job_event(1, ownership=OWNERS)])
    before = owners_of(ledger)
    read(ledger, tmp_path, [job_event(5, documentation={"description": "Loads."})])
    assert owners_of(ledger) == before
    assert len(edges(ledger, "OWNS")) == 3


def test_the_order_of_events_does_not_show(tmp_path):
    events = [
        dataset_event(1, "a", ownership=OWNERS),
        dataset_event(3, "a", ownership={"owners": [{"name": "Grace Hopper"}]}),
        complete(4, ["a"], ["x"], job_facets={"ownership": OWNERS}),
        job_event(6, ownership={"owners": [{"name": "user:jdoe"}]}),
    ]
    graphs = []
    for turn in range(4):
        folder = tmp_path / str(turn)
        folder.mkdir()
        random.Random(turn).shuffle(events)
        made = new_ledger(folder)
        read(made, folder, *([event] for event in events))
        graphs.append(standing(made))
        assert not [name for name in NAMES if name in kept(made)]
        made.store.close()
    assert graphs.count(graphs[0]) == len(graphs)


def test_who_calls_himself_like_a_kept_name_is_nobody_else(ledger, tmp_path):
    ada = address_uid("ada@bank.example", KEYS)
    read(ledger, tmp_path, [dataset_event(1, "a", ownership={"owners": [{"name": ada}]})])
    assert ada not in owners_of(ledger)


@pytest.mark.parametrize(
    "facet",
    [
        {"dag": {"owner": "Ada Lovelace", "dag_id": "score"}},
        {"task": {"owners": ["Ada Lovelace", "Grace"]}},
        {"user": {"displayName": "Ada Lovelace", "email": "ada@bank.example"}},
        {"tags": [{"key": "owner", "value": "Ada Lovelace"}]},
        {"properties": {"spark.user.name": "jdoe", "job.created-by": "jdoe", "user.name": "jdoe"}},
        {"description": "Ask ada@bank.example, or jdoe+x@mail.bank.example."},
        {"nested": [[{"submitter": {"login": "jdoe"}}]]},
    ],
)
def test_facets_that_are_not_mapped_name_nobody_either(ledger, tmp_path, facet):
    read(
        ledger,
        tmp_path,
        [
            complete(
                1,
                ["a"],
                [dataset("x", acme=facet)],
                run_facets={"airflow": facet},
                job_facets={"acme": facet},
            )
        ],
    )
    text = kept(ledger)
    assert not [name for name in NAMES if name in text]
    assert "hf:identity:" in text


def test_what_names_nobody_is_kept_as_it_is(ledger, tmp_path):
    facet = {"mode": "full", "rows": 3, "fields": {"user": {"type": "string"}}, "flags": [True, None, 1.5]}
    read(ledger, tmp_path, [complete(1, ["a"], run_facets={"acme": facet})])
    whole = next(json.loads(line) for line in kept(ledger).splitlines() if '"acme"' in line)
    assert whole["run"]["facets"]["acme"] == facet


def test_columns_that_are_called_like_people_keep_their_names(ledger, tmp_path):
    schema = {"fields": [{"name": "owner", "type": "text"}, {"name": "email", "type": "text"}]}
    read(ledger, tmp_path, [dataset_event(1, "a", schema=schema)])
    (node,) = [n for n in ledger.all_nodes(ledger.at()) if n.described]
    assert node.get("columns") == ("owner: text", "email: text")
