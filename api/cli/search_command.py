"""`holdfast search`: nodes by what they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import AsOfOption, JsonOption, KnownAtOption, QuietOption, StoreOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search)


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
    after: Annotated[str | None, typer.Option(help="The next_after of the page before.")] = None,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print nodes whose name, uid, external ids or texts match, the best match first."""
    from api import words
    from api.cli.asking import basis_lines
    from api.cli.output import emit, emit_json, emit_table, say
    from api.documents.search import search_of
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from queries.search import SearchQuestion, search_nodes

    question = SearchQuestion(
        text=text,
        match=words.match(match),
        kinds=words.kinds(kind),
        types=frozenset(type_ or ()),
        after=after,
        limit=limit,
        standpoint=standpoint(as_of, known_at),
    )
    with opened(load(store=store)) as session:
        answer = search_nodes(session.estate, question)
    if as_json:
        emit_json({"text": text, "match": question.match.value, **search_of(answer)})
        return
    if answer.nodes:
        emit_table(
            ("name", "kind", "type", "uid"),
            [(n.name or "", n.kind.value, n.type or "", n.uid) for n in answer.nodes],
        )
    else:
        emit("Nothing matches.")
    if answer.next_after is not None:
        emit(f"There are more: --after '{answer.next_after}'.")
    if not quiet:
        for line in basis_lines(answer.basis):
            say(line)
