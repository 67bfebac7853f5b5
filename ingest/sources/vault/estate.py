"""All that a run's answers hold of one namespace, by what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.errors import Problem
from ingest.shapes import JsonObject, Misshapen, as_object, optional_text, text_at
from ingest.sources.vault.answers import Answer, resolved
from ingest.sources.vault.commands import AUTH, MOUNTS, POLICIES, STATUS
from ingest.sources.vault.policies import BadPolicy, rules_of
from ingest.sources.vault.precedence import PathRule

VERSIONED = "2"


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount of secrets, or of a way to log in; ``path`` ends with a slash."""

    path: str
    type: str
    accessor: str | None
    version: str | None
    answer: Answer

    @property
    def is_kv(self) -> bool:
        """Return whether it holds keys and values."""
        return self.type in ("kv", "generic")

    @property
    def has_versions(self) -> bool:
        """Return whether values stand under data/ and what is told of them under metadata/."""
        return self.version == VERSIONED


@dataclass
class Estate:
    """One namespace: ``reads`` and ``lists`` are answers by their paths, mounts by theirs, policies by name.

    ``unread`` are paths of which an answer could not be understood.
    """

    namespace: str
    status: Answer | None = None
    mounts: dict[str, Mount] = field(default_factory=dict[str, Mount])
    logins: dict[str, Mount] = field(default_factory=dict[str, Mount])
    policies: dict[str, tuple[PathRule, ...]] = field(default_factory=dict[str, tuple[PathRule, ...]])
    reads: dict[str, Answer] = field(default_factory=dict[str, Answer])
    lists: dict[str, Answer] = field(default_factory=dict[str, Answer])
    unread: set[str] = field(default_factory=set[str])
    problems: list[Problem] = field(default_factory=list[Problem])

    def fault(self, answer: Answer, fault: Misshapen) -> None:
        """Keep that an answer could not be understood."""
        self.unread.add(answer.path)
        self.problems.append(answer.problem(fault))

    def below(self, prefix: str) -> Iterator[tuple[str, Answer]]:
        """Yield the answers that were read right below a path, with the rest of their paths, in order."""
        for path in sorted(self.reads):
            rest = path.removeprefix(prefix)
            if path.startswith(prefix) and rest and "/" not in rest:
                yield rest, self.reads[path]

    def kv_mount(self, path: str) -> Mount | None:
        """Return the mount of keys and values that a path lies in."""
        mount = self.mount_of(path)
        return mount if mount is not None and mount.is_kv else None

    def mount_of(self, path: str) -> Mount | None:
        """Return the mount of secrets that a path lies in, where it is known."""
        found = [mount for name, mount in self.mounts.items() if path.startswith(name)]
        return max(found, key=lambda mount: len(mount.path), default=None)


def estates(answers: Sequence[Answer]) -> list[Estate]:
    """Return what answers hold, namespace by namespace."""
    found: dict[str, Estate] = {}
    for answer in answers:
        estate = found.setdefault(answer.namespace, Estate(answer.namespace))
        if answer.path in (MOUNTS, AUTH):
            _take_mounts(answer, estate)
        elif answer.path == STATUS:
            estate.status = answer
    for answer in answers:
        if answer.path not in (MOUNTS, AUTH, STATUS):
            _take(answer, found[answer.namespace])
    return [found[name] for name in sorted(found)]


def _take_mounts(answer: Answer, estate: Estate) -> None:
    into = estate.mounts if answer.path == MOUNTS else estate.logins
    estate.reads[answer.path] = answer
    for path, value in answer.data.items():
        try:
            mount = _mount(path, as_object(value, f"/{path}"), answer)
        except Misshapen as fault:
            estate.fault(answer, fault)
        else:
            into[mount.path] = mount


def _mount(path: str, body: JsonObject, answer: Answer) -> Mount:
    place = f"/{path}"
    options = body.get("options")
    version = optional_text(as_object(options, f"{place}/options"), "version") if options else None
    type_ = text_at(body, "type", place)
    return Mount(f"{path.strip('/')}/", type_, optional_text(body, "accessor", place), version, answer)


def _take(answer: Answer, estate: Estate) -> None:
    path = resolved(
        answer, {name: mount.has_versions for name, mount in estate.mounts.items() if mount.is_kv}
    )
    if answer.names is not None:
        estate.lists[path] = answer
    elif path.startswith(f"{POLICIES}/") or answer.text is not None:
        _take_policy(path.removeprefix(f"{POLICIES}/"), answer, estate)
    else:
        if path == "auth/token/lookup":
            accessor = answer.data.get("accessor")
            path = f"{path}/{accessor}" if isinstance(accessor, str) else f"{path}/"
        estate.reads[path] = answer


def _take_policy(name: str, answer: Answer, estate: Estate) -> None:
    try:
        text = answer.text if answer.text is not None else text_at(answer.data, "policy")
        estate.policies[name] = rules_of(text, name)
    except Misshapen as fault:
        estate.fault(answer, fault)
    except BadPolicy as fault:
        estate.unread.add(answer.path)
        file = answer.document.file.name
        is_hcl = answer.text is not None
        place = f"line {fault.line}" if is_hcl else answer.path
        field_ = "" if is_hcl else f"{answer.pointer}/policy, line {fault.line}"
        estate.problems.append(Problem(file, place, field_, fault.reason, fault.expected))
