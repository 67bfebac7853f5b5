"""What else is harmed if a key is disclosed? Asks about what `ingest.py` sent."""

from datetime import datetime, timezone

from holdfast_client import At, Client

with Client() as client:
    [key] = client.search("Handbook key", kinds=["Secret"]).nodes
    at = At(as_of=datetime(2026, 11, 20, tzinfo=timezone.utc))
    answer = client.blast_radius(key.uid, harm="DISCLOSED", at=at)
    for state in answer.states:  # all pages, as they are needed
        print(f"{state.certainty} {state.harm} {state.node.name} after {state.hops} hops")

    cut = answer.basis.truncated
    print("whole" if cut is None else f"cut short by {cut.reason}")
    not_covered = sorted(relation.relation for relation in answer.basis.coverage.uncovered_relations)
    print(f"not all of it was looked at: nobody reports all of {not_covered[0]}, for one")
