"""When the edges of a job begin and end, how certain they are, and what marks they carry."""

import pytest

from tests.ingest.sources.openlineage.world import (
    at_day,
    columns,
    complete,
    dataset,
    dataset_event,
    edges,
    entity,
    job_event,
    lineage,
    read,
    run,
)


def test_an_edge_exists_from_the_first_event_that_names_it(ledger, tmp_path):
    read(ledger, tmp_path, [run("START", 1, reads=["a"]), run("COMPLETE", 2, writes=["b"])])
    assert edges(ledger) == {"j READS a 1..open", "j WRITES b 2..open"}


def test_it_ends_at_the_first_of_three_completed_runs_that_lack_it(ledger, tmp_path):
    events = [complete(1, ["a", "b"]), *(complete(day, ["a"]) for day in (2, 3, 4))]
    read(ledger, tmp_path, events)
    assert edges(ledger) == {"j READS a 1..open", "j READS b 1..2"}


def test_two_runs_without_it_are_not_enough(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a", "b"]), complete(2, ["a"]), complete(3, ["a"])])
    assert "j READS b 1..open" in edges(ledger)


def test_how_many_runs_it_takes_is_a_setting(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a", "b"]), complete(2, ["a"])], absent_runs=1)
    assert edges(ledger) == {"j READS a 1..open", "j READS b 1..2"}


def test_runs_that_failed_or_still_run_do_not_count_as_runs_without_it(ledger, tmp_path):
    failed = [run("FAIL", day, f"f{day}", ["a"]) for day in (2, 3, 4)]
    running = [run("START", day, f"s{day}", ["a"]) for day in (5, 6, 7)]
    read(ledger, tmp_path, [complete(1, ["b"]), *failed, *running])
    assert "j READS b 1..open" in edges(ledger)


def test_an_ended_edge_opens_again_when_any_later_event_names_it(ledger, tmp_path):
    events = [complete(1, ["b"]), *(complete(day, ["a"]) for day in (2, 3, 4))]
    read(ledger, tmp_path, [*events, run("START", 7, "r7", ["b"])])
    assert edges(ledger) >= {"j READS b 1..2", "j READS b 7..open"}


def test_a_failed_run_between_the_three_opens_it_again(ledger, tmp_path):
    # Runs of days 2, 4 and 5 lack b; the failed run of day 3 read it. So do those of days 4, 5 and 6.
    events = [complete(1, ["b"]), complete(2, ["a"]), run("FAIL", 3, "f", ["b"])]
    read(ledger, tmp_path, [*events, *(complete(day, ["a"]) for day in (4, 5, 6))])
    assert edges(ledger) >= {"j READS b 1..2", "j READS b 3..4"}


def test_inputs_and_outputs_of_a_run_are_merged_over_its_events(ledger, tmp_path):
    # b stands only in the START events; no run lacks it.
    events = [
        event
        for day in (1, 2, 3, 4)
        for event in (run("START", day, f"r{day}", ["b"]), run("COMPLETE", day + 0.5, f"r{day}"))
    ]
    read(ledger, tmp_path, events)
    assert edges(ledger) == {"j READS b 1..open"}


SHORT = [complete(day, ["b"], ["o"]) for day in (2, 3, 4)]
"""Three runs that lack a, between the start of a long run and its end."""


def test_a_run_names_all_that_it_named_when_it_completes(ledger, tmp_path):
    # The newest completed run read a, though three shorter ones that began later lack it.
    long = [run("START", 1, "long", ["a"], ["o"]), run("COMPLETE", 5, "long")]
    read(ledger, tmp_path, [*long, *SHORT])
    assert edges(ledger, "READS") == {
        "j READS a 1..2",
        "j READS a 5..open",
        "j READS b 2..open",
    }


def test_after_that_three_more_runs_without_it_end_it_as_any_edge(ledger, tmp_path):
    long = [run("START", 1, "long", ["a"], ["o"]), run("COMPLETE", 5, "long")]
    read(ledger, tmp_path, [*long, *SHORT, *(complete(day, ["b"], ["o"]) for day in (6, 7, 8))])
    assert edges(ledger, "READS") == {"j READS a 1..2", "j READS a 5..6", "j READS b 2..open"}


@pytest.mark.parametrize("end", [("FAIL",), ("COMPLETE", "ABORT"), ()])
def test_a_run_that_does_not_complete_names_nothing_again(ledger, tmp_path, end):
    long = [run("START", 1, "long", ["a"]), *(run(state, 5 + i, "long") for i, state in enumerate(end))]
    read(ledger, tmp_path, [*long, *SHORT])
    assert edges(ledger, "READS") == {"j READS a 1..2", "j READS b 2..open"}


def test_what_was_dropped_while_the_run_went_on_does_not_open_with_its_end(ledger, tmp_path):
    long = [run("START", 1, "long", ["a"]), run("COMPLETE", 5, "long")]
    dropped = dataset_event(3, "a", lifecycleStateChange={"lifecycleStateChange": "DROP"})
    read(ledger, tmp_path, [*long, dropped])
    assert edges(ledger) == {"j READS a 1..3"}


def test_what_the_run_named_after_the_drop_stays_open(ledger, tmp_path):
    long = [run("START", 1, "long", ["a"]), run("RUNNING", 4, "long", ["a"]), run("COMPLETE", 8, "long")]
    dropped = dataset_event(3, "a", lifecycleStateChange={"lifecycleStateChange": "DROP"})
    lacking = [complete(day, ["b"]) for day in (5, 6, 7)]
    read(ledger, tmp_path, [*long, dropped, *lacking])
    assert edges(ledger, "READS") >= {"j READS a 1..3", "j READS a 4..5", "j READS a 8..open"}


def test_outputs_of_a_failed_run_are_possible_and_its_inputs_were_read(ledger, tmp_path):
    read(ledger, tmp_path, [run("START", 1, reads=["a"], writes=["b"]), run("FAIL", 2)])
    assert edges(ledger) == {"j READS a 1..open", "j WRITES b 1..open?"}
    (edge,) = [e for e in ledger.all_edges(ledger.at()) if e.relation == "WRITES"]
    assert edge.conditions == ("the run failed",)


@pytest.mark.parametrize("state", ["FAIL", "ABORT"])
def test_they_are_certain_once_a_run_completes_them(ledger, tmp_path, state):
    first = [run("START", 1, writes=["b"]), run(state, 2)]
    read(ledger, tmp_path, [*first, run("START", 3, "r2", writes=["b"]), run("COMPLETE", 4, "r2")])
    assert edges(ledger) == {"j WRITES b 1..4?", "j WRITES b 4..open"}


def test_a_later_failure_takes_nothing_back(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, writes=["b"]), run("FAIL", 2, "r2", writes=["b"])])
    assert edges(ledger) == {"j WRITES b 1..open"}


def test_the_last_event_that_ends_a_run_decides(ledger, tmp_path):
    # A retry under the same run id completes; another run completes and then fails after all.
    retried = [run("FAIL", 1, "r1", writes=["a"]), run("COMPLETE", 2, "r1", writes=["a"])]
    broken = [run("COMPLETE", 3, "r2", writes=["b"]), run("FAIL", 4, "r2", writes=["b"])]
    read(ledger, tmp_path, [*retried, *broken])
    assert edges(ledger) == {"j WRITES a 1..open", "j WRITES b 3..open?"}


@pytest.mark.parametrize("state", ["FAIL", "ABORT"])
@pytest.mark.parametrize(
    ("output", "facets"),
    [(dataset("x", columnLineage=columns(c="a.c")), {}), ("x", lineage(x=[entity("a")]))],
    ids=["columns", "lineage"],
)
def test_what_only_a_failed_run_derives_is_possible_and_refines_nothing(
    ledger, tmp_path, state, output, facets
):
    read(ledger, tmp_path, [run("START", 1, "f", ["a"], [output], job_facets=facets), run(state, 2, "f")])
    assert edges(ledger) == {"j READS a 1..open", "j WRITES x 1..open?", "x DERIVED_FROM a 1..open?"}
    assert {e.conditions for e in ledger.all_edges(ledger.at()) if e.relation == "DERIVED_FROM"} == {
        ("the run failed",)
    }


def test_what_failed_runs_derive_is_certain_and_refines_once_a_run_completes_it(ledger, tmp_path):
    output = dataset("x", columnLineage=columns(c="a.c"))
    failed = [run("START", 1, "f", ["a"], [output]), run("FAIL", 2, "f")]
    read(ledger, tmp_path, [*failed, run("START", 3, "r", ["a"], [output]), run("COMPLETE", 4, "r")])
    assert edges(ledger) == {
        "j READS a 1..4",
        "j READS a [refined] 4..open",
        "j WRITES x 1..4?",
        "j WRITES x 4..open",
        "x DERIVED_FROM a 1..4?",
        "x DERIVED_FROM a 4..open",
    }


def test_a_later_failure_leaves_derivations_certain_and_reading_refined(ledger, tmp_path):
    output = dataset("x", columnLineage=columns(c="a.c"))
    read(ledger, tmp_path, [complete(1, ["a"], [output]), run("FAIL", 2, "f", ["a"], [output])])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [refined] 1..open",
        "x DERIVED_FROM a 1..open",
    }


def test_what_is_declared_is_certain_whatever_runs_failed(ledger, tmp_path):
    output = dataset("x", columnLineage=columns(c="a.c"))
    read(ledger, tmp_path, [run("FAIL", 1, "f", ["a"], [output]), job_event(3, ["a"], [output])])
    assert edges(ledger) == {
        "j READS a 1..3",
        "j READS a [refined] 3..open",
        "j WRITES x 1..3?",
        "j WRITES x 3..open",
        "x DERIVED_FROM a 1..3?",
        "x DERIVED_FROM a 3..open",
    }


def test_work_between_jobs_that_only_a_failed_run_tells_of_is_possible(ledger, tmp_path):
    facet = {"lineage": {"entries": [{"type": "JOB", "inputs": [entity("k", "JOB")]}]}}
    read(ledger, tmp_path, [run("FAIL", 1, "f", job_facets=facet)])
    assert edges(ledger) == {"j DERIVED_FROM k 1..open?"}


def test_several_inputs_and_outputs_without_anything_finer_are_coarse(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a", "b"], ["x", "y"])])
    assert edges(ledger, "READS") == {"j READS a [coarse] 1..open", "j READS b [coarse] 1..open"}


def test_it_is_coarse_by_what_is_open_and_not_by_run(ledger, tmp_path):
    # No run has two inputs, but from day 2 to day 5 two are open; a ends at day 5.
    events = [complete(1, ["a"], ["x", "y"]), complete(2, ["b"], ["x", "y"]), complete(3, ["a"], ["x", "y"])]
    read(ledger, tmp_path, [*events, *(complete(day, ["b"], ["x", "y"]) for day in (5, 6, 7))])
    assert edges(ledger, "READS") == {
        "j READS a 1..2",
        "j READS a [coarse] 2..5",
        "j READS b [coarse] 2..5",
        "j READS b 5..open",
    }


def test_column_lineage_of_every_output_refines(ledger, tmp_path):
    outputs = [dataset("x", columnLineage=columns(c="a.c")), dataset("y", columnLineage=columns(c="b.c"))]
    read(ledger, tmp_path, [complete(1, ["a", "b"], outputs)])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [refined] 1..open",
        "j READS b [refined] 1..open",
        "x DERIVED_FROM a 1..open",
        "y DERIVED_FROM b 1..open",
    }


def test_column_lineage_of_some_outputs_stands_beside_reading_that_is_not_refined(ledger, tmp_path):
    outputs = [dataset("x", columnLineage=columns(c="a.c")), "y"]
    read(ledger, tmp_path, [complete(1, ["a", "b"], outputs)])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [coarse] 1..open",
        "j READS b [coarse] 1..open",
        "x DERIVED_FROM a 1..open",
    }


def test_reading_is_refined_only_while_every_open_output_is_named(ledger, tmp_path):
    traced = dataset("x", columnLineage=columns(c="a.c"))
    read(ledger, tmp_path, [complete(1, ["a"], [traced]), complete(3, ["a"], [traced, "y"])])
    assert edges(ledger, "READS") == {"j READS a [refined] 1..3", "j READS a 3..open"}


def test_an_empty_column_lineage_says_nothing(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"], [dataset("x", columnLineage={"fields": {}})])])
    assert edges(ledger, "READS") == {"j READS a 1..open"}


def test_a_column_may_be_called_password(ledger, tmp_path):
    output = dataset("x", columnLineage=columns(password="a.password"))
    read(ledger, tmp_path, [complete(1, ["a"], [output])])
    assert "x DERIVED_FROM a 1..open" in edges(ledger)


def test_the_lineage_facet_outweighs_column_lineage(ledger, tmp_path):
    output = dataset("x", columnLineage=columns(c="b.c"))
    facet = lineage(x=[entity("a")])
    read(ledger, tmp_path, [complete(1, ["a", "b"], [output], job_facets=facet)])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [refined] 1..open",
        "j READS b [refined] 1..open",
        "x DERIVED_FROM a 1..open",
    }


def test_no_inputs_in_the_lineage_facet_means_that_there_are_none(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"], ["x"], job_facets=lineage(x=[]))])
    assert edges(ledger, "READS", "DERIVED_FROM") == {"j READS a [refined] 1..open"}


def test_the_lineage_facet_reaches_jobs(ledger, tmp_path):
    own = {"type": "JOB"}
    facet = {
        "lineage": {
            "entries": [
                {**entity("x"), "inputs": [own]},
                {**own, "inputs": [entity("a"), entity("k", "JOB")]},
            ]
        }
    }
    read(ledger, tmp_path, [complete(1, job_facets=facet)])
    assert edges(ledger) == {"j WRITES x 1..open", "j READS a [refined] 1..open", "j DERIVED_FROM k 1..open"}


def test_the_parent_is_containment(ledger, tmp_path):
    parent = {"parent": {"run": {"runId": "p1"}, "job": {"namespace": "jobs", "name": "dag"}}}
    read(ledger, tmp_path, [complete(1, run_facets=parent)])
    assert edges(ledger) == {"j PART_OF dag 1..open"}


def test_a_declaration_replaces_the_one_before_it(ledger, tmp_path):
    read(ledger, tmp_path, [job_event(1, ["a"], ["x"]), job_event(3, ["b"], ["x"])])
    assert edges(ledger) == {"j READS a 1..3", "j READS b 3..open", "j WRITES x 1..open"}


def test_a_declaration_without_datasets_says_nothing_about_them(ledger, tmp_path):
    read(ledger, tmp_path, [job_event(1, ["a"]), job_event(3, documentation={"description": "new"})])
    assert edges(ledger) == {"j READS a 1..open"}


def test_a_declaration_does_not_end_what_runs_showed(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"]), job_event(2, ["b"])])
    assert edges(ledger) == {"j READS a 1..open", "j READS b 2..open"}


def test_declared_lineage_is_replaced_too(ledger, tmp_path):
    events = [
        job_event(1, ["a"], ["x"], **lineage(x=[entity("a")])),
        job_event(2, **lineage(x=[entity("b")])),
    ]
    read(ledger, tmp_path, events)
    assert edges(ledger, "DERIVED_FROM", "READS") == {
        "x DERIVED_FROM a 1..2",
        "x DERIVED_FROM b 2..open",
        "j READS a [refined] 1..open",
    }


def test_a_dataset_event_declares_where_the_dataset_comes_from(ledger, tmp_path):
    read(ledger, tmp_path, [dataset_event(1, "x", lineage={"inputs": [entity("a")]})])
    assert edges(ledger) == {"x DERIVED_FROM a 1..open"}


def test_a_facet_that_is_taken_back_says_nothing_any_more(ledger, tmp_path):
    events = [dataset_event(1, "x", lineage={"inputs": [entity("a")]})]
    read(ledger, tmp_path, [*events, dataset_event(4, "x", lineage={"_deleted": True})])
    assert edges(ledger) == {"x DERIVED_FROM a 1..4"}


def forgotten(name):
    """An output whose column lineage is taken back."""
    return dataset(name, columnLineage={"_deleted": True})


TRACED = dataset("x", columnLineage=columns(c="a.c"))
UNTIL_2 = {"j READS a 2..open", "j READS a [refined] 1..2", "x DERIVED_FROM a 1..2"}


@pytest.mark.parametrize(
    "events",
    [
        [complete(1, ["a"], [TRACED]), complete(2, ["a"], [forgotten("x")])],
        [run("START", 1, "r", ["a"], [TRACED]), run("COMPLETE", 2, "r", ["a"], [forgotten("x")])],
        # Also while another run goes on that had named it.
        [
            run("START", 1, "r", ["a"], [TRACED]),
            complete(2, ["a"], [forgotten("x")]),
            run("COMPLETE", 3, "r", ["a"], ["x"]),
        ],
        # It is the facet that is taken back, by whichever sort of event.
        [complete(1, ["a"], [TRACED]), job_event(2, ["a"], [forgotten("x")])],
        [job_event(1, ["a"], [TRACED]), complete(2, ["a"], [forgotten("x")])],
    ],
    ids=["by the next run", "within a run", "during a run", "declared away", "declared"],
)
def test_column_lineage_that_is_taken_back_derives_and_refines_nothing_any_more(ledger, tmp_path, events):
    read(ledger, tmp_path, events)
    assert edges(ledger, "READS", "DERIVED_FROM") == UNTIL_2


def test_it_is_taken_back_under_every_name_of_the_output(ledger, tmp_path):
    name = {"namespace": "db", "name": "x", "type": "TABLE"}
    linked = dataset_event(5, "y", symlinks={"identifiers": [name]})
    read(ledger, tmp_path, [complete(1, ["a"], [TRACED]), complete(2, ["a"], [forgotten("y")])], [linked])
    assert edges(ledger, "DERIVED_FROM") == {"x DERIVED_FROM a 1..2"}


def test_what_is_taken_back_opens_again_when_it_is_named_again(ledger, tmp_path):
    events = [
        complete(1, ["a"], [TRACED]),
        complete(2, ["a"], [forgotten("x")]),
        complete(4, ["a"], [TRACED]),
    ]
    read(ledger, tmp_path, events)
    assert edges(ledger, "DERIVED_FROM") == {"x DERIVED_FROM a 1..2", "x DERIVED_FROM a 4..open"}


def test_the_lineage_facet_is_taken_back_as_well(ledger, tmp_path):
    taken_back = {"lineage": {"_deleted": True}}
    events = [complete(1, ["a"], ["x"], job_facets=lineage(x=[entity("a")]))]
    read(ledger, tmp_path, [*events, complete(2, ["a"], ["x"], job_facets=taken_back)])
    assert edges(ledger, "READS", "DERIVED_FROM") == UNTIL_2


def test_what_two_facets_gave_stands_while_one_of_them_does(ledger, tmp_path):
    both = [complete(1, ["a"], [TRACED]), complete(2, ["a"], ["x"], job_facets=lineage(x=[entity("a")]))]
    read(ledger, tmp_path, [*both, complete(3, ["a"], ["x"], job_facets={"lineage": {"_deleted": True}})])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [refined] 1..open",
        "x DERIVED_FROM a 1..3",
        "x DERIVED_FROM a 3..open",
    }
    (edge,) = [e for e in ledger.all_edges(at_day(ledger, 4)) if e.relation == "DERIVED_FROM"]
    assert edge.properties["given_by"].value == "column lineage facet"


def test_inputs_and_outputs_are_not_taken_back_with_a_facet(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"], [TRACED]), complete(2, [], [forgotten("x")])])
    assert edges(ledger, "READS", "WRITES") >= {"j READS a 2..open", "j WRITES x 1..open"}


def test_what_a_failed_run_said_again_is_possible_once_the_sound_word_is_taken_back(ledger, tmp_path):
    sound = complete(1, ["a"], [TRACED])
    failed = run("FAIL", 2, "f", ["a"], ["x"], job_facets=lineage(x=[entity("a")]))
    read(ledger, tmp_path, [sound, failed, complete(3, ["a"], [forgotten("x")])])
    assert edges(ledger, "READS", "DERIVED_FROM") == {
        "j READS a [refined] 1..3",
        "j READS a 3..open",
        "x DERIVED_FROM a 1..3",
        "x DERIVED_FROM a 3..open?",
    }
