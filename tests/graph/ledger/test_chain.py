"""The hash chain: the published test vectors, and that any change to the log is found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from graph.ledger.canonical import canonical, sha256_hex
from graph.ledger.chain import GENESIS_HASH, commit_hash, operation_digest
from graph.ledger.claims import claim_id_of, edge_id_of, row_key_of
from graph.ledger.operations import EdgeKey, operation_from_json, operation_json
from graph.ledger.personal import commitment_of
from graph.model import Commit, CommitNumber, Instant, Scope, SourceInstance, Uid

PAGE = Path(__file__).parents[3] / "docs" / "ledger.md"


def vectors(name: str) -> list[dict[str, object]]:
    """Return the JSON lines of the fenced block with this name in docs/ledger.md."""
    found = re.search(rf"```jsonl {name}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found, f"docs/ledger.md has no block {name}"
    return [json.loads(line) for line in found.group(1).splitlines() if line]


@pytest.mark.parametrize("vector", vectors("canonical"), ids=lambda v: str(v["canonical"])[:40])
def test_canonical_form(vector: dict[str, str]) -> None:
    written = canonical(json.loads(vector["json"]))
    assert written.decode("utf-8") == vector["canonical"]
    assert sha256_hex(written) == vector["sha256"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_numbers_without_a_json_form_have_no_canonical_form(bad: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": bad})


@pytest.mark.parametrize("vector", vectors("operations"), ids=lambda v: str(v["sha256"])[:8])
def test_operations_read_back_and_hash_as_published(vector: dict[str, object]) -> None:
    said = vector["operation"]
    assert isinstance(said, dict)
    operation = operation_from_json(said)
    assert json.loads(json.dumps(operation_json(operation))) == said
    assert operation_digest(operation) == vector["sha256"]


def test_an_operation_of_a_later_release_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown operation 'teleport'"):
        operation_from_json({"op": "teleport"})


@pytest.mark.parametrize("vector", vectors("commits"), ids=lambda v: str(v["seq"]))
def test_commits_hash_as_published(vector: dict[str, object]) -> None:
    commit = Commit(
        sequence=CommitNumber(vector["seq"]),  # type: ignore[arg-type]
        previous=str(vector["previous"]),
        hash="",
        recorded_at=Instant(vector["recorded_at"]),  # type: ignore[arg-type]
        actor=str(vector["actor"]),
        source=vector["source"],  # type: ignore[arg-type]
        run=vector["run"],  # type: ignore[arg-type]
        summary=str(vector["summary"]),
        operation_digests=tuple(vector["operations"]),  # type: ignore[arg-type]
    )
    assert commit_hash(commit) == vector["hash"]


def test_the_published_commits_are_chained() -> None:
    first, second = vectors("commits")
    assert first["previous"] == GENESIS_HASH
    assert second["previous"] == first["hash"]


@pytest.mark.parametrize("vector", vectors("ids"), ids=lambda v: str(v["what"]))
def test_ids_are_as_published(vector: dict[str, object]) -> None:
    scope = Scope(SourceInstance("kubernetes", "eu-1"), "cluster/eu-1#secrets")
    edge = EdgeKey("USES_SECRET", Uid("app"), Uid("key"), "")
    found = {
        "claim of a node": claim_id_of(scope, Uid("key")),
        "claim of an edge": claim_id_of(scope, edge),
        "row": row_key_of(claim_id_of(scope, Uid("key")), Instant(1767225600000)),
        "edge": edge_id_of("USES_SECRET", Uid("app"), Uid("key"), ""),
        "commitment": commitment_of("000102030405060708090a0b0c0d0e0f", "name", '"Ada Lovelace"'),
    }
    assert found[str(vector["what"])] == vector["digest"]
