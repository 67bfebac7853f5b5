"""A key that was found in a repository, and what it reaches through GitHub, AWS, Kubernetes and MLflow.

Derived by hand from the files of the four tools, and from nothing else: gitleaks found the private
half of a deploy key of ``score-training``. Who has it writes to that repository, so whoever runs its
workflow for the environment ``training`` runs the attacker's code. The role ``score-training-ci`` trusts
exactly that environment's tokens and may push the image that the CronJob ``score-training`` pulls. Its
account ``trainer`` is what the role ``score-trainer`` trusts, which may write to the bucket in which
the data lies that version 3 of ``loan-default`` was trained on; the alias in production points to it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.ledger.change import Change, Refute
from graph.ledger.ledger import Ledger
from graph.model import Instant, Uid
from graph.store import open_store
from graph.vocabulary import Certainty, Harm
from ingest.derivers import derive
from ingest.job import run_job
from ingest.registry import load_source
from ingest.report import RunState
from queries.blast_radius import BlastRadius, BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from queries.search import SearchQuestion, search_nodes
from tests.ingest.jobs import job_options

SAMPLES = Path(__file__).parents[2] / "samples"
AS_OF = Standpoint(as_of=Instant(1_795_176_000_000))  # 2026-11-20T12:00:00Z
READS = (
    ("leaks", "default", ["leaks"]),
    ("github", "fairbank", ["github"]),
    ("aws", "fairbank", ["aws"]),
    ("kubernetes", "ml-eu-1", ["kubernetes/training.json", "kubernetes/training-issuer.json"]),
    ("mlflow", "fairbank", ["mlflow/answers"]),
)
MODEL = "hf:asset:mlflow:https:%2F%2Fmlflow.fairbank.example/registered-model/loan-default"

CERTAIN = [
    ("loan-forms publisher", Harm.DISCLOSED, 0),
    ("deploy key of fairbank/score-training: loan-forms publisher", Harm.CONTROLLED, 1),
    ("fairbank/score-training (repository)", Harm.TAINTED, 2),
    ("fairbank/score-training: training", Harm.CONTROLLED, 3),
    ("repo:fairbank/score-training:environment:training", Harm.CONTROLLED, 4),
    ("repo:… of token.actions.githubusercontent.com", Harm.CONTROLLED, 5),
    ("score-training-ci", Harm.CONTROLLED, 6),
    ("…:stable", Harm.TAINTED, 8),
    ("score-training (workload)", Harm.CONTROLLED, 9),
    ("trainer", Harm.CONTROLLED, 10),
    ("score-trainer", Harm.CONTROLLED, 12),
    ("loan-features 9f3c21aa", Harm.TAINTED, 14),
    ("loan-default 3", Harm.TAINTED, 16),
    ("loan-default (model)", Harm.TAINTED, 17),
]
"""What is harmed for certain along the way, with the number of edges from the leak; by hand."""


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    made = Ledger(open_store(":memory:"))
    for source, instance, paths in READS:
        files = [SAMPLES / path for path in paths]
        report = run_job(made, load_source(source), files, job_options(instance=instance))
        assert (report.state, report.rejected) == (RunState.COMPLETED, [])
    derive(made, job_options())
    yield made
    made.store.close()


def found(estate: Estate, text: str, kind: str) -> Uid:
    """The uid of the one node of a kind, or of a type, that is called so."""
    nodes = search_nodes(estate, SearchQuestion(text, standpoint=AS_OF)).nodes
    (uid,) = {node.uid for node in nodes if node.name == text and kind in (node.kind.value, node.type)}
    return uid


def radius(ledger: Ledger) -> BlastRadius:
    estate = Estate(ledger)
    key = found(estate, "loan-forms publisher", "Secret")
    return find_blast_radius(estate, BlastRadiusQuestion((key,), Harm.DISCLOSED, standpoint=AS_OF))


def called(answer: BlastRadius) -> dict[str, set[Uid]]:
    """The uids that each name of the expectation stands for."""
    names: dict[str, set[Uid]] = {}
    for row in answer:
        node = row.node
        name = node.name or ""
        digest = str(node.get("digest") or "").removeprefix("mlflow:")
        for alias in (
            name,
            f"{name} ({node.type})",
            f"{name} {digest}",
            f"…:{name.rpartition(':')[2]}",
            f"repo:… of {name.rpartition(' of ')[2]}",
        ):
            names.setdefault(alias, set()).add(node.uid)
    return names


def test_the_leak_reaches_the_model_in_production_for_certain(ledger):
    answer = radius(ledger)
    names = called(answer)
    states = {(row.node.uid, row.harm): (row.certainty, row.hops) for row in answer}
    for name, harm, hops in CERTAIN:
        told = {states.get((uid, harm)) for uid in names[name]}
        assert (Certainty.CERTAIN, hops) in told, (name, harm, told)


def test_what_a_person_must_approve_and_runs_that_are_over_are_only_possible(ledger):
    answer = radius(ledger)
    names = called(answer)
    states = {(row.node.uid, row.harm): row.certainty for row in answer}
    for name in ("fairbank/score-training: production", "train 2026-11-12"):
        (uid,) = names[name]
        assert states[uid, Harm.CONTROLLED] is Certainty.POSSIBLE


def test_the_other_repository_is_not_reached(ledger):
    """The key was found there; what it opens is elsewhere."""
    reached = {row.node.name for row in radius(ledger)}
    assert "fairbank/loan-forms" not in reached


def test_without_the_trust_the_way_ends_before_the_cloud(ledger):
    answer = radius(ledger)
    (trusted,) = called(answer)["repo:… of token.actions.githubusercontent.com"]
    (claim,) = ledger.claims(trusted, ledger.at(AS_OF.as_of))
    ledger.commit(Change("ada", "wrong", (Refute(claim.claim_id, "that trust was removed"),)))
    derive(ledger, job_options())
    after = {(row.node.uid, row.harm): row.certainty for row in radius(ledger)}
    assert not any(uid == MODEL and certainty is Certainty.CERTAIN for (uid, _), certainty in after.items())
    assert "score-training-ci" not in called(radius(ledger))


def test_each_tool_is_needed(ledger):
    """No single tool, nor any without another of them, shows the way."""
    for left_out, *_ in READS[1:]:
        store = open_store(":memory:")
        made = Ledger(store)
        for source, instance, paths in READS:
            if source != left_out:
                files = [SAMPLES / path for path in paths]
                run_job(made, load_source(source), files, job_options(instance=instance))
        derive(made, job_options())
        estate = Estate(made)
        nodes = search_nodes(estate, SearchQuestion("private-key in scripts", standpoint=AS_OF)).nodes
        answer = find_blast_radius(
            estate, BlastRadiusQuestion((nodes[0].uid,), Harm.DISCLOSED, standpoint=AS_OF)
        )
        certain = {row.node.uid for row in answer if row.certainty is Certainty.CERTAIN}
        assert MODEL not in certain, left_out
        store.close()
