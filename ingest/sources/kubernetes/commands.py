"""Whether a kubectl command asks for all objects of a type, going by its words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_NAMESPACE: Final = frozenset({"-n", "--namespace"})
_SELECTING: Final = frozenset({"-l", "--selector", "--field-selector", "--limit"})
_EVERYWHERE: Final = frozenset({"-A", "--all-namespaces"})
_WITH_VALUE: Final = frozenset(
    {
        *(*_NAMESPACE, *_SELECTING, "-o", "--output", "-f", "--filename", "-s", "--server", "-k", "--raw"),
        *("--as", "--chunk-size", "--cluster", "--context", "--kubeconfig", "--request-timeout", "--user"),
    }
)


@dataclass
class _Words:
    """A command's flags, and the words that belong to none."""

    flags: dict[str, str] = field(default_factory=dict[str, str])
    plain: list[str] = field(default_factory=list[str])


def why_partial(command: str, *, namespaced: bool) -> str | None:
    """Return why what a command prints may not be all; None where it asks for everything.

    >>> why_partial("kubectl get pods -A -o json > pods.json", namespaced=True)
    >>> why_partial("kubectl get pods -n prod -o json", namespaced=True)
    'its command names one namespace'
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return "its command cannot be read"
    if "|" in words:
        return "its command hands the list to another one"
    read = _read(words)
    if "--raw" in read.flags:
        address = read.flags["--raw"]
        return "its address is of a part" if "?" in address or "/namespaces/" in address else None
    if len(read.plain) != 3 or read.plain[1] != "get" or "/" in read.plain[2]:
        return "its command is not `kubectl get` of whole types"
    if read.flags.keys() & _NAMESPACE:
        return "its command names one namespace"
    if read.flags.keys() & _SELECTING:
        return "its command selects objects"
    if namespaced and not read.flags.keys() & _EVERYWHERE:
        return "its command does not ask for all namespaces"
    return None


def _read(words: Sequence[str]) -> _Words:
    """Return a command's flags with their values, and its other words; where output goes is neither."""
    found = _Words()
    waiting: str | None = None
    for word in words:
        if waiting is not None:
            found.flags[waiting] = word
            waiting = None
        elif word.startswith((">", "1>")):
            waiting = ">" if word in (">", ">>", "1>", "1>>") else None
        elif word.startswith("-"):
            name, has_value, value = word.partition("=")
            if value != "false":
                found.flags[name] = value
            waiting = name if name in _WITH_VALUE and not has_value else None
        else:
            found.plain.append(word)
    return found
