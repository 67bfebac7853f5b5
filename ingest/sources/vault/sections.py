"""From one namespace's answers to scopes with claims, and which of them are whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.model import Instant, Scope
from graph.vocabulary import Kind
from ingest.facts import Fact, merged, said
from ingest.jsontext import shown
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import Misshapen
from ingest.sources.vault.answers import Answer
from ingest.sources.vault.commands import AUTH, MOUNTS
from ingest.sources.vault.estate import Estate, Mount
from ingest.sources.vault.grants import Grants, denies
from ingest.sources.vault.holders import Holder, Login, Placed
from ingest.sources.vault.identities import identities_of
from ingest.sources.vault.logins import roles_of, secret_ids_of, tokens_of
from ingest.sources.vault.names import Server
from ingest.sources.vault.storage import Stored, mount_facts, stored_facts, stored_in, unlisted_folders

Names = frozenset[str]
_NONE: Final[Names] = frozenset()
_RIGHTS: Final[Names] = frozenset({"CAN_ADMIN", "CAN_READ", "CAN_WRITE"})
_IDENTITY: Final[Names] = frozenset({Kind.IDENTITY.value})
_NOT_UNDERSTOOD: Final = "not all of its answers could be understood"
_NOT_LISTED: Final = "not every folder of the mount was listed"
_POLICIES: Final = "not every policy that is held was read"
_OWN_DENIALS: Final = "no policy of the holder's own entity or its groups takes it away"
_LISTED_PARTLY: Final = "not all rights and all secrets were read whole"


@dataclass(frozen=True, slots=True)
class Section:
    """One scope: what is said in it, by which answers, and why it is not whole as far as those tell."""

    scope: str
    placed: Sequence[Placed]
    answers: Sequence[Answer]
    kinds: Names = _NONE
    relations: Names = _NONE
    partial: str | None = None


@dataclass
class Sections:
    """Works out the scopes of one namespace."""

    estate: Estate
    server: Server
    context: ReadContext

    def records(self) -> Iterator[Record]:
        """Yield the scopes with their claims, and then what could not be understood or is not mapped."""
        grants = Grants(self.estate, self.server)
        stored: list[Stored] = []
        found = [*self._mounts(), *self._stored(stored), *self._logins(grants)]
        found.extend(self._listed(grants, stored, found))
        for section in found:
            yield from self._section(section)
        yield from (Rejected(problem) for problem in self.estate.problems)
        yield from (Skipped(f"answer of {sort}") for sort in self._unmapped())
        if grants.missing:
            named = ", ".join(shown(name) for name in sorted(grants.missing))
            yield Noted(
                f"{len(grants.missing)} policies are held that are not in the input, so that what they give "
                f"is unknown: {named}. Export `vault policy read` of each."
            )

    def _mounts(self) -> Iterator[Section]:
        for path, mounts, is_login in (
            (MOUNTS, self.estate.mounts, False),
            (AUTH, self.estate.logins, True),
        ):
            answer = self.estate.reads.get(path)
            if answer is None:
                continue
            file = answer.document.file.name
            facts = [
                Placed(file, fact)
                for m in mounts.values()
                for fact in mount_facts(m, self.server, is_login=is_login)
            ]
            kinds = frozenset({Kind.ASSET.value})
            yield Section(path, facts, [answer], kinds, frozenset({"WITHIN"}), self._misunderstood([answer]))

    def _stored(self, stored: list[Stored]) -> Iterator[Section]:
        for mount in self.estate.mounts.values():
            if mount.is_kv:
                section = self._stored_in(mount, stored)
                if section is not None:
                    yield section

    def _stored_in(self, mount: Mount, stored: list[Stored]) -> Section | None:
        names = stored_in(self.estate, mount)
        placed: list[Placed] = []
        for name, answer in sorted(names.items()):
            try:
                facts = list(stored_facts(Stored(mount, name), answer, self.server))
            except Misshapen as fault:
                self.estate.fault(answer, fault)
                continue
            stored.append(Stored(mount, name))
            placed.extend(Placed(answer.document.file.name, fact) for fact in facts)
        root = f"{mount.path}metadata" if mount.has_versions else mount.path.rstrip("/")
        answers = [a for p, a in self.estate.lists.items() if p == root or p.startswith(f"{root}/")]
        answers.extend(a for p, a in self.estate.reads.items() if p.startswith(f"{root}/"))
        if not answers:
            return None
        partial = _NOT_LISTED if unlisted_folders(self.estate, mount) else self._misunderstood(answers)
        kinds, relations = frozenset({Kind.SECRET.value}), frozenset({"STORED_IN"})
        return Section(f"kv/{mount.path.rstrip('/')}", placed, answers, kinds, relations, partial)

    def _logins(self, grants: Grants) -> Iterator[Section]:
        identities = identities_of(self.estate, self.server)
        held = [name for holder in identities.holders for name in holder.policies] if identities else []
        condition = _OWN_DENIALS if denies(self.estate, held) else None
        for path, mount in sorted(self.estate.logins.items()):
            login = roles_of(self.estate, path, mount.type, self.server)
            if login.files:
                yield self._login(login, grants, condition, frozenset({"WITHIN"}))
            if mount.type == "approle":
                for given in secret_ids_of(self.estate, path, self.server):
                    yield self._login(given, grants, None, _NONE)
        tokens = tokens_of(self.estate, self.server)
        if identities is not None:
            yield self._login(identities, grants, None, frozenset({"MEMBER_OF"}))
        if tokens is not None:
            yield self._login(tokens, grants, None, _NONE)

    def _login(self, login: Login, grants: Grants, condition: str | None, more: Names) -> Section:
        placed = list(login.placed)
        for holder in login.holders:
            bound = holder if condition is None else replace(holder, condition=condition)
            placed.extend(Placed(holder.file, fact) for fact in grants.facts(bound))
        answers = [answer for answer in login.files if isinstance(answer, Answer)]
        partial = login.partial or self._misunderstood(answers)
        if partial is None and self._lacks_policies(login.holders):
            partial = _POLICIES
        if not login.holders and not more:
            return Section(login.scope, placed, answers, partial=partial)
        return Section(login.scope, placed, answers, _IDENTITY, _RIGHTS | more, partial)

    def _listed(
        self, grants: Grants, stored: Sequence[Stored], found: Sequence[Section]
    ) -> Iterator[Section]:
        """Yield which secrets stand where rights are given; whole only where both were read whole."""
        first = next((section for section in found if section.answers), None)
        facts = list(grants.listed(stored))
        if first is None or not grants.places:
            return
        files = [Placed(first.answers[0].document.file.name, fact) for fact in facts]
        partial = any(section.partial for section in found)
        answers = [answer for section in found for answer in section.answers]
        yield Section("listed", files, answers, partial=_LISTED_PARTLY if partial else None)

    def _section(self, section: Section) -> Iterator[Record]:
        scope = Scope(self.context.source, f"{self.server.scope}/{section.scope}")
        yield ScopeOpened(scope, _read_at(section.answers), kinds=section.kinds, relations=section.relations)
        first = section.answers[0].document.file.name
        server = [Placed(first, Fact(about, "")) for about in self.server.facts()]
        placed = [*server, *section.placed] if section.scope != "listed" else list(section.placed)
        files = {id(one.fact): one.file for one in placed}
        for fact in merged([one.fact for one in placed]):
            yield said(fact, scope, files[id(fact)])
        why = section.partial or self._why_partial(section.answers)
        yield ScopeClosed(scope, complete=why is None, reason=why)

    def _why_partial(self, answers: Iterable[Answer]) -> str | None:
        found = (answer.document.why_partial(self.context) for answer in answers)
        return next((why for why in found if why is not None), None)

    def _misunderstood(self, answers: Iterable[Answer]) -> str | None:
        return _NOT_UNDERSTOOD if any(answer.path in self.estate.unread for answer in answers) else None

    def _lacks_policies(self, holders: Sequence[Holder]) -> bool:
        return any(
            name not in self.estate.policies and name != "root" for h in holders for name in h.policies
        )

    def _unmapped(self) -> Iterator[str]:
        """Yield what else was read, by the first part of its path."""
        known = ("role/", "config", "accessors", "lookup/", "secret-id-accessor/", "role-id")
        for path in sorted(self.estate.reads):
            mount = self.estate.mount_of(path)
            if path in (MOUNTS, AUTH) or path.startswith("identity/") or (mount is not None and mount.is_kv):
                continue
            login = next((m for m in self.estate.logins if path.startswith(f"auth/{m}")), None)
            rest = path.removeprefix(f"auth/{login}") if login else path
            if not (login and rest.startswith(known)) and not path.startswith("auth/token/lookup/"):
                yield "/".join(path.split("/")[:2])


def _read_at(answers: Sequence[Answer]) -> Instant:
    return max(answer.document.read_at for answer in answers)
