"""Aliases: names that lead to one version of a model, a prompt or an MCP server, until they lead to another.

Serving code loads ``models:/loan-default@champion``, so what an alias names is what is deployed.
Where that runs, MLflow does not know; people say it in ``mlflow.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.shapes import objects_at, text_at
from ingest.sources.mlflow.fields import number_text
from ingest.sources.mlflow.reading import Desk, Item
from ingest.sources.mlflow.settings import NOT_DEPLOYED

UNMAPPED: Final = "nobody says in mlflow.toml which environment the alias stands for"
NOT_A_DEPLOYMENT: Final = "alias that deploys nothing, as mlflow.toml says"
UNKNOWN: Final = "unknown"


@dataclass
class _Deployment:
    aliases: list[str] = field(default_factory=list[str])
    position: str = ""
    is_said: bool = False


def deployments(item: Item, desk: Desk, uid: Uid, name: str, versions: str) -> Iterator[Fact | Skipped]:
    """Yield the versions that aliases name, one edge for each version and environment.

    ``versions`` is the type of thing that the versions are.
    """
    found: dict[tuple[str, str], _Deployment] = {}
    for place, given in objects_at(item.body, "aliases"):
        alias, version = text_at(given, "alias", place), number_text(given, "version", place)
        environment = desk.settings.environment(name, alias)
        if environment == NOT_DEPLOYED:
            yield Skipped(NOT_A_DEPLOYMENT)
            continue
        deployed = found.setdefault((version, environment or UNKNOWN), _Deployment(position=place))
        deployed.aliases.append(alias)
        deployed.is_said |= environment is not None
    for (version, environment), deployed in sorted(found.items()):
        facts = EdgeFacts(
            "DEPLOYED_AS",
            uid,
            desk.server.uid(versions, name, version),
            environment=environment,
            properties={"aliases": tuple(sorted(deployed.aliases))},
            subject_kind=Kind.ASSET,
            object_kind=Kind.ASSET,
        )
        if deployed.is_said:
            yield Fact(facts, deployed.position)
        else:
            yield Fact(facts, deployed.position, Certainty.POSSIBLE, UNMAPPED)
