"""`holdfast ownership-gaps`: what nobody answers for, what that may lead to, and who might."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import reach_options as given
from api.cli.options import (
    AsOfOption,
    FailOnOption,
    JsonOption,
    KnownAtOption,
    QuietOption,
    RulesOption,
    StoreOption,
)

if TYPE_CHECKING:
    from queries.ownership import Gap, OwnershipAnswer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ownership-gaps")(ownership_gaps)


def ownership_gaps(
    uids: Annotated[
        list[str] | None, typer.Argument(metavar="[UID]...", help="Only these nodes [all].")
    ] = None,
    *,
    kind: given.KindOption = None,
    environment: given.EnvironmentOption = None,
    min_criticality: given.CriticalityOption = None,
    owned: Annotated[bool, typer.Option("--owned", help="List the nodes that are owned too.")] = False,
    limit: given.LimitOption = 20,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    rules: RulesOption = None,
    fail_on: FailOnOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print what no living person answers for, the gravest first, with who might.

    Counts for --fail-on: gaps, owned, inherited, unknown, not_assessed, and each reason by
    name, such as NO_OWNER.
    """
    from api import words
    from api.cli.failing import fail_if
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.ownership import ownership_of
    from api.fail_on import parsed
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from api.uids import meant_by
    from queries.filters import NodeFilter
    from queries.ownership import OwnershipQuestion, find_ownership
    from queries.ownership_rules import Reason

    only = NodeFilter(words.kinds(kind), words.environments(environment), min_criticality)
    names = ["gaps", "owned", "inherited", "unknown", "not_assessed", *Reason]
    conditions = parsed(fail_on, names)
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at, rules))
        meant = meant_by(view, uids or [])
        question = OwnershipQuestion(
            uids=tuple(m.uid for m in meant) if uids else None,
            only=only,
            standpoint=given.pinned(view, rules),
        )
        answer = find_ownership(session.estate, question)
    if as_json:
        emit_json(ownership_of(answer, owned=owned))
    else:
        print_ownership(answer, taken_for(meant), limit=limit, owned=owned, quiet=quiet)
    fail_if(conditions, counted(answer), cut=False)


def counted(answer: OwnershipAnswer) -> dict[str, int]:
    """Return the counts that `--fail-on` can name; ranking may be cut, the gaps never are."""
    from queries.ownership_rules import Reason, Standing

    return {
        "gaps": len(answer.gaps),
        **{s.value: answer.standings.get(s, 0) for s in Standing if s is not Standing.GAP},
        **{reason.value: answer.reasons.get(reason, 0) for reason in Reason},
    }


def print_ownership(
    answer: OwnershipAnswer, notes: list[str], *, limit: int, owned: bool, quiet: bool
) -> None:
    """Print gaps, so many of them, and what is counted apart."""
    from api.cli.asking import basis_lines
    from api.cli.output import emit, say
    from queries.ownership_rules import Standing

    for line in notes:
        say(line)
    emit(f"{len(answer.gaps)} ownership gaps among {len(answer.nodes)} nodes.")
    for gap in answer.gaps[: limit or None]:
        for line in gap_lines(gap):
            emit(f"  {line}")
    if limit and len(answer.gaps) > limit:
        emit(f"  and {len(answer.gaps) - limit} more: --limit 0 prints all, --json gives all.")
    if owned:
        for row in answer.nodes:
            if row.standing in (Standing.OWNED, Standing.INHERITED):
                emit(f"  {row.node.label}: {row.because}")
    if quiet:
        return
    for line in (*apart_lines(answer), *basis_lines(answer.basis)):
        emit(line)


def gap_lines(gap: Gap) -> list[str]:
    """Return a gap in words: what and why, what it can harm, who might own it."""
    row, weight = gap.ownership, gap.consequence
    reasons = ", ".join(reason.value for reason in row.reasons)
    lines = [f"{row.node.label} ({row.node.kind.value}): {reasons}; {row.because}."]
    if weight.harm is not None:
        least = "" if weight.is_whole else "at least "
        unknown = f", of unknown criticality {weight.unknown}" if weight.unknown else ""
        lines.append(
            f"    if {weight.harm.value}: {least}{weight.states} certain states, "
            f"weight {least}{weight.weight}{unknown}"
        )
    else:
        lines.append("    what it can harm was not walked: there was no time")
    for suggestion in gap.suggestions[:1]:
        because = "; ".join(suggestion.because)
        lines.append(f"    perhaps {suggestion.label} ({suggestion.strength.value}): {because}")
    if not gap.suggestions:
        lines.append("    nobody to suggest")
    return lines


def apart_lines(answer: OwnershipAnswer) -> list[str]:
    """Return what is neither a gap nor fine, counted apart."""
    from queries.ownership_rules import Standing

    count = answer.standings.get
    lines = [
        (
            f"{count(Standing.OWNED, 0)} owned, {count(Standing.INHERITED, 0)} by inheritance; "
            f"UNKNOWN: {count(Standing.UNKNOWN, 0)} depend on what no source says, "
            f"{count(Standing.NOT_ASSESSED, 0)} are covered by no source of owners, "
            f"{answer.kind_unknown} are of unknown kind."
        )
    ]
    if answer.hidden_for_unknown_criticality:
        lines.append(f"{answer.hidden_for_unknown_criticality} are left out for unknown criticality.")
    return lines
