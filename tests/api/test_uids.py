"""What people type where a node or a claim is meant: uids, names, external ids."""

import pytest

from api.errors import ClaimNotUnique, NameNotUnique
from api.uids import claim_meant, meant_by, two_uids_meant, uid_meant
from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import Close, Merge, Refute
from graph.ledger.claims import claim_id_of
from graph.ledger.ledger import Ledger
from graph.model import Uid
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate, EstateView
from tests.support.saying import RECORDS, SINCE_JANUARY, Clock, day, days, edge, node, record

ARN = "arn:aws:s3:::Lake"


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger(open_store(":memory:"), Clock())
    record(
        ledger,
        node("lake", Kind.DATASET, name="Lake", ids=[("arn", ARN)]),
        node("lake-2", Kind.DATASET, name="lake"),
        node("twin-1", Kind.DATASET, name="twin"),
        node("twin-2", Kind.DATASET, name="twin"),
        node("twin", Kind.DATASET, name="a uid that others have as their name"),
        node("ada", Kind.IDENTITY, type_="person", name="Ada", ids=[("email", "ada@lender.example")]),
        node("box", Kind.ASSET, name="ada@lender.example"),
        valid=SINCE_JANUARY,
    )
    return ledger


def view(ledger: Ledger) -> EstateView:
    return Estate(ledger).view()


@pytest.mark.parametrize(
    ("word", "uid"),
    [
        ("lake", "lake"),
        ("Lake", "lake"),
        ("lake-2", "lake-2"),
        (ARN, "lake"),
        (f"arn={ARN}", "lake"),
        ("twin", "twin"),
        ("email=ada@lender.example", "ada"),
    ],
)
def test_a_uid_goes_before_a_name_and_an_external_id_will_do(ledger: Ledger, word: str, uid: str):
    [meant] = meant_by(view(ledger), [word])
    assert (meant.uid, meant.by_name) == (uid, word != uid)


@pytest.mark.parametrize("word", ["LAKE", "lak", "", " ", "arn=", "email=Lake", "nothing"])
def test_what_nothing_is_called_is_not_found(ledger: Ledger, word: str):
    with pytest.raises(NodeNotFound):
        meant_by(view(ledger), [word])


def test_what_several_are_called_is_refused_with_all_of_them(ledger: Ledger):
    with pytest.raises(NameNotUnique) as refused:
        meant_by(view(ledger), ["ada@lender.example"])
    assert str(refused.value) == (
        "2 nodes are called 'ada@lender.example':\n  ada (Identity)\n  box (Asset)\n"
        " Give the uid of the one you mean."
    )


def test_many_of_one_name_are_counted_and_the_first_ones_listed(ledger: Ledger):
    record(ledger, *(node(f"n{i:03}", name="same") for i in range(45)), valid=SINCE_JANUARY)
    with pytest.raises(NameNotUnique) as refused:
        meant_by(view(ledger), ["same"])
    assert "45 nodes are called 'same'" in str(refused.value)
    assert "and 25 more" in str(refused.value)


def test_a_name_is_found_among_many_that_differ_in_case_only(ledger: Ledger):
    record(ledger, *(node(f"m{i:03}", name="SAME") for i in range(45)), valid=SINCE_JANUARY)
    record(ledger, node("z", name="same"), valid=SINCE_JANUARY)
    assert meant_by(view(ledger), ["same"])[0].uid == "z"


def test_a_uid_that_was_ever_mentioned_stands_for_itself(ledger: Ledger):
    at = ledger.at()
    record(ledger, Close(tuple(row.key for row in ledger.claims(Uid("box"), at)), at.valid))
    record(ledger, Merge((Uid("twin-1"), Uid("twin-2")), "one"))
    now = view(ledger)
    assert [uid_meant(now, word) for word in ("box", "twin-2", "Lake")] == ["box", "twin-2", "lake"]


def test_what_is_merged_is_found_by_the_names_of_both(ledger: Ledger):
    record(ledger, Merge((Uid("lake"), Uid("twin")), "one"))
    now = view(ledger)
    names = ("Lake", "a uid that others have as their name")
    assert [(meant.uid, meant.by_name) for meant in meant_by(now, names)] == [("lake", True)] * 2


def test_what_is_spelled_like_it_is_offered_for_what_nothing_is_called(ledger: Ledger):
    for word, offered in {
        "lake-3": "lake-2 (lake)?",
        "Adda": "ada (Ada)?",
        "LAKE": "lake (Lake), or lake-2 (lake)?",
    }.items():
        with pytest.raises(NodeNotFound) as refused:
            meant_by(view(ledger), [word])
        assert f"Is this meant: {offered}" in str(refused.value)
    with pytest.raises(NodeNotFound) as refused:
        meant_by(view(ledger), ["something else"])
    assert "meant" not in str(refused.value)


def test_what_is_spelled_like_it_is_offered_for_what_is_only_mentioned(ledger: Ledger):
    record(ledger, edge("lake", "DERIVED_FROM", "twin-3"), valid=SINCE_JANUARY)
    [mentioned, described] = meant_by(view(ledger), ["twin-3", "twin-1"])
    assert (mentioned.uid, mentioned.near) == ("twin-3", ("twin-1 (twin)", "twin-2 (twin)"))
    assert described.near == ()


def test_two_words_for_one_uid_are_refused_with_its_uids(ledger: Ledger):
    record(ledger, Merge((Uid("ada"), Uid("eva")), "one person"))
    with pytest.raises(InvalidQuestion, match="has the uids ada, eva"):
        two_uids_meant(view(ledger), "Ada", "email=ada@lender.example")
    assert two_uids_meant(view(ledger), "Ada", "eva") == ("ada", "eva")


def test_a_node_stands_for_its_only_claim_and_not_for_one_of_several(ledger: Ledger):
    described = claim_id_of(RECORDS, Uid("lake"))
    assert claim_meant(view(ledger), "Lake") == described
    assert claim_meant(view(ledger), described) == described
    record(ledger, edge("lake", "DERIVED_FROM", "lake-2"), valid=SINCE_JANUARY)
    with pytest.raises(ClaimNotUnique) as refused:
        claim_meant(view(ledger), "Lake")
    assert f"{described}: records/default says lake is a Dataset, called Lake" in str(refused.value)
    assert "records/default says lake DERIVED_FROM lake-2" in str(refused.value)


def test_each_of_the_things_that_a_claim_says_is_offered(ledger: Ledger):
    record(ledger, node("lake", Kind.DATASET, name="Sea"), valid=days(5))
    record(ledger, edge("lake", "DERIVED_FROM", "lake-2"), valid=SINCE_JANUARY)
    [before] = ledger.claims(Uid("lake"), ledger.at(day(2)))
    [since] = ledger.claims(Uid("lake"), ledger.at(day(6)))
    with pytest.raises(ClaimNotUnique) as refused:
        claim_meant(view(ledger), "lake")
    assert (
        f"{before.claim_id}, one of:\n"
        f"    --said {before.key}: records/default says lake is a Dataset, called Lake\n"
        f"    --said {since.key}: records/default says lake is a Dataset, called Sea\n"
    ) in str(refused.value)
    assert "--said" not in str(refused.value).split(f"{since.key}")[1]


def test_to_lift_a_node_stands_for_its_only_refuted_claim(ledger: Ledger):
    described = claim_id_of(RECORDS, Uid("lake"))
    with pytest.raises(ClaimNotUnique, match="no such claim"):
        claim_meant(view(ledger), "lake", lifts=True)
    record(ledger, Refute(described, "wrong"))
    assert claim_meant(view(ledger), "lake", lifts=True) == described
    with pytest.raises(ClaimNotUnique, match="no such claim"):
        claim_meant(view(ledger), "lake")
