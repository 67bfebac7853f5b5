"""Every value of the architecture comes back exactly; any other is refused by name, nothing is written."""

import math
from typing import Any

import pytest

from graph.errors import InvalidValue
from graph.ledger.change import Effect
from graph.ledger.ledger import Ledger
from graph.ledger.values import checked_properties
from graph.model import EdgeFacts, NodeFacts, Uid
from tests.support.saying import attempt, edge, node, record

MEGABYTE = 1_000_000

VALUES: dict[str, Any] = {
    "true": True,
    "false": False,
    "one": 1,
    "zero": 0,
    "smallest_integer": -(2**63),
    "largest_integer": 2**63 - 1,
    "beyond_double_precision": 2**53 + 1,
    "one_as_float": 1.0,
    "minus_zero": -0.0,
    "shortest_digits": 0.1,
    "smallest_float": 5e-324,
    "largest_float": 1.7976931348623157e308,
    "digits": "1",
    "empty_text": "",
    "text": 'line 1\nline 2\t"quoted" \\ \u2028 é e\u0301 😀',
    "longest_text": "é" * 32_768,
    "looks_like_json": '{"commitment":"00"}',
    "empty_list": (),
    "booleans": (True, False),
    "integers": (-(2**63), 0, 2**63 - 1),
    "floats": (0.0, 1.0, -1.5, 1e300),
    "texts": ("", "a", "é", "a"),
    "list_of_one": ("only",),
}


def exactly(value: object) -> object:
    """The value with its type, so that True, 1 and 1.0 are three things; and the sign of a zero."""
    if isinstance(value, tuple):
        return ("list", [exactly(item) for item in value])
    return (type(value).__name__, repr(value))


def test_every_type_of_value_comes_back_exactly_on_a_node(ledger: Ledger):
    record(ledger, node("n", **VALUES))
    found = ledger.nodes([Uid("n")], ledger.at())[Uid("n")]
    assert {name: exactly(value.value) for name, value in found.properties.items()} == {
        name: exactly(value) for name, value in VALUES.items()
    }


def test_every_type_of_value_comes_back_exactly_on_an_edge(ledger: Ledger):
    record(ledger, edge("a", "INVOKES", "b", **VALUES))
    (found,) = ledger.edges([Uid("a")], ledger.at())
    assert {name: exactly(value.value) for name, value in found.properties.items()} == {
        name: exactly(value) for name, value in VALUES.items()
    }


@pytest.mark.parametrize(
    ("first", "second"), [(True, 1), (1, 1.0), (0.0, -0.0), ("1", 1), (("a",), "a"), ((), "")]
)
def test_values_of_two_types_are_two_values(first, second, ledger: Ledger):
    record(ledger, node("n", value=first))
    assert record(ledger, node("n", value=second)).commit is not None


def test_nested_values_are_kept_as_canonical_json_where_that_is_declared(ledger: Ledger):
    properties = checked_properties({"facts": {"b": [1, 2.0, None], "a": {"é": True}}})
    record(ledger, NodeFacts(Uid("n"), node("n").kind, properties=properties))
    found = ledger.nodes([Uid("n")], ledger.at())[Uid("n")]
    assert found.text("facts") == '{"a":{"é":true},"b":[1,2.0,null]}'


REFUSED: dict[str, Any] = {
    "integer above 64 bits": 2**63,
    "integer below 64 bits": -(2**63) - 1,
    "huge integer": 10**400,
    "not a number": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "megabyte of text": "x" * MEGABYTE,
    "just too long in bytes": "é" * 32_768 + "x",
    "half a surrogate pair": "\ud800",
    "nul": "a\x00b",
    "list of two types": (1, "a"),
    "list of bool and integer": (True, 1),
    "list of integer and float": (1, 1.0),
    "list with a number too large": (1, 2**63),
    "list with nan": (1.0, math.nan),
    "list in a list": ((1,), (2,)),
    "list with nothing in it": (None,),
    "object": {"a": 1},
    "bytes": b"a",
}


@pytest.mark.parametrize("said", REFUSED)
def test_any_other_value_is_refused_by_name_and_nothing_is_written(said: str, ledger: Ledger, place):
    record(ledger, node("good"))
    before = place.counts()
    outcome = attempt(ledger, node("n", odd=REFUSED[said]), edge("a", "INVOKES", "b", odd=REFUSED[said]))
    assert outcome.commit is None
    for step in outcome.steps:
        assert step.effect is Effect.REJECTED
        assert isinstance(step.error, InvalidValue)
        assert "properties.odd" in str(step.error)
        assert "Expected" in str(step.error)
        assert len(str(step.error)) < 400
    assert place.counts() == before
    assert ledger.head().sequence == 1


def test_texts_that_identify_are_refused_beyond_four_kilobytes(ledger: Ledger, place):
    before = place.counts()
    too_long = "é" * 2048 + "x"
    outcome = attempt(
        ledger,
        node(too_long),
        node(""),
        node("n", name=too_long),
        node("n", type_=too_long),
        node("n", ids=[("arn", too_long)]),
        node("n", namespace=too_long),
        edge(too_long, "INVOKES", "b"),
        edge("a", "INVOKES", too_long),
    )
    fields = [step.error.field for step in outcome.steps if isinstance(step.error, InvalidValue)]
    assert fields == [
        "uid",
        "uid",
        "name",
        "type",
        "external_ids.arn",
        "properties.namespace",
        "subject",
        "object",
    ]
    assert outcome.commit is None
    assert place.counts() == before


def test_one_refused_value_does_not_keep_the_others_out(ledger: Ledger):
    outcome = attempt(
        ledger, node("bad", odd=math.nan), node("good"), edge("good", "INVOKES", "b", odd=2**63)
    )
    assert [step.effect for step in outcome.steps] == [Effect.REJECTED, Effect.CREATED, Effect.REJECTED]
    assert [found.uid for found in ledger.all_nodes(ledger.at())] == ["good"]


def test_an_absent_value_is_no_value(ledger: Ledger):
    facts: NodeFacts | EdgeFacts = NodeFacts(
        Uid("n"), node("n").kind, properties=checked_properties({"owner": None, "size": 1})
    )
    record(ledger, facts)
    assert set(ledger.nodes([Uid("n")], ledger.at())[Uid("n")].properties) == {"size"}
