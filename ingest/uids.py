"""Uids that built-in sources make, so that the same thing read twice has the same one.

The shape is ``hf:<kind>:<scheme>:<native id>``. Where the native id has several
parts (a namespace and a name), each is escaped by itself and a slash stands between
them, so that no two different ids ever give one uid. Nothing is folded or
normalised: ids that differ in case or Unicode form are different ids.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter

PLAIN: Final = ":@+=,"
"""What stays readable besides letters, digits and ``-._~``; never the slash or the percent sign."""


def native_uid(kind: Kind, scheme: str, *native: str) -> Uid:
    """Return the uid of what a system calls by this native id, given as one part or several.

    Everything outside ASCII, and every character that could be mistaken for structure,
    is escaped as UTF-8 in upper-case hexadecimal; half surrogate pairs, which
    JSON can carry, are escaped like the rest. An id longer than a uid may be (4 KB
    once escaped) is left for the ledger to refuse.

    Raises:
        ValueError: without a native part, as the uid would then stand for every such thing.

    >>> native_uid(Kind.DATASET, "openlineage", "postgres://db:5432", "shop.public.orders")
    'hf:dataset:openlineage:postgres:%2F%2Fdb:5432/shop.public.orders'
    >>> native_uid(Kind.IDENTITY, "arn", "arn:aws:iam::123456789012:role/deploy")
    'hf:identity:arn:arn:aws:iam::123456789012:role%2Fdeploy'
    >>> native_uid(Kind.ASSET, "k8s", "a/b", "c") == native_uid(Kind.ASSET, "k8s", "a", "b/c")
    False
    """
    if not native:
        raise ValueError("a native uid needs at least one part")
    # The first colon after the scheme ends it; those of the native id need no escaping then.
    named = escaped(scheme).replace(":", "%3A")
    return Uid(f"hf:{kind.lower()}:{named}:{'/'.join(map(escaped, native))}")


def address_uid(address: str, fingerprints: Fingerprinter) -> Uid:
    """Return the uid of whoever has an e-mail address, the same whichever source names it.

    The address cannot be read from it. Case is folded, as addresses are written either
    way. Whose it is, and since when, is for a list of people to say: addresses change
    and pass from one person to another. The scheme sorts after a person's, so that where
    the two are one node it goes by the person's uid.

    >>> keys = Fingerprinter(b"k" * 32)
    >>> address_uid("Ada@example.org", keys) == address_uid(" ada@example.org", keys)
    True
    """
    return native_uid(Kind.IDENTITY, "smtp", address_digest(address, fingerprints))


def address_digest(address: str, fingerprints: Fingerprinter) -> str:
    """Return the keyed digest of an e-mail address, by which it is recognised and not read."""
    return fingerprints.opaque_id(address.strip().lower())


def external_id(scheme: str, *native: str) -> ExternalId:
    """Return the external id of what has a native id of several parts, each escaped by itself.

    >>> str(external_id("openlineage", "s3://lake", "raw/orders"))
    'openlineage=s3:%2F%2Flake/raw%2Forders'
    """
    return ExternalId(scheme, "/".join(map(escaped, native)))


def escaped(part: str) -> str:
    """Return one part of a native id with everything escaped that could be taken for structure.

    >>> escaped("50% off/Größe"), escaped("")
    ('50%25%20off%2FGr%C3%B6%C3%9Fe', '')
    """
    return quote(part, safe=PLAIN, errors="surrogatepass")
