"""What must hold of every evaluation of evidence, each law as a function that asserts it of one world."""

from __future__ import annotations

from dataclasses import replace

from graph.model import Instant
from queries.evidence import Applies, SlotState
from tests.queries.evidence.plain import (
    NEVER,
    PlainRecord,
    PlainRun,
    PlainVersion,
    PlainWorld,
    plain_cells,
    plain_scores,
)
from tests.queries.evidence.worlds import answer_of, cells_of, ledger_of
from tests.support.saying import day


def equals_the_plain_evaluator(world: PlainWorld, t: int, s: int) -> None:
    """Every cell and score is the plain evaluator's: on the day, and on days on which freshness ends."""
    ledger = ledger_of(world)
    lengths = {slot.days for r in world.requirements for slot in r.slots if slot.days is not None}
    gathered = {record.collected for record in world.records if record.collected is not None}
    turns = sorted({moment + length for moment in gathered for length in lengths})
    for moment in (t, *turns[:4]):
        answer = answer_of(ledger, moment, s)
        assert cells_of(answer) == plain_cells(world, moment, s)
        scores = (answer.scores.complete, answer.scores.strict, answer.scores.filed)
        assert scores == tuple(None if one is None else float(one) for one in plain_scores(world, moment, s))


def passing_evidence_never_lowers_the_score(world: PlainWorld, t: int, s: int) -> None:
    """P1: one more piece of valid passing evidence, for each slot, never lowers C."""
    before = answer_of(ledger_of(world), t, s).scores.complete
    for asset in world.assets:
        for requirement in world.requirements:
            for slot in requirement.slots:
                added = _passing(world, asset.uid, slot, t, s)
                if added is None:
                    continue
                more = replace(world, records=(*world.records, added))
                after = answer_of(ledger_of(more), t, s).scores.complete
                assert (after is None) == (before is None)
                assert after is None or before is None or after >= before


def what_is_recorded_later_changes_nothing(world: PlainWorld, t: int, s: int) -> None:
    """P2: as known at a commit, an answer is the one that was given before later commits."""
    earlier = replace(world, records=tuple(r for r in world.records if r.commit <= s))
    asked = {"catalogs_known": None}
    now = answer_of(ledger_of(world), t, s, **asked)
    then = answer_of(ledger_of(earlier), t, s, **asked)
    assert cells_of(now) == cells_of(then)
    assert now.scores == then.scores


def an_unknown_digest_fails_version_slots_only(world: PlainWorld, t: int, s: int) -> None:
    """P3: when only a digest runs that nobody has evidence about, version slots fail and no other changes."""
    world = _certain(world)
    running = {(r.asset, r.environment) for r in world.runs if r.start <= t < r.end}
    kept = [replace(r, end=min(r.end, t)) for r in world.runs if r.start < t]
    new = [PlainRun(asset, f"new-{asset}", environment, t) for asset, environment in sorted(running)]
    made = [PlainVersion(f"new-{asset}", asset, "sha256:new") for asset in sorted({a for a, _ in running})]
    changed = replace(world, versions=(*world.versions, *made), runs=(*kept, *new))
    before, after = (cells_of(answer_of(ledger_of(w), t, s)) for w in (world, changed))
    assert before.keys() == after.keys()
    for key, (_, _, states, *_) in after.items():
        slots = {slot.key: slot for r in world.requirements if r.uid == key[2] for slot in r.slots}
        for name, state in states.items():
            if slots[name].binding == "version":
                assert state != "OK"
            elif slots[name].watch != "version":
                assert state == before[key][2][name]


def open_lineage_is_never_ok(world: PlainWorld, t: int, s: int) -> None:
    """P5: a slot that asks for inheritance is never OK while lineage is not followed."""
    asking = tuple(
        replace(r, slots=tuple(replace(slot, inherit=True) for slot in r.slots)) for r in world.requirements
    )
    answer = answer_of(ledger_of(replace(world, requirements=asking)), t, s)
    assert SlotState.OK not in answer.scores.slots


def what_is_revoked_never_counts(world: PlainWorld, t: int, s: int) -> None:
    """No slot is OK once everything on file has been revoked."""
    revoked = tuple(
        PlainRecord(f"no-{r.uid}", r.uid, 1, "revocation", verdict=None, decision=True) for r in world.records
    )
    answer = answer_of(ledger_of(replace(world, records=(*world.records, *revoked))), t, s)
    assert t < world.recorded[0] or SlotState.OK not in answer.scores.slots


def nothing_in_force_has_no_score(world: PlainWorld, t: int, s: int) -> None:
    """P6: where no requirement is in force, every score is null, never 0 or 100."""
    later = replace(world, requirements=tuple(replace(r, start=t + 1, end=NEVER) for r in world.requirements))
    answer = answer_of(ledger_of(later), t, s)
    assert {cell.applicability.state for cell in answer.cells} <= {Applies.NOT_IN_FORCE}
    scores = answer.scores
    assert (scores.complete, scores.strict, scores.filed, scores.paper_without_proof) == (None,) * 4


def nothing_changes_until_the_next_change(world: PlainWorld, t: int, s: int) -> None:
    """P7: until `next_change`, every cell and score stays as it is."""
    ledger = ledger_of(world)
    answer = answer_of(ledger, t, s)
    upcoming = answer.next_change
    end = 45 if upcoming is None else (upcoming - day(1)) // 86_400_000 + 1
    assert upcoming is None or upcoming > day(t)
    expected = plain_cells(world, t, s)
    for later in range(t, end):
        assert plain_cells(world, later, s) == expected, later
    last = day(45) if upcoming is None else Instant(upcoming - 1)
    moved = answer_of(ledger, t, s, at=last)
    assert (cells_of(moved), moved.scores) == (cells_of(answer), answer.scores)


def counter_evidence_contests(world: PlainWorld, t: int, s: int) -> None:
    """P8: a failed test of what runs contests every slot that it matches, whatever else is on file."""
    added = []
    for asset in world.assets:
        digests = tuple({v.digest for v in world.versions if v.of == asset.uid and v.digest})
        for aspect in ("accuracy", "security"):
            uid = f"fail-{asset.uid}-{aspect}"
            added.append(
                PlainRecord(uid, asset.uid, 1, aspect=aspect, verdict="fail", digests=digests, collected=1)
            )
    answer = answer_of(ledger_of(replace(world, records=(*world.records, *added))), t, s)
    slots = {(r.uid, slot.key): slot for r in world.requirements for slot in r.slots}
    versions = {version.uid: version for version in world.versions}
    for cell in answer.cells:
        for result in cell.slots:
            slot = slots[cell.requirement.uid, result.key]
            if slot.type != "evaluation" or slot.aspect not in {"accuracy", "security"}:
                continue
            for one in result.versions:
                assert one.version is None or not versions[one.version].digest or one.state == "CONTESTED"
            if slot.binding == "system":
                assert result.state == "CONTESTED"


def paper_is_never_less_than_proof(world: PlainWorld, t: int, s: int) -> None:
    """P9: F is at least C, in every cell and over all."""
    answer = answer_of(ledger_of(world), t, s)
    assert all(cell.units_on_file >= cell.units_ok for cell in answer.cells)
    gap = answer.scores.paper_without_proof
    assert gap is None or gap >= 0


def _certain(world: PlainWorld) -> PlainWorld:
    """Return the world in which what runs, and whose version it is, is certain."""
    return replace(
        world,
        versions=tuple(replace(version, possible=False) for version in world.versions),
        runs=tuple(replace(run, possible=False) for run in world.runs),
    )


def _passing(world: PlainWorld, asset: str, slot, t: int, s: int) -> PlainRecord | None:
    """Return evidence that meets every test that a record can meet; a decision only if it is in time."""
    digests = tuple(sorted({v.digest for v in world.versions if v.of == asset and v.digest}))
    if slot.type == "approval":
        in_time = [n for n in range(1, s + 1) if world.recorded[n - 1] <= t]
        if not in_time:
            return None
        return PlainRecord(
            "added", asset, max(in_time), "approval", slot.aspect, None, digests=digests, decision=True
        )
    return PlainRecord(
        "added",
        asset,
        s,
        slot.type,
        slot.aspect,
        digests=digests,
        collected=t,
        environment="production",
        check="check",
    )
