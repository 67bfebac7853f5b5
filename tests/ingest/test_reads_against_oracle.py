"""Random readings of a scope, one after the other, against a plain model of what should stand.

The model is written from the rules and knows nothing of batches, spans or stores: for every
claim a list of stretches, changed by each reading in turn.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.jobs import Desk, node

UIDS = ("a", "b", "c", "d")
NAMES = ("x", "y")


@dataclass
class Reading:
    said: dict[str, str]
    whole: bool
    rejected: bool


@dataclass
class Model:
    """What stands: (from, to or None, name) by uid."""

    spans: dict[str, list[tuple[int, int | None, str]]] = field(
        default_factory=lambda: {uid: [] for uid in UIDS}
    )

    def read(self, reading: Reading, on: int) -> None:
        for uid, spans in self.spans.items():
            said = reading.said.get(uid)
            live = bool(spans) and spans[-1][1] is None
            if said is not None:
                if live and spans[-1][2] != said:
                    start, _, name = spans.pop()
                    spans.append((start, on, name))
                if not live or spans[-1][1] is not None:
                    spans.append((on, None, said))
            elif live and reading.whole and not reading.rejected:
                start, _, name = spans.pop()
                spans.append((start, on, name))


readings = st.builds(
    Reading,
    said=st.dictionaries(st.sampled_from(UIDS), st.sampled_from(NAMES)),
    whole=st.booleans(),
    rejected=st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(readings, min_size=1, max_size=6), st.integers(min_value=1, max_value=5))
def test_what_stands_after_any_readings(told: list[Reading], batch_size: int) -> None:
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for on, reading in enumerate(told, start=1):
            lines = [node(uid, name=name) for uid, name in reading.said.items()]
            broken = [{"node": {"uid": "e"}}] if reading.rejected else []
            for _ in range(2):
                report = desk.read(*lines, *broken, on=on, end=reading.whole, batch_size=batch_size)
            assert report.commits == 0
            model.read(reading, on)
        for uid, expected in model.spans.items():
            assert [(s, e, content["name"]) for s, e, content in desk.spans(uid)] == expected
        desk.store.close()
