"""Descriptions that say that all edges of a node are named: held back until the reading was whole.

In a file that was cut off, or of which a line was rejected, such an edge may be what is
missing. Like coverage of a scope, that nothing is missing is therefore said last.
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from graph.ledger.canonical import canonical_text
from graph.ledger.claims import content_digest_of, content_json, facts_from_json
from graph.model import Claim, ClaimId, Extent, Interval, NodeFacts, Scope, Uid
from graph.vocabulary import Certainty, Origin
from ingest.section import Waiting


def without_complete(waiting: Waiting) -> Waiting:
    """Return a description that leaves open whether all edges are named, where it said that they are."""
    claim = waiting.claim
    if not isinstance(claim.about, NodeFacts):
        return waiting
    kept = {name: extent for name, extent in claim.about.coverage.items() if extent is not Extent.COMPLETE}
    claim = replace(claim, about=replace(claim.about, coverage=MappingProxyType(kept)))
    return replace(waiting, claim=claim, digest=content_digest_of(content_json(claim)))


def held_text(waiting: Waiting) -> str:
    """Return a description and its place as text; ``from_held_text`` reads it back."""
    claim = waiting.claim
    if not isinstance(claim.about, NodeFacts):
        raise TypeError("only descriptions of nodes are held back")
    valid = None if claim.valid is None else [claim.valid.start, claim.valid.end]
    place = [waiting.file, waiting.position, waiting.claim_id, waiting.digest, claim.locator]
    return canonical_text([claim.about.uid, content_json(claim), valid, place])


def from_held_text(text: str, scope: Scope) -> Waiting:
    """Return what ``held_text`` wrote, in the scope that it was said in."""
    uid, said, valid, (file, position, claim_id, digest, locator) = json.loads(text)
    content: dict[str, Any] = said
    claim = Claim(
        scope=scope,
        about=facts_from_json(Uid(uid), content),
        valid=None if valid is None else Interval(*valid),
        origin=Origin(content.get("origin", Origin.DECLARED)),
        certainty=Certainty(content.get("certainty", Certainty.CERTAIN)),
        condition=content.get("condition"),
        locator=locator,
        supports=tuple(ClaimId(supporting) for supporting in content.get("supports", ())),
    )
    return Waiting(claim, file, position, claim_id, digest)
