"""`holdfast history`: everything that was ever recorded about a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from api.documents.common import Document


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("history")(history)


def history(uid: str, *, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Print every claim ever recorded about a node or its edges, the oldest first."""
    from api.cli.output import emit, emit_json, say
    from api.documents.log import claim_of
    from api.session import opened
    from api.settings import load
    from graph.errors import NodeNotFound
    from graph.model import Uid

    with opened(load(store=store)) as session:
        ledger = session.ledger
        head = ledger.head().sequence
        rows = ledger.history(Uid(uid))
        if not rows:
            raise NodeNotFound(uid)
        refuted = {(row.claim_id, row.content_digest) for row in ledger.refutations(head)}
        canonical = ledger.canonical(Uid(uid), head)
        claims = [claim_of(r, is_refuted=(r.claim_id, r.content_digest) in refuted) for r in rows]
    if as_json:
        emit_json({"uid": uid, "canonical_uid": canonical, "commit": head, "claims": claims})
        return
    for claim in claims:
        emit(_line(claim))
        emit(f"    {_stands(claim)}; claim {claim['claim']}")
    if canonical != uid:
        say(f"Merged: {uid} counts as {canonical}.")


def _line(claim: Document) -> str:
    until = f" until {claim['valid_to']}" if claim["valid_to"] else ""
    since = "from" if claim["valid_from_is"] == "stated" else "seen from"
    return f"{claim['source']} says: {_said(claim['about'])}, {since} {claim['valid_from']}{until}"


def _said(about: Document) -> str:
    if "node" in about:
        node = about["node"]
        details = [f"type {node['type']}" if node["type"] else "", *_pairs(node["properties"])]
        return f"{node['kind']} {node['name'] or node['uid']} ({', '.join(filter(None, details))})"
    edge = about["edge"]
    marks = f" [{', '.join(edge['marks'])}]" if edge["marks"] else ""
    return f"{edge['subject']} {edge['relation']} {edge['object']}{marks}"


def _pairs(properties: Document) -> list[str]:
    return [f"{name} {value}" for name, value in properties.items()]


def _stands(claim: Document) -> str:
    recorded = f"recorded in commit {claim['recorded_from']}"
    if claim["recorded_to"] is not None:
        recorded += f", replaced in commit {claim['recorded_to']}"
    if claim["refuted"]:
        recorded += ", refuted"
    return recorded + (f", at {claim['locator']}" if claim["locator"] else "")
