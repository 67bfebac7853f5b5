"""Names brought to a form in which two spellings of one name are the same text.

Nothing here decides that two things are one: equal forms are only what a person is shown.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_SEPARATORS: Final = re.compile(r"[\W_]+")
_SCP: Final = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//)[^:]+)")
_IMAGE: Final = re.compile(r"(?P<name>.+?)(?P<tag>:[\w][\w.-]*)?(?P<digest>@sha256:[0-9a-f]{64})?")

_COMMON: Final = """
    admin agent api app application backend bot build ci cd client cluster config console core cron data
    database db default deploy dev development docs example frontend gateway info infra job lib library
    local login main manager master mlflow model monitoring node notebook ops pipeline platform prod
    production proxy public registry repo repository root runner scheduler secret server service shared
    staging storage support system team terraform test tests tool training ui user users utils web
    website worker
"""
_DESKS: Final = """
    abuse accounts admin alerts all billing careers contact data devops dpo engineering finance help helpdesk
    hello hostmaster hr info it jobs legal mail marketing no-reply noreply office operations ops platform
    postmaster press privacy procurement root sales security service support team webmaster
"""

COMMON: Final = frozenset(_COMMON.split())
"""Names that things of many owners have; that two have one says next to nothing."""

SHARED_MAILBOXES: Final = frozenset(_DESKS.split())
"""Addresses that a desk has and not a person (many of them from RFC 2142)."""


def folded(name: str) -> str:
    """Return a name in lower case without what stands between its words.

    >>> folded("Credit_Scoring-API"), folded("credit scoring api")
    ('creditscoringapi', 'creditscoringapi')
    """
    return _SEPARATORS.sub("", name).casefold()


def is_telling(name: str) -> bool:
    """Return whether a name is one that hardly two things have by chance.

    >>> is_telling("loan-default"), is_telling("api"), is_telling("main db")
    (True, False, False)
    """
    words = [word.casefold() for word in _SEPARATORS.split(name) if word]
    telling = [word for word in words if word not in COMMON and not word.isdigit()]
    return sum(len(word) for word in telling) >= 4


def repository_address(text: str) -> str | None:
    """Return the address of a repository as host/owner/name, in the one form for all ways to write it.

    None for what is no such address; one with a path into the repository is not that of the repository.

    >>> repository_address("git@github.com:Fairbank/loan-forms.git")
    'github.com/fairbank/loan-forms'
    >>> repository_address("https://github.com/fairbank/loan-forms/")
    'github.com/fairbank/loan-forms'
    >>> repository_address("https://github.com/fairbank/mono/tree/main/forms") is None
    True
    """
    scp = None if "://" in text else _SCP.fullmatch(text)
    if scp is not None:
        host, path = scp["host"], scp["path"]
    else:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, path = parts.hostname or "", parts.path
    names = path.strip("/").removesuffix(".git").split("/")
    is_whole = (
        "." in host and 2 <= len(names) <= 4 and all(names) and "tree" not in names and "blob" not in names
    )
    return "/".join((host, *names)).casefold() if is_whole else None


def location(text: str) -> str | None:
    """Return where data lies, in the one form for all ways to write it; None for what is no address of data.

    >>> location("s3a://lake/raw/orders/"), location("orders")
    ('s3://lake/raw/orders', None)
    """
    scheme, found, rest = text.partition("://")
    if not found or not rest:
        return None
    scheme = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": "abfss"}.get(
        scheme.casefold(), scheme.casefold()
    )
    return f"{scheme}://{rest.rstrip('/')}"


def table_name(name: str) -> str | None:
    """Return the last three parts of a table's dotted name; None where it has fewer than two.

    >>> table_name("warehouse.credit.training.training_set"), table_name("orders")
    ('credit.training.training_set', None)
    """
    parts = [part.strip('"`[]').casefold() for part in name.split(".")]
    return ".".join(parts[-3:]) if len(parts) >= 2 and all(parts) else None


def image_reference(name: str) -> str | None:
    """Return an image's name with its tag and without its digest; None without a tag.

    >>> image_reference("r.example/api:4.2@sha256:" + 64 * "0"), image_reference("r.example/api")
    ('r.example/api:4.2', None)
    """
    found = _IMAGE.fullmatch(name)
    return None if found is None or found["tag"] is None else f"{found['name']}{found['tag']}"


def mailbox(address: str) -> str | None:
    """Return the part of a person's address before the at sign; None for one that a desk has.

    >>> mailbox("Ada.Morris@fairbank.example"), mailbox("support@fairbank.example")
    ('adamorris', None)
    """
    local, at, _ = address.partition("@")
    local = local.partition("+")[0]
    return folded(local) if at and local.casefold() not in SHARED_MAILBOXES else None
