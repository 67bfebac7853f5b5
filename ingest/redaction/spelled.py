"""Values in a text whose name and value are each marked as such: in XML, in YAML, in calls and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ingest.redaction.assignments import WHAT_ASSIGNED
from ingest.redaction.found import Found
from ingest.redaction.names import denotes_value, is_secret_name
from ingest.redaction.values import stands_in

_ELEMENT: Final = re.compile(r"<(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*+)(?:\s[^<>]{0,200})?>(?P<value>[^<>]+)</")
"""``<password>x</password>``."""

_PAIR: Final = re.compile(
    r"(?i)(?:<name>|\b(?:name|key|property)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?)(?P<name>[A-Za-z0-9_.-]++)"
    r"(?:</name>\s{0,40}<value>|[\"']?[\s,;]{1,40}[\"']?value[\"']?[ \t]{0,4}[:=][ \t]{0,4})"
    r"(?P<value>\"[^\"]+\"|'[^']+'|[^\s\"'<>,}]+)"
)
"""``name: DB_PASSWORD`` with ``value: x`` after it, in YAML, in properties, as elements, as attributes."""

_CALL: Final = re.compile(
    r"(?:\b(?:set|get|getenv|setdefault|config|conf|option|setproperty|setconf|putenv|setenv|add_?header)"
    r"\(\s{0,9}[\"']|"
    r"\bconfig(?:ure)? set |\bset(?:x|env) )(?P<name>[A-Za-z0-9_.-]++)(?:[\"']\s{0,9},\s{0,9}|\s{1,9})"
    r"(?P<value>\"[^\"]+\"|'[^']+'|[^\s\"'<>,;]+)",
    re.IGNORECASE,
)
"""A setting by a call or a command: ``conf.set("db.password", "x")``, ``aws configure set … x``."""

_OPTION: Final = re.compile(
    r"(?<![A-Za-z0-9_.\"'`])(?P<name>[A-Za-z0-9]++_[A-Za-z0-9_]++)\s{1,9}(?P<value>'[^'\n]+')"
)
"""An option of a statement, which has no sign: ``SECRET_ACCESS_KEY 'x'``."""


def spelled(text: str) -> Iterator[Found]:
    """Yield values whose name and value are each marked as such."""
    lowered = text.lower()
    if "<" in text:
        yield from _found(_ELEMENT, text)
    if "value" in lowered:
        yield from _found(_PAIR, text)
    if "set" in lowered or "conf" in lowered or "(" in text:
        yield from _found(_CALL, text)
    if "_" in text and "'" in text:
        yield from _found(_OPTION, text)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        name, value = match["name"], match["value"].strip().strip("\"'")
        if value and is_secret_name(name) and denotes_value(name, value) and not stands_in(value):
            start = match["value"].index(value) + match.start("value")
            yield Found(start, start + len(value), WHAT_ASSIGNED)
