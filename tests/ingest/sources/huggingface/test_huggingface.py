"""Cards and answers of the hub: what each comes to, worked out by hand from the files beside this one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import ExternalId
from graph.vocabulary import Certainty, Harm, Kind
from ingest.sources.huggingface import SOURCE
from ingest.sources.huggingface.names import Repository
from ingest.times import parse_time
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from tests.ingest.jobs import Desk
from tests.support.saying import day

FILES = Path(__file__).parent / "files"
COMMIT = "9b2a1c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
LATER = "0" * 39 + "1"
CERTAIN, POSSIBLE = Certainty.CERTAIN, Certainty.POSSIBLE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def run(desk: Desk, *paths: Path, **options: Any) -> dict[str, Any]:
    return desk.run(*paths, source=SOURCE, **{"read_at": day(2), "complete": True, **options}).to_json()


def laid(desk: Desk, name: str, place: str) -> Path:
    path = desk.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / name, path)
    return path


def written(desk: Desk, place: str, content: object) -> Path:
    path = desk.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def answer(name: str = "model", **fields: Any) -> dict[str, Any]:
    return {**json.loads((FILES / f"{name}.json").read_text(encoding="utf-8")), **fields}


def asked(address: str, **fields: Any) -> dict[str, Any]:
    said = {"command": f"curl {address}", "filters": [], "scope": "hub", "read_at": "2026-01-02T00:00:00Z"}
    return {**said, **fields}


def nodes(desk: Desk) -> dict[str, Any]:
    return {
        short(node.uid): node for node in desk.ledger.all_nodes(desk.ledger.at(day(20))) if node.described
    }


def edges(desk: Desk) -> dict[str, Certainty]:
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    return {f"{short(e.subject.uid)} {e.relation} {short(e.object.uid)}": e.certainty for e in found}


def conditions(desk: Desk) -> dict[str, tuple[str, ...]]:
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    return {short(e.object.uid): e.conditions for e in found if e.conditions}


def short(uid: str) -> str:
    return uid.removeprefix("hf:asset:hf:").removeprefix("hf:dataset:hf:").replace("%2F", ":")


def properties(node: Any) -> dict[str, Any]:
    return {name: value.value for name, value in node.properties.items()}


MODEL = "model/fairbank:loan-default"


def test_a_card_of_a_model(desk: Desk) -> None:
    report = run(desk, FILES / "README-model.md", scope="models/fairbank/loan-default")
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    assert report["skipped"] == {
        "card's field 'metrics'": 1,
        "dataset that is no repository of the hub": 1,
        "metric of a model card": 2,
    }
    (scope,) = report["scopes"]
    assert (scope["name"], scope["complete"]) == ("models/fairbank/loan-default card", True)
    assert edges(desk) == {
        f"{MODEL} DERIVED_FROM model/answerdotai:ModernBERT-base": CERTAIN,
        f"{MODEL} TRAINED_ON dataset/fairbank:loan-features": CERTAIN,
        f"{MODEL} TRAINED_ON dataset/imdb": POSSIBLE,
        f"{MODEL} EVALUATED_ON dataset/fairbank:loan-eval/5503434ddd753f426f4b38109466949a1217c2bb": CERTAIN,
    }
    (node,) = nodes(desk).values()
    assert (node.kind, node.type, node.name, node.external_ids) == (
        Kind.ASSET,
        "model",
        "fairbank/loan-default",
        (),
    )
    assert properties(node) == {
        "repository": "fairbank/loan-default",
        "language": ("en", "no"),
        "license": ("other",),
        "license_name": "fairbank-internal",
        "license_link": "https://fairbank.example/licence",
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "tags": ("loans", "2026"),
    }
    found = desk.ledger.all_edges(desk.ledger.at(day(20)))
    (derived,) = [edge for edge in found if edge.relation == "DERIVED_FROM"]
    assert derived.properties["made_by"].value == "finetune"
    assert "planted-value" not in str(desk.told())
    assert run(desk, FILES / "README-model.md", scope="models/fairbank/loan-default")["commits"]["count"] == 0


def test_a_card_of_a_dataset(desk: Desk) -> None:
    report = run(desk, FILES / "README-dataset.md", scope="datasets/fairbank/loan-features")
    assert report["skipped"] == {"card's field 'configs'": 1}
    assert edges(desk) == {
        "dataset/fairbank:loan-features DERIVED_FROM dataset/fairbank:ledger": CERTAIN,
        "dataset/fairbank:loan-features DERIVED_FROM dataset/wikipedia": POSSIBLE,
    }
    (node,) = nodes(desk).values()
    assert (node.kind, node.name) == (Kind.DATASET, "Loan features")
    assert properties(node)["size_categories"] == ("100K<n<1M",)


def test_a_card_in_the_cache_is_of_a_commit(desk: Desk) -> None:
    path = laid(desk, "README-model.md", f"hub/models--fairbank--loan-default/snapshots/{COMMIT}/README.md")
    report = run(desk, path)
    assert [scope["name"] for scope in report["scopes"]] == [f"models/fairbank/loan-default@{COMMIT} card"]
    version = nodes(desk)[f"{MODEL}/{COMMIT}"]
    assert (version.type, version.name) == ("model_version", "fairbank/loan-default 9b2a1c4d5e6f")
    assert version.external_ids == (ExternalId("hf", f"model/fairbank%2Floan-default/{COMMIT}"),)
    assert f"{MODEL}/{COMMIT} VERSION_OF {MODEL}" in edges(desk)
    assert f"{MODEL}/{COMMIT} TRAINED_ON dataset/fairbank:loan-features" in edges(desk)


def test_an_answer_about_a_model(desk: Desk) -> None:
    report = run(desk, FILES / "model.json")
    assert (report["state"], report["rejected"]) == ("completed", [])
    assert [(s["name"], s["complete"]) for s in report["scopes"]] == [
        ("models/fairbank/loan-default-gguf", True),
        (f"models/fairbank/loan-default-gguf@{COMMIT}", True),
    ]
    model, version = f"{MODEL}-gguf", f"{MODEL}-gguf/{COMMIT}"
    assert edges(desk) == {
        f"{model} DEPLOYED_AS {version}": POSSIBLE,
        f"{version} VERSION_OF {model}": CERTAIN,
        f"{version} DERIVED_FROM {MODEL}": CERTAIN,
        # What was only quantized repeats what its base was trained on.
        f"{version} TRAINED_ON dataset/fairbank:loan-features": POSSIBLE,
    }
    assert conditions(desk)["dataset/fairbank:loan-features"] == (
        "it was used to train this model, and not only what this model was made of",
    )
    assert properties(nodes(desk)[model]) == {
        "repository": "fairbank/loan-default-gguf",
        "gated": "manual",
        "private": True,
        "disabled": False,
        "created_at": parse_time("2026-11-01T08:00:00Z").moment,
        "last_modified": parse_time("2026-11-12T09:30:00Z").moment,
    }
    assert properties(nodes(desk)[version]) == {
        "repository": "fairbank/loan-default-gguf",
        "revision": COMMIT,
        "files": 3,
        "weight_formats": ("bin", "gguf"),
        "digests": (f"sha256:{'a' * 64}",),
        "license": ("other",),
        "tags": ("gguf",),
    }


def test_main_moves_and_the_commit_before_stays(desk: Desk) -> None:
    path = written(desk, "model.json", answer())
    address = "https://huggingface.co/api/models/fairbank/loan-default-gguf"
    beside = written(desk, "model.json.read.json", asked(address))
    desk.run(path, source=SOURCE)
    model = f"{MODEL}-gguf"
    assert edges(desk)[f"{model} DEPLOYED_AS {model}/{COMMIT}"] is CERTAIN
    written(desk, "model.json", answer(sha=LATER))
    written(desk, beside.name, asked(address, read_at="2026-01-03T00:00:00Z"))
    desk.run(path, source=SOURCE)
    assert {e for e in edges(desk) if "DEPLOYED_AS" in e} == {f"{model} DEPLOYED_AS {model}/{LATER}"}
    assert {f"{model}/{COMMIT} DERIVED_FROM {MODEL}", f"{model}/{LATER} DERIVED_FROM {MODEL}"} <= set(
        edges(desk)
    )


def test_another_branch_is_not_what_a_name_stands_for(desk: Desk) -> None:
    path = written(desk, "model.json", answer())
    address = "https://huggingface.co/api/models/fairbank/loan-default-gguf/revision/v1"
    written(desk, "model.json.read.json", asked(address))
    desk.run(path, source=SOURCE)
    assert not {e for e in edges(desk) if "DEPLOYED_AS" in e}


def test_an_answer_about_a_dataset(desk: Desk) -> None:
    run(desk, FILES / "dataset.json")
    dataset, version = "dataset/fairbank:loan-features", "dataset/fairbank:loan-features/" + "1" * 40
    assert edges(desk) == {
        f"{version} VERSION_OF {dataset}": CERTAIN,
        f"{version} DERIVED_FROM dataset/fairbank:ledger": CERTAIN,
        f"{dataset} DERIVED_FROM dataset/fairbank:ledger": CERTAIN,
    }
    assert (nodes(desk)[dataset].name, nodes(desk)[dataset].text("gated")) == ("Loan features", "no")


def test_the_hubs_own_tags_tell_a_dataset(desk: Desk) -> None:
    body = {
        "id": "x/y",
        "private": False,
        "tags": ["size_categories:n<1K", "library:datasets"],
        "cardData": {},
    }
    run(desk, written(desk, "y.json", body))
    assert list(nodes(desk)) == ["dataset/x:y"]


def test_a_list_without_cards_ends_nothing_of_them(desk: Desk) -> None:
    run(desk, FILES / "model.json")
    bare = {k: v for k, v in answer().items() if k not in ("cardData", "siblings")}
    space = {"id": "fairbank/demo", "sdk": "gradio"}
    report = run(desk, written(desk, "list.json", [bare, space]), read_at=day(3))
    assert report["skipped"]["space"] == 1
    whys = {scope["name"]: scope["why"] for scope in report["scopes"]}
    assert "holds no card" in whys[f"models/fairbank/loan-default-gguf@{COMMIT}"]
    assert f"{MODEL}-gguf/{COMMIT} DERIVED_FROM {MODEL}" in edges(desk)


def test_what_a_card_leaves_out_is_not_known(desk: Desk) -> None:
    run(desk, FILES / "model.json")
    (report,) = {tuple(sorted(r.coverage.items())) for r in nodes(desk)[f"{MODEL}-gguf/{COMMIT}"].reports}
    assert {name: extent.value for name, extent in report} == dict.fromkeys(
        ("DEPLOYED_AS", "DERIVED_FROM", "EVALUATED_ON", "TRAINED_ON"), "incomplete"
    )


def test_a_base_model_that_is_gone_from_a_card_ends(desk: Desk) -> None:
    path = written(desk, "README.md", "---\nbase_model: [a/b, c/d]\n---\n")
    run(desk, path, scope="models/x/y")
    written(desk, "README.md", "---\nbase_model: a/b\n---\n")
    run(desk, path, scope="models/x/y", read_at=day(3), complete=False)
    assert len(edges(desk)) == 2
    run(desk, path, scope="models/x/y", read_at=day(4))
    assert set(edges(desk)) == {"model/x:y DERIVED_FROM model/a:b"}


def test_a_repository_that_names_itself_is_counted(desk: Desk) -> None:
    report = run(desk, written(desk, "README.md", "---\nbase_model: x/y\n---\n"), scope="models/x/y")
    assert (edges(desk), report["skipped"]) == (
        {},
        {"repository that names itself as what it was made of": 1},
    )


def test_a_card_and_an_answer_do_not_close_each_other(desk: Desk) -> None:
    run(desk, FILES / "README-model.md", scope="models/fairbank/loan-default")
    before = set(edges(desk))
    body = {
        "modelId": "fairbank/loan-default",
        "sha": COMMIT,
        "cardData": {},
        "gated": False,
        "private": False,
    }
    run(desk, written(desk, "model.json", body), read_at=day(3))
    assert before <= set(edges(desk))


def test_the_same_repository_twice_in_one_run_is_told(desk: Desk) -> None:
    first, second = written(desk, "a.json", answer()), written(desk, "b.json", answer(private=False))
    report = run(desk, first, second)
    assert {problem["reason"] for problem in report["rejected"]} == {
        "another file of this run shows the same"
    }
    assert nodes(desk)[f"{MODEL}-gguf"].get("private") is True


@pytest.mark.parametrize(
    ("text", "skipped"),
    [("# No metadata\n", {"card without metadata": 1}), ("[![badge](x)](y)\n", {"card without metadata": 1})],
)
def test_a_card_without_metadata_is_still_of_a_model(desk: Desk, text: str, skipped: dict[str, int]) -> None:
    report = run(desk, written(desk, "README.md", text), scope="models/x/y")
    assert report["skipped"] == skipped
    assert list(nodes(desk)) == ["model/x:y"]


def test_a_tainted_base_model_reaches_whoever_takes_the_model_by_name(desk: Desk) -> None:
    path = written(desk, "model.json", answer())
    address = "https://huggingface.co/api/models/fairbank/loan-default-gguf"
    written(desk, "model.json.read.json", asked(address))
    desk.run(path, source=SOURCE)
    seed = Repository("model", "fairbank/loan-default").uid
    question = BlastRadiusQuestion((seed,), Harm.TAINTED, standpoint=Standpoint(as_of=day(20)))
    rows = find_blast_radius(Estate(desk.ledger), question)
    tainted = {short(row.node.uid): row.certainty for row in rows if row.harm is Harm.TAINTED and row.hops}
    assert tainted == {f"{MODEL}-gguf/{COMMIT}": CERTAIN, f"{MODEL}-gguf": CERTAIN}
