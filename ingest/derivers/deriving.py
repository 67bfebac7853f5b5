"""Derivation: all rules over all that sources say, written in scopes of their own.

Each rule states the whole history of what follows, so that what no longer follows is taken
back, and deriving twice changes nothing. It is run after every reading and every decision,
as both may give or take a premise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord
from graph.model import Claim, CommitNumber, NodeFacts, Scope
from graph.vocabulary import Origin
from ingest.derivers.changes import has_changed
from ingest.derivers.conclusions import Conclusion, NodePremise, Premise, settled
from ingest.derivers.images import ImageDigest
from ingest.derivers.leaked_keys import LeakedKey
from ingest.derivers.resources import ResourcePattern
from ingest.derivers.rule import SOURCE, Edges, Rule, is_derived
from ingest.derivers.same_value import SameValue
from ingest.derivers.trust import TrustPattern
from ingest.job import run_job
from ingest.logged import head_of, report_of
from ingest.options import JobOptions
from ingest.record import ReadContext, Record, Said, ScopeClosed, ScopeOpened
from ingest.report import RunReport, RunState

RULES: Final[tuple[Callable[[], Rule], ...]] = (
    TrustPattern,
    ResourcePattern,
    SameValue,
    LeakedKey,
    ImageDigest,
)

_NOTHING: Final[frozenset[str]] = frozenset()
_RUNS: Final = 50
_NEVER: Final = CommitNumber(-1)
_ATTEMPTS: Final = 3
_RECENT: Final = 86_400_000
"""How old, in milliseconds, a derivation may be for only what was touched since then to be looked at."""
_WHOLE: Final = frozenset({RunState.COMPLETED.value, RunState.PARTIAL.value})


def derive(ledger: Ledger, options: JobOptions) -> RunReport | None:
    """Bring what is derived in line with what sources say now; return the run, None where there was none.

    Only the actor, the batch size and the clock of the options count. Nothing is done, and
    nothing logged, where no commit since the last derivation touched anything that a rule takes
    note of, or where nothing follows and nothing ever did. After a day all is worked out anew.

    Where somebody else commits meanwhile, what was worked out may rest on what no longer
    stands, or lack what is new: it is then worked out again, and if that does not help the next
    derivation does it, as the run log shows that this one was not alone.

    Cost: what those commits touched; where it matters, one pass over the descriptions of all nodes,
    of which those without any word of a rule are not opened, and the edges that rules ask for.
    """
    told = replace(options, instance=None, scope=None, read_at=None, complete=False, allow_closing=False)
    report: RunReport | None = None
    for _ in range(_ATTEMPTS):
        if _is_in_line(ledger):
            break
        source = _Derivation(ledger)
        if not source.has_anything_to_say():
            break
        report = run_job(ledger, source, (), told)
        if report.state.value not in _WHOLE or _was_alone(report.to_json()):
            break
    return report


class _Derivation:
    """The rules as a source: each a scope whose whole history is stated at every reading."""

    name = SOURCE.plugin
    summary = "facts that follow from what several sources say"
    maps = ("trust patterns, resource patterns, equal fingerprints, ids of leaked keys, image digests",)
    does_not_map = ()

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._work_out()

    def has_anything_to_say(self) -> bool:
        """Return whether anything follows, or once did."""
        return any(self._concluded.values()) or any(self._has_spoken(rule) for rule in self._rules)

    def _work_out(self) -> None:
        self._picture = self._ledger.picture(self._ledger.head().sequence)
        self._rules = tuple(make() for make in RULES)
        self._concluded: dict[str, tuple[Conclusion, ...]] = {}
        for row in self._picture.all_node_rows(_words(self._rules)):
            facts = row.claim.about
            if isinstance(facts, NodeFacts) and not is_derived(row):
                node = NodePremise(Premise.of(row), facts)
                for rule in self._rules:
                    rule.take(node)
        edges = Edges(self._picture)
        for rule in self._rules:
            self._concluded[rule.name] = tuple(settled(rule.conclusions(edges)))

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:  # noqa: ARG002
        """Yield what follows by each rule that has, or had, anything to say."""
        # A run is logged with the head that it began at, so what is older must not go into it.
        if self._ledger.head().sequence != self._picture.known:
            self._work_out()
        for rule in self._rules:
            concluded = self._concluded[rule.name]
            if concluded or self._has_spoken(rule):
                yield from _section(rule, concluded, context)

    def _has_spoken(self, rule: Rule) -> bool:
        rows = self._picture.store.scope_rows(_scope(rule), self._picture.known, after=None, limit=1)
        return bool(rows)


def _words(rules: Sequence[Rule]) -> frozenset[str]:
    return frozenset[str]().union(*(rule.words for rule in rules))


def _section(rule: Rule, concluded: Sequence[Conclusion], context: ReadContext) -> Iterator[Record]:
    scope = _scope(rule)
    # It covers nothing: that no edge follows does not mean that there is none.
    yield ScopeOpened(scope, context.now, states_history=True, kinds=_NOTHING, relations=_NOTHING)
    for number, conclusion in enumerate(concluded, start=1):
        claim = Claim(
            scope,
            conclusion.edge,
            valid=conclusion.valid,
            origin=Origin.DERIVED,
            certainty=conclusion.certainty,
            condition=conclusion.condition,
            locator=f"rule {rule.name}",
            supports=conclusion.supports,
        )
        yield Said(claim, f"rule {rule.name}", f"conclusion {number}")
    yield ScopeClosed(scope, complete=True)


def _scope(rule: Rule) -> Scope:
    return Scope(SOURCE, f"derived:{rule.name}")


def _is_in_line(ledger: Ledger) -> bool:
    """Return whether what is derived is surely what follows at the head."""
    last, head = _last_derivation(ledger), ledger.head().sequence
    if last is None:
        return False
    since = head_of(report_of(last), "after", _NEVER)
    if since == head:
        return True
    # Another release may have other rules, which is seen in no commit.
    is_recent = ledger.clock() - last.finished_at < _RECENT
    return is_recent and not has_changed(ledger, [make() for make in RULES], since, head)


def _last_derivation(ledger: Ledger) -> RunRecord | None:
    """Return the last derivation, if it brought all in line with the head that it left."""
    for run in ledger.store.runs(before=None, limit=_RUNS):
        if run.source == str(SOURCE):
            return run if _was_alone(report_of(run)) else None
    return None


def _was_alone(report: Mapping[str, Any]) -> bool:
    """Return whether a run went to its end, and all commits since it began were its own."""
    made = report.get("commits", {}).get("count")
    if report.get("state") not in _WHOLE or not isinstance(made, int):
        return False
    return head_of(report, "before", _NEVER) + made == head_of(report, "after", _NEVER)
