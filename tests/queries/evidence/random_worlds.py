"""Small random worlds of assets, versions, evidence and requirements, for property tests.

They are drawn so that much is in order: a world in which everything is missing shows
nothing about the rules that come after.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.queries.evidence.plain import (
    NEVER,
    PlainAsset,
    PlainRecord,
    PlainRequirement,
    PlainRun,
    PlainSlot,
    PlainVersion,
    PlainWorld,
)

DAYS = st.integers(2, 34)
"""Days on which things happen; commits are recorded on the days 10, 20 and 30."""

DIGESTS = ("sha256:1", "sha256:2", "sha256:3")
ENVIRONMENTS = ("production", "unknown", "staging")
ASPECTS = ("accuracy", "accuracy", "accuracy", "security")

RECORD_SLOTS = st.builds(
    PlainSlot,
    key=st.just("?"),
    binding=st.sampled_from(["version", "version", "system", "deployment"]),
    type=st.sampled_from(["evaluation", "evaluation", "evaluation", "approval", "scan"]),
    aspect=st.sampled_from(ASPECTS),
    days=st.sampled_from([None, None, 3, 10]),
    method=st.sampled_from(["TEST", "EXAMINE"]),
    group=st.sampled_from([None, None, "g"]),
    inherit=st.sampled_from([False, False, True]),
)
WATCHING_SLOTS = st.builds(
    PlainSlot,
    key=st.just("?"),
    binding=st.sampled_from(["version", "system"]),
    type=st.sampled_from(["evaluation", "approval"]),
    aspect=st.sampled_from(ASPECTS),
    watch=st.sampled_from(["purpose", "version", "version"]),
    method=st.just("EXAMINE"),
)


def mostly(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The value three times out of four or so, else one of the others."""
    return st.sampled_from([*[value] * (3 * len(others)), *others])


@st.composite
def requirements(draw: st.DrawFn, number: int) -> PlainRequirement:
    slots = draw(
        st.lists(RECORD_SLOTS | RECORD_SLOTS | WATCHING_SLOTS, min_size=draw(mostly(1, 0)), max_size=3)
    )
    named = tuple(replace(slot, key=f"s{i}") for i, slot in enumerate(slots))
    about_fact = draw(mostly(False, True))
    return PlainRequirement(
        uid=f"r{number}",
        slots=named,
        weight=draw(st.integers(1, 3)),
        start=draw(mostly(0, 15)),
        end=draw(mostly(NEVER, 25)),
        fact="purpose" if about_fact else None,
        value="a" if about_fact else None,
        level=draw(mostly("system", "deployment")),
    )


@st.composite
def assets(draw: st.DrawFn, uid: str) -> PlainAsset:
    changes = draw(st.lists(st.tuples(DAYS, st.sampled_from(["a", "b", None])), max_size=3))
    values = tuple((day, said) for day, said in sorted(dict(changes).items()))
    return PlainAsset(uid, "model", {"purpose": values} if values else {})


@st.composite
def runs(draw: st.DrawFn, version: PlainVersion) -> list[PlainRun]:
    """At most one stretch for each environment, so that no two of one edge overlap."""
    found = []
    for environment in sorted(
        {draw(mostly("production", *ENVIRONMENTS)), draw(mostly("production", "unknown"))}
    ):
        start, end = draw(st.sampled_from([2, 2, 12, 22])), draw(st.sampled_from([NEVER, NEVER, 12, 22]))
        if start < end and draw(mostly(True, False)):
            possible = draw(st.sampled_from([False] * 3 + [True]))
            found.append(PlainRun(version.of, version.uid, environment, start, end, possible))
    return found


@st.composite
def records(draw: st.DrawFn, uid: str, versions: list[PlainVersion], slot: PlainSlot | None) -> PlainRecord:
    """A record for a slot, in which at most a few things are not as the slot asks; or just any."""
    decision = draw(mostly(False, True)) if slot is None else slot.type == "approval"
    aspect = draw(st.sampled_from(ASPECTS)) if slot is None else slot.aspect
    type_ = draw(st.sampled_from(["evaluation", "scan"])) if slot is None else slot.type
    version = draw(st.sampled_from(versions))
    every = {v.digest for v in versions if v.of == version.of and v.digest}
    digests = draw(st.sampled_from([every, every, every & {version.digest}, set()]))
    return PlainRecord(
        uid=uid,
        about=draw(st.sampled_from([version.of, version.uid])),
        commit=draw(st.sampled_from([1, 1, 1, 2, 3])),
        type="approval" if decision else type_,
        aspect=aspect,
        verdict=None if decision else draw(st.sampled_from(["pass"] * 6 + ["fail", "fail", "none", None])),
        check=None if decision else draw(st.sampled_from([None, "check"])),
        digests=tuple(sorted(digests)),
        collected=None if decision else draw(st.sampled_from([2, 2, 5, 9, 9, 9, 15, 22, None])),
        expires=NEVER if decision else draw(st.sampled_from([NEVER] * 5 + [12, 20])),
        environment=draw(st.sampled_from(["production", "production", "unknown", "staging", None])),
        decision=decision,
        authenticated=draw(st.sampled_from([True, True, True, False])),
        maybe_about=draw(st.sampled_from([False] * 4 + [True])),
        maybe_offered=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def offers(draw: st.DrawFn, one: PlainRecord, slots: list[tuple[str, str]]) -> PlainRecord:
    """The record, now and then offered for some slot by name, whatever its type."""
    if one.decision or not slots or draw(st.sampled_from([True, True, True, False])):
        return one
    return replace(one, offered=(draw(st.sampled_from(slots)),))


@st.composite
def worlds(draw: st.DrawFn) -> PlainWorld:
    uids = ["m1", "m2"][: draw(mostly(1, 2))]
    versions = [
        PlainVersion(f"{uid}v{n}", uid, draw(mostly(DIGESTS[n], DIGESTS[2], None)), draw(mostly(False, True)))
        for uid in uids
        for n in range(draw(st.integers(1, 2)))
    ]
    asked = [draw(requirements(n)) for n in range(draw(st.integers(1, 2)))]
    slots = [(requirement.uid, slot.key) for requirement in asked for slot in requirement.slots]
    for_slots = [slot for requirement in asked for slot in requirement.slots]
    wanted = [slot for slot in for_slots for _ in range(draw(st.sampled_from([1, 1, 2, 0])))]
    wanted += [None] * draw(st.sampled_from([0, 0, 1]))
    told = [draw(offers(draw(records(f"e{n}", versions, slot)), slots)) for n, slot in enumerate(wanted)]
    revoked = [one.uid for one in told if draw(st.sampled_from([False] * 4 + [True]))]
    return PlainWorld(
        assets=tuple(draw(assets(uid)) for uid in uids),
        versions=tuple(versions),
        runs=tuple(run for version in versions for run in draw(runs(version))),
        records=(*told, *(draw(revocations(n, uid)) for n, uid in enumerate(revoked))),
        requirements=tuple(asked),
    )


@st.composite
def revocations(draw: st.DrawFn, number: int, uid: str) -> PlainRecord:
    commit = draw(st.sampled_from([1, 1, 2, 3]))
    maybe = draw(st.booleans())
    return PlainRecord(
        f"x{number}", uid, commit, type="revocation", verdict=None, decision=True, maybe_about=maybe
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[PlainWorld, int, int]:
    """A world, a day and a commit; the day is mostly one on which something begins or ends."""
    world = draw(worlds())
    lengths = {slot.days for r in world.requirements for slot in r.slots if slot.days is not None}
    told = {record.collected for record in world.records if record.collected is not None} | {10, 20, 30}
    turns = {moment + length for moment in told for length in lengths} | told
    turns |= {moment for run in world.runs for moment in (run.start, run.end) if moment < NEVER}
    t = draw(st.sampled_from(sorted(turns)) | st.integers(3, 36))
    return world, t, draw(st.sampled_from([1, 2, 3, 3]))
