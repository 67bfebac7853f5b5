"""What gives a secret value away: the names it goes by, and the shapes of well-known tokens.

Data only; ``ingest.redaction`` applies it. A new provider's token is one more line.
Shapes lean on the prefixes that providers print so that leaked tokens can be
recognised, and ask for enough characters behind them that prose does not match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LAST_WORDS: Final = frozenset(
    {
        *("password", "passwd", "passphrase", "passcode", "pwd", "secret", "secrets", "token", "tokens"),
        *("credential", "credentials", "authorization", "authorisation", "cookie", "bearer", "jwt", "otp"),
        *("cvv", "apikey", "dsn", "kubeconfig", "plaintext", "pass", "pgpass", "dbpass", "cred", "creds"),
        *("sessionid", "sessid", "jsessionid", "phpsessid", "accesstoken", "authtoken", "refreshtoken"),
        *("secretkey", "accesskey", "privatekey", "signingkey"),
    }
)
"""A name whose last word is one of these denotes the value itself: ``db_password``, ``authToken``.

What only describes a secret ends in another word (``secret_name``, ``token_count``,
``password_policy``, ``token_expires``) and stays. So do they in the plural and with a
number behind (``passwords``, ``password2``, ``secret_1``).
"""

LAST_ENDINGS: Final = ("password", "passwd", "passphrase", "apikey")
"""Endings of a last word that do the same, where words are run together: ``PGPASSWORD``."""

LAST_PAIRS: Final = frozenset(
    {
        *(("private", "key"), ("api", "key"), ("secret", "key"), ("access", "key"), ("signing", "key")),
        *(("encryption", "key"), ("decryption", "key"), ("account", "key"), ("shared", "key")),
        *(("session", "key"), ("master", "key"), ("hmac", "key"), ("license", "key"), ("ssh", "key")),
        *(("storage", "key"), ("host", "key"), ("client", "key"), ("auth", "key"), ("service", "key")),
        *(("connection", "string"), ("conn", "string"), ("conn", "str"), ("set", "cookie")),
        *(("private", "pem"), ("key", "pem"), ("key", "data"), ("key", "material"), ("basic", "auth")),
        *(("secret", "value"), ("secret", "string"), ("secret", "binary"), ("secret", "data")),
        *(("secret", "text"), ("string", "data"), ("token", "value"), ("password", "value")),
        *(("key", "value"), ("matched", "text"), ("recovery", "codes"), ("backup", "codes")),
        *(("key", "base"), ("secret", "base"), ("password", "base")),
    }
)
"""The same for names that end in two words."""

WHOLE_NAMES: Final = frozenset({"auth", "pin", "pem", "sas"})
"""The same for names that denote a value only when they stand alone."""

VALUE_NAMES: Final = frozenset({"value", "values", "data", "content", "raw", "match"})
"""Names that hold a secret's value where they stand on a secret, or beside a secret's name."""

LOGIN_FLAGS: Final = frozenset({"-u", "--user"})
"""Flags behind which ``name:password`` stands."""

NAMING_NAMES: Final = ("name", "key", "header", "variable")
"""Names beside which a value may stand: ``{"name": "DB_PASSWORD", "value": …}``."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one sort of secret in a text.

    ``hints`` are lower-case texts of which one occurs wherever the pattern matches: a
    cheap test that spares most texts the expression. Where the pattern has a group
    ``value``, only that is taken out. ``id_only`` marks a public id, which is fine
    where ids belong.
    """

    what: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    id_only: bool = False


def _shape(what: str, hints: str, pattern: str, *, id_only: bool = False) -> Shape:
    return Shape(what, tuple(hints.split()), re.compile(pattern), id_only)


_OPEN: Final = r"(?!\[redacted|%5[Bb]redacted|\*{3}|\$\{|\$\(|\{\{|<)"
"""Not what stands in for a value: a mark of redaction (also escaped, in a uid), a variable, a placeholder."""

_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]{1,30}:(?://|%2[Ff]%2[Ff])"
_NAMES: Final = (
    r"(?:passwords?|passwd|pwd|passphrase|secret|client[_-]?secret|secret[_-]?key(?:[_-]base)?|api[_-]?keys?|"
    r"access[_-]?key|account[_-]?key|private[_-]?key|shared[_-]?access[_-]?(?:key|signature)|"
    r"token|authorization|signature|sig|(?:(?<=[_-])|pg)pass|creds|credentials?|sessionid)(?:[_-]?[0-9]{1,3})?"
)
_SPOKEN: Final = _NAMES.replace("signature|sig|", "")
"""The names that give a value away in prose too; a signature there is public."""

_WORD: Final = r"(?:\"[^\"]+\"|'[^']+'|[^\s;,&\"'<>]+)"
_PORT: Final = r"(?!//|[0-9]{1,5}(?:[/?#]|%2[Ff]))"
"""Not a port with a path behind it, in which an ``@`` may well stand (``host:5000/image@sha256:…``)."""

_CLIENTS: Final = r"(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|sshpass|mongo|mongosh|mongodump)"
"""Programs whose ``-p`` is a password; for most others it is a port or a path."""

SHAPES: Final = (
    _shape(
        "a private key",
        "-----begin",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)",
    ),
    _shape("an age key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    _shape("a JSON web token", "eyj", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"),
    _shape(
        "a GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    ),
    _shape(
        "a GitLab token",
        "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- gloas- glsoat-",
        r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{16,}",
    ),
    _shape("a Slack token", "xox xapp-", r"\b(?:xox[abceoprs]|xapp-\d)-[A-Za-z0-9-]{8,}"),
    _shape(
        "a Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<value>[A-Za-z0-9/_-]{12,})",
    ),
    _shape("an Anthropic key", "sk-ant-", r"\bsk-ant-[A-Za-z0-9_-]{16,}"),
    _shape(
        "a key of an AI provider",
        "sk-",
        r"\bsk-(?:(?:proj|svcacct|admin|or-v1|lf|live|test)-[A-Za-z0-9_-]{12,}|[A-Za-z0-9]{20,})",
    ),
    _shape("a Stripe key", "sk_ rk_ whsec_", r"\b(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}"),
    _shape(
        "a Google key",
        "aiza gocspx- ya29.",
        r"\b(?:AIza[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,})",
    ),
    _shape("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{20,}"),
    _shape("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{30,}"),
    _shape("a PyPI token", "pypi-age", r"\bpypi-AgE[A-Za-z0-9_-]{30,}"),
    _shape("a Vault token", "hvs. hvb. hvr.", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
    _shape("a Databricks token", "dapi", r"\bdapi[a-f0-9]{32}(?:-\d)?\b"),
    _shape("a SendGrid key", "sg.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _shape("a DigitalOcean token", "_v1_", r"\bdo[oprt]_v1_[a-f0-9]{40,}"),
    _shape("a Terraform token", "atlasv1", r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}"),
    _shape(
        "a Grafana token",
        "glsa_ glc_",
        r"\b(?:glsa_[A-Za-z0-9]{20,}_[a-f0-9]{8}\b|glc_[A-Za-z0-9+/]{32,}={0,2})",
    ),
    _shape(
        "a password in an address",
        "// %2f%2f",
        rf"{_SCHEME}[^\s/@:%?#\"'<>]*(?::|%3[Aa])"
        rf"(?P<value>{_OPEN}(?:[^\s/\"'<>]+(?=@|%40)|{_PORT}[^\s\"'<>]{{1,200}}))(?:@|%40)",
    ),
    _shape(
        "a token in an address",
        "https:",
        rf"https:(?://|%2[Ff]%2[Ff])(?P<value>{_OPEN}[A-Za-z0-9_-]{{16,}})(?:@|%40)",
    ),
    _shape(
        "an assigned secret",
        "=",
        rf"(?i)(?<![A-Za-z0-9]){_NAMES}\s?=\s?(?P<value>{_OPEN}(?:\"[^\"]+\"|'[^']+'|[^\s;,&\"'<>]{{3,}}))",
    ),
    _shape(
        "an assigned secret",
        "\" '",
        rf"(?i)[\"'][A-Za-z0-9_.-]{{0,40}}{_NAMES}[\"']\s{{0,4}}:\s{{0,4}}"
        rf"[\"'](?P<value>{_OPEN}(?:[^\"'\\]|\\.)+)[\"']",
    ),
    _shape(
        "a bearer token",
        "bearer basic",
        r"(?i)\b(?:bearer|basic)\s+(?P<value>(?=[A-Za-z+/=_.~-]*[0-9])[A-Za-z0-9+/=_.~-]{16,})",
    ),
    Shape(
        "a named secret",
        (": ", ":\t"),
        re.compile(
            rf"(?i)(?<![A-Za-z0-9]){_SPOKEN}[ \t]?:[ \t]+(?:(?:bearer|basic|digest|token)\s+)?+"
            rf"(?P<value>{_OPEN}{_WORD})"
        ),
    ),
    _shape(
        "a secret behind a flag",
        "--",
        rf"(?i)(?<![A-Za-z0-9-])--(?:[a-z0-9]{{1,20}}[-_]){{0,4}}{_SPOKEN}[ \t]+"
        rf"(?!-)(?P<value>{_OPEN}{_WORD})",
    ),
    _shape(
        "a password behind a flag",
        "-u --user",
        rf"(?<![^\s\"'])(?:-u|--user)[ \t=]*[\"']?[^\s:=\"'-][^\s:\"']{{0,100}}:"
        rf"(?P<value>(?![0-9]+(?:\s|$)){_OPEN}[^\s\"']+)",
    ),
    _shape(
        "a password behind a flag",
        "-p",
        rf"\b{_CLIENTS}\b[^\n|;]{{0,200}}?\s-p(?P<value>{_OPEN}{_WORD})",
    ),
    _shape(
        "a password behind a flag",
        "login",
        rf"\blogin\b[^\n|;]{{0,200}}?\s-p[ \t]+(?P<value>{_OPEN}{_WORD})",
    ),
    _shape(
        "a password in SQL",
        "identified password",
        r"(?i)\b(?:identified\s+(?:with\s+[\"'`]?\w+[\"'`]?\s+)?(?:by|as)\s+(?:password\s+)?|password\s+)"
        rf"(?P<quote>[\"'])(?P<value>{_OPEN}(?:(?P=quote){{2}}|\\[\s\S]|(?!(?P=quote))[^\\])+)(?P=quote)",
    ),
    _shape(
        "an AWS access key id",
        "akia asia abia acca",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        id_only=True,
    ),
)
