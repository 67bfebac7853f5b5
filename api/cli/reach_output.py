"""Blast radius and exposure for people: grouped by harm, the gravest first, each state with its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from api.cli.asking import print_basis
from api.cli.output import emit, plural, say
from api.cli.stated import hidden_lines, only_states_lines, terms_lines
from api.uids import Meant
from graph.model import EdgeId, Hop, Node, Path, Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadius
from queries.estate import EstateView
from queries.explain import conditions_on, explain_path
from queries.filters import criticality_of
from queries.reach import Reach, ReachedRow
from queries.totals import Totals


def print_reach(view: EstateView, reach: Reach, meant: Sequence[Meant], *, limit: int, quiet: bool) -> None:
    """Print an answer of the walk, so many rows of each harm; 0 is all."""
    for line in taken_for(meant):
        say(line)
    for line in (headline(reach), *terms_lines(reach.terms), *only_states_lines(reach)):
        emit(line)
    for harm, rows in by_harm(reach).items():
        emit()
        emit(f"{harm.value}: {_counts(reach, rows)}")
        for line in row_lines(view, reach, rows[: limit or None]):
            emit(f"  {line}")
        if limit and len(rows) > limit:
            least = "" if reach.totals.complete else "at least "
            emit(f"  {least}{len(rows) - limit} more: --all shows them.")
    if not quiet:
        emit()
        for line in (*totals_lines(reach.totals), *hidden_lines(reach.hidden)):
            emit(line)
    print_basis(reach.basis, quiet=quiet)


_NAMED: Final = 3
"""How many of the nodes asked about the headline names."""

COUNTS: Final = (
    *("reached", "certain", "possible", "nodes", "criticality", "unknown_criticality", "left_out"),
    *Harm,
)
"""The counts that `--fail-on` can name; the nodes asked about aside."""


def counted(reach: Reach) -> Mapping[str, int]:
    """Return the counts of an answer that `--fail-on` can name; see `COUNTS`."""
    rows = beside_seeds(reach)
    by_node = {row.node.uid: criticality_of(row.node) for row in rows}
    criticalities = list(by_node.values())
    return {
        "reached": len(rows),
        "certain": sum(row.certainty is Certainty.CERTAIN for row in rows),
        "possible": sum(row.certainty is Certainty.POSSIBLE for row in rows),
        "nodes": len(by_node),
        "criticality": max((value for value in criticalities if value is not None), default=0),
        "unknown_criticality": sum(value is None for value in criticalities),
        "left_out": reach.hidden.total,
        **{harm.value: sum(row.harm is harm for row in rows) for harm in Harm},
    }


def beside_seeds(reach: Reach) -> list[ReachedRow]:
    """Return the listed states at other nodes than those asked about."""
    seeds = {node.uid for node in reach.seeds}
    return [row for row in reach if row.node.uid not in seeds]


def by_harm(reach: Reach) -> dict[Harm, list[ReachedRow]]:
    """Return the listed states by harm; certain ones first, then the nearest, then the most critical."""
    order = list(Certainty)
    rows = sorted(
        reach,
        key=lambda row: (
            order.index(row.certainty),
            row.hops,
            -1 - criticality if (criticality := criticality_of(row.node)) is not None else 0,
            row.node.uid,
        ),
    )
    groups = {harm: [row for row in rows if row.harm is harm] for harm in Harm}
    return {harm: group for harm, group in groups.items() if group}


def taken_for(meant: Iterable[Meant]) -> list[str]:
    """Return which uid each name was taken for, and what else may be meant by what is only mentioned."""
    found = list(meant)
    lines = [f"{m.asked!r} is {m.uid} ({m.node.kind.value})." for m in found if m.by_name]
    return lines + [
        f"No source describes {m.asked!r}. Is this meant: {', or '.join(m.near)}?" for m in found if m.near
    ]


def undescribed(nodes: Iterable[Node]) -> str | None:
    """Return that no source describes any of the nodes asked about; None where one does."""
    if any(node.described for node in nodes):
        return None
    return "the nodes asked about are only mentioned, and no source describes them"


def headline(reach: Reach) -> str:
    """Return the question as it was understood."""
    shown = reach.seeds[:_NAMED]
    names = ", ".join(f"{node.label} ({node.uid})" if node.name else node.uid for node in shown)
    if len(reach.seeds) > _NAMED:
        names += f" and {len(reach.seeds) - _NAMED} more"
    if isinstance(reach, BlastRadius):
        return f"If {names} is {reach.harm.value}:"
    return f"What could make {names} {reach.harm.value}:"


def row_lines(view: EstateView, reach: Reach, rows: Sequence[ReachedRow]) -> list[str]:
    """Return each row with, below it, the path that explains it; a node asked about has none."""
    paths = [reach.path(row.node.uid, row.harm) or Path(()) for row in rows]
    conditions = conditions_on(view, paths)
    lines: list[str] = []
    for row, path in zip(rows, paths, strict=True):
        lines.append(_row_line(reach, row))
        if path.hops:
            lines.append(f"    {arrows(view, reach, path, conditions)}")
    return lines


def arrows(view: EstateView, reach: Reach, path: Path, conditions: Mapping[EdgeId, str]) -> str:
    """Return a path on one line: names joined by what leads from one to the next."""
    labels = labels_on(reach, path)
    text = labels[path.hops[0].start.node.uid]
    for hop in path.hops:
        if hop.relation is None:
            text += f" (so {hop.end.harm.value})"
        else:
            text += f" -{_phrase(view, hop, conditions)}-> {labels[hop.end.node.uid]}"
    return text


def sentence(view: EstateView, reach: Reach, row: ReachedRow) -> str:
    """Return the path that explains a row as a sentence; empty for a node asked about."""
    path = reach.path(row.node.uid, row.harm)
    if path is None or not path.hops:
        return ""
    conditions = conditions_on(view, [path])
    return explain_path(view.rules, path.hops[0].start, path, labels_on(reach, path), conditions).sentence


def labels_on(reach: Reach, path: Path) -> dict[Uid, str]:
    """Return what a person calls the nodes of a path, by uid."""
    ends = (end.node.uid for hop in path.hops for end in (hop.start, hop.end))
    return {uid: reach.nodes[uid].label if uid in reach.nodes else uid for uid in ends}


def totals_lines(totals: Totals) -> list[str]:
    """Return how much there is, and how much of it is unknown."""
    least = "" if totals.complete else "at least "
    certain = sum(n for (_, sure), n in totals.harms.items() if sure is Certainty.CERTAIN)
    ranks = ", ".join(f"{count} of {value}" for value, count in sorted(totals.criticalities.items()))
    owners = totals.owners
    return [
        (
            f"Listed: {least}{plural(totals.states, 'state')} at {plural(totals.nodes, 'node')}, "
            f"{totals.seeds} of them asked about; {certain} certain and {totals.states - certain} possible."
        ),
        f"Criticality: {ranks or 'none known'}; UNKNOWN for {plural(totals.unknown_criticality, 'node')}.",
        (
            f"Owners: {len(owners.owners)} are named, whether still there or not (`ownership-gaps` tells); "
            f"{plural(owners.unowned, 'node')} without one; UNKNOWN for {plural(owners.unknown, 'node')} "
            f"(`ownership-gaps --unknown` tells why), and for {owners.kind_unknown} of unknown kind."
        ),
    ]


def _counts(reach: Reach, rows: Sequence[ReachedRow]) -> str:
    certain = sum(row.certainty is Certainty.CERTAIN for row in rows)
    least = "" if reach.totals.complete else "at least "
    seeds = {node.uid for node in reach.seeds}
    asked = sum(row.node.uid in seeds for row in rows)
    own = f"; {asked} at what was asked about" if asked else ""
    return f"{least}{len(rows)} ({certain} certain, {len(rows) - certain} possible{own})"


def _phrase(view: EstateView, hop: Hop, conditions: Mapping[EdgeId, str]) -> str:
    relation = view.rules.relation(hop.relation or "")
    phrase = relation.phrase if hop.along else relation.inverse_phrase
    if hop.certainty is Certainty.CERTAIN:
        return phrase
    condition = conditions.get(hop.edge) if hop.edge is not None else None
    return f"{phrase}, if {condition}" if condition else f"{phrase}, perhaps"


def _row_line(reach: Reach, row: ReachedRow) -> str:
    node = row.node
    what = node.type or node.kind.value
    hops = _where(reach, row) if row.hops == 0 else f"{row.hops} hop{'s' if row.hops > 1 else ''}"
    criticality = criticality_of(node)
    rank = "" if criticality is None else f", criticality {criticality}"
    return f"{node.label} ({what}{rank}): {row.certainty.value}, {hops}"


def _where(reach: Reach, row: ReachedRow) -> str:
    """Return what a state without a hop is: the one asked about, or another at the same node."""
    if row.harm is reach.harm:
        return "asked about"
    return f"{'follows' if isinstance(reach, BlastRadius) else 'leads to it'} at the node asked about"
