"""The evidence matrix as a document."""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.common import Document, basis_of, counts_of, ref_of, time_or_none, value_of
from queries.evidence import (
    CatalogStamp,
    Cell,
    EvidenceAnswer,
    EvidenceQuestion,
    FactUsed,
    Proof,
    Scores,
    SlotResult,
)


def evidence_of(answer: EvidenceAnswer) -> Document:
    """Return every cell with its slots and proofs, and the scores."""
    asked = answer.question
    return {
        **basis_of(answer.basis),
        "asked_about": list(asked.subjects) or None,
        "only": only_of(asked),
        "law_at": time_or_none(answer.law_at),
        "catalogs_known": answer.catalogs_known,
        "evidence_rules": answer.evidence_rules,
        "environments": list(answer.environments),
        "next_change": time_or_none(answer.next_change),
        "catalogs": [catalog_of(stamp) for stamp in answer.catalogs],
        "scores": scores_of(answer.scores),
        "scores_by_edition": {uid: scores_of(s) for uid, s in sorted(answer.scores_by_edition.items())},
        "cells": [cell_of(cell) for cell in answer.cells],
        "untyped": [{**ref_of(u.node), "type": u.type, "nearest": u.nearest} for u in answer.untyped],
        "without_duty": [ref_of(ref) for ref in answer.without_duty],
    }


def only_of(asked: EvidenceQuestion) -> Document | None:
    """Return which requirements of which editions were looked at; None for all."""
    if not asked.requirements and not asked.editions:
        return None
    return {"requirements": list(asked.requirements), "editions": list(asked.editions)}


def catalog_of(stamp: CatalogStamp) -> Document:
    """Return an edition; `left_out` says why it was not looked at."""
    return {
        "edition": stamp.edition,
        "title": stamp.title,
        "digest": stamp.digest,
        "status": stamp.status,
        "requirements": stamp.requirements,
        "left_out": stamp.left_out,
        "unreadable": [{"label": label, "reason": reason} for label, reason in stamp.unreadable],
    }


def scores_of(scores: Scores) -> Document:
    """Return scores with the counts that they are made of."""
    return {
        "complete": scores.complete,
        "strict": scores.strict,
        "filed": scores.filed,
        "paper_without_proof": scores.paper_without_proof,
        "cells": counts_of(scores.cells),
        "satisfied": scores.satisfied,
        "gaps": scores.gaps,
        "not_assessable": scores.not_assessable,
        "units": scores.units,
        "units_ok": scores.units_ok,
        "units_on_file": scores.units_on_file,
        "slots": counts_of(scores.slots),
        "not_covered": scores.not_covered,
    }


def cell_of(cell: Cell) -> Document:
    """Return one requirement for one subject."""
    requirement, applies = cell.requirement, cell.applicability
    return {
        "subject": {**ref_of(cell.subject), "label": cell.subject_label},
        "environment": cell.environment,
        "requirement": {
            "uid": requirement.uid,
            "edition": requirement.edition,
            "label": requirement.label,
            "title": requirement.title,
            "level": None if requirement.level is None else requirement.level.value,
            "weight": requirement.weight,
            "link": requirement.link,
        },
        "applies": {
            "state": applies.state.value,
            "because": applies.because,
            "since": time_or_none(applies.since),
            "missing_facts": list(applies.missing_facts),
            "facts": _facts_of(applies.facts),
        },
        "state": None if cell.state is None else cell.state.value,
        "worst": None if cell.worst is None else cell.worst.value,
        "because": cell.because,
        "units": cell.units,
        "units_ok": cell.units_ok,
        "units_on_file": cell.units_on_file,
        "slots": [slot_of(slot) for slot in cell.slots],
    }


def slot_of(slot: SlotResult) -> Document:
    """Return how it stands with one slot."""
    return {
        "key": slot.key,
        "title": slot.title,
        "binding": slot.binding.value,
        "group": slot.group,
        "state": slot.state.value,
        "because": slot.because,
        "repair": slot.repair,
        "covered": slot.is_covered,
        "candidates": slot.candidates,
        "proof": _proof_of(slot.proof),
        "versions": [
            {
                "version": found.version,
                "state": found.state.value,
                "because": found.because,
                "proof": _proof_of(found.proof),
            }
            for found in slot.versions
        ],
    }


def _proof_of(proof: Proof | None) -> Document | None:
    if proof is None:
        return None
    return {
        "evidence": proof.evidence,
        "locator": proof.locator,
        "digest": proof.digest,
        "collected_at": time_or_none(proof.collected_at),
        "fresh_until": time_or_none(proof.fresh_until),
        "rule": proof.rule,
        "facts": _facts_of(proof.facts),
    }


def _facts_of(facts: Iterable[FactUsed]) -> list[Document]:
    return [
        {
            "subject": fact.subject,
            "name": fact.name,
            "value": None if fact.value is None else value_of(fact.value),
            "source": fact.source,
        }
        for fact in facts
    ]
