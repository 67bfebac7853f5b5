"""What machines join and what is suggested, measured on labelled pairs; the documentation has the figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from graph.ledger import identity
from graph.ledger.port import ExternalIdRow
from graph.vocabulary import VOCABULARY
from tests.queries.identity.labels import Label, Measured, measure, read_cases

DOCUMENT = Path(__file__).parents[3] / "docs" / "identity.md"
RECALL_FLOOR = 0.8
PRECISION_FLOOR = 0.9

HALVES = pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])


@cache
def measured(*, held_out: bool) -> Measured:
    return measure(case for case in read_cases() if case.is_held_out is held_out)


@cache
def measured_whole() -> Measured:
    return measure(read_cases())


@HALVES
def test_machines_join_nothing_that_is_two_or_that_only_a_person_can_tell(held_out: bool) -> None:
    assert [str(pair) for pair in measured(held_out=held_out).wrongly_joined()] == []


@HALVES
def test_machines_join_all_that_external_ids_say_is_one(held_out: bool) -> None:
    assert [str(pair) for pair in measured(held_out=held_out).not_joined()] == []


@HALVES
def test_most_of_what_is_one_thing_is_suggested(held_out: bool) -> None:
    found = measured(held_out=held_out)
    assert found.recall >= RECALL_FLOOR, "\n".join(map(str, found.missed()))


@HALVES
def test_nearly_all_that_is_suggested_is_one_thing(held_out: bool) -> None:
    found = measured(held_out=held_out)
    wrong = [*map(str, found.wrongly_suggested()), *found.astray]
    assert found.precision >= PRECISION_FLOOR, "\n".join(wrong)


def test_nothing_is_joined_or_suggested_across_halves_that_lowers_the_figures_of_the_whole_set() -> None:
    found = measured_whole()
    assert not found.wrongly_joined()
    assert not found.not_joined()
    assert found.recall >= RECALL_FLOOR
    assert found.precision >= PRECISION_FLOOR


def _whoever_says_it(row: ExternalIdRow) -> bool:
    scheme = VOCABULARY.scheme(row.scheme)
    return scheme is not None and scheme.joins


def _no_matter_when(*_: object) -> None:
    return None


def _no_matter_what(*_: object) -> None:
    return None


@pytest.mark.parametrize(
    ("rule", "weakened"),
    [("may_join", _whoever_says_it), ("_never_together", _no_matter_when), ("_objection", _no_matter_what)],
)
def test_each_rule_of_joining_keeps_pairs_of_the_set_apart(
    monkeypatch: pytest.MonkeyPatch, rule: str, weakened: Callable[..., object]
) -> None:
    """Without it the measurement would fail: the set holds pairs that only this rule keeps apart."""
    monkeypatch.setattr(identity, rule, weakened)
    assert measure(read_cases()).wrongly_joined()


def test_the_set_is_large_enough_and_hard() -> None:
    pairs = [pair for case in read_cases() for pair in case.pairs]
    labels = Counter(pair.label for pair in pairs)
    assert len(pairs) == len({frozenset(pair.uids) for pair in pairs})
    assert len(pairs) >= 320
    assert labels[Label.DIFFERENT] >= len(pairs) / 3
    assert all(pair.reason for pair in pairs)


@pytest.mark.parametrize("half", ["tuned", "held out", "whole"])
def test_the_documented_figures_are_those_measured(half: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    row = re.search(rf"^\| {half} \|(.*)\|$", text, re.MULTILINE)
    assert row is not None
    found = measured_whole() if half == "whole" else measured(held_out=half == "held out")
    labels = Counter(pair.label for pair in found.pairs)
    said = [cell.strip() for cell in row[1].split("|")]
    assert said == [
        *(str(labels[label]) for label in Label),
        f"{len(found.wrongly_joined())}",
        f"{len(found.not_joined())}",
        f"{found.recall:.3f}",
        f"{found.precision:.3f}",
    ]
