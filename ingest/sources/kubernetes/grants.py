"""Who may do what where: bindings and the roles they name, as edges at the scope of the binding.

One edge for each subject, relation and object, however many rules give it; where any of
them gives it for certain it is certain. Which bindings give it is a property.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import VOCABULARY, Certainty, Kind
from ingest.facts import Fact
from ingest.jsontext import shown
from ingest.shapes import JsonObject, Misshapen, object_at, objects_at, optional_text, text_at
from ingest.sources.kubernetes.names import Cluster, is_address, is_system, node_kind
from ingest.sources.kubernetes.objects import KubeObject
from ingest.sources.kubernetes.places import Places
from ingest.sources.kubernetes.resources import (
    CLUSTER_ROLES,
    ROLE_BINDINGS,
    ROLES,
    SERVICE_ACCOUNTS,
    SUBJECT_GROUPS,
    USERS,
    ResourceType,
)
from ingest.sources.kubernetes.rules import (
    Right,
    Rule,
    names_nothing,
    parts_of_nothing,
    rights_of,
    rule_of,
    types_of,
    unknown_verbs,
)
from ingest.sources.kubernetes.workloads import Objects
from ingest.uids import address_uid

SAME_PERSON: Final = "the cluster's login maps this address to the person"
"""The condition under which somebody with a user's e-mail address is that user."""

_ALL_ACCOUNTS: Final = "system:serviceaccounts"
_AUTHENTICATED: Final = "system:authenticated"


@dataclass
class FaultyObject(Exception):
    """An object, a binding or its role, that has another shape than the API gives it."""

    item: KubeObject
    fault: Misshapen


class Edge(NamedTuple):
    """A grant: who, what, on what."""

    subject: Uid
    relation: str
    object: Uid
    kind: Kind


@dataclass
class Grant:
    """Everything that gives one edge: the bindings that do for certain, and those that may.

    ``conditions`` are those of the ways that are only possible.
    """

    position: str
    certain: set[str] = field(default_factory=set[str])
    possible: set[str] = field(default_factory=set[str])
    conditions: set[str] = field(default_factory=set[str])


@dataclass
class Grants:
    """The grants of one type of binding, and what was left out on the way.

    ``missing_roles`` counts bindings whose role was not in the input.
    """

    cluster: Cluster
    objects: Objects
    places: Places
    edges: dict[Edge, Grant] = field(default_factory=dict[Edge, Grant])
    subjects: dict[Uid, NodeFacts] = field(default_factory=dict[Uid, NodeFacts])
    holders: dict[Uid, ResourceType] = field(default_factory=dict[Uid, ResourceType])
    memberships: set[tuple[Uid, Uid]] = field(default_factory=set[tuple[Uid, Uid]])
    persons: set[tuple[Uid, Uid]] = field(default_factory=set[tuple[Uid, Uid]])
    skipped: list[str] = field(default_factory=list[str])
    missing_roles: int = 0
    _named_so: dict[tuple[ResourceType, str], list[KubeObject]] = field(init=False)
    _accounts: list[KubeObject] = field(init=False)

    def __post_init__(self) -> None:
        # Looked up for each name of each rule of each binding: a walk over all objects would not end.
        self._named_so = {}
        for item in self.objects.values():
            self._named_so.setdefault((item.type, item.name), []).append(item)
        self._accounts = [item for item in self.objects.values() if item.type == SERVICE_ACCOUNTS]

    def add(self, binding: KubeObject) -> None:
        """Take in a binding.

        Raises:
            FaultyObject: where the binding, or a rule of its role, has another shape than the
                API gives it.
        """
        try:
            self._add(binding)
        except Misshapen as fault:
            raise FaultyObject(binding, fault) from None

    def _add(self, binding: KubeObject) -> None:
        rules = self._rules(binding)
        if rules is None:
            self.missing_roles += 1
            self.skipped.append("binding to a role that is not in the input")
        subjects = [
            self._subject(item, place, binding) for place, item in objects_at(binding.body, "subjects")
        ]
        for rule in rules or ():
            self._tell_unmapped(rule)
            self._tell_unborne(rule, binding.namespace)
            for right in rights_of(rule):
                for target, kind in self._targets(right, rule, binding.namespace):
                    for subject in subjects:
                        self._grant(subject, right, target, kind, binding)

    def facts(self) -> Iterator[Fact]:
        """Yield the grants with those they are given to, in order."""
        for uid in sorted(self.subjects):
            yield Fact(self.subjects[uid], "")
        for uid, sort in sorted(self.holders.items()):
            yield Fact(self.places.holding(uid, Kind.IDENTITY, sort, ""), "")
        everybody = self.cluster.group_uid(_AUTHENTICATED)
        if everybody in self.subjects:
            users = (uid for uid, sort in self.holders.items() if sort == USERS)
            self.memberships |= {(uid, everybody) for uid in users}
        for member, group in sorted(self.memberships):
            yield Fact(EdgeFacts("MEMBER_OF", member, group), "")
        for person, user in sorted(self.persons):
            yield Fact(EdgeFacts("CAN_ASSUME", person, user), "", Certainty.POSSIBLE, SAME_PERSON)
        for edge in sorted(self.edges):
            yield self._fact(edge, self.edges[edge])

    def _fact(self, edge: Edge, grant: Grant) -> Fact:
        bindings = grant.certain or grant.possible
        properties: dict[str, PropertyValue] = {"granted_by": tuple(sorted(bindings))}
        about = EdgeFacts(
            edge.relation, edge.subject, edge.object, properties=properties, object_kind=edge.kind
        )
        if grant.certain:
            return Fact(about, grant.position)
        return Fact(about, grant.position, Certainty.POSSIBLE, "; ".join(sorted(grant.conditions)))

    def _rules(self, binding: KubeObject) -> list[Rule] | None:
        """Return the rules of the role that a binding names; None where it was not read."""
        reference = object_at(binding.body, "roleRef")
        name, kind = text_at(reference, "name", "/roleRef"), text_at(reference, "kind", "/roleRef")
        sort = CLUSTER_ROLES if kind == CLUSTER_ROLES.kind else ROLES
        namespace = binding.namespace if sort == ROLES else ""
        role = self.objects.get((sort.group, sort.kind, namespace, name))
        if role is None:
            return None
        try:
            rules = [rule_of(item, place) for place, item in objects_at(role.body, "rules")]
        except Misshapen as fault:
            reason = f"{fault.reason}; {_place_of(binding)} was left out for it"
            raise FaultyObject(role, Misshapen(fault.pointer, reason, fault.expected)) from None
        self.skipped.extend("rule about addresses that are no resources" for rule in rules if rule is None)
        return [rule for rule in rules if rule is not None]

    def _subject(self, item: JsonObject, place: str, binding: KubeObject) -> Uid:
        name, kind = text_at(item, "name", place), text_at(item, "kind", place)
        if kind == "ServiceAccount":
            namespace = optional_text(item, "namespace", place) or binding.namespace
            return self._account(namespace, name)
        if kind == "Group":
            return self._group(name)
        if kind == "User":
            account = _account_of(name)
            return self._user(name) if account is None else self._account(*account)
        raise Misshapen(f"{place}/kind", "a subject of another kind", "ServiceAccount, User or Group")

    def _account(self, namespace: str, name: str) -> Uid:
        return self.cluster.object_uid(SERVICE_ACCOUNTS, namespace, name)

    def _user(self, name: str) -> Uid:
        uid = self.cluster.user_uid(name)
        # Any other name may be a machine's: of a person it would need no owner.
        sort = "workload_identity" if is_system(name) else "person" if is_address(name) else None
        self.subjects[uid] = NodeFacts(uid, Kind.IDENTITY, type=sort, name=name)
        self.holders[uid] = USERS
        if sort == "person":
            self.persons.add((address_uid(name, self.cluster.fingerprints), uid))
        return uid

    def _group(self, name: str) -> Uid:
        uid = self.cluster.group_uid(name)
        self.subjects[uid] = NodeFacts(uid, Kind.IDENTITY, type="group", name=name)
        self.holders[uid] = SUBJECT_GROUPS
        for account in self._accounts:
            if name in (_ALL_ACCOUNTS, _AUTHENTICATED, f"{_ALL_ACCOUNTS}:{account.namespace}"):
                self.memberships.add((self._account(account.namespace, account.name), uid))
        return uid

    def _targets(self, right: Right, rule: Rule, namespace: str) -> Iterator[tuple[Uid, Kind]]:
        """Yield what a right is on, at the scope of its binding; nothing where it grants nothing there."""
        if right.type is None:
            place = self.places.namespace(namespace) if namespace else self.cluster.uid
            yield place, Kind.ASSET
        elif namespace and not right.type.namespaced:
            if not rule.is_of_all_types:
                self.skipped.append("right to objects of the cluster, bound in a namespace")
        elif right.by_name:
            yield from self._named(right, rule, namespace)
        else:
            yield self.places.subscope(right.type, namespace or None), Kind.ASSET

    def _named(self, right: Right, rule: Rule, namespace: str) -> Iterator[tuple[Uid, Kind]]:
        sort = right.type
        if sort is None:
            return
        kind = node_kind(sort)
        found = [uid for name in rule.names for uid in self._bearers(sort, name, rule, namespace)]
        if (kind, right.relation) in _ALLOWED:
            yield from ((uid, kind) for uid in found)
        elif found:
            self.skipped.append(f"{right.relation} on a single object of type {sort.name}")

    def _bearers(self, sort: ResourceType, name: str, rule: Rule, namespace: str) -> list[Uid]:
        """Return the objects of a type and name; one that only the rule knows where it names the type."""
        found = list(self._objects_named(sort, name, namespace))
        if found or rule.is_of_all_types or (sort.namespaced and not namespace):
            return found
        return [self._uid(sort, namespace, name)]

    def _tell_unborne(self, rule: Rule, namespace: str) -> None:
        """Tell of the names that no object bears which the rule is about and the input holds."""
        types = [sort for sort in types_of(rule) if sort.namespaced or not namespace] if rule.names else []
        for name in rule.names:
            if types and not any(self._bearers(sort, name, rule, namespace) for sort in types):
                self.skipped.append("right to objects by a name that none in the input bears")

    def _objects_named(self, sort: ResourceType, name: str, namespace: str) -> Iterator[Uid]:
        for item in self._named_so.get((sort, name), ()):
            if namespace in ("", item.namespace):
                yield self._uid(sort, item.namespace, name)

    def _uid(self, sort: ResourceType, namespace: str, name: str) -> Uid:
        if sort == USERS:
            return self.cluster.user_uid(name)
        if sort == SUBJECT_GROUPS:
            return self.cluster.group_uid(name)
        return self.cluster.object_uid(sort, namespace if sort.namespaced else "", name)

    def _grant(self, subject: Uid, right: Right, target: Uid, kind: Kind, binding: KubeObject) -> None:
        if subject == target:
            return
        grant = self.edges.setdefault(Edge(subject, right.relation, target, kind), Grant(binding.position))
        certain = right.certainty is Certainty.CERTAIN
        (grant.certain if certain else grant.possible).add(_binding_name(binding))
        if right.condition is not None:
            grant.conditions.add(right.condition)

    def _tell_unmapped(self, rule: Rule) -> None:
        self.skipped.extend(f"verb {shown(verb)}" for verb in unknown_verbs(rule))
        self.skipped.extend("right to type/*, which grants nothing" for _ in parts_of_nothing(rule))
        if names_nothing(rule):
            self.skipped.append("create or deletecollection limited to names, which grants nothing")


def _account_of(user: str) -> tuple[str, str] | None:
    """Return the service account that a user's name stands for, by namespace and name."""
    match user.split(":"):
        case ["system", "serviceaccount", namespace, name]:
            return namespace, name
        case _:
            return None


def _place_of(binding: KubeObject) -> str:
    place = f"{binding.namespace}/" if binding.type == ROLE_BINDINGS else ""
    return f"{binding.type.kind} {place}{binding.name}"


def _binding_name(binding: KubeObject) -> str:
    reference = object_at(binding.body, "roleRef")
    return f"{_place_of(binding)} to {reference.get('kind')} {reference.get('name')}"


_ALLOWED: Final = frozenset(
    (pair[1], relation)
    for relation in ("CAN_READ", "CAN_WRITE", "CAN_ADMIN")
    for pair in VOCABULARY.relation(relation).pairs
)
"""Which kinds of node the relations of access may end at, by the vocabulary."""
