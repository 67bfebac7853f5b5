"""What becomes of datasets: described or mentioned, renamed, linked, dropped, owned."""

from graph.model import ExternalId
from graph.vocabulary import Kind
from ingest.sources.openlineage.names import Name, dataset_uid, job_uid
from tests.ingest.sources.openlineage.world import (
    at_day,
    complete,
    dataset,
    dataset_event,
    dataset_exists,
    dataset_node,
    edges,
    job_event,
    job_node,
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
