"""Blast radius and exposure for people: grouped by harm, each state with its path as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api.cli.asking import basis_lines
from api.cli.output import emit, say
from api.uids import Meant
from graph.model import Path, State, Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadius
from queries.estate import EstateView
from queries.explain import explain_path
from queries.filters import criticality_of
from queries.reach import Reach, ReachedRow
from queries.totals import Totals


def print_reach(view: EstateView, reach: Reach, meant: Sequence[Meant], *, limit: int, quiet: bool) -> None:
    """Print an answer of the walk, so many rows of each harm; 0 is all."""
    for line in taken_for(meant):
        say(line)
    for line in headline(reach):
        emit(line)
    for harm in Harm:
        rows = [row for row in reach if row.harm is harm]
        if rows:
            emit()
            _print_group(view, reach, harm, rows, limit)
    if not quiet:
        emit()
        for line in (*totals_lines(reach.totals), *basis_lines(reach.basis)):
            emit(line)


def counted(reach: Reach) -> Mapping[str, int]:
    """Return the counts of an answer that `--fail-on` can name; seeds and what follows on them aside."""
    seeds = {node.uid for node in reach.seeds}
    rows = [row for row in reach if row.node.uid not in seeds]
    by_node = {row.node.uid: criticality_of(row.node) for row in rows}
    criticalities = list(by_node.values())
    return {
        "reached": len(rows),
        "certain": sum(row.certainty is Certainty.CERTAIN for row in rows),
        "possible": sum(row.certainty is Certainty.POSSIBLE for row in rows),
        "nodes": len(by_node),
        "criticality": max((value for value in criticalities if value is not None), default=0),
        "unknown_criticality": sum(value is None for value in criticalities),
        **{harm.value: sum(row.harm is harm for row in rows) for harm in Harm},
    }


def taken_for(meant: Iterable[Meant]) -> list[str]:
    """Return which uid each name was taken for."""
    return [f"{m.asked!r} is {m.uid} ({m.node.kind.value})." for m in meant if m.by_name]


def headline(reach: Reach) -> list[str]:
    """Return the question as it was understood."""
    names = ", ".join(f"{node.label} ({node.uid})" if node.name else node.uid for node in reach.seeds)
    if isinstance(reach, BlastRadius):
        return [f"If {names} is {reach.harm.value}:"]
    return [f"What could make {names} {reach.harm.value}:"]


def sentence(view: EstateView, reach: Reach, row: ReachedRow) -> str:
    """Return the path that explains a row, as a sentence; empty for a seed."""
    path = reach.path(row.node.uid, row.harm)
    if path is None or not path.hops:
        return ""
    start: State = path.hops[0].start
    return explain_path(view.rules, start, path, labels_on(reach, path)).sentence


def labels_on(reach: Reach, path: Path) -> dict[Uid, str]:
    """Return what a person calls the nodes of a path, by uid."""
    ends = (end.node.uid for hop in path.hops for end in (hop.start, hop.end))
    return {uid: reach.nodes[uid].label for uid in ends if uid in reach.nodes}


def totals_lines(totals: Totals) -> list[str]:
    """Return how much there is, and how much of it is unknown."""
    of = "" if totals.complete else "at least "
    certain = sum(n for (_, sure), n in totals.harms.items() if sure is Certainty.CERTAIN)
    lines = [
        (
            f"{of}{totals.states} states at {totals.nodes} nodes: "
            f"{certain} certain, {totals.states - certain} possible."
        )
    ]
    ranks = ", ".join(f"{count} of {value}" for value, count in sorted(totals.criticalities.items()))
    lines.append(f"Criticality: {ranks or 'none known'}; unknown for {totals.unknown_criticality} nodes.")
    owners = totals.owners
    lines.append(
        f"Owners: {len(owners.owners)} known; {owners.unowned} nodes have none; "
        f"unknown for {owners.unknown} nodes that no source of owners covers."
    )
    return lines


def _print_group(view: EstateView, reach: Reach, harm: Harm, rows: Sequence[ReachedRow], limit: int) -> None:
    certain = sum(row.certainty is Certainty.CERTAIN for row in rows)
    emit(f"{harm.value}: {len(rows)} ({certain} certain, {len(rows) - certain} possible)")
    for row in rows[: limit or None]:
        emit(f"  {_row_line(row)}")
        said = sentence(view, reach, row)
        if said:
            emit(f"      {said}")
    if limit and len(rows) > limit:
        emit(f"  and {len(rows) - limit} more: --limit 0 prints all, --json gives all.")


def _row_line(row: ReachedRow) -> str:
    node = row.node
    what = f"{node.kind.value}, {node.type}" if node.type else node.kind.value
    hops = "the node asked about" if row.hops == 0 else f"{row.hops} hop{'s' if row.hops > 1 else ''}"
    name = f"{node.label} ({what}; {node.uid})" if node.name else f"{node.uid} ({what})"
    return f"{name}: {row.certainty.value}, {hops}"
