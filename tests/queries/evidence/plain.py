"""A plain evaluator of evidence over a world written as simple values, and those values.

It is written from the rules alone and shares no code with the engine: small loops and
conditions in the order in which the rules stand. Times are day numbers; commits are
numbered from 1, and the n-th is recorded on the day ``recorded[n - 1]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

NEVER = 10**6
STATES = (
    "MISSING",
    "REVOKED",
    "CONTESTED",
    "VERSION_UNKNOWN",
    "MISMATCH",
    "STALE",
    "UNVERIFIED",
    "OPEN_LINEAGE",
    "OK",
)


@dataclass(frozen=True)
class PlainAsset:
    """``facts`` maps a property to its values from days on, in order; None is no value."""

    uid: str
    type: str
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class PlainVersion:
    """``possible`` says that it is only possibly a version of that."""

    uid: str
    of: str
    digest: str | None
    possible: bool = False


@dataclass(frozen=True)
class PlainRun:
    """The asset runs as the version in the environment on the days [start, end), maybe only possibly."""

    asset: str
    version: str
    environment: str
    start: int
    end: int = NEVER
    possible: bool = False


@dataclass(frozen=True)
class PlainRecord:
    """A piece of evidence, or a decision; ``commit`` is the one that records it.

    ``maybe_about`` and ``maybe_offered`` say that what it is about, or offered for, is only possible.
    """

    uid: str
    about: str
    commit: int
    type: str = "evaluation"
    aspect: str = "accuracy"
    verdict: str | None = "pass"
    check: str | None = None
    digests: tuple = ()
    collected: int | None = 1
    expires: int = NEVER
    environment: str | None = None
    offered: tuple = ()
    decision: bool = False
    authenticated: bool = True
    maybe_about: bool = False
    maybe_offered: bool = False


@dataclass(frozen=True)
class PlainSlot:
    """``days`` of freshness, or a ``watch``ed fact, or neither."""

    key: str
    binding: str = "version"
    type: str = "evaluation"
    aspect: str = "accuracy"
    days: int | None = None
    watch: str | None = None
    method: str = "TEST"
    group: str | None = None
    inherit: bool = False


@dataclass(frozen=True)
class PlainRequirement:
    """Concerns assets whose ``fact`` is ``value``, if a fact is named; applies from and until days."""

    uid: str
    slots: tuple
    weight: int = 1
    start: int = 0
    end: int = NEVER
    fact: str | None = None
    value: str | None = None
    level: str = "system"


@dataclass(frozen=True)
class PlainWorld:
    assets: tuple
    versions: tuple
    runs: tuple
    records: tuple
    requirements: tuple
    recorded: tuple = (10, 20, 30)
    environments: tuple = ("production", "unknown")


def plain_cells(world: PlainWorld, t: int, s: int) -> dict:
    """(asset, environment, requirement) -> (applies, state, {slot: state}, units, units ok, on file)."""
    cells = {}
    for requirement in world.requirements:
        for asset in world.assets:
            for environment in _places(world, asset, requirement, t):
                key = (asset.uid, environment, requirement.uid)
                cells[key] = _cell(world, asset, environment, requirement, t, s)
    return cells


def plain_scores(world: PlainWorld, t: int, s: int) -> tuple:
    """C, C_strict and F as exact fractions; None where nothing is in force."""
    weights = {requirement.uid: requirement.weight for requirement in world.requirements}
    total = whole = strict = filed = Fraction(0)
    for (_, _, uid), (applies, _, _, units, ok, on_file) in plain_cells(world, t, s).items():
        if applies in {"APPLIES", "UNKNOWN"} and units > 0:
            total += weights[uid]
            whole += weights[uid] * Fraction(ok, units)
            filed += weights[uid] * Fraction(on_file, units)
            strict += weights[uid] if ok == units else 0
    if total == 0:
        return None, None, None
    return whole / total, strict / total, filed / total


def _places(world, asset, requirement, t):
    """The environments of a row each, and whether the asset runs there for certain."""
    if requirement.level == "system":
        return {None: True}
    runs = [run for run in world.runs if run.asset == asset.uid and run.start <= t < run.end]
    found = {run.environment: False for run in runs}
    found |= {run.environment: True for run in runs if not run.possible}
    if True not in found.values():
        # Perhaps none of them is so; then it runs where it says itself, and no asset here says where.
        found.setdefault("unknown", False)
    if len(found) == 1:
        found = dict.fromkeys(found, True)
    return {place: found[place] for place in sorted(found) if place in world.environments}


def _cell(world, asset, environment, requirement, t, s):
    applies = _applies(asset, requirement, t)
    if applies == "APPLIES" and not _places(world, asset, requirement, t)[environment]:
        applies = "UNKNOWN"
    if applies not in {"APPLIES", "UNKNOWN"}:
        return applies, None, {}, 0, 0, 0
    states, filed = {}, {}
    for slot in requirement.slots:
        states[slot.key], filed[slot.key] = _slot(world, asset, environment, requirement, slot, t, s)
    names = {slot.group or f"slot {slot.key}" for slot in requirement.slots}
    ok = on_file = 0
    for name in names:
        keys = [slot.key for slot in requirement.slots if (slot.group or f"slot {slot.key}") == name]
        ok += any(states[key] == "OK" for key in keys)
        on_file += any(filed[key] for key in keys)
    if not names:
        return applies, "NOT_ASSESSABLE", states, 0, 0, 0
    return applies, "SATISFIED" if ok == len(names) else "GAP", states, len(names), ok, on_file


def _applies(asset, requirement, t):
    if t >= requirement.end or t < requirement.start:
        return "NOT_IN_FORCE"
    if requirement.fact is None:
        return "APPLIES"
    value = _value(asset, requirement.fact, t)
    if value is None:
        return "UNKNOWN"
    return "APPLIES" if value == requirement.value else "DOES_NOT_APPLY"


def _value(asset, name, t):
    value = None
    for day, said in asset.facts.get(name, ()):
        if day <= t:
            value = said
    return value


def _current(world, asset, environments, t):
    return sorted(
        {
            run.version
            for run in world.runs
            if run.asset == asset.uid and run.environment in environments and run.start <= t < run.end
        }
    )


def _certainly_current(world, asset, environments, t):
    return [
        run
        for run in world.runs
        if run.asset == asset.uid
        and run.environment in environments
        and run.start <= t < run.end
        and not run.possible
    ]


def _slot(world, asset, environment, requirement, slot, t, s):
    places = world.environments if environment is None else (environment,)
    ever = {run.version for run in world.runs if run.asset == asset.uid and run.start <= t}
    ever |= {version.uid for version in world.versions if version.of == asset.uid}
    sure = {asset.uid}
    sure |= {
        run.version for run in world.runs if run.asset == asset.uid and run.start <= t and not run.possible
    }
    sure |= {version.uid for version in world.versions if version.of == asset.uid and not version.possible}
    known = [r for r in world.records if r.commit <= s]
    near = [r for r in known if r.about in {asset.uid, *ever}]
    candidates = []
    for record in near:
        at = _time(world, record)
        if at is not None and at <= t and _matches(record, slot, requirement):
            candidates.append(record)
    versions = {version.uid: version for version in world.versions}
    running = _current(world, asset, places, t)
    surely_running = {run.version for run in _certainly_current(world, asset, places, t)}
    if slot.binding in {"version", "deployment"} and not running:
        return "VERSION_UNKNOWN", bool(candidates)
    targets = [versions[uid] for uid in running] if slot.binding == "version" else [None]
    doubtful = {record.uid for record in candidates if _doubtful(record, requirement, slot, sure)}
    certain, every = [], []
    for target in targets:
        answered = {r.uid for r in candidates if _answered(world, r, target, near, known, sure, t)}
        judged = [
            (record, _judge(world, record, target, asset, slot, known, places, t, doubtful))
            for record in candidates
        ]
        every.append(_for_target(judged, doubtful, answered, asset, target))
        if target is None or target.uid in surely_running:
            certain.append(every[-1])
    if slot.binding in {"version", "deployment"} and not surely_running:
        return "VERSION_UNKNOWN" if candidates else "MISSING", bool(candidates)
    state, worst = min(certain, key=STATES.index), min(every, key=STATES.index)
    if state in {"OK", "OPEN_LINEAGE"} and worst != state:
        state = max("UNVERIFIED", worst, key=STATES.index)
    return state, bool(candidates)


def _for_target(judged, doubtful, answered, asset, target):
    if not judged:
        return "MISSING"
    if any(state == "CONTESTED" and record.uid not in answered for record, state in judged):
        return "CONTESTED"
    state = max((state for _, state in judged), key=STATES.index)
    perhaps = any(
        record.uid in doubtful and record.uid not in answered and _fails(record, target, asset)
        for record, one in judged
        if one != "REVOKED"
    )
    return "UNVERIFIED" if perhaps and state in {"OK", "OPEN_LINEAGE"} else state


def _fails(record, target, asset):
    """Whether a record is a failure of what a slot is judged for: a version, or the asset itself."""
    if record.verdict != "fail":
        return False
    if target is None:
        return True
    if record.digests and target.digest:
        return target.digest in record.digests
    return record.about == target.uid or (not record.digests and record.about == asset.uid)


def _time(world, record):
    return world.recorded[record.commit - 1] if record.decision else record.collected


def _matches(record, slot, requirement):
    if slot.type == "approval":
        return record.decision and record.type == "approval" and record.aspect == slot.aspect
    if record.decision:
        return False
    if (requirement.uid, slot.key) in record.offered:
        return True
    return record.type == slot.type and record.aspect == slot.aspect


def _revoked(world, record, known, t):
    """Whether a record is revoked: "yes", "perhaps" where that is only possible, else None."""
    found = [
        r
        for r in known
        if r.decision and r.type == "revocation" and r.about == record.uid and _time(world, r) <= t
    ]
    if any(not r.maybe_about for r in found):
        return "yes"
    return "perhaps" if found else None


def _answered(world, failure, target, near, known, sure, t):
    passes = _later_passes(world, failure, near, known, sure, t)
    if failure.digests:
        # The digest on trial has to pass; where none is, every one that failed.
        failing = set(failure.digests)
        if target is not None and target.digest in failing:
            failing = {target.digest}
        return failing <= {digest for record in passes for digest in record.digests}
    if target is None:
        return any(record.about == failure.about for record in passes)
    for record in passes:
        if record.digests and target.digest:
            if target.digest in record.digests:
                return True
        elif record.about == target.uid:
            return True
    return False


def _later_passes(world, failure, near, known, sure, t):
    passes = []
    for record in near:
        if record.maybe_about or record.about not in sure:
            continue
        if (
            record.decision
            or record.verdict != "pass"
            or record.check is None
            or record.check != failure.check
        ):
            continue
        if record.collected is None or not failure.collected < record.collected <= t:
            continue
        if _revoked(world, record, known, t) is not None:
            continue
        passes.append(record)
    return passes


def _doubtful(record, requirement, slot, sure):
    if record.maybe_about or record.about not in sure:
        return True
    if record.decision or (record.type == slot.type and record.aspect == slot.aspect):
        return False
    return record.maybe_offered and (requirement.uid, slot.key) in record.offered


def _judge(world, record, target, asset, slot, known, places, t, doubtful):  # noqa: C901, PLR0917
    revoked = _revoked(world, record, known, t)
    if revoked == "yes":
        return "REVOKED"
    if _fails(record, target, asset) and record.uid not in doubtful:
        return "CONTESTED"
    if target is not None:
        if target.digest is None:
            return "VERSION_UNKNOWN"
        if target.digest not in record.digests:
            return "MISMATCH"
    if slot.binding == "deployment" and record.environment not in places:
        return "MISMATCH"
    at = _time(world, record)
    if t >= record.expires:
        return "STALE"
    if slot.days is not None and t >= at + slot.days:
        return "STALE"
    changed = slot.watch is not None and _changed(world, asset, slot.watch, at, t, places)
    if changed == "yes":
        return "STALE"
    if record.verdict == "fail" or record.uid in doubtful or revoked == "perhaps" or changed == "perhaps":
        return "UNVERIFIED"
    if slot.method == "TEST" and record.verdict != "pass":
        return "UNVERIFIED"
    if record.decision and not record.authenticated:
        return "UNVERIFIED"
    return "OPEN_LINEAGE" if slot.inherit else "OK"


def _changed(world, asset, name, since, t, places):
    """Whether what is watched has changed: "yes", "perhaps", or None."""
    if name != "version":
        seen = [_value(asset, name, day) for day in range(since, t + 1)]
        return "yes" if len({value for value in seen if value is not None}) > 1 else None
    perhaps = None
    before = _may_run(world, asset, places, since)
    for day in range(since + 1, t + 1):
        after = _may_run(world, asset, places, day)
        if after != before:
            perhaps = "perhaps"
        # What runs is one of some sets: of versions, all that certainly run and any that possibly do.
        if not any(one in after for one in before):
            return "yes"
    return perhaps


def _may_run(world, asset, places, day):
    """Every set of versions that may be the one that runs on a day."""
    sure = {run.version for run in _certainly_current(world, asset, places, day)}
    perhaps = sorted(set(_current(world, asset, places, day)) - sure)
    sets = [frozenset(sure)]
    for version in perhaps:
        sets += [one | {version} for one in sets]
    return set(sets)
