"""`holdfast erase-personal`: take what is personal about a node out of the ledger, for good."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.deciding import DecisionOptions
from api.cli.groups import add_command

if TYPE_CHECKING:
    from graph.ledger.erasing import Erasure
    from graph.model import Uid

BACKUPS = "Backups and copies of the store hold what was erased; they are for whoever keeps them to erase."
COMES_BACK = "A source that still names it brings it back when it is read again."
NOT_SCRUBBED = (
    "The store may keep the old bytes in its files and transaction logs until it overwrites them; "
    "that is for its operator to see to, and to erase again where another process held it up."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "erase-personal", erase_personal)


def erase_personal(
    uid: Annotated[
        str, typer.Argument(metavar="UID", help="Whose: a uid, or a name or external id that one node has.")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed where nobody can answer.")] = False,
    options: DecisionOptions,
) -> None:
    """Erase the personal values of a node, under all of its uids; the log stays whole without them."""
    from api.uids import uid_meant
    from queries.governance import ErasureQuestion, decide_erasure

    with options.opened() as deciding:
        meant = uid_meant(deciding.view, uid)
        if not yes:
            _ask(meant)
        question = ErasureQuestion(deciding.actor, meant, options.because)
        _report(decide_erasure(deciding.estate, question), deciding.actor.basis, as_json=options.as_json)


def _ask(uid: Uid) -> None:
    """Pass if somebody at a terminal says yes.

    Raises:
        InvalidQuestion: where nobody can be asked.
    """
    from graph.errors import InvalidQuestion

    if not is_at_a_terminal():
        raise InvalidQuestion("yes", "erasing cannot be undone, and nobody is there to ask", "--yes")
    typer.confirm(f"Erase everything personal about {uid}? It cannot be undone.", abort=True, err=True)


def is_at_a_terminal() -> bool:
    """Return whether somebody can answer a question."""
    return sys.stdin.isatty()


def _report(erasure: Erasure, basis: str, *, as_json: bool) -> None:
    from api.cli.output import emit, emit_json, plural

    if as_json:
        emit_json(_document(erasure, basis))
        return
    if erasure.commit is None:
        emit(f"Nothing personal is kept of {erasure.uids[0]}; no commit was made.")
    else:
        commit = erasure.commit
        uids = ", ".join(erasure.uids)
        emit(f"Commit {commit.sequence} by {commit.actor} ({basis}): personal values of {uids} are erased.")
        fields = ", ".join(f"{field} {count}" for field, count in erasure.values.items())
        emit(f"Erased: {plural(erasure.count, 'value')}{f' ({fields})' if fields else ''}.")
        if erasure.passing:
            emit(f"Erased: {plural(erasure.passing, 'value')} seen in passing.")
    for note in _notes(erasure):
        emit(note)


def _document(erasure: Erasure, basis: str) -> dict[str, Any]:
    from api.documents.log import commit_of

    return {
        "commit": None if erasure.commit is None else commit_of(erasure.commit),
        "actor_basis": basis,
        "uids": list(erasure.uids),
        "erased": erasure.count,
        "fields": dict(erasure.values),
        "seen_in_passing": erasure.passing,
        "scrubbed": erasure.scrubbed,
        "parted": list(erasure.parted),
        "not_erased": {
            "recorded_in_the_clear": erasure.in_the_clear,
            "edge_texts": erasure.edge_texts,
            "uids": list(erasure.telling),
            "mentioned_in": list(erasure.mentioned_in),
        },
        "notes": list(_notes(erasure)),
    }


def _notes(erasure: Erasure) -> Iterator[str]:
    """Yield in words what could not be erased, and what is left to do."""
    from api.cli.output import plural

    if erasure.in_the_clear:
        clear = plural(erasure.in_the_clear, "value")
        yield f"Not erased: {clear} recorded while the node was taken for nobody; the log holds them."
    if erasure.edge_texts:
        texts = plural(erasure.edge_texts, "text")
        yield f"Not erased: {texts} of edges at the node; the log holds them, whatever they say."
    if erasure.telling:
        yield f"Not erased: uids that repeat an erased value: {', '.join(erasure.telling)}."
    if erasure.mentioned_in:
        yield f"Not erased: texts of other nodes that repeat a value: {', '.join(erasure.mentioned_in)}."
    if erasure.parted:
        yield f"No longer the same node, as only an erased id joined them: {', '.join(erasure.parted)}."
    if erasure.commit is not None:
        if not erasure.scrubbed:
            yield NOT_SCRUBBED
        yield BACKUPS
        yield COMES_BACK
