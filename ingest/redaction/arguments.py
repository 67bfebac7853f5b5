"""Values among the arguments of a command, whether they stand in a list or in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.redaction.found import Found
from ingest.redaction.names import denotes_value, is_number, is_secret_name
from ingest.redaction.values import stands_in

WHAT: Final = "a secret behind a flag"

LOGIN_FLAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("-u", "--user", "--proxy-user", "--userpwd"),
    **dict.fromkeys(("curl", "wget", "aria2c"), ("-u", "-U", "--user", "--proxy-user", "--userpwd")),
    **dict.fromkeys(("http", "https", "xh"), ("-a", "--auth")),
}
"""Programs that fetch, and their flags behind which ``name:password`` stands; others name a user and a group.

The empty name is for where it is not known which program it is.
"""

_OPENS: Final = ("mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlsh", "mariadb", "mariadb-dump")
_MONGO: Final = ("mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport")
_LDAP: Final = ("ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldappasswd")

PASSWORD_FLAGS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys((*_OPENS, *_MONGO), frozenset({"-p"})),
    **dict.fromkeys(
        ("sshpass", "beeline", "cypher-shell", "login", "psexec", "clickhouse-client"), frozenset({"-p"})
    ),
    **dict.fromkeys(("sqlcmd", "bcp", "osql", "isql", "unzip", "zip"), frozenset({"-P"})),
    **dict.fromkeys(_LDAP, frozenset({"-w"})),
    **dict.fromkeys(("7z", "7za", "rar", "unrar"), frozenset({"-p"})),
    "redis-cli": frozenset({"-a", "--pass"}),
    "keytool": frozenset({"-storepass", "-keypass"}),
    "influx": frozenset({"-password"}),
}
"""Programs and the flags of theirs whose value is a password; for most others ``-p`` is a port or a path."""

_ATTACHED: Final = 2
"""Characters of a flag behind which the value may stand at once: ``-phunter2``."""

_WORDS: Final = re.compile(
    r"(?:[^\s\"'|;&]|(?<![A-Za-z0-9])(?:\"(?:[^\"\\]|\\.)*+\"|'[^']*+')|[\"'])++|[|;&]"
)
"""Words as a shell would cut them; an apostrophe inside a word opens no quotation."""

_FLAG_SHAPE: Final = re.compile(r"-{1,2}[A-Za-z][A-Za-z0-9_.-]*")
_MAY_HOLD: Final = re.compile(r"(?:^|[\s\"'`(\[,])-{1,2}[A-Za-z]")
_QUOTES: Final = "\"'"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The part of one word (by its number) that is a secret value."""

    word: int
    start: int
    end: int


def hidden_among(words: Sequence[object], program: str = "") -> Iterator[Hidden]:
    """Yield what is secret among arguments, going by the flag before and by the program they are for.

    Items that are no texts are passed over. ``program`` is what the arguments are for,
    where another list names it.

    >>> list(hidden_among(["mysql", "-p", "hunter2", "shop"]))
    [Hidden(word=2, start=0, end=7)]
    >>> list(hidden_among(["docker", "run", "-p", "8080:80", "-u", "1000:1000"]))
    []
    """
    running = _base(program)
    flag = ""
    for number, item in enumerate(words):
        word = item if isinstance(item, str) else ""
        if word in ("|", ";", "&"):
            running, flag = "", ""
            continue
        if word == "\\":
            continue
        hidden = _hidden(flag, word, running)
        if hidden is not None and not stands_in(word[slice(*hidden)]):
            yield Hidden(number, *hidden)
        if not word.startswith("-") and _base(word) in _PROGRAMS:
            running = _base(word)
        flag = "" if hidden is not None else word


def behind_flags(text: str) -> Iterator[Found]:
    """Yield the values in a command line that stand behind flags."""
    if _MAY_HOLD.search(text) is None:
        return
    matches = list(_WORDS.finditer(text))
    bare = [_unquoted(match.group()) for match in matches]
    for hidden in hidden_among([word for word, _ in bare]):
        start = matches[hidden.word].start() + bare[hidden.word][1]
        yield Found(start + hidden.start, start + hidden.end, WHAT)
    for match, (word, before) in zip(matches, bare, strict=True):
        if before and " " in word:  # a command inside a command: sh -c "…"
            at = match.start() + before
            yield from (Found(at + f.start, at + f.end, f.what) for f in behind_flags(word))


_PROGRAMS: Final = frozenset({*PASSWORD_FLAGS, *LOGIN_FLAGS, "docker", "podman", "kubectl", "sudo", "su"}) - {
    ""
}


def _hidden(flag: str, word: str, program: str) -> tuple[int, int] | None:
    """Return which part of a word is secret, going by the word before it; None where none is."""
    if not word:
        return None
    own = PASSWORD_FLAGS.get(program, frozenset())
    if flag in own:
        return None if word.startswith("-") else (0, len(word))
    if (
        word[:_ATTACHED] in own
        and len(word) > _ATTACHED
        and not word.startswith("--")
        and not _is_named(word)
    ):
        return _ATTACHED, len(word)
    for login in LOGIN_FLAGS.get(program, ()):
        if flag == login:
            return _password_of_login(word, 0)
        if word.startswith(login) and (program or word.startswith("--")):
            return _password_of_login(word, len(login) + word[len(login) :].startswith("="))
    if not _FLAG_SHAPE.fullmatch(flag) or not is_secret_name(flag):
        return None
    return None if _FLAG_SHAPE.fullmatch(word) or not denotes_value(flag, word) else (0, len(word))


def _is_named(word: str) -> bool:
    """Return whether a word with one hyphen is a long flag of its own (``-password``)."""
    return word[1:].isalpha() and word.islower() and is_secret_name(word)


def _password_of_login(word: str, start: int) -> tuple[int, int] | None:
    name, colon, password = word[start:].partition(":")
    if not (name and colon and password) or is_number(password) or password.startswith("//"):
        return None
    return start + len(name) + 1, len(word)


def _base(word: str) -> str:
    """Return a program's name without its folders and without ``.exe``."""
    return word.rsplit("/", 1)[-1].removesuffix(".exe")


def _unquoted(word: str) -> tuple[str, int]:
    """Return a word without the quotes around it, and how many characters were left out before it."""
    if len(word) > 1 and word[0] in _QUOTES and word[-1] == word[0]:
        return word[1:-1], 1
    return word, 0
