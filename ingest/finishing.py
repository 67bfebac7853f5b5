"""The end of scopes' readings: what is taken back, what is closed, and what is covered from now on.

What ends in a scope goes into one commit with the word that it was read completely,
unless it is more than a batch; several small scopes share one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.errors import ClosingRefused
from graph.ledger.change import Close, Cover, Effect, Step, Withdraw
from graph.model import Instant, as_text
from ingest.closing import complete_reads, plan_whole
from ingest.intake import flush, say_held
from ingest.report import ScopeReport
from ingest.run import Run
from ingest.section import Section
from ingest.seen import End, PlannedEnd
from ingest.writer import Frame, ScopeStep


@dataclass
class _Ending:
    """How one reading of a scope ends. ``why`` says why it does not count as complete; None if it does.

    ``planned`` is how many rows are to end, ``gone`` how many did.
    """

    section: Section
    why: str | None
    later: Instant | None
    refusal: ClosingRefused | None
    planned: int
    gone: dict[End, int] = field(default_factory=lambda: dict.fromkeys(End, 0))

    @property
    def steps(self) -> int:
        """Return how many steps it takes."""
        return self.planned + (self.why is None)

    @property
    def frame(self) -> Frame:
        """Return what it must have in common with others; that all was read depends on no time."""
        return self.section.frame if self.planned else Frame(self.section.scope.source)


def finish(run: Run, sections: Sequence[Section]) -> None:
    """End what readings of scopes end, cover the scopes that were read whole, and report on each.

    The scopes are different ones: what ends in one rests on nothing in another.
    """
    flush(run)
    for section in sections:
        say_held(run, section, whole=_why_incomplete(run, section) is None)
    flush(run)
    endings = [_planned(run, section) for section in sections]
    for frame, together in _together(run, endings):
        _end_rows(run, frame, together)
        for ending in together:
            run.seen.forget_plans(ending.section.number)
            if ending.why is None:
                run.complete(ending.section.scope, ending.section.opened.read_at)
    run.report.scopes.extend(map(_reported, endings))


def _planned(run: Run, section: Section) -> _Ending:
    """Note which rows of a scope end, and return how its reading ends."""
    why, later = _why_incomplete(run, section), _later_read(run, section)
    refusal = _plan_ends(run, section, whole=why is None, later=later)
    if refusal is not None:
        why = str(refusal)
    _keep_mentions(run, section, whole=why is None)
    return _Ending(section, why, later, refusal, run.seen.count_planned(section.number))


def _together(run: Run, endings: Sequence[_Ending]) -> Iterator[tuple[Frame, list[_Ending]]]:
    """Yield endings that share a commit; one that is more than a batch stays by itself."""
    waiting: dict[Frame, list[_Ending]] = defaultdict(list)
    steps: dict[Frame, int] = defaultdict(int)
    for ending in endings:
        frame = ending.frame
        if waiting[frame] and steps[frame] + ending.steps > run.writer.limit:
            yield frame, waiting.pop(frame)
            steps[frame] = 0
        waiting[frame].append(ending)
        steps[frame] += ending.steps
    yield from waiting.items()


def _reported(ending: _Ending) -> ScopeReport:
    section = ending.section
    return ScopeReport(
        scope=section.scope,
        read_at=section.opened.read_at,
        complete=ending.why is None,
        why=ending.why or _why_nothing_closed(ending.later),
        closed=ending.gone[End.CLOSE],
        withdrawn=ending.gone[End.WITHDRAW],
        refused=ending.refusal is not None,
    )


def _why_incomplete(run: Run, section: Section) -> str | None:
    """Return why a reading does not count as complete; None where it does.

    In a scope that states its history, a claim that the ledger refused blocks nothing
    but itself: that it was said is known.
    """
    unread = section.unread + run.unread[section.scope]
    rejected = unread + (0 if section.opened.states_history else section.refused)
    if rejected:
        return f"{rejected} of its records {'was' if rejected == 1 else 'were'} rejected"
    return None if section.whole else section.why_not


def _later_read(run: Run, section: Section) -> Instant | None:
    """Return the time of a complete read that is later than this one; None where there is none.

    What states its history is worked out anew each time, so no reading of it is late.
    """
    if section.opened.states_history:
        return None
    newest = max(complete_reads(run.ledger, section.scope), default=None)
    return newest if newest is not None and newest > section.opened.read_at else None


def _plan_ends(run: Run, section: Section, *, whole: bool, later: Instant | None) -> ClosingRefused | None:
    """Note which rows end; return the refusal where closing would end too many of them."""
    reading = section.reading()
    if later is not None:
        return None
    if not whole:
        return None
    closings = plan_whole(run.ledger, run.seen, reading)
    if not closings.refused or run.options.allow_closing:
        return None
    run.seen.forget_closings(section.number)
    return ClosingRefused(section.scope.name, closings.count, closings.live)


def _keep_mentions(run: Run, section: Section, *, whole: bool) -> None:
    """Keep what was said that stood already, so that an older reading does not outweigh it.

    Of a whole reading it is known without: what it does not say ends, but for what is lasting.
    """
    if section.opened.states_history:
        return
    for part in run.seen.repeated(section.number, lasting=whole):
        run.ledger.store.add_mentions(section.scope, part)


def _end_rows(run: Run, frame: Frame, endings: Sequence[_Ending]) -> None:
    """End what is planned in scopes and cover them; count what ended."""
    # The steps in flight are at most a batch; each meets its outcome in the same order.
    sent: deque[tuple[_Ending, End, PlannedEnd] | None] = deque()
    for outcome in run.writer.record(_steps(run, endings, sent), frame):
        ended = sent.popleft()
        if ended is not None and outcome.effect is Effect.CLOSED:
            ending, how, end = ended
            counts = run.report.edges if end.is_edge else run.report.nodes
            counts.closed += how is End.CLOSE
            counts.withdrawn += how is End.WITHDRAW
            ending.gone[how] += 1


def _steps(
    run: Run, endings: Sequence[_Ending], sent: deque[tuple[_Ending, End, PlannedEnd] | None]
) -> Iterator[ScopeStep]:
    """Yield, scope by scope, what takes back, what closes, and last what covers; note each as it is sent."""
    for ending in endings:
        section = ending.section
        for how in (End.WITHDRAW, End.CLOSE):
            for part in run.seen.planned(section.number, how):
                for end in part:
                    sent.append((ending, how, end))
                    yield section.scope.name, _step(end, how, section.opened.read_at)
        if ending.why is None:
            sent.append(None)
            yield section.scope.name, _cover(section)


def _cover(section: Section) -> Cover:
    """Return what says that a scope was read completely; also where that covers nothing."""
    opened = section.opened
    kinds, relations = section.covered()
    covered_from = opened.read_at if opened.covered_from is None else opened.covered_from
    return Cover(
        section.scope,
        kinds,
        relations,
        covered_from,
        complete_at=opened.read_at,
        restates=section.restates(),
    )


def _step(end: PlannedEnd, how: End, read_at: Instant) -> Step:
    return Withdraw((end.key,)) if how is End.WITHDRAW else Close((end.key,), read_at)


def _why_nothing_closed(later: Instant | None) -> str | None:
    if later is None:
        return None
    return f"older than the complete read of {as_text(later)}: it adds history and closes nothing"
