"""What follows by each rule, written out by hand."""

import pytest

from graph.model import EdgeFacts, ExternalId, Uid
from graph.vocabulary import Certainty, Kind
from tests.ingest.derivers.world import arn, asset, dataset, identity, scope, secret, subject, trusted
from tests.support.saying import days

DIGEST = f"sha256:{'ab' * 32}"


def edge(subject_: str, relation: str, object_: str) -> EdgeFacts:
    return EdgeFacts(relation, Uid(subject_), Uid(object_))


# Trust patterns


@pytest.mark.parametrize(
    ("pattern", "follows"),
    [
        ("repo:o/r:environment:prod", True),
        ("repo:o/r:*", True),
        ("repo:o/r:environment:pro?", True),
        ("repo:o/other:*", False),
        ("repo:O/r:*", False),
        ("repo:o/r:environment:production", False),
    ],
)
def test_a_subject_is_a_member_of_each_set_whose_pattern_it_matches(world, pattern, follows):
    world.say("github", subject("pipeline", "repo:o/r:environment:prod"))
    world.say("aws", trusted("set", pattern))
    assert world.derived() == (["pipeline MEMBER_OF set"] if follows else [])


def test_another_issuer_is_not_trusted(world):
    world.say("github", subject("pipeline", "repo:o/r:environment:prod", issuer="https://elsewhere.example"))
    world.say("aws", trusted("set", "*"))
    assert world.derived() == []


def test_an_issuer_under_a_local_name_may_be_another_clusters(world):
    local = "https://kubernetes.default.svc.cluster.local"
    world.say("kubernetes", subject("account", "system:serviceaccount:n:a", issuer=local))
    world.say("vault", trusted("set", "system:serviceaccount:n:*", issuer=local))
    assert world.derived() == ["account MEMBER_OF set ?"]
    assert world.conditions() == {"the issuer that is trusted is this one, of all that go by a local name"}


def test_whatever_bears_the_id_of_a_subject_is_a_member(world):
    account = subject("account", "system:serviceaccount:ml:trainer")
    world.say("kubernetes", account)
    world.say("aws", trusted("set", "system:serviceaccount:ml:*"))
    assert world.derived() == ["account MEMBER_OF set"]


def test_of_several_possible_subjects_all_must_be_trusted(world):
    both = ("repo:o/r:ref:*", "repo:o/r:pull_request")
    world.say(
        "github",
        identity(
            "runs",
            "oidc_subject",
            issuer="https://token.actions.githubusercontent.com",
            subject_patterns=both,
        ),
    )
    world.say("aws", trusted("all", "repo:o/r:*"), trusted("main", "repo:o/r:ref:refs/heads/main"))
    world.say("aws", trusted("others", "repo:o/x:*"), trusted("each", *both))
    assert world.derived() == ["runs MEMBER_OF all", "runs MEMBER_OF each", "runs MEMBER_OF main ?"]
    assert world.conditions() == {"its token has a subject that matches repo:o/r:ref:refs/heads/main"}


# Resource patterns


def test_a_resource_stands_within_the_scopes_of_its_type_that_take_it_in(world):
    world.say("aws", secret("db", arn("arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-a1")))
    world.say(
        "aws",
        scope("prod", "secretsmanager:secret", "arn:aws:secretsmanager:*:1:secret:prod/*"),
        scope("test", "secretsmanager:secret", "arn:aws:secretsmanager:*:1:secret:test/*"),
        scope("all", "secretsmanager:secret", "*"),
        scope("objects", "s3:object", "*"),
        scope(
            "others",
            "secretsmanager:secret",
            "*",
            excluded=("arn:aws:secretsmanager:eu-west-1:1:secret:prod/*",),
        ),
    )
    assert world.derived() == ["db WITHIN all listed", "db WITHIN prod listed"]


@pytest.mark.parametrize(
    ("patterns", "excluded", "follows"),
    [
        (("arn:aws:s3:::lake/*",), (), "listed"),
        (("arn:aws:s3:::lake/loans",), (), "listed"),
        (("arn:aws:s3:::lake/loans/*",), (), "listed"),
        (("arn:aws:s3:::lake/loans/2026/*",), (), "listed ?"),
        (("arn:aws:s3:::lake/loa*",), (), "listed"),
        (("arn:aws:s3:::lake/*",), ("arn:aws:s3:::lake/loans/2026/*",), "listed ?"),
        (("arn:aws:s3:::lake/*",), ("arn:aws:s3:::lake/*",), None),
        (("arn:aws:s3:::other/*",), (), None),
        (("arn:aws:s3:::lake/loans-old/*",), (), None),
    ],
)
def test_a_dataset_in_storage_is_its_object_or_what_lies_below_it(world, patterns, excluded, follows):
    world.say("mlflow", dataset("loans", uri="s3://lake/loans"))
    world.say("aws", scope("grant", "s3:object", *patterns, excluded=excluded))
    assert world.derived() == ([f"loans WITHIN grant {follows}"] if follows else [])


def test_a_dataset_may_be_a_whole_bucket_and_who_rules_over_a_bucket_rules_over_what_is_in_it(world):
    world.say("mlflow", dataset("lake", uri="s3://lake"), dataset("loans", uri="s3://lake/loans"))
    # The bucket itself is no object: who rules over its objects does not rule over it.
    world.say("aws", asset("itself", "storage", "lake", arn("arn:aws:s3:::lake"), uri="s3://lake"))
    world.say(
        "aws",
        scope("objects", "s3:object", "arn:aws:s3:::lake/*"),
        scope("some", "s3:object", "arn:aws:s3:::lake/raw/*"),
        scope("bucket", "s3:bucket", "arn:aws:s3:::lake"),
        scope("another", "s3:bucket", "arn:aws:s3:::lake2"),
    )
    assert world.derived() == [
        "itself WITHIN bucket listed",
        "lake WITHIN bucket listed",
        "lake WITHIN objects listed",
        "lake WITHIN some listed ?",
        "loans WITHIN bucket listed",
        "loans WITHIN objects listed",
    ]


def test_pipelines_name_datasets_in_storage_in_two_parts(world):
    world.say("openlineage", dataset("loans", ExternalId("openlineage", "s3:%2F%2Flake/raw%2Floans")))
    world.say("aws", scope("grant", "s3:object", "arn:aws:s3:::lake/raw/*"))
    assert world.derived() == ["loans WITHIN grant listed"]


def test_an_image_stands_within_its_repository_by_tag_for_certain_and_by_digest_possibly(world):
    reference = "214365870912.dkr.ecr.eu-west-1.amazonaws.com/api"
    world.say("kubernetes", asset("tagged", "container_image", f"{reference}:1"))
    world.say("kubernetes", asset("pinned", "container_image", reference, digest=DIGEST))
    world.say("cyclonedx", asset("exact", "container_image", f"{reference}@{DIGEST}"))
    world.say("kubernetes", asset("elsewhere", "container_image", "registry.example/api:1"))
    world.say("aws", scope("push", "ecr:repository", "arn:aws:ecr:eu-west-1:214365870912:repository/api"))
    assert world.derived() == [
        "exact WITHIN push listed ?",
        "pinned WITHIN push listed ?",
        "tagged WITHIN push listed",
    ]


def test_a_grant_of_one_account_reaches_into_another_only_if_that_lets_it(world):
    own, foreign = (f"arn:aws:secretsmanager:eu-west-1:{account}:secret:db" for account in "12")
    world.say("aws", secret("own", arn(own)), secret("foreign", arn(foreign)))
    world.say("aws", scope("all", "secretsmanager:secret", "*", namespace="1"))
    assert world.derived() == ["foreign WITHIN all listed ?", "own WITHIN all listed"]
    assert world.conditions() == {"the account that it is in lets the other one in"}


def test_a_bucket_that_no_pattern_names_may_be_another_accounts(world):
    world.say("mlflow", dataset("loans", uri="s3://lake/loans"))
    world.say(
        "aws", scope("any", "s3:object", "arn:aws:s3:::*/*"), scope("it", "s3:object", "arn:aws:s3:::lake/*")
    )
    assert world.derived() == ["loans WITHIN any listed ?", "loans WITHIN it listed"]


def test_a_tag_that_cannot_be_moved_must_be_deleted_first(world):
    repository = "arn:aws:ecr:eu-west-1:214365870912:repository/api"
    reference = "214365870912.dkr.ecr.eu-west-1.amazonaws.com/api:1"
    world.say("kubernetes", asset("tagged", "container_image", reference))
    world.say("aws", asset("repository", "storage", "api", arn(repository), tag_mutability="IMMUTABLE"))
    world.say("aws", scope("push", "ecr:repository", repository))
    assert world.derived() == ["repository WITHIN push listed", "tagged WITHIN push listed ?"]


def test_the_files_of_a_model_are_resources_as_data_is(world):
    world.say("mlflow", asset("version", "model_version", "loan-default 3", uri="s3://lake/models/3"))
    world.say("aws", scope("grant", "s3:object", "arn:aws:s3:::lake/models/*"))
    assert world.derived() == ["version WITHIN grant listed"]


# Equal fingerprints


def test_secrets_with_one_fingerprint_are_joined_to_the_first_of_them(world):
    world.say(
        "kubernetes", secret("b", fingerprint="hmac-sha256:1"), secret("c", fingerprint="hmac-sha256:1")
    )
    world.say("leaks", secret("a", fingerprint="hmac-sha256:1"), secret("d", fingerprint="hmac-sha256:2"))
    assert world.derived() == ["b SAME_VALUE a", "c SAME_VALUE a"]


def test_when_the_first_of_them_goes_the_others_still_have_one_value(world):
    world.say("vault", secret("a", fingerprint="f"), valid=days(1, 9))
    world.say("leaks", secret("b", fingerprint="f"))
    world.say("kubernetes", secret("c", fingerprint="f"), valid=days(3))
    assert world.derived() == [
        "b SAME_VALUE a [1,9)",
        "c SAME_VALUE a [3,9)",
        "c SAME_VALUE b [9,)",
    ]


def test_all_are_joined_to_the_one_that_leaves_the_least_open(world):
    world.say("kubernetes", secret("a", fingerprints=["f", "g"]))
    world.say("aws", secret("b", fingerprint="f"), certainty=Certainty.POSSIBLE)
    world.say("leaks", secret("c", fingerprint="f"), secret("d", fingerprint="f"))
    assert world.derived() == ["c SAME_VALUE a ?", "c SAME_VALUE b ?", "d SAME_VALUE c"]


def test_one_value_of_several_is_possibly_the_one_that_matters(world):
    world.say("kubernetes", secret("many", fingerprints=("hmac-sha256:1", "hmac-sha256:2")))
    world.say("leaks", secret("one", fingerprint="hmac-sha256:1"))
    assert world.derived() == ["one SAME_VALUE many ?"]


# Ids of keys


def test_who_holds_a_key_opens_whom_the_key_opens(world):
    ids = ("aws-access-key-id=AKIAEXAMPLE",)
    world.say("kubernetes", secret("holder", key_ids=ids, fingerprint="hmac-sha256:1"))
    world.say("kubernetes", secret("id only", key_ids=ids))
    world.say("aws", secret("key", ExternalId("aws-access-key-id", "AKIAEXAMPLE")), identity("user"))
    world.say("aws", edge("key", "AUTHENTICATES", "user"))
    assert world.derived() == ["holder AUTHENTICATES user", "id only AUTHENTICATES user ?"]
    assert world.conditions() == {"it holds the other half of the key, too: the id opens nothing"}


def test_who_was_seen_to_open_an_identity_opens_it(world):
    role = "arn:aws:iam::214365870912:user/report"
    world.say("leaks", secret("leak", key_ids=(f"arn={role}", "arn=arn:aws:iam::1:user/other")))
    world.say("aws", identity("user", None, arn(role)))
    assert world.derived() == ["leak AUTHENTICATES user"]


def test_a_key_that_bears_its_own_id_needs_no_rule(world):
    key = ExternalId("aws-access-key-id", "AKIAEXAMPLE")
    world.say("aws", secret("key", key, key_ids=("aws-access-key-id=AKIAEXAMPLE",)), identity("user"))
    world.say("aws", edge("key", "AUTHENTICATES", "user"))
    assert world.derived() == []


# Digests of images


def test_a_workload_is_built_from_whatever_has_its_images_digest(world):
    world.say(
        "kubernetes", asset("running", "container_image", "api", digest=DIGEST), asset("job", "workload")
    )
    world.say("kubernetes", edge("job", "BUILT_FROM", "running"))
    world.say("aws", asset("pushed", "container_image", "api", digest=DIGEST))
    assert world.derived() == ["job BUILT_FROM pushed"]


def test_images_that_are_one_node_already_add_nothing(world):
    digest = ExternalId("oci-digest", DIGEST)
    world.say("kubernetes", asset("running", "container_image", "api", digest), asset("job", "workload"))
    world.say("kubernetes", edge("job", "BUILT_FROM", "running"))
    world.say("cyclonedx", asset("described", "container_image", "api", digest))
    assert world.derived() == []


# All of them


def test_a_possible_premise_makes_a_possible_conclusion(world):
    world.say(
        "kubernetes", asset("running", "container_image", "api", digest=DIGEST), asset("job", "workload")
    )
    world.say("kubernetes", edge("job", "BUILT_FROM", "running"), certainty=Certainty.POSSIBLE)
    world.say("aws", asset("pushed", "container_image", "api", digest=DIGEST))
    assert world.derived() == ["job BUILT_FROM pushed ?"]
    assert world.conditions() == {"what it follows from is itself only possible"}


def test_it_holds_while_all_premises_do(world):
    world.say("github", subject("pipeline", "repo:o/r:environment:prod"), valid=days(3, 20))
    world.say("aws", trusted("set", "repo:o/r:*"), valid=days(1, 5))
    world.say("aws", trusted("set", "repo:o/other:*"), valid=days(5, 8))
    world.say("aws", trusted("set", "repo:*"), valid=days(8))
    assert world.derived() == ["pipeline MEMBER_OF set [3,5)", "pipeline MEMBER_OF set [8,20)"]


def test_the_kinds_must_be_right(world):
    world.say("aws", trusted("set", "*"))
    world.say("records", asset("thing", "service", None, ExternalId("oidc-subject", "https://a/b")))
    assert Kind.ASSET  # an asset with such an id is no subject of a token
    assert world.derived() == []
