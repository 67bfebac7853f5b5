"""The names of our properties in a catalog: what each may state, for an edition, a control and a slot."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final

from graph.duration import Duration
from graph.predicate import parse_predicate
from graph.vocabulary.duties import Binding, EditionStatus, Level, Method
from ingest.sources.catalog.stated import Name
from ingest.times import parse_date

DATES: Final = ("adopted", "in-force", "applies-from", "applies-until")
REGULATION_TYPES: Final = ("law", "standard", "framework")
REQUIREMENT_TYPES: Final = ("article", "control", "subcategory")


def _one_of(*words: str) -> Name:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Name(read, f"one of {', '.join(words)}", required=True)


def _yes_or_no(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _weight(text: str) -> float:
    weight = float(text)
    if not math.isfinite(weight) or weight <= 0:
        raise ValueError(text)
    return weight


def _assurance(text: str) -> int:
    if text not in {"0", "1", "2", "3", "4"}:
        raise ValueError(text)
    return int(text)


def _predicate(text: str) -> str:
    """Return the predicate's JSON in one fixed form, once it is known to be one."""
    try:
        said = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    parse_predicate(said)
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


DATE: Final = "a date such as 2026-08-02"
DURATION: Final = "an ISO 8601 duration such as P6M or P90D"

EDITION_NAMES: Final[Mapping[str, Name]] = {
    "catalog-id": Name(str, "a short name such as eu-ai-act", required=True),
    "regulation-name": Name(str, "the name without the edition", required=True),
    "regulation-type": _one_of(*REGULATION_TYPES),
    "edition": Name(str, "how the edition is called, such as 2024", required=True),
    "voluntary": Name(_yes_or_no, "true or false", required=True),
    "adopted": Name(parse_date, DATE, required=True),
    "in-force": Name(parse_date, DATE),
    "applies-from": Name(parse_date, DATE),
    "applies-until": Name(parse_date, DATE),
    "status": _one_of(*(status.value for status in EditionStatus)),
    "status-source": Name(str, "where the status was read", required=True),
    "checked-at": Name(parse_date, DATE, required=True),
    "date-source": Name(str, "where a date was read; its class names the date", many=True),
}

CONTROL_NAMES: Final[Mapping[str, Name]] = {
    "alias": Name(str, "another id under which people know it", many=True),
    "requirement-type": _one_of(*REQUIREMENT_TYPES),
    "level": _one_of(*(level.value for level in Level)),
    "weight": Name(_weight, "a number above 0", required=True),
    "applicability": Name(_predicate, 'a predicate such as {"fact": "type", "in": ["model"]}'),
    "applies-from": Name(parse_date, DATE),
    "applies-until": Name(parse_date, DATE),
}

SLOT_NAMES: Final[Mapping[str, Name]] = {
    "evidence-type": Name(str, "a type of evidence", required=True, many=True),
    "aspect": Name(str, "what the evidence looks at, such as accuracy", required=True),
    "binding": _one_of(*(binding.value for binding in Binding)),
    "freshness": Name(str, f"{DURATION}, until-change, or none", required=True),
    "watch": Name(str, "a property whose change ends the freshness", many=True),
    "minimum-assurance": Name(_assurance, "0 to 4", required=True),
    "method": _one_of(*(method.value for method in Method)),
    "covers": Name(Duration.parse, DURATION),
    "threshold": Name(str, "the limit that a value must keep"),
    "independence": Name(str, "of whom the author must be independent"),
    "trigger": Name(str, "the type of event that makes it due"),
    "inherit": Name(str, "the path on which it may be inherited"),
    "group": Name(str, "the name that slots share of which one is enough"),
    "query": Name(str, "the name of a question to the graph"),
}
