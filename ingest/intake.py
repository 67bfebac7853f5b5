"""From what a source says to commits: each claim checked at the door, batched, committed, counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from graph.errors import HoldfastError, InvalidValue, Problem
from graph.ledger.change import Assert, Effect, StepOutcome
from graph.ledger.check import checked_claim
from graph.ledger.coverage import says_complete
from graph.ledger.values import checked_identifier, checked_text
from graph.model import Instant, NodeFacts
from ingest.door import Admitted, admit, secret_in_identifier
from ingest.holding import from_held_text, held_text, without_complete
from ingest.jsontext import ascii_safe
from ingest.record import Observed, Said
from ingest.redaction import denotes_value, redact_text
from ingest.rejections import problem_of
from ingest.run import Run
from ingest.section import Section, Waiting
from ingest.seen import Earlier
from ingest.unheeded import unheeded

NOT_WHOLE: Final = "as it was not read completely, no node of it is taken to have all of its edges named"
"""What a reader is warned of where nodes say otherwise."""

EFFECTS = {
    Effect.CREATED: "created",
    Effect.CHANGED: "changed",
    Effect.UNCHANGED: "unchanged",
}


def take(run: Run, section: Section, said: Said) -> None:
    """Let one claim of a scope wait to be committed, and commit what waits once it is enough."""
    said = _tellable(said)
    try:
        waiting = _checked(run, section, said)
    except HoldfastError as error:
        section.unread += 1
        run.reject(problem_of(error, said.file, said.position))
        return
    if waiting is not None and says_complete(waiting.claim):
        run.seen.hold(section.number, held_text(waiting))
    elif waiting is not None:
        _enqueue(run, section, waiting)


def _tellable(said: Said) -> Said:
    """Return a claim whose place can be told: names in the input may hold what UTF-8 cannot."""
    claim, locator = said.claim, said.claim.locator
    if locator is not None and not locator.isprintable():
        claim = replace(claim, locator=ascii_safe(locator))
    return Said(claim, ascii_safe(said.file), ascii_safe(said.position))


def say_held(run: Run, section: Section, *, whole: bool) -> None:
    """Say what was held back; unless the reading was whole, without the word that all edges are named."""
    for part in run.seen.held(section.number):
        for text in part:
            waiting = from_held_text(text, section.scope)
            if not whole:
                run.warn(f"{section.scope.name}: {NOT_WHOLE}")
                waiting = without_complete(waiting)
            _enqueue(run, section, waiting)


def flush(run: Run) -> None:
    """Commit all that waits, whichever scopes it is of, and count what came of it."""
    for frame, entries in run.batch.taken():
        steps = ((section.scope.name, Assert(waiting.claim)) for section, waiting in entries)
        for (section, waiting), outcome in zip(entries, run.writer.record(steps, frame), strict=True):
            _settle(run, section, waiting, outcome)


def _enqueue(run: Run, section: Section, waiting: Waiting) -> None:
    if not run.batch.has_room_for(section, waiting):
        flush(run)
    run.batch.add(section, waiting)
    if run.batch.count >= run.writer.limit:
        flush(run)


def observe(run: Run, observed: Observed, at: Instant) -> None:
    """Keep a volatile value for the run log; one that cannot be kept is a warning."""
    try:
        checked_identifier(observed.uid, "uid")
        checked_identifier(observed.name, "name")
        checked_text(observed.value, observed.name)
    except InvalidValue as error:
        run.warn(f"A volatile value was left out: {error}")
        return
    if secret_in_identifier(observed.uid) or denotes_value(observed.name, observed.value):
        run.warn("A volatile value was left out: its node or its name says that it is a secret.")
        return
    run.seen.observe(replace(observed, value=redact_text(observed.value)), at)
    run.report.observed += 1


def _checked(run: Run, section: Section, said: Said) -> Waiting | None:
    """Return a claim that is fit to be committed; None where an equal one was said before."""
    admitted = admit(checked_claim(said.claim))
    if said.claim.scope != section.scope:
        raise InvalidValue("scope", "another scope than the one that is open", "claims of the open scope")
    _tell_differences(run, said, admitted)
    for observed in admitted.observed:
        observe(run, observed, section.opened.read_at)
    claim_id, statement = section.statement(said, admitted.claim)
    earlier = run.seen.say(section.number, claim_id, statement)
    if earlier is not None:
        _settle_repeated(run, section, said, earlier)
        return None
    section.note(admitted.claim)
    return Waiting(admitted.claim, said.file, said.position, claim_id, statement.digest)


def _tell_differences(run: Run, said: Said, admitted: Admitted) -> None:
    for field in admitted.removed:
        run.warn(f"{said.file}: {said.position}: {field.field} was left out or shortened: {field.what}")
    for what in admitted.amended:
        run.warn(f"{said.file}: {said.position}: {what}")
    for warning in unheeded(admitted.claim):
        run.warn(warning)


def _settle_repeated(run: Run, section: Section, said: Said, earlier: Earlier) -> None:
    if earlier.same:
        run.report.accepted += 1
        run.counts(said.claim.about).unchanged += 1
        return
    section.unread += 1
    stated = said.claim.valid is not None
    reason = (
        f"holds a time for which {earlier.place} says something of the same thing already"
        if stated
        else f"says something else than {earlier.place} says of the same thing, so that it is left out"
    )
    field, expected = "valid_from" if stated else "", "each thing said once, or for times that do not overlap"
    run.reject(Problem(said.file, said.position, field, reason, expected))


def _settle(run: Run, section: Section, waiting: Waiting, outcome: StepOutcome) -> None:
    if outcome.effect is Effect.REJECTED:
        error = outcome.error or InvalidValue("claim", "something that the ledger refuses", "a valid claim")
        run.seen.reject(section.number, waiting.claim_id)
        section.refused += 1
        run.reject(problem_of(error, waiting.file, waiting.position))
        return
    created = outcome.effect is Effect.CREATED
    run.seen.accept(section.number, waiting.claim_id, outcome.keys, created=created)
    if outcome.effect is Effect.UNCHANGED:
        run.seen.repeat(
            section.number, waiting.mention(section.opened.read_at, outcome.said), lasting=waiting.lasting
        )
    facts = waiting.claim.about
    counts, name = run.counts(facts), EFFECTS[outcome.effect]
    setattr(counts, name, getattr(counts, name) + 1)
    run.report.accepted += 1
    if isinstance(facts, NodeFacts):
        run.seen.describe(facts.uid)
    else:
        run.seen.mention((facts.subject, facts.object), f"{waiting.file}: {waiting.position}")
