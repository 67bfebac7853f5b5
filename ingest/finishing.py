"""The end of a scope's reading: what is taken back, what is closed, and what is covered from now on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from graph.errors import ClosingRefused
from graph.ledger.change import Close, Cover, Effect, Step, Withdraw
from graph.model import Instant, as_text
from ingest.closing import complete_reads, plan_whole
from ingest.intake import frame_of, say_held
from ingest.report import ScopeReport
from ingest.run import Run
from ingest.section import Section
from ingest.seen import End, PlannedEnd


def finish(run: Run, section: Section) -> None:
    """End what a reading of a scope ends, cover the scope if it was whole, and report on it."""
    read_at = section.opened.read_at
    say_held(run, section, whole=_why_incomplete(run, section) is None)
    why = _why_incomplete(run, section)
    later = _later_read(run, section)
    refusal = _plan_ends(run, section, whole=why is None, later=later)
    if refusal is not None:
        why = str(refusal)
    _keep_mentions(run, section, whole=why is None)
    gone = dict.fromkeys(End, 0)
    for end in _end_rows(run, section, cover=why is None):
        gone[end] += 1
    run.seen.forget_plans(section.number)
    if why is None:
        run.complete(section.scope, read_at)
    run.report.scopes.append(
        ScopeReport(
            scope=section.scope,
            read_at=read_at,
            complete=why is None,
            why=why or _why_nothing_closed(later),
            closed=gone[End.CLOSE],
            withdrawn=gone[End.WITHDRAW],
            refused=refusal is not None,
        )
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


def _end_rows(run: Run, section: Section, *, cover: bool) -> Iterator[End]:
    """End what is planned and cover the scope; yield how, once for each row that ended."""
    frame = frame_of(section)
    # The steps in flight are at most a batch; each meets its outcome in the same order.
    sent: deque[tuple[End, PlannedEnd] | None] = deque()
    for _, outcome in run.writer.record(_steps(run, section, sent, cover=cover), frame):
        ended = sent.popleft()
        if ended is not None and outcome.effect is Effect.CLOSED:
            how, end = ended
            counts = run.report.edges if end.is_edge else run.report.nodes
            counts.closed += how is End.CLOSE
            counts.withdrawn += how is End.WITHDRAW
            yield how


def _steps(
    run: Run, section: Section, sent: deque[tuple[End, PlannedEnd] | None], *, cover: bool
) -> Iterator[Step]:
    """Yield what takes back, what closes, and last what covers; note each as it is sent."""
    for how in (End.WITHDRAW, End.CLOSE):
        for part in run.seen.planned(section.number, how):
            for end in part:
                sent.append((how, end))
                yield _step(end, how, section.opened.read_at)
    if cover:
        sent.append(None)
        # Also where it covers nothing: that the scope was read completely is part of the record.
        kinds, relations = section.covered()
        covered_from = section.opened.covered_from
        read_at = section.opened.read_at if covered_from is None else covered_from
        yield Cover(
            section.scope,
            kinds,
            relations,
            read_at,
            complete_at=section.opened.read_at,
            restates=section.opened.states_history,
        )


def _step(end: PlannedEnd, how: End, read_at: Instant) -> Step:
    return Withdraw((end.key,)) if how is End.WITHDRAW else Close((end.key,), read_at)


def _why_nothing_closed(later: Instant | None) -> str | None:
    if later is None:
        return None
    return f"older than the complete read of {as_text(later)}: it adds history and closes nothing"
