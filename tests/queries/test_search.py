"""Search as a question; how texts match is held with the ledger."""

import pytest

from graph.errors import InvalidQuestion
from graph.ledger.matching import Match
from graph.vocabulary import Kind
from queries.basis import Truncation
from queries.search import SearchAnswer, SearchQuestion, search_nodes
from tests.support.saying import node
from tests.support.world import ON_DAY_20, Told, estate_of

FACTS: list[Told] = [
    node("scores", Kind.DATASET, type_="table", name="Scores"),
    node("scores-old", Kind.DATASET, type_="table"),
    node("scoring", type_="service", purpose="makes the scores of all applicants"),
    node("nightly", type_="pipeline", name="Nightly scores"),
    node("other"),
]


def ask(text: str, **question) -> SearchAnswer:
    return search_nodes(estate_of(*FACTS), SearchQuestion(text, standpoint=ON_DAY_20, **question))


def found(answer: SearchAnswer) -> list[str]:
    return [node.uid for node in answer.nodes]


def test_the_best_matches_come_first():
    assert found(ask("scores")) == ["scores", "scores-old", "nightly", "scoring"]
    assert found(ask("scor", match=Match.PREFIX)) == ["scores", "scores-old", "scoring"]
    assert found(ask("applicants scores", match=Match.WORDS)) == ["scoring"]


def test_facets_count_all_matches_whatever_was_chosen():
    answer = ask("scores", kinds=frozenset({Kind.ASSET}))
    assert found(answer) == ["nightly", "scoring"]
    assert answer.facets is not None
    assert answer.facets.kinds == {Kind.ASSET: 2, Kind.DATASET: 2}
    assert answer.facets.types == {
        (Kind.ASSET, "pipeline"): 1,
        (Kind.ASSET, "service"): 1,
        (Kind.DATASET, "table"): 2,
    }
    assert (answer.facets.matches, answer.facets.complete) == (4, True)


def test_facets_that_were_not_counted_to_the_end_say_so():
    answer = ask("scores", max_counted=3)
    assert answer.facets is not None
    assert (answer.facets.matches, answer.facets.complete) == (3, False)
    assert answer.basis.truncated == Truncation("max_counted", 3)
    assert len(found(answer)) == 4


def test_a_page_that_is_cut_says_so_and_how_many_are_hidden():
    first = ask("scores", limit=3)
    assert (first.basis.truncated, first.matching) == (Truncation("limit", 3, hidden=1), 4)
    second = ask("scores", limit=3, after=first.next_after)
    assert (second.basis.truncated, second.matching) == (None, 4)
    assert ask("scores", limit=1, after=first.next_after).matching == 4
    assert ask("scores", kinds=frozenset({Kind.ASSET}), limit=1).basis.truncated == Truncation(
        "limit", 1, hidden=1
    )
    assert ask("scores", limit=3, facets=False).matching is None
    assert ask("scores", limit=3, facets=False).basis.truncated == Truncation("limit", 3)


@pytest.mark.parametrize("after", ["", "x", "4scores", "0"])
def test_a_place_that_is_none_is_refused(after: str):
    with pytest.raises(InvalidQuestion, match="after"):
        ask("scores", after=after)


def test_pages_follow_each_other():
    first = ask("scores", limit=3, facets=False)
    second = ask("scores", limit=3, facets=False, after=first.next_after)
    assert (found(first), found(second)) == (["scores", "scores-old", "nightly"], ["scoring"])
    assert first.facets is None
    assert second.next_after is None


def test_a_search_for_nothing_is_an_error():
    with pytest.raises(InvalidQuestion):
        ask("  ")
    with pytest.raises(InvalidQuestion):
        ask("scores", limit=0)
