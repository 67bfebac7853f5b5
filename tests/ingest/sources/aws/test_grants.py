"""What policies of an identity give: every sentence of the documentation, its edges written out by hand."""

import pytest

from tests.ingest.sources.aws.account import (
    ACCOUNT,
    OTHER,
    allow,
    boundary,
    deny,
    details,
    edges,
    grants,
    group,
    node,
    policy,
    read,
    read_entries,
    role,
    user,
)

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
IN_RANGE = "aws:SourceIp IpAddress 10.0.0.0/8"
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def granted(ledger, tmp_path, *statements, **more):
    """The grants of a user with these statements of its own."""
    read_entries(ledger, tmp_path, user("ada", *statements, **more))
    return {line.removeprefix("user/ada ") for line in grants(ledger)}


@pytest.mark.parametrize(
    ("action", "resource", "edge"),
    [
        ("s3:GetObject", "arn:aws:s3:::lake/*", "CAN_READ s3:object lake/*"),
        ("s3:getobject", "arn:aws:s3:::lake/*", "CAN_READ s3:object lake/*"),
        ("s3:PutObject", "arn:aws:s3:::lake/*", "CAN_WRITE s3:object lake/*"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::lake", "CAN_ADMIN s3:bucket lake"),
        ("secretsmanager:GetSecretValue", "*", "CAN_READ secretsmanager:secret secret:*"),
        ("lambda:GetFunction", "*", "CAN_READ lambda:function function:*"),
        ("lambda:ListFunctions", "*", "CAN_READ lambda:function function:*"),
        ("lambda:UpdateFunctionCode", "*", "CAN_ADMIN lambda:function function:*"),
        ("lambda:InvokeFunction", "*", "CAN_INVOKE lambda:function function:*"),
        ("ecr:PutImage", "*", "CAN_WRITE ecr:repository repository/*"),
        ("ecr:BatchGetImage", "*", "CAN_READ ecr:repository repository/*"),
        ("bedrock:UpdateGuardrail", "*", "CAN_WRITE bedrock:guardrail guardrail/*"),
        ("sagemaker:InvokeEndpoint", "*", "CAN_INVOKE sagemaker:endpoint endpoint/*"),
        ("iam:UpdateAssumeRolePolicy", "*", "CAN_ADMIN iam:role role/*"),
        ("iam:CreateAccessKey", "*", "CAN_ADMIN iam:user user/*"),
    ],
)
def test_what_an_action_gives_on_which_type(ledger, tmp_path, action, resource, edge):
    found = granted(ledger, tmp_path, allow(action, resource))
    assert {line for line in found if "accesspoint" not in line} == {edge}


def test_the_verb_and_the_access_level_do_not_tell_what_an_action_gives(ledger, tmp_path):
    found = granted(
        ledger, tmp_path, allow("secretsmanager:DescribeSecret s3:GetBucketPolicy kms:Encrypt iam:GetRole")
    )
    assert found == set()


def test_decrypting_reads_and_the_policy_of_the_key_decides(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("kms:Decrypt"))
    assert found == {"CAN_READ kms:key key/* ? the policy of the key lets the account decide"}


def test_deleting_alone_is_possible_writing(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("s3:DeleteObject", "arn:aws:s3:::lake/*"))
    assert found == {"CAN_WRITE s3:object lake/* ? only deleting is granted, which changes no content"}


def test_wildcards_are_every_action_that_they_match(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("secretsmanager:*", "*"))
    assert found == {
        "CAN_READ secretsmanager:secret secret:*",
        "CAN_WRITE secretsmanager:secret secret:*",
        "CAN_ADMIN secretsmanager:secret secret:*",
    }


def test_a_pattern_is_cut_to_the_names_of_the_type(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("s3:GetObject", "arn:aws:s3:::lake*"))
    assert found == {"CAN_READ s3:object lake*/*"}


def test_a_resource_of_another_type_gives_nothing(ledger, tmp_path):
    assert granted(ledger, tmp_path, allow("s3:GetObject", "arn:aws:s3:::lake")) == set()


def test_a_resource_in_another_account_needs_its_own_policy(ledger, tmp_path):
    there = f"arn:aws:secretsmanager:eu-west-1:{OTHER}:secret:db-*"
    found = granted(ledger, tmp_path, allow("secretsmanager:GetSecretValue", there))
    foreign = "the policy of the resource, which is in another account, allows it"
    assert found == {f"CAN_READ {OTHER}#secretsmanager:secret secret:db-* ? {foreign}"}
    assert f"{OTHER}#secretsmanager:secret secret:db-* WITHIN account {OTHER}" in edges(ledger, "WITHIN")


def test_what_is_denied_without_condition_is_left_out(ledger, tmp_path):
    found = granted(
        ledger,
        tmp_path,
        allow("s3:GetObject", "arn:aws:s3:::lake/*"),
        deny("s3:*", "arn:aws:s3:::lake/raw/*"),
        deny("s3:*", "arn:aws:s3:::elsewhere/*"),
    )
    assert found == {"CAN_READ s3:object lake/* !lake/raw/*"}


def test_a_deny_of_everything_leaves_nothing(ledger, tmp_path):
    assert granted(ledger, tmp_path, allow("s3:GetObject"), deny("*")) == set()


def test_a_deny_on_an_open_condition_makes_what_it_denies_possible(ledger, tmp_path):
    found = granted(
        ledger,
        tmp_path,
        allow("s3:GetObject", "arn:aws:s3:::lake/*"),
        deny("s3:GetObject", "arn:aws:s3:::lake/raw/*", NotIpAddress={"aws:SourceIp": "10.0.0.0/8"}),
    )
    assert found == {
        "CAN_READ s3:object lake/* !lake/raw/*",
        "CAN_READ s3:object lake/* ? unless aws:SourceIp NotIpAddress 10.0.0.0/8",
    }


def test_an_allow_on_an_open_condition_is_possible_and_names_it(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("s3:GetObject", "arn:aws:s3:::lake/*", **FROM_OFFICE))
    assert found == {f"CAN_READ s3:object lake/* ? {IN_RANGE}"}


def test_two_open_ways_are_one_edge_with_both_conditions(ledger, tmp_path):
    found = granted(
        ledger,
        tmp_path,
        allow("s3:GetObject", "arn:aws:s3:::lake/*", **FROM_OFFICE),
        allow("s3:GetObject", "arn:aws:s3:::lake/*", **MFA),
    )
    mfa = "aws:MultiFactorAuthPresent Bool true"
    assert found == {f"CAN_READ s3:object lake/* ? {mfa}; or {IN_RANGE}"}


@pytest.mark.parametrize(
    ("condition", "is_granted"),
    [
        ({"StringEquals": {"aws:username": "ada"}}, True),
        ({"StringEquals": {"aws:username": "eve"}}, False),
        ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}}, False),
        ({"StringEquals": {"aws:PrincipalTag/team": "data"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/level": "high"}}, False),
        ({"StringNotEquals": {"aws:PrincipalTag/level": "high"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalTag/level": "high"}}, True),
        ({"Null": {"aws:PrincipalTag/level": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}, True),
    ],
)
def test_what_the_input_decides_is_decided(ledger, tmp_path, condition, is_granted):
    found = granted(
        ledger,
        tmp_path,
        allow("s3:GetObject", "arn:aws:s3:::lake/*", **condition),
        Tags=[{"Key": "team", "Value": "data"}],
    )
    assert found == ({"CAN_READ s3:object lake/*"} if is_granted else set())


def test_tags_of_a_role_are_open_as_a_session_may_bring_others(ledger, tmp_path):
    tagged = allow("s3:GetObject", "arn:aws:s3:::lake/*", StringEquals={"aws:PrincipalTag/team": "data"})
    read_entries(ledger, tmp_path, role("job", tagged, Tags=[{"Key": "team", "Value": "data"}]))
    assert grants(ledger) == {"role/job CAN_READ s3:object lake/* ? aws:PrincipalTag/team StringEquals data"}


def test_a_shared_word_in_a_condition_is_not_told(ledger, tmp_path):
    found = granted(
        ledger, tmp_path, allow("s3:GetObject", "*", StringEquals={"sts:ExternalId": "planted-value"})
    )
    assert found == {"CAN_READ s3:object */* ? sts:ExternalId StringEquals as agreed"} | {
        line for line in found if "accesspoint" in line
    }
    assert "planted-value" not in str(found)


def test_variables_are_filled_in_or_open(ledger, tmp_path):
    home = allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")
    tagged = allow("s3:PutObject", "arn:aws:s3:::team/${aws:PrincipalTag/team}/*")
    assert granted(ledger, tmp_path, home, tagged) == {
        "CAN_READ s3:object home/ada/*",
        "CAN_WRITE s3:object team/*/* ? what stands for ${aws:PrincipalTag/team}",
    }


def test_what_is_not_named_is_allowed_by_not_resource_and_not_action(ledger, tmp_path):
    found = granted(
        ledger,
        tmp_path,
        allow("secretsmanager:GetSecretValue", "!arn:aws:secretsmanager:*:*:secret:root-*"),
        allow("!s3:* iam:*", "arn:aws:ecr:eu-west-1:111122223333:repository/api"),
    )
    api = "ecr:repository repository/api"
    assert found == {
        "CAN_READ secretsmanager:secret secret:* !secret:root-*",
        f"CAN_READ {api}",
        f"CAN_WRITE {api}",
        f"CAN_ADMIN {api}",
    }


def test_a_deny_of_all_but_some_leaves_those(ledger, tmp_path):
    found = granted(
        ledger,
        tmp_path,
        allow("s3:GetObject", "arn:aws:s3:::*"),
        deny("s3:*", "!arn:aws:s3:::lake/*"),
    )
    assert found == {"CAN_READ s3:object lake/*"}


def test_attached_policies_and_those_of_groups_count_and_a_deny_anywhere_wins(ledger, tmp_path):
    read_entries(
        ledger,
        tmp_path,
        user("ada", policies="lake", groups="readers"),
        user("eve", deny("s3:*", "arn:aws:s3:::hr/*"), groups="readers"),
        group("readers", allow("s3:GetObject", "arn:aws:s3:::hr/*"), policies="secrets"),
        policy("lake", allow("s3:PutObject", "arn:aws:s3:::lake/*")),
        policy("secrets", allow("secretsmanager:GetSecretValue")),
    )
    assert grants(ledger) == {
        "user/ada CAN_READ s3:object hr/*",
        "user/ada CAN_WRITE s3:object lake/*",
        "user/ada CAN_READ secretsmanager:secret secret:*",
        "user/eve CAN_READ secretsmanager:secret secret:*",
    }
    assert edges(ledger, "MEMBER_OF") == {
        "user/ada MEMBER_OF group/readers",
        "user/eve MEMBER_OF group/readers",
    }


def test_only_the_default_version_of_a_policy_counts(ledger, tmp_path):
    lake = policy("lake", allow("s3:GetObject", "arn:aws:s3:::lake/*"))
    old = {**policy("lake", allow("*"))["PolicyVersionList"][0], "VersionId": "v0", "IsDefaultVersion": False}
    lake["PolicyVersionList"].append(old)
    read_entries(ledger, tmp_path, user("ada", policies="lake"), lake)
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}


def test_a_boundary_cuts_what_policies_allow(ledger, tmp_path):
    read_entries(
        ledger,
        tmp_path,
        user("ada", allow("s3:* secretsmanager:GetSecretValue"), **boundary("edge")),
        policy("edge", allow("s3:GetObject", "arn:aws:s3:::lake/*"), deny("s3:*", "arn:aws:s3:::lake/raw/*")),
    )
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/* !lake/raw/*"}


def test_a_boundary_on_an_open_condition_makes_possible(ledger, tmp_path):
    read_entries(
        ledger,
        tmp_path,
        user("ada", allow("s3:GetObject", "arn:aws:s3:::lake/*"), **boundary("edge")),
        policy("edge", allow("*", "*", **FROM_OFFICE)),
    )
    assert grants(ledger) == {f"user/ada CAN_READ s3:object lake/* ? {IN_RANGE}"}


def test_a_policy_that_is_not_in_the_input_may_deny(ledger, tmp_path):
    report = read(
        ledger,
        tmp_path,
        details(user("ada", allow("s3:GetObject", "arn:aws:s3:::lake/*"), policies="unknown")),
        complete=True,
    )
    assert grants(ledger) == {
        "user/ada CAN_READ s3:object lake/* ? unless unknown, which is not in the input, denies it"
    }
    assert [scope.complete for scope in report.scopes] == [False]
    assert "1 managed policies" in report.to_json()["warnings"][0]


def test_a_boundary_that_is_not_in_the_input_may_allow(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("s3:GetObject", "arn:aws:s3:::lake/*"), **boundary("edge"))
    assert found == {"CAN_READ s3:object lake/* ? edge, which is not in the input, allows it"}


def test_a_policy_that_cannot_be_read_may_deny(ledger, tmp_path):
    broken = {
        "PolicyName": "broken",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]},
    }
    entry = user("ada", allow("s3:GetObject", "arn:aws:s3:::lake/*"))
    entry["UserPolicyList"].append(broken)
    report = read(ledger, tmp_path, details(entry), complete=True)
    assert grants(ledger) == {
        "user/ada CAN_READ s3:object lake/* ? unless a policy of ada that could not be read denies it"
    }
    assert [problem["field"] for problem in report.to_json()["rejected"]] == [
        "/UserPolicyList/1/PolicyDocument/Statement/0/Effect"
    ]


def test_everything_on_everything_administers_the_account(ledger, tmp_path):
    assert granted(ledger, tmp_path, allow("*")) == {"CAN_ADMIN A"}


def test_everything_on_an_open_condition_possibly_administers_it(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("*", "*", **MFA), allow("s3:GetObject", "arn:aws:s3:::lake/*"))
    assert "CAN_ADMIN A ? aws:MultiFactorAuthPresent Bool true" in found
    assert "CAN_READ s3:object lake/*" in found


def test_everything_but_what_is_denied_is_written_out_by_type(ledger, tmp_path):
    found = granted(ledger, tmp_path, allow("*"), deny("iam:* sts:*"), deny("secretsmanager:*", "*"))
    assert "CAN_ADMIN A" not in found
    assert "CAN_READ s3:object */*" in found
    assert not [line for line in found if "iam:" in line or "secretsmanager:" in line]


def test_equal_grants_are_one_scope_and_edges_name_their_policies(ledger, tmp_path):
    lake = allow("s3:GetObject", "arn:aws:s3:::lake/*")
    read_entries(ledger, tmp_path, user("ada", lake), user("eve", lake))
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*", "user/eve CAN_READ s3:object lake/*"}
    scope = node(ledger, "s3:object lake/*")
    assert scope.get("resource_patterns") == ("arn:aws:s3:::lake/*",)
    assert scope.get("excluded_patterns") is None
    edge = next(e for e in ledger.all_edges(ledger.at()) if e.relation == "CAN_READ")
    assert edge.properties["granted_by"].value == ("own",)


def test_what_gives_nothing_is_counted_and_never_guessed(ledger, tmp_path):
    report = read_entries(
        ledger,
        tmp_path,
        user("ada", allow("quantum:Entangle s3:GetObjekt s3:GetBucketLocation s3:List* s3:GetObject", "*")),
    )
    assert report.to_json()["skipped"] == {
        "action of a service without data: quantum": 1,
        "action that no data tells of": 1,
        "action that gives nothing that is mapped": 2,
    }


def test_what_stands_in_the_account(ledger, tmp_path):
    lake, any_bucket = allow("s3:GetObject", "arn:aws:s3:::lake/*"), allow("s3:PutObject", "arn:aws:s3:::*/*")
    model = allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/*")
    who = user("ada", lake, any_bucket, model, allow("ecr:PutImage"))
    read(ledger, tmp_path, details(who), {"Buckets": [{"Name": "lake"}]}, scope=ACCOUNT)
    assert edges(ledger, "WITHIN") == {
        "user/ada WITHIN A",
        "lake WITHIN A",
        "s3:object lake/* WITHIN A",
        "s3:object */* WITHIN A ? the buckets belong to the account",
        "ecr:repository repository/* WITHIN A",
    }
