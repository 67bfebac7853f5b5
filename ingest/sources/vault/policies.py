"""Policies: the rules that they hold, from HCL or JSON, as the server itself would take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ingest.jsontext import NotJson, parse_json
from ingest.redaction import Json
from ingest.sources.vault.hcl import BadHcl, Block, Entry, Value, parse_hcl
from ingest.sources.vault.precedence import PathRule

CAPABILITIES: Final = frozenset(
    {"create", "read", "update", "patch", "delete", "list", "scan", "sudo", "deny", "subscribe", "recover"}
)
_OLD: Final[Mapping[str, frozenset[str]]] = {
    "deny": frozenset({"deny"}),
    "read": frozenset({"read", "list"}),
    "write": frozenset({"create", "read", "update", "delete", "list"}),
    "sudo": frozenset({"create", "read", "update", "delete", "list", "sudo"}),
}
"""What the one word stands for that older policies have in place of capabilities."""

_HARMLESS: Final = frozenset({"capabilities", "policy", "comment", "subscribe_event_types"})
_ALWAYS: Final[Mapping[str, str]] = {
    "control_group": "others approve the request",
    "mfa_methods": "a further factor is given",
    "required_parameters": "the parameters that the policy requires are given",
    "min_wrapping_ttl": "the answer is wrapped",
    "max_wrapping_ttl": "the answer is wrapped",
}
_WRITING: Final[Mapping[str, str]] = {
    "allowed_parameters": "only parameters that the policy allows are given",
    "denied_parameters": "no parameter that the policy denies is given",
}
_EXPECTED: Final = 'HCL such as path "kv/data/*" { capabilities = ["read"] }'


@dataclass
class BadPolicy(Exception):
    """A policy that the server would refuse: the line, what is wrong, and what was expected."""

    line: int
    reason: str
    expected: str = _EXPECTED


def rules_of(text: str, name: str) -> tuple[PathRule, ...]:
    """Return the rules of a policy, in HCL or JSON.

    Raises:
        BadPolicy: for one that the server would refuse.

    >>> [rule.path for rule in rules_of('path "/kv/+/x" { capabilities = ["read"] }', "p")]
    ['kv/+/x']
    """
    block = _of_json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _of_hcl(text)
    found: list[PathRule] = []
    for entry in block.entries:
        if entry.keys[0] == "path":
            found.extend(_of_path(entry, name))
        elif entry.keys[0] != "name":
            raise BadPolicy(entry.line, "something other than a path stands here")
    return tuple(found)


def _of_hcl(text: str) -> Block:
    try:
        return parse_hcl(text)
    except BadHcl as fault:
        raise BadPolicy(fault.line, fault.reason) from None


def _of_json(text: str) -> Block:
    try:
        return _block(parse_json(text))
    except NotJson as error:
        raise BadPolicy(error.line, error.reason, error.expected) from None


def _block(value: Json) -> Block:
    if not isinstance(value, dict):
        raise BadPolicy(1, "the policy is no object")
    return Block(tuple(Entry((key,), _value(item), 1) for key, item in value.items()))


def _value(value: Json) -> Value:
    if isinstance(value, dict):
        return _block(value)
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value if isinstance(value, str | bool | int | float) else ""


def _of_path(entry: Entry, name: str) -> list[PathRule]:
    """Return the rules of one ``path``: one where it is a label, one for each key of an object without it."""
    if len(entry.keys) == 2 and isinstance(entry.value, Block):
        return [_rule(entry.keys[1], entry.value, entry.line, name)]
    blocks = entry.value if isinstance(entry.value, list) else [entry.value]
    found: list[PathRule] = []
    for block in blocks:
        if len(entry.keys) != 1 or not isinstance(block, Block):
            raise BadPolicy(entry.line, "a path without a block")
        for inner in block.entries:
            bodies = inner.value if isinstance(inner.value, list) else [inner.value]
            for body in bodies:
                if len(inner.keys) != 1 or not isinstance(body, Block):
                    raise BadPolicy(inner.line, "a path without a block")
                found.append(_rule(inner.keys[0], body, inner.line, name))
    return found


def _rule(path: str, block: Block, line: int, name: str) -> PathRule:
    path = path.removeprefix("/")
    if "+*" in path:
        raise BadPolicy(line, "a path with +*, which the server refuses")
    keys = {entry.keys[0]: entry.value for entry in block.entries}
    capabilities = _capabilities(keys, line)
    always = {
        _ALWAYS.get(key, f"{key} of the policy allows it")
        for key in keys.keys() - _HARMLESS - _WRITING.keys()
    }
    writing = {_WRITING[key] for key in keys.keys() & _WRITING.keys()}
    return PathRule(path, capabilities, frozenset(always), frozenset(writing), frozenset({name}))


def _capabilities(keys: Mapping[str, Value], line: int) -> frozenset[str]:
    found: set[str] = set()
    listed = keys.get("capabilities", [])
    for word in listed if isinstance(listed, list) else [listed]:
        if not isinstance(word, str) or word not in CAPABILITIES:
            raise BadPolicy(line, "a capability that there is not", ", ".join(sorted(CAPABILITIES)))
        found.add(word)
    old = keys.get("policy")
    if old is not None:
        if not isinstance(old, str) or old not in _OLD:
            raise BadPolicy(line, "a word for a policy that there is not", ", ".join(_OLD))
        found |= _OLD[old]
    return frozenset({"deny"}) if "deny" in found else frozenset(found)
