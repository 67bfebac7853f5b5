"""The source ``huggingface``: cards of models and datasets, and answers of the hub's API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from graph.vocabulary import Kind
from ingest.documents import NOT_SAID
from ingest.facts import Covered, Fact, section
from ingest.files import Unreadable, document
from ingest.jsontext import NotJson, parse_json
from ingest.record import ReadContext, Record, Rejected, Skipped
from ingest.shapes import JsonObject, Misshapen, as_object
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.huggingface.answers import SPACE, Answer, read_answer
from ingest.sources.huggingface.card import Card, read_card
from ingest.sources.huggingface.frontmatter import FrontMatter, front_matter
from ingest.sources.huggingface.names import Repository, named_by_command, named_by_path, named_by_scope
from ingest.sources.huggingface.told import (
    card_facts,
    current_facts,
    is_current,
    repository_facts,
    version_facts,
)
from ingest.yamltext import Malformed

ENDINGS: Final = (".md", ".json")
LIMIT: Final = 256 * 1024 * 1024
"""Bytes of the largest file: a list of all models of a large organisation."""

WITHOUT_METADATA: Final = "card without metadata"

_RELATIONS: Final = frozenset({"DERIVED_FROM", "TRAINED_ON", "EVALUATED_ON", "VERSION_OF", "DEPLOYED_AS"})
_NAMELESS: Final = "a card does not say of which repository it is"
_SAY: Final = "the hub's cache, a sidecar with the address that was asked, or --scope models/OWNER/NAME"
_NO_CARD: Final = "the answer holds no card; lists have them with full=true"
_FAULTY: Final = "not all of its fields could be read"
_AGAIN: Final = "another file of this run shows the same"


class HuggingFaceSource:
    """Reads cards, and answers of the API."""

    name = "huggingface"
    summary = (
        "Hugging Face hub: model and dataset cards (README.md), answers of /api/models and /api/datasets"
    )
    maps = (
        "repositories: Asset of type model, Dataset; who may have them, license, language, tags",
        "commits: Asset of type model_version, Dataset; VERSION_OF; the model is DEPLOYED_AS that of main",
        "base_model: DERIVED_FROM, with how it was made; source_datasets: DERIVED_FROM",
        "datasets: TRAINED_ON; datasets of model-index: EVALUATED_ON",
    )
    does_not_map = (
        "results of evaluations: metrics are counted",
        "the text of cards; other fields: counted by name",
        "spaces, downloads, likes",
        "base models and datasets that are no repositories of the hub: counted",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say, repository by repository."""
        reading = _Reading(context)
        done = 0
        for file in inputs(paths, ENDINGS):
            if not isinstance(file, InputFile):
                yield file
                continue
            yield from reading.file(file)
            done += file.path.stat().st_size if file.path.exists() else 0
            context.progress(done)


@dataclass
class _Reading:
    """The files of one run; a scope that one of them tells no other one may tell at the same time."""

    context: ReadContext
    seen: set[tuple[str, Instant]] = field(default_factory=set[tuple[str, Instant]])

    def file(self, file: InputFile) -> Iterator[Record]:
        """Yield what one file says."""
        try:
            text = document(file.path, limit=LIMIT)
            read_at, warning = read_time(file, self.context)
            if warning is not None:
                yield warning
            if _is_json(file, text):
                yield from self._answers(file, text, read_at)
            else:
                yield from self._card(file, text, read_at)
        except Unreadable as error:
            yield Rejected(error.problem)
        except NotJson as error:
            place = f"line {error.line}" if error.line else ""
            yield Rejected(Problem(file.name, place, "", error.reason, error.expected))
        except Malformed as fault:
            yield Rejected(Problem(file.name, f"line {fault.line}", "", fault.reason, fault.expected))
        except Misshapen as fault:
            yield Rejected(Problem(file.name, "", fault.pointer, fault.reason, fault.expected))

    def _card(self, file: InputFile, text: str, read_at: Instant) -> Iterator[Record]:
        repository = self._named(file)
        if repository is None:
            raise Misshapen("", _NAMELESS, _SAY)
        matter = front_matter(text)
        if matter is None:
            yield Skipped(WITHOUT_METADATA)
        body: JsonObject = {} if matter is None else _object_of(matter)
        card = read_card(body, repository.sort)
        place = f"{repository.scope}@{repository.commit}" if repository.commit else repository.scope
        subject = repository.version(repository.commit) if repository.commit else repository.uid
        if repository.commit:
            facts: list[Fact | Skipped] = [*version_facts(repository, repository.commit, card.properties)]
        else:
            facts = [repository_facts(repository, card.name, card.properties)]
        facts += card_facts(card, repository, subject)
        told = [_placed(one, matter) if isinstance(one, Fact) else one for one in facts]
        yield from self._scope(file, f"{place} card", read_at, told, self._why(file, card))
        yield from _asides(card, file, matter)

    def _answers(self, file: InputFile, text: str, read_at: Instant) -> Iterator[Record]:
        body = parse_json(text)
        listed = isinstance(body, list)
        asked = None if listed else self._named(file)
        for number, one in enumerate(body if isinstance(body, list) else [body]):
            at = f"/{number}" if listed else ""
            try:
                answer = read_answer(as_object(one, at), asked, at)
            except Misshapen as fault:
                yield Rejected(Problem(file.name, at, fault.pointer, fault.reason, fault.expected))
                continue
            if answer is None:
                yield Skipped(SPACE)
                continue
            yield from self._answer(file, answer, read_at, at)
            yield from _asides(answer.card, file, None)

    def _answer(self, file: InputFile, answer: Answer, read_at: Instant, at: str) -> Iterator[Record]:
        repository, card, commit = answer.repository, answer.card, answer.commit
        why = self._why(file, card)
        properties = answer.properties | (card.properties if commit is None else {})
        now: list[Fact | Skipped] = [repository_facts(repository, card.name, properties)]
        if commit is None:
            now += card_facts(card, repository, repository.uid)
        else:
            now += current_facts(repository, commit)
            if repository.kind is Kind.DATASET and is_current(repository):
                # No relation leads from a version to the dataset: what is now in it is told of both.
                now += card_facts(card, repository, repository.uid)
        lacks_card = (commit is None or repository.kind is Kind.DATASET) and not answer.has_card
        yield from self._scope(
            file, repository.scope, read_at, now, why or (_NO_CARD if lacks_card else None), at
        )
        if commit is not None:
            facts: list[Fact | Skipped] = [
                *version_facts(repository, commit, answer.of_commit | card.properties)
            ]
            facts += card_facts(card, repository, repository.version(commit))
            place = f"{repository.scope}@{commit}"
            yield from self._scope(
                file, place, read_at, facts, why or (None if answer.has_card else _NO_CARD), at
            )

    def _scope(
        self,
        file: InputFile,
        name: str,
        read_at: Instant,
        facts: Iterable[Fact | Skipped],
        why: str | None,
        at: str = "",
    ) -> Iterator[Record]:
        scope = Scope(self.context.source, name)
        if (name, read_at) in self.seen:
            yield Rejected(Problem(file.name, at, "", _AGAIN, "each repository once"), scope)
            return
        self.seen.add((name, read_at))
        kinds = frozenset({Kind.DATASET if name.startswith("datasets/") else Kind.ASSET})
        said = list(facts)
        yield from (one for one in said if isinstance(one, Skipped))
        told = [replace(one, position=one.position or at) for one in said if isinstance(one, Fact)]
        yield from section(scope, read_at, file.name, told, Covered(kinds, _RELATIONS, why))

    def _why(self, file: InputFile, card: Card) -> str | None:
        if card.faults:
            return _FAULTY
        if file.sidecar is not None:
            return file.sidecar.why_partial
        return None if self.context.complete else NOT_SAID

    def _named(self, file: InputFile) -> Repository | None:
        """Return the repository that a file is of, by what is said most plainly."""
        said = self.context.scope or (file.sidecar.scope if file.sidecar else None)
        scoped = named_by_scope(said) if said else None
        asked = named_by_command(file.sidecar.command) if file.sidecar else None
        if scoped is None:
            return asked or named_by_path(str(file.path.absolute()))
        is_same = asked is not None and (asked.sort, asked.id) == (scoped.sort, scoped.id)
        return asked if is_same and scoped.revision is None else scoped


def _is_json(file: InputFile, text: str) -> bool:
    """Return whether a file is an answer; a card may begin with a bracket, too."""
    name = file.name.removesuffix(".gz")
    return name.endswith(".json") or (not name.endswith(".md") and text.lstrip()[:1] in ("{", "["))


def _placed(fact: Fact, matter: FrontMatter | None) -> Fact:
    """Return a fact with the line in which it stands."""
    return replace(fact, position=matter.position(fact.position) if matter else "")


def _object_of(matter: FrontMatter) -> JsonObject:
    value = matter.document.value
    if not isinstance(value, dict):
        raise Malformed(matter.document.line(()), "no fields", "names and values")
    return dict(value)


def _asides(card: Card, file: InputFile, matter: FrontMatter | None) -> Iterator[Record]:
    for fault in card.faults:
        place = matter.position(fault.pointer) if matter else ""
        yield Rejected(Problem(file.name, place, fault.pointer, fault.reason, fault.expected))
    yield from map(Skipped, card.skipped)


SOURCE: Final = HuggingFaceSource()
