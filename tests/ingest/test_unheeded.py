"""External ids that join nothing, though whoever gives them may think so, are told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ledger.identity import may_join
from graph.ledger.port import ExternalIdRow
from graph.model import OPEN_END, Claim, ExternalId, Instant, Interval, NodeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import VOCABULARY, Kind
from graph.vocabulary.notation import REAL_KINDS
from ingest.unheeded import unheeded
from tests.ingest.jobs import Desk, node, section


def told(desk: Desk, *schemes: str, kind: str = "Dataset", source: str = "crm") -> list[str]:
    nodes = [node(f"n{i}", kind, external_ids={scheme: "x"}) for i, scheme in enumerate(schemes)]
    return desk.run(desk.file(*section(*nodes, source=source))).warnings


def test_a_scheme_that_its_source_may_not_assert_is_told_once(desk: Desk) -> None:
    (warning,) = told(desk, "arn", "arn")
    assert warning == (
        "External ids of scheme 'arn' of records/crm join nothing: "
        "only aws, graph, terraform may assert them."
    )


def test_of_a_scheme_that_is_misspelled_the_nearest_is_told(desk: Desk) -> None:
    (warning,) = told(desk, "arnn", source="aws/prod")
    assert warning == (
        "External ids of scheme 'arnn' of aws/prod join nothing: the vocabulary does not know the scheme. "
        "Is arn meant?"
    )


def test_a_scheme_on_a_node_of_another_kind_is_told(desk: Desk) -> None:
    (warning,) = told(desk, "email", source="people/hr")
    assert warning.endswith("they are ids of Identity, and not of Dataset.")


@pytest.mark.parametrize(("scheme", "source"), [("arn", "aws/prod"), ("hostname", "crm")])
def test_a_scheme_that_joins_or_never_does_is_no_matter(desk: Desk, scheme: str, source: str) -> None:
    assert told(desk, scheme, source=source) == []


def test_what_looks_like_a_value_in_the_place_of_a_scheme_is_not_quoted(desk: Desk) -> None:
    (warning,) = told(desk, "bPxRfiCY3EXAMPLE9KEY")
    assert "bPxRfiCY3EXAMPLE9KEY" not in warning


@given(
    st.sampled_from([scheme.name for scheme in VOCABULARY.schemes if scheme.joins] + ["cmdb"]),
    st.sampled_from(sorted(REAL_KINDS)),
    st.sampled_from(["aws", "kubernetes", "people", "records", "entra", "openlineage"]),
)
def test_told_is_what_the_ledger_does_not_join(scheme: str, kind: Kind, plugin: str) -> None:
    facts = NodeFacts(Uid("n"), kind, external_ids=(ExternalId(scheme, "x"),))
    row = ExternalIdRow(scheme, "x", Uid("n"), kind, plugin, Interval(Instant(0), OPEN_END))
    warnings = list(unheeded(Claim(Scope(SourceInstance(plugin), "all"), facts)))
    assert (warnings == []) is may_join(row)
