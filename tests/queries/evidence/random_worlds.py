"""Small random worlds of assets, versions, evidence and requirements, for property tests."""

from __future__ import annotations

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
ASPECTS = ("accuracy", "security")
SLOTS = st.builds(
    PlainSlot,
    key=st.just("?"),
    binding=st.sampled_from(["version", "version", "system", "deployment"]),
    type=st.sampled_from(["evaluation", "evaluation", "scan", "approval"]),
    aspect=st.sampled_from(ASPECTS),
    days=st.none() | st.sampled_from([3, 10]),
    watch=st.none(),
    method=st.sampled_from(["TEST", "EXAMINE"]),
    group=st.sampled_from([None, None, "g"]),
    inherit=st.sampled_from([False, False, False, True]),
)
WATCHING = st.builds(
    PlainSlot,
    key=st.just("?"),
    binding=st.sampled_from(["version", "system"]),
    type=st.sampled_from(["evaluation", "approval"]),
    aspect=st.sampled_from(ASPECTS),
    watch=st.sampled_from(["purpose", "version"]),
    method=st.just("EXAMINE"),
)


@st.composite
def requirements(draw: st.DrawFn, number: int) -> PlainRequirement:
    slots = draw(st.lists(SLOTS | WATCHING, max_size=3))
    named = tuple(
        PlainSlot(**{**{n: getattr(slot, n) for n in PlainSlot.__dataclass_fields__}, "key": f"s{i}"})
        for i, slot in enumerate(slots)
    )
    about_fact = draw(st.booleans())
    return PlainRequirement(
        uid=f"r{number}",
        slots=named,
        weight=draw(st.integers(1, 3)),
        start=draw(st.sampled_from([0, 0, 15])),
        end=draw(st.sampled_from([NEVER, NEVER, 25])),
        fact="purpose" if about_fact else None,
        value="a" if about_fact else None,
        level=draw(st.sampled_from(["system", "system", "deployment"])),
    )


@st.composite
def assets(draw: st.DrawFn, uid: str) -> PlainAsset:
    changes = draw(st.lists(st.tuples(DAYS, st.sampled_from(["a", "b", None])), max_size=3))
    values = tuple((day, said) for day, said in sorted(dict(changes).items()))
    return PlainAsset(uid, "model", {"purpose": values} if values else {})


@st.composite
def runs(draw: st.DrawFn, asset: str, versions: list[str]) -> list[PlainRun]:
    """At most one stretch for each version and environment, so that no two of one edge overlap."""
    found = []
    for version in versions:
        for environment in draw(st.sets(st.sampled_from(ENVIRONMENTS), max_size=2)):
            start, end = draw(DAYS), draw(st.just(NEVER) | DAYS)
            if start < end:
                found.append(PlainRun(asset, version, environment, start, end))
    return found


@st.composite
def records(draw: st.DrawFn, number: int, places: list[str], slots: list[tuple[str, str]]) -> PlainRecord:
    decision = draw(st.sampled_from([False, False, False, True]))
    return PlainRecord(
        uid=f"e{number}",
        about=draw(st.sampled_from(places)),
        commit=draw(st.integers(1, 3)),
        type="approval" if decision else draw(st.sampled_from(["evaluation", "evaluation", "scan"])),
        aspect=draw(st.sampled_from(ASPECTS)),
        verdict=None if decision else draw(st.sampled_from(["pass", "pass", "fail", "none", None])),
        check=None if decision else draw(st.sampled_from([None, "check"])),
        digests=tuple(sorted(draw(st.sets(st.sampled_from(DIGESTS), max_size=2)))),
        collected=None if decision else draw(st.none() | DAYS | DAYS),
        expires=NEVER if decision else draw(st.just(NEVER) | st.just(NEVER) | DAYS),
        environment=None if decision else draw(st.sampled_from([None, *ENVIRONMENTS])),
        offered=() if decision or not slots else tuple(draw(st.sets(st.sampled_from(slots), max_size=1))),
        decision=decision,
        authenticated=draw(st.booleans()),
    )


@st.composite
def worlds(draw: st.DrawFn) -> PlainWorld:
    uids = ["m1", "m2"][: draw(st.integers(1, 2))]
    versions = [
        PlainVersion(f"{uid}v{n}", uid, draw(st.sampled_from([*DIGESTS, None])))
        for uid in uids
        for n in range(draw(st.integers(1, 2)))
    ]
    running = [
        run
        for uid in uids
        for run in draw(runs(uid, [version.uid for version in versions if version.of == uid]))
    ]
    asked = [draw(requirements(n)) for n in range(draw(st.integers(1, 2)))]
    slots = [(requirement.uid, slot.key) for requirement in asked for slot in requirement.slots]
    places = [*uids, *(version.uid for version in versions)]
    told = [draw(records(n, places, slots)) for n in range(draw(st.integers(0, 5)))]
    revocations = [
        PlainRecord(
            f"x{n}", told[n].uid, draw(st.integers(1, 3)), type="revocation", decision=True, verdict=None
        )
        for n in range(len(told))
        if draw(st.integers(0, 7)) == 0
    ]
    return PlainWorld(
        assets=tuple(draw(assets(uid)) for uid in uids),
        versions=tuple(versions),
        runs=tuple(running),
        records=(*told, *revocations),
        requirements=tuple(asked),
    )
