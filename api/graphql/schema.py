"""The whole schema, put together from its subjects; `api/schema.graphql` is its printed form.

Run `python -m api.graphql.schema api/schema.graphql` to write that file, or without an
argument to print it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from api.graphql import enums as enums  # noqa: PLC0414 - makes the enumerations known before they are used
from api.graphql.at import DATE_TIME
from api.graphql.drift import DriftQuery
from api.graphql.evidence import EvidenceQuery
from api.graphql.explain import ExplainQuery
from api.graphql.history import HistoryQuery
from api.graphql.identity import IdentityQuery
from api.graphql.inventory import InventoryQuery
from api.graphql.leaks import LeaksQuery
from api.graphql.limits import MOST_TOKENS, BeforeValidation, CostRule
from api.graphql.lineage import LineageQuery
from api.graphql.nodes import NodesQuery
from api.graphql.ownership import OwnershipQuery
from api.graphql.reach import ReachQuery
from api.graphql.runs import RunsQuery
from api.graphql.search import SearchQuery
from api.graphql.vocabulary import VocabularyQuery

SUBJECTS = (
    ReachQuery,
    LeaksQuery,
    LineageQuery,
    ExplainQuery,
    OwnershipQuery,
    EvidenceQuery,
    InventoryQuery,
    DriftQuery,
    IdentityQuery,
    NodesQuery,
    SearchQuery,
    HistoryQuery,
    RunsQuery,
    VocabularyQuery,
)


class QuietSchema(strawberry.Schema):
    """A schema that logs nothing by itself: messages of errors may quote what must not be logged."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave errors to the endpoint, which masks and logs them."""


def build_schema(*, for_printing: bool = False) -> QuietSchema:
    """Return the schema with its limits; for printing in order of names.

    A sorted schema cannot be executed: sorting copies its types, and the library then finds
    none of its values to be of a type of a union.
    """
    query: Any = merge_types("Query", SUBJECTS)
    query.__strawberry_definition__.description = "Everything that can be asked; nothing can be changed."
    return QuietSchema(
        query=query,
        config=StrawberryConfig(sort_schema=for_printing, scalar_map={datetime: DATE_TIME}),
        extensions=[
            BeforeValidation,
            lambda: AddValidationRules([CostRule]),
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        ],
    )


def main(arguments: list[str]) -> int:
    """Write the schema to the file named by the only argument, or to standard output; return 0."""
    parser = ArgumentParser(description="Write the schema of the GraphQL API.")
    parser.add_argument("file", nargs="?", type=Path, help="where to write it; standard output if left out")
    file: Path | None = parser.parse_args(arguments).file
    text = build_schema(for_printing=True).as_str().rstrip() + "\n"
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
