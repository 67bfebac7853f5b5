"""What stands where a value would: a mark, a variable, a reference; and what looks made by a machine."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MARK: Final = "[redacted]"
"""What stands where a value stood."""

STAND_IN: Final = re.compile(
    r"(?:"
    r"\[redacted\]|%5[Bb]redacted%5[Dd]|\*{3,}|\u2022{3,}|"  # a mark, also escaped in a uid; a mask
    r"\$\{[^{}]*\}|\$\{\{[^{}]*\}\}|\$\([^()]*\)|\{\{[^{}]*\}\}|\$[A-Z_][A-Z0-9_]*|%[A-Z_]{2,40}%|"
    r"<[A-Za-z][A-Za-z0-9 _./-]{0,60}>|"  # a placeholder
    r"\?|%s|%\([a-z_]+\)s|:[a-z_]{1,30}"  # a parameter of a statement
    r")+"
)
"""What stands in for a value without being one."""

_REFERENCE: Final = re.compile(
    r"arn:aws[a-z-]*:(?:secretsmanager|ssm|kms|iam):\S+|"
    r"(?:op|sm|vault|secretref|ref\+[a-z]+)://\S+|"
    r"vault:[A-Za-z0-9_./-]+#[A-Za-z0-9_.-]+|"
    r"projects/[A-Za-z0-9_-]+/secrets/[A-Za-z0-9_-]+(?:/versions/[A-Za-z0-9]+)?|"
    r"os\.(?:environ\[|environ\.get\(|getenv\()[\"'][A-Za-z_][A-Za-z0-9_]*[\"'][\])]|"
    r"@Microsoft\.KeyVault\([^()]*\)|"
    r"(?:var|local|data|module|secrets|vars|env)\.[A-Za-z_][A-Za-z0-9_.-]*|"
    r"/(?:app|certs|data|etc|home|keys|mnt|opt|root|run|secrets|srv|tmp|usr|var|vault)/[A-Za-z0-9_./-]*"
)
"""Where a secret lies, in the words of those who keep it: worth knowing, and nothing is lost with it."""

_PLAIN_WORDS: Final = frozenset(
    {
        *("true", "false", "null", "none", "nil", "undefined", "yes", "no", "on", "off", "n/a"),
        *("required", "optional", "unset", "unknown", "missing", "expired", "rotated", "revoked"),
        *("redacted", "hidden", "masked", "removed", "omitted", "encrypted", "any"),
        *("string", "str", "text", "varchar", "char", "bytes", "binary", "blob", "uuid", "object", "array"),
        *("int", "integer", "bigint", "number", "boolean", "bool"),
    }
)
"""Words that say something about a value (that there is one, of which type) and are none."""

_RUN: Final = re.compile(r"[A-Za-z0-9+!@#$%^&*~]{8,}")
_HEX: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_TURN: Final = re.compile(
    r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])|"
    r"(?<![a-z])[a-z]{1,2}(?=[A-Z])|"  # in a name, a word of two letters is rare
    r"[!@#$%^&*~]"
)
_TURNS: Final = 3


@lru_cache(maxsize=1024)
def stands_in(value: str) -> bool:
    """Return whether a text stands in for a secret value and is none itself.

    >>> [stands_in(v) for v in ("[redacted]", "${DB_PASSWORD}", "op://shop/db/password", "required")]
    [True, True, True, True]
    >>> [stands_in(v) for v in ("hunter2", "[redacted]tail", "$ecret", "")]
    [False, False, False, False]
    """
    return (
        value.lower() in _PLAIN_WORDS
        or STAND_IN.fullmatch(value) is not None
        or _REFERENCE.fullmatch(value) is not None
    )


def looks_made(value: str) -> bool:
    """Return whether a text looks like what a machine made to be secret, and not like a name or an id.

    Letters, digits and cases take turns in it more often than in names. Digests and UUIDs
    are ids: plain hexadecimal does not count.

    >>> [looks_made(v) for v in ("Hunt3rUnlisted", "bPxRfiCYEXAMPLEKEY", "a1b2x3d4e5")]
    [True, True, True]
    >>> [looks_made(v) for v in ("stripe-key-2024", "customer360", "9f86d081884c7d65", "prod/db")]
    [False, False, False, False]
    """
    return any(
        _HEX.fullmatch(run) is None and len(_TURN.findall(run)) >= _TURNS for run in _RUN.findall(value)
    )
