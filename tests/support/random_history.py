"""A ledger that changes at random: everything that can happen to a ledger, in some order."""

from __future__ import annotations

from contextlib import suppress
from random import Random

from graph.errors import NodeNotFound
from graph.ledger.change import Assert, Close, Cover, LiftRefutation, Merge, Refute, Step, Unmerge, Withdraw
from graph.ledger.ledger import Ledger
from graph.ledger.port import Mention
from graph.model import (
    Claim,
    ClaimId,
    EdgeFacts,
    Instant,
    Interval,
    NodeFacts,
    RowKey,
    Scope,
    SourceInstance,
    Uid,
)
from graph.vocabulary import Certainty, Kind, Origin
from tests.support.saying import attempt, day, edge, node

SCOPES = (
    Scope(SourceInstance("records"), "estate"),
    Scope(SourceInstance("kubernetes"), "prod"),
    Scope(SourceInstance("people"), "staff"),
)
ASSETS = [f"asset-{number}" for number in range(8)]
DATASETS = [f"data-{number}" for number in range(4)]
EVIDENCE = [f"evidence-{number}" for number in range(3)]
PEOPLE = [f"person-{number}" for number in range(3)]
LAST_DAY = 30


class RandomHistory:
    """Says random things to a ledger, one commit after the other; the same ones for the same seed.

    With ``reads`` also complete reads, in and out of order, Evidence, and claims that are not
    plain statements: derived ones, possible ones, what rests on other claims. With ``erases``
    people are forgotten too.
    """

    def __init__(self, ledger: Ledger, seed: int, *, reads: bool = False, erases: bool = False) -> None:
        self._ledger = ledger
        self._random = Random(seed)
        self._ways = (
            *(self._assert,) * 6,
            self._close,
            self._withdraw,
            *(self._decide,) * 2,
            self._refute,
            self._lift,
            *((self._read,) * 4 if reads else ()),
            *((self._erase,) if erases else ()),
        )

    def turn(self) -> None:
        """One change, which may come to nothing, or be rejected in part."""
        self._random.choice(self._ways)()

    def moment(self) -> Instant:
        """A moment of the month, quite often exactly the start of a day."""
        return Instant(day(self._random.randint(0, LAST_DAY + 1)) + self._random.choice((0, 0, -1, 1)))

    def _assert(self) -> None:
        facts = [self._fact() for _ in range(self._random.randint(3, 12))]
        scope = self._random.choice(SCOPES)
        valid = self._interval() if self._random.random() < 0.5 else None
        steps: list[NodeFacts | EdgeFacts | Step] = [*facts]
        if self._random.random() < 0.2:
            relations = frozenset({"INVOKES", "READS"})
            steps.append(Cover(scope, frozenset({"Asset"}), relations, self.moment()))
        attempt(self._ledger, *steps, scope=scope, valid=valid, read_at=self.moment(), run="run")

    def _read(self) -> None:
        """One source looks at all it knows: some is as it was, some is gone, some is said otherwise."""
        scope, moment = self._random.choice(SCOPES), self.moment()
        known = self._ledger.head().sequence
        held = self._ledger.store.scope_rows(scope, known, after=None, limit=1000)
        complete = self._random.random() < 0.6
        late = any(at > moment for at in self._ledger.store.write(lambda t: t.complete_reads(scope)))
        gone = [row.key for row in held if complete and not late and self._random.random() < 0.2]
        again = [
            Mention(row.claim_id, None, "", moment)
            for row in held
            if not complete and self._random.random() < 0.4
        ]
        self._ledger.store.add_mentions(scope, again)
        relations = frozenset({"INVOKES", "READS", "ABOUT"})
        restates = moment % 2 == 1
        cover = Cover(scope, frozenset({"Asset"}), relations, moment, moment, restates)
        steps = [self._claim(scope) for _ in range(self._random.randint(2, 8))]
        ended = (Close(tuple(gone), moment), cover) if complete else ()
        attempt(self._ledger, *steps, *ended, scope=scope, read_at=moment, run="read")

    def _claim(self, scope: Scope) -> Assert:
        """A claim that is more than a plain statement."""
        pick = self._random
        valid = self._interval() if pick.random() < 0.3 else None
        evidence = pick.choice(EVIDENCE)
        about: NodeFacts | EdgeFacts = pick.choice(
            (
                self._fact(),
                node(evidence, Kind.EVIDENCE, type_="test", name=pick.choice("xy")),
                edge(evidence, "ABOUT", pick.choice(ASSETS)),
            )
        )
        if isinstance(about, NodeFacts):
            return Assert(Claim(scope, about, valid))
        certainty = pick.choice(tuple(Certainty))
        condition = "if it runs" if certainty is Certainty.POSSIBLE else None
        supports = tuple(pick.sample(self._claims()[:5], 1)) if self._claims() and pick.random() < 0.5 else ()
        origin = pick.choice(tuple(Origin))
        return Assert(Claim(scope, about, valid, origin, certainty, condition, supports=supports))

    def _fact(self) -> NodeFacts | EdgeFacts:
        pick = self._random
        match pick.randint(0, 5):
            case 0 | 1:
                ids = [("k8s", f"c/{pick.randint(0, 3)}")] if pick.random() < 0.4 else []
                return node(
                    pick.choice(ASSETS), name=pick.choice(("x", "y")), ids=ids, size=pick.randint(0, 3)
                )
            case 2:
                return node(pick.choice(DATASETS), Kind.DATASET, region=pick.choice(("eu", "us")))
            case 3:
                email = [("email", f"{pick.choice('ab')}@example.org")]
                uid = pick.choice(PEOPLE)
                return node(uid, Kind.IDENTITY, type_="person", name=pick.choice(("Ada", "Bo")), ids=email)
            case 4:
                marks = pick.sample(("optional", "refined", "coarse"), pick.randint(0, 2))
                return edge(pick.choice(ASSETS), "READS", pick.choice(DATASETS), *marks)
            case _:
                return edge(pick.choice(ASSETS), "INVOKES", pick.choice(ASSETS), weight=pick.randint(0, 2))

    def _interval(self) -> Interval:
        start = self._random.randint(1, LAST_DAY - 1)
        if self._random.random() < 0.3:
            return Interval(day(start))
        return Interval(day(start), day(self._random.randint(start + 1, LAST_DAY)))

    def _close(self) -> None:
        attempt(self._ledger, Close(self._some_keys(), self.moment()))

    def _withdraw(self) -> None:
        attempt(self._ledger, Withdraw(self._some_keys()[:1]))

    def _some_keys(self) -> tuple[RowKey, ...]:
        known = self._ledger.head().sequence
        held = self._ledger.store.scope_rows(self._random.choice(SCOPES), known, after=None, limit=1000)
        return tuple(row.key for row in held if self._random.random() < 0.3)

    def _decide(self) -> None:
        first, second = (Uid(uid) for uid in self._random.sample(ASSETS[:4], 2))
        made = self._random.choice((Merge, Merge, Unmerge))
        attempt(self._ledger, made((first, second), "a person said so"))

    def _refute(self) -> None:
        claims = self._claims()
        if claims:
            attempt(self._ledger, Refute(self._random.choice(claims), "a person said so"))

    def _lift(self) -> None:
        refuted = sorted({row.claim_id for row in self._ledger.refutations(self._ledger.head().sequence)})
        if refuted:
            attempt(self._ledger, LiftRefutation(self._random.choice(refuted), "a person said so"))

    def _erase(self) -> None:
        with suppress(NodeNotFound):
            uid = Uid(self._random.choice(PEOPLE))
            self._ledger.erase_personal(uid, actor="test", reason="as was asked for")

    def _claims(self) -> list[ClaimId]:
        known = self._ledger.head().sequence
        rows = [
            row
            for scope in SCOPES
            for row in self._ledger.store.scope_rows(scope, known, after=None, limit=1000)
        ]
        return sorted({row.claim_id for row in rows})
