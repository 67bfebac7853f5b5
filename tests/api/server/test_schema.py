"""The printed schema is the one that is served, and everything in it is described."""

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    introspection_types,
    specified_scalar_types,
)
from graphql.utilities import find_schema_changes

from api.graphql.schema import build_schema as build_ours

PRINTED = Path(__file__).parents[3] / "api/schema.graphql"


def test_the_committed_schema_is_current():
    printed = build_ours(for_printing=True).as_str().rstrip() + "\n"
    assert PRINTED.read_text(encoding="utf-8") == printed, (
        "run python -m api.graphql.schema api/schema.graphql"
    )


def test_the_served_schema_is_the_printed_one():
    served = build_schema(build_ours().as_str())
    assert find_schema_changes(build_schema(PRINTED.read_text(encoding="utf-8")), served) == []


def undescribed(schema: GraphQLSchema) -> list[str]:
    missing: list[str] = []
    for name, kind in schema.type_map.items():
        if name in introspection_types or name in specified_scalar_types:
            continue
        if not kind.description:
            missing.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    missing.append(f"{name}.{field_name}")
                arguments = getattr(field, "args", {})
                missing += [
                    f"{name}.{field_name}({a})" for a, arg in arguments.items() if not arg.description
                ]
        if isinstance(kind, GraphQLEnumType):
            missing += [f"{name}.{value}" for value, v in kind.values.items() if not v.description]
    return missing


def test_every_type_field_argument_and_value_is_described():
    assert undescribed(build_schema(PRINTED.read_text(encoding="utf-8"))) == []


def test_every_enumeration_is_spelled_as_in_json():
    schema = build_ours()
    enumerations = [k for k in schema._schema.type_map.values() if isinstance(k, GraphQLEnumType)]
    ours = [kind for kind in enumerations if kind.name not in introspection_types]
    assert {"Kind", "Harm", "Certainty", "Match", "Standing", "What"} <= {kind.name for kind in ours}
    for kind in ours:
        assert [name for name, value in kind.values.items() if name != value.value] == [], kind.name
        assert "Spelled as in the commands" in (kind.description or ""), kind.name
