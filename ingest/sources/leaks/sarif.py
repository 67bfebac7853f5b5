"""Results of secret-scanning rules in SARIF 2.1.0; results of any other rule are no leaks.

A rule is one of secret scanning if its tool does nothing else, or if its tags or its id say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.fingerprint import Fingerprinter
from ingest.record import Skipped
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, object_at, objects_at, optional_text
from ingest.sources.leaks.finding import Finding, Liveness, Place, repository_at
from ingest.sources.leaks.matched import NOTHING, matched

VERSION: Final = "2.1.0"
OTHER_RULE: Final = "result of a rule that is not about secrets"

_SCANNERS: Final = (
    *("gitleaks", "trufflehog", "detect-secrets", "ggshield", "gitguardian", "kingfisher", "noseyparker"),
    *("nosey parker", "titus", "talisman", "whispers", "betterleaks", "secret scanning", "secret-scanning"),
)
"""Tools that look for secrets only, in lower case."""

_TAGS: Final = frozenset({"secret", "secrets", "secret-scanning", "secret-detection", "secret-leak"})
_IDS: Final = (".secrets.", "secret-scanning/", "secrets/")
_GONE: Final = "absent"


@dataclass(frozen=True, slots=True)
class SarifRun:
    """One run of a tool: what it is called, its rules, and of which repository it speaks."""

    tool: str
    rules: Mapping[str, JsonObject]
    ordered: tuple[JsonObject, ...]
    place: Place | None
    results: tuple[tuple[str, JsonObject], ...]

    @property
    def scans_for_secrets(self) -> bool:
        """Return whether the tool does nothing else."""
        return any(name in self.tool.lower() for name in _SCANNERS)


def is_sarif(body: Json) -> bool:
    """Return whether a document is of this format, of whichever version."""
    return isinstance(body, dict) and "runs" in body and "version" in body


def sarif_runs(body: Json) -> Iterator[SarifRun]:
    """Yield the runs of a document.

    Raises:
        Misshapen: for another version, or where something is of another type.
    """
    item = as_object(body)
    if item.get("version") != VERSION:
        raise Misshapen("/version", "another version of SARIF", VERSION)
    for pointer, run in objects_at(item, "runs"):
        driver = object_at(object_at(run, "tool", pointer), "driver", f"{pointer}/tool")
        rules = tuple(rule for _, rule in objects_at(driver, "rules", f"{pointer}/tool/driver"))
        yield SarifRun(
            tool=optional_text(driver, "name", f"{pointer}/tool/driver") or "unknown",
            rules={name: rule for rule in rules if isinstance(name := rule.get("id"), str)},
            ordered=rules,
            place=_place(run, pointer),
            results=tuple(objects_at(run, "results", pointer)),
        )


def sarif_finding(
    run: SarifRun, result: JsonObject, position: str, fingerprints: Fingerprinter
) -> Finding | Skipped:
    """Return one result as a finding, or why it is none.

    Raises:
        Misshapen: where something that it needs is of another type.
    """
    rule_id, rule = _rule(run, result)
    if not (run.scans_for_secrets or _is_about_secrets(rule_id, rule, result)):
        return Skipped(OTHER_RULE)
    if result.get("baselineState") == _GONE:
        return Skipped("result that is no longer there")
    if result.get("suppressions"):
        return Skipped("result that somebody suppressed")
    file, line, snippet = _location(result)
    return Finding(
        place=run.place,
        rule=rule_id,
        file=file,
        line=line,
        commit=_texts(result.get("partialFingerprints")).get("commitSha") or None,
        found_at=None,
        liveness=_liveness(result),
        matched=matched(snippet, fingerprints) if snippet else NOTHING,
        position=position,
    )


def _rule(run: SarifRun, result: JsonObject) -> tuple[str, JsonObject]:
    index = result.get("ruleIndex")
    by_index: JsonObject = {}
    if isinstance(index, int) and 0 <= index < len(run.ordered):
        by_index = run.ordered[index]
    rule_id = optional_text(result, "ruleId") or by_index.get("id")
    if not isinstance(rule_id, str):
        raise Misshapen("/ruleId", "nothing stands here", "the id of a rule")
    return rule_id, run.rules.get(rule_id, by_index)


def _is_about_secrets(rule_id: str, rule: JsonObject, result: JsonObject) -> bool:
    tags: set[str] = set()
    for holder in (rule.get("properties"), result.get("properties")):
        given = holder.get("tags") if isinstance(holder, dict) else None
        tags |= {tag.lower() for tag in given if isinstance(tag, str)} if isinstance(given, list) else set()
    return bool(tags & _TAGS) or any(part in rule_id.lower() for part in _IDS)


def _location(result: JsonObject) -> tuple[str, int, str]:
    """Return file, line and text of the first place of a result."""
    for pointer, location in objects_at(result, "locations"):
        physical = location.get("physicalLocation")
        if physical is None:
            continue
        held = as_object(physical, f"{pointer}/physicalLocation")
        artifact, region = held.get("artifactLocation"), held.get("region")
        line = region.get("startLine", 0) if isinstance(region, dict) else 0
        if not isinstance(line, int):
            raise is_misshapen(line, "a number", f"{pointer}/physicalLocation/region/startLine")
        snippet = region.get("snippet") if isinstance(region, dict) else None
        return _texts(artifact).get("uri", ""), line, _texts(snippet).get("text", "")
    return "", 0, ""


def _liveness(result: JsonObject) -> Liveness:
    """Return what the tool says of a secret's validity."""
    properties = result.get("properties")
    said = properties if isinstance(properties, dict) else {}
    if said.get("verified") is True:
        return Liveness.ACTIVE
    text = str(said.get("validity") or said.get("liveness") or "").lower()
    return {"active": Liveness.ACTIVE, "inactive": Liveness.INACTIVE}.get(text, Liveness.UNKNOWN)


def _place(run: JsonObject, pointer: str) -> Place | None:
    for _, version in objects_at(run, "versionControlProvenance", pointer):
        address = version.get("repositoryUri")
        if isinstance(address, str) and (place := repository_at(address)) is not None:
            return place
    return None


def _texts(value: Json) -> dict[str, str]:
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}
