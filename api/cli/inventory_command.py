"""`holdfast inventory`: what of the estate is governed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.asked import AskedByRules
from api.cli.groups import add_command
from api.cli.reach_options import AllOption, LimitOption, NodeFilterOptions

if TYPE_CHECKING:
    from queries.inventory import Ground, InventoryAnswer, Why


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "inventory", inventory)


def inventory(
    *,
    why: Annotated[
        list[str] | None,
        typer.Option(
            "--why", metavar="GROUND", help="leads, production, approved or exposed; may be repeated."
        ),
    ] = None,
    limit: LimitOption = 100,
    all_rows: AllOption = False,
    filters: NodeFilterOptions,
    asked: AskedByRules,
) -> None:
    """Print what is governed: what may harm something else, is approved, in production or exposed."""
    from api.cli.output import emit_json
    from api.documents.inventory import inventory_of
    from queries.inventory import InventoryQuestion, find_inventory

    with asked.opened() as asking:
        question = InventoryQuestion(
            filter=filters.nodes(),
            why=frozenset(_why(name) for name in why or ()),
            limit=None if all_rows or limit == 0 else limit,
            standpoint=asking.standpoint,
        )
        answer = find_inventory(asking.estate, question)
    if asked.as_json:
        emit_json(inventory_of(answer))
    else:
        print_inventory(answer, quiet=asked.quiet)


def print_inventory(answer: InventoryAnswer, *, quiet: bool) -> None:
    """Print the nodes in scope with their grounds, and how much of the estate is not."""
    from api.cli.asking import print_basis
    from api.cli.output import emit, emit_table, plural, say

    if answer.rows:
        rows = [
            (
                row.node.label,
                row.node.type or row.node.kind.value,
                row.certainty.value,
                "; ".join(map(_words, row.grounds)),
                row.node.uid,
            )
            for row in answer.rows
        ]
        emit_table(("name", "type", "in scope", "because", "uid"), rows)
    else:
        emit("Nothing is in scope.")
    emit(
        f"{plural(answer.in_scope, 'node')} in scope, {answer.possibly} more possibly; nothing that is known "
        f"brings in the other {answer.out_of_scope}."
    )
    if answer.hidden.total:
        say(f"UNKNOWN: {plural(answer.hidden.total, 'node')} left out, as the filter asks what is not known.")
    print_basis(answer.basis, quiet=quiet)


def _words(ground: Ground) -> str:
    more = f" and {ground.more} more" if ground.more else ""
    doubt = "" if ground.certainty.value == "certain" else "perhaps "
    if ground.harm is not None:
        return f"{doubt}{ground.harm.value} leads over {ground.relation} to {ground.other}{more}"
    return (
        f"{doubt}{ground.why.value}{f' to {ground.other}' if ground.relation == 'EXPOSED_TO' else ''}{more}"
    )


def _why(name: str) -> Why:
    """Return a ground by its name.

    Raises:
        InvalidQuestion: for one that there is not.
    """
    from graph.errors import InvalidQuestion
    from queries.inventory import Why

    try:
        return Why(name)
    except ValueError:
        expected = f"one of {', '.join(Why)}"
        raise InvalidQuestion("why", f"{name!r} is no ground for being in scope", expected) from None
