"""What a role's rule gives, in terms of types and verbs, before anybody is bound to it.

Every sentence about rights in docs/sources/kubernetes.md is one function here. Verbs are not
rights: being allowed to make a pod is being able to use any account and any secret of
its namespace. Source: Kubernetes documentation, "Using RBAC Authorization" and "Role
Based Access Control Good Practices".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from graph.vocabulary import Certainty
from ingest.redaction import Json
from ingest.shapes import JsonObject, as_list, is_misshapen
from ingest.sources.kubernetes.resources import (
    CONTROLLERS,
    GROUPS,
    NAMESPACES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
    SUBJECT_GROUPS,
    TYPES,
    USERS,
    ResourceType,
    subresource,
)

READING: Final = frozenset({"get", "list", "watch"})
WRITING: Final = frozenset({"create", "update", "patch", "delete", "deletecollection"})
ADMINISTERING: Final = frozenset({"*", "escalate", "bind", "impersonate"})
_NAMELESS: Final = frozenset({"create", "deletecollection"})
"""Verbs that cannot be limited to names: a rule that tries grants nothing by them."""

_NO_OBJECTS: Final = frozenset({USERS, SUBJECT_GROUPS})
"""Types without objects in the API: only impersonating them means something."""

_CHANGING: Final = frozenset({"create", "update", "patch"})
_ENTERING: Final = {
    "exec": READING | {"create"},
    "attach": READING | {"create"},
    "ephemeralcontainers": frozenset({"update", "patch"}),
}
"""Parts of pods through which commands are run in them, and the verbs that do it."""

_PARENTS: Final = {**dict.fromkeys(_ENTERING, PODS), "token": SERVICE_ACCOUNTS}
"""Parts that give more than they say, and what they are parts of; all in the core group."""

RUNS_COMMANDS: Final = "it can run commands in their containers"
MAKES_PODS: Final = "it can make pods, and give them any account of the namespace"
MOUNTS: Final = "it can make pods, and mount any secret of the namespace in them"
CONTROLS_NEW: Final = "it can make pods of its own"
ONLY_METADATA: Final = "only its labels can be changed, or all in it be deleted"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a role. ``names`` limits it to objects of these names; empty for all."""

    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: frozenset[str]
    names: tuple[str, ...]

    @property
    def is_of_all_types(self) -> bool:
        """Return whether the rule is about every type of its groups."""
        return "*" in self.resources

    def allows(self, verbs: Collection[str]) -> bool:
        """Return whether the rule allows one of these verbs."""
        return "*" in self.verbs or not self.verbs.isdisjoint(verbs)


@dataclass(frozen=True, slots=True)
class Right:
    """What a rule gives: a relation to all objects of a type, or (None) to the whole scope.

    ``by_name`` says that it is to the objects that the rule names, not to all.
    """

    relation: str
    type: ResourceType | None
    certainty: Certainty = Certainty.CERTAIN
    condition: str | None = None
    by_name: bool = False


def rule_of(item: JsonObject, pointer: str) -> Rule | None:
    """Return a rule; None for one about addresses that are no resources.

    Raises:
        Misshapen: where a list holds something else than texts.
    """
    if "nonResourceURLs" in item and "resources" not in item:
        return None
    return Rule(
        groups=_texts(item, "apiGroups", pointer),
        resources=_texts(item, "resources", pointer),
        verbs=frozenset(_texts(item, "verbs", pointer)),
        names=_texts(item, "resourceNames", pointer),
    )


def rights_of(rule: Rule) -> Iterator[Right]:
    """Yield what a rule gives, repetitions included."""
    if rule.is_of_all_types and "*" in rule.groups and not rule.names:
        yield from (Right(relation, None) for relation in _relations(rule))
        if "*" not in rule.verbs:  # who administers the whole needs no other way
            yield from _powers(rule, None)
        return
    for sort in types_of(rule):
        yield from _powers(rule, sort)
        if not _is_entered(sort) and sort.plural != "serviceaccounts/token":
            yield from _plain(rule, sort)


def unknown_verbs(rule: Rule) -> list[str]:
    """Return the verbs of which nothing is known."""
    return sorted(rule.verbs - READING - WRITING - ADMINISTERING)


def names_nothing(rule: Rule) -> bool:
    """Return whether a rule limits verbs to names that cannot be limited so."""
    parts = [resource for resource in rule.resources if "/" in resource]
    return bool(rule.names) and not parts and bool(rule.verbs & _NAMELESS)


def parts_of_nothing(rule: Rule) -> list[str]:
    """Return the resources of a rule that look like every part of a type, and match none."""
    return [resource for resource in rule.resources if resource.endswith("/*")]


def _relations(rule: Rule) -> list[str]:
    """Return the relations that a rule's verbs come to; whoever may do everything administers."""
    if "*" in rule.verbs:
        return ["CAN_ADMIN"]
    verbs = rule.verbs - _NAMELESS if rule.names else rule.verbs
    classes = (("CAN_READ", READING), ("CAN_WRITE", WRITING), ("CAN_ADMIN", ADMINISTERING))
    return [relation for relation, known in classes if verbs & known]


def _plain(rule: Rule, sort: ResourceType) -> Iterator[Right]:
    """Yield the rights that are what the verbs say."""
    by_name = bool(rule.names)
    relations = _relations(rule)
    if sort in _NO_OBJECTS:
        relations = [relation for relation in relations if relation == "CAN_ADMIN"]
    if sort != NAMESPACES:
        yield from (Right(relation, sort, by_name=by_name) for relation in relations)
        return
    # What is in a namespace is not read or written through the object that names it.
    for relation in relations:
        if relation != "CAN_READ":
            if by_name:
                yield Right("CAN_WRITE", sort, Certainty.POSSIBLE, ONLY_METADATA, by_name=True)
            else:
                yield Right(relation, sort)


def _powers(rule: Rule, sort: ResourceType | None) -> Iterator[Right]:
    """Yield what the verbs give beyond what they say; ``sort`` None stands for every type."""
    by_name = bool(rule.names)
    for part, verbs in _ENTERING.items():
        if _is(sort, PODS, part) and rule.allows(verbs):
            yield Right("CAN_ADMIN", PODS, Certainty.POSSIBLE, RUNS_COMMANDS, by_name=by_name)
    if _is(sort, SERVICE_ACCOUNTS, "token") and rule.allows({"create"}):
        yield Right("CAN_ADMIN", SERVICE_ACCOUNTS, by_name=by_name)
    makes_pods = (sort is None or sort == PODS) and not rule.names and rule.allows({"create"})
    if makes_pods:
        yield Right("CAN_ADMIN", PODS, Certainty.POSSIBLE, CONTROLS_NEW)
    changes_templates = (sort is None or sort in CONTROLLERS) and rule.allows(
        _CHANGING - (_NAMELESS if rule.names else frozenset())
    )
    if makes_pods or changes_templates:
        yield Right("CAN_ADMIN", SERVICE_ACCOUNTS, Certainty.POSSIBLE, MAKES_PODS)
        yield Right("CAN_READ", SECRETS, Certainty.POSSIBLE, MOUNTS)


def _is(sort: ResourceType | None, parent: ResourceType, part: str) -> bool:
    if sort is None:
        return True
    return sort.group == parent.group and sort.plural == f"{parent.plural}/{part}"


def _is_entered(sort: ResourceType) -> bool:
    parent, _, part = sort.plural.partition("/")
    return sort.group == "" and parent == PODS.plural and part in _ENTERING


def types_of(rule: Rule) -> list[ResourceType]:
    """Return the types that a rule is about, parts of objects as types of their own.

    Every type of every group is every built-in one: of others only the rule could tell.
    """
    return list(dict.fromkeys(_types(rule)))


def _types(rule: Rule) -> Iterator[ResourceType]:
    for resource in rule.resources:
        plural, _, part = resource.partition("/")
        if resource == "*":
            for group in GROUPS if "*" in rule.groups else rule.groups:
                yield from _all_of(group)
            continue
        if plural == "*" and part in _PARENTS and not {"", "*"}.isdisjoint(rule.groups):
            yield subresource(_PARENTS[part], part)
            continue
        if part == "*":
            continue
        known = list(_named(plural, rule.groups))
        for sort in known or [ResourceType(group, plural, plural, namespaced=True) for group in rule.groups]:
            yield subresource(sort, part) if part else sort


def _named(plural: str, groups: Collection[str]) -> Iterator[ResourceType]:
    for sort in TYPES:
        if sort.plural == plural and (sort.group in groups or "*" in groups):
            yield sort


def _all_of(group: str) -> Iterator[ResourceType]:
    """Yield every type of a group, with the parts of them that give more than they say."""
    found = [t for t in TYPES if t.group == group]
    yield from found or [ResourceType(group, "*", "*", namespaced=True)]
    if group == "":
        yield from (subresource(parent, part) for part, parent in _PARENTS.items())


def _texts(item: JsonObject, key: str, pointer: str) -> tuple[str, ...]:
    value = item.get(key)
    if value is None:
        return ()
    place = f"{pointer}/{key}"
    found: list[str] = []
    entries: list[Json] = as_list(value, place)
    for i, entry in enumerate(entries):
        if not isinstance(entry, str):
            raise is_misshapen(entry, "a text", f"{place}/{i}")
        found.append(entry)
    return tuple(found)
