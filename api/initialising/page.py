"""The settings file as it is written: what runs is active, what lacks something is commented out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from api.initialising.suggestion import Suggestion

_HEAD = """\
# Settings of Holdfast; docs/usage.md has them all. No password belongs in here.
# `holdfast sync --dry-run` says what is due, `holdfast sync` reads it.

# store = ".holdfast/estate.db"
"""

_NOTHING = """\
# Nothing was seen from here. A source looks like this; `holdfast sources` lists what there is.
#
# [[source]]
# name = "kubernetes"
# instance = "eu-1"
# paths = ["exports/eu-1.json"]
# cadence = "24h"
"""


def page_of(suggestions: Sequence[Suggestion]) -> str:
    """Return the settings file that names what was seen."""
    parts = ["".join(f"{line}\n" for line in _lines(one)) for one in suggestions]
    return "\n".join([_HEAD, *(parts or [_NOTHING])])


def _lines(suggestion: Suggestion) -> Iterator[str]:
    yield f"# {suggestion.source}: seen by {', '.join(suggestion.seen)}. See {suggestion.page}."
    yield f"# Rights: {suggestion.rights}"
    yield from (f"# {note}" for note in suggestion.notes)
    yield from (f"# Lacks {lack}." for lack in suggestion.lacks)
    for line in _table(suggestion):
        yield line if suggestion.is_active else f"# {line}"


def _table(suggestion: Suggestion) -> Iterator[str]:
    yield "[[source]]"
    yield f"name = {_text(suggestion.source)}"
    yield 'instance = "default"'
    if suggestion.paths:
        yield f"paths = {_texts(suggestion.paths)}"
    if suggestion.scope is not None:
        yield f"scope = {_text(suggestion.scope)}"
    for flag in ("complete", "live"):
        if getattr(suggestion, flag):
            yield f"{flag} = true"
    if suggestion.cadence is not None:
        yield f"cadence = {_text(suggestion.cadence)}"
    for made in suggestion.made:
        yield "[[source.export]]"
        yield f"command = {_texts(made.command)}"
        if made.output is not None:
            yield f"output = {_text(made.output)}"
            yield "delete_afterwards = true"


def _text(value: str) -> str:
    # Strings of JSON are strings of TOML, as long as no half of a surrogate pair is in them.
    return json.dumps(value)


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
