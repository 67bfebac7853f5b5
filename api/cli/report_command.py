"""`holdfast report`: batch jobs that write a report over many nodes into a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command

if TYPE_CHECKING:
    from api.cli.asked import Asking
    from api.documents.common import Document
    from api.reports.job import Asked
    from api.reports.sources import Sources
    from graph.model import Uid
    from graph.vocabulary import Harm
    from queries.reach import WalkTerms

app = typer.Typer(help="Reports over many nodes, written into a folder.", no_args_is_help=True)

_COUNTS = ("sources", "reached", "certain", "possible", "nodes", "criticality", "unknown_criticality")


def blast_radius(
    *,
    sources: Annotated[
        list[str],
        typer.Option(
            "--sources",
            metavar="NAME=VALUE",
            help="Which nodes: kind, type, environment or uid; several names must all hold. Required.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="A new folder, or one to go on in. Required.")
    ],
    harm: Annotated[
        str | None,
        typer.Option(
            metavar="HARM",
            help="The harm at each [DISCLOSED for secrets, TAINTED for datasets, CONTROLLED for the rest].",
        ),
    ] = None,
    worst: Annotated[
        int, typer.Option(min=0, max=100, metavar="N", help="How many paths of each, the worst first.")
    ] = 3,
    walk: given.WalkOptions,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Write the blast radius of each of some nodes: rows as JSON lines and a table, and one page to mail.

    One that was stopped goes on where it was when it is run again: at the same commit and date.
    Counts for --fail-on, over all rows: sources, reached, certain, possible, nodes, criticality (the
    highest that is known), unknown_criticality.
    """
    from api.reports.sources import Sources

    wanted, conditions = Sources.parse(sources), gate.conditions(_COUNTS)
    held = _reported(wanted, out, harm, worst, walk, asked)
    gate.check(conditions, held)


add_command(app, "blast-radius", blast_radius)


def _reported(
    wanted: Sources, out: Path, harm: str | None, worst: int, walk: given.WalkOptions, asked: AskedByRules
) -> Held:
    """Write the report, say what was written, and return it as a gate sees it."""
    from api.cli.output import emit, emit_json, plural
    from api.reports import job

    question = _question(wanted, harm, worst, walk, asked)
    begun = job.begun(out, question)
    with _asking(asked, begun) as asking:
        terms = walk.terms(asking)
        question["bounds"] = _bounds(terms)
        if begun is None:
            begun = job.Asked(question, _pinned(asking))
            job.begin(out, begun)
        job.check_same(out, begun, question)
        rows = _rows(asking, wanted, out, harm, worst, terms, quiet=asked.quiet)
        job.finish(out, rows, {"question": question, "pinned": begun.pinned})
        held = _held(asking, rows)
    if asked.as_json:
        emit_json({"question": question, "pinned": begun.pinned, "out": str(out), "rows": len(rows)})
    else:
        files = "rows.jsonl, rows.csv, report.html, question.json, manifest.json"
        emit(f"{plural(len(rows), 'row')} written to {out}: {files}.")
    return held


def _question(
    wanted: Sources, harm: str | None, worst: int, walk: given.WalkOptions, asked: AskedByRules
) -> Document:
    """Return what is asked in one form, by which a report that was begun is known again."""
    return {
        "sources": wanted.words,
        "harm": harm,
        "worst": worst,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "rules": asked.rules,
        "without": sorted(walk.without or ()),
        "without_edge": sorted(walk.without_edge or ()),
        "during": walk.during,
    }


@contextmanager
def _asking(asked: AskedByRules, begun: Asked | None) -> Generator[Asking]:
    """Open the ledger: where a report was begun, at its commit and date."""
    from dataclasses import replace

    if begun is None:
        with asked.opened() as asking:
            yield asking
        return
    pinned = begun.pinned
    at = replace(asked, as_of=pinned["as_of"], known_at=pinned["recorded_at"])
    with at.opened() as asking:
        _check_commit(asking, pinned)
        yield asking


def _check_commit(asking: Asking, pinned: Document) -> None:
    """Pass if the ledger still has the commit that a report was begun at.

    Raises:
        InvalidQuestion: otherwise; it is another ledger.
    """
    from graph.errors import InvalidQuestion

    view = asking.view
    if (view.at.known, view.commit_hash) != (pinned["commit"], pinned["hash"]):
        reason = f"the report was begun at commit {pinned['commit']} of another ledger"
        raise InvalidQuestion("store", reason, "the ledger that it was begun on, or another folder")


def _pinned(asking: Asking) -> Document:
    from api.documents.common import time_or_none

    view = asking.view
    return {
        "commit": view.at.known,
        "hash": view.commit_hash,
        "recorded_at": None if view.commit is None else time_or_none(view.commit.recorded_at),
        "as_of": time_or_none(view.at.valid),
        "rules_version": view.rules.rules_version,
    }


def _bounds(terms: WalkTerms) -> Document:
    """Return the bounds by the names that answers give them."""
    bounds = terms.bounds
    return {
        "max_hops": bounds.max_hops,
        "max_nodes": bounds.max_states,
        "max_seconds": bounds.max_seconds,
    }


def _rows(
    asking: Asking,
    wanted: Sources,
    out: Path,
    harm: str | None,
    worst: int,
    terms: WalkTerms,
    *,
    quiet: bool,
) -> list[Document]:
    from api import words
    from api.reports.job import write_rows
    from api.reports.rows import row_of
    from api.reports.sources import HARM_OF

    nodes = {node.uid: node for node in asking.view.all_nodes() if wanted.admit(node)}
    asked_harm: Harm | None = None if harm is None else words.harm(harm)

    def answer(uid: str) -> Document:
        node = nodes[_uid(uid)]
        starts = HARM_OF[node.kind] if asked_harm is None else asked_harm
        return row_of(asking.estate, asking.view, node, starts, terms, worst)

    with _progress(len(nodes), quiet=quiet) as told:
        return write_rows(out, list(nodes), answer, told)


def _uid(text: str) -> Uid:
    from graph.model import Uid

    return Uid(text)


def _held(asking: Asking, rows: list[Document]) -> Held:
    from api.reports.job import totals_over
    from queries.basis import basis_of

    basis = basis_of(asking.view, asking.view.nodes([_uid(row["uid"]) for row in rows]).values())
    nothing = None if rows else "no node is among the sources asked for"
    may_grow = any(row["truncated"] is not None for row in rows)
    return Held(dict(totals_over(rows)), basis, nothing, may_grow=may_grow)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Generator[Callable[[int], None]]:
    """Show how far the report has come, on standard error and on a terminal only."""
    if quiet or not sys.stderr.isatty():

        def ignore(done: int) -> None:  # noqa: ARG001 - nobody looks
            return

        yield ignore
        return
    from rich.progress import Progress

    from api.cli.output import console

    with Progress(console=console(stderr=True), transient=True) as bars:
        task: Any = bars.add_task("asking", total=total)

        def tell(done: int) -> None:
            bars.update(task, completed=done)

        yield tell
