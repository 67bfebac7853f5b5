"""A policy that nests too deeply, one whose patterns are too many, and a gzip file that ends early."""

import gzip
import json
from pathlib import Path

ACCOUNT = "111122223333"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/edge"


def policy(resource: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "sts:AssumeRole"], "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def user(name: str, resource: str) -> dict[str, object]:
    return {
        "UserName": name,
        "UserId": f"AIDA{name.upper()}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": policy(resource)}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY},
    }


def details(*users: object, resource: str = "*") -> str:
    version = {"Document": policy(resource), "VersionId": "v1", "IsDefaultVersion": True}
    edge = {"PolicyName": "edge", "PolicyId": "ANPA", "Arn": BOUNDARY, "PolicyVersionList": [version]}
    lists = {"UserDetailList": users, "GroupDetailList": [], "RoleDetailList": [], "Policies": [edge]}
    return json.dumps(lists)


def make(folder: Path) -> None:
    starred = "arn:aws:s3:::" + "*".join("abcdefghijklm") + "/*"
    other = "arn:aws:s3:::" + "*".join("nopqrstuvwxyz") + "/*x"
    (folder / "a.json").write_text(
        details(user("ada", "*" + starred), resource="*" + other), encoding="utf-8"
    )
    nested = "{" + '"x":{' * 5_000 + "}" * 5_001
    (folder / "deep.json").write_text(details("HERE").replace('"HERE"', nested), encoding="utf-8")
    packed = gzip.compress(details(user("eve", "*")).encode())
    (folder / "truncated.json.gz").write_bytes(packed[: len(packed) // 2])
