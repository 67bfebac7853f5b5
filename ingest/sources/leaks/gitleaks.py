"""Reports of gitleaks in JSON: a list of findings (8.0 to 8.30)."""

from __future__ import annotations

import re
from typing import Final

from graph.model import Instant
from ingest.fingerprint import Fingerprinter
from ingest.redaction import Json
from ingest.shapes import JsonObject, as_object, is_misshapen, optional_text, text_at
from ingest.sources.leaks.finding import Finding, Liveness, Place, repository_at
from ingest.sources.leaks.matched import matched
from ingest.times import parse_time

TOOL: Final = "gitleaks"

_PAGE: Final = re.compile(r"(?P<address>https?://[^/]+/.+?)/(?:-/)?(?:blob|src|browse|commit)/")


def is_gitleaks(body: Json) -> bool:
    """Return whether a document is such a report; an empty list is one without findings."""
    return body is None or (
        isinstance(body, list) and all(isinstance(entry, dict) and "RuleID" in entry for entry in body)
    )


def gitleaks_finding(entry: Json, position: str, fingerprints: Fingerprinter) -> Finding:
    """Return one finding.

    Raises:
        Misshapen: where a field that it needs is missing or of another type.
    """
    item = as_object(entry)
    return Finding(
        place=_place(optional_text(item, "Link")),
        rule=text_at(item, "RuleID"),
        file=optional_text(item, "File") or "",
        line=_number(item, "StartLine"),
        commit=optional_text(item, "Commit"),
        found_at=_time(optional_text(item, "Date")),
        liveness=Liveness.UNKNOWN,
        matched=matched(optional_text(item, "Secret") or optional_text(item, "Match") or "", fingerprints),
        position=position,
    )


def _place(link: str | None) -> Place | None:
    """Return the repository that a link to a line leads to."""
    found = _PAGE.match(link) if link is not None else None
    return repository_at(found["address"]) if found is not None else None


def _number(item: JsonObject, key: str) -> int:
    value = item.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise is_misshapen(value, "a number", f"/{key}")
    return value


def _time(text: str | None) -> Instant | None:
    """Return when a commit was made; forms of other tools that print the same fields are no times."""
    try:
        return None if text is None else parse_time(text).moment
    except ValueError:
        return None
