"""The small language of `--fail-on`."""

import pytest

from api.fail_on import BESIDE, judged, parsed
from graph.errors import InvalidQuestion
from queries.evidence.states import SlotState

COUNTS = {"reached": 3, "gaps": 0}


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("reached>2", True),
        ("reached>3", False),
        ("reached>=3", True),
        ("reached>=4", False),
        ("reached=3", True),
        ("reached=0", False),
        (" gaps > 0 ", False),
        ("gaps=0", True),
    ],
)
def test_a_count_is_held_against_a_number(text: str, fails: bool):
    verdict = judged(parsed([text], COUNTS), COUNTS, may_grow=False)
    assert (bool(verdict.met), verdict.open) == (fails, ())


def test_one_of_several_conditions_is_enough_and_is_named():
    verdict = judged(parsed(["gaps>0", "reached>0"], COUNTS), COUNTS, may_grow=False)
    assert verdict.met == ("reached>0 (reached is 3)",)


@pytest.mark.parametrize(
    ("text", "met", "is_open"),
    [
        ("reached>2", True, False),
        ("reached>=3", True, False),
        ("reached>100", False, True),
        ("reached=2", False, False),
        ("reached=3", False, True),
        ("reached=4", False, True),
    ],
)
def test_a_count_that_may_be_greater_decides_only_what_a_greater_one_would_not_change(
    text: str, met: bool, is_open: bool
):
    verdict = judged(parsed([text], COUNTS), COUNTS, may_grow=True)
    assert (bool(verdict.met), bool(verdict.open)) == (met, is_open)
    assert all("reached is at least 3" in words for words in (*verdict.met, *verdict.open))


def test_what_a_count_leaves_out_because_it_is_not_known_is_named():
    counts = {"gaps": 0, "unknown": 2, "not_assessed": 0, "left_out": 4}
    verdict = judged(parsed(["gaps>0"], counts), counts, may_grow=False)
    assert verdict.beside == ("unknown is 2, and is not counted", "left_out is 4, and is not counted")
    assert set(BESIDE) == {"criticality", "gaps", "unknown", *SlotState}


@pytest.mark.parametrize("text", ["reached", "reached>", "reached<3", "reached>-1", "reached>1.5", "", "x>1"])
def test_what_is_no_condition_is_refused(text: str):
    with pytest.raises(InvalidQuestion, match="fail_on"):
        parsed([text], COUNTS)
