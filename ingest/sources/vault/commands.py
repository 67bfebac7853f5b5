"""What a file is the answer to: the path that was read or listed, by the command or by where the file lies.

An answer does not bear its own path. A sidecar's command tells it; without one, a file is taken to lie
under its path: ``export/auth/kubernetes/role/trainer.json``, ``export/kv/metadata/app/db.json``. A list
lies at the path that was listed: ``export/auth/kubernetes/role.json``.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATUS: Final = "sys/seal-status"
MOUNTS: Final = "sys/mounts"
AUTH: Final = "sys/auth"
POLICIES: Final = "sys/policies/acl"
LOOKED_UP: Final = "auth/token/lookup"
KV: Final = "kv:"
"""What stands before a path below a mount of keys and values, which has another form within the server."""

_VERBS: Final[Mapping[tuple[str, ...], str]] = {
    ("status",): STATUS,
    ("secrets", "list"): MOUNTS,
    ("auth", "list"): AUTH,
    ("policy", "list"): POLICIES,
    ("token", "lookup"): LOOKED_UP,
}
_WITH_PATH: Final[Mapping[tuple[str, ...], str]] = {
    ("read",): "",
    ("list",): "",
    ("policy", "read"): f"{POLICIES}/",
    ("kv", "list"): KV,
    ("kv", "metadata", "get"): KV,
}
_PROGRAMS: Final = frozenset({"vault", "bao"})
_NAMESPACE: Final = frozenset({"-namespace", "-ns", "--namespace", "--ns"})
_MOUNT: Final = frozenset({"-mount", "--mount"})
_ROOTS: Final = ("sys", "auth", "identity")
_SUFFIXES: Final = (".gz", ".json", ".hcl")


@dataclass(frozen=True, slots=True)
class Asked:
    """The path that was asked for, and in which namespace."""

    path: str
    namespace: str = ""


def asked_by_command(command: str) -> Asked | None:
    """Return what a command asks for; None where its words do not tell, or hand the answer on.

    >>> asked_by_command("vault read -format=json auth/kubernetes/role/trainer")
    Asked(path='auth/kubernetes/role/trainer', namespace='')
    >>> asked_by_command("bao kv list -namespace=risk -format=json -mount=kv app/").path
    'kv:kv/app'
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if not words or Path(words[0]).name not in _PROGRAMS or "|" in words:
        return None
    flags, plain = _split(words[1:])
    namespace = next((value for name, value in flags if name in _NAMESPACE), "").strip("/")
    mount = next((value for name, value in flags if name in _MOUNT), "").strip("/")
    for length in (3, 2, 1):
        verbs, rest = tuple(plain[:length]), plain[length:]
        if verbs in _VERBS:
            return Asked(_VERBS[verbs], namespace)
        if verbs in _WITH_PATH and rest:
            path = rest[0].strip("/")
            return Asked(_WITH_PATH[verbs] + (f"{mount}/{path}" if mount else path), namespace)
        if verbs in _WITH_PATH and mount:
            return Asked(_WITH_PATH[verbs] + mount, namespace)
    return None


def asked_by_place(path: Path, mounts: Sequence[str]) -> Asked | None:
    """Return what a file is the answer to by where it lies; ``mounts`` are those of keys and values.

    >>> asked_by_place(Path("/export/kv/metadata/app/db.json"), ["kv/"])
    Asked(path='kv/metadata/app/db', namespace='')
    >>> asked_by_place(Path("/export/sys/policies/acl/trainer.hcl"), [])
    Asked(path='sys/policies/acl/trainer', namespace='')
    """
    parts = list(path.parts)
    for suffix in _SUFFIXES:
        parts[-1] = parts[-1].removesuffix(suffix)
    for mount in sorted(mounts, key=len, reverse=True):
        wanted = [*mount.strip("/").split("/"), "metadata"]
        for i in range(len(parts) - len(wanted), -1, -1):
            if parts[i : i + len(wanted)] == wanted:
                return Asked("/".join(parts[i:]))
    for i in range(len(parts) - 2, -1, -1):
        if parts[i] in _ROOTS:
            return Asked("/".join(parts[i:]))
    return None


def _split(words: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return a command's flags with their values, and its other words up to where output goes."""
    flags: list[tuple[str, str]] = []
    plain: list[str] = []
    for word in words:
        if word.startswith((">", "1>")):
            break
        if word.startswith("-"):
            name, _, value = word.partition("=")
            flags.append((name, value))
        else:
            plain.append(word)
    return flags, plain
