"""GitHub Apps where they are installed: what they may do with an organisation's repositories.

With which key an app logs in the API does not say, so that nothing leads to it but the app itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.github.accounts import Installation
from ingest.sources.github.answers import Answer, Answers

SELECTED: Final = "the app is given the repository"
SUSPENDED: Final = "the app is no longer suspended"

_ON_REPOSITORIES: Final = {
    ("contents", "read"): ("CAN_READ",),
    ("contents", "write"): ("CAN_READ", "CAN_WRITE"),
    ("administration", "write"): ("CAN_ADMIN",),
}
_ON_ORGANISATION: Final = {("organization_administration", "write"): ("CAN_ADMIN",)}


def installation_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield the apps that are installed in an organisation, and what they may do."""
    server, owner = answers.server, answer.endpoint.owner
    for pointer, app in answer.entries(Installation):
        uid = server.installation_uid(app.number)
        properties: dict[str, PropertyValue] = {"app_id": app.app_number}
        if app.permissions:
            properties["permissions"] = tuple(f"{name}:{level}" for name, level in app.permissions)
        yield Fact(
            NodeFacts(
                uid,
                Kind.IDENTITY,
                "oauth_app",
                app.slug,
                properties,
                (server.id_of("installation", app.number),),
            ),
            pointer,
        )
        suspended = [SUSPENDED] if app.suspended else []
        selected = [] if app.of_all_repositories else [SELECTED]
        grants = (
            (_ON_REPOSITORIES, server.all_repositories_uid(owner), [*selected, *suspended]),
            (_ON_ORGANISATION, server.organisation_uid(owner), suspended),
        )
        for table, what, conditions in grants:
            relations = {name for given in app.permissions for name in table.get(given, ())}
            for relation in sorted(relations):
                edge = EdgeFacts(relation, uid, what)
                certainty = Certainty.POSSIBLE if conditions else Certainty.CERTAIN
                yield Fact(edge, pointer, certainty, ", and ".join(conditions) or None)
