"""Policy documents as statements: who, what and which resources each allows or denies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from ingest.jsontext import NotJson, parse_json
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, text_at
from ingest.sources.aws.policies.conditions import Test, tests_of

_VERSIONS: Final = (None, "2008-10-17", "2012-10-17")
_EFFECTS: Final = ("Allow", "Deny")
_SERVICE: Final = re.compile(r"[A-Za-z0-9*?-]+:.+|\*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it stands. ``label`` names it for people; positions lead to it.

    ``actions`` are in lower case, as AWS compares them. Where a statement names what it is not
    about, ``but_actions`` or ``but_resources`` is set. ``principals`` holds pairs of a sort
    (``AWS``, ``Service``, ``Federated``) and a name; only trust policies have any.
    """

    label: str
    pointer: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    tests: tuple[Test, ...]
    but_actions: bool = False
    but_resources: bool = False
    principals: tuple[tuple[str, str], ...] = ()
    but_principals: bool = False
    variables: bool = True


def statements_of(document: Json, label: str, pointer: str) -> list[Statement]:
    """Return the statements of a policy document: URL-encoded text from the API, JSON from the CLI.

    Raises:
        Misshapen: where it is no policy document of a known version.
    """
    body = as_object(_decoded(document, pointer), pointer)
    version = body.get("Version")
    if version not in _VERSIONS:
        raise Misshapen(f"{pointer}/Version", "another version", "2012-10-17 or 2008-10-17")
    if "Statement" not in body:
        raise Misshapen(f"{pointer}/Statement", "nothing stands here", "a statement or a list of them")
    listed = body["Statement"]
    entries = listed if isinstance(listed, list) else [listed]
    found = [
        _statement(as_object(entry, f"{pointer}/Statement/{i}"), label, f"{pointer}/Statement/{i}")
        for i, entry in enumerate(entries)
    ]
    # In the older language `${…}` is plain text, which no name of a resource holds.
    return found if version == _VERSIONS[-1] else [replace(one, variables=False) for one in found]


def _decoded(document: Json, pointer: str) -> Json:
    if not isinstance(document, str):
        return document
    try:
        return parse_json(unquote(document))
    except NotJson as error:
        raise Misshapen(pointer, error.reason, "a policy document") from None


def _statement(entry: JsonObject, label: str, pointer: str) -> Statement:
    effect = text_at(entry, "Effect", pointer)
    if effect not in _EFFECTS:
        raise Misshapen(f"{pointer}/Effect", "another word", "Allow or Deny")
    actions = _one_of(entry, "Action", "NotAction", pointer)
    resources = _one_of(entry, "Resource", "NotResource", pointer)
    principals = _one_of(entry, "Principal", "NotPrincipal", pointer)
    if actions is None:
        raise Misshapen(f"{pointer}/Action", "nothing stands here", "the names of actions")
    if resources is None and principals is None:
        raise Misshapen(f"{pointer}/Resource", "nothing stands here", "the names of resources")
    sid = entry.get("Sid")
    return Statement(
        label=f"{label} ({sid})" if isinstance(sid, str) and sid else label,
        pointer=pointer,
        allows=effect == "Allow",
        actions=tuple(_actions(entry, actions, pointer)),
        resources=("*",) if resources is None else tuple(_texts(entry, resources, pointer)),
        tests=tests_of(entry.get("Condition"), f"{pointer}/Condition"),
        but_actions=actions == "NotAction",
        but_resources=resources == "NotResource",
        principals=()
        if principals is None
        else tuple(_principals(entry[principals], f"{pointer}/{principals}")),
        but_principals=principals == "NotPrincipal",
    )


def _one_of(entry: JsonObject, key: str, opposite: str, pointer: str) -> str | None:
    """Return which of a field and its opposite a statement has; never both."""
    present = [name for name in (key, opposite) if name in entry]
    if len(present) > 1:
        raise Misshapen(f"{pointer}/{opposite}", f"it stands beside {key}", "one of the two")
    return present[0] if present else None


def _actions(entry: JsonObject, key: str, pointer: str) -> Iterator[str]:
    for action in _texts(entry, key, pointer):
        if not _SERVICE.fullmatch(action):
            raise Misshapen(f"{pointer}/{key}", "a text that names no action", "service:Action")
        yield action.lower()


def _texts(entry: JsonObject, key: str, pointer: str) -> Iterator[str]:
    value = entry[key]
    for member in value if isinstance(value, list) else [value]:
        if not isinstance(member, str) or not member:
            raise is_misshapen(member, "a text", f"{pointer}/{key}")
        yield member


def _principals(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if value == "*":
        yield "AWS", "*"
        return
    for sort, names in as_object(value, pointer).items():
        for name in names if isinstance(names, list) else [names]:
            if not isinstance(name, str) or not name:
                raise is_misshapen(name, "a text", f"{pointer}/{sort}")
            yield sort, name
