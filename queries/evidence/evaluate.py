"""The question of evidence: which requirements are met by which subjects, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import CommitNumber, Node, NodeRef, Uid
from graph.vocabulary import Kind
from graph.vocabulary.duties import EditionStatus
from queries.basis import basis_of
from queries.estate import Estate, EstateView
from queries.evidence.answer import CatalogStamp, Cell, EvidenceAnswer, EvidenceQuestion, Scores
from queries.evidence.cells import Evaluation
from queries.evidence.dated import DatedFacts
from queries.evidence.facts import Facts
from queries.evidence.owners import Owners
from queries.evidence.records import Records
from queries.evidence.requirements import Catalog, read_catalogs
from queries.evidence.scores import scores_of
from queries.evidence.slots import LIVING_OWNER, Judging
from queries.evidence.subjects import Subjects

LAW: Final = (Kind.REGULATION, Kind.REQUIREMENT)
RECORDED: Final = (Kind.EVIDENCE, Kind.DECISION)
ABOUT_ASSETS: Final = ("ABOUT", "DEPLOYED_AS", "VERSION_OF")
"""Relations in which an edge that nobody reported would have changed what is said of an asset."""

KINDS: Final = (Kind.ASSET, Kind.DATASET, Kind.IDENTITY, Kind.SECRET, Kind.EVIDENCE, Kind.DECISION)


def find_evidence(estate: Estate, question: EvidenceQuestion) -> EvidenceAnswer:
    """Return the matrix of requirements and subjects, with a proof or the first failing test in each cell.

    Cost: one pass over the ledger's rows, then the cells times the evidence of each subject.

    Raises:
        NodeNotFound: for a subject that no source mentions at these times.
        InvalidQuestion: for a requirement or an edition that no catalog holds, for no
            environments, or a commit that does not exist.
    """
    view = estate.view(question.standpoint)
    _check(question, view)
    facts = Facts.read(estate.ledger, view.at.known)
    dated = DatedFacts(facts, view.at.valid)
    law_at = view.at.valid if question.law_at is None else question.law_at
    catalogs_known = _catalogs_known(estate, question)
    laws = facts if catalogs_known == view.at.known else Facts.read(estate.ledger, catalogs_known)
    catalogs = read_catalogs(laws, law_at)
    chosen = _chosen(catalogs, question)
    subjects = Subjects(dated, _subjects(view, question), question.environments)
    owners = Owners(view, dated, _owned(chosen, subjects))
    judging = Judging(owners, dated, Records.read(facts, view.at.valid), question.environments)
    cells = tuple(_cells(Evaluation(judging, law_at), chosen, subjects))
    untyped = tuple(subjects.untyped())
    if question.law_at is None:
        dated.horizon.note(m for kind in LAW for uid in laws.of_kind(kind) for m in laws.boundaries(uid))
    return EvidenceAnswer(
        basis=basis_of(view, list(_looked_at(dated)), relations=_relations, kinds=KINDS),
        question=question,
        law_at=law_at,
        catalogs=tuple(_stamp(catalog, chosen, question) for catalog in catalogs),
        catalogs_known=catalogs_known,
        environments=question.environments,
        cells=cells,
        scores=scores_of(cells),
        scores_by_edition=_by_edition(cells, chosen),
        untyped=untyped,
        without_duty=tuple(_without_duty(view, question, cells)),
        next_change=dated.horizon.next,
    )


def _looked_at(dated: DatedFacts) -> Iterator[Node]:
    """Yield the nodes that were looked at and exist at the date, evidence and decisions included."""
    for uid, node in list(dated.nodes_looked_at.items()):
        if dated.exists(uid):
            yield node
    for kind in RECORDED:
        for uid in dated.facts.of_kind(kind):
            yield dated.facts.node(uid, dated.facts.lasting_rows(uid, dated.moment))


def _relations(node: Node) -> tuple[str, ...]:
    if node.kind in RECORDED:
        return ()
    return ABOUT_ASSETS if node.kind is Kind.ASSET else ("ABOUT",)


def _owned(catalogs: Sequence[Catalog], subjects: Subjects) -> list[Uid]:
    """Return the subjects whose owners a slot asks for."""
    asking = (r for c in catalogs for r in c.requirements if any(s.query == LIVING_OWNER for s in r.slots))
    levels = {requirement.ref.level for requirement in asking if requirement.ref.level is not None}
    return sorted({subject.uid for level in levels for subject in subjects.at(level)})


def _check(question: EvidenceQuestion, view: EstateView) -> None:
    if not question.environments:
        raise InvalidQuestion("environments", "none given", "at least one, such as production")
    known, head = question.catalogs_known, view.ledger.head().sequence
    if known is not None and not 0 <= known <= head:
        raise InvalidQuestion("catalogs_known", f"there is no commit {known}", f"0 to {head}")


def _catalogs_known(estate: Estate, question: EvidenceQuestion) -> CommitNumber:
    return estate.ledger.head().sequence if question.catalogs_known is None else question.catalogs_known


def _subjects(view: EstateView, question: EvidenceQuestion) -> list[Uid]:
    return [node.uid for node in view.existing(question.subjects)] if question.subjects else []


def _chosen(catalogs: Sequence[Catalog], question: EvidenceQuestion) -> list[Catalog]:
    """Return the editions looked at, each with the requirements looked at."""
    wanted = set(question.editions)
    unknown = wanted - {name for catalog in catalogs for name in catalog.edition.names}
    if unknown:
        raise InvalidQuestion("editions", f"no catalog holds {min(unknown)}", _known_editions(catalogs))
    chosen = [catalog for catalog in catalogs if _left_out(catalog, question) is None]
    names = set(question.requirements)
    held = {name for catalog in chosen for r in catalog.requirements for name in r.names}
    if names - held:
        said = f"no edition that is looked at has {min(names - held)}"
        raise InvalidQuestion("requirements", said, "a uid, label or alias of a requirement")
    if not names:
        return chosen
    return [
        Catalog(catalog.edition, tuple(r for r in catalog.requirements if r.names & names))
        for catalog in chosen
    ]


def _left_out(catalog: Catalog, question: EvidenceQuestion) -> str | None:
    """Return why an edition is not looked at, None where it is."""
    is_named = bool(catalog.edition.names & set(question.editions))
    if question.editions and not is_named:
        return "not asked for"
    if catalog.edition.status == EditionStatus.UNVERIFIED and catalog.edition.uid not in question.editions:
        return "its status is unverified, and it was not asked for by name"
    return None


def _known_editions(catalogs: Sequence[Catalog]) -> str:
    uids = ", ".join(catalog.edition.uid for catalog in catalogs)
    return f"one of {uids}" if uids else "a catalog; read some with `holdfast ingest catalog`"


def _cells(evaluation: Evaluation, catalogs: Sequence[Catalog], subjects: Subjects) -> Iterator[Cell]:
    for catalog in catalogs:
        for requirement in catalog.requirements:
            if requirement.ref.level is not None:
                for subject in subjects.at(requirement.ref.level):
                    yield evaluation.cell(requirement, catalog.edition, subject)


def _stamp(catalog: Catalog, chosen: Sequence[Catalog], question: EvidenceQuestion) -> CatalogStamp:
    edition = catalog.edition
    looked_at = next((one.requirements for one in chosen if one.edition.uid == edition.uid), None)
    shown = catalog.requirements if looked_at is None else looked_at
    return CatalogStamp(
        edition=edition.uid,
        title=edition.title,
        digest=edition.digest,
        status=edition.status,
        requirements=len(looked_at or ()),
        left_out=_left_out(catalog, question),
        unreadable=tuple((r.ref.label, r.unreadable) for r in shown if r.unreadable),
    )


def _by_edition(cells: Sequence[Cell], catalogs: Sequence[Catalog]) -> Mapping[Uid, Scores]:
    return MappingProxyType(
        {
            catalog.edition.uid: scores_of(c for c in cells if c.requirement.edition == catalog.edition.uid)
            for catalog in catalogs
        }
    )


def _without_duty(view: EstateView, question: EvidenceQuestion, cells: Sequence[Cell]) -> Iterator[NodeRef]:
    concerned = {cell.subject.uid for cell in cells}
    for node in view.existing(question.subjects) if question.subjects else ():
        if node.uid not in concerned:
            yield node.ref
