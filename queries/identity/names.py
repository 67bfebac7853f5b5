"""Names brought to a form in which two spellings of one name are the same text.

Nothing here decides that two things are one: equal forms are only what a person is shown.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from queries.identity.usual import COMMON, SHARED_MAILBOXES, SORTS

_SEPARATORS: Final = re.compile(r"[\W_]+")
_SCP: Final = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//)[^:]+)")
_IMAGE: Final = re.compile(r"(?P<name>.+?)(?P<tag>:[\w][\w.-]*)?(?P<digest>@sha256:[0-9a-f]{64})?")

_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LONG_NUMBER: Final = 10
"""So many digits are a number of their own, such as that of an account, and no counting."""

_CAPITALS: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


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
    telling = [word for word in words_of(name) if not _is_common(word)]
    return sum(len(word) for word in telling) >= 4


def is_variable(name: str) -> bool:
    """Return whether a name is that of a variable: it says what a program asks for, not what it is given.

    >>> is_variable("OPENAI_API_KEY"), is_variable("loan-forms publisher")
    (True, False)
    """
    return _CAPITALS.fullmatch(name) is not None


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case.

    >>> words_of("Loan_default-v2"), words_of("SG Readers")
    (['loan', 'default', 'v2'], ['sg', 'readers'])
    """
    return [word.casefold() for word in _SEPARATORS.split(name) if word]


def without_sort(name: str) -> str | None:
    """Return a name without the words at its ends that only say which sort of thing it is.

    None where there are none, or where nothing telling would be left.

    >>> without_sort("The Anomaly Detection Service"), without_sort("model-api"), without_sort("loans")
    ('anomaly detection', None, None)
    """
    words = words_of(name)
    while words and words[0] in SORTS:
        del words[0]
    while words and words[-1] in SORTS:
        del words[-1]
    rest = " ".join(words)
    return rest if is_telling(rest) and len(words) < len(words_of(name)) else None


def spellings(text: str) -> frozenset[str]:
    """Return a text folded, with its letters written in each way that does without marks.

    >>> sorted(spellings("Jürgen Müller")), sorted(spellings("Benešová"))
    (['juergenmueller', 'jurgenmuller'], ['benesova'])
    """
    if text.isascii():
        return frozenset({folded(text)})
    lower = unicodedata.normalize("NFC", text).casefold()
    return frozenset(folded(_unmarked(form)) for form in (lower, lower.translate(_GERMAN)))


def _unmarked(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _is_common(word: str) -> bool:
    if word.isdigit():
        return len(word) < _LONG_NUMBER
    return word in COMMON or word.removesuffix("s") in COMMON


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
    local, at, _ = one_address(address).partition("@")
    return folded(local) if at and local not in SHARED_MAILBOXES else None


def one_address(address: str) -> str:
    """Return an e-mail address in one form: without case and without what follows a plus.

    >>> one_address("Ada.Morris+alerts@Fairbank.example")
    'ada.morris@fairbank.example'
    """
    local, at, host = address.strip().casefold().partition("@")
    return f"{local.partition('+')[0]}{at}{host}"
