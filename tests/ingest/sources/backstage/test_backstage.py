"""A catalog of Backstage: every node and edge that its files come to, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import ExternalId, Instant, SourceInstance, Uid
from graph.vocabulary import Certainty, Kind
from ingest.record import ReadContext
from ingest.repositories import repository_uid
from ingest.sources.backstage import SOURCE
from ingest.sources.backstage.names import Entity
from ingest.sources.backstage.software import DEPENDS, PROVIDES
from ingest.uids import address_uid
from tests.ingest.jobs import FINGERPRINTS, Desk
from tests.support.saying import day

CATALOG = Path(__file__).parent / "catalog-info.yaml"
CONTEXT = ReadContext(SourceInstance("backstage"), FINGERPRINTS, Instant(0))
ASSET = "hf:asset:backstage:default/"
GROUP = "hf:identity:backstage:default/group/default/"
COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: a}
spec: {type: service, lifecycle: production, owner: risk}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def run(desk: Desk, *texts: str, **options: Any) -> dict[str, Any]:
    """Read catalog files, all with the name that they have in their repositories."""
    paths: list[Path] = []
    for number, text in enumerate(texts):
        path = desk.folder / f"repository-{number}" / "catalog-info.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    options = {"read_at": day(2), "complete": True, **options}
    return desk.run(*paths, source=SOURCE, **options).to_json()


def nodes(desk: Desk) -> dict[str, Any]:
    return {node.uid: node for node in desk.ledger.all_nodes(desk.ledger.at(day(20)))}


def edges(desk: Desk) -> set[tuple[str, str, str, str | None]]:
    """Each edge: from, relation with its role, to, and the condition where it is possible only."""
    found: set[tuple[str, str, str, str | None]] = set()
    for edge in desk.ledger.all_edges(desk.ledger.at(day(20))):
        relation = f"{edge.relation} {edge.discriminator}".strip()
        condition = edge.certainty is Certainty.POSSIBLE
        found.add((edge.subject.uid, relation, edge.object.uid, "possible" if condition else None))
    return found


def user(name: str) -> Uid:
    return Entity("user", "default", name).uid(CONTEXT)


def test_the_catalog_as_a_graph(desk: Desk) -> None:
    report = run(desk, CATALOG.read_text(encoding="utf-8"))
    assert (report["state"], report["rejected"]) == ("completed", [])
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [("catalog", True)]
    scoring, library = (f"{ASSET}component/default/{name}" for name in ("scoring-service", "feature-library"))
    api, database = f"{ASSET}api/default/scores", f"{ASSET}resource/default/scores-db"
    queue = f"{ASSET}resource/default/letters-queue"
    system, domain = f"{ASSET}system/default/loan-scoring", f"{ASSET}domain/default/credit"
    risk, platform = f"{GROUP}risk", f"{GROUP}platform"
    letters, suite = f"{ASSET}component/default/letters", f"{ASSET}component/platform/credit-suite"
    customers = f"{ASSET}api/internal/customers"
    repositories = [repository_uid(f"https://github.com/fairbank/{name}") for name in ("scoring", "features")]
    ben = address_uid("ben@fairbank.example", FINGERPRINTS)
    assert edges(desk) == {
        (risk, "OWNS accountable", domain, None),
        (risk, "OWNS accountable", system, None),
        (risk, "OWNS accountable", scoring, None),
        (risk, "OWNS accountable", queue, None),
        (user("ada"), "OWNS accountable", library, None),
        (ben, "OWNS accountable", api, None),
        (platform, "OWNS accountable", database, None),
        (system, "PART_OF", domain, None),
        (scoring, "PART_OF", system, None),
        (scoring, "PART_OF", suite, None),
        (api, "PART_OF", system, None),
        (scoring, "INVOKES", customers, None),
        (api, "INVOKES", scoring, "possible"),
        (scoring, "INVOKES", database, "possible"),
        (scoring, "INVOKES", library, "possible"),
        (letters, "INVOKES", scoring, "possible"),
        (scoring, "BUILT_FROM", repositories[0], None),
        (library, "BUILT_FROM", repositories[1], None),
        (risk, "MEMBER_OF", f"{GROUP}bank", None),
        (f"{GROUP}model-risk", "MEMBER_OF", risk, None),
        (user("ada"), "MEMBER_OF", risk, None),
    }
    found = nodes(desk)
    described = {uid for uid, node in found.items() if node.described}
    assert described == {scoring, library, api, database, queue, system, domain, risk, user("ada")}
    said = {uid: (found[uid].kind, found[uid].type, found[uid].name) for uid in described}
    assert said == {
        scoring: (Kind.ASSET, "service", "Scoring service"),
        library: (Kind.ASSET, "package", "feature-library"),
        api: (Kind.ASSET, "endpoint", "scores"),
        database: (Kind.ASSET, "storage", "scores-db"),
        queue: (Kind.ASSET, None, "letters-queue"),
        system: (Kind.ASSET, None, "loan-scoring"),
        domain: (Kind.ASSET, None, "Credit"),
        risk: (Kind.IDENTITY, "team", "Credit risk"),
        user("ada"): (Kind.IDENTITY, "person", "Ada Morris"),
    }
    assert {name: value.value for name, value in found[scoring].properties.items()} == {
        "backstage_kind": "component",
        "backstage_type": "service",
        "backstage_lifecycle": "production",
        "namespace": "default",
        "description": "Scores applications for loans",
        "tags": ("python", "on"),
    }
    lifecycles = {uid: (n.text("lifecycle"), n.text("backstage_lifecycle")) for uid, n in found.items()}
    assert lifecycles[library] == ("experimental", "experimental")
    assert lifecycles[api] == ("deprecated", "deprecated")
    assert lifecycles[queue] == (None, "sunset")
    assert report["skipped"] == {
        "annotation 'backstage.io/techdocs-ref'": 1,
        "api's 'definition'": 1,
        "entity of another kind": 1,
        "group's 'email'": 1,
        "lifecycle that the table does not have": 1,
        "location, which is not followed": 1,
        "metadata 'labels'": 1,
        "metadata 'links'": 1,
        "resource of a type that the table does not have": 1,
        "user's 'picture'": 1,
    }


def test_what_is_possible_says_on_what_it_depends(desk: Desk) -> None:
    run(desk, CATALOG.read_text(encoding="utf-8"))
    conditions = {json.loads(content).get("condition") for _, _, _, content in desk.told()}
    assert conditions == {None, DEPENDS, PROVIDES}


def test_a_user_is_opaque_and_their_address_joins_nobody(desk: Desk) -> None:
    report = run(desk, CATALOG.read_text(encoding="utf-8"))
    ada = nodes(desk)[user("ada")]
    assert set(ada.external_ids) == {
        ExternalId("email", "ada@fairbank.example"),
        ExternalId("github-login", "ada-m"),
    }
    assert ada.members == (ada.uid,)
    assert any("'email' of backstage/default join nothing" in warning for warning in report["warnings"])
    log = str([desk.store.operations(commit.sequence) for commit in desk.ledger.commits()])
    assert not any(personal in log for personal in ("Morris", "ada@", "ada-m", "ben@"))


def test_reading_twice_changes_nothing_and_what_is_gone_ends(desk: Desk) -> None:
    other = COMPONENT.replace("name: a", "name: b")
    run(desk, COMPONENT, other)
    assert run(desk, COMPONENT, other, read_at=day(3))["commits"]["count"] == 0
    run(desk, COMPONENT, read_at=day(4), complete=False)
    assert f"{ASSET}component/default/b" in nodes(desk)
    # Files of one name in many repositories are one catalog; one of them does not close the others.
    run(desk, COMPONENT, read_at=day(5))
    assert f"{ASSET}component/default/b" not in nodes(desk)


def test_files_without_a_time_have_that_of_the_newest(desk: Desk) -> None:
    report = run(desk, COMPONENT, COMPONENT.replace("name: a", "name: b"), read_at=None)
    assert len(report["scopes"]) == 1
    assert any("does not say when it was read" in warning for warning in report["warnings"])


def test_sidecars_part_catalogs(desk: Desk) -> None:
    for number, filters in enumerate(([], ["only credit"])):
        folder = desk.folder / f"catalog-{number}"
        folder.mkdir()
        path = folder / "catalog-info.yaml"
        path.write_text(COMPONENT.replace("name: a", f"name: a{number}"), encoding="utf-8")
        said = {"command": "git pull", "scope": folder.name, "read_at": "2026-01-02T00:00:00Z"}
        beside = path.with_name(path.name + ".read.json")
        beside.write_text(json.dumps({**said, "filters": filters}), encoding="utf-8")
    report = desk.run(desk.folder, source=SOURCE).to_json()
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [
        ("catalog-0", True),
        ("catalog-1", False),
    ]


def test_an_entity_without_an_owner_has_none_once_the_catalog_is_whole(desk: Desk) -> None:
    run(desk, COMPONENT.replace(", owner: risk", ""))
    operations = str([desk.store.operations(commit.sequence) for commit in desk.ledger.commits()])
    assert "'OWNS'" in operations or '"OWNS"' in operations
    assert edges(desk) == set()


def test_entities_as_the_catalog_s_api_lists_them(desk: Desk) -> None:
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": "a", "uid": "7c1e", "etag": "x", "namespace": "default"},
        "spec": {"type": "service", "owner": "risk"},
        "relations": [{"type": "ownedBy", "targetRef": "group:default/risk"}],
    }
    path = desk.folder / "entities.json"
    path.write_text(json.dumps([entity]), encoding="utf-8")
    report = desk.run(path, source=SOURCE, read_at=day(2)).to_json()
    assert (report["rejected"], report["skipped"]) == ([], {})
    assert edges(desk) == {(f"{GROUP}risk", "OWNS accountable", f"{ASSET}component/default/a", None)}


@pytest.mark.parametrize(
    ("spec", "position", "field", "reason"),
    [
        ("owner: 'a:b:c'", "line 4, column 15", "spec.owner", "is no reference to an entity"),
        ("owner: 'group:'", "line 4, column 15", "spec.owner", "is no reference to an entity"),
        ("owner: '/risk'", "line 4, column 15", "spec.owner", "is no reference to an entity"),
        ("owner: 'the risk team'", "line 4, column 15", "spec.owner", "is no reference to an entity"),
        ("owner: component:a", "line 4, column 15", "spec.owner", "refers to an entity of a kind"),
        ("owner: [risk]", "line 4, column 15", "spec.owner", "a list stands here"),
        ("dependsOn: [db]", "line 4, column 20", "spec.dependsOn[0]", "says no kind"),
        ("dependsOn: [group:risk]", "line 4, column 20", "spec.dependsOn[0]", "refers to an entity of a"),
        ("consumesApis: [{name: [x]}]", "line 4, column 30", "spec.consumesApis[0].name", "a list stands"),
        (
            "system: {nam: x}",
            "line 4, column 17",
            "spec.system.nam",
            "'nam' is no word here, nearest to name",
        ),
    ],
)
def test_a_broken_reference_costs_its_edge_only(
    desk: Desk, spec: str, position: str, field: str, reason: str
) -> None:
    text = f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"
    report = run(desk, text)
    (rejected,) = report["rejected"]
    assert (rejected["position"], rejected["field"]) == (position, field)
    assert reason in rejected["reason"]
    assert set(nodes(desk)) == {f"{ASSET}component/default/a"}
    assert not report["scopes"][0]["complete"]
