"""Values known by where they stand: in an address, in a statement, in a program's own order of words."""

from __future__ import annotations

import re
from typing import Final

from ingest.redaction.tokens import shape

_OPEN: Final = r"(?!\[redacted|%5[Bb]redacted|\*{3}|\$\{|\$\(|\{\{|<)"
"""Not what stands in for a value: a mark of redaction (also escaped, in a uid), a variable, a placeholder."""

_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]{1,30}:(?://|%2[Ff]%2[Ff])"
_USER: Final = r"(?:[^\s/@:%?#\"'<>]|%(?!3[Aa])[0-9A-Fa-f]{2})*+"
_PORT: Final = r"(?!//|[0-9]{1,5}(?:[/?#]|%2[Ff]))"
"""Not a port with a path behind it, in which an ``@`` may well stand (``host:5000/image@sha256:…``)."""

_HOST: Final = r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ORACLE: Final = r"(?:sqlplus|sqlldr|expdp|impdp|rman|exp|imp|sql)"

ADDRESSES: Final = (
    shape(
        "a password in an address",
        "// %2f%2f",
        rf"{_SCHEME}{_USER}(?::|%3[Aa])"
        rf"(?P<value>{_OPEN}(?:[^\s/\"'<>]+(?=@|%40)|{_PORT}[^\s\"'<>]{{1,200}}))(?:@|%40)",
    ),
    shape(  # a user with the server's name, as Azure's databases have it
        "a password in an address",
        "//",
        rf"{_SCHEME}[^\s/@:?#\"'<>]+@[^\s/@:?#\"'<>]+:(?P<value>{_OPEN}[^\s/@\"'<>]+)@",
    ),
    shape(
        "a token in an address",
        "https:",
        rf"https:(?://|%2[Ff]%2[Ff])(?P<value>{_OPEN}[A-Za-z0-9_-]{{16,}})(?:@|%40)",
    ),
    shape(
        "a password in an address",
        "jdbc:oracle:",
        rf"(?i)jdbc:oracle:[a-z0-9]{{2,8}}:[^\s/@]{{1,128}}/(?P<value>{_OPEN}(?:\\?\"[^\"]+\"|[^\s\"'<>]+?))(?=@)",
    ),
    shape(
        "a password in an address",
        "@//",
        rf"(?<![A-Za-z0-9_$#/:.])[A-Za-z0-9_$#]{{1,128}}/(?P<value>{_OPEN}[^\s/\"'<>]+)@//[A-Za-z0-9.-]+",
    ),
    shape(
        "a password of a login",
        "@",
        rf"(?<![A-Za-z0-9]){_ORACLE}[ \t]+(?:-[a-zA-Z]+[ \t]+){{0,4}}(?:userid=)?[\"']?[A-Za-z0-9_$#]+"
        rf"/(?P<value>{_OPEN}[^\s/\"']+)@",
    ),
)
"""Shapes of which only the group ``value`` is a secret; all have an ``@`` behind it."""

STATEMENTS: Final = (
    shape(
        "a password in SQL",
        "identified password",
        r"(?i)\b(?:identified\s+(?:with\s+[\"'`]?\w+[\"'`]?\s+)?(?:by|as)\s+(?:password\s+)?|password\s+)"
        rf"(?P<quote>[\"'])(?P<value>{_OPEN}(?:(?P=quote){{2}}|\\[\s\S]|(?!(?P=quote))[^\\])+)(?P=quote)",
    ),
    shape(  # without quotes only where it is surely a statement: much is identified by something
        "a password in SQL",
        "identified",
        rf"\b(?:IDENTIFIED\s+BY|(?i:user\s+\S+\s+identified\s+by))\s+(?:VALUES\s+)?"
        rf"(?P<value>(?!(?i:password|values)\b){_OPEN}[^\s\"';,]+)",
    ),
    shape(
        "a password in SQL",
        "password",
        r"(?i)\bset\s+password\s+for\s+[^\s=]{1,200}\s*=\s*(?:(?:old_)?password\(\s*)?"
        rf"'(?P<value>{_OPEN}[^']+)'",
    ),
    shape("a secret in SQL", "secret", rf"\b(?:SECRET|TOKEN)\s+'(?P<value>{_OPEN}[^']{{4,}})'"),
    shape(
        "a password of a login",
        "login",
        rf"\blogin\s+\S+\s+password\s+(?P<value>{_OPEN}[^\s\"']+)",
    ),
    shape(
        "a password in a configuration",
        "requirepass masterauth",
        rf"\b(?:requirepass|masterauth)\s+\"?(?P<value>{_OPEN}[^\s\"]+)",
    ),
    shape(
        "a password of a login",
        "rabbitmqctl",
        rf"\brabbitmqctl\s+(?:add_user|change_password)\s+\S+\s+(?P<value>{_OPEN}\S+)",
    ),
    shape(
        "a password of a login",
        "set-initial-password set-default-password",
        rf"\bset-(?:initial|default)-password\s+(?:--\S+\s+)*(?P<value>{_OPEN}(?!-)\S+)",
    ),
    shape(
        "a password of a login",
        "htpasswd",
        rf"\bhtpasswd\s+-\w*b\w*\s+(?:-\S+\s+)*\S+\s+\S+\s+(?P<value>{_OPEN}\S+)",
    ),
    shape(
        "a password of a login",
        "smbclient",
        rf"\bsmbclient\b[^\n|;]{{0,200}}?\s-U\s*[^\s%]+%(?P<value>{_OPEN}\S+)",
    ),
    shape(
        "a password of a login",
        "--password-stdin",
        rf"\becho\s+(?:-n\s+)?(?P<value>{_OPEN}[^\s|]+)\s*\|[^|\n]{{0,200}}--password-stdin",
    ),
    shape(
        "a password in a call",
        "password( secret( token( apikey( api_key(",
        rf"(?i)(?:set_?(?:password|secret|token|api_?key)|\b(?:password|api_?key))"
        rf"\(\s*[\"'](?P<value>{_OPEN}[^\"']+)[\"']",
    ),
    shape(
        "a password in a call",
        "login( auth( credentials( passwordauthentication(",
        r"(?i)\b\w{0,30}(?:login|basic_?auth|credentials|passwordauthentication)"
        rf"\(\s*[\"'][^\"'\n]*[\"']\s*,\s*[\"'](?P<value>{_OPEN}[^\"']+)[\"']",
    ),
    shape(
        "a key in SQL",
        "crypt(",
        r"(?i)\b(?:pgp_sym_|aes_|try_)?(?:en|de)crypt(?:_bytea|_raw)?"
        rf"\([^'\n;]{{1,200}},\s*'(?P<value>{_OPEN}[^']+)'",
    ),
    shape("a key in SQL", "cryptbypassphrase(", rf"(?i)cryptbypassphrase\(\s*N?'(?P<value>{_OPEN}[^']+)'"),
    shape(
        "a password in SQL",
        "mysql( postgresql( mongodb(",
        rf"(?i)\b(?:mysql|postgresql|mongodb)\((?:\s*'[^'\n]*'\s*,){{4}}\s*'(?P<value>{_OPEN}[^']+)'",
    ),
    shape(
        "a bearer token",
        "bearer",
        r"(?i)\bbearer\s+(?P<value>(?=[A-Za-z+/=_.~-]*[0-9])[A-Za-z0-9+/=_.~-]{16,})",
    ),
)
"""The same where words and spaces stand before the value."""

HOST_LOGIN: Final = re.compile(
    rf"(?<![A-Za-z0-9._%+:@-])[A-Za-z0-9._%+-]{{1,64}}:(?P<value>[^\s:/@\"'<>]{{8,200}}){_HOST}"
)
"""``user:password@host`` without a scheme; many other things have that form, so the value must look made."""
