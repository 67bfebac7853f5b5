"""The catalogs that are shipped: OSCAL's shape, slots written out, and what they ask of the graph."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.ledger.ledger import Ledger
from graph.model import Instant, SourceInstance
from graph.store import open_store
from graph.vocabulary import VOCABULARY, Kind
from graph.vocabulary.duties import LEVELS
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.record import ReadContext, Rejected, Said, ScopeClosed, ScopeOpened
from ingest.sources.catalog import SOURCE, shipped_names
from ingest.sources.catalog.names import SLOT_NAMES
from ingest.sources.catalog.reading import CatalogFile, read_catalog
from ingest.sources.catalog.source import CATALOGS
from ingest.sources.catalog.stated import NAMESPACE
from ingest.yamltext import read_document
from queries.evidence import GRAPH_QUERIES

TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
NAMES = ["house", "owasp-nhi-2025"]


def text_of(name: str) -> str:
    return (CATALOGS / f"{name}.yaml").read_text(encoding="utf-8")


def catalog(name: str) -> CatalogFile:
    return read_catalog(read_document(text_of(name)), f"{name}.yaml")


def raw(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(text_of(name), Loader=yaml.BaseLoader)["catalog"]
    return loaded


def controls(name: str) -> list[dict[str, Any]]:
    return [control for group in raw(name)["groups"] for control in group["controls"]]


def slot_parts(name: str) -> list[dict[str, Any]]:
    return [p for control in controls(name) for p in control["parts"] if p["name"] == "evidence-slot"]


def stated(part: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for prop in part["props"]:
        assert prop["ns"] == NAMESPACE
        found.setdefault(prop["name"], []).append(prop["value"])
    return found


def test_both_are_shipped():
    assert shipped_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_without_a_problem(name):
    read = catalog(name)
    assert read.problems == ()
    assert read.edition is not None
    assert len(read.requirements) == {"house": 5, "owasp-nhi-2025": 10}[name]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_the_shape_of_an_oscal_catalog(name):
    said = raw(name)
    assert said.keys() <= {"uuid", "metadata", "groups"}
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", said["uuid"])
    assert {"title", "last-modified", "version", "oscal-version"} <= said["metadata"].keys()
    for group in said["groups"]:
        assert TOKEN.fullmatch(group["id"])
        assert group["title"]
    for control in controls(name):
        assert control.keys() <= {"id", "title", "props", "links", "parts"}
        assert TOKEN.fullmatch(control["id"])
        assert [prop["value"] for prop in control["props"] if prop["name"] == "label" and "ns" not in prop]
        assert all(TOKEN.fullmatch(part["id"]) and part["name"] for part in control["parts"])
        assert all(
            TOKEN.fullmatch(p["name"]) and p["value"].strip() == p["value"] != "" for p in control["props"]
        )
    ids = [c["id"] for c in controls(name)] + [p["id"] for c in controls(name) for p in c["parts"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_every_slot_is_written_out(name):
    required = {key for key, value in SLOT_NAMES.items() if value.required}
    assert required == {"evidence-type", "aspect", "binding", "freshness", "minimum-assurance", "method"}
    for part in slot_parts(name):
        said = stated(part)
        assert required <= said.keys(), part["id"]
        assert (said["freshness"] == ["until-change"]) == ("watch" in said)


@pytest.mark.parametrize("name", NAMES)
def test_every_date_of_an_edition_says_where_it_was_read(name):
    edition = catalog(name).edition
    assert edition is not None
    assert set(edition.dates) == {"adopted", "in-force", "applies-from"}
    assert set(edition.date_sources) == set(edition.dates)
    assert edition.status
    assert edition.status_source


def test_of_the_list_for_machine_identities_five_rows_are_answered_by_the_graph_alone():
    by_graph = [r.label for r in catalog("owasp-nhi-2025").requirements if all(s.query for s in r.slots)]
    assert by_graph == ["NHI1:2025", "NHI5:2025", "NHI7:2025", "NHI8:2025", "NHI9:2025"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_of_the_graph_can_be_answered(name):
    asked = {slot.query for r in catalog(name).requirements for slot in r.slots if slot.query}
    assert asked <= GRAPH_QUERIES.keys()


def test_the_ids_that_people_still_write_are_aliases():
    requirements = catalog("owasp-nhi-2025").requirements
    assert [r.aliases for r in requirements][:2] == [("NHI-01", "NHI1"), ("NHI-02", "NHI2")]
    assert [r.id for r in requirements][::9] == ["nhi1-2025", "nhi10-2025"]


def test_the_house_asks_what_the_house_asks():
    asked = {
        (r.label, r.level, slot.types, slot.binding.value, slot.freshness.text, slot.query)
        for r in catalog("house").requirements
        for slot in r.slots
    }
    assert asked == {
        ("House 1", "system", ("owner",), "system", "none", "living-owner"),
        ("House 2", "system", ("approval",), "version", "until-change", None),
        ("House 3", "system", ("evaluation", "test"), "version", "P6M", None),
        ("House 4", "secret", ("rotation",), "credential", "P90D", "secret-rotation"),
        ("House 5", "system", ("inventory",), "system", "P90D", None),
    }


def test_levels_name_types_that_the_vocabulary_has():
    for term in LEVELS:
        known = set(VOCABULARY.kind(term.kind).types)
        assert (term.types or frozenset()) | term.except_types <= known


# ---------------------------------------------------------------- as a source


def records(*paths: str) -> list[Any]:
    context = ReadContext(SourceInstance("catalog"), Fingerprinter(b"k" * 32), Instant(0))
    return list(SOURCE.read([Path(path) for path in paths], context))


def test_without_a_path_all_shipped_catalogs_are_read_and_by_name_one():
    assert [r.scope.name for r in records() if isinstance(r, ScopeOpened)] == ["house/1", "owasp-nhi/2025"]
    assert [r.scope.name for r in records("house") if isinstance(r, ScopeOpened)] == ["house/1"]
    assert all(r.complete for r in records() if isinstance(r, ScopeClosed))


def test_what_is_neither_a_file_nor_shipped_is_rejected():
    [one] = records("gdpr")
    assert isinstance(one, Rejected)
    assert one.problem.file == "gdpr"


def test_a_catalog_may_be_json(tmp_path):

    path = tmp_path / "house.json"
    path.write_text(json.dumps({"catalog": raw("house")}), encoding="utf-8")
    assert [r.claim.about for r in records(str(path)) if isinstance(r, Said)][2:] == [
        r.claim.about for r in records("house") if isinstance(r, Said)
    ][2:]  # the edition itself names the digest of its file


def run(ledger: Ledger, *paths: Path) -> Any:
    options = JobOptions(actor="tests", fingerprints=Fingerprinter(b"k" * 32))
    return run_job(ledger, SOURCE, list(paths), options)


def test_read_twice_it_makes_no_second_commit():
    ledger = Ledger(open_store(":memory:"))
    first = run(ledger).to_json()
    assert (first["state"], first["warnings"], first["rejected"]) == ("completed", [], [])
    head = ledger.head().sequence
    assert run(ledger).commits == 0
    assert ledger.head().sequence == head
    requirements = [node for node in ledger.all_nodes(ledger.at()) if node.kind is Kind.REQUIREMENT]
    assert len(requirements) == 15
    assert all(node.described and node.text("slots") for node in requirements)


def test_a_requirement_that_a_new_reading_no_longer_has_was_never_there(tmp_path):
    ledger = Ledger(open_store(":memory:"))
    path = tmp_path / "rules.yaml"
    path.write_text(text_of("owasp-nhi-2025"), encoding="utf-8")
    run(ledger, path)
    before = ledger.head().sequence
    cut = text_of("owasp-nhi-2025").partition("        - id: nhi10-2025")[0]
    path.write_text(cut, encoding="utf-8")
    run(ledger, path)
    now = {node.uid for node in ledger.all_nodes(ledger.at())}
    then = {node.uid for node in ledger.all_nodes(ledger.at(known=before))}
    assert then - now == {"hf:requirement:catalog:owasp-nhi/2025/nhi10-2025"}
