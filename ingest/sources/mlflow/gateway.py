"""The gateway: which endpoint answers with which provider's model, and with which key it is paid for.

A server shows of a key its name, its times and a masked value. The masked value shows some of the
key's own letters, so it is dropped where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.shapes import JsonObject, objects_at, optional_text, text_at
from ingest.sources.mlflow.aliases import UNKNOWN
from ingest.sources.mlflow.fields import moment_at
from ingest.sources.mlflow.people import contact
from ingest.sources.mlflow.reading import Desk, Item, edge

WITHOUT_KEY: Final = "gateway model without a secret"

_OPTIONAL: Final = frozenset({"optional"})
_TYPES: Final = {frozenset({"api_key"}): "api_key"}


def secret(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a key of the gateway: its name and its times."""
    body = item.body
    native = text_at(body, "secret_id")
    uid = desk.server.secret_uid(native)
    properties: dict[str, PropertyValue] = {}
    for name, key in (("created", "created_at"), ("last_updated", "last_updated_at")):
        moment = moment_at(body, key)
        if moment is not None:
            properties[name] = moment
    provider = optional_text(body, "provider")
    if provider is not None:
        properties["provider"] = redact_text(provider)
    masked = body.get("masked_values")
    sort = _TYPES.get(frozenset(masked)) if isinstance(masked, dict) else None
    yield Fact(NodeFacts(uid, Kind.SECRET, sort, redact_text(text_at(body, "secret_name")), properties), "")
    yield from contact(optional_text(body, "created_by"), uid, Kind.SECRET, desk.fingerprints)


def model(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a provider's model as the gateway knows it, with the key that opens it."""
    body = item.body
    native = text_at(body, "model_definition_id")
    uid = desk.server.uid("gateway-model", native)
    properties: dict[str, PropertyValue] = {}
    for name, key in (("provider", "provider"), ("provider_model", "model_name")):
        text = optional_text(body, key)
        if text is not None:
            properties[name] = redact_text(text)
    ids = (desk.server.external_id("gateway-model", native),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "model", redact_text(text_at(body, "name")), properties, ids), "")
    key_id = optional_text(body, "secret_id")
    if key_id is not None:
        yield edge("USES_SECRET", uid, desk.server.secret_uid(key_id), to=Kind.SECRET, at="/secret_id")
    else:
        yield Skipped(WITHOUT_KEY)
    yield from contact(optional_text(body, "created_by"), uid, Kind.ASSET, desk.fingerprints)


def endpoint(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield an endpoint of the gateway and the models that it answers with."""
    body = item.body
    native = text_at(body, "endpoint_id")
    uid = desk.server.uid("gateway-endpoint", native)
    name = redact_text(optional_text(body, "name") or native)
    ids = (desk.server.external_id("gateway-endpoint", native),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "endpoint", name, external_ids=ids), "")
    answering: dict[str, tuple[bool, str]] = {}
    for place, mapping in objects_at(body, "model_mappings"):
        target = text_at(mapping, "model_definition_id", place)
        spare = optional_text(mapping, "linkage_type", place) == "FALLBACK"
        before = answering.get(target)
        answering[target] = (spare and (before is None or before[0]), before[1] if before else place)
    for target, (spare, place) in answering.items():
        facts = EdgeFacts(
            "SERVES",
            uid,
            desk.server.uid("gateway-model", target),
            marks=_OPTIONAL if spare else frozenset(),
            environment=UNKNOWN,
            subject_kind=Kind.ASSET,
            object_kind=Kind.ASSET,
        )
        yield Fact(facts, place)
    yield from contact(optional_text(body, "created_by"), uid, Kind.ASSET, desk.fingerprints)


def binding(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield what calls an endpoint: today these are scorers, which judge what others answered."""
    body = item.body
    sort = text_at(body, "resource_type").lower()
    native = text_at(body, "resource_id")
    uid = desk.server.uid("gateway-caller", sort, native)
    name = redact_text(optional_text(body, "display_name") or native)
    type_ = "evaluation" if sort == "scorer" else None
    yield Fact(NodeFacts(uid, Kind.ASSET, type_, name, {"caller_type": redact_text(sort)}), "")
    target = desk.server.uid("gateway-endpoint", text_at(body, "endpoint_id"))
    yield edge("INVOKES", uid, target, at="/endpoint_id")


def guardrail(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a guardrail of the gateway; which endpoints it guards is no part of the list."""
    body = item.body
    native = text_at(body, "guardrail_id")
    uid = desk.server.uid("gateway-guardrail", native)
    name = redact_text(optional_text(body, "name") or native)
    properties = _words(body, "stage", "action")
    ids = (desk.server.external_id("gateway-guardrail", native),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "guardrail", name, properties, ids), "")
    target = optional_text(body, "action_endpoint_id")
    if target is not None:
        yield edge("INVOKES", uid, desk.server.uid("gateway-endpoint", target), at="/action_endpoint_id")


def _words(body: JsonObject, *keys: str) -> dict[str, PropertyValue]:
    found = {key: optional_text(body, key) for key in keys}
    return {key: redact_text(text).lower() for key, text in found.items() if text is not None}
