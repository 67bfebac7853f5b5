"""Each rule over what the real sources say of their own formats: both sides must mean the same by a word."""

import base64
import json
from pathlib import Path
from typing import Any

from graph.model import EdgeFacts
from graph.vocabulary import Certainty
from ingest.derivers import SOURCE as DERIVED
from ingest.derivers import derive
from ingest.sources.entra import SOURCE as ENTRA
from ingest.sources.github import SOURCE as GITHUB
from ingest.sources.kubernetes import SOURCE as KUBERNETES
from ingest.sources.leaks import SOURCE as LEAKS
from ingest.times import parse_time
from tests.ingest.jobs import Desk, job_options
from tests.ingest.sources.entra.directory import TENANT, answer, application, oid, principal
from tests.ingest.sources.kubernetes.cluster import account, kube_system, listing, secret
from tests.ingest.sources.leaks.test_gitleaks import finding
from tests.ingest.sources.vault.server import ISSUER, Vault, trainer
from tests.ingest.sources.vault.server import answer as envelope
from tests.support.saying import day

SAMPLES = Path(__file__).parents[3] / "samples"
SUBJECT = "repo:fairbank/score-training:environment:training"
VALUE = "planted-value-that-two-places-hold"


def derived(desk: Desk) -> set[str]:
    """What follows, with the names of nodes; ? where it is only possible."""
    derive(desk.ledger, job_options())
    at = desk.ledger.at(parse_time("2026-12-01T00:00:00Z").moment)
    picture = desk.ledger.picture(desk.ledger.head().sequence)
    names = {node.uid: node.label for node in desk.ledger.all_nodes(at)}
    found: set[str] = set()
    for row in picture.all_edge_rows():
        about = row.claim.about
        if row.claim.scope.source == DERIVED and isinstance(about, EdgeFacts):
            one, other = (names[picture.identity.canonical(uid)] for uid in (about.subject, about.object))
            doubt = "" if row.claim.certainty is Certainty.CERTAIN else " ?"
            found.add(f"{one} {about.relation} {other}{doubt}")
    return found


def write(folder: Path, name: str, body: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def cluster(desk: Desk, folder: Path, *items: dict[str, Any]) -> None:
    discovery = write(folder, "issuer.json", {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
    objects = write(folder, "cluster.json", listing(kube_system(), *items))
    desk.run(discovery, objects, source=KUBERNETES, instance="ml", read_at=day(2))


def test_a_service_account_is_among_those_that_a_vault_takes(tmp_path):
    vault = Vault(tmp_path)
    vault.put("auth/kubernetes/role/trainer", trainer())
    vault.put("auth/kubernetes/config", envelope({"issuer": ISSUER, "disable_iss_validation": False}))
    assert vault.read().rejected == []
    cluster(vault.desk, tmp_path, account("trainer", "training"), account("other", "training"))
    assert derived(vault.desk) == {"trainer MEMBER_OF tokens that trainer takes"}


def test_a_pipeline_is_among_those_that_an_application_trusts(tmp_path):
    desk = Desk(tmp_path)
    issuer = "https://token.actions.githubusercontent.com"
    trust = {"id": oid(40), "name": "trust", "issuer": issuer, "audiences": [], "subject": SUBJECT}
    bodies = (
        answer("applications", application(20, "Training", 21)),
        answer("servicePrincipals", principal(31, "principal", 21)),
        answer(f"applications('{oid(20)}')/federatedIdentityCredentials", trust),
    )
    paths = [write(tmp_path, f"{number}.json", body) for number, body in enumerate(bodies)]
    desk.run(*paths, source=ENTRA, scope=TENANT, complete=True, read_at=day(2))
    desk.run(SAMPLES / "github", source=GITHUB, instance="fairbank")
    assert derived(desk) == {f"{SUBJECT} MEMBER_OF trust"}


def test_a_leaked_value_is_that_of_a_clusters_secret(tmp_path):
    desk = Desk(tmp_path)
    encoded = base64.b64encode(VALUE.encode()).decode()
    cluster(desk, tmp_path, secret("s", data={"password": encoded}))
    report = write(tmp_path, "gitleaks.json", [finding(VALUE)])
    desk.run(report, source=LEAKS, scope="all", read_at=day(2), complete=True)
    (line,) = derived(desk)
    assert " SAME_VALUE " in line
    assert not line.endswith("?")
