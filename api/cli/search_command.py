"""`holdfast search`: nodes by what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.asked import Asked
from api.cli.groups import add_command

if TYPE_CHECKING:
    from graph.model import Node
    from queries.search import SearchAnswer


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "search", search)


def search(
    text: str,
    *,
    match: Annotated[
        str, typer.Option(metavar="HOW", help="substring, prefix, or words (full text).")
    ] = "substring",
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="Only this type; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    after: Annotated[
        str | None, typer.Option(help="The next_after of the page before; it is asked at the same commit.")
    ] = None,
    asked: Asked,
) -> None:
    """Print nodes whose name, uid, external ids or texts match, the best match first."""
    from api import words
    from api.cli.output import emit_json
    from api.documents.search import search_of
    from queries.search import SearchQuestion, search_nodes

    how, kinds = words.match(match), words.kinds(kind)
    with asked.opened(after) as asking:
        key = asking.place.key
        question = SearchQuestion(
            text=text,
            match=how,
            kinds=kinds,
            types=frozenset(type_ or ()),
            after=None if key is None else "".join(key),
            limit=limit,
            standpoint=asking.standpoint,
        )
        answer = search_nodes(asking.estate, question)
    more = None if answer.next_after is None else asking.place.after(answer.basis, (answer.next_after,))
    if asked.as_json:
        only = None if not kinds and not type_ else {"kinds": sorted(kinds), "types": sorted(type_ or ())}
        asked_for = {"text": text, "match": how.value, "only": only}
        emit_json({**asked_for, **search_of(answer), "next_after": more})
    else:
        print_matches(answer, more, quiet=asked.quiet)


def _described(node: Node) -> str:
    return "yes" if node.described else "only mentioned"


def print_matches(answer: SearchAnswer, more: str | None, *, quiet: bool) -> None:
    """Print a page of matches, and how to ask for the next one."""
    from api.cli.asking import basis_lines, cut_lines
    from api.cli.output import emit, emit_table, say

    if answer.nodes:
        emit_table(
            ("name", "kind", "type", "described", "uid"),
            [(n.name or "", n.kind.value, n.type or "", _described(n), n.uid) for n in answer.nodes],
        )
    else:
        emit("Nothing matches.")
    if more is not None:
        emit(f"There are more: --after '{more}'.")
    for line in cut_lines(answer.basis) if quiet else basis_lines(answer.basis):
        say(line)
