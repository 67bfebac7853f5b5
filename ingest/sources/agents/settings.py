"""What a configuration says of the agent itself: its models, their keys, and the texts that prompt it.

Gemini CLI and Codex name the files that they read as instructions, Continue has models with keys, and rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from graph.model import NodeFacts, PropertyValue
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.record import Skipped
from ingest.redaction import Json, redact_text
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, objects_at, optional_text, text_at
from ingest.sources.agents.addresses import address_of
from ingest.sources.agents.entries import ELSEWHERE
from ingest.sources.agents.held import held_in
from ingest.sources.agents.keeping import secret_facts
from ingest.sources.agents.names import Holder, edge

CONTINUE: Final = "continue"
GEMINI: Final = "gemini-cli"
CODEX: Final = "codex"
IF_THERE: Final = "there is a file of this name where the agent works"


def settings_facts(
    body: JsonObject, holder: Holder, fingerprints: Fingerprinter
) -> Iterator[Fact | Skipped | Misshapen]:
    """Yield what a configuration says of its agent, besides the servers, and what is wrong with it."""
    readers = {CONTINUE: (_models, _rules), GEMINI: (_context_files,), CODEX: (_instructions,)}.get(
        holder.client, ()
    )
    for reader in readers:
        try:
            yield from list(reader(body, holder, fingerprints))
        except Misshapen as fault:
            yield fault


def _models(body: JsonObject, holder: Holder, fingerprints: Fingerprinter) -> Iterator[Fact | Skipped]:
    if not isinstance(body.get("models"), list):
        return
    for place, model in objects_at(body, "models"):
        if "uses" in model:
            yield Skipped(ELSEWHERE)
            continue
        provider, name = text_at(model, "provider", place), text_at(model, "model", place)
        shown = optional_text(model, "name", place) or optional_text(model, "title", place) or name
        uid = holder.part("model", provider, shown)
        properties: dict[str, PropertyValue] = {
            "provider": redact_text(provider),
            "provider_model": redact_text(name),
        }
        base = optional_text(model, "apiBase", place)
        address = address_of(base, f"{place}/apiBase") if base else None
        if address is not None:
            properties["url"] = address.text
        yield Fact(NodeFacts(uid, Kind.ASSET, "model", redact_text(shown), properties), place)
        yield edge("INVOKES", holder.agent, uid, place)
        key = optional_text(model, "apiKey", place)
        held = [] if key is None else list(held_in("apiKey", key, "model", f"{place}/apiKey"))
        owner = ("model", provider, shown)
        yield from secret_facts(
            [*held, *(address.held if address else ())], holder, holder.agent, owner, fingerprints
        )


def _rules(body: JsonObject, holder: Holder, fingerprints: Fingerprinter) -> Iterator[Fact | Skipped]:  # noqa: ARG001 - a reader
    rules = body.get("rules")
    if rules is None:
        return
    if not isinstance(rules, list):
        raise is_misshapen(rules, "a list of rules", "/rules")
    for number, rule in enumerate(rules):
        place = f"/rules/{number}"
        if isinstance(rule, dict) and "uses" in rule:
            yield Skipped(ELSEWHERE)
            continue
        text = rule if isinstance(rule, str) else text_at(as_object(rule, place), "rule", place)
        name = optional_text(rule, "name", place) if isinstance(rule, dict) else None
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        uid = holder.part("rule", name or digest)
        properties: dict[str, PropertyValue] = {"digest": f"sha256:{digest}"}
        shown = redact_text(name) if name else f"rule {digest[:12]}"
        yield Fact(NodeFacts(uid, Kind.ASSET, "prompt", shown, properties), place)
        yield edge("PROMPTED_BY", holder.agent, uid, place)


def _context_files(body: JsonObject, holder: Holder, fingerprints: Fingerprinter) -> Iterator[Fact]:  # noqa: ARG001 - a reader
    context = body.get("context")
    places: list[tuple[str, Json]] = [("/contextFileName", body.get("contextFileName"))]
    if isinstance(context, dict):
        places.append(("/context/fileName", context.get("fileName")))
    for place, value in places:
        if value is None:
            continue
        for name in value if isinstance(value, list) else [value]:
            if not isinstance(name, str) or not name:
                raise is_misshapen(name, "the name of a file", place)
            uid, shown = holder.part("prompt-file", name), redact_text(name)
            yield Fact(NodeFacts(uid, Kind.ASSET, "prompt", shown, {"file": shown}), place)
            prompted = edge("PROMPTED_BY", holder.agent, uid, place)
            yield replace(prompted, certainty=Certainty.POSSIBLE, condition=IF_THERE)


def _instructions(body: JsonObject, holder: Holder, fingerprints: Fingerprinter) -> Iterator[Fact]:  # noqa: ARG001 - a reader
    for key in ("model_instructions_file", "experimental_instructions_file"):
        name = optional_text(body, key)
        if name is not None:
            uid, shown = holder.part("prompt-file", name), redact_text(name)
            yield Fact(NodeFacts(uid, Kind.ASSET, "prompt", shown, {"file": shown}), f"/{key}")
            yield edge("PROMPTED_BY", holder.agent, uid, f"/{key}")
