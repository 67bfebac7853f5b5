"""Which names denote a secret value: the tables, and the question asked of them.

A name is cut into words (``dbPassword``, ``DB_PASSWORD`` and ``db-password`` are the same
two), and its end decides: what only describes a secret ends in another word
(``secret_name``, ``token_count``, ``password_policy``) and is left alone. The tables were
held against the keyword lists of detect-secrets (Apache 2.0) and gitleaks (MIT); both only
point a person to a line, so they can afford more false alarms than a redaction can.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LAST_WORDS: Final = frozenset(
    {
        *("password", "passwd", "passphrase", "passcode", "pwd", "pw", "pass", "passwort", "kennwort"),
        *("secret", "token", "credential", "cred", "authorization", "authorisation", "bearer", "cookie"),
        *("jwt", "otp", "totp", "cvv", "dsn", "psk", "mnemonic", "kubeconfig", "plaintext", "pgpass"),
        *("sessionid", "sessid", "jsessionid", "phpsessid", "privkey", "authkey", "salt"),
    }
)
"""A name whose last word is one of these denotes the value itself: ``db_password``, ``authToken``.

So it does in the plural and with a number behind (``passwords``, ``password2``, ``secret_1``).
"""

LAST_ENDINGS: Final = (
    *("password", "passwd", "passphrase", "passcode", "pwd", "secret", "apikey", "secretkey", "accesskey"),
    *("privatekey", "signingkey", "encryptionkey", "accountkey", "masterkey", "sharedkey", "sessionid"),
    *("accesstoken", "authtoken", "refreshtoken", "sessiontoken", "bearertoken", "apitoken", "idtoken"),
)
"""Endings of a last word that do the same, where words are run together: ``PGPASSWORD``."""

PASS_PREFIXES: Final = frozenset(
    {
        *("admin", "amqp", "api", "app", "basic", "bind", "cert", "db", "ftp", "http", "https", "imap"),
        *("jdbc", "key", "keystore", "ldap", "login", "mail", "mongo", "my", "mysql", "oracle", "p12", "pfx"),
        *("pg", "pop", "postgres", "proxy", "rabbit", "redis", "repl", "root", "sa", "service", "sftp"),
        *("smtp", "ssh", "ssl", "store", "sudo", "svc", "sys", "tls", "truststore", "user", "usr", "vpn"),
        *("wifi", "zip"),
    }
)
"""What may stand before ``pass`` or ``pw`` in one word: ``userpass``; a ``compass`` is none."""

LAST_PHRASES: Final = frozenset(
    {
        *(("private", "key"), ("priv", "key"), ("api", "key"), ("app", "key"), ("application", "key")),
        *(("secret", "key"), ("access", "key"), ("signing", "key"), ("signature", "key"), ("session", "key")),
        *(("encryption", "key"), ("decryption", "key"), ("account", "key"), ("shared", "key")),
        *(("master", "key"), ("hmac", "key"), ("license", "key"), ("ssh", "key"), ("tls", "key")),
        *(("storage", "key"), ("host", "key"), ("client", "key"), ("auth", "key"), ("service", "key")),
        *(("function", "key"), ("subscription", "key"), ("fernet", "key"), ("unseal", "key"), ("aes", "key")),
        *(
            ("deploy", "key"),
            ("server", "key"),
            ("ssl", "key"),
            ("rsa", "key"),
            ("pgp", "key"),
            ("gpg", "key"),
        ),
        *(("jwt", "key"), ("cipher", "key"), ("vault", "key"), ("webhook", "key"), ("wep", "key")),
        *(("connection", "string"), ("conn", "string"), ("conn", "str"), ("set", "cookie")),
        *(("private", "pem"), ("key", "pem"), ("key", "data"), ("key", "material"), ("basic", "auth")),
        *(("secret", "value"), ("secret", "string"), ("secret", "binary"), ("secret", "data")),
        *(("secret", "text"), ("string", "data"), ("token", "value"), ("password", "value")),
        *(("key", "value"), ("matched", "text"), ("key", "base"), ("secret", "base"), ("password", "base")),
        *(("recovery", "code"), ("backup", "code"), ("security", "code"), ("pin", "code"), ("auth", "code")),
        *(("authorization", "code"), ("access", "code"), ("pass", "code"), ("pass", "word")),
        *(("pass", "phrase"), ("seed", "phrase"), ("recovery", "phrase"), ("secret", "phrase")),
        *(("session", "id"), ("sess", "id"), ("connect", "sid"), ("access", "signature")),
        *(("vault", "secret", "id"), ("role", "secret", "id"), ("approle", "secret", "id")),
        *(("client", "assertion"), ("sas", "url"), ("sas", "uri"), ("random", "salt")),
    }
)
"""The same for names that end in several words."""

LONGEST_PHRASE: Final = 3

INNER_PHRASES: Final = (("fs", "azure", "account", "key"), ("fs", "azure", "sas"))
"""The same for names that go on with the account they are for (``fs.azure.account.key.lake.dfs.…``)."""

WHOLE_NAMES: Final = frozenset({"auth", "pin", "pem", "sas"})
"""The same for names that denote a value only when they stand alone."""

SEEDS: Final = frozenset({"seed", "salt"})
"""Words that denote a value only over text: a seed that is a number starts a random sequence."""

HARMLESS_PHRASES: Final = frozenset(
    {
        *(
            (word, "token")
            for word in ("pad", "padding", "eos", "bos", "eot", "unk", "unknown", "sep", "cls")
        ),
        *((word, "token") for word in ("mask", "special", "stop", "start", "end", "begin", "image", "audio")),
        *(
            (word, "token")
            for word in ("video", "newline", "separator", "extra", "added", "prefix", "suffix")
        ),
        *((word, "token") for word in ("max", "min", "prompt", "completion", "input", "output", "cached")),
        *((word, "token") for word in ("reasoning", "total", "per")),
        *((word, "pass") for word in ("first", "second", "third", "single", "two", "multi", "forward")),
        *((word, "pass") for word in ("backward", "high", "low", "band", "all", "must", "did", "boarding")),
        *((word, "pass") for word in ("test", "tests", "check", "checks", "by", "optimizer", "compiler")),
    }
)
"""What looks like one of the above and is none: words of tokenizers, of filters, of test reports."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BREAKS: Final = re.compile(r"[^A-Za-z0-9]+")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,6})?")

VALUE_NAMES: Final = frozenset({"value", "values", "data", "content", "raw", "match"})
"""Names that hold a secret's value where they stand on a secret."""


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Return whether what stands under this name is a secret value, going by the name alone.

    >>> [is_secret_name(n) for n in ("DB_PASSWORD", "apiKey", "X-Auth-Token", "db_pw", "session_id")]
    [True, True, True, True, True]
    >>> [is_secret_name(n) for n in ("secret_name", "token_count", "key_id", "passwordPolicy", "eos_token")]
    [False, False, False, False, False]
    """
    words = words_of(name)
    if not words:
        return False
    if len(words) == 1 and words[0] in WHOLE_NAMES:
        return True
    if any(_occurs(phrase, words) for phrase in INNER_PHRASES):
        return True
    unnumbered = _without_number(words)
    # Seeds only in the singular: in dbt, seeds are tables.
    return words[-1] in SEEDS or _ends_as_secret(unnumbered) or _ends_as_secret(_singular(unnumbered))


def denotes_value(name: str, value: object, *, on_secret: bool = False) -> bool:
    """Return whether a property holds a secret value, going by its name and the type it holds.

    ``on_secret`` is for properties of a Secret and of where one was found: there
    ``value``, ``data`` and the like are the value itself; elsewhere only a text under
    ``value`` is. Truth values are never secret: they say whether, not what. Numbers under
    plurals count; they do so in a text, too.

    >>> denotes_value("max_tokens", 512), denotes_value("tokens", "a b"), denotes_value("needs_token", True)
    (False, True, False)
    >>> denotes_value("seed", "42"), denotes_value("seed", "abandon ability able"), denotes_value("pin", "42")
    (False, True, True)
    >>> denotes_value("value", 0.93), denotes_value("value", 0.93, on_secret=True)
    (False, True)
    """
    if value is None or isinstance(value, bool):
        return False
    if is_secret_name(name):
        return not (is_number(value) and _may_be_a_number(name))
    if on_secret and name.lower() in VALUE_NAMES:
        return True
    return words_of(name) == ("value",) and not isinstance(value, int | float)


def is_number(value: object) -> bool:
    """Return whether a value is a number, also one that stands in a text."""
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int | float)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return a name's words in lower case: ``dbPassword``, ``DB_PASSWORD`` and ``db-password`` are one."""
    return tuple(word.lower() for word in _BREAKS.split(_CAMEL.sub("_", name)) if word)


def _without_number(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name's words without the number that tells several of one sort apart."""
    while words and words[-1].isdigit():
        words = words[:-1]
    return (*words[:-1], words[-1].rstrip("0123456789")) if words else ()


def _singular(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words[:-1], words[-1].removesuffix("s")) if words else ()


def _ends_as_secret(words: tuple[str, ...]) -> bool:
    if not words or words[-2:] in HARMLESS_PHRASES:
        return False
    last = words[-1]
    return (
        last in LAST_WORDS
        or last.endswith(LAST_ENDINGS)
        or any(last.endswith(end) and last.removesuffix(end) in PASS_PREFIXES for end in ("pass", "pw"))
        or any(words[-length:] in LAST_PHRASES for length in range(2, LONGEST_PHRASE + 1))
    )


def _occurs(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(phrase)] == phrase for i in range(len(words) - len(phrase) + 1))


def _may_be_a_number(name: str) -> bool:
    """Return whether a number is harmless there: one that counts (``passwords``), one that seeds."""
    words = _without_number(words_of(name))
    counts = _singular(words) != words and _ends_as_secret(_singular(words))
    return counts or words[-1] in SEEDS or words == ("pass",)
