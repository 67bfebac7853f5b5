"""Known leaks in GraphQL: what a blast radius starts from, what it leaves out, and who would tell."""

from pathlib import Path

from tests.api.server.conftest import serving
from tests.ingest.jobs import Desk, edge, node, section

QUERY = """{ knownLeaks(at: {asOf: "2026-01-20T00:00:00Z"}) { __typename ... on KnownLeaks {
  basis { lookedAt }
  leaks { secret { uid } leftOut places { node { uid } tool file line liveness foundAt certainty } }
  leftOut { secret { uid } leftOut conditions }
  coveredBy { scope since lastRead } } } }"""
FOUND = {"tool": "gitleaks", "file": "run.sh", "line": 3, "liveness": "unknown", "found_at": 1767225600000}


def test_known_leaks(tmp_path: Path):
    desk = Desk(tmp_path, target=str(tmp_path / "estate.db"))
    lines = section(
        node("repository"),
        node("live", "Secret"),
        node("half", "Secret"),
        node("old", "Secret", properties={"revoked": True}),
        edge("live", "FOUND_IN", "repository", properties=FOUND),
        edge("half", "FOUND_IN", "repository", certainty="possible", condition="its half is known"),
        edge("old", "FOUND_IN", "repository"),
    )
    desk.run(desk.file(*lines))
    desk.store.close()
    with serving(tmp_path / "estate.db", tmp_path) as server:
        known = server.data(QUERY)["knownLeaks"]
    place = {
        "node": {"uid": "repository"},
        "certainty": "certain",
        "tool": "gitleaks",
        "file": "run.sh",
        "line": 3,
        "liveness": "unknown",
        "foundAt": "2026-01-01T00:00:00.000Z",
    }
    assert known["leaks"] == [{"secret": {"uid": "live"}, "leftOut": None, "places": [place]}]
    assert known["leftOut"] == [
        {"secret": {"uid": "half"}, "leftOut": "possible", "conditions": ["its half is known"]},
        {"secret": {"uid": "old"}, "leftOut": "revoked", "conditions": []},
    ]
    assert [covering["scope"] for covering in known["coveredBy"]] == ["records/default:estate"]
    assert known["basis"]["lookedAt"] == 3
