"""What the demo prints: the same on every day and on both stores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from api.cli.evidence_output import score_lines
from api.cli.output import plural
from api.cli.reach_output import beside_seeds, by_harm, sentence
from api.demo.manifest import Manifest, Trace
from api.demo.reading import Done
from api.documents.common import Document, time_or_none
from api.documents.evidence import evidence_of
from api.documents.explain import explanation_of
from api.documents.ownership import ownership_of
from api.documents.reach import reach_of
from api.session import Session
from api.uids import Meant, meant_by
from api.words import harm as harm_named
from graph.model import Commit, Hop
from graph.vocabulary import Certainty
from queries.blast_radius import BlastRadius, BlastRadiusQuestion, find_blast_radius
from queries.estate import EstateView, Standpoint
from queries.evidence import Cell, EvidenceAnswer, EvidenceQuestion, find_evidence
from queries.evidence.states import Applies, SlotState
from queries.explain import ExplainAnswer, ExplainQuestion, explain_harm
from queries.filters import criticality_of
from queries.ownership import Gap, OwnershipAnswer, OwnershipQuestion, find_ownership
from queries.ownership_rules import Reason, Standing
from queries.reach import ReachedRow

_NAMED = 4

_OPAQUE = re.compile(r"hf:identity:person:[0-9a-f]{32}")
"""A person by uid alone, which the installation's key makes different everywhere."""


def read_lines(done: Done) -> list[str]:
    """Return what came of one job, and all that could not be read."""
    report = done.report
    created = report.nodes.created + report.edges.created
    changed = report.nodes.changed + report.edges.changed + report.nodes.closed + report.edges.closed
    unchanged = report.nodes.unchanged + report.edges.unchanged
    lines = [
        (
            f"  {report.source:<24}{report.state.value}: {report.records_read} records; "
            f"{created} claims new, {changed} changed, {unchanged} as they stood; "
            f"{plural(report.commits, 'commit')}"
        )
    ]
    lines += [f"      rejected {problem}" for problem in report.rejected]
    return lines + [f"      warning: {warning}" for warning in report.warnings]


def outcome_lines(
    session: Session, manifest: Manifest, done: Sequence[Done], decided: Sequence[Commit]
) -> list[str]:
    """Return what came of all jobs together, and what the answers below are answers to."""
    head = session.ledger.head()
    made = sum(one.report.commits for one in done) + len(decided)
    said = f"{plural(made, 'commit')} made" if made else "Nothing is new, so no commit was made"
    lines = [f"{said}; the ledger stands at commit {head.sequence}, the run log at {head.runs}."]
    clock = ""
    if manifest.recorded_at is not None:
        clock = f", recorded by the sample's own clock, which stands at {time_or_none(manifest.recorded_at)}"
    lines.append(f"Everything below is as of {time_or_none(manifest.as_of)}{clock}.")
    return lines


def document(session: Session, manifest: Manifest, done: Sequence[Done]) -> Document:
    """Return what came of all jobs, and the three answers, as one JSON value."""
    leaked, blast = _blast(session, manifest)
    return {
        "runs": [one.report.to_json() for one in done],
        "blast_radius": reach_of(blast, (leaked,)),
        "ownership_gaps": ownership_of(_ownership(session, manifest)),
        "evidence": evidence_of(_evidence(session, manifest)),
        "traces": [explanation_of(_traced(session, manifest, trace)) for trace in manifest.traces],
    }


def _blast(session: Session, manifest: Manifest) -> tuple[Meant, BlastRadius]:
    standpoint = Standpoint(as_of=manifest.as_of)
    [leaked] = meant_by(session.estate.view(standpoint), [manifest.leak.node])
    question = BlastRadiusQuestion((leaked.uid,), harm_named(manifest.leak.harm), standpoint=standpoint)
    return leaked, find_blast_radius(session.estate, question)


def _ownership(session: Session, manifest: Manifest) -> OwnershipAnswer:
    question = OwnershipQuestion(standpoint=Standpoint(as_of=manifest.as_of), rank_gaps=None)
    return find_ownership(session.estate, question)


def _evidence(session: Session, manifest: Manifest) -> EvidenceAnswer:
    return find_evidence(session.estate, EvidenceQuestion(standpoint=Standpoint(as_of=manifest.as_of)))


def _traced(session: Session, manifest: Manifest, trace: Trace) -> ExplainAnswer:
    standpoint = Standpoint(as_of=manifest.as_of)
    source, target = meant_by(session.estate.view(standpoint), [trace.node, trace.target])
    question = ExplainQuestion(
        source.uid,
        harm_named(trace.harm),
        target.uid,
        harm_named(trace.target_harm),
        standpoint=standpoint,
    )
    return explain_harm(session.estate, question)


def blast_lines(session: Session, manifest: Manifest) -> Iterator[str]:
    """Yield what a leaked key leads to: by harm, each with the best state's path as a sentence."""
    view = session.estate.view(Standpoint(as_of=manifest.as_of))
    leaked, answer = _blast(session, manifest)
    rows = beside_seeds(answer)
    nodes = len({row.node.uid for row in rows})
    yield f"1. BLAST RADIUS: if {leaked.node.label} is {answer.harm.value}, {nodes} other nodes are harmed"
    if answer.basis.truncated is not None:
        yield f"   (cut short by {answer.basis.truncated.reason}: there may be more)"
    for harm, group in by_harm(answer).items():
        others = [row for row in group if row.node.uid != leaked.uid]
        if others:
            certain = sum(row.certainty is Certainty.CERTAIN for row in others)
            yield f"   {harm.value} {len(others)} ({certain} certain, {len(others) - certain} possible)"
            yield f"     {sentence(view, answer, others[0])}"
            yield from _others(others[1:])
    unknown = {row.node.uid for row in rows if criticality_of(row.node) is None}
    uncovered = answer.basis.coverage.relations
    yield f"   UNKNOWN: how critical {len(unknown)} of these nodes are."
    if uncovered:
        most = max(uncovered, key=lambda name: (uncovered[name], name))
        yield (
            f"   UNKNOWN: whether more follows over {len(uncovered)} relations that no source reports for "
            f"some of these nodes ({most} for {uncovered[most]} of them)."
        )


def _others(rows: Sequence[ReachedRow]) -> Iterator[str]:
    for certainty in Certainty:
        labels = [row.node.label for row in rows if row.certainty is certainty]
        if labels:
            yield f"     Also {certainty.value}: {_named(labels)}."


def _named(labels: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    return f"{', '.join(labels[:_NAMED])}{more}"


def ownership_lines(session: Session, manifest: Manifest) -> Iterator[str]:
    """Yield the gaps by reason, the gravest of each with who might own it; unknowns apart."""
    answer = _ownership(session, manifest)
    several = ", some for several reasons" if sum(answer.reasons.values()) > len(answer.gaps) else ""
    yield f"2. OWNERSHIP GAPS: {len(answer.gaps)} among {len(answer.nodes)} nodes{several}"
    for reason in Reason:
        gaps = [gap for gap in answer.gaps if reason in gap.ownership.reasons]
        if gaps:
            yield f"   {reason.value} {len(gaps)}"
            yield from _gap(gaps)
    yield from _apart(answer)


def _gap(gaps: Sequence[Gap]) -> Iterator[str]:
    gap = gaps[0]
    weight = gap.consequence
    because = _OPAQUE.sub("somebody without a name", gap.ownership.because)
    yield f"     {gap.ownership.node.label}: {because}."
    if weight.harm is not None:
        yield f"       If {weight.harm.value}: {weight.states} certain states, weight {weight.weight}."
    if gap.suggestions:
        best = gap.suggestions[0]
        yield f"       Perhaps {best.label} ({best.strength.value}): {'; '.join(best.because)}."
    else:
        yield "       Nobody to suggest."
    if len(gaps) > 1:
        yield f"     Also {_named([other.ownership.node.label for other in gaps[1:]])}."


def _apart(answer: OwnershipAnswer) -> Iterator[str]:
    count = answer.standings.get
    yield (
        f"   {count(Standing.OWNED, 0)} owned, {count(Standing.INHERITED, 0)} by inheritance. UNKNOWN: "
        f"{count(Standing.UNKNOWN, 0)} depend on what no source says or on what is only possible; "
        f"{count(Standing.NOT_ASSESSED, 0)} are covered by no source of owners."
    )


def evidence_lines(session: Session, manifest: Manifest) -> Iterator[str]:
    """Yield the matrix: a line a subject, then one failing slot of each state with its repair."""
    answer = _evidence(session, manifest)
    yield "3. EVIDENCE"
    for line in score_lines(answer.scores):
        yield f"   {line}"
    counting = [c for c in answer.cells if c.applicability.state in (Applies.APPLIES, Applies.UNKNOWN)]
    ordered = sorted(counting, key=_row_of)
    for (label, _, environment), cells in groupby(ordered, key=_row_of):
        where = f" ({environment})" if environment else ""
        shown = ", ".join(f"{cell.requirement.label} {_shown(cell)}" for cell in cells)
        yield f"   {label}{where}: {shown}"
    for state in SlotState:
        if state is not SlotState.OK:
            yield from _first_of(state, ordered)


def _row_of(cell: Cell) -> tuple[str, str, str]:
    return cell.subject_label, cell.subject.uid, cell.environment or ""


def _shown(cell: Cell) -> str:
    if cell.applicability.state is Applies.UNKNOWN:
        return "UNKNOWN"
    return "NOT_ASSESSABLE" if cell.worst is None else cell.worst.value


def _first_of(state: SlotState, cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        for slot in cell.slots:
            if slot.state is state:
                what = f"{cell.requirement.label} of {cell.subject_label}"
                yield f"   {state.value}, for example {what}: {slot.because}."
                if slot.repair:
                    yield f"     {slot.repair}"
                return


def trace_lines(session: Session, manifest: Manifest) -> Iterator[str]:
    """Yield each way that the manifest wants shown, a line a node, with what leads to it and who says so."""
    view = session.estate.view(Standpoint(as_of=manifest.as_of))
    for number, trace in enumerate(manifest.traces, start=4):
        answer = _traced(session, manifest, trace)
        yield f"{number}. {trace.title.upper()}: {answer.source.label} to {answer.target.label}"
        if answer.path is None or answer.reached is None:
            yield f"   No {trace.target_harm} comes there on any known path within the bounds."
            continue
        yield f"   {answer.reached.certainty.value.capitalize()}, {answer.reached.hops} hops:"
        nodes = view.nodes([hop.end.node.uid for hop in answer.path.hops])
        for hop in answer.path.hops:
            node = nodes[hop.end.node.uid]
            phrase, sources = _leads(view, hop)
            sort = node.type or node.kind.value
            yield f"     -{phrase}-> {node.label} ({sort}): {hop.end.harm.value} [{sources}]"


def _leads(view: EstateView, hop: Hop) -> tuple[str, str]:
    """Return how a step reads from its start to its end, and the sources that say so."""
    if hop.relation is None:
        return "so", "rules"
    relation = view.rules.relation(hop.relation)
    found = [edge for edge in view.edges([hop.end.node.uid]) if edge.eid == hop.edge]
    sources = sorted({str(source) for edge in found for source in edge.sources})
    return relation.phrase if hop.along else relation.inverse_phrase, ", ".join(sources)
