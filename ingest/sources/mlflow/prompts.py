"""Prompts, which MLflow keeps as registered models with a tag, and what was linked to them.

The text of a prompt is not kept; its digest tells whether two versions say the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from graph.model import NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.jsontext import NotJson, parse_json
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.shapes import Misshapen, text_at
from ingest.sources.mlflow.aliases import deployments
from ingest.sources.mlflow.fields import described, number_text, tags_of
from ingest.sources.mlflow.people import contact
from ingest.sources.mlflow.reading import Desk, Item, edge

IS_PROMPT: Final = "mlflow.prompt.is_prompt"
LINKED: Final = "mlflow.linkedPrompts"
BROKEN_LINK: Final = "link to prompts that cannot be read"

_TEXT: Final = "mlflow.prompt.text"


def is_prompt(tags: dict[str, str]) -> bool:
    """Return whether the tags of a registered model or of a version say that it is a prompt's."""
    return tags.get(IS_PROMPT, "").lower() == "true"


def prompt(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a prompt and the versions that its aliases name."""
    name = text_at(item.body, "name")
    uid = desk.server.uid("prompt", name)
    properties = described(item.body, created="creation_timestamp")
    ids = (desk.server.external_id("prompt", name),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "prompt", redact_text(name), properties, ids), "")
    yield from deployments(item, desk, uid, name, "prompt-version")


def prompt_version(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield one version of a prompt."""
    name, version = text_at(item.body, "name"), number_text(item.body, "version")
    uid = desk.server.uid("prompt-version", name, version)
    properties: dict[str, PropertyValue] = described(item.body, created="creation_timestamp")
    text = tags_of(item.body).get(_TEXT)
    # Of a text with a secret in it, what is left could be tried out against the digest.
    if text and redact_text(text) == text:
        properties["digest"] = f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    ids = (desk.server.external_id("prompt-version", name, version),)
    shown = f"{redact_text(name)} {version}"
    yield Fact(NodeFacts(uid, Kind.ASSET, "prompt_version", shown, properties, ids), "")
    yield edge("VERSION_OF", uid, desk.server.uid("prompt", name))
    yield from contact(item.body.get("user_id"), uid, Kind.ASSET, desk.fingerprints)


def linked_prompts(tags: dict[str, str], uid: Uid, desk: Desk, place: str) -> Iterator[Fact | Skipped]:
    """Yield the versions of prompts that a run or a model is linked to, which stand as JSON in a tag."""
    text = tags.get(LINKED)
    if not text:
        return
    try:
        links = parse_json(text)
        for link in links if isinstance(links, list) else [links]:
            if not isinstance(link, dict):
                raise Misshapen("", "", "")
            version = desk.server.uid("prompt-version", text_at(link, "name"), number_text(link, "version"))
            yield edge("PROMPTED_BY", uid, version, at=place)
    except (NotJson, Misshapen):
        yield Skipped(BROKEN_LINK)
