"""Whether edges are certain, and in words on what it depends where they are only possible."""

from __future__ import annotations

from collections.abc import Iterable

from graph.ledger.timeline import EdgeSpell, EdgeTimeline
from graph.model import Instant
from graph.vocabulary import Certainty
from queries.evidence.dated import spell_at
from queries.evidence.facts import Facts


def lasting_spell(edge: EdgeTimeline, moment: Instant) -> EdgeSpell:
    """Return the spell of an edge of something that does not pass away: as at a date, else as first told.

    Of an edge whose spells all ended before, the last one is returned.
    """
    later = (spell for spell in edge.spells if spell.valid.start > moment)
    return spell_at(edge, moment) or next(later, edge.spells[-1])


def is_certain(spell: EdgeSpell | None) -> bool:
    """Return whether an edge is certain; one that does not stand is not."""
    return spell is not None and spell.certainty is Certainty.CERTAIN


def conditions(facts: Facts, told: Iterable[tuple[EdgeTimeline, EdgeSpell | None]]) -> str:
    """Return on what possible edges depend, as the end of a sentence; empty where no source says."""
    found = {
        row.claim.condition
        for edge, spell in told
        if spell is not None and not is_certain(spell)
        for row in facts.edge_rows.get((edge.relation, edge.subject, edge.object, edge.discriminator), ())
        if row.valid.holds_at(spell.valid.start) and row.claim.condition
    }
    return f": {'; '.join(sorted(found))}" if found else ""
