"""The evidence matrix for people: scores, then requirements by subject, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from api.cli.asking import print_basis
from api.cli.output import emit, say
from api.cli.stated import only_lines
from api.documents.common import time_or_none
from queries.evidence import Cell, EvidenceAnswer, EvidenceQuestion, Scores, Untyped
from queries.evidence.states import COUNTED, Applies, RequirementState, SlotState

NO_CATALOG: Final = "no catalog has been read in: `holdfast ingest catalog` reads those shipped"


def print_evidence(answer: EvidenceAnswer, notes: Sequence[str], *, limit: int, quiet: bool) -> None:
    """Print scores and so many requirements; 0 is all."""
    for line in notes:
        say(line)
    for line in (*only_lines(_only(answer.question)), *score_lines(answer.scores)):
        emit(line)
    if not answer.catalogs:
        emit(f"{NO_CATALOG.capitalize()}.")
    cells = worst_first(answer)
    for cell in cells[: limit or None]:
        emit()
        for line in cell_lines(cell):
            emit(line)
    if limit and len(cells) > limit:
        emit()
        emit(f"{len(cells) - limit} more: --limit 0 shows them.")
    if not quiet:
        emit()
        for line in apart_lines(answer):
            emit(line)
    print_basis(answer.basis, quiet=quiet)


def _only(asked: EvidenceQuestion) -> list[str]:
    """Return of what alone the answer is; of some environments it always is."""
    named = (
        ("subject", asked.subjects),
        ("requirement", asked.requirements),
        ("edition", asked.editions),
        ("environment", asked.environments),
    )
    return [f"{what} {' or '.join(words)}" for what, words in named if words]


def counted(answer: EvidenceAnswer) -> Mapping[str, int]:
    """Return the counts of an answer that `--fail-on` can name."""
    scores = answer.scores
    return {
        "gaps": scores.gaps,
        "satisfied": scores.satisfied,
        "not_assessable": scores.not_assessable,
        "unknown": scores.cells.get(Applies.UNKNOWN, 0),
        "unreadable": len(unreadable(answer)),
        "untyped": len(answer.untyped),
        "not_covered": scores.not_covered,
        **{state.value: scores.slots.get(state, 0) for state in SlotState},
    }


def unreadable(answer: EvidenceAnswer) -> list[str]:
    """Return requirements that were looked at and are in no row because they cannot be read, with why."""
    in_rows = {(cell.requirement.edition, cell.requirement.label) for cell in answer.cells}
    return [
        f"{catalog.title} {label}: {why}"
        for catalog in answer.catalogs
        for label, why in catalog.unreadable
        if catalog.left_out is None and (catalog.edition, label) not in in_rows
    ]


def nothing_in_force(answer: EvidenceAnswer) -> str | None:
    """Return why nothing was judged; None where a requirement is known to apply to something."""
    if answer.scores.cells.get(Applies.APPLIES):
        return None
    if not answer.catalogs:
        return NO_CATALOG
    return "no requirement is known to apply to what was asked about"


def worst_first(answer: EvidenceAnswer) -> list[Cell]:
    """Return the cells that count, the worst first; those that do not apply are left to --json."""
    states = list(SlotState)
    counting = [cell for cell in answer.cells if cell.applicability.state in COUNTED]
    return sorted(
        counting,
        key=lambda cell: (
            cell.state is RequirementState.SATISFIED,
            len(states) if cell.worst is None else states.index(cell.worst),
        ),
    )


def score_lines(scores: Scores) -> list[str]:
    """Return the scores in words, of the duties that are modelled."""
    if scores.complete is None:
        return ["No requirement is in force for any subject, so there is nothing to score."]
    return [
        (
            f"Of {scores.units} pieces of evidence asked for, {scores.units_ok} are proved and "
            f"{scores.units_on_file} have anything on file."
        ),
        (
            f"Proved {_share(scores.complete)}, on paper {_share(scores.filed)}, satisfied in full "
            f"{_share(scores.strict)}: {scores.satisfied} requirements satisfied, {scores.gaps} with gaps, "
            f"{scores.not_assessable} not assessable."
        ),
        f"Slots: {', '.join(_slot_count(scores, state) for state in SlotState if state in scores.slots)}.",
    ]


def _slot_count(scores: Scores, state: SlotState) -> str:
    """Return how many slots are in a state, and of the missing ones how many only nobody has looked into."""
    unseen = scores.not_covered if state is SlotState.MISSING else 0
    return f"{state.value} {scores.slots[state]}{f' (of these {unseen} not covered)' if unseen else ''}"


def cell_lines(cell: Cell) -> list[str]:
    """Return one requirement for one subject, and each of its slots."""
    where = f" ({cell.environment})" if cell.environment else ""
    state = "" if cell.state is None else f": {cell.state.value}"
    lines = [f"{cell.subject_label}{where}, {cell.requirement.label} {cell.requirement.title}{state}"]
    if cell.applicability.state is Applies.UNKNOWN:
        lines.append(f"  UNKNOWN whether it applies: {cell.applicability.because}")
    for slot in cell.slots:
        lines.append(f"  {slot.state.value}  {slot.title}: {slot.because}")
        if slot.repair:
            lines.append(f"      {slot.repair}")
    return lines


def apart_lines(answer: EvidenceAnswer) -> list[str]:
    """Return what stands beside the matrix: law, catalogs, what is not in it, when it changes."""
    cells = answer.scores.cells
    lines = [
        (
            f"{cells.get(Applies.DOES_NOT_APPLY, 0)} requirements do not apply, "
            f"{cells.get(Applies.NOT_IN_FORCE, 0)} are not in force; of {cells.get(Applies.UNKNOWN, 0)} "
            "it is UNKNOWN whether they apply."
        )
    ]
    for catalog in answer.catalogs:
        left_out = f", left out: {catalog.left_out}" if catalog.left_out else ""
        digest = f", {catalog.digest}" if catalog.digest else ""
        lines.append(f"Catalog {catalog.title} ({catalog.status or 'status unknown'}{digest}){left_out}.")
    lines += [f"In no row, because it cannot be read: {said}." for said in unreadable(answer)]
    lines += _decisions_to_come(answer)
    lines += _untyped_lines(answer.untyped)
    if answer.without_duty:
        lines.append(f"{len(answer.without_duty)} subjects asked for have no requirement that is about them.")
    change = time_or_none(answer.next_change)
    lines.append(f"Law of {time_or_none(answer.law_at)}; next change by itself: {change or 'none known'}.")
    return lines


def _untyped_lines(untyped: Sequence[Untyped]) -> Iterator[str]:
    """Yield how many nodes are in no row because of their type, by type."""
    found = Counter((one.type or "", one.nearest) for one in untyped)
    for (type_, nearest), count in sorted(found.items(), key=lambda item: item[0][0]):
        if not type_:
            yield f"{count} nodes may be subjects: no source says of what type they are."
            continue
        meant = f"; is {nearest} meant?" if nearest else "."
        yield f"{count} nodes may be subjects: nobody knows their type {type_}{meant}"


def _decisions_to_come(answer: EvidenceAnswer) -> list[str]:
    """Return that decisions may be on record that do not count yet; nothing where all commits are older."""
    recorded, as_of = answer.basis.commit.recorded_at, answer.basis.as_of
    if recorded is None or recorded <= as_of:
        return []
    return [
        (
            "A decision, such as an approval, counts from the commit that recorded it on: those recorded "
            f"after {time_or_none(as_of)} do not count here, whatever date they bear."
        )
    ]


def _share(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.1%}"
