"""One BOM with all that is mapped and its graph worked out by hand; the official validator accepts it."""

import json
import logging
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from graph.model import Extent, ExternalId, Uid
from ingest.people import opaque
from ingest.sources.cyclonedx import SOURCE
from ingest.times import parse_time
from ingest.uids import address_uid
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.ingest.sources.cyclonedx.boms import FILES, SERIAL, bom, edges, library, nodes

FILE = FILES / "lending-1.7.json"
IMAGE = "sha256:4f3c1b2a4f3c1b2a4f3c1b2a4f3c1b2a4f3c1b2a4f3c1b2a4f3c1b2a4f3c1b2a"
SCORING = f"pkg:oci/scoring@{IMAGE}?repository_url=registry.fairbank.example/scoring"
BASE = "pkg:huggingface/acme/tabular-base@559062ad13d311b87b2c455e67dcd5f1c8f65111"
ADA = "smtp:" + str(address_uid("ada.morris@fairbank.example", FINGERPRINTS)).rpartition(":")[2]
BEN = "bom-person:" + opaque(FINGERPRINTS, SERIAL, "Ben Okafor")

EDGES = {
    # what stands inside of the root component
    f"{SCORING} BUILT_FROM ~os",
    f"~gateway PART_OF {SCORING}",
    # what it depends on
    f"{SCORING} BUILT_FROM pkg:pypi/numpy@2.3.0",
    f"{SCORING} BUILT_FROM pkg:pypi/mkl@2026.1 ?",
    f"{SCORING} BUILT_FROM ~stray ?",
    f"{SCORING} INVOKES ~model",
    f"{SCORING} INVOKES ~scores",
    f"{SCORING} USES_SECRET ~signing-key",
    # the model
    "~model TRAINED_ON ~features",
    "~model TRAINED_ON ~holdout ?",
    f"~model DERIVED_FROM {BASE}",
    # services
    "~scores INVOKES ~bureau",
    "~scores READS ~features",
    "~audit PART_OF ~scores",
    # who is responsible
    f"{BEN} OWNS ~features [accountable]",
    f"{ADA} OWNS ~features [steward]",
    "~organisation/Platform OWNS ~features [steward]",
}

SKIPPED = {
    "address at the other end of a data flow": 1,
    "component with the scope excluded": 1,
    "cryptographic asset (algorithm)": 1,
    "declarations (attestations, claims, evidence)": 1,
    "phone number of a contact": 1,
    "properties of a component": 1,
    "quantitative analysis of a model": 1,
    "reference to what is excluded": 1,
    "reference to what is not in the BOM": 1,
    "tools that made the BOM": 1,
    "vulnerability": 1,
}


@pytest.fixture
def lending(desk: Desk) -> Desk:
    report = desk.run(FILE, source=SOURCE)
    assert report.to_json()["state"] == "completed"
    assert report.skipped == SKIPPED
    return desk


def test_the_file_is_valid():
    found = JsonStrictValidator(SchemaVersion.V1_7).validate_str(FILE.read_text(encoding="utf-8"))
    assert found is None


def test_edges(lending):
    assert edges(lending) == EDGES


def test_nodes(lending):
    found = nodes(lending)
    assert {name: (node.kind.value, node.type) for name, node in found.items()} == {
        SCORING: ("Asset", "container_image"),
        BASE: ("Asset", "model_version"),
        "pkg:pypi/numpy@2.3.0": ("Asset", "package"),
        "pkg:pypi/mkl@2026.1": ("Asset", "package"),
        "~os": ("Asset", "package"),
        "~stray": ("Asset", "package"),
        "~gateway": ("Asset", "application"),
        "~model": ("Asset", "model_version"),
        "~scores": ("Asset", "service"),
        "~bureau": ("Asset", "service"),
        "~audit": ("Asset", "service"),
        "~features": ("Dataset", None),
        "~holdout": ("Dataset", None),
        "~signing-key": ("Secret", "private_key"),
        "~cert": ("Secret", "certificate"),
        "~organisation/Platform": ("Identity", "group"),
        BEN: ("Identity", "person"),
        ADA: ("Identity", None),
    }
    assert not found[ADA].described, "whose an address is, a list of people says"
    assert found[SCORING].external_ids == (ExternalId("oci-digest", IMAGE), ExternalId("purl", SCORING))


def test_properties(lending):
    found = nodes(lending)
    numpy = found["pkg:pypi/numpy@2.3.0"]
    assert numpy.text("supplier") == "NumFOCUS"
    assert numpy.properties["digests"].value == ("sha256:" + "aa11bb22cc33dd44" * 4,)
    assert numpy.properties["licenses"].value == ("BSD-3-Clause",)
    assert numpy.properties["references"].value == ("vcs https://git.example/numpy.git",)
    key = found["~signing-key"]
    assert key.text("state") == "compromised"
    assert key.integer("created") == parse_time("2025-01-01").moment
    assert key.integer("expires") == parse_time("2027-01-01").moment
    value = b"planted-value-private-key-material"
    assert key.text("fingerprint") == FINGERPRINTS.of_secret(value)
    scores = found["~scores"]
    assert scores.properties["endpoints"].value == ("https://scores.fairbank.example/v1",)
    assert (scores.properties["authenticated"].value, scores.properties["crosses_trust_boundary"].value) == (
        True,
        False,
    )
    assert scores.properties["data_flows"].value == ("inbound: PII", "outbound: public")
    assert found["~features"].text("data_classification") == "PII"
    assert found["~holdout"].text("classification") == "confidential"
    assert found["~holdout"].text("uri") == "s3://fairbank-features/holdout.parquet"
    assert found["~model"].text("purpose") == "Scores applications for consumer loans"
    assert found["~model"].properties["limitations"].value == ("Not for businesses",)


def test_only_complete_closes_what_a_component_is_built_from(lending):
    assert {
        name: dict(node.reports[0].coverage) for name, node in nodes(lending).items() if node.reports
    } == {
        "pkg:pypi/numpy@2.3.0": {"BUILT_FROM": Extent.COMPLETE},
        "~model": {"TRAINED_ON": Extent.COMPLETE},
        SCORING: {"BUILT_FROM": Extent.INCOMPLETE},
    }


def test_who_is_cited_stands_in_the_locator(lending):
    store, known = lending.store, lending.store.head().sequence
    locators = {row.about: row.locator for row in store.all_node_rows(known)}
    numpy = locators[Uid("hf:asset:purl:pkg:pypi%2Fnumpy@2.3.0")]
    cited = "cited 2026-11-17T00:00:00.000Z, attributed to scoring"
    assert numpy == f"lending-1.7.json: /components/0 ({cited})"


def test_reading_it_again_commits_nothing(lending):
    assert lending.run(FILE, source=SOURCE).commits == 0


def test_no_planted_value_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    desk = Desk(tmp_path, target=str(tmp_path / "store.db"))
    report = desk.run(FILE, source=SOURCE)
    desk.store.close()
    assert "planted-value" in FILE.read_text(encoding="utf-8")
    assert "planted-value" not in json.dumps(report.to_json()) + caplog.text
    assert b"planted-value" not in stored_bytes(tmp_path / "store.db")


@pytest.mark.parametrize("version", [SchemaVersion.V1_4, SchemaVersion.V1_5, SchemaVersion.V1_6])
def test_what_these_tests_write_is_valid_in_each_version(version):
    document = bom(library("a"), library("b"), specVersion=version.to_version())
    assert JsonStrictValidator(version).validate_str(json.dumps(document)) is None
