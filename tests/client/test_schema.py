"""The client's classes and words are those of the server's schema, and its questions are valid there."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    parse,
    validate,
)

from holdfast_client import answers, questions, words
from holdfast_client.pages import NumberedPages, Pages
from holdfast_client.question import Question
from holdfast_client.reading import camel, hints_of

SCHEMA = build_schema((Path(__file__).parents[2] / "api/schema.graphql").read_text(encoding="utf-8"))
QUESTIONS = {name: value for name, value in vars(questions).items() if isinstance(value, Question)}
OF_PAGES = {"pageInfo", "nextBefore"}
LEFT_OUT = {"BlastRadius.columns", "Exposure.columns"}
"""What the client knowingly does not ask for: it has the same states, one by one."""

NO_QUESTION_HERE = {"vocabulary"}


def classes() -> dict[str, type]:
    modules = [
        importlib.import_module(f"{answers.__name__}.{m.name}")
        for m in pkgutil.iter_modules(answers.__path__)
    ]
    found = [value for module in modules for value in vars(module).values()]
    return {c.__name__: c for c in found if isinstance(c, type) and c.__module__.startswith(answers.__name__)}


def spelled(hint: Any) -> str:
    """A Python type as the schema would print it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return spelled(parts[0]).removesuffix("!")
    if origin in (tuple, Pages, NumberedPages):
        return f"[{spelled(parts[0])}]!"
    scalars = {"str": "String", "int": "Int", "float": "Float", "bool": "Boolean", "datetime": "DateTime"}
    return f"{_words(parts) or scalars.get(hint.__name__, hint.__name__)}!"


def _words(values: Iterable[str]) -> str:
    """An enum by its values: two may have the same."""
    return " or ".join(sorted(values))


def printed(kind: Any) -> str:
    """A type of the schema, ids as the texts that they are."""
    if isinstance(kind, GraphQLNonNull):
        return f"{printed(kind.of_type)}!"
    if isinstance(kind, GraphQLList):
        return f"[{printed(kind.of_type)}]"
    return _words(kind.values) if isinstance(kind, GraphQLEnumType) else kind.name.replace("ID", "String")


@pytest.mark.parametrize("name", sorted(classes()))
def test_a_class_has_the_fields_of_its_type_and_may_lack_what_that_may(name: str):
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    theirs = {
        field: printed(value.type)
        for field, value in kind.fields.items()
        if field not in OF_PAGES and f"{name}.{field}" not in LEFT_OUT
    }
    assert {camel(field): spelled(hint) for field, hint in hints_of(classes()[name]).items()} == theirs
    assert dataclasses.fields(classes()[name])


def test_the_words_are_those_of_the_schema():
    ours = {name: set(get_args(value)) for name, value in vars(words).items() if get_args(value)}
    theirs = {
        name: set(kind.values) for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLEnumType)
    }
    assert ours == {name: values for name, values in theirs.items() if name in ours}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_valid_and_has_every_argument(name: str):
    question = QUESTIONS[name]
    assert SCHEMA.query_type is not None
    field = SCHEMA.query_type.fields[question.name]
    assert validate(SCHEMA, parse(question.document(None))) == []
    assert {*question.arguments, "first", question.place} - {None} >= set(field.args)
    returned = field.type.of_type if isinstance(field.type, GraphQLNonNull | GraphQLList) else field.type
    assert isinstance(returned, GraphQLUnionType)
    assert {kind.name for kind in returned.types} == {question.answer.__name__, "NotFound", "InvalidQuestion"}


def test_every_question_of_the_schema_can_be_asked():
    assert SCHEMA.query_type is not None
    asked = {question.name for question in QUESTIONS.values()} | {"head"}
    assert set(SCHEMA.query_type.fields) - asked == NO_QUESTION_HERE
