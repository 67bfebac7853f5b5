"""The small language of `--fail-on`."""

import pytest

from api.fail_on import met, parsed
from graph.errors import InvalidQuestion

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
    assert bool(met(parsed([text], COUNTS), COUNTS, are_least=False)) is fails


def test_one_of_several_conditions_is_enough_and_is_named():
    assert met(parsed(["gaps>0", "reached>0"], COUNTS), COUNTS, are_least=False) == (
        "reached>0 (reached is 3)",
    )


def test_a_count_that_may_be_greater_meets_every_condition_that_it_may_meet():
    conditions = parsed(["reached>100", "reached=2", "reached=4"], COUNTS)
    assert met(conditions, COUNTS, are_least=True) == (
        "reached>100 (reached is at least 3)",
        "reached=4 (reached is at least 3)",
    )


@pytest.mark.parametrize("text", ["reached", "reached>", "reached<3", "reached>-1", "reached>1.5", "", "x>1"])
def test_what_is_no_condition_is_refused(text: str):
    with pytest.raises(InvalidQuestion, match="fail_on"):
        parsed([text], COUNTS)
