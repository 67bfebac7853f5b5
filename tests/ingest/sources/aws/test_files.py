"""Which readings are whole, what they close, and how files of one account come together."""

import json

import pytest

from ingest.times import parse_time
from tests.ingest.sources.aws.account import (
    ACCOUNT,
    allow,
    arn,
    details,
    edges,
    grants,
    group,
    policy,
    read,
    read_files,
    role,
    user,
)

LATER = parse_time("2026-04-01T00:00:00Z").moment
LAKE = allow("s3:GetObject", "arn:aws:s3:::lake/*")
FUNCTION = {
    "FunctionName": "f",
    "FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f",
    "Role": arn("role/worker"),
}


def why(report):
    return [scope.why for scope in report.scopes]


def test_a_whole_reading_ends_what_it_no_longer_shows(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE), user("eve", LAKE)), complete=True)
    report = read(ledger, tmp_path, details(user("ada", LAKE)), complete=True, read_at=LATER)
    assert why(report) == [None]
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}


def test_a_grant_that_is_taken_away_ends(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE)), complete=True)
    read(ledger, tmp_path, details(user("ada")), complete=True, read_at=LATER)
    assert grants(ledger) == set()


def test_nobody_says_that_it_is_whole(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE)))
    report = read(ledger, tmp_path, details(user("eve")), read_at=LATER)
    assert why(report) == ["nobody says that it is whole (--complete, or a sidecar)"]
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (details(user("ada"), IsTruncated=True, Marker="AAx"), "there is another page"),
        (details(user("ada"), NextToken="AAx"), "there is another page"),
        (details(role("job")), "no user is in it, as with --filter"),
        ({"UserDetailList": [user("ada")]}, "GroupDetailList is not in it"),
    ],
)
def test_what_speaks_against_a_whole_reading(ledger, tmp_path, body, reason):
    assert why(read(ledger, tmp_path, body, complete=True)) == [reason]


def test_a_filter_that_the_sidecar_names(ledger, tmp_path):
    beside = {
        "command": "aws iam get-account-authorization-details --filter User",
        "filters": ["--filter User"],
        "scope": ACCOUNT,
        "read_at": "2026-03-01T00:00:00Z",
    }
    report = read(ledger, tmp_path, details(user("ada")), sidecar=beside, read_at=None)
    assert why(report) == ["it was read with the filters --filter User"]


@pytest.mark.parametrize(
    ("command", "is_whole"),
    [
        ("aws iam get-account-authorization-details", True),
        ("aws iam get-account-authorization-details --filter Role", False),
        ("aws iam get-account-authorization-details --max-items 100", False),
    ],
)
def test_an_account_without_users_is_whole_if_the_command_shows_it(ledger, tmp_path, command, is_whole):
    beside = {"command": command, "filters": [], "scope": ACCOUNT, "read_at": "2026-03-01T00:00:00Z"}
    report = read(ledger, tmp_path, details(role("job")), sidecar=beside, read_at=None)
    assert [scope.complete for scope in report.scopes] == [is_whole]


def test_the_last_page_of_a_list_does_not_close_the_first(ledger, tmp_path):
    first = {"Functions": [FUNCTION], "NextMarker": "x"}
    second = {
        "Functions": [{**FUNCTION, "FunctionName": "g", "FunctionArn": FUNCTION["FunctionArn"][:-1] + "g"}]
    }
    report = read(ledger, tmp_path, first, second, complete=True)
    assert not any(scope.complete for scope in report.scopes)
    assert len(edges(ledger, "RUNS_AS")) == 2


def test_pages_of_one_account_are_read_together(ledger, tmp_path):
    first = details(user("ada", policies="lake", groups="ops"), IsTruncated=True, Marker="x")
    second = details(group("ops", allow("secretsmanager:GetSecretValue")), policy("lake", LAKE))
    report = read(ledger, tmp_path, first, second, complete=True)
    assert grants(ledger) == {
        "user/ada CAN_READ s3:object lake/*",
        "user/ada CAN_READ secretsmanager:secret secret:*",
    }
    assert why(report) == ["there is another page"]


def test_documents_that_are_still_url_encoded_are_read(ledger, tmp_path):
    entry = user("ada", LAKE)
    document = entry["UserPolicyList"][0]["PolicyDocument"]
    entry["UserPolicyList"][0]["PolicyDocument"] = (
        json.dumps(document).replace("{", "%7B").replace('"', "%22")
    )
    read(ledger, tmp_path, details(entry))
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}


def test_lists_do_not_close_each_other(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE)), complete=True)
    beside = {
        "command": "aws lambda list-functions --region eu-west-1",
        "filters": [],
        "scope": ACCOUNT,
        "read_at": "2026-03-01T00:00:00Z",
    }
    read(ledger, tmp_path, {"Functions": [FUNCTION]}, sidecar=beside, read_at=None)
    empty = {**beside, "read_at": "2026-04-01T00:00:00Z"}
    report = read(ledger, tmp_path, {"Functions": []}, sidecar=empty, read_at=None)
    assert [scope.scope.name for scope in report.scopes] == [f"{ACCOUNT}/eu-west-1/lambda.functions"]
    assert edges(ledger, "RUNS_AS") == set()
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}


def test_an_empty_list_without_an_account_says_nothing(ledger, tmp_path):
    report = read(ledger, tmp_path, {"Functions": []}, complete=True)
    assert report.scopes == []
    assert report.to_json()["warnings"] == ["0.json: the list is empty, and nothing tells of what it is"]


def test_a_page_of_a_list_is_not_whole(ledger, tmp_path):
    report = read(ledger, tmp_path, {"Functions": [FUNCTION], "NextMarker": "x"}, complete=True)
    assert why(report) == ["there is another page, or a filter"]


def test_two_accounts_in_one_run(ledger, tmp_path):
    there = "444455556666"
    body = json.loads(json.dumps(details(user("eve", LAKE))).replace(ACCOUNT, there))
    report = read(ledger, tmp_path, details(user("ada", LAKE)), body, complete=True)
    assert {scope.scope.name for scope in report.scopes} == {f"{ACCOUNT}/iam", f"{there}/iam"}
    assert f"arn:aws:iam::{there}:user/eve".rsplit(":", 1)[1] in str(edges(ledger, "CAN_READ"))


def test_the_order_of_files_does_not_matter(ledger, tmp_path):
    first = {"AccessKeyMetadata": [{"UserName": "ada", "AccessKeyId": "AKIAONE", "Status": "Active"}]}
    read(ledger, tmp_path, first, details(user("ada", LAKE)), scope=ACCOUNT)
    assert edges(ledger, "AUTHENTICATES") == {"AKIAONE AUTHENTICATES user/ada"}


def test_a_folder_is_read_twice_without_a_commit(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE), role("job", LAKE)), {"Functions": [FUNCTION]})
    folder = [tmp_path / "0.json", tmp_path / "1.json"]
    assert read_files(ledger, folder, read_at=parse_time("2026-03-01T00:00:00Z").moment).commits == 0


def test_last_used_makes_no_commit(ledger, tmp_path):
    used = {"LastUsedDate": "2026-02-01T00:00:00+00:00", "Region": "eu-west-1"}
    later = {"LastUsedDate": "2026-03-01T00:00:00+00:00", "Region": "eu-west-1"}
    read(ledger, tmp_path, details(user("ada"), role("job", RoleLastUsed=used)))
    report = read(ledger, tmp_path, details(user("ada"), role("job", RoleLastUsed=later)), read_at=LATER)
    assert report.commits == 0


def test_the_address_of_a_person_shows_in_no_uid_and_no_name(ledger, tmp_path):
    ada = user("ada@example.org", LAKE, allow("s3:PutObject", "arn:aws:s3:::home/${aws:username}/*"))
    eve = user("eve", allow("iam:CreateAccessKey", arn("user/*")))
    keys = {
        "AccessKeyMetadata": [{"UserName": "ada@example.org", "AccessKeyId": "AKIAADA", "Status": "Active"}]
    }
    read(ledger, tmp_path, details(ada, eve), keys, scope=ACCOUNT)
    nodes = list(ledger.all_nodes(ledger.at()))
    person = next(n for n in nodes if n.name == "ada@example.org")
    assert person.type == "person"
    assert not [n for n in nodes if n is not person and "ada" in f"{n.uid} {n.name} {n.external_ids}"]
    assert "ada" not in f"{person.uid} {person.external_ids}"
    relations = {
        (e.relation, e.certainty.value)
        for e in ledger.all_edges(ledger.at())
        if person.uid in {e.subject.uid, e.object.uid}
    }
    assert relations == {
        ("AUTHENTICATES", "certain"),
        ("CAN_ASSUME", "possible"),
        ("CAN_READ", "certain"),
        ("CAN_WRITE", "possible"),
        ("WITHIN", "certain"),
    }
    scope = next(n for n in nodes if n.get("resource_type") == "iam:user")
    assert (person.uid, "WITHIN", scope.uid) in {
        (e.subject.uid, e.relation, e.object.uid) for e in ledger.all_edges(ledger.at())
    }


def test_an_account_of_which_nothing_can_be_read_closes_nothing(ledger, tmp_path):
    read(ledger, tmp_path, details(user("ada", LAKE)), complete=True)
    nameless = {**user("ada"), "UserName": ""}
    report = read(ledger, tmp_path, details(nameless), complete=True, read_at=LATER)
    assert why(report) == ["not all of it could be read"]
    assert grants(ledger) == {"user/ada CAN_READ s3:object lake/*"}
