"""Which requirements are met by which subjects, as proved by what is on file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from strawberry import field

from api.cursors import resumed
from api.graphql.at import moment_of, standpoint_of, time_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, uids_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_of, page_size
from api.said import texts_of
from graph.model import CommitNumber, NodeRef, Uid
from graph.vocabulary import Kind
from queries import evidence as queries_evidence
from queries.evidence import DEFAULT_ENVIRONMENTS, EvidenceQuestion, Untyped, find_evidence
from queries.evidence.states import Applies, RequirementState, SlotState

_FIRST = 50


@strawberry.type(description="A property that a judgement looked at.")
class FactUsed:
    """A fact."""

    subject: strawberry.ID = field(description="Of which node.")
    name: str = field(description="The property's name.")
    values: list[str] = field(
        description="Its value as text, several for a list; empty where none is known, or sources contradict."
    )
    source: str | None = field(description="The source instance whose word it is.")


@strawberry.type(description="What a slot rests on.")
class Proof:
    """A proof."""

    evidence: strawberry.ID | None = field(description="The evidence; null where the graph itself answers.")
    locator: str | None = field(description="Where it is kept.")
    digest: str | None = field(description="Its digest.")
    collected_at: datetime | None = field(description="When it was gathered.")
    fresh_until: datetime | None = field(description="When it stops being fresh; null if no date ends it.")
    rule: str = field(description="How it matched.")
    facts: list[FactUsed] = field(description="What else of the graph it rests on.")


@strawberry.type(description="How it stands with a slot for one version that runs.")
class VersionResult:
    """A version."""

    version: strawberry.ID | None = field(description="The version; null for what is bound to none.")
    state: SlotState = field(description="How it stands.")
    because: str = field(description="Why, or which test failed first.")
    proof: Proof | None = field(description="What it rests on, or the best that is there.")


@strawberry.type(description="How it stands with one slot of a requirement.")
class Slot:
    """A slot."""

    key: str = field(description="Its key within the requirement.")
    title: str = field(description="What it asks for.")
    binding: str = field(description="What evidence has to be about, such as version.")
    group: str | None = field(description="Slots of one group are one unit, of which one is enough.")
    state: SlotState = field(description="How it stands.")
    because: str = field(description="Why, or which test failed first.")
    repair: str | None = field(description="The cheapest way to mend it; null where it is met.")
    covered: bool = field(description="False where it is MISSING only because nobody has looked.")
    candidates: int = field(description="How many pieces are on file for it.")
    proof: Proof | None = field(description="What it rests on, or the best that is there.")
    versions: list[VersionResult] = field(
        description="The same for each version that runs, where it is by version."
    )


@strawberry.type(description="One requirement for one subject.")
class EvidenceCell:
    """A cell."""

    subject: strawberry.ID = field(description="The subject's uid.")
    subject_kind: Kind = field(description="The subject's kind.")
    subject_label: str = field(description="What a person calls the subject.")
    environment: str | None = field(description="The environment, for requirements on deployments.")
    requirement: strawberry.ID = field(description="The requirement's uid.")
    label: str = field(description="The requirement's printed label.")
    title: str = field(description="What the requirement is about.")
    edition: strawberry.ID = field(description="The edition it belongs to.")
    level: str | None = field(description="What it is evaluated once for, such as system.")
    weight: float = field(description="How much it counts in the scores.")
    link: str | None = field(description="Where its official text is.")
    applies: Applies = field(description="Whether it concerns the subject.")
    applies_because: str = field(description="Why.")
    applies_since: datetime | None = field(
        description="From when it will apply, or until when it did, where it is not in force."
    )
    facts: list[FactUsed] = field(description="What was looked at to decide whether it applies.")
    missing_facts: list[str] = field(description="Facts that would have to be known to decide it.")
    state: RequirementState | None = field(description="What its slots come to; null if it does not apply.")
    worst: SlotState | None = field(description="The worst state of its slots; null where none was judged.")
    because: str = field(description="The state in words.")
    units: int = field(description="How many units it has: slots, or groups of which one is enough.")
    units_ok: int = field(description="How many of them are met.")
    units_on_file: int = field(description="For how many anything at all is on file.")
    slots: list[Slot] = field(description="Its slots.")


@strawberry.type(description="How many slots are in a state.")
class SlotCount:
    """A state with a number."""

    state: SlotState = field(description="The state.")
    count: int = field(description="How many slots.")


@strawberry.type(description="How many cells apply, or do not.")
class AppliesCount:
    """An applicability with a number."""

    applies: Applies = field(description="Whether it applies.")
    count: int = field(description="How many cells.")


@strawberry.type(description="Scores, with the counts they are made of; null where nothing is in force.")
class Scores:
    """Scores."""

    complete: float | None = field(description="The share of units that are met, weighted (C).")
    strict: float | None = field(description="The weight share of requirements that are satisfied.")
    filed: float | None = field(description="The share of units with anything on file (F).")
    paper_without_proof: float | None = field(description="F - C: what is on paper only.")
    cells: list[AppliesCount] = field(description="Cells by what applies.")
    satisfied: int = field(description="Requirements satisfied.")
    gaps: int = field(description="Requirements with a gap.")
    not_assessable: int = field(description="Requirements without slots.")
    units: int = field(description="Units.")
    units_ok: int = field(description="Units met.")
    units_on_file: int = field(description="Units with anything on file.")
    slots: list[SlotCount] = field(description="Slots by state.")
    not_covered: int = field(description="Slots that are MISSING only because nobody has looked.")


@strawberry.type(description="An edition that the ledger holds.")
class Catalog:
    """A catalog."""

    edition: strawberry.ID = field(description="The edition's uid.")
    title: str = field(description="Its title.")
    digest: str | None = field(description="Its digest.")
    status: str | None = field(description="Its status.")
    requirements: int = field(description="How many requirements it has.")
    left_out: str | None = field(description="Why it was not looked at; null if it was.")
    unreadable: list[str] = field(description="Requirements that cannot be evaluated, each with the reason.")
    scores: Scores | None = field(description="Its scores; null where it was left out.")


@strawberry.type(description="A node by uid and kind.")
class NodeName:
    """A node's name."""

    uid: strawberry.ID = field(description="Its uid.")
    kind: Kind = field(description="Its kind.")


@strawberry.type(description="A node in no row because of its type.")
class UntypedNode:
    """A node that may be a subject."""

    uid: strawberry.ID = field(description="Its uid.")
    kind: Kind = field(description="Its kind.")
    type: str | None = field(description="Its type, which nobody knows; null where no source says one.")
    nearest: str | None = field(description="The known type that is spelled most like it; null if none is.")


@strawberry.type(
    description="The matrix of subjects and requirements. A decision, such as an approval, counts from the "
    "commit that recorded it on, whatever date it bears."
)
class EvidenceMatrix:
    """A matrix, paged by cells."""

    basis: Basis = field(description="On what the answer stands.")
    asked_about: list[strawberry.ID] | None = field(description="The subjects asked about; null for all.")
    requirements: list[str] | None = field(description="The requirements asked about; null for all.")
    editions: list[strawberry.ID] | None = field(description="The editions asked about; null for all.")
    worst: list[SlotState] | None = field(
        description="In which states the worst slot of listed cells is; null for all. Scores count all cells."
    )
    law_at: datetime | None = field(description="The date of the law.")
    catalogs_known: int = field(description="The commit at which catalogs were read.")
    evidence_rules: int = field(description="The edition of the rules by which slots are judged.")
    environments: list[str] = field(description="The environments asked about.")
    next_change: datetime | None = field(description="When a cell may next change by itself.")
    scores: Scores = field(description="Scores over all cells.")
    catalogs: list[Catalog] = field(description="The editions, those left out included.")
    cells: list[EvidenceCell] = field(description="The cells of this page.")
    total_count: int = field(description="How many cells there are.")
    page_info: PageInfo = field(description="Where the page ends.")
    untyped: list[UntypedNode] = field(description="Nodes that may be subjects, if their type were known.")
    without_duty: list[NodeName] = field(description="Subjects asked for that no requirement is about.")


EvidenceResult = Annotated[
    EvidenceMatrix | NotFound | InvalidQuestion,
    strawberry.union("EvidenceResult", description="A matrix, or why there is none."),
]
StatesArgument: TypeAlias = Annotated[
    list[SlotState] | None,
    strawberry.argument(description="List only cells whose worst slot is in one of these states."),
]


def resolve_evidence(
    info: Info,
    subjects: Annotated[
        list[strawberry.ID] | None,
        strawberry.argument(description="Only these subjects, 1 to 100; all if absent."),
    ] = None,
    requirements: Annotated[
        list[str] | None, strawberry.argument(description="Only these: uids, labels or aliases.")
    ] = None,
    editions: Annotated[
        list[strawberry.ID] | None,
        strawberry.argument(description="Only these editions, or those of these regulations."),
    ] = None,
    environments: Annotated[
        list[str] | None, strawberry.argument(description="Which environments; production and unknown.")
    ] = None,
    law_at: Annotated[
        datetime | None,
        strawberry.argument(description="The law's date; the evidence's if absent."),
    ] = None,
    catalogs_known: Annotated[
        int | None,
        strawberry.argument(description="Where to read catalogs; the head if absent."),
    ] = None,
    worst: StatesArgument = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> EvidenceResult:
    """Answer `evidence`."""

    def answer() -> EvidenceMatrix:
        place = resumed(after, standpoint_of(at))
        question = EvidenceQuestion(
            subjects=() if subjects is None else uids_of(subjects, "subjects"),
            requirements=tuple(requirements or ()),
            editions=tuple(Uid(uid) for uid in editions or ()),
            environments=tuple(environments or DEFAULT_ENVIRONMENTS),
            law_at=moment_of(law_at, "lawAt"),
            catalogs_known=None if catalogs_known is None else CommitNumber(catalogs_known),
            standpoint=place.standpoint,
        )
        found = find_evidence(info.context.session.estate, question)
        cells = [cell for cell in found.cells if not worst or cell.worst in worst]
        keys = [(c.requirement.uid, c.subject.uid, c.environment or "") for c in cells]
        start, stop, page_info = page_of(found.basis, keys, place, page_size(first))
        return EvidenceMatrix(
            basis=basis_of(found.basis),
            asked_about=[strawberry.ID(uid) for uid in question.subjects] or None,
            requirements=list(question.requirements) or None,
            editions=[strawberry.ID(uid) for uid in question.editions] or None,
            worst=worst or None,
            law_at=time_of(found.law_at),
            catalogs_known=found.catalogs_known,
            evidence_rules=found.evidence_rules,
            environments=list(found.environments),
            next_change=time_of(found.next_change),
            scores=_scores_of(found.scores),
            catalogs=[_catalog_of(c, found.scores_by_edition) for c in found.catalogs],
            cells=[_cell_of(cell) for cell in cells[start:stop]],
            total_count=len(cells),
            page_info=page_info,
            untyped=[_untyped_of(one) for one in found.untyped],
            without_duty=_names_of(found.without_duty),
        )

    return asked(answer)


def _cell_of(cell: queries_evidence.Cell) -> EvidenceCell:
    requirement, applies = cell.requirement, cell.applicability
    return EvidenceCell(
        subject=strawberry.ID(cell.subject.uid),
        subject_kind=cell.subject.kind,
        subject_label=cell.subject_label,
        environment=cell.environment,
        requirement=strawberry.ID(requirement.uid),
        label=requirement.label,
        title=requirement.title,
        edition=strawberry.ID(requirement.edition),
        level=None if requirement.level is None else requirement.level.value,
        weight=requirement.weight,
        link=requirement.link,
        applies=applies.state,
        applies_because=applies.because,
        applies_since=time_of(applies.since),
        facts=[_fact_of(fact) for fact in applies.facts],
        missing_facts=list(applies.missing_facts),
        state=cell.state,
        worst=cell.worst,
        because=cell.because,
        units=cell.units,
        units_ok=cell.units_ok,
        units_on_file=cell.units_on_file,
        slots=[_slot_of(slot) for slot in cell.slots],
    )


def _slot_of(slot: queries_evidence.SlotResult) -> Slot:
    return Slot(
        key=slot.key,
        title=slot.title,
        binding=slot.binding.value,
        group=slot.group,
        state=slot.state,
        because=slot.because,
        repair=slot.repair,
        covered=slot.is_covered,
        candidates=slot.candidates,
        proof=_proof_of(slot.proof),
        versions=[
            VersionResult(
                version=None if one.version is None else strawberry.ID(one.version),
                state=one.state,
                because=one.because,
                proof=_proof_of(one.proof),
            )
            for one in slot.versions
        ],
    )


def _proof_of(proof: queries_evidence.Proof | None) -> Proof | None:
    if proof is None:
        return None
    return Proof(
        evidence=None if proof.evidence is None else strawberry.ID(proof.evidence),
        locator=proof.locator,
        digest=proof.digest,
        collected_at=time_of(proof.collected_at),
        fresh_until=time_of(proof.fresh_until),
        rule=proof.rule,
        facts=[_fact_of(fact) for fact in proof.facts],
    )


def _fact_of(fact: queries_evidence.FactUsed) -> FactUsed:
    return FactUsed(
        subject=strawberry.ID(fact.subject),
        name=fact.name,
        values=[] if fact.value is None else texts_of(fact.value),
        source=fact.source,
    )


def _scores_of(scores: queries_evidence.Scores) -> Scores:
    return Scores(
        complete=scores.complete,
        strict=scores.strict,
        filed=scores.filed,
        paper_without_proof=scores.paper_without_proof,
        cells=[AppliesCount(applies=state, count=n) for state, n in scores.cells.items()],
        satisfied=scores.satisfied,
        gaps=scores.gaps,
        not_assessable=scores.not_assessable,
        units=scores.units,
        units_ok=scores.units_ok,
        units_on_file=scores.units_on_file,
        slots=[SlotCount(state=state, count=n) for state, n in scores.slots.items()],
        not_covered=scores.not_covered,
    )


def _catalog_of(
    stamp: queries_evidence.CatalogStamp, scores: Mapping[Uid, queries_evidence.Scores]
) -> Catalog:
    own = scores.get(stamp.edition)
    return Catalog(
        edition=strawberry.ID(stamp.edition),
        title=stamp.title,
        digest=stamp.digest,
        status=stamp.status,
        requirements=stamp.requirements,
        left_out=stamp.left_out,
        unreadable=[f"{label}: {why}" for label, why in stamp.unreadable],
        scores=None if own is None else _scores_of(own),
    )


def _untyped_of(one: Untyped) -> UntypedNode:
    uid = strawberry.ID(one.node.uid)
    return UntypedNode(uid=uid, kind=one.node.kind, type=one.type, nearest=one.nearest)


def _names_of(refs: tuple[NodeRef, ...]) -> list[NodeName]:
    return [NodeName(uid=strawberry.ID(ref.uid), kind=ref.kind) for ref in refs]


@strawberry.type
class EvidenceQuery:
    """Evidence."""

    evidence: EvidenceResult = field(
        resolver=resolve_evidence,
        description="Which requirements are met by which subjects, with proof or the first failing test.",
    )
