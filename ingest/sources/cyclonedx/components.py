"""Components of a BOM: what each is, how it is called, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packageurl import PackageURL

from ingest.disallowed import other_text
from ingest.fingerprint import Fingerprinter
from ingest.shapes import Misshapen, text_at
from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Book, Link, Thing
from ingest.sources.cyclonedx.cards import describe_model
from ingest.sources.cyclonedx.crypto import describe_asset, secret_type
from ingest.sources.cyclonedx.data import describe_data
from ingest.sources.cyclonedx.names import (
    Key,
    Sort,
    address,
    image_digest,
    is_image_digest,
    names_one_version,
    parsed_purl,
)

_PACKAGE: Final = (Sort.SOFTWARE, "package")
TYPES: Final[Mapping[str, tuple[Sort, str | None]]] = {
    "application": (Sort.SOFTWARE, "application"),
    "container": (Sort.SOFTWARE, "container_image"),
    "framework": _PACKAGE,
    "library": _PACKAGE,
    "platform": _PACKAGE,
    "operating-system": _PACKAGE,
    "device-driver": _PACKAGE,
    "firmware": _PACKAGE,
    "file": _PACKAGE,
    "device": (Sort.DEVICE, "device"),
    "machine-learning-model": (Sort.MODEL, "model"),
    "data": (Sort.DATA, None),
    "cryptographic-asset": (Sort.SECRET, None),
}
"""What each type of component is here."""

_SCOPES: Final = ("required", "optional", "excluded")
_NOT_MAPPED: Final = {
    "properties": "properties of a component",
    "evidence": "evidence of a component's identity",
    "releaseNotes": "release notes of a component",
    "signature": "signature of a component",
    "authors": "authors of a component",
    "author": "authors of a component",
    "patentAssertions": "patent assertions of a component",
}
_PEDIGREE: Final = {
    "descendants": "descendants of a component",
    "variants": "variants of a component",
    "commits": "commits of a component",
    "patches": "patches of a component",
}


def describe_component(fields: Fields, book: Book, fingerprints: Fingerprinter, number: int) -> Thing | None:
    """Return what a component is, with its links in the book; None where it is not mapped.

    Raises:
        Misshapen: where its type or its name cannot be read.
    """
    kind = text_at(fields.item, "type")
    if kind not in TYPES:
        raise Misshapen("/type", other_text(kind, TYPES), ", ".join(TYPES))
    name = text_at(fields.item, "name")
    sort, type_ = TYPES[kind]
    if sort is Sort.SECRET:
        type_ = secret_type(fields)
        if type_ is None:
            return None
    purl = _purl(fields)
    thing = Thing(component_key(fields, sort, purl), sort, type_, name, id=number, position=fields.position)
    thing.scope = _scope(fields)
    _common(fields, thing, kind, purl)
    if sort is Sort.SECRET:
        describe_asset(fields, thing, fingerprints)
    elif sort is Sort.DATA:
        describe_data(fields.objects("data"), thing, book)
    elif sort is Sort.MODEL:
        describe_model(fields, thing, book)
    _ancestors(fields, thing, book, fingerprints)
    fields.skip_others(_NOT_MAPPED)
    return thing


def component_key(fields: Fields, sort: Sort, purl: PackageURL | None) -> Key:
    """Return how a component is called: by a package URL with a version, else by its reference."""
    if purl is not None and sort is not Sort.SECRET and names_one_version(purl):
        return ("purl", purl.to_string())
    ref = fields.text("bom-ref")
    if ref is not None:
        return ("ref", ref)
    item = fields.item
    parts = (item.get("type"), item.get("group"), item.get("name"), item.get("version"))
    return ("name", *(part if isinstance(part, str) else "" for part in parts))


def _purl(fields: Fields) -> PackageURL | None:
    text = fields.text("purl")
    if text is None:
        return None
    try:
        return parsed_purl(text)
    except ValueError:
        fault = Misshapen("/purl", "a text that is no package URL", "a package URL such as pkg:npm/x@1.0")
        fields.asides.reject(fault, fields.position)
        return None


def _scope(fields: Fields) -> str | None:
    scope = fields.text("scope")
    if scope is not None and scope not in _SCOPES:
        fault = Misshapen("/scope", other_text(scope, _SCOPES), ", ".join(_SCOPES))
        fields.asides.reject(fault, fields.position)
        return None
    return scope


def _common(fields: Fields, thing: Thing, kind: str, purl: PackageURL | None) -> None:
    """Add what components of all types may say."""
    known = {
        "component_type": kind,
        "namespace": fields.text("group"),
        "version": fields.text("version"),
        "description": fields.text("description"),
        "cpe": fields.text("cpe"),
        "supplier": _name_of(fields.object("supplier")),
        "manufacturer": _name_of(fields.object("manufacturer")),
        "licenses": _licenses(fields),
        "digests": _digests(fields),
        "references": _references(fields),
    }
    thing.properties.update({key: value for key, value in known.items() if value})
    if purl is not None and thing.sort.kind == "Asset":
        _add_purl(thing, purl)
    version = fields.text("version") or ""
    if thing.type == "container_image" and is_image_digest(version):
        _add_digest(thing, version)
    if thing.sort is Sort.MODEL and (version or (purl is not None and purl.version)):
        thing.type = "model_version"


def _add_purl(thing: Thing, purl: PackageURL) -> None:
    if names_one_version(purl):
        thing.external_ids.append(("purl", purl.to_string()))
    digest = image_digest(purl)
    if digest is not None:
        _add_digest(thing, digest)


def _add_digest(thing: Thing, digest: str) -> None:
    if ("oci-digest", digest) not in thing.external_ids:
        thing.external_ids.append(("oci-digest", digest))
    thing.properties["digest"] = digest


def _name_of(entity: Fields | None) -> str | None:
    return None if entity is None else entity.text("name")


def _licenses(fields: Fields) -> list[str]:
    found: list[str] = []
    for choice in fields.objects("licenses"):
        expression, given = choice.text("expression"), choice.object("license")
        name = expression or (given and (given.text("id") or given.text("name")))
        if name:
            found.append(name)
    return found


def _digests(fields: Fields) -> list[str]:
    found: list[str] = []
    for digest in fields.objects("hashes"):
        algorithm, content = digest.text("alg"), digest.text("content")
        if algorithm and content:
            found.append(f"{algorithm.lower().replace('sha-', 'sha')}:{content.lower()}")
    return sorted(set(found))


def _references(fields: Fields) -> list[str]:
    found: list[str] = []
    for reference in fields.objects("externalReferences"):
        kind, url = reference.text("type"), reference.text("url")
        if kind and url:
            found.append(f"{kind} {address(url)}")
    return found


def _ancestors(fields: Fields, thing: Thing, book: Book, fingerprints: Fingerprinter) -> None:
    """Keep what a component was derived from, with links to it."""
    pedigree = fields.object("pedigree")
    if pedigree is None:
        return
    pedigree.skip_others(_PEDIGREE)
    for ancestor in pedigree.objects("ancestors"):
        try:
            found = describe_component(ancestor, book, fingerprints, book.next_id())
        except Misshapen as fault:
            fields.asides.reject(fault, ancestor.position)
            continue
        if found is None or found.sort.kind != thing.sort.kind:
            fields.asides.skip("ancestor of another kind than its component")
            continue
        ref = ancestor.text("bom-ref")
        if ref is not None:
            book.refer(ref, found.id)
        book.add(found)
        book.link(Link(thing.id, "DERIVED_FROM", thing=found.id, position=ancestor.position))
