"""`holdfast ownership-gaps`: what nobody answers for, what that may lead to, and who might."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command

if TYPE_CHECKING:
    from queries.ownership import Gap, OwnershipAnswer
    from queries.ownership_rules import NodeOwnership, Reason, Standing


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "ownership-gaps", ownership_gaps)


def ownership_gaps(
    uids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UID]...", help="Only these nodes, by uid, name or external id [all]."),
    ] = None,
    *,
    only: given.NodeFilterOptions,
    owned: Annotated[bool, typer.Option("--owned", help="List the nodes that are owned too.")] = False,
    unknown: Annotated[
        bool,
        typer.Option(
            "--unknown", help="List those too of which it is not known, each with what no source covers."
        ),
    ] = False,
    limit: given.LimitOption = 20,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Print what no living person answers for, the gravest first, with who might.

    Nodes asked about by name are all listed, however it stands with them.

    Counts for --fail-on: gaps, owned, inherited, unknown, not_assessed, kind_unknown, left_out
    (nodes that a filter leaves out because their kind, environment or criticality is unknown),
    each reason by name, such as NO_OWNER (gaps; of UNCERTAIN, LIVENESS_UNKNOWN and NOT_ASSESSED
    every node), and those of every answer: looked_at, referenced_not_described (nodes),
    uncovered_relations.
    """
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.ownership import ownership_of
    from queries.ownership import OwnershipQuestion, find_ownership
    from queries.ownership_rules import OPEN, OWNED, Reason

    wanted = only.nodes()
    names = ["gaps", "owned", "inherited", "unknown", "not_assessed", "kind_unknown", "left_out", *Reason]
    conditions = gate.conditions(names)
    with asked.opened() as asking:
        meant = asking.meant(uids or [])
        question = OwnershipQuestion(
            uids=tuple(m.uid for m in meant) if uids else None,
            only=wanted,
            standpoint=asking.standpoint,
        )
        answer = find_ownership(asking.estate, question)
    if asked.as_json:
        emit_json(ownership_of(answer, every_node=owned or unknown))
    else:
        named = bool(uids)
        listed = [*(OWNED if owned or named else ()), *(OPEN if unknown or named else ())]
        print_ownership(answer, taken_for(meant), listed, limit=limit, quiet=asked.quiet)
    # Ranking may be cut, the gaps never are.
    gate.check(conditions, Held(counted(answer), answer.basis, nothing_assessed(answer)))


def counted(answer: OwnershipAnswer) -> dict[str, int]:
    """Return the counts that `--fail-on` can name."""
    from queries.ownership_rules import Reason, Standing

    return {
        "gaps": len(answer.gaps),
        **{s.value: answer.standings.get(s, 0) for s in Standing if s is not Standing.GAP},
        **{reason.value: _held(answer, reason) for reason in Reason},
        "kind_unknown": answer.kind_unknown,
        "left_out": answer.hidden.total,
    }


def _held(answer: OwnershipAnswer, reason: Reason) -> int:
    """Return how many nodes have a reason: gaps only, but of what makes no gap all that are not known."""
    from queries.ownership_rules import NOT_KNOWN

    elsewhere = answer.reasons_elsewhere.get(reason, 0) if reason in NOT_KNOWN else 0
    return answer.reasons.get(reason, 0) + elsewhere


def nothing_assessed(answer: OwnershipAnswer) -> str | None:
    """Return why nothing is known of any owner; None where it is of some node."""
    from queries.ownership_rules import OWNED, Standing

    if any(answer.standings.get(standing) for standing in (*OWNED, Standing.GAP)):
        return None
    if answer.nodes:
        return f"of none of the {len(answer.nodes)} nodes it is known who owns it"
    if answer.not_ownable:
        return "none of these nodes is one that should have an owner"
    return "at these times there is no such node that should have an owner"


def print_ownership(
    answer: OwnershipAnswer, notes: list[str], listed: Collection[Standing], *, limit: int, quiet: bool
) -> None:
    """Print gaps and the nodes of other standings, so many of each, and what is counted apart."""
    from api.cli.asking import print_basis
    from api.cli.output import emit, plural, say
    from api.cli.stated import node_words, only_lines

    for line in notes:
        say(line)
    asked = answer.question
    about = [] if asked.uids is None else [f"the nodes asked about ({', '.join(asked.uids)})"]
    for line in only_lines([*about, *node_words(asked.only)]):
        emit(line)
    emit(f"{plural(len(answer.gaps), 'ownership gap')} among {plural(len(answer.nodes), 'node')}.")
    others = [row for row in answer.nodes if row.standing in listed]
    for rows in ([gap_lines(gap) for gap in answer.gaps], [node_lines(row) for row in others]):
        for line in chain.from_iterable(rows[: limit or None]):
            emit(f"  {line}")
        if limit and len(rows) > limit:
            emit(f"  and {len(rows) - limit} more: --limit 0 prints all, --json gives all.")
    for line in () if quiet else apart_lines(answer):
        emit(line)
    print_basis(answer.basis, quiet=quiet)


def node_lines(row: NodeOwnership) -> list[str]:
    """Return how it stands with a node, and where it is not known also what no source covers."""
    from queries.ownership_rules import OPEN

    reasons = f"{', '.join(row.reasons)}; " if row.reasons else ""
    lines = [f"{row.node.label} ({row.node.kind.value}): {reasons}{row.because}."]
    if row.standing in OPEN and row.uncovered:
        lines.append(f"    not covered: {', '.join(row.uncovered)}")
    return lines


def gap_lines(gap: Gap) -> list[str]:
    """Return a gap in words: what and why, what it can harm, who might own it."""
    weight = gap.consequence
    lines = node_lines(gap.ownership)
    if weight.harm is not None:
        least = "" if weight.is_whole else "at least "
        unknown = f", of unknown criticality {weight.unknown}" if weight.unknown else ""
        lines.append(
            f"    if {weight.harm.value}: {least}{weight.states} certain states, "
            f"weight {least}{weight.weight}{unknown}"
        )
    else:
        lines.append("    what it can harm was not weighed, as there is more that is more critical")
    for suggestion in gap.suggestions[:1]:
        because = "; ".join(suggestion.because)
        lines.append(f"    perhaps {suggestion.label} ({suggestion.strength.value}): {because}")
    if not gap.suggestions:
        lines.append("    nobody to suggest")
    return lines


def apart_lines(answer: OwnershipAnswer) -> list[str]:
    """Return what is neither a gap nor fine, counted apart."""
    from api.cli.stated import hidden_lines
    from queries.ownership_rules import Standing

    count = answer.standings.get
    lines = [
        (
            f"{count(Standing.OWNED, 0)} owned, {count(Standing.INHERITED, 0)} by inheritance; "
            f"UNKNOWN: {count(Standing.UNKNOWN, 0)} depend on what no source says "
            f"or on what is only possible, "
            f"{count(Standing.NOT_ASSESSED, 0)} are covered by no source of owners, "
            f"{answer.kind_unknown} are of unknown kind."
        )
    ]
    if count(Standing.NOT_ASSESSED):
        lines.append(
            "A source of owners covers a node once it has read all of a scope that describes it; until then "
            "that no owner was found says nothing. --unknown lists these nodes."
        )
    if last := sum(answer.question.weighs and not gap.consequence.assessed for gap in answer.gaps):
        lines.append(f"Of the gaps {last} come last, by uid: only those at more critical nodes are weighed.")
    return [*lines, *hidden_lines(answer.hidden)]
