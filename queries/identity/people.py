"""What people go by: names in any order and spelling, user names, addresses.

A person's name gives user names that the person might have; an account's name is one that somebody
has. The two meet, and two guesses never do: not every J. Smith is the other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import Node
from graph.vocabulary import Kind
from queries.identity.clue import Clue, Strength
from queries.identity.names import folded, is_telling, mailbox, one_address, spellings
from queries.identity.usual import SHARED_MAILBOXES, TITLES

SHORTEST_GUESSED: Final = 5
"""So long is a user name that a name gives and that says something."""

SHORTEST_LOGIN: Final = 6
"""So long is a user name that hardly two people have by chance; first names are shorter."""

SUFFIXES: Final = frozenset({"jr", "junior", "sr", "senior", "ii", "iii"})
"""What tells people of one name apart."""


def people_clues(node: Node) -> Iterator[Clue]:
    """Yield what may tell who somebody is; also of accounts that may be a person's or a machine's."""
    if not may_be_person(node):
        return
    yield from _addresses(node)
    for login in sorted(_logins(node)):
        strength = Strength.MEDIUM if len(login) >= SHORTEST_LOGIN else Strength.WEAK
        yield Clue("login", login, strength, f"both go by {login}", login)
    for name in called(node):
        yield from _name_clues(name)


def may_be_person(node: Node) -> bool:
    """Return whether a node is a person, or an account that may be one's."""
    return node.kind is Kind.IDENTITY and node.type in ("person", None)


def called(node: Node) -> list[tuple[str, ...]]:
    """Return the names of a person of two words or more, first names first."""
    texts = {*_ids(node, "display-name"), *([node.name] if node.name else [])}
    names = (_words(text) for text in sorted(texts) if "@" not in text)
    return [name for name in names if len(name) > 1]


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a person's name in the order in which they are said, without titles.

    >>> _words("Hopper, Grace B."), _words("Dr. Amara Diallo"), _words("Samir Haddad (EXT)")
    (('grace', 'b', 'hopper'), ('amara', 'diallo'), ('samir', 'haddad'))
    """
    family, comma, first = text.partition(",")
    said = f"{first} {family}" if comma else text
    words = (word.strip(".()[]").casefold() for word in said.split())
    return tuple(word for word in words if folded(word) and word not in TITLES)


def _name_clues(words: tuple[str, ...]) -> Iterator[Clue]:
    """Yield a name as a whole, by its ends, and as the user names that it gives."""
    full = " ".join(words)
    ends = (words[0], words[-1])
    if len(words[0]) == 1:
        for login in spellings("".join(ends)):
            yield Clue("login", login, Strength.MEDIUM, f"both go by {login}", full)
        return
    root = min(spellings("".join(ends)))
    for form in {*spellings("".join(words)), *spellings("".join(ends))}:
        yield Clue("person", form, Strength.MEDIUM, f"both are called {full}", root)
    given = {form for text in _usual_logins(words) for form in spellings(text)}
    for login in sorted(form for form in given if len(form) >= SHORTEST_GUESSED):
        yield Clue("login", login, Strength.MEDIUM, f"both go by {login}", root, guess=True)


def _usual_logins(words: tuple[str, ...]) -> set[str]:
    """Return what a person of this name is usually given as a user name; a suffix makes none."""
    if words[-1] in SUFFIXES:
        return {"".join(words)}
    first, family = words[0], words[-1]
    return {"".join(words), first + family, family + first, first[0] + family, first[0] + "".join(words[1:])}


def _addresses(node: Node) -> Iterator[Clue]:
    """Yield addresses that a person has; one that a desk has says nothing."""
    for address in {one_address(text) for text in (*_ids(node, "email"), *_named_by_address(node))}:
        if mailbox(address) is not None:
            yield Clue("address of", address, Strength.MEDIUM, f"both have the address {address}", address)


def _logins(node: Node) -> set[str]:
    """Return the user names that a node has; not those that desks and machines have everywhere."""
    bare = [node.name] if node.name and not set(node.name.strip()) & set(" @") else []
    texts = [*_ids(node, "github-login"), *node.texts("user_name"), *bare]
    local = {text.partition("@")[0] for text in texts}
    telling = {folded(text) for text in local if is_telling(text) and text.casefold() not in SHARED_MAILBOXES}
    mailboxes = (mailbox(address) for address in (*_ids(node, "email"), *_named_by_address(node)))
    return telling | {found for found in mailboxes if found is not None}


def _named_by_address(node: Node) -> list[str]:
    return [node.name] if node.name and "@" in node.name else []


def _ids(node: Node, scheme: str) -> list[str]:
    return [external_id.value for external_id in node.external_ids if external_id.scheme == scheme]
