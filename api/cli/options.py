"""The options that many commands share, each declared once."""

from __future__ import annotations

from typing import Annotated

import typer

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="TARGET", help="The ledger: a file path, or neo4j://user@host:port."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but the answer and errors.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="WHEN", help="When the facts hold: a date or an RFC 3339 time [now]."),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="WHEN",
        help="Only what was known then: a date, an RFC 3339 time, or a commit's number [everything].",
    ),
]
RulesOption = Annotated[
    int | None, typer.Option("--rules", metavar="N", help="An older version of the harm rules.")
]
