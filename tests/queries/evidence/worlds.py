"""Puts plain worlds into a real ledger, and reads the engine's answer back as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.duration import Duration
from graph.ledger.change import Assert, Change
from graph.ledger.ledger import Ledger
from graph.model import Claim, CommitNumber, EdgeFacts, Instant, Interval, NodeFacts, SourceInstance, Uid
from graph.slot import Freshness, Slot, slot_json
from graph.store import open_store
from graph.vocabulary import Certainty, Kind
from graph.vocabulary.duties import Binding, Method
from ingest.fingerprint import Fingerprinter
from ingest.record import ReadContext, Said
from ingest.sources.catalog import SOURCE
from queries.estate import Estate, Standpoint
from queries.evidence import EvidenceAnswer, EvidenceQuestion, find_evidence
from tests.queries.evidence.plain import (
    NEVER,
    PlainAsset,
    PlainRecord,
    PlainRequirement,
    PlainSlot,
    PlainWorld,
)
from tests.support.saying import RECORDS, day, days, edge, node, record

EDITION = "edition"
Facts = NodeFacts | EdgeFacts


@dataclass
class DayClock:
    """A clock that a test sets to days of January 2026."""

    today: int = 1

    def __call__(self) -> Instant:
        return day(self.today)


def ledger_of(world: PlainWorld) -> Ledger:
    """Return a ledger that was told a world: the estate first, then records in three commits."""
    clock = DayClock(world.recorded[0] - 1)
    ledger = Ledger(open_store(":memory:"), clock=clock)
    estate = [
        fact if isinstance(fact, Assert) else Assert(Claim(RECORDS, fact, valid))
        for valid, facts in _estate(world)
        for fact in facts
    ]
    record(ledger, *estate)
    for number, today in enumerate(world.recorded, start=1):
        clock.today = today
        told = [r for r in world.records if r.commit == number]
        mark = node(f"mark-{number}", type_="scope")
        record(ledger, mark, *(fact for r in told for fact in _record(r, days(today))), valid=days(today))
    return ledger


def read_shipped_catalogs(ledger: Ledger, *names: str) -> None:
    """Tell a ledger the catalogs that ship, or those named, as read on the first."""
    context = ReadContext(SourceInstance("catalog"), Fingerprinter(b"k" * 32), day(1))
    told = SOURCE.read([Path(name) for name in names], context)
    said = [Assert(one.claim) for one in told if isinstance(one, Said)]
    ledger.commit(Change("test", "catalogs", tuple(said)))


def commit_numbers(ledger: Ledger) -> list[int]:
    """Return the number of the commit of each step; the estate was told before the first."""
    head = ledger.head().sequence
    return [head - 2, head - 1, head]


def answer_of(
    ledger: Ledger, t: int, s: int | None = None, *, at: Instant | None = None, **asked
) -> EvidenceAnswer:
    """Return the engine's answer on a day (or at a moment), as known after a step (1, 2 or 3)."""
    known = None if s is None else CommitNumber(commit_numbers(ledger)[s - 1])
    moment = day(t) if at is None else at
    question = EvidenceQuestion(standpoint=Standpoint(as_of=moment, known=known), **asked)
    return find_evidence(Estate(ledger), question)


def cells_of(answer: EvidenceAnswer) -> dict:
    """Return an answer's cells as the plain evaluator writes them."""
    return {
        (cell.subject.uid, cell.environment, cell.requirement.uid): (
            cell.applicability.state.value,
            None if cell.state is None else cell.state.value,
            {slot.key: slot.state.value for slot in cell.slots},
            cell.units,
            cell.units_ok,
            cell.units_on_file,
        )
        for cell in answer.cells
    }


def requirement_facts(requirement: PlainRequirement) -> list[Facts]:
    predicate: Any = (
        {"all": []} if requirement.fact is None else {"fact": requirement.fact, "in": [requirement.value]}
    )
    dates: dict[str, Any] = {"applies_from": day(requirement.start)}
    if requirement.end < NEVER:
        dates["applies_until"] = day(requirement.end)
    return [
        node(
            requirement.uid,
            Kind.REQUIREMENT,
            type_="control",
            label=requirement.uid,
            level=requirement.level,
            weight=float(requirement.weight),
            applicability=json.dumps(predicate),
            slots=json.dumps([slot_json(real_slot(slot)) for slot in requirement.slots]),
            **dates,
        ),
        edge(EDITION, "REQUIRES", requirement.uid),
    ]


def real_slot(slot: PlainSlot) -> Slot:
    duration = None if slot.days is None else Duration.parse(f"P{slot.days}D")
    return Slot(
        key=slot.key,
        title=slot.key,
        types=(slot.type,),
        aspect=slot.aspect,
        binding=Binding(slot.binding),
        freshness=Freshness(duration, () if slot.watch is None else (slot.watch,)),
        minimum_assurance=0,
        method=Method(slot.method),
        group=slot.group,
        inherit="lineage" if slot.inherit else None,
    )


def told_as(fact: EdgeFacts, valid: Interval, *, possible: bool) -> Facts | Assert:
    """Return an edge to be told for certain, or as possible under a condition."""
    if not possible:
        return fact
    return Assert(Claim(RECORDS, fact, valid, certainty=Certainty.POSSIBLE, condition="the plan is kept"))


def _estate(world: PlainWorld) -> Iterable[tuple[Interval, Sequence[Facts | Assert]]]:
    law: list[Facts] = [
        node(EDITION, Kind.REGULATION, type_="framework", applies_from=day(0), status="published")
    ]
    for requirement in world.requirements:
        law += requirement_facts(requirement)
    yield days(-30), law
    for asset in world.assets:
        yield from _asset(asset)
    for version in world.versions:
        digest = {} if version.digest is None else {"digest": version.digest}
        yield (
            days(-30),
            [
                node(version.uid, type_="model_version", **digest),
                told_as(edge(version.uid, "VERSION_OF", version.of), days(-30), possible=version.possible),
            ],
        )
    for run in world.runs:
        valid = days(run.start, None if run.end >= NEVER else run.end)
        deployed = edge(run.asset, "DEPLOYED_AS", run.version, environment=run.environment)
        yield valid, [told_as(deployed, valid, possible=run.possible)]


def _asset(asset: PlainAsset) -> Iterable[tuple[Interval, list[Facts]]]:
    turns = sorted({-30, *(start for values in asset.facts.values() for start, _ in values)})
    for start, end in zip(turns, [*turns[1:], None], strict=True):
        said = {
            name: value
            for name, values in asset.facts.items()
            for value in [next((v for d, v in reversed(values) if d <= start), None)]
            if value is not None
        }
        yield days(start, end), [node(asset.uid, type_=asset.type, **said)]


def _record(one: PlainRecord, valid: Interval) -> list[Facts | Assert]:
    said: dict[str, Any] = {
        "aspect": one.aspect,
        "verdict": one.verdict,
        "check": one.check,
        "subject_digests": one.digests or None,
        "collected_at": None if one.collected is None or one.decision else day(one.collected),
        "expires": None if one.expires >= NEVER else day(one.expires),
        "environment": one.environment,
        "actor_basis": ("authenticated" if one.authenticated else "asserted") if one.decision else None,
    }
    kind = Kind.DECISION if one.decision else Kind.EVIDENCE
    facts: list[Facts | Assert] = [
        node(
            one.uid,
            kind,
            type_=one.type,
            **{name: value for name, value in said.items() if value is not None},
        ),
        told_as(edge(one.uid, "ABOUT", one.about), valid, possible=one.maybe_about),
    ]
    edges = (
        EdgeFacts("SATISFIES", Uid(one.uid), Uid(requirement), properties={"slot": slot})
        for requirement, slot in one.offered
    )
    offered = [told_as(fact, valid, possible=one.maybe_offered) for fact in edges]
    return [*facts, *offered]
