"""Payloads in the shape of the documentation, and the graph that they come to, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from graph.vocabulary import Certainty
from ingest.sources.bloodhound import SOURCE
from ingest.sources.bloodhound.kinds import EDGES, NODES
from ingest.sources.bloodhound.source import NAMED, NEVER_WHOLE, TWICE
from tests.ingest.jobs import Desk
from tests.support.saying import day

PLANTED = "planted-value"
REPOSITORY = "https://github.com/fairbank/score-training"


def node(id_: str, *kinds: str, **properties: Any) -> dict[str, Any]:
    return {"id": id_, "kinds": list(kinds), "properties": properties}


def edge(name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"kind": name, "start": {"value": start, "match_by": "id"}, "end": {"value": end, **more}}


GITHUB = {
    "metadata": {"source_kind": "GH_Base"},
    "graph": {
        "edges": [  # before the nodes that they join
            edge("GH_HasRole", "U_ada", "R_write"),
            edge("GH_HasRole", "T_ml", "R_admin"),
            edge("GH_MemberOf", "TR_ml_member", "T_ml"),
            edge("GH_HasBaseRole", "R_owners", "R_admin"),
            edge("GH_WriteRepoContents", "R_write", "R_1"),
            edge("GH_AdminTo", "R_admin", "R_1"),
            edge("GH_Owns", "O_1", "R_1"),
            edge("GH_Contains", "O_1", "U_ada"),
            edge("GH_HasSecret", "R_1", "GHSecret_R_1_MODEL_STORE"),
            edge("GH_HasPersonalAccessToken", "U_ada", "PAT_1"),
            edge("GH_CanAssumeAWSRole", "R_1", "arn:aws:iam::214365870912:role/ci", kind="AWSRole"),
            edge("GH_CanEditProtection", "R_admin", "BPR_1"),
            edge("GH_HasRole", "U_ada", "R_nowhere"),
            {
                "kind": "GH_SyncedTo",
                "start": {
                    "match_by": "property",
                    "property_matchers": [{"key": "mail", "operator": "equals", "value": "a@b.example"}],
                },
                "end": {"value": "U_ada"},
                "properties": None,
            },
        ],
        "nodes": [
            node("O_1", "GH_Organization", "GH_Base", name="fairbank"),
            node(
                "R_1",
                "GH_Repository",
                name="score-training",
                html_url=REPOSITORY,
                archived=False,
                private=True,
                description=f"password={PLANTED}-in-a-description",
            ),
            node("U_ada", "GH_User", name="ada-l", login="ada-l", email="ada@fairbank.example", id=7),
            node("T_ml", "GH_Team", name="ml"),
            node("TR_ml_member", "GH_TeamRole", name="ml\\member"),
            node("R_write", "GH_RepoRole", name="score-training\\write"),
            node("R_admin", "GH_RepoRole", name="score-training\\admin"),
            node("R_owners", "GH_OrgRole", name="fairbank\\Owners"),
            node("GHSecret_R_1_MODEL_STORE", "GH_RepoSecret", name="MODEL_STORE", value=f"{PLANTED}-0123456"),
            node("PAT_1", "GH_PersonalAccessToken", name="nightly", token=f"{PLANTED}-9876543"),
            node("BPR_1", "GH_BranchProtectionRule", name="main"),
            node("T_ml", "GH_Team", name="ml"),
        ],
    },
}
GITHUB_EDGES = {
    "ada MEMBER_OF R_write",
    "T_ml MEMBER_OF R_admin",
    "TR_ml_member MEMBER_OF T_ml",
    "R_owners MEMBER_OF R_admin",
    f"R_write CAN_WRITE {REPOSITORY}",
    f"R_admin CAN_ADMIN {REPOSITORY}",
    f"{REPOSITORY} WITHIN O_1",
    f"GHSecret_R_1_MODEL_STORE WITHIN {REPOSITORY}",
    "PAT_1 AUTHENTICATES ada ?",
    f"{REPOSITORY} RUNS_AS arn:aws:iam::214365870912:role/ci ?",
}
GITHUB_SKIPPED = {
    "node of kind 'GH_BranchProtectionRule'": 1,
    TWICE: 1,
    NAMED: 1,
    "edge of kind 'GH_CanEditProtection'": 1,
    "edge of kind 'GH_Contains' between Asset and Identity": 1,
    "edge of kind 'GH_HasRole' to a node that is not told or of a kind not mapped": 1,
}

USER, ADMINS, SERVER = "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-1001"
TENANT = "6F1C0E63-8C1E-4B8E-9B39-0C4B2F6E2E9A"
DIRECTORY = {
    "graph": {
        "nodes": [
            node(USER, "User", "Base", name="ADA@FAIRBANK.EXAMPLE", enabled=False, unixpassword=PLANTED * 2),
            node(ADMINS, "Group", "Base", name="DOMAIN ADMINS"),
            node(SERVER, "Computer", "Base", name="SCORE01", ms_mcs_admpwd=f"{PLANTED}-laps"),
            node("A1B2", "AZServicePrincipal", "AZBase", displayname="score-api", tenantid=TENANT),
            node("C3D4", "AZKeyVault", "AZBase", name="kv-score", tenantid=TENANT),
            node("E5F6", "AZVM", "AZBase", name="vm-score"),
        ],
        "edges": [
            edge("MemberOf", USER, ADMINS),
            edge("MemberOf", SERVER, ADMINS),
            edge("AdminTo", ADMINS, SERVER),
            edge("GenericAll", ADMINS, USER),
            edge("Owns", USER, ADMINS),
            edge("HasSession", SERVER, USER),
            edge("AZGetSecrets", "A1B2", "C3D4"),
            edge("AZManagedIdentity", "E5F6", "A1B2"),
        ],
    }
}
DIRECTORY_EDGES = {
    f"ada MEMBER_OF {ADMINS}",
    f"{ADMINS} CAN_ADMIN {SERVER}",
    f"{ADMINS} CAN_ADMIN ada",
    f"ada CAN_ADMIN {ADMINS} ?",
    "A1B2 CAN_READ C3D4",
    "E5F6 RUNS_AS A1B2",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def put(desk: Desk, name: str, payload: Any) -> Path:
    path = desk.folder / name
    path.write_text(json.dumps(payload), encoding="utf-8")
    return path


def read(desk: Desk, *paths: Path, on: int = 2, **options: Any) -> Any:
    return desk.run(*paths, source=SOURCE, read_at=day(on), **options)


def short(uid: str) -> str:
    """The native part of a uid without the instance; people, whom no uid shows, are all Ada here."""
    native = unquote(uid.split(":", 3)[3]).removeprefix("default/")
    return "ada" if len(native) == 32 and uid.startswith("hf:identity:") else native


def edges(desk: Desk, on: int = 5) -> set[str]:
    return {
        f"{short(e.subject.uid)} {e.relation} {short(e.object.uid)}"
        + (" ?" if e.certainty is Certainty.POSSIBLE else "")
        for e in desk.ledger.all_edges(desk.ledger.at(day(on)))
    }


def test_what_githound_writes(desk: Desk) -> None:
    report = read(desk, put(desk, "githound.json", GITHUB), complete=True).to_json()
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == GITHUB_SKIPPED
    assert edges(desk) == GITHUB_EDGES
    found = {short(n.uid): n for n in desk.ledger.all_nodes(desk.ledger.at(day(5)))}
    assert {uid: (n.kind.value, n.type) for uid, n in found.items()} == {
        "O_1": ("Asset", "organisation"),
        REPOSITORY: ("Asset", "repository"),
        "ada": ("Identity", "person"),
        "T_ml": ("Identity", "team"),
        "TR_ml_member": ("Identity", "role"),
        "R_write": ("Identity", "role"),
        "R_admin": ("Identity", "role"),
        "R_owners": ("Identity", "role"),
        "GHSecret_R_1_MODEL_STORE": ("Secret", None),
        "PAT_1": ("Secret", "token"),
        "arn:aws:iam::214365870912:role/ci": ("Identity", None),
    }
    assert found[REPOSITORY].uid == "hf:asset:git-url:https:%2F%2Fgithub.com%2Ffairbank%2Fscore-training"
    assert "hf:identity:arn:arn:aws:iam::214365870912:role%2Fci" in {n.uid for n in found.values()}
    assert [str(i) for i in found["ada"].external_ids] == ["github-login=ada-l"]
    assert PLANTED not in json.dumps(report)


def test_directories_in_the_terms_that_are_built_in(desk: Desk) -> None:
    report = read(desk, put(desk, "estate.json", DIRECTORY))
    assert report.rejected == []
    assert report.skipped == {
        "edge of kind 'HasSession'": 1,
        "edge of kind 'MemberOf' between Asset and Identity": 1,
    }
    assert edges(desk) == DIRECTORY_EDGES
    found = {short(n.uid): n for n in desk.ledger.all_nodes(desk.ledger.at(day(5)))}
    ada = found["ada"]
    assert (ada.type, ada.name, ada.properties["status"].value) == (None, None, "suspended")
    assert [i.scheme for i in ada.external_ids] == ["display-name"]
    assert str(found["A1B2"].external_ids[0]) == f"entra-id={TENANT.lower()}/a1b2"


def test_nothing_ever_closes(desk: Desk) -> None:
    path = put(desk, "githound.json", GITHUB)
    (scope,) = read(desk, path, complete=True).scopes
    assert (scope.scope.name, scope.complete) == ("GH_Base", False)
    assert NEVER_WHOLE.startswith("a payload is what a collector could see")
    less = {"metadata": GITHUB["metadata"], "graph": {"nodes": [node("O_1", "GH_Organization")], "edges": []}}
    read(desk, put(desk, "githound.json", less), on=3, complete=True)
    assert edges(desk) == GITHUB_EDGES


def test_reading_again_commits_nothing(desk: Desk) -> None:
    paths = put(desk, "githound.json", GITHUB), put(desk, "estate.json", DIRECTORY)
    read(desk, *paths)
    assert read(desk, *paths).commits == 0


def test_edges_lead_to_nodes_of_another_file(desk: Desk) -> None:
    graph: Any = GITHUB["graph"]
    one = put(desk, "a.json", {"graph": {"edges": graph["edges"]}})
    two = put(desk, "b.json", {"graph": {"nodes": graph["nodes"]}})
    read(desk, one, two)
    assert edges(desk) == GITHUB_EDGES


def test_every_term_of_the_tables_can_be_said(desk: Desk) -> None:
    from graph.vocabulary import VOCABULARY

    for term in EDGES.values():
        relation = VOCABULARY.relation(term.relation)
        assert any(subject in term.subjects for subject, _ in relation.pairs)
    kinds = [node(f"n{i}", kind) for i, kind in enumerate(NODES)]
    report = read(desk, put(desk, "all.json", {"graph": {"nodes": kinds, "edges": []}}))
    assert (report.rejected, report.skipped) == ([], {})
