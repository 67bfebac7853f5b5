"""What the policies of a holder come to: edges to sets of paths, and control of the server itself.

An edge ends at the paths of one rule, less those about which a narrower rule decides otherwise. The
secrets of the run's own lists that stand there are said to stand within it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.vault.estate import Estate
from ingest.sources.vault.holders import ROOT, Holder
from ingest.sources.vault.names import LISTED, Server, within
from ingest.sources.vault.precedence import Allowed, PathRule, allowed, merged_rules
from ingest.sources.vault.storage import Stored, mount_uid

READING: Final = frozenset({"read"})
WRITING: Final = frozenset({"create", "update", "patch", "delete", "recover"})
_CHANGING: Final = frozenset({"create", "update", "patch"})
_SUDO: Final = frozenset({"sudo"})
_ANY_NAME: Final = "any-name"
_FURTHER: Final = "what it may write there gives it further policies"
_ROLE_ID: Final = "the role's id is known to it as well"
_SECRET_IDS: Final = ("/secret-id", "/custom-secret-id")
"""Below a role: where whoever writes gets a secret id, which opens that role and gives no policy."""

_BELOW_ROLES: Final = (*_SECRET_IDS, "/role-id")


@dataclass(frozen=True, slots=True)
class Access:
    """A sort of access: the relation it is, and the capabilities that give it."""

    name: str
    relation: str
    capabilities: frozenset[str]
    is_writing: bool


_ACCESS: Final = (
    Access("read", "CAN_READ", READING, is_writing=False),
    Access("write", "CAN_WRITE", WRITING, is_writing=True),
    Access("admin", "CAN_ADMIN", _SUDO, is_writing=True),
)

_CONTROL: Final = (
    "sys/policies/acl/",
    "sys/policy/",
    "identity/entity",
    "identity/entity/id/",
    "identity/entity/name/",
    "identity/entity-alias",
    "identity/entity-alias/id/",
    "identity/group",
    "identity/group/id/",
    "identity/group/name/",
    "identity/group-alias",
    "identity/group-alias/id/",
)
_OF_LOGIN: Final = ("role/", "roles/", "users/", "groups/", "map/", "certs/")
"""Where whoever writes gives policies to whom they like: to themselves as well."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of one rule for one sort of access, as a place that edges end at."""

    uid: Uid
    access: Access
    found: Allowed


@dataclass
class Grants:
    """What holders of one namespace may do; the places that they may do it at are said once.

    ``missing`` are policies that no file holds.
    """

    estate: Estate
    server: Server
    places: dict[Uid, Paths] = field(default_factory=dict[Uid, Paths])
    missing: set[str] = field(default_factory=set[str])
    _rules: dict[tuple[str, ...], tuple[PathRule, ...]] = field(
        default_factory=dict[tuple[str, ...], tuple[PathRule, ...]]
    )
    _with_secret_ids: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        folders = [
            f"auth/{path}role/" for path, m in sorted(self.estate.logins.items()) if m.type == "approle"
        ]
        self._with_secret_ids = {
            folder: [name for name, _ in self.estate.below(folder)] for folder in folders
        }

    def facts(self, holder: Holder) -> Iterator[Fact]:
        """Yield the edges of one holder, with the places that they end at."""
        if ROOT in holder.policies:
            yield self._edge(holder, "CAN_ADMIN", self.server.uid, frozenset({ROOT}), None)
            return
        self.missing |= {name for name in holder.policies if name not in self.estate.policies}
        rules = self._rules_of(holder.policies)
        for access in _ACCESS:
            for found in allowed(rules, access.capabilities, is_writing=access.is_writing):
                if access.capabilities is _SUDO and self.estate.kv_mount(found.rule.path) is not None:
                    continue  # no path of keys and values asks for it: it gives nothing there
                place = self._place(access, found)
                yield from self._place_facts(place, holder.position)
                yield self._edge(holder, access.relation, place.uid, found.rule.policies, found.condition)
        yield from self._secret_ids(holder, rules)
        yield from self._control(holder, rules)

    def listed(self, stored: Sequence[Stored]) -> Iterator[Fact]:
        """Yield which of the secrets that were listed stand at which places."""
        reading = sorted((path, secret) for secret in stored for path in secret.reading)
        writing = sorted((path, secret) for secret in stored for path in secret.writing)
        for uid in sorted(self.places):
            place = self.places[uid]
            if place.access.capabilities is _SUDO:
                continue  # it is asked for beside reading and writing, and gives neither
            named = writing if place.access.capabilities is WRITING else reading
            for secret in _taken_in(place.found, named):
                edge = within(secret.uid(self.server), Kind.SECRET, uid, LISTED)
                condition = _own(place.found)
                yield Fact(edge, "", Certainty.POSSIBLE if condition else Certainty.CERTAIN, condition)

    def _rules_of(self, policies: tuple[str, ...]) -> tuple[PathRule, ...]:
        known = self._rules.get(policies)
        if known is None:
            held = [rule for name in policies for rule in self.estate.policies.get(name, ())]
            known = self._rules[policies] = merged_rules(held)
        return known

    def _place(self, access: Access, found: Allowed) -> Paths:
        excluded = tuple(sorted(rule.path for rule in found.excluded))
        uid = self.server.paths_uid(access.name, found.rule.path, excluded)
        return self.places.setdefault(uid, Paths(uid, access, found))

    def _place_facts(self, place: Paths, position: str) -> Iterator[Fact]:
        rule = place.found.rule
        properties: dict[str, PropertyValue] = {
            "scope_type": "vault",
            "resource_type": f"vault path, {place.access.name}",
            "resource_patterns": (rule.path,),
        }
        excluded = tuple(sorted(other.path for other in place.found.excluded))
        if excluded:
            properties["excluded_patterns"] = excluded
        name = f"vault#{rule.path}"
        yield Fact(NodeFacts(place.uid, Kind.ASSET, type="scope", name=name, properties=properties), position)
        mount = self.estate.mount_of(rule.fixed)
        above = mount_uid(self.server, mount.path) if mount else self.server.uid
        yield Fact(within(place.uid, Kind.ASSET, above), position)

    def _secret_ids(self, holder: Holder, rules: Sequence[PathRule]) -> Iterator[Fact]:
        """Yield the roles for which a holder can have secret ids made, and so log in as."""
        found = list(allowed(rules, _CHANGING, is_writing=True))
        for folder, names in self._with_secret_ids.items():
            # Most holders have no rule there at all: roles times holders would be many.
            near = [one for one in found if _begin_alike(one.rule.fixed, folder)]
            for name in names if near else ():
                role = f"{folder}{name}"
                made = [one for one in near if any(one.takes_in(f"{role}{end}") for end in _SECRET_IDS)]
                uid = self.server.path_uid(Kind.IDENTITY, role)
                if made and uid != holder.uid:
                    policies = frozenset[str]().union(*(one.rule.policies for one in made))
                    yield self._edge(holder, "CAN_ADMIN", uid, policies, _ROLE_ID, Kind.IDENTITY)

    def _control(self, holder: Holder, rules: Sequence[PathRule]) -> Iterator[Fact]:
        """Yield that a holder controls the server, where it may give itself further policies."""
        found = list(allowed(rules, _CHANGING, is_writing=True))
        certain = [one for one in found if one.condition is None]
        areas = [
            *_CONTROL,
            *(f"auth/{path}{part}" for path in sorted(self.estate.logins) for part in _OF_LOGIN),
        ]
        sure = {name for area in areas for name in _writing_all(certain, area)}
        sure |= self._makes_tokens(rules)
        if sure:
            yield self._edge(holder, "CAN_ADMIN", self.server.uid, frozenset(sure), None)
            return
        maybe = {
            name
            for area in areas
            for one in found
            if _may_write(one.rule, area)
            for name in one.rule.policies
        }
        if maybe:
            yield self._edge(holder, "CAN_ADMIN", self.server.uid, frozenset(maybe), _FURTHER)

    def _makes_tokens(self, rules: Sequence[PathRule]) -> set[str]:
        """Return the policies by which tokens with any policy can be made: writing with sudo at that path."""
        path = "auth/token/create"
        deciding = max(
            (rule for rule in rules if rule.matches(path)), key=lambda rule: rule.priority, default=None
        )
        if deciding is None or deciding.is_templated or deciding.conditions | deciding.writing:
            return set()
        gives = deciding.capabilities & _CHANGING and "sudo" in deciding.capabilities
        return set(deciding.policies) if gives else set()

    def _edge(
        self,
        holder: Holder,
        relation: str,
        place: Uid,
        policies: frozenset[str],
        condition: str | None,
        kind: Kind = Kind.ASSET,
    ) -> Fact:
        said = "; ".join(text for text in (holder.condition, condition) if text is not None) or None
        about = EdgeFacts(
            relation,
            holder.uid,
            place,
            properties={"granted_by": tuple(sorted(policies))},
            object_kind=kind,
        )
        return Fact(about, holder.position, Certainty.CERTAIN if said is None else Certainty.POSSIBLE, said)


def _taken_in(found: Allowed, named: Sequence[tuple[str, Stored]]) -> list[Stored]:
    """Return the secrets of which a path is taken in, each once, in order. Cost: those that begin alike."""
    fixed = found.rule.fixed
    first = bisect_left(named, fixed, key=lambda one: one[0])
    taken: dict[str, Stored] = {}
    for path, secret in named[first:]:
        if not path.startswith(fixed):
            break
        if found.takes_in(path):
            taken[secret.path] = secret
    return [taken[path] for path in sorted(taken)]


def _own(found: Allowed) -> str | None:
    return "the path is that of the holder itself" if found.rule.is_templated else None


def _begin_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _writing_all(found: Sequence[Allowed], area: str) -> set[str]:
    """Return the policies by which any name in an area can be written."""
    probe = f"{area}{_ANY_NAME}" if area.endswith("/") else area
    return {name for one in found if one.takes_in(probe) for name in one.rule.policies}


def _may_write(rule: PathRule, area: str) -> bool:
    """Return whether a rule may be about a name in an area, going by how it begins."""
    if rule.path.endswith(_BELOW_ROLES):
        return False
    if rule.fixed == rule.path:
        return rule.path.startswith(area) if area.endswith("/") else rule.path == area
    return area.startswith(rule.fixed) or (area.endswith("/") and rule.fixed.startswith(area))


def denies(estate: Estate, policies: Mapping[str, object] | Sequence[str]) -> bool:
    """Return whether any of some policies takes something away."""
    return any(
        not rule.capabilities - {"deny"} for name in policies for rule in estate.policies.get(name, ())
    )
