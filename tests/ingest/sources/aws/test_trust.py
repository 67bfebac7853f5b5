"""Who can assume a role: every sentence of the documentation, with the edges written out by hand."""

import pytest

from tests.ingest.sources.aws.account import (
    ACCOUNT,
    OTHER,
    allow,
    arn,
    boundary,
    deny,
    edges,
    node,
    policy,
    read_entries,
    role,
    trusting,
    user,
)

ROOT = {"AWS": arn("root")}
HUB = "token.actions.githubusercontent.com"
GITHUB = {"Federated": arn(f"oidc-provider/{HUB}")}
WEB = "sts:AssumeRoleWithWebIdentity"
ISSUER = f"https://{HUB}"
ASSUME = allow("sts:AssumeRole", arn("role/deploy"))


def trusted(ledger, tmp_path, trust, *others):
    """Who can assume the role ``deploy`` with this trust policy."""
    report = read_entries(ledger, tmp_path, role("deploy", trust=trust), *others)
    found = {line for line in edges(ledger, "CAN_ASSUME") if " role/deploy" in line}
    return {line.replace(" CAN_ASSUME role/deploy", "") for line in found}, report


def test_the_account_stands_for_whoever_its_policies_let(ledger, tmp_path):
    found, _ = trusted(
        ledger, tmp_path, trusting(ROOT), user("ada", ASSUME), user("eve"), role("job", allow("*"))
    )
    assert found == {"user/ada", "role/job"}


def test_the_root_user_is_not_meant_by_the_account(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting(ROOT))
    assert found == set()


def test_conditions_of_both_sides_count(ledger, tmp_path):
    own = allow("sts:AssumeRole", "*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})
    found, _ = trusted(
        ledger, tmp_path, trusting(ROOT, Bool={"aws:MultiFactorAuthPresent": "true"}), user("ada", own)
    )
    assert found == {"user/ada ? aws:MultiFactorAuthPresent Bool true and aws:SourceIp IpAddress 10.0.0.0/8"}


def test_conditions_on_who_asks_are_decided_for_each(ledger, tmp_path):
    found, _ = trusted(
        ledger,
        tmp_path,
        trusting(ROOT, ArnLike={"aws:PrincipalArn": arn("user/a*")}),
        user("ada", ASSUME),
        user("eve", ASSUME),
    )
    assert found == {"user/ada"}


def test_an_identity_that_is_named_needs_no_policy_of_its_own(ledger, tmp_path):
    found, _ = trusted(
        ledger, tmp_path, trusting({"AWS": [arn("user/ada"), arn("role/job")]}), user("ada"), role("job")
    )
    assert found == {"user/ada", "role/job"}


def test_a_deny_of_an_identity_that_is_named_stands_against_it(ledger, tmp_path):
    found, _ = trusted(
        ledger,
        tmp_path,
        trusting({"AWS": [arn("user/ada"), arn("user/eve")]}),
        user("ada", deny("sts:AssumeRole", arn("role/dep*"))),
        user("eve", deny("sts:*", "*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})),
    )
    assert found == {"user/eve ? unless aws:SourceIp IpAddress 10.0.0.0/8"}


def test_a_boundary_stands_against_a_role_that_is_named_and_not_a_user(ledger, tmp_path):
    found, _ = trusted(
        ledger,
        tmp_path,
        trusting({"AWS": [arn("user/ada"), arn("role/job")]}),
        user("ada", **boundary("edge")),
        role("job", **boundary("edge")),
        policy("edge", allow("s3:*")),
    )
    assert found == {"user/ada"}


def test_an_identity_that_is_not_in_the_input_is_possible(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting({"AWS": arn("user/gone")}))
    assert found == {"user/gone ? its own policies, which are not in the input, do not deny it"}


def test_a_session_of_a_role_is_possibly_the_role(ledger, tmp_path):
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/job/nightly"
    found, _ = trusted(ledger, tmp_path, trusting({"AWS": session}), role("job"))
    assert found == {"role/job ? only as the session nightly"}


def test_an_identity_of_another_account_needs_that_account(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting({"AWS": arn("role/ci", OTHER)}))
    assert found == {"role/ci ? its own account lets it assume the role"}


@pytest.mark.parametrize("name", [OTHER, arn("root", OTHER)])
def test_another_account_stands_for_whoever_it_lets(ledger, tmp_path, name):
    found, _ = trusted(ledger, tmp_path, trusting({"AWS": name}))
    assert found == {f"account {OTHER}"}
    assert node(ledger, f"account {OTHER}").type == "principal_set"


def test_a_word_agreed_with_another_account_is_a_condition_and_not_told(ledger, tmp_path):
    found, _ = trusted(
        ledger, tmp_path, trusting({"AWS": OTHER}, StringEquals={"sts:ExternalId": "planted-value"})
    )
    assert found == {f"account {OTHER} ? sts:ExternalId StringEquals as agreed"}


def test_anyone_in_aws(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting("*"), user("ada", ASSUME))
    assert found == {"account * ? its own account lets it assume the role", "user/ada"}


def test_a_service(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}))
    assert found == {"lambda.amazonaws.com", "ec2.amazonaws.com"}


@pytest.mark.parametrize(("account", "is_trusted"), [(ACCOUNT, True), (OTHER, False)])
def test_a_service_acts_for_this_account(ledger, tmp_path, account, is_trusted):
    trust = trusting({"Service": "sagemaker.amazonaws.com"}, StringEquals={"aws:SourceAccount": account})
    found, _ = trusted(ledger, tmp_path, trust)
    assert found == ({"sagemaker.amazonaws.com"} if is_trusted else set())


def test_an_id_without_a_name_is_counted(ledger, tmp_path):
    found, report = trusted(ledger, tmp_path, trusting({"AWS": "AIDAGONEGONEGONEGONE1"}))
    assert found == set()
    assert report.to_json()["skipped"] == {"identity that a trust policy names by an id without a name": 1}


def test_an_action_that_is_not_assuming_gives_nothing(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting(ROOT, "sts:TagSession"), user("ada", ASSUME))
    assert found == set()


def test_a_deny_in_the_trust_policy_makes_it_possible(ledger, tmp_path):
    trust = trusting({"AWS": arn("user/ada")})
    trust["Statement"] += trusting({"AWS": arn("user/eve")}, effect="Deny")["Statement"]
    found, _ = trusted(ledger, tmp_path, trust, user("ada"))
    assert found == {"user/ada ? unless trust of deploy denies it"}


@pytest.mark.parametrize(
    ("operator", "subjects", "patterns"),
    [
        ("StringEquals", "repo:o/r:ref:refs/heads/main", ("repo:o/r:ref:refs/heads/main",)),
        ("StringLike", "repo:o/*", ("repo:o/*",)),
        ("ForAnyValue:StringLike", ["repo:o/r:*", "repo:o/s:*"], ("repo:o/r:*", "repo:o/s:*")),
    ],
)
def test_subjects_of_tokens_are_a_set(ledger, tmp_path, operator, subjects, patterns):
    condition = {operator: {f"{HUB}:sub": subjects}, "StringEquals": {f"{HUB}:aud": "sts.amazonaws.com"}}
    if operator == "StringEquals":
        condition = {operator: {f"{HUB}:sub": subjects, f"{HUB}:aud": "sts.amazonaws.com"}}
    found, _ = trusted(ledger, tmp_path, trusting(GITHUB, WEB, **condition))
    name = f"{ISSUER} {' '.join(patterns)}"
    assert found == {name}
    made = node(ledger, name)
    assert (made.type, made.get("issuer"), made.get("subject_patterns")) == (
        "principal_set",
        ISSUER,
        patterns,
    )
    assert made.external_ids == ()


def test_without_a_subject_every_token_of_the_issuer_is_trusted(ledger, tmp_path):
    found, _ = trusted(
        ledger, tmp_path, trusting(GITHUB, WEB, StringEquals={f"{HUB}:aud": "sts.amazonaws.com"})
    )
    assert found == {f"{ISSUER} *"}


def test_another_claim_of_a_token_is_open(ledger, tmp_path):
    condition = {"StringEquals": {f"{HUB}:sub": "repo:o/r:pull_request", f"{HUB}:actor": "ada"}}
    found, _ = trusted(ledger, tmp_path, trusting(GITHUB, WEB, **condition))
    assert found == {f"{ISSUER} repo:o/r:pull_request ? {HUB}:actor StringEquals ada"}


def test_an_asterisk_that_is_compared_as_it_stands_trusts_nobody(ledger, tmp_path):
    found, report = trusted(ledger, tmp_path, trusting(GITHUB, WEB, StringEquals={f"{HUB}:sub": "repo:o/*"}))
    assert found == set()
    assert "subject with an asterisk that is compared as it stands" in report.to_json()["skipped"]


def test_tokens_are_not_assumed_with_another_action(ledger, tmp_path):
    found, _ = trusted(ledger, tmp_path, trusting(GITHUB, "sts:AssumeRole"))
    assert found == set()


def test_users_of_a_saml_provider(ledger, tmp_path):
    provider = arn("saml-provider/corp")
    audience = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    found, _ = trusted(
        ledger, tmp_path, trusting({"Federated": provider}, "sts:AssumeRoleWithSAML", **audience)
    )
    assert found == {"saml-provider/corp"}
    assert node(ledger, "saml-provider/corp").type == "principal_set"


def test_a_role_that_is_not_in_the_input_may_let_whoever_is_granted_to_assume_it(ledger, tmp_path):
    there = allow("sts:AssumeRole", f"{arn('role/audit', OTHER)} {arn('role/gone')}")
    read_entries(ledger, tmp_path, user("ada", there, allow("sts:AssumeRole", arn("role/*", OTHER))))
    trust = "its trust policy, which is not in the input, allows it"
    assert edges(ledger, "CAN_ASSUME") == {
        f"user/ada CAN_ASSUME role/audit ? {trust}",
        f"user/ada CAN_ASSUME role/gone ? {trust}",
    }
