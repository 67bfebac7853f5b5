"""Kinds, properties, schemes and ownership steps say what sources and questions rely on."""

import pytest

from graph.vocabulary import VOCABULARY, Kind

REAL = frozenset(Kind) - {Kind.UNKNOWN}


def declared_property(name):
    term = VOCABULARY.property(name)
    assert term is not None
    return term


def declared_scheme(name):
    term = VOCABULARY.scheme(name)
    assert term is not None
    return term


def types_of(kind):
    return set(VOCABULARY.kind(kind).types)


def test_types_known_so_far():
    assert types_of("Asset") == {
        *("application", "service", "storage", "tenant", "endpoint", "model", "model_version", "agent"),
        *("prompt", "prompt_version", "tool", "mcp_server", "vector_store", "vault", "evaluation"),
        *(
            "guardrail",
            "pipeline",
            "repository",
            "package",
            "container_image",
            "workload",
            "run",
            "compute",
            "device",
        ),
        *("network_zone", "organisation", "scope"),
    }
    assert types_of("Identity") == {
        *("person", "team", "group", "role", "service_account", "workload_identity", "oauth_app"),
        *("oidc_subject", "principal_set"),
    }
    assert types_of("Secret") == {
        *("api_key", "token", "password", "certificate", "private_key", "signing_key", "client_secret"),
        *("secret_key", "shared_secret"),
    }
    assert types_of("Dataset") == {
        *("table", "view", "file", "topic", "collection", "feature_set", "evaluation_set", "index"),
        *("memory", "model_artifact", "state_file"),
    }
    assert types_of("Regulation") == {"law", "standard", "framework"}
    assert types_of("Requirement") == {"article", "control", "subcategory"}
    assert types_of("Evidence") >= {
        *("test", "document", "scan", "attestation", "certificate", "metric", "verification"),
    }
    assert types_of("Decision") == {
        *("approval", "waiver", "classification", "scoping", "adoption", "attestation", "refutation"),
        "revocation",
    }


@pytest.mark.parametrize(
    "table", ["kinds", "relations", "marks", "conditions", "properties", "schemes", "harms"]
)
def test_no_name_stands_twice_in_a_table(table):
    names = [term.name for term in getattr(VOCABULARY, table)]
    assert len(names) == len(set(names))


def test_everything_is_described():
    for table in (VOCABULARY.kinds, VOCABULARY.relations, VOCABULARY.properties, VOCABULARY.schemes):
        assert [term.name for term in table if not term.description] == []
    for term in VOCABULARY.relations:
        assert term.phrase
        assert term.inverse_phrase


def test_a_relation_reads_as_a_sentence_from_either_end():
    trained = VOCABULARY.relation("TRAINED_ON")
    assert f"scorer v3 {trained.phrase} applications" == "scorer v3 was trained on applications"
    assert f"applications {trained.inverse_phrase} scorer v3" == "applications was used to train scorer v3"


class TestProperties:
    """Declared properties; others are allowed."""

    def test_a_property_that_is_not_declared_is_no_error(self):
        assert VOCABULARY.property("colour") is None

    def test_name_and_description_are_personal_on_a_person(self):
        personal = {term.name for term in VOCABULARY.properties if "person" in term.personal_types}
        assert personal == {"name", "description", "title", "last_used"}

    def test_status_is_kept_when_a_person_is_erased(self):
        for name in ("status", "departed_at", "suspended_at", "type"):
            assert declared_property(name).personal_types == frozenset()

    def test_only_the_time_of_last_use_is_volatile(self):
        assert [term.name for term in VOCABULARY.properties if term.volatile] == ["last_used"]

    @pytest.mark.parametrize(
        ("name", "kind", "choices"),
        [
            ("environment", Kind.ASSET, ("production", "staging", "development", "unknown")),
            ("lifecycle", Kind.ASSET, ("experimental", "approved", "deprecated", "blocked", "retired")),
            ("classification", Kind.DATASET, ("public", "internal", "confidential", "restricted")),
            ("personal_data", Kind.DATASET, ("yes", "no", "unknown")),
            ("status", Kind.IDENTITY, ("active", "suspended", "departed", "unknown")),
            (
                "status",
                Kind.REGULATION,
                (
                    *("draft", "proposed", "adopted", "published"),
                    *("in-force", "superseded", "repealed", "unverified"),
                ),
            ),
            ("verdict", Kind.EVIDENCE, ("pass", "fail", "none")),
            ("region", Kind.ASSET, None),
        ],
    )
    def test_values_to_choose_from(self, name, kind, choices):
        assert declared_property(name).choices_for(kind) == choices

    def test_criticality_goes_from_zero_to_four(self):
        criticality = declared_property("criticality")
        assert (criticality.value, criticality.bounds) == ("integer", (0, 4))

    @pytest.mark.parametrize(
        ("value", "names"),
        [
            ("instant", "created expires last_rotated last_used departed_at suspended_at compromised_since"),
            ("instant", "collected_at period_from period_to verified_at checked_at adopted in_force"),
            ("instant", "applies_from applies_until"),
            ("json", "slots applicability"),
            ("strings", "subject_digests"),
            ("bool", "ephemeral revoked"),
            ("float", "weight"),
            ("string", "type name namespace environment lifecycle digest region purpose status verdict"),
            ("string", "aspect locator method result policy_digest actor_basis reason level label"),
            ("string", "status_source"),
        ],
    )
    def test_value_types(self, value, names):
        assert {name: declared_property(name).value for name in names.split()} == dict.fromkeys(
            names.split(), value
        )

    def test_the_personnel_list_is_believed_first_on_who_is_still_there(self):
        assert declared_property("status").precedence[0] == "people"

    def test_properties_stand_on_real_kinds(self):
        for term in VOCABULARY.properties:
            assert term.kinds
            assert term.kinds <= REAL


class TestSchemes:
    """External ids: which join by themselves, and on whose word."""

    @pytest.mark.parametrize(
        ("names", "kinds", "one_per_node", "may_assert"),
        [
            ("arn", {"Asset", "Identity", "Dataset", "Secret"}, True, {"aws", "terraform", "graph"}),
            ("aws-access-key-id", {"Secret"}, True, {"aws", "leaks"}),
            ("x509-sha256 ssh-key-sha256", {"Secret"}, True, {"kubernetes", "github", "leaks"}),
            ("oidc-subject", {"Identity"}, False, {"aws", "github", "kubernetes", "vault", "entra"}),
            ("k8s", REAL, True, {"kubernetes", "graph"}),
            ("github-id", {"Asset", "Identity"}, True, {"github"}),
            ("email", {"Identity"}, False, {"people", "scim", "okta", "entra"}),
            ("email-digest", {"Identity"}, False, {"people", "scim", "okta", "entra"}),
            ("people-id", {"Identity"}, True, {"people"}),
            ("entra-id okta-id", {"Identity", "Asset"}, True, {"entra", "okta"}),
            ("vault", {"Identity", "Secret", "Asset"}, False, {"vault"}),
            ("purl", {"Asset"}, False, {"cyclonedx", "spdx", "slsa"}),
            ("oci-digest", {"Asset"}, False, {"slsa", "cyclonedx", "kubernetes"}),
            ("openlineage", {"Dataset", "Asset"}, False, {"openlineage", "dbt"}),
            ("mlflow hf", {"Asset", "Dataset"}, True, {"mlflow", "huggingface"}),
        ],
    )
    def test_schemes_that_join(self, names, kinds, one_per_node, may_assert):
        for name in names.split():
            scheme = declared_scheme(name)
            assert scheme.joins
            assert scheme.kinds == kinds
            assert scheme.one_per_node is one_per_node
            assert scheme.may_assert == may_assert

    @pytest.mark.parametrize("name", ["github-login", "hostname", "display-name"])
    def test_names_that_only_suggest(self, name):
        scheme = declared_scheme(name)
        assert not scheme.joins
        assert scheme.may_assert is None

    def test_a_scheme_that_is_not_declared_is_no_error_and_none(self):
        assert VOCABULARY.scheme("colour-code") is None

    def test_schemes_that_name_a_human_being_are_personal(self):
        assert {term.name for term in VOCABULARY.schemes if term.personal} == {
            "email",
            "github-login",
            "display-name",
        }


class TestOwnership:
    """Where an accountable owner is looked for, in which order."""

    def test_steps_in_order(self):
        assert [(step.via, step.inherited_only) for step in VOCABULARY.ownership_steps] == [
            (None, False),
            ("VERSION_OF", False),
            ("PART_OF", True),
            ("WITHIN", True),
        ]

    def test_ownable_kinds_and_their_exceptions(self):
        ownable = {term.kind: term for term in VOCABULARY.ownable}
        assert set(ownable) == {Kind.ASSET, Kind.SECRET, Kind.DATASET, Kind.IDENTITY}
        assert ownable[Kind.ASSET].except_types == {"package", "network_zone"}
        assert ownable[Kind.ASSET].except_with_property == {"resource_type"}
        assert ownable[Kind.ASSET].except_object_of == {("WITHIN", "listed")}
        assert ownable[Kind.IDENTITY].except_types == {"person"}
        assert not ownable[Kind.SECRET].except_types | ownable[Kind.DATASET].except_types

    def test_exceptions_name_what_exists(self):
        for term in VOCABULARY.ownable:
            assert term.except_types <= types_of(term.kind)
            assert all(VOCABULARY.property(name) for name in term.except_with_property)
            for relation, mark in term.except_object_of:
                assert mark in VOCABULARY.relation(relation).marks
