"""What all records of one server are read with, and what reading one yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.record import Skipped
from ingest.shapes import JsonObject
from ingest.sources.mlflow.datasets import Datasets
from ingest.sources.mlflow.names import Server
from ingest.sources.mlflow.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """One server's identity, what people say of it, and the datasets that were met so far."""

    server: Server
    settings: Settings
    datasets: Datasets
    fingerprints: Fingerprinter


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a list, with its place: ``position`` is a JSON pointer in its file or answer."""

    body: JsonObject
    position: str


Mapper: TypeAlias = Callable[[Item, Desk], Iterator[Fact | Skipped]]
"""Turns a record into facts, whose positions are below the record's; raises Misshapen for one it cannot."""


def edge(
    relation: str,
    subject: Uid,
    of: Uid,
    *,
    condition: str | None = None,
    to: Kind = Kind.ASSET,
    at: str = "",
) -> Fact:
    """Return an edge from an asset; with a condition it is possible."""
    facts = EdgeFacts(relation, subject, of, subject_kind=Kind.ASSET, object_kind=to)
    return Fact(facts, at, Certainty.POSSIBLE if condition else Certainty.CERTAIN, condition)
