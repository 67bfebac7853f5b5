"""Which kinds of nodes and edges become what: those whose meaning is documented, and no others.

Sources: BloodHound documentation, "Nodes" and "Edges" (Active Directory, Azure) and the reference of the
GitHound and OktaHound extensions, 2026-11. Kinds of GitHub stand there with and without an underscore.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.vocabulary import Kind

ASSET, IDENTITY, SECRET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET
PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class NodeTerm:
    """What nodes of a kind are; ``scope_type`` is for scopes."""

    kind: Kind
    type: str | None = None
    scope_type: str | None = None

    @property
    def may_be_person(self) -> bool:
        """Return whether it may be a human being, whom no uid may show."""
        return self.kind is IDENTITY and self.type in (None, PERSON)


@dataclass(frozen=True, slots=True)
class EdgeTerm:
    """What edges of a kind say; ``ends`` are the kinds that the subject may have, where not all may.

    Without a condition it is certain; ``is_reversed`` says that the end of the edge is the subject.
    """

    relation: str
    condition: str | None = None
    is_reversed: bool = False
    subjects: frozenset[Kind] = frozenset({ASSET, IDENTITY, SECRET})


_PERSON: Final = NodeTerm(IDENTITY, PERSON)
_SOMEBODY: Final = NodeTerm(IDENTITY)
_GROUP: Final = NodeTerm(IDENTITY, "group")
_ROLE: Final = NodeTerm(IDENTITY, "role")
_WORKLOAD: Final = NodeTerm(ASSET, "workload")
_SECRET: Final = NodeTerm(SECRET)


def _scope(sort: str) -> NodeTerm:
    return NodeTerm(ASSET, "scope", sort)


_ACTIVE_DIRECTORY: Final[Mapping[str, NodeTerm]] = {
    "User": _SOMEBODY,
    "Group": _GROUP,
    "Computer": NodeTerm(ASSET, "compute"),
    "Domain": _scope("domain"),
    "OU": _scope("organisational unit"),
    "Container": _scope("container"),
}
_AZURE: Final[Mapping[str, NodeTerm]] = {
    "AZTenant": NodeTerm(ASSET, "tenant"),
    "AZUser": _SOMEBODY,
    "AZGroup": _GROUP,
    "AZRole": _ROLE,
    "AZApp": NodeTerm(IDENTITY, "oauth_app"),
    "AZServicePrincipal": NodeTerm(IDENTITY, "workload_identity"),
    "AZManagementGroup": _scope("management group"),
    "AZSubscription": _scope("subscription"),
    "AZResourceGroup": _scope("resource group"),
    "AZKeyVault": NodeTerm(ASSET, "vault"),
    "AZVM": NodeTerm(ASSET, "compute"),
    "AZFunctionApp": _WORKLOAD,
    "AZWebApp": _WORKLOAD,
    "AZLogicApp": _WORKLOAD,
    "AZContainerRegistry": NodeTerm(ASSET, "storage"),
    "AZManagedCluster": _scope("cluster"),
}
_GITHUB: Final[Mapping[str, NodeTerm]] = {
    "Organization": NodeTerm(ASSET, "organisation"),
    "Repository": NodeTerm(ASSET, "repository"),
    "User": _PERSON,
    "Team": NodeTerm(IDENTITY, "team"),
    "OrgRole": _ROLE,
    "TeamRole": _ROLE,
    "RepoRole": _ROLE,
    "OrgSecret": _SECRET,
    "RepoSecret": _SECRET,
    "EnvironmentSecret": _SECRET,
    "PersonalAccessToken": NodeTerm(SECRET, "token"),
    "AppInstallation": NodeTerm(IDENTITY, "oauth_app"),
}
_OTHERS: Final[Mapping[str, NodeTerm]] = {
    "AWSRole": _ROLE,
    "Okta_User": _PERSON,
    "Okta_Group": _GROUP,
    "Okta_Organization": NodeTerm(ASSET, "organisation"),
}

NODES: Final[Mapping[str, NodeTerm]] = {
    **_ACTIVE_DIRECTORY,
    **_AZURE,
    **{f"GH{name}": term for name, term in _GITHUB.items()},
    **{f"GH_{name}": term for name, term in _GITHUB.items()},
    **_OTHERS,
}

_MEMBER: Final = EdgeTerm("MEMBER_OF")
_CONTROL: Final = EdgeTerm("CAN_ADMIN")
_INSIDE: Final = EdgeTerm("WITHIN", is_reversed=True)
_INSIDE_BUT_PEOPLE: Final = EdgeTerm("WITHIN", is_reversed=True, subjects=frozenset({ASSET, SECRET}))
_OWNER: Final = EdgeTerm("CAN_ADMIN", "nothing limits the rights of the owner")
_TOKEN: Final = EdgeTerm(
    "AUTHENTICATES", "what is done is among the permissions of the token", is_reversed=True
)
_OIDC: Final = EdgeTerm("RUNS_AS", "a workflow of it asks for a token")

_GITHUB_EDGES: Final[Mapping[str, EdgeTerm]] = {
    "MemberOf": _MEMBER,
    "HasRole": _MEMBER,
    "HasBaseRole": _MEMBER,
    "Owns": _INSIDE_BUT_PEOPLE,
    "Contains": _INSIDE_BUT_PEOPLE,
    "HasSecret": _INSIDE_BUT_PEOPLE,
    "AdminTo": _CONTROL,
    "WriteRepoContents": EdgeTerm("CAN_WRITE"),
    "ReadRepoContents": EdgeTerm("CAN_READ"),
    "HasPersonalAccessToken": _TOKEN,
    "CanAssumeAWSRole": _OIDC,
}

EDGES: Final[Mapping[str, EdgeTerm]] = {
    "MemberOf": _MEMBER,
    "Contains": _INSIDE,
    "GenericAll": _CONTROL,
    "WriteDacl": _CONTROL,
    "WriteOwner": EdgeTerm("CAN_ADMIN", "nothing limits the rights of the owner that it names"),
    "Owns": _OWNER,
    "AdminTo": _CONTROL,
    "AddMember": _CONTROL,
    "ForceChangePassword": _CONTROL,
    "AZMemberOf": _MEMBER,
    "AZHasRole": _MEMBER,
    "AZContains": _INSIDE,
    "AZGlobalAdmin": _CONTROL,
    "AZOwner": _CONTROL,
    "AZOwns": _CONTROL,
    "AZAddMembers": _CONTROL,
    "AZAddSecret": _CONTROL,
    "AZResetPassword": _CONTROL,
    "AZGetSecrets": EdgeTerm("CAN_READ"),
    "AZRunsAs": EdgeTerm("CAN_ASSUME"),
    "AZManagedIdentity": EdgeTerm("RUNS_AS"),
    "Okta_MemberOf": _MEMBER,
    **{f"GH{name}": term for name, term in _GITHUB_EDGES.items()},
    **{f"GH_{name}": term for name, term in _GITHUB_EDGES.items()},
}


def term_of(kinds: tuple[str, ...]) -> NodeTerm | None:
    """Return what a node is, by the first of its kinds that is known; the first is its primary kind.

    >>> term_of(("GH_Repository", "GH_Base")).type, term_of(("Person",))
    ('repository', None)
    """
    return next((NODES[kind] for kind in kinds if kind in NODES), None)
