"""What others ask of the vocabulary, and what they are told when they ask for something else."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph.errors import RelationNotAllowed, UnknownKind, UnknownRelation, UnknownRulesVersion
from graph.vocabulary import (
    VOCABULARY,
    Certainty,
    Discriminator,
    End,
    Harm,
    Kind,
    vocabulary_for,
)


def test_the_edition_in_force_is_the_first_and_can_be_asked_for_by_number():
    assert VOCABULARY.rules_version == 1
    assert vocabulary_for(1) is VOCABULARY


def test_an_edition_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UnknownRulesVersion) as caught:
        vocabulary_for(7)
    assert "7" in str(caught.value)
    assert str(caught.value).endswith("Use one of: 1.")


def test_a_kind_is_found_by_its_name():
    assert VOCABULARY.kind("Dataset").name is Kind.DATASET
    assert VOCABULARY.harms_of(Kind.SECRET) == {Harm.DISCLOSED, Harm.UNAVAILABLE, Harm.ORPHANED}


def test_any_harm_can_happen_to_a_node_of_unknown_kind():
    assert VOCABULARY.harms_of(Kind.UNKNOWN) == set(Harm)
    assert Kind.UNKNOWN not in {term.name for term in VOCABULARY.kinds}


def test_nothing_can_happen_to_a_law():
    assert VOCABULARY.harms_of(Kind.REGULATION) == frozenset()
    assert VOCABULARY.harms_of(Kind.REQUIREMENT) == frozenset()


@pytest.mark.parametrize("name", ["Model", "asset", "ASSET", ""])
def test_another_kind_is_refused_with_a_remedy(name):
    with pytest.raises(UnknownKind) as caught:
        VOCABULARY.kind(name)
    assert "Use one of: Asset, Identity, Secret" in str(caught.value)


@pytest.mark.parametrize("name", ["LOVES", "reads", "READS ", ""])
def test_another_relation_is_refused_with_a_remedy(name):
    with pytest.raises(UnknownRelation) as caught:
        VOCABULARY.relation(name)
    assert "Use one of: AUTHENTICATES, MEMBER_OF" in str(caught.value)


def test_discriminators_are_role_environment_and_slot():
    declared = {term.name: term.discriminator for term in VOCABULARY.relations if term.discriminator}
    assert declared == {
        "OWNS": Discriminator.ROLE,
        "DEPLOYED_AS": Discriminator.ENVIRONMENT,
        "SERVES": Discriminator.ENVIRONMENT,
        "SATISFIES": Discriminator.SLOT,
    }


def test_a_pair_that_the_relation_allows_passes():
    VOCABULARY.check_pair("READS", Kind.ASSET, Kind.DATASET)
    VOCABULARY.check_pair("CAN_READ", Kind.IDENTITY, Kind.UNKNOWN)
    VOCABULARY.check_pair("CAN_READ", Kind.UNKNOWN, Kind.UNKNOWN)
    assert ("READS", Kind.ASSET, Kind.DATASET) in VOCABULARY.allowed_pairs


@pytest.mark.parametrize(
    ("relation", "subject_kind", "object_kind"),
    [
        ("READS", Kind.DATASET, Kind.ASSET),
        ("VERSION_OF", Kind.ASSET, Kind.DATASET),
        ("CAN_READ", Kind.UNKNOWN, Kind.IDENTITY),
    ],
)
def test_a_pair_that_the_relation_does_not_allow_is_refused(relation, subject_kind, object_kind):
    with pytest.raises(RelationNotAllowed, match=relation):
        VOCABULARY.check_pair(relation, subject_kind, object_kind)


def test_rules_at_an_unknown_end_are_possible():
    fired = VOCABULARY.rules_between("CAN_READ", Kind.IDENTITY, Kind.UNKNOWN)
    assert [(rule.becomes, certainty) for rule, certainty in fired] == [
        (Harm.DISCLOSED, Certainty.POSSIBLE),
    ]


def test_an_unknown_end_never_makes_a_pair_of_kinds_that_the_relation_does_not_join():
    # VERSION_OF joins like with like: beside a dataset only the rule for datasets can fire.
    fired = VOCABULARY.rules_between("VERSION_OF", Kind.UNKNOWN, Kind.DATASET)
    assert [(rule.harm, certainty) for rule, certainty in fired] == [
        (Harm.UNAVAILABLE, Certainty.POSSIBLE),
    ]
    assert VOCABULARY.rules_between("VERSION_OF", Kind.ASSET, Kind.DATASET) == ()


def test_between_known_kinds_rules_keep_their_certainty():
    fired = VOCABULARY.rules_between("WITHIN", Kind.IDENTITY, Kind.ASSET)
    assert [(rule.harm, rule.becomes, certainty) for rule, certainty in fired] == [
        (Harm.CONTROLLED, Harm.CONTROLLED, Certainty.CERTAIN),
        (Harm.UNAVAILABLE, Harm.UNAVAILABLE, Certainty.CERTAIN),
    ]


@pytest.mark.parametrize(
    ("relation", "comes_from"),
    [
        ("READS", End.OBJECT),
        ("WRITES", End.SUBJECT),
        ("PRODUCES", End.SUBJECT),
        ("DERIVED_FROM", End.OBJECT),
        ("TRAINED_ON", End.OBJECT),
        ("EVALUATED_ON", End.OBJECT),
        ("DEPLOYED_AS", End.OBJECT),
        ("SERVES", End.OBJECT),
        ("VERSION_OF", End.OBJECT),
        ("OWNS", None),
        ("CAN_READ", None),
        ("WITHIN", None),
        ("INVOKES", None),
    ],
)
def test_data_flows_over_data_relations_only(relation, comes_from):
    assert VOCABULARY.relation(relation).data_flow is comes_from


def test_data_flows_from_a_dataset_to_its_versions_and_not_between_a_models_versions():
    version_of = VOCABULARY.relation("VERSION_OF")
    assert version_of.flows_from(Kind.DATASET, Kind.DATASET) is End.OBJECT
    assert version_of.flows_from(Kind.UNKNOWN, Kind.DATASET) is End.OBJECT
    assert version_of.flows_from(Kind.ASSET, Kind.ASSET) is None
    assert version_of.flows_from(Kind.SECRET, Kind.SECRET) is None
    assert VOCABULARY.relation("READS").flows_from(Kind.ASSET, Kind.DATASET) is End.OBJECT


def test_values_of_the_enumerations_are_the_published_words():
    assert [kind.value for kind in Kind][:4] == ["Asset", "Identity", "Secret", "Dataset"]
    assert all(harm.value == harm.name for harm in Harm)
    assert [end.value for end in End] == ["subject", "object"]
    assert End.SUBJECT.other is End.OBJECT
    assert End.OBJECT.other is End.SUBJECT


def test_the_vocabulary_needs_nothing_but_the_errors():
    script = (
        "import sys, graph.vocabulary\n"
        "loaded = {n for n in sys.modules if n.split('.')[0] in ('graph', 'ingest', 'queries', 'api')}\n"
        "print(sorted(n for n in loaded if not n.startswith('graph.vocabulary')))\n"
        "print(sorted({'numpy', 'neo4j', 'networkx', 'pydantic'} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == ["['graph', 'graph.errors']", "[]"]
