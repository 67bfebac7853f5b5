"""What reads the whole estate is weighed as a question, so that a request asks a dozen at most."""

import pytest

from api.graphql.limits import QUESTIONS
from api.graphql.schema import build_schema

CHEAP = {"head", "node", "nodes", "runs", "vocabulary"}
SCHEMA = build_schema()._schema
FIELDS = set(SCHEMA.query_type.fields) if SCHEMA.query_type else set[str]()


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_each_question_is_a_field(name):
    assert name in FIELDS


def test_each_field_that_is_no_question_is_known_to_be_cheap():
    assert FIELDS - QUESTIONS == CHEAP
