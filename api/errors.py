"""The one map from what went wrong to what the outside is told: exit code, HTTP status, public words.

Whoever asked wrongly is told how to ask. What is wrong inside is told by a code and a
request id; its cause goes to the log and nowhere else.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from graph.errors import HoldfastError, NodeNotFound

LOG: Final = logging.getLogger("holdfast")


class ExitCode(IntEnum):
    """What the exit code of a command says."""

    OK = 0
    """The command did what it was asked."""

    INTERNAL = 1
    """Something went wrong inside Holdfast."""

    USAGE = 2
    """The command, a setting or the question cannot be understood."""

    FINDINGS = 3
    """The answer has what --fail-on names, or `log verify` found a break."""

    NOT_FOUND = 4
    """No source says anything about the node, or no such claim or run exists."""

    STORE = 5
    """The store cannot be reached, or not be used."""

    PARTIAL = 6
    """Not all of the input went in; the report says what and why."""

    UNDECIDED = 7
    """It is not known whether the answer has what --fail-on names: it was cut short, or looked at nothing."""

    PIPE_CLOSED = 141
    """Whoever read the output went away before its end; what a shell says of a program that SIGPIPE ended."""


@dataclass(eq=False)
class InvalidSetting(HoldfastError):
    """A setting that does not exist, or that cannot have the value it was given."""

    name: str
    reason: str
    code = "invalid_setting"

    def message(self) -> str:
        """Return which setting is wrong, and why."""
        return f"The setting {self.name} {self.reason}."

    def remedy(self) -> str:
        """Return where to look settings up."""
        return "`holdfast config show` lists the settings and where their values come from."


_MOST_LISTED: Final = 20


@dataclass(eq=False)
class NothingCalled(NodeNotFound):
    """A word that is no node's uid, name or external id, with what is spelled like it."""

    near: tuple[str, ...]

    def remedy(self) -> str:
        """Return what may have been meant, and where to look it up."""
        meant = f"Is this meant: {', or '.join(self.near)}? " if self.near else ""
        return f"{meant}{super().remedy()}"


@dataclass(eq=False)
class NameNotUnique(HoldfastError):
    """A name or external id that several nodes have, given where one node is asked for."""

    name: str
    candidates: tuple[str, ...]
    code = "name_not_unique"

    def message(self) -> str:
        """Return which name it is."""
        return f"{len(self.candidates)} nodes are called {self.name!r}:{_listed(self.candidates)}"

    def remedy(self) -> str:
        """Return what to give instead."""
        return "Give the uid of the one you mean."


@dataclass(eq=False)
class ClaimNotFound(HoldfastError):
    """A word that is neither a claim's id nor a node, given where a claim is asked for."""

    name: str
    code = "claim_not_found"

    def message(self) -> str:
        """Return which word it is."""
        return f"No claim has the id {self.name!r}, and no source says anything about a node of that name."

    def remedy(self) -> str:
        """Return where to look ids up."""
        return "The history of a node has the ids of the claims about it."


@dataclass(eq=False)
class RunNotFound(HoldfastError):
    """A word that is neither the position nor the name of a run in the run log."""

    name: str
    code = "run_not_found"

    def message(self) -> str:
        """Return which word it is."""
        return f"The run log has no run {self.name!r}."

    def remedy(self) -> str:
        """Return where to look runs up."""
        return "`holdfast runs` lists them."


@dataclass(eq=False)
class ClaimNotUnique(HoldfastError):
    """A node given where one claim is asked for, with none or several claims that it could be."""

    name: str
    candidates: tuple[str, ...]
    code = "claim_not_unique"

    def message(self) -> str:
        """Return which node it is, and the claims."""
        if not self.candidates:
            return f"There is no such claim about {self.name!r}."
        return f"{len(self.candidates)} claims are about {self.name!r}:{_listed(self.candidates)}"

    def remedy(self) -> str:
        """Return what to give instead."""
        return "Give the id of the one you mean; the history of the node has them all."


def _listed(candidates: tuple[str, ...]) -> str:
    """Return candidates one a line, the first ones of many."""
    lines = [*candidates[:_MOST_LISTED]]
    if len(candidates) > _MOST_LISTED:
        lines.append(f"and {len(candidates) - _MOST_LISTED} more")
    return "".join(f"\n  {line}" for line in lines) + "\n"


@dataclass(eq=False)
class UnsafeAddress(HoldfastError):
    """An address to listen on that others could reach."""

    host: str
    code = "unsafe_address"

    def message(self) -> str:
        """Return which address it is."""
        return f"{self.host!r} is not a loopback address, and Holdfast cannot yet tell who is asking."

    def remedy(self) -> str:
        """Return which addresses are accepted."""
        return "Use 127.0.0.1 or ::1."


@dataclass(frozen=True, slots=True)
class Rule:
    """What the outside is told about errors of one code.

    `title` is the same for every error of the code. Without `is_told` the error's own text may
    name things of the inside (paths, servers); over the network only title and code are given.
    """

    exit_code: ExitCode
    status: int
    title: str
    is_told: bool = True


INTERNAL: Final = Rule(ExitCode.INTERNAL, 500, "Something went wrong inside Holdfast", is_told=False)

RULES: Final[dict[str, Rule]] = {
    "internal": INTERNAL,
    "node_not_found": Rule(ExitCode.NOT_FOUND, 404, "No source says anything about the node"),
    "name_not_unique": Rule(ExitCode.USAGE, 409, "Several nodes have that name"),
    "claim_not_found": Rule(ExitCode.NOT_FOUND, 404, "There is no such claim"),
    "run_not_found": Rule(ExitCode.NOT_FOUND, 404, "There is no such run"),
    "claim_not_unique": Rule(ExitCode.USAGE, 409, "No claim, or several, could be meant"),
    "unknown_kind": Rule(ExitCode.USAGE, 422, "Not a kind of node"),
    "unknown_relation": Rule(ExitCode.USAGE, 422, "Not a relation"),
    "unknown_rules_version": Rule(ExitCode.USAGE, 422, "Not a rules version of this release"),
    "relation_not_allowed": Rule(ExitCode.USAGE, 422, "The relation does not join these kinds"),
    "kind_conflict": Rule(ExitCode.USAGE, 409, "The node has another kind"),
    "invalid_value": Rule(ExitCode.USAGE, 422, "A value that cannot be kept"),
    "invalid_question": Rule(ExitCode.USAGE, 422, "A question that cannot be asked that way"),
    "extra_missing": Rule(ExitCode.USAGE, 501, "An optional part is not installed"),
    "invalid_setting": Rule(ExitCode.USAGE, 500, "A setting is wrong", is_told=False),
    "unknown_source": Rule(ExitCode.USAGE, 422, "No such source is installed"),
    "broken_source": Rule(ExitCode.INTERNAL, 500, "A source cannot be used"),
    "unsafe_address": Rule(ExitCode.USAGE, 500, "An address that others could reach", is_told=False),
    "write_conflict": Rule(ExitCode.STORE, 409, "The ledger moved on meanwhile"),
    "batch_too_large": Rule(ExitCode.STORE, 413, "The store found the batch too large"),
    "store_unavailable": Rule(ExitCode.STORE, 503, "The store cannot be used", is_told=False),
    "schema_too_new": Rule(ExitCode.STORE, 503, "A newer release wrote the store", is_told=False),
    "schema_unknown": Rule(ExitCode.STORE, 503, "The store is not one of Holdfast's", is_told=False),
    "closing_refused": Rule(ExitCode.PARTIAL, 409, "The read would close too much"),
    "source_rejected": Rule(ExitCode.PARTIAL, 422, "Not all of the input could be read"),
}
"""By `HoldfastError.code`; a test holds that every code has its rule."""


@dataclass(frozen=True, slots=True)
class PublicError:
    """An error as the outside sees it; `request_id` finds its cause in the log."""

    code: str
    rule: Rule
    detail: str
    request_id: str


def new_request_id() -> str:
    """Return an id that ties an answer to the lines that the log has about it."""
    return secrets.token_hex(8)


def rule_of(error: BaseException) -> tuple[str, Rule]:
    """Return an error's public code and what is told about it; strangers are internal."""
    code = error.code if isinstance(error, HoldfastError) else "internal"
    return (code, RULES[code]) if code in RULES else ("internal", INTERNAL)


def public(error: BaseException, request_id: str) -> PublicError:
    """Return an error as it is told over the network, and log the cause of what is not told."""
    code, rule = rule_of(error)
    if rule.is_told:
        return PublicError(code, rule, str(error), request_id)
    # The type and the place are enough to find it; messages of strangers may quote their input.
    LOG.error("request %s: %s (%s)", request_id, code, type(error).__name__, exc_info=without_text(error))
    return PublicError(code, rule, f"The log has the cause under the request id {request_id}.", request_id)


def without_text(error: BaseException) -> BaseException:
    """Return an error as it may be logged: ours as it is, of a stranger one with the place but no message."""
    if isinstance(error, HoldfastError):
        return error
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
