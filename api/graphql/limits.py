"""What one request may cost, decided before anything is resolved.

Each fragment is weighed once, however often it is spread, so that a document cannot make
the weighing itself expensive; numbers stop growing at the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    Visitor,
    visit,
)
from strawberry.extensions import SchemaExtension

from api.graphql.context import Context
from api.graphql.paging import PAGE_MOST

MOST_COST: Final = 25_000
MOST_DEPTH: Final = 12
MOST_ALIASES: Final = 20
MOST_FRAGMENTS: Final = 50
MOST_TOKENS: Final = 2_000
MOST_EQUAL: Final = 50

_FOR_A_QUESTION: Final = 2_000
"""What a field costs that asks the walk, the ownership rules or the evidence engine, or reads much.

Each may take seconds in a large estate, so a request asks a dozen at most.
"""

QUESTIONS: Final = frozenset(
    {
        *("blastRadius", "exposure", "lineage", "ownershipGaps", "ownership", "evidence", "explain"),
        *("search", "history", "knownLeaks", "inventory", "drift", "identitySuggestions"),
    }
)

PAGED: Final = frozenset({"states", "nodes", "gaps", "cells", "events", "runs", "rows"})
"""List fields that hold a page, whose size a field above them says as `first`."""

_PER_LIST: Final = 5
"""How many items a list is taken to have whose length the request does not say."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection comes to."""

    cost: int = 0
    depth: int = 0
    aliases: int = 0

    def beside(self, other: Weight) -> Weight:
        """Return what two selections come to that stand side by side."""
        return Weight(
            min(self.cost + other.cost, MOST_COST + 1),
            max(self.depth, other.depth),
            min(self.aliases + other.aliases, MOST_ALIASES + 1),
        )


class BeforeValidation(SchemaExtension):
    """Refuses what the library would answer wrongly, or take too long to validate.

    Of several operations it takes the first where the request names none. Every field is held
    against every other one of its name, so validation grows with the square of their number.
    """

    def on_validate(self) -> Iterator[None]:
        """Look at the document before it is validated."""
        asked = self.execution_context
        document, context = asked.graphql_document, cast("Context | None", asked.context)
        if document is not None and context is not None:
            names_one = context.operation is not None
            refused = repeated_too_often(document) or (None if names_one else nameless(document))
            asked.pre_execution_errors = [refused] if refused else None
        yield


def nameless(document: DocumentNode) -> GraphQLError | None:
    """Return that a document has several operations; None where it has one."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) < 2:
        return None
    text = f"The document has {len(operations)} operations; operationName has to say which is meant."
    return GraphQLError(text, operations)


def repeated_too_often(document: DocumentNode) -> GraphQLError | None:
    """Return which name too many of a document's fields answer under; None where none does."""
    counts = _Names()
    visit(document, counts)
    name, number = max(counts.found.items(), key=lambda entry: entry[1], default=("", 0))
    if number <= MOST_EQUAL:
        return None
    text = f"The request is too large: {number} of its fields answer as {name}; at most {MOST_EQUAL}."
    return GraphQLError(text, extensions={"code": "REQUEST_TOO_LARGE", "equal": MOST_EQUAL})


class _Names(Visitor):
    """Counts under which names the fields of a document answer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def enter_field(self, node: FieldNode, *_args: Any) -> None:  # noqa: ANN401
        self.found[(node.alias or node.name).value] += 1


class CostRule(ValidationRule):
    """Refuses documents that cost too much, nest too deep, or have too many aliases or fragments."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments = {
            node.name.value: node
            for node in context.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._weighed: dict[tuple[str, int], Weight | None] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:  # noqa: ANN401
        """Weigh one operation."""
        root = self.context.schema.get_root_type(node.operation)
        weight = self._selection(node.selection_set, root, PAGE_MOST)
        if len(self._fragments) > MOST_FRAGMENTS:
            self._refuse("fragments", len(self._fragments), MOST_FRAGMENTS, node)
        for name, value, most in (
            ("cost", weight.cost, MOST_COST),
            ("depth", weight.depth, MOST_DEPTH),
            ("aliases", weight.aliases, MOST_ALIASES),
        ):
            if value > most:
                self._refuse(name, value, most, node)

    def _refuse(self, name: str, value: int, most: int, node: OperationDefinitionNode) -> None:
        remedy = " Ask for a smaller first, or for fewer fields." if name == "cost" else ""
        text = f"The request is too large: its {name} is {value} or more; at most {most}.{remedy}"
        self.report_error(GraphQLError(text, node, extensions={"code": "REQUEST_TOO_LARGE", name: most}))

    def _selection(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, page: int
    ) -> Weight:
        weight = Weight()
        for selection in selections.selections if selections else ():
            match selection:
                case FieldNode():
                    weight = weight.beside(self._field(selection, parent, page))
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = parent if condition is None else self._type(condition.name.value)
                    weight = weight.beside(self._selection(selection.selection_set, inner, page))
                case FragmentSpreadNode():
                    weight = weight.beside(self._fragment(selection.name.value, page))
                case _:
                    pass
        return weight

    def _fragment(self, name: str, page: int) -> Weight:
        """Return a fragment's weight; nothing for one that does not exist or spreads itself."""
        key = (name, page)
        if key not in self._weighed:
            self._weighed[key] = None  # being weighed: a spread of itself is another rule's matter
            fragment = self._fragments.get(name)
            if fragment is None:
                return Weight()
            condition = self._type(fragment.type_condition.name.value)
            self._weighed[key] = self._selection(fragment.selection_set, condition, page)
        return self._weighed[key] or Weight()

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int) -> Weight:
        name = node.name.value
        if name.startswith("__"):
            return Weight(cost=1, depth=1)  # introspection has a rule of its own
        definition = _field_of(parent, name)
        page = _page(node, definition, page)
        kind = None if definition is None else _type_of(definition)
        inner_type = None if kind is None else self._type(kind.strip("[]!"))
        inner = self._selection(node.selection_set, inner_type, page)
        is_question = name in QUESTIONS and parent is self.context.schema.query_type
        own = _FOR_A_QUESTION if is_question else 1
        return Weight(
            cost=min(own + _items(name, kind, page) * inner.cost, MOST_COST + 1),
            depth=inner.depth + 1,
            aliases=min(inner.aliases + (node.alias is not None), MOST_ALIASES + 1),
        )

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self.context.schema.type_map.get(name)


def _field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _type_of(definition: GraphQLField) -> str:
    """Return a field's type as the schema prints it, such as ``[Node!]!``."""
    return str(definition.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _page(node: FieldNode, definition: GraphQLField | None, page: int) -> int:
    """Return the size of the pages below a field: what its `first` says, else what it was."""
    if definition is None or "first" not in definition.args:
        return page
    for argument in node.arguments or ():
        if argument.name.value == "first":
            # A variable's value is not known here, so the most that it may be is taken.
            if not isinstance(argument.value, IntValueNode):
                return PAGE_MOST
            return min(int(argument.value.value[:9]), PAGE_MOST)
    default = definition.args["first"].default_value
    return default if isinstance(default, int) else PAGE_MOST


def _items(name: str, kind: str | None, page: int) -> int:
    """Return how many times a field's selection may be resolved."""
    if kind is None or not kind.startswith("["):
        return 1
    return page if name in PAGED else _PER_LIST
