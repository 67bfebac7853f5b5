"""What a person reads around an answer: what it is an answer to, and what it does not know."""

from __future__ import annotations

from typing import Final

from api.cli.output import emit
from api.documents.common import time_or_none
from queries.basis import Basis
from queries.reporting import Stale

_NAMED: Final = 6


def print_basis(basis: Basis, *, quiet: bool) -> None:
    """Print what an answer is an answer to, and where it ends; of that the quiet learn only the cut."""
    for line in cut_lines(basis) if quiet else basis_lines(basis):
        emit(line)


def basis_lines(basis: Basis) -> list[str]:
    """Return what an answer is an answer to, and where it ends, one line each."""
    return [_standpoint(basis), *cut_lines(basis), *_unknowns(basis)]


def _standpoint(basis: Basis) -> str:
    stamp = basis.commit
    recorded = f", recorded {time_or_none(stamp.recorded_at)}" if stamp.recorded_at is not None else ""
    bounds = ", ".join(f"{name} {value:g}" for name, value in basis.bounds.items() if value is not None)
    within = f"; within {bounds}" if bounds else ""
    return (
        f"As of {time_or_none(basis.as_of)}, known up to commit {stamp.sequence}{recorded}, "
        f"rules version {basis.rules_version}{within}."
    )


def cut_lines(basis: Basis) -> list[str]:
    """Return by which bound an answer was cut short; none where it is whole."""
    cut = basis.truncated
    if cut is None:
        return []
    whole = f"; complete up to {cut.complete_to_hops} hops" if cut.complete_to_hops is not None else ""
    hidden = f"; at least {cut.hidden} more are not shown" if cut.hidden else ""
    return [f"CUT SHORT by {cut.reason} ({cut.limit:g}){whole}{hidden}."]


def _unknowns(basis: Basis) -> list[str]:
    lines: list[str] = []
    if basis.referenced_not_described:
        lines.append(
            f"{basis.referenced_not_described} of the {basis.looked_at} nodes looked at are only mentioned; "
            "no source describes them."
        )
    uncovered = basis.coverage.relations
    if uncovered:
        most = sorted(uncovered, key=lambda name: (-uncovered[name], name))[:_NAMED]
        named = ", ".join(f"{name} {uncovered[name]}" for name in most)
        others = len(uncovered) - len(most)
        more = f", and {others} more relations, which --json names" if others else ""
        lines.append(
            "UNKNOWN: no source says whether there is more of these relations, "
            f"each for so many of the nodes looked at: {named}{more}."
        )
    if basis.coverage.kinds:
        kinds = ", ".join(kind.value for kind in basis.coverage.kinds)
        lines.append(f"No source reports all nodes of kind {kinds}.")
    return [*lines, *(_stale(stale) for stale in basis.stale)]


def _stale(stale: Stale) -> str:
    every = f"it is to report every {stale.cadence.text}"
    if stale.last_reported is None:
        return f"STALE: {stale.source} had not reported at all by then; {every}."
    since = f"since {time_or_none(stale.stale_since)}"
    return f"STALE {since}: {stale.source} last reported {time_or_none(stale.last_reported)}; {every}."
