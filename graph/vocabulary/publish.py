"""The vocabulary for others: as JSON for programs, and as the page `docs/model.md`.

Run `python -m graph.vocabulary.publish docs/model.md` to write the page, or without an argument to
print it.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import NotRequired, TypedDict

from graph.vocabulary import VOCABULARY
from graph.vocabulary.edition import Vocabulary
from graph.vocabulary.page import model_page
from graph.vocabulary.terms import Harm, HarmRule, Implication, Kind, Relation

# `with` and `from` are words of Python's own, so these two are written the long way.
PublishedWhen = TypedDict(
    "PublishedWhen",
    {
        "subject_kinds": list[str],
        "object_kinds": list[str],
        "with": list[str],
        "without": list[str],
        "condition": NotRequired[str],
    },
)
PublishedRule = TypedDict(
    "PublishedRule",
    {"from": str, "harm": str, "becomes": str, "certainty": str, "when": PublishedWhen},
)


class PublishedKind(TypedDict):
    """A kind as it is published."""

    name: str
    types: list[str]
    harms: list[str]


class PublishedImplication(TypedDict):
    """An implication as it is published; without `types` it holds for every type."""

    kind: str
    types: NotRequired[list[str]]
    harm: str
    implies: str
    certainty: str


class PublishedRelation(TypedDict):
    """A relation as it is published; a pair is a subject kind and an object kind."""

    name: str
    pairs: list[list[str]]
    marks: list[str]
    rules: list[PublishedRule]


class PublishedVocabulary(TypedDict):
    """What `holdfast vocabulary --json` prints."""

    rules_version: int
    kinds: list[PublishedKind]
    implications: list[PublishedImplication]
    relations: list[PublishedRelation]


def published(vocabulary: Vocabulary = VOCABULARY) -> PublishedVocabulary:
    """Return the vocabulary as plain JSON values.

    Lists of kinds and harms are in the order in which these are declared, relations and their rules
    in the order of their tables. The stand-in kind `unknown` is left out: it is in no pair.

    >>> published()["relations"][0]["rules"][0]["from"]
    'subject'
    """
    return {
        "rules_version": vocabulary.rules_version,
        "kinds": [
            {"name": kind.name.value, "types": list(kind.types), "harms": _in_order(kind.harms)}
            for kind in vocabulary.kinds
        ],
        "implications": [_implication(term) for term in vocabulary.implications],
        "relations": [_relation(term) for term in vocabulary.relations],
    }


def _implication(term: Implication) -> PublishedImplication:
    published_term: PublishedImplication = {
        "kind": term.kind.value,
        "harm": term.harm.value,
        "implies": term.implies.value,
        "certainty": term.certainty.value,
    }
    if term.types is not None:
        published_term["types"] = sorted(term.types)
    return published_term


def _relation(term: Relation) -> PublishedRelation:
    return {
        "name": term.name,
        "pairs": [[subject_kind.value, object_kind.value] for subject_kind, object_kind in term.pairs],
        "marks": list(term.marks),
        "rules": [_rule(rule) for rule in term.rules],
    }


def _rule(rule: HarmRule) -> PublishedRule:
    when: PublishedWhen = {
        "subject_kinds": _in_order(rule.subject_kinds),
        "object_kinds": _in_order(rule.object_kinds),
        "with": sorted(rule.with_marks),
        "without": sorted(rule.without_marks),
    }
    if rule.condition is not None:
        when["condition"] = rule.condition
    return {
        "from": rule.origin_end.value,
        "harm": rule.harm.value,
        "becomes": rule.becomes.value,
        "certainty": rule.certainty.value,
        "when": when,
    }


def _in_order(members: frozenset[Kind] | frozenset[Harm]) -> list[str]:
    """Return the values of an enumeration's members in the order in which it declares them."""
    declared: tuple[Kind | Harm, ...] = (*Kind, *Harm)
    return [member.value for member in declared if member in members]


def main(arguments: list[str]) -> int:
    """Write the page to the file named by the only argument, or to standard output; return 0."""
    parser = ArgumentParser(description="Write the page about the vocabulary.")
    parser.add_argument("file", nargs="?", type=Path, help="where to write it; standard output if left out")
    file: Path | None = parser.parse_args(arguments).file
    page = model_page(VOCABULARY)
    if file is None:
        sys.stdout.buffer.write(page.encode())
    else:
        file.write_text(page, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
