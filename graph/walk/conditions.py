"""The few questions that rules ask beyond their edge, answered for many edges at once.

Each answer has three values. What nobody has recorded is unknown, and makes the rule possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np

from graph.ledger.standing import SecretStanding, secret_standing
from graph.model import Instant
from graph.topology import DatedView
from graph.topology.arrays import Flags, Indices, Longs, Smalls
from graph.topology.spells import NO_TIME, UNKNOWN
from graph.vocabulary import Certainty
from graph.walk.liveness import ALIVE, DEAD, liveness
from graph.walk.tables import Answer

Question: TypeAlias = Callable[[Indices, Indices], Smalls]

_IF_NOT_ENDED: Final = {
    SecretStanding.OPEN: Answer.YES,
    SecretStanding.UNKNOWN: Answer.UNKNOWN,
    SecretStanding.ENDED: Answer.NO,
}


@dataclass(frozen=True, eq=False)
class Conditions:
    """Answers for one date; `since` is when the harm that is walked began, None if not given.

    `windowed` says that `moment` begins a stretch of time, so that a property without a time
    cannot tell whether it already held then. `left_out` and `gone` flag the rows and nodes that
    a what-if question takes away: an owner taken away does not count as living.
    """

    view: DatedView
    moment: Instant
    windowed: bool
    since: Instant | None
    left_out: Flags | None
    gone: Flags | None

    def ask(self, name: str, subjects: Indices, objects: Indices) -> Smalls:
        """Return an `Answer` for each edge, given by its ends; unknown for a question not known here."""
        questions: dict[str, Question] = {
            "version_not_revoked": self._version_not_revoked,
            "verified_after_since": self._verified_after_since,
            "no_other_living_owner": self._no_other_living_owner,
        }
        question = questions.get(name)
        if question is None:
            return np.full(len(subjects), Answer.UNKNOWN, dtype=np.int8)
        return question(subjects, objects)

    def _version_not_revoked(self, subjects: Indices, _objects: Indices) -> Smalls:
        spells = self.view.topology.spells
        spell = self.view.node_spell[subjects]
        revoked = np.append(spells.revoked, np.int8(UNKNOWN))[spell]
        revoked_at, expires = (np.append(c, NO_TIME)[spell] for c in (spells.revoked_at, spells.expires))
        said = zip(revoked.tolist(), revoked_at.tolist(), expires.tolist(), strict=True)
        return np.array([_IF_NOT_ENDED[self._standing(*each)] for each in said], dtype=np.int8)

    def _standing(self, revoked: int, revoked_at: int, expires: int) -> SecretStanding:
        # In a stretch of time, a revocation without a date may have come after it began.
        is_open = revoked == UNKNOWN or (self.windowed and revoked == 1)
        return secret_standing(
            None if is_open else bool(revoked),
            None if revoked_at == NO_TIME else revoked_at,
            None if expires == NO_TIME else expires,
            self.moment,
        )

    def _verified_after_since(self, subjects: Indices, _objects: Indices) -> Smalls:
        spells = self.view.topology.spells
        verified_at = np.append(spells.verified_at, NO_TIME)[self.view.node_spell[subjects]]
        if self.since is None:
            return np.full(len(subjects), Answer.UNKNOWN, dtype=np.int8)
        return _answers(no=verified_at < self.since, unclear=verified_at == NO_TIME)

    def _no_other_living_owner(self, subjects: Indices, objects: Indices) -> Smalls:
        owners = self._owners
        living = owners.others(owners.living_pairs, subjects, objects)
        perhaps = owners.others(owners.not_dead_pairs, subjects, objects)
        return _answers(no=living > 0, unclear=(living == 0) & (perhaps > 0))

    @cached_property
    def _owners(self) -> _Owners:
        return _owners(self.view, self.left_out, self.gone)


@dataclass(frozen=True, eq=False)
class _Owners:
    """The accountable owners of all nodes, as sorted numbers `object * node_count + subject`."""

    node_count: int
    living_pairs: Longs
    not_dead_pairs: Longs

    def others(self, pairs: Longs, subjects: Indices, objects: Indices) -> Longs:
        """How many of these owners each object has beside the subject."""
        first = objects.astype(np.int64) * self.node_count
        own = first + subjects
        owned_by = np.searchsorted(pairs, first + self.node_count) - np.searchsorted(pairs, first)
        itself = np.searchsorted(pairs, own, side="right") - np.searchsorted(pairs, own)
        return owned_by - itself


def _owners(view: DatedView, left_out: Flags | None, gone: Flags | None) -> _Owners:
    topology = view.topology
    codes = topology.codes.codes
    owning = np.array([c.relation == "OWNS" and "accountable" in c.marks for c in codes], dtype=np.bool_)
    certain = np.array([c.certainty is Certainty.CERTAIN for c in codes], dtype=np.bool_)
    rows = np.flatnonzero(owning[topology.out.code])
    if view.live is not None:
        rows = rows[view.live[rows]]
    if left_out is not None:
        rows = rows[~left_out[rows]]
    subjects = np.searchsorted(topology.out.offsets, rows, side="right") - 1
    if gone is not None:
        rows, subjects = rows[~gone[subjects]], subjects[~gone[subjects]]
    state = liveness(view, left_out, gone)[subjects]
    pairs = topology.out.far[rows].astype(np.int64) * topology.node_count + subjects
    sure = certain[topology.out.code[rows]]
    return _Owners(
        topology.node_count,
        np.unique(pairs[(state == ALIVE) & sure]),
        np.unique(pairs[state != DEAD]),
    )


def _answers(*, no: Flags, unclear: Flags) -> Smalls:
    answers = np.where(no, np.int8(Answer.NO), np.int8(Answer.YES))
    return np.where(unclear, np.int8(Answer.UNKNOWN), answers).astype(np.int8)
