"""The GitHub plug-in: answers of the REST API as ``gh api`` prints them in, claims by answer out.

All files are read first, as secrets and subjects lean on environments, and these on repositories.
Then each answer is a scope of its own, so that a second file does not close the first.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.codeowners import TAKEN_AWAY, code_owners
from ingest.documents import Document, documents
from ingest.files import STANDARD_INPUT, Line
from ingest.record import ReadContext, Record, Rejected, Skipped
from ingest.redaction import Json
from ingest.shapes import Misshapen
from ingest.sources.github import accounts, objects
from ingest.sources.github.answers import Answer, answers_of, hosts_of
from ingest.sources.github.endpoints import Endpoint, Sort, endpoint_at, endpoint_in, endpoint_of_path
from ingest.sources.github.names import Server, server_of
from ingest.sources.github.pages import Entries, entries_of
from ingest.sources.github.sections import sections

_PARSERS: Final[Mapping[Sort, Callable[[Json, str], object]]] = {
    Sort.REPOSITORIES: objects.repository,
    Sort.REPOSITORY: objects.repository,
    Sort.SELECTED_REPOSITORIES: objects.named_repository,
    Sort.ENVIRONMENTS: objects.environment,
    Sort.SECRETS: objects.secret_name,
    Sort.SECRETS_OF_ORGANISATION: objects.secret_name,
    Sort.DEPLOY_KEYS: objects.deploy_key,
    Sort.SUBJECTS: objects.template,
    Sort.ORGANISATION: accounts.organisation,
    Sort.MEMBERS: accounts.user,
    Sort.OWNERS: accounts.user,
    Sort.COLLABORATORS: accounts.user,
    Sort.TEAMS: accounts.team,
    Sort.TEAM_REPOSITORIES: accounts.granted,
    Sort.INSTALLATIONS: accounts.installation,
    Sort.VARIABLES: objects.variable_name,
    Sort.CODEOWNERS: objects.content,
}
_NAMED_BY: Final = {Sort.REPOSITORY: "full_name", Sort.ORGANISATION: "login"}
"""What an object has of which the address is so short that other folders are called alike."""

_NAMELESS: Final = (
    "a file called by its address, such as repos/OWNER/NAME/environments.json, or that address as its "
    "scope in a sidecar"
)
_OF_NOTHING: Final = "nothing says of what this is the list"
_SERVERS: Final = "addresses of several servers"
_UNREAD: Final = "not all of its entries could be read"


class GitHubSource:
    """Reads answers of GitHub's REST API from files."""

    name = "github"
    summary = "GitHub REST API (2022-11-28, 2026-03-10) as `gh api --paginate --slurp` prints it, also gzip"
    maps = (
        "repositories of organisations: Asset of type repository; WITHIN the organisation's repositories",
        "pipelines, one of each repository and of each environment: BUILT_FROM, RUNS_AS, USES_SECRET",
        "names of Actions secrets of repositories, environments and organisations: Secret",
        "deploy keys: Secret that AUTHENTICATES an account of its own, which CAN_READ or CAN_WRITE",
        "subjects of OpenID Connect tokens, by name and by number, also from customised templates",
        "members, owners, teams and collaborators: Identity; MEMBER_OF, CAN_READ, CAN_WRITE, CAN_ADMIN",
        "installed apps: Identity of type oauth_app, with what they may do with repositories",
        "CODEOWNERS as the API hands it out: stewards of a repository",
    )
    does_not_map = (
        "values of variables: never read; their names are properties",
        "waiting times of environments: they keep nobody out",
        "which branches are protected, and what workflows ask for",
        "environments that a workflow makes by naming them",
        "keys of apps and people, tokens of people, runners, and secrets of Codespaces and Dependabot",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say; memory grows with what is kept of all of them."""
        found: list[Answer] = []
        for document in documents(paths, context):
            if isinstance(document, Document):
                yield from _read(document, context, found)
            else:
                yield document
        if not found:
            return
        host, *others = hosts_of(found)
        if others:
            reason = f"addresses of {', '.join([host, *others])}: nothing says what else is of which"
            yield Rejected(Problem("", "", "html_url", reason, "one server in a run"))
            return
        yield from sections(answers_of(found, Server(host, context.fingerprints)), context)


def _read(document: Document, context: ReadContext, found: list[Answer]) -> Iterator[Record]:
    """Add what a file holds to the answers, and yield what is wrong with it."""
    command = document.file.sidecar.command if document.file.sidecar else ""
    try:
        about = _about(document, context)
        if about is None:
            yield Rejected(Problem(document.file.name, "", "scope", _OF_NOTHING, _NAMELESS))
            return
        entries = entries_of(document.body, about.sort, command)
    except Misshapen as fault:
        yield Rejected(document.problem(fault))
        return
    hosts = {host for _, entry in entries.found if (host := server_of(entry)) is not None}
    if len(hosts) > 1:
        yield Rejected(Problem(document.file.name, "", "html_url", _SERVERS, "one server in a file"))
        return
    kept, problems = _parsed(document, entries, about.sort)
    if about.sort is Sort.CODEOWNERS:
        kept = yield from _owners(kept, document, context, problems)
    yield from map(Rejected, problems)
    why = entries.why_partial or document.why_partial(context) or (_UNREAD if problems else None)
    found.append(Answer(about, document.file, document.read_at, tuple(kept), why, next(iter(hosts), None)))


def _parsed(
    document: Document, entries: Entries, sort: Sort
) -> tuple[list[tuple[str, object]], list[Problem]]:
    """Return what is kept of the entries with their pointers, and what is wrong with the others."""
    kept: list[tuple[str, object]] = []
    problems: list[Problem] = []
    for pointer, entry in entries.found:
        try:
            kept.append((pointer, _PARSERS[sort](entry, "")))
        except Misshapen as fault:
            problems.append(document.problem(fault, pointer))
    return kept, problems


def _owners(
    kept: list[tuple[str, object]], document: Document, context: ReadContext, problems: list[Problem]
) -> Generator[Record, None, list[tuple[str, object]]]:
    """Return what files CODEOWNERS say in place of their texts; faults in them add to the problems."""
    found: list[tuple[str, object]] = []
    for pointer, entry in kept:
        text = entry.text if isinstance(entry, objects.Content) else ""
        lines = (Line(number, line, None, 0) for number, line in enumerate(text.splitlines(), start=1))
        said = code_owners(lines, document.file.name, context.fingerprints)
        problems.extend(said.problems)
        yield from (Skipped(TAKEN_AWAY) for _ in range(said.taken_away))
        found.append((pointer, said))
    return found


def _about(document: Document, context: ReadContext) -> Endpoint | None:
    """Return of what a file is the answer: as somebody says, as it is called, or as its content tells."""
    sidecar = document.file.sidecar
    named = (context.scope, sidecar.scope if sidecar is not None else None)
    for address in named:
        if address is not None and (found := endpoint_at(address)) is not None:
            return found
    called = None if document.file.path == STANDARD_INPUT else endpoint_of_path(document.file.path)
    if called is not None and not _is_by_chance(called, document.body):
        return called
    first = [entry for _, entry in entries_of(document.body, None).found[:1]]
    return endpoint_in(first, alone=first[:1] == [document.body])


def _is_by_chance(called: Endpoint, body: Json) -> bool:
    """Return whether a file only happens to lie in folders that read like the address of a single thing."""
    field = _NAMED_BY.get(called.sort)
    alone = body[0] if isinstance(body, list) and len(body) == 1 else body
    return field is not None and not (isinstance(alone, dict) and field in alone)


SOURCE: Final = GitHubSource()
