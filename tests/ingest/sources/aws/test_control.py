"""Control that no single action gives: roles that are passed, and one's own rights."""

import pytest

from tests.ingest.sources.aws.account import (
    allow,
    arn,
    boundary,
    deny,
    edges,
    group,
    policy,
    read_entries,
    role,
    trusting,
    user,
)

BUILDS = allow("lambda:CreateFunction lambda:InvokeFunction")
WORKER = role("worker", trust=trusting({"Service": "lambda.amazonaws.com"}))
PASS = "iam:PassRole"
BOUNDED = "a boundary or a Deny does not keep it from what it then grants itself"


def controlled(ledger, tmp_path, *entries):
    """The edges of control over roles and the account, those of the user ``ada`` without its name."""
    read_entries(ledger, tmp_path, *entries)
    found = {line for line in edges(ledger, "CAN_ADMIN") if "iam:" not in line and "lambda:" not in line}
    return {line.removeprefix("user/ada CAN_ADMIN ") for line in found}


def test_passing_a_role_to_what_one_creates_and_runs_is_control_of_it(ledger, tmp_path):
    assert controlled(ledger, tmp_path, user("ada", allow(PASS), BUILDS), WORKER) == {"role/worker"}


def test_a_role_that_does_not_trust_the_service_is_of_no_use(ledger, tmp_path):
    other = role("worker", trust=trusting({"Service": "glue.amazonaws.com"}))
    assert controlled(ledger, tmp_path, user("ada", allow(PASS), BUILDS), other) == set()


def test_without_passing_or_without_creating_there_is_none(ledger, tmp_path):
    assert controlled(ledger, tmp_path, user("ada", allow(PASS)), user("eve", BUILDS), WORKER) == set()


def test_only_roles_that_may_be_passed(ledger, tmp_path):
    passing = allow(PASS, arn("role/w*"))
    other = role("other", trust=trusting({"Service": "lambda.amazonaws.com"}))
    assert controlled(ledger, tmp_path, user("ada", passing, BUILDS), WORKER, other) == {"role/worker"}


def test_creating_without_running_is_possible_control(ledger, tmp_path):
    found = controlled(ledger, tmp_path, user("ada", allow(PASS), allow("lambda:CreateFunction")), WORKER)
    assert found == {"role/worker ? something else invokes the function that is created"}


@pytest.mark.parametrize(
    ("service", "is_control"), [("lambda.amazonaws.com", True), ("glue.amazonaws.com", False)]
)
def test_the_service_to_which_a_role_is_passed_is_decided(ledger, tmp_path, service, is_control):
    passing = allow(PASS, "*", StringEquals={"iam:PassedToService": service})
    found = controlled(ledger, tmp_path, user("ada", passing, BUILDS), WORKER)
    assert found == ({"role/worker"} if is_control else set())


def test_conditions_of_each_part_make_it_possible(ledger, tmp_path):
    passing = allow(PASS, "*", Bool={"aws:MultiFactorAuthPresent": "true"})
    found = controlled(ledger, tmp_path, user("ada", passing, BUILDS), WORKER)
    assert found == {"role/worker ? aws:MultiFactorAuthPresent Bool true"}


def test_a_machine_gets_a_role_only_by_an_instance_profile(ledger, tmp_path):
    profile = {"InstanceProfileName": "web", "Arn": arn("instance-profile/web")}
    found = controlled(
        ledger,
        tmp_path,
        user("ada", allow(PASS), allow("ec2:RunInstances")),
        role("web", InstanceProfileList=[profile]),
        role("bare", InstanceProfileList=[]),
    )
    assert found == {"role/web"}


@pytest.mark.parametrize("action", ["iam:PutUserPolicy", "iam:AttachUserPolicy"])
def test_whoever_may_give_itself_any_right_administers_the_account(ledger, tmp_path, action):
    assert controlled(ledger, tmp_path, user("ada", allow(action, arn("user/ada")))) == {"A"}


def test_rights_over_others_are_not_rights_over_the_account(ledger, tmp_path):
    assert controlled(ledger, tmp_path, user("ada", allow("iam:PutUserPolicy", arn("user/eve")))) == set()


def test_a_policy_that_one_bears_can_be_given_another_version(ledger, tmp_path):
    entries = (
        user("ada", policies="own"),
        policy("own", allow("iam:CreatePolicyVersion", arn("policy/own"))),
    )
    assert controlled(ledger, tmp_path, *entries) == {"A"}


def test_policies_of_ones_own_group(ledger, tmp_path):
    entries = (user("ada", groups="ops"), group("ops", allow("iam:PutGroupPolicy", arn("group/ops"))))
    assert controlled(ledger, tmp_path, *entries) == {"A"}


def test_joining_a_group_of_administrators(ledger, tmp_path):
    entries = (
        user("ada", allow("iam:AddUserToGroup")),
        role("job", allow("iam:AddUserToGroup")),
        group("admins", allow("*")),
    )
    assert controlled(ledger, tmp_path, *entries) == {"A"}


def test_joining_any_other_group_is_not_administering(ledger, tmp_path):
    entries = (user("ada", allow("iam:AddUserToGroup")), group("readers", allow("s3:*")))
    assert controlled(ledger, tmp_path, *entries) == set()


def test_a_boundary_or_a_deny_makes_it_possible(ledger, tmp_path):
    entries = (
        user("ada", allow("iam:PutUserPolicy"), **boundary("edge")),
        policy("edge", allow("iam:*")),
        role("job", allow("iam:PutRolePolicy", arn("role/job")), deny("s3:*")),
    )
    assert controlled(ledger, tmp_path, *entries) == {f"A ? {BOUNDED}", f"role/job CAN_ADMIN A ? {BOUNDED}"}


def test_rights_over_identities_are_grants_on_their_type(ledger, tmp_path):
    read_entries(
        ledger,
        tmp_path,
        user("ada", allow("iam:CreateAccessKey", arn("user/*")), allow("iam:PutRolePolicy", arn("role/job"))),
    )
    assert edges(ledger, "CAN_ADMIN") == {
        "user/ada CAN_ADMIN iam:user user/*",
        "user/ada CAN_ADMIN iam:role role/job ? what it may do can be changed, not who acts as it",
    }


def test_an_administrator_needs_no_detours(ledger, tmp_path):
    assert controlled(ledger, tmp_path, user("ada", allow("*")), WORKER) == {"A"}
