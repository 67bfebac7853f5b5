"""`holdfast evidence`: which requirements are proved for which subjects, and what is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import (
    AsOfOption,
    FailOnOption,
    JsonOption,
    KnownAtOption,
    QuietOption,
    RulesOption,
    StoreOption,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evidence")(evidence)


def evidence(
    uids: Annotated[
        list[str] | None, typer.Argument(metavar="[UID]...", help="Only these subjects [all].")
    ] = None,
    *,
    requirement: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="Only this: uid, label or alias; repeatable."),
    ] = None,
    edition: Annotated[
        list[str] | None, typer.Option(metavar="UID", help="Only this edition, or regulation; repeatable.")
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
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    rules: RulesOption = None,
    fail_on: FailOnOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print which requirements are met, with the proof or the first test that fails.

    Counts for --fail-on: gaps, satisfied, not_assessable, unknown (requirements of which it
    is not known whether they apply), and slots by state, such as MISSING.
    """
    from api import words
    from api.cli.evidence_output import counted, print_evidence
    from api.cli.failing import fail_if
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.evidence import evidence_of
    from api.fail_on import parsed
    from api.session import opened
    from api.settings import load
    from api.times import moment, standpoint
    from api.uids import meant_by
    from graph.model import CommitNumber, Uid
    from queries.estate import Standpoint
    from queries.evidence import DEFAULT_ENVIRONMENTS, EvidenceQuestion, find_evidence
    from queries.evidence.states import SlotState

    conditions = parsed(fail_on, ["gaps", "satisfied", "not_assessable", "unknown", *SlotState])
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at, rules))
        meant = meant_by(view, uids or [])
        question = EvidenceQuestion(
            subjects=tuple(m.uid for m in meant),
            requirements=tuple(requirement or ()),
            editions=tuple(Uid(uid) for uid in edition or ()),
            environments=tuple(sorted(words.environments(environment))) or DEFAULT_ENVIRONMENTS,
            law_at=None if law_at is None else moment(law_at, "law_at"),
            catalogs_known=None if catalogs_known_at is None else CommitNumber(catalogs_known_at),
            standpoint=Standpoint(as_of=view.at.valid, known=view.at.known, rules_version=rules),
        )
        answer = find_evidence(session.estate, question)
    if as_json:
        emit_json(evidence_of(answer))
    else:
        print_evidence(answer, taken_for(meant), limit=limit, quiet=quiet)
    fail_if(conditions, counted(answer), cut=False)
