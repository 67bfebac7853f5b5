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
    from api.documents.common import basis_of as basis_document
    from api.documents.common import brief_of
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from queries.basis import basis_of

    how, kinds = words.match(match), words.kinds(kind)
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at))
        page = view.ledger.search(
            text, view.at, match=how, kinds=kinds, types=type_ or (), after=after, limit=limit
        )
        basis = basis_of(view, page.items)
    if as_json:
        emit_json(
            {
                **basis_document(basis),
                "text": text,
                "match": how.value,
                "nodes": [brief_of(node) for node in page.items],
                "next_after": page.next_after,
            }
        )
        return
    if page.items:
        emit_table(
            ("name", "kind", "type", "uid"),
            [(n.name or "", n.kind.value, n.type or "", n.uid) for n in page.items],
        )
    else:
        emit("Nothing matches.")
    if page.next_after is not None:
        emit(f"There are more: --after '{page.next_after}'.")
    if not quiet:
        for line in basis_lines(basis):
            say(line)
