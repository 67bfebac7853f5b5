"""Who may do what: members and owners of an organisation, teams, and whoever was given a repository.

A role is what it lets one do: reading, or changing as well; ``admin`` is control. Logins pass
from one person to another, so they join nobody; people are known by their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, Extent, ExternalId, NodeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.github.accounts import Access, Granted, Organisation, Team, User
from ingest.sources.github.answers import Answer, Answers
from ingest.sources.github.names import LOGIN, Server

ARCHIVED: Final = "the repository is no longer archived"

_RELATIONS: Final = {
    Access.NONE: (),
    Access.READ: ("CAN_READ",),
    Access.WRITE: ("CAN_READ", "CAN_WRITE"),
    Access.ADMIN: ("CAN_ADMIN",),
}


def organisation_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield an organisation, and what all of its members may do with all of its repositories."""
    server = answers.server
    for pointer, organisation in answer.entries(Organisation):
        uid = server.organisation_uid(organisation.login)
        number = server.id_of("organisation", organisation.number)
        yield Fact(
            NodeFacts(uid, Kind.ASSET, "organisation", organisation.login, external_ids=(number,)), pointer
        )
        members = server.members_uid(organisation.login)
        yield Fact(_members(organisation.login, server, whole=False), pointer)
        everything = server.all_repositories_uid(organisation.login)
        yield from _granted(members, everything, organisation.base, pointer)


def member_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield the members of a team, or of an organisation."""
    about, server = answer.endpoint, answers.server
    whole = answer.why_partial is None
    if about.team:
        group = NodeFacts(
            server.team_uid(about.owner, about.team), Kind.IDENTITY, "team", coverage=_told(whole=whole)
        )
    else:
        group = _members(about.owner, server, whole=whole)
    yield Fact(group, "")
    for pointer, user in answer.entries(User):
        yield Fact(user_node(user, server), pointer)
        yield Fact(EdgeFacts("MEMBER_OF", server.user_uid(user.number), group.uid), pointer)


def owner_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield who controls an organisation."""
    server = answers.server
    organisation = server.organisation_uid(answer.endpoint.owner)
    for pointer, user in answer.entries(User):
        yield Fact(user_node(user, server), pointer)
        yield from _granted(server.user_uid(user.number), organisation, Access.ADMIN, pointer)


def team_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield the teams of an organisation, or those that were given a repository.

    What a team was given its child teams have as well.
    """
    about, server = answer.endpoint, answers.server
    for pointer, team in answer.entries(Team):
        uid = server.team_uid(about.owner, team.slug)
        number = server.id_of("team", team.number)
        yield Fact(NodeFacts(uid, Kind.IDENTITY, "team", team.name, external_ids=(number,)), pointer)
        if team.parent is not None:
            parent = server.team_uid(about.owner, team.parent)
            yield Fact(EdgeFacts("MEMBER_OF", uid, parent), pointer)
        if about.name:
            yield from _given(uid, answers.full_name(about), team.access, answers, pointer)


def team_repository_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield which repositories a team was given."""
    about = answer.endpoint
    uid = answers.server.team_uid(about.owner, about.team)
    yield Fact(NodeFacts(uid, Kind.IDENTITY, "team"), "")
    for pointer, granted in answer.entries(Granted):
        yield from _given(uid, granted.full_name, granted.access, answers, pointer)


def collaborator_facts(answer: Answer, answers: Answers) -> Iterator[Fact]:
    """Yield who may do what with a repository, by whatever way."""
    full_name = answers.full_name(answer.endpoint)
    for pointer, user in answer.entries(User):
        yield Fact(user_node(user, answers.server), pointer)
        yield from _given(answers.server.user_uid(user.number), full_name, user.access, answers, pointer)


def user_node(user: User, server: Server) -> NodeFacts:
    """Return what there is to say of a user; a bot is no person."""
    ids = (server.user_id(user.number), ExternalId(LOGIN, user.login))
    type_ = "person" if user.is_person else "service_account"
    return NodeFacts(server.user_uid(user.number), Kind.IDENTITY, type_, user.login, external_ids=ids)


def _members(login: str, server: Server, *, whole: bool) -> NodeFacts:
    return NodeFacts(
        server.members_uid(login),
        Kind.IDENTITY,
        "group",
        f"members of {login}",
        coverage=_told(whole=whole),
    )


def _told(*, whole: bool) -> dict[str, Extent]:
    """Return that a list names all members of a group, where it does; nothing is said of the members."""
    return {"MEMBER_OF": Extent.COMPLETE} if whole else {}


def _given(who: Uid, full_name: str, access: Access, answers: Answers, pointer: str) -> Iterator[Fact]:
    condition = ARCHIVED if answers.is_archived(full_name) and access is not Access.READ else None
    yield from _granted(who, answers.server.repository_uid(full_name), access, pointer, condition)


def _granted(
    who: Uid, what: Uid, access: Access, pointer: str, condition: str | None = None
) -> Iterator[Fact]:
    for relation in _RELATIONS[access]:
        open_question = None if relation == "CAN_READ" else condition
        certainty = Certainty.CERTAIN if open_question is None else Certainty.POSSIBLE
        yield Fact(EdgeFacts(relation, who, what), pointer, certainty, open_question)
