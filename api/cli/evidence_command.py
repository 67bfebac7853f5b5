"""`holdfast evidence`: which requirements are proved for which subjects, and what is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "evidence", evidence)


def evidence(
    uids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UID]...", help="Only these subjects, by uid, name or external id [all]."),
    ] = None,
    *,
    requirement: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="Only this: uid, label or alias; repeatable."),
    ] = None,
    edition: Annotated[
        list[str] | None,
        typer.Option(metavar="UID", help="Only this edition, or regulation, by uid or name; repeatable."),
    ] = None,
    environment: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Repeatable [production and unknown].")
    ] = None,
    law_at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="The law of this date [that of --as-of].")
    ] = None,
    catalogs_known_at: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Catalogs as of this commit [the newest].")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, metavar="N", help="Print so many requirements; 0 is all.")
    ] = 20,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Print which requirements are met, with the proof or the first test that fails.

    Counts for --fail-on: gaps, satisfied, not_assessable, unknown (requirements of which it
    is not known whether they apply), unreadable (requirements in no row, because they cannot
    be read), untyped (nodes that may be subjects, were their type known), slots by state,
    such as MISSING, not_covered (those that are MISSING only because nobody has looked), and
    those of every answer: looked_at, referenced_not_described (nodes), uncovered_relations.
    """
    from api import words
    from api.cli.evidence_output import counted, nothing_in_force, print_evidence
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.evidence import evidence_of
    from api.times import moment
    from api.uids import uid_meant
    from graph.model import CommitNumber
    from queries.evidence import DEFAULT_ENVIRONMENTS, EvidenceQuestion, find_evidence
    from queries.evidence.states import SlotState

    beside = ("unknown", "unreadable", "untyped", "not_covered")
    conditions = gate.conditions(["gaps", "satisfied", "not_assessable", *beside, *SlotState])
    with asked.opened() as asking:
        meant = asking.meant(uids or [])
        question = EvidenceQuestion(
            subjects=tuple(m.uid for m in meant),
            requirements=tuple(requirement or ()),
            editions=tuple(uid_meant(asking.view, word) for word in edition or ()),
            environments=tuple(sorted(words.environments(environment))) or DEFAULT_ENVIRONMENTS,
            law_at=None if law_at is None else moment(law_at, "law_at"),
            catalogs_known=None if catalogs_known_at is None else CommitNumber(catalogs_known_at),
            standpoint=asking.standpoint,
        )
        answer = find_evidence(asking.estate, question)
    if asked.as_json:
        emit_json(evidence_of(answer))
    else:
        print_evidence(answer, taken_for(meant), limit=limit, quiet=asked.quiet)
    gate.check(conditions, Held(counted(answer), answer.basis, nothing_in_force(answer)))
