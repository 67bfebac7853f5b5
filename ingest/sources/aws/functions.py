"""Lambda functions: what they run as and are made of, and what their environment holds, without values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.redaction import is_secret_name, looks_made, secret_in, stands_in
from ingest.shapes import JsonObject, optional_text, text_at
from ingest.sources.aws.fields import object_in, objects_in, present, text_in
from ingest.sources.aws.listing import At, Form
from ingest.sources.aws.names import arn_id, arn_uid
from ingest.uids import native_uid

_ASSET: Final = frozenset({Kind.ASSET.value})
_RELATIONS: Final = frozenset({"RUNS_AS"})
_KEY_ID: Final = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
_LATEST: Final = ":$LATEST"
_VERSION: Final = re.compile(r":function:[^:]+:[^:]+$")
_LISTED: Final = frozenset({"listed"})


def function_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield what there is to say of a function, or of the function that ``get-function`` prints."""
    arn = text_at(entry, "FunctionArn").removesuffix(_LATEST)
    if _VERSION.search(arn):
        at.skipped.append("published version of a function")
        return
    uid = arn_uid(Kind.ASSET, arn)
    variables = _variables(entry)
    name = text_at(entry, "FunctionName")
    properties = present(
        region=at.region,
        workload_type="Lambda function",
        runtime=optional_text(entry, "Runtime"),
        environment_variables=tuple(sorted(variables)),
    )
    yield Fact(NodeFacts(uid, Kind.ASSET, "workload", name, properties, arn_id(arn)), pointer)
    yield Fact(at.account.within(Kind.ASSET, uid), pointer)
    role = optional_text(entry, "Role")
    if role is not None:
        yield Fact(EdgeFacts("RUNS_AS", uid, arn_uid(Kind.IDENTITY, role)), f"{pointer}/Role")
    image = text_in(entry, "Code", "ImageUri")
    if image is not None:
        yield from image_facts(image, uid, f"{pointer}/Code/ImageUri")
    for layer in objects_in(entry, "Layers"):
        yield from _layer(text_at(layer, "Arn"), uid, pointer)
    yield from environment_facts(uid, arn, name, variables, at.fingerprints, f"{pointer}/Environment")


def whole_function(body: JsonObject) -> JsonObject:
    """Return what ``get-function`` prints as one object, as the lists have it; anything else as it is."""
    configuration = body.get("Configuration")
    if isinstance(configuration, dict) and "FunctionArn" in configuration:
        return {**configuration, "Code": body.get("Code")}
    return body


def image_facts(reference: str, uid: Uid, pointer: str) -> Iterator[Fact]:
    """Yield an image by the name that something is built from, and that it is."""
    image = native_uid(Kind.ASSET, "oci-image", reference)
    yield Fact(NodeFacts(image, Kind.ASSET, "container_image", reference), pointer)
    yield Fact(EdgeFacts("BUILT_FROM", uid, image), pointer)


def environment_facts(
    uid: Uid,
    native: str,
    name: str,
    variables: Mapping[str, str],
    fingerprints: Fingerprinter,
    pointer: str,
) -> Iterator[Fact]:
    """Yield what an environment holds in secret: one Secret with the names of its variables.

    Whoever reads the configuration reads it: it stands within what it configures.
    """
    key_ids = sorted({f"aws-access-key-id={v}" for v in variables.values() if _KEY_ID.fullmatch(v)})
    held = {key: value for key, value in variables.items() if is_value(key, value)}
    if not held and not key_ids:
        return
    prints = sorted(
        {p for v in held.values() if (p := fingerprints.of_secret(v.encode("utf-8", "surrogatepass")))}
    )
    properties: dict[str, PropertyValue] = present(
        keys=tuple(sorted(held)),
        fingerprints=tuple(prints),
        fingerprint=prints[0] if len(prints) == 1 else None,
        key_ids=tuple(key_ids),
    )
    secret = native_uid(Kind.SECRET, "aws-environment", native)
    yield Fact(NodeFacts(secret, Kind.SECRET, name=f"environment of {name}", properties=properties), pointer)
    yield Fact(EdgeFacts("USES_SECRET", uid, secret), pointer)
    within = EdgeFacts("WITHIN", secret, uid, _LISTED, subject_kind=Kind.SECRET, object_kind=Kind.ASSET)
    yield Fact(within, pointer)


def is_value(name: str, value: str) -> bool:
    """Return whether a variable holds a secret value, going by its name or by its shape.

    >>> is_value("DB_PASSWORD", "correct horse battery"), is_value("STAGE", "production")
    (True, False)
    """
    if not value or stands_in(value) or _KEY_ID.fullmatch(value):
        return False
    return is_secret_name(name) or looks_made(value) or secret_in(value) is not None


def _variables(entry: JsonObject) -> dict[str, str]:
    found = object_in(entry, "Environment", "Variables")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _layer(arn: str, uid: Uid, pointer: str) -> Iterator[Fact]:
    layer = arn_uid(Kind.ASSET, arn)
    name = arn.rsplit(":layer:", maxsplit=1)[-1]
    yield Fact(NodeFacts(layer, Kind.ASSET, "package", name, external_ids=arn_id(arn)), pointer)
    yield Fact(EdgeFacts("BUILT_FROM", uid, layer), f"{pointer}/Layers")


FUNCTIONS: Final = Form("lambda.functions", "Functions", "FunctionArn", function_facts, _ASSET, _RELATIONS)
FORMS: Final = (
    FUNCTIONS,
    Form("lambda.function", "", "FunctionArn", function_facts, _ASSET, _RELATIONS, part="FunctionName"),
)
