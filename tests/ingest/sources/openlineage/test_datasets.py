"""What becomes of datasets: described or mentioned, renamed, linked, dropped, owned."""

import pytest

from graph.model import ExternalId
from graph.vocabulary import Kind
from ingest.sources.openlineage.names import Name, dataset_uid, job_uid
from tests.ingest.sources.openlineage.world import (
    at_day,
    columns,
    complete,
    dataset,
    dataset_event,
    dataset_exists,
    dataset_node,
    edges,
    entity,
    job_event,
    job_node,
    lineage,
    moment,
    read,
    run,
)

DROP = {"lifecycleStateChange": "DROP"}


def link(name):
    return {"identifiers": [{"namespace": "db", "name": name, "type": "TABLE"}]}


def renamed(previous):
    return {"lifecycleStateChange": "RENAME", "previousIdentifier": {"namespace": "db", "name": previous}}


def test_a_dataset_of_which_only_the_name_is_known_is_mentioned_and_not_described(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"])])
    node = dataset_node(ledger, "a", 2)
    assert (node.described, node.kind) == (False, Kind.DATASET)


def test_facets_describe_it_until_others_of_their_name_come(ledger, tmp_path):
    fields = {"fields": [{"name": "id", "type": "INT"}, {"name": "x"}]}
    first = dataset("a", schema=fields, datasetType={"datasetType": "TABLE"})
    second = dataset("a", datasetType={"datasetType": "VIEW"})
    read(ledger, tmp_path, [complete(1, [first]), complete(3, [second])])
    before, after = dataset_node(ledger, "a", 2), dataset_node(ledger, "a", 4)
    assert (before.type, after.type) == ("table", "view")
    assert before.name == "a"
    assert before.texts("columns") == after.texts("columns") == ("id: INT", "x")
    assert before.external_ids == (ExternalId("openlineage", "db/a"),)


def test_a_model_is_a_dataset_of_its_own_type(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, writes=[dataset("m", datasetType={"datasetType": "MODEL"})])])
    assert dataset_node(ledger, "m", 2).type == "model_artifact"


def test_a_drop_ends_the_dataset_and_its_open_edges(ledger, tmp_path):
    described = dataset("a", datasetType={"datasetType": "TABLE"})
    read(
        ledger, tmp_path, [complete(1, [described], ["x"]), dataset_event(3, "a", lifecycleStateChange=DROP)]
    )
    assert edges(ledger) == {"j READS a 1..3", "j WRITES x 1..open"}
    assert dataset_node(ledger, "a", 2).described
    assert not dataset_exists(ledger, "a", 4)


def test_the_event_that_drops_a_dataset_does_not_open_its_edges_again(ledger, tmp_path):
    dropper = complete(3, writes=[dataset("a", lifecycleStateChange=DROP)], job="dropper")
    read(ledger, tmp_path, [complete(1, ["a"]), dropper])
    assert edges(ledger) == {"j READS a 1..3"}


def test_an_edge_that_a_later_event_names_opens_again_after_a_drop(ledger, tmp_path):
    dropped = dataset_event(3, "a", lifecycleStateChange=DROP)
    read(
        ledger, tmp_path, [complete(1, ["a"]), dropped, complete(5, ["a"]), complete(6, job="k", reads=["a"])]
    )
    assert edges(ledger) == {"j READS a 1..3", "j READS a 5..open", "k READS a 6..open"}


def test_a_drop_that_arrives_later_reaches_jobs_that_were_read_before(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["a"])], [dataset_event(3, "a", lifecycleStateChange=DROP)])
    assert edges(ledger) == {"j READS a 1..3"}


@pytest.mark.parametrize(
    "event",
    [
        complete(1, writes=[dataset("x", columnLineage=columns(c="y.c"))]),
        complete(1, writes=["x"], job_facets=lineage(x=[entity("y")])),
        job_event(1, writes=["x"], **lineage(x=[entity("y")])),
    ],
    ids=["columns", "lineage", "declared"],
)
def test_a_later_drop_reaches_jobs_that_name_the_dataset_only_in_their_lineage(ledger, tmp_path, event):
    read(ledger, tmp_path, [event], [dataset_event(3, "y", lifecycleStateChange=DROP)])
    assert edges(ledger, "DERIVED_FROM") == {"x DERIVED_FROM y 1..3"}


def schema(*names):
    return {"fields": [{"name": name} for name in names]}


DERIVED = dataset_event(1, "x", columnLineage=columns(c="y.c"))
Y_DROPPED = dataset_event(3, "y", lifecycleStateChange=DROP)


@pytest.mark.parametrize(
    "facets", [{"columnLineage": columns(c="y.c")}, {"lineage": {"inputs": [entity("y")]}}]
)
@pytest.mark.parametrize("later", [0, 1], ids=["drop later", "drop first"])
def test_a_drop_ends_what_derives_from_the_dataset_by_its_own_word(ledger, tmp_path, facets, later):
    batches = [[dataset_event(1, "x", **facets)], [Y_DROPPED]]
    read(ledger, tmp_path, batches[later], batches[1 - later])
    assert edges(ledger) == {"x DERIVED_FROM y 1..3"}


def test_only_an_event_that_names_the_source_again_opens_that_again(ledger, tmp_path):
    described = dataset_event(4, "x", schema=schema("c"))
    read(ledger, tmp_path, [DERIVED, described], [Y_DROPPED])
    assert edges(ledger) == {"x DERIVED_FROM y 1..3"}
    read(ledger, tmp_path, [dataset_event(5, "x", columnLineage=columns(c="y.c", d="z.d"))])
    assert edges(ledger) == {
        "x DERIVED_FROM y 1..3",
        "x DERIVED_FROM y 5..open",
        "x DERIVED_FROM z 5..open",
    }


def test_it_ends_too_when_the_source_is_dropped_under_another_name(ledger, tmp_path):
    dropped = complete(3, writes=[dataset("path", lifecycleStateChange=DROP)], job="dropper")
    read(ledger, tmp_path, [DERIVED], [dropped], [dataset_event(9, "path", symlinks=link("y"))])
    assert edges(ledger) == {"x DERIVED_FROM y 1..3"}


def test_and_where_the_derived_dataset_goes_by_several_names(ledger, tmp_path):
    linked = dataset_event(2, "a", symlinks=link("x"))
    read(ledger, tmp_path, [DERIVED, linked], [Y_DROPPED])
    assert {edge.rsplit(" ", 1)[1] for edge in edges(ledger)} == {"1..3"}


DROPS_A = [dataset("a", lifecycleStateChange=DROP)]


@pytest.mark.parametrize("state", ["FAIL", "ABORT"])
@pytest.mark.parametrize("split", [0, 1, 2])
def test_a_drop_that_only_a_failed_run_tells_of_ends_nothing(ledger, tmp_path, state, split):
    events = [run("START", 3, "d", writes=DROPS_A, job="dropper"), run(state, 4, "d", job="dropper")]
    described = complete(1, [dataset("a", schema=schema("c"))], ["x"])
    derived = dataset_event(1, "z", columnLineage=columns(c="a.c"))
    read(ledger, tmp_path, [described, derived, *events[:split]], events[split:] or [described])
    assert edges(ledger) == {"j READS a 1..open", "j WRITES x 1..open", "z DERIVED_FROM a 1..open"}
    assert dataset_node(ledger, "a", 5).texts("columns") == ("c",)


def test_it_ends_when_told_once_the_run_completes_after_all(ledger, tmp_path):
    told = [run("START", 3, "d", writes=DROPS_A, job="dropper"), run("FAIL", 4, "d", job="dropper")]
    read(ledger, tmp_path, [complete(1, ["a"]), *told], [run("COMPLETE", 5, "d", job="dropper")])
    assert edges(ledger) == {"j READS a 1..3"}


def test_a_drop_counts_while_the_run_goes_on_and_as_declared(ledger, tmp_path):
    running = run("START", 3, "d", writes=DROPS_A, job="dropper")
    declared = job_event(3, writes=[dataset("b", lifecycleStateChange=DROP)], job="planned")
    read(ledger, tmp_path, [complete(1, ["a", "b"]), running, declared])
    assert edges(ledger) == {"j READS a 1..3", "j READS b 1..3"}


def test_another_run_that_completes_the_drop_counts_by_itself(ledger, tmp_path):
    failed = run("FAIL", 3, "d1", writes=DROPS_A, job="dropper")
    read(ledger, tmp_path, [complete(1, ["a"]), failed, complete(6, writes=DROPS_A, job="dropper")])
    assert edges(ledger) == {"j READS a 1..6"}


@pytest.mark.parametrize("split", [1, 2, 3])
def test_a_renaming_that_only_a_failed_run_tells_of_joins_nothing(ledger, tmp_path, split):
    new = dataset("new", lifecycleStateChange=renamed("old"))
    events = [complete(1, ["old"]), run("START", 2, "r", writes=[new], job="k"), run("FAIL", 3, "r", job="k")]
    read(ledger, tmp_path, events[:split], events[split:] or events)
    assert dataset_node(ledger, "old", 4).members == (dataset_uid(Name("db", "old")),)
    assert edges(ledger) == {"j READS old 1..open", "k WRITES new 2..open?"}


def test_symlinks_make_one_node_of_two_names_also_late(ledger, tmp_path):
    events = [complete(1, ["path"]), complete(2, job="k", writes=["table"])]
    read(ledger, tmp_path, events, [dataset_event(5, "table", symlinks=link("path"))])
    path, table = dataset_uid(Name("db", "path")), dataset_uid(Name("db", "table"))
    assert dataset_node(ledger, "path", 6).members == (path, table)
    found = {(e.relation, e.object.uid) for e in ledger.all_edges(at_day(ledger, 6))}
    assert found == {("READS", path), ("WRITES", path)}
    assert edges(ledger) == {"j READS path 1..open", "k WRITES table 2..open"}


def test_two_names_of_one_dataset_count_once_where_inputs_are_counted(ledger, tmp_path):
    read(ledger, tmp_path, [complete(1, ["path", dataset("table", symlinks=link("path"))], ["x", "y"])])
    assert edges(ledger, "READS") == {"j READS path 1..open", "j READS table 1..open"}


def test_a_drop_under_one_name_is_a_drop_under_all(ledger, tmp_path):
    linked = dataset_event(2, "table", symlinks=link("path"))
    dropped = dataset_event(4, "table", lifecycleStateChange=DROP)
    read(ledger, tmp_path, [complete(1, ["path"])], [linked], [dropped])
    assert edges(ledger) == {"j READS path 1..4"}


def test_a_renamed_dataset_stays_the_same_node(ledger, tmp_path):
    read(
        ledger, tmp_path, [complete(1, ["old"]), dataset_event(3, "new", lifecycleStateChange=renamed("old"))]
    )
    new, old = dataset_uid(Name("db", "new")), dataset_uid(Name("db", "old"))
    assert dataset_node(ledger, "old", 4).members == (new, old)


def test_a_former_name_that_is_given_away_again_joins_nothing(ledger, tmp_path):
    events = [complete(1, ["tmp"]), dataset_event(3, "live", lifecycleStateChange=renamed("tmp"))]
    read(ledger, tmp_path, events, [complete(4, writes=["tmp"], job="k")])
    tmp = dataset_node(ledger, "tmp", 5)
    assert tmp.members == (dataset_uid(Name("db", "tmp")),)
    assert "live DERIVED_FROM tmp 3..open?" in edges(ledger)


def test_a_former_name_in_the_renaming_run_is_not_a_new_dataset(ledger, tmp_path):
    new = dataset("new", lifecycleStateChange=renamed("old"))
    events = [run("START", 1, reads=["old"], writes=[new]), run("COMPLETE", 2, reads=["old"], writes=[new])]
    read(ledger, tmp_path, events)
    assert len(dataset_node(ledger, "old", 3).members) == 2


@pytest.mark.parametrize(
    "dropped",
    [
        dataset_event(4, "old", lifecycleStateChange=DROP),
        dataset_event(3, "old", lifecycleStateChange=DROP),
        complete(4, writes=[dataset("old", lifecycleStateChange=DROP)], job="renamer"),
    ],
    ids=["after", "at once", "by a run"],
)
@pytest.mark.parametrize("later", [False, True])
def test_dropping_the_former_name_is_no_use_of_it_and_no_end_of_the_dataset(ledger, tmp_path, dropped, later):
    events = [complete(1, ["a"], ["old"]), dataset_event(3, "new", lifecycleStateChange=renamed("old"))]
    used = complete(6, ["new"], job="k")
    read(ledger, tmp_path, *([*events, used], [dropped]) if later else [[dropped, *events, used]])
    new, old = dataset_uid(Name("db", "new")), dataset_uid(Name("db", "old"))
    assert dataset_node(ledger, "old", 7).members == (new, old)
    assert edges(ledger) == {"j READS a 1..open", "j WRITES old 1..open", "k READS new 6..open"}


def test_a_drop_before_the_renaming_is_an_end(ledger, tmp_path):
    dropped = dataset_event(2, "old", lifecycleStateChange=DROP)
    read(
        ledger,
        tmp_path,
        [complete(1, ["old"]), dropped, dataset_event(3, "new", lifecycleStateChange=renamed("old"))],
    )
    assert edges(ledger) == {"j READS old 1..2"}


def test_dropping_the_new_name_ends_the_dataset_under_the_former_one(ledger, tmp_path):
    dropped = dataset_event(4, "new", lifecycleStateChange=DROP)
    read(
        ledger,
        tmp_path,
        [complete(1, ["old"]), dataset_event(3, "new", lifecycleStateChange=renamed("old")), dropped],
    )
    assert edges(ledger) == {"j READS old 1..4"}
    assert not dataset_exists(ledger, "new", 5)


def test_a_former_name_given_away_and_dropped_is_the_end_of_the_other_dataset_only(ledger, tmp_path):
    events = [complete(1, ["tmp"]), dataset_event(3, "live", lifecycleStateChange=renamed("tmp"))]
    again = [complete(4, writes=["tmp"], job="k"), dataset_event(6, "tmp", lifecycleStateChange=DROP)]
    read(ledger, tmp_path, events, again)
    assert edges(ledger) == {"j READS tmp 1..6", "k WRITES tmp 4..6", "live DERIVED_FROM tmp 3..6?"}
    assert dataset_exists(ledger, "live", 7)


def test_a_symlink_that_is_taken_back_leaves_the_names_that_the_dataset_had(ledger, tmp_path):
    path, table = dataset_uid(Name("db", "path")), dataset_uid(Name("db", "table"))
    linked = [complete(1, ["path"]), dataset_event(2, "table", symlinks=link("path"))]
    read(ledger, tmp_path, linked, [dataset_event(4, "table", symlinks={"_deleted": True})])
    assert dataset_node(ledger, "path", 3).members == (path, table)
    assert dataset_node(ledger, "path", 5).members == (path, table)
    read(ledger, tmp_path, [dataset_event(6, "path", lifecycleStateChange=DROP)])
    assert not dataset_exists(ledger, "table", 7)


def test_owners_are_contacts_of_whom_nothing_else_is_known(ledger, tmp_path):
    owners = {"owners": [{"name": "team:data"}, {"name": "user:jdoe", "type": "MAINTAINER"}, {"name": "***"}]}
    report = read(ledger, tmp_path, [dataset_event(1, "a", ownership=owners)])
    found = [e for e in ledger.all_edges(ledger.at()) if e.relation == "OWNS"]
    assert {e.discriminator for e in found} == {"contact"}
    assert "hf:identity:openlineage-owner:default/team:data" in {e.subject.uid for e in found}
    assert len(found) == 2
    assert not any("jdoe" in e.subject.uid for e in found)
    assert not any(node.described for node in ledger.all_nodes(ledger.at()) if node.kind is Kind.IDENTITY)
    assert report.skipped == {"owner masked by asterisks": 1}


def test_owners_change_when_the_facet_is_replaced(ledger, tmp_path):
    first = job_event(1, ownership={"owners": [{"name": "team:a"}]})
    second = job_event(3, ownership={"owners": [{"name": "team:b"}]})
    read(ledger, tmp_path, [first, second])
    assert edges(ledger) == {"team:a OWNS j [contact] 1..3", "team:b OWNS j [contact] 3..open"}


@pytest.mark.parametrize(
    "facet",
    [
        {"type": "git", "url": "https://git.example/o/r/blob/main/load.py"},
        {"type": "svn", "url": "https://svn.example/r", "repoUrl": "https://svn.example/r"},
    ],
)
def test_code_that_is_in_no_known_repository_is_counted(ledger, tmp_path, facet):
    report = read(ledger, tmp_path, [job_event(1, sourceCodeLocation=facet)])
    assert edges(ledger) == set()
    assert report.skipped == {"job facet sourceCodeLocation without a git repository": 1}


def test_a_job_is_a_pipeline_with_what_its_facets_say(ledger, tmp_path):
    facets = {
        "jobType": {"processingType": "BATCH", "integration": "DBT", "jobType": "MODEL"},
        "documentation": {"description": "Loads."},
        "sourceCodeLocation": {
            "type": "git",
            "url": "https://git.example/o/r/blob/main/x.py",
            "repoUrl": "git@git.example:o/r.git",
            "version": "abc",
        },
    }
    read(ledger, tmp_path, [complete(1, job_facets=facets)])
    node = job_node(ledger, "j", 2)
    assert (node.kind, node.type, node.name) == (Kind.ASSET, "pipeline", "j")
    assert [node.text(n) for n in ("namespace", "description", "integration")] == ["jobs", "Loads.", "DBT"]
    (edge,) = ledger.all_edges(ledger.at())
    assert (edge.relation, edge.object.uid) == (
        "BUILT_FROM",
        "hf:asset:git-url:https:%2F%2Fgit.example%2Fo%2Fr",
    )
    assert edge.properties["version"].value == "abc"


def test_a_job_is_covered_from_its_first_completed_run(ledger, tmp_path):
    report = read(ledger, tmp_path, [run("START", 1, reads=["a"]), run("COMPLETE", 3), complete(5)])
    assert report.state.value == "completed"
    node = job_node(ledger, "j", 4)
    for day, expected in ((2, False), (3, True), (6, True)):
        assert ledger.coverage(at_day(ledger, day)).is_covered(node, "READS") is expected
    assert not ledger.coverage(at_day(ledger, 6)).is_covered(node, "OWNS")


def test_a_job_that_never_completed_is_not_covered(ledger, tmp_path):
    read(ledger, tmp_path, [run("START", 1, reads=["a"]), run("FAIL", 2)])
    assert not ledger.coverage(at_day(ledger, 9)).is_covered(job_node(ledger, "j", 3), "READS")


def test_claims_stand_in_the_scope_of_their_job_from_the_event_s_time(ledger, tmp_path):
    read(ledger, tmp_path, [run("START", 1, "r9", reads=["a"])])
    (claim,) = [
        r.claim for r in ledger.history(job_uid(Name("jobs", "j"))) if r.claim.locator != "job facets"
    ]
    assert (claim.scope.name, claim.locator) == ("job:jobs/j", "events of the job")
    assert claim.valid is not None
    assert claim.valid.start == moment(1)
