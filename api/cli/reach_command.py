"""`holdfast blast-radius` and `holdfast exposure`: the walk forwards, and backwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command

if TYPE_CHECKING:
    from api.cli.asked import Asking
    from api.uids import Meant
    from queries.known_leaks import KnownLeaks
    from queries.reach import Reach, ReachQuestion

BLAST_RADIUS: Final = "blast-radius"

_COUNTS: Final = (
    "Counts for --fail-on: reached (listed states, without those of the nodes asked about), certain, "
    "possible, nodes, criticality (the highest that is known), unknown_criticality (nodes), left_out (nodes "
    "that a filter leaves out because their kind, environment or criticality is unknown), each harm by name, "
    "such as TAINTED, and those of every answer: looked_at, referenced_not_described (nodes), "
    "uncovered_relations."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How much of an answer of the walk is printed, and in which form."""

    limit: given.LimitOption = 5
    show_all: given.AllOption = False
    columns: Annotated[bool, typer.Option("--columns", help="JSON of arrays, without paths.")] = False

    def print_reach(
        self,
        asking: Asking,
        answer: Reach,
        meant: tuple[Meant, ...],
        asked: AskedByRules,
        leaks: KnownLeaks | None,
    ) -> Held:
        """Print an answer, with the leaks that it starts from, and return it as a gate sees it."""
        from api.cli.leak_output import leak_lines
        from api.cli.output import emit, emit_json
        from api.cli.reach_output import counted, print_reach, undescribed
        from api.documents.leaks import leaks_of
        from api.documents.reach import reach_of

        if asked.as_json or self.columns:
            document = reach_of(answer, meant, columns=self.columns)
            told = {} if leaks is None else {"known_leaks": leaks_of(leaks)}
            emit_json({**document, **told}, compact=self.columns)
        else:
            for line in [] if leaks is None else [*leak_lines(leaks, limit=self._most), ""]:
                emit(line)
            print_reach(asking.view, answer, meant, limit=self._most, quiet=asked.quiet)
        is_cut = answer.basis.truncated is not None
        return Held(counted(answer), answer.basis, undescribed(answer.seeds), may_grow=is_cut)

    def print_nothing(self, question: ReachQuestion, leaks: KnownLeaks, asked: AskedByRules) -> Held:
        """Print that no leak is known, which of what was found is left out, and who would tell of others."""
        from api.cli.asking import print_basis
        from api.cli.leak_output import NOBODY_LOOKS, leak_lines
        from api.cli.output import emit, emit_json
        from api.cli.reach_output import COUNTS
        from api.documents.leaks import leaks_of
        from api.documents.reach import nothing_reached

        if asked.as_json or self.columns:
            document = nothing_reached(question, leaks.basis, columns=self.columns)
            emit_json({**document, "known_leaks": leaks_of(leaks)}, compact=self.columns)
        else:
            for line in leak_lines(leaks, limit=self._most):
                emit(line)
            print_basis(leaks.basis, quiet=asked.quiet)
        nothing = None if leaks.covered_by else NOBODY_LOOKS
        return Held(dict.fromkeys(COUNTS, 0), leaks.basis, nothing)

    @property
    def _most(self) -> int:
        return 0 if self.show_all else self.limit


def register(app: typer.Typer) -> None:
    """Add the commands; they take the same options and walk in opposite directions."""
    add_command(
        app,
        BLAST_RADIUS,
        blast_radius,
        help_text="What else is harmed if a harm comes to these nodes, each with the path that explains it. "
        + _COUNTS,
    )
    add_command(
        app,
        "exposure",
        exposure,
        help_text="What could bring a harm to these nodes, the likeliest first, each with its path. "
        + _COUNTS,
    )


def blast_radius(
    uids: given.UidsOrLeaksArgument = None,
    *,
    harm: given.HarmOfLeaksOption = None,
    known_leaks: given.KnownLeaksOption = False,
    walk: given.WalkOptions,
    only: given.ReachFilterOptions,
    shown: Shown,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Ask the walk from nodes or from all known leaks, print its answer, and fail where that is asked."""
    from api import words
    from api.cli.leak_output import meant_by_leaks
    from api.cli.reach_output import COUNTS
    from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
    from queries.known_leaks import KnownLeaksQuestion, find_known_leaks

    wanted, listed = words.harm(_harm_asked(uids, harm, known_leaks=known_leaks)), only.states()
    conditions = gate.conditions(COUNTS)
    with asked.opened() as asking:
        terms, where = walk.terms(asking), asking.standpoint
        leaks = find_known_leaks(asking.estate, KnownLeaksQuestion(where)) if known_leaks else None
        meant = asking.meant(uids or (), terms.during) if leaks is None else meant_by_leaks(leaks)
        question = BlastRadiusQuestion(tuple(m.uid for m in meant), wanted, listed, terms, where)
        if leaks is not None and not leaks.leaks:
            held = shown.print_nothing(question, leaks, asked)
        else:
            held = shown.print_reach(asking, find_blast_radius(asking.estate, question), meant, asked, leaks)
    gate.check(conditions, held)


def exposure(
    uids: given.UidsArgument,
    *,
    harm: given.HarmOption,
    walk: given.WalkOptions,
    only: given.ReachFilterOptions,
    shown: Shown,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Ask the walk backwards, print its answer, and fail where that is asked for."""
    from api import words
    from api.cli.reach_output import COUNTS
    from queries.exposure import ExposureQuestion, find_exposure

    wanted, listed, conditions = words.harm(harm), only.states(), gate.conditions(COUNTS)
    with asked.opened() as asking:
        terms, where = walk.terms(asking), asking.standpoint
        meant = asking.meant(uids, terms.during)
        question = ExposureQuestion(tuple(m.uid for m in meant), wanted, listed, terms, where)
        held = shown.print_reach(asking, find_exposure(asking.estate, question), meant, asked, None)
    gate.check(conditions, held)


def _harm_asked(uids: list[str] | None, harm: str | None, *, known_leaks: bool) -> str:
    """Return the harm that is asked about; of leaks it is that they are known to others.

    Raises:
        InvalidQuestion: without nodes, or with nodes and leaks; without a harm at nodes.
    """
    from graph.errors import InvalidQuestion

    if known_leaks and uids:
        raise InvalidQuestion("known_leaks", "given beside nodes", "either nodes or --known-leaks")
    if not known_leaks and not uids:
        raise InvalidQuestion("uids", "no node is asked about", "UID..., or --known-leaks")
    if harm is None and not known_leaks:
        raise InvalidQuestion("harm", "no harm is asked about", "--harm")
    return harm or "DISCLOSED"
