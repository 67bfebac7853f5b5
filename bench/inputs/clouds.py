"""An AWS account: who may do what by policies, functions with their roles, buckets."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from bench.inputs.writing import TEAMS, Json, hexadecimal, write_json

_ACCOUNT: Final = "214365870912"
_REGION: Final = "eu-west-1"
_ISSUER: Final = "token.actions.githubusercontent.com"


def write_aws(folder: Path, count: int) -> None:
    """Write an account: of eight records three are users, two roles, two functions, one a bucket."""
    users, roles, functions, buckets = (max(1, count * share // 8) for share in (3, 2, 2, 1))
    details = {
        "UserDetailList": [_user(n) for n in range(users)],
        "GroupDetailList": [_group(n) for n in range(TEAMS)],
        "RoleDetailList": [_role(n) for n in range(roles)],
        "Policies": [],
    }
    write_json(folder / "details.json", details)
    write_json(folder / "functions.json", {"Functions": [_function(n, roles) for n in range(functions)]})
    listed = [{"Name": f"fairbank-data-{n}", "CreationDate": _MADE} for n in range(buckets)]
    write_json(folder / "buckets.json", {"Buckets": listed, "Owner": {"ID": hexadecimal("owner", 64)}})


_MADE: Final = "2025-02-11T09:30:00+00:00"


def _arn(rest: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:{rest}"


def _policy(name: str, *statements: Json) -> Json:
    return {
        "PolicyName": name,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
    }


def _statement(effect: str, actions: list[str], *resources: str) -> Json:
    return {"Effect": effect, "Action": actions, "Resource": list(resources)}


def _user(number: int) -> Json:
    bucket = f"arn:aws:s3:::fairbank-data-{number % 50}"
    allow = _statement("Allow", ["s3:GetObject", "s3:ListBucket"], bucket, f"{bucket}/*")
    deny = _statement("Deny", ["s3:GetObject"], f"{bucket}/drafts/*")
    return {
        "Path": "/",
        "UserName": f"user-{number}",
        "UserId": f"AIDA{hexadecimal(f'user {number}', 16).upper()}",
        "Arn": _arn(f"user/user-{number}"),
        "CreateDate": _MADE,
        "UserPolicyList": [_policy("read", allow, deny)] if number % 5 == 0 else [],
        "GroupList": [f"group-{number % TEAMS}"],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }


def _group(number: int) -> Json:
    secrets = f"arn:aws:secretsmanager:{_REGION}:{_ACCOUNT}:secret:team-{number}/*"
    return {
        "Path": "/",
        "GroupName": f"group-{number}",
        "GroupId": f"AGPA{hexadecimal(f'group {number}', 16).upper()}",
        "Arn": _arn(f"group/group-{number}"),
        "CreateDate": _MADE,
        "GroupPolicyList": [
            _policy("secrets", _statement("Allow", ["secretsmanager:GetSecretValue"], secrets))
        ],
        "AttachedManagedPolicies": [],
    }


def _role(number: int) -> Json:
    bucket = f"arn:aws:s3:::fairbank-data-{number}"
    return {
        "Path": "/",
        "RoleName": f"role-{number}",
        "RoleId": f"AROA{hexadecimal(f'role {number}', 16).upper()}",
        "Arn": _arn(f"role/role-{number}"),
        "CreateDate": _MADE,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [_trust(number)]},
        "InstanceProfileList": [],
        "RolePolicyList": [
            _policy("data", _statement("Allow", ["s3:GetObject", "s3:PutObject"], f"{bucket}/*"))
        ],
        "AttachedManagedPolicies": [],
        "Tags": [],
        "RoleLastUsed": {"LastUsedDate": "2026-11-18T22:41:07+00:00", "Region": _REGION},
    }


def _trust(number: int) -> Json:
    if number % 2:
        principal: Any = {"Service": "lambda.amazonaws.com"}
        return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    subject = f"repo:fairbank/service-{number}:environment:production"
    condition = {f"{_ISSUER}:aud": "sts.amazonaws.com", f"{_ISSUER}:sub": subject}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": _arn(f"oidc-provider/{_ISSUER}")},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": condition},
    }


def _function(number: int, roles: int) -> Json:
    return {
        "FunctionName": f"function-{number}",
        "FunctionArn": f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:function-{number}",
        "Runtime": "python3.12",
        "Role": _arn(f"role/role-{number % roles}"),
        "Handler": "main.handler",
        "CodeSize": 20_480,
        "LastModified": "2026-05-04T07:00:00.000+0000",
        "CodeSha256": hexadecimal(f"code {number}", 44),
        "Version": "$LATEST",
        "Environment": {"Variables": {"STAGE": "production", "LOG_LEVEL": "INFO"}},
        "PackageType": "Zip",
        "Architectures": ["arm64"],
    }
