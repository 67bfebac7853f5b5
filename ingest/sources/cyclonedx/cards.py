"""Model cards: what a model is for, how it was made, and which data it learned from."""

from __future__ import annotations

from typing import Final

from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Book, Link, Thing
from ingest.sources.cyclonedx.data import describe_dataset
from ingest.sources.cyclonedx.names import Key, Sort

TRAINED_OR_EVALUATED: Final = "the model card does not say whether it was trained or evaluated with"
"""The condition of what a model card lists: the format has one list for both."""

_NOT_MAPPED: Final = {
    "quantitativeAnalysis": "quantitative analysis of a model",
    "properties": "properties of a model card",
}
_CONSIDERATIONS: Final = {
    "performanceTradeoffs": "performance trade-offs of a model",
    "fairnessAssessments": "fairness assessments of a model",
    "environmentalConsiderations": "environmental considerations of a model",
    "properties": "properties of a model card",
}
_PARAMETERS: Final = {"inputs": "inputs of a model", "outputs": "outputs of a model"}


def describe_model(fields: Fields, thing: Thing, book: Book) -> None:
    """Add what a model's card says, with links to the data it names."""
    card = fields.object("modelCard")
    if card is None:
        return
    ref = card.text("bom-ref")
    if ref is not None:
        book.refer(ref, thing.id)
    card.skip_others(_NOT_MAPPED)
    _parameters(card.object("modelParameters"), thing, book)
    _considerations(card.object("considerations"), thing)


def _parameters(parameters: Fields | None, thing: Thing, book: Book) -> None:
    if parameters is None:
        return
    approach = parameters.object("approach")
    known = {
        "approach": None if approach is None else approach.text("type"),
        "task": parameters.text("task"),
        "architecture_family": parameters.text("architectureFamily"),
        "model_architecture": parameters.text("modelArchitecture"),
    }
    thing.properties.update({key: value for key, value in known.items() if value})
    parameters.skip_others(_PARAMETERS)
    for dataset in parameters.objects("datasets"):
        _dataset(dataset, thing, book)


def _dataset(dataset: Fields, thing: Thing, book: Book) -> None:
    """Keep a link to a dataset that stands elsewhere in the BOM, or the one that stands here."""
    ref = dataset.text("ref")
    if ref is not None:
        link = Link(
            thing.id, "TRAINED_ON", ref=ref, condition=TRAINED_OR_EVALUATED, position=dataset.position
        )
        book.link(link)
        return
    key = _inline_key(dataset, thing)
    if key is None:
        dataset.asides.skip("dataset in a model card without a name")
        return
    found = Thing(key, Sort.DATA, None, None, id=book.next_id(), position=dataset.position)
    describe_dataset(dataset, found, book)
    own = dataset.text("bom-ref")
    if own is not None:
        book.refer(own, found.id)
    book.add(found)
    book.link(
        Link(
            thing.id,
            "TRAINED_ON",
            thing=found.id,
            condition=TRAINED_OR_EVALUATED,
            position=dataset.position,
        )
    )


def _inline_key(dataset: Fields, thing: Thing) -> Key | None:
    """Return how a dataset that stands in a model's card is called: by reference, else by model and name."""
    ref, name = dataset.text("bom-ref"), dataset.text("name")
    if ref is not None:
        return ("ref", ref)
    return None if name is None else ("dataset", *thing.key, name)


def _considerations(considerations: Fields | None, thing: Thing) -> None:
    if considerations is None:
        return
    concerns = [concern.text("name") for concern in considerations.objects("ethicalConsiderations")]
    known = {
        "purpose": "; ".join(considerations.texts("useCases")),
        "intended_users": list(considerations.texts("users")),
        "limitations": list(considerations.texts("technicalLimitations")),
        "ethical_considerations": [concern for concern in concerns if concern],
    }
    thing.properties.update({key: value for key, value in known.items() if value})
    considerations.skip_others(_CONSIDERATIONS)
